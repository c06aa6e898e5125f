"""A real slapd takes the addresses of the units that the configuration accepts."""

from __future__ import annotations

from contextlib import closing

import pytest

from feideprov import School
from feideprov.directory.entry import Add, Delete
from feideprov.directory.ldap.directory import LdapDirectory


@pytest.mark.parametrize(
    "fields",
    [
        {"mail": "post@skøytehylla.no"},
        {"mail": "o'l.e+na@x.no", "phone": "+47 (75) 00-00.00/1"},
        {"postal_address": "Postboks 1 \\5C 2$8960 Skøtthyll", "name": "Hylla\u200b «skole» – ÆØÅ"},
    ],
)
def test_a_server_takes_what_the_configuration_takes(slapd, fields):
    directory = LdapDirectory(
        slapd.url, base=slapd.people_dn, bind_dn=slapd.admin_dn, password=slapd.password, ca_file=str(slapd.ca_file)
    )
    dn = f"ou=Adressene,{slapd.people_dn}"
    values = {"id": "x", "name": "Adressene", "number": "NO912345688", "mail": "post@x.no", "dn": dn}
    entry = School(**(values | fields)).entry()
    with closing(directory), directory.writing():
        [added] = directory.write([Add(entry)])
        assert added.error is None
        [_] = directory.write([Delete(entry.dn)])
