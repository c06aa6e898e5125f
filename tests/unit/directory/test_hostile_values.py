"""Values of a directory that are numbers in name only: no reader of them fails."""

from __future__ import annotations

import pytest

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.layout import is_disabled
from feideprov.directory.rules import comparable
from feideprov.setup.openldap_config import OpenldapConfig, openldap_config_in

LONG = "9" * 5_000
BASE = DN.parse("dc=skotthyll,dc=no")


@pytest.mark.parametrize("value", [LONG, "²", "٣", "-2", "2e0", ""])
def test_a_strange_account_control_disables_nobody(value):
    assert not is_disabled(Entry("cn=a,dc=x", {"userAccountControl": [value]}))


def test_an_integer_of_any_length_is_compared():
    assert comparable("norEduOrgUniqueNumber", LONG.encode()) == comparable("norEduOrgUniqueNumber", LONG.encode())
    assert comparable("norEduOrgUniqueNumber", b"007") == comparable("norEduOrgUniqueNumber", b"7")


def test_a_database_with_a_number_of_any_length():
    content = f"dn: cn=config\nobjectClass: olcGlobal\ncn: config\n\ndn: olcDatabase={{{LONG}}}mdb,cn=config\n"
    config = openldap_config_in(f"{content}olcDatabase: {{{LONG}}}mdb\n".encode(), BASE)
    assert isinstance(config, OpenldapConfig)
    assert config._next_database
