"""The proxy hurts as it is told to, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from proxy import BUSY, Proxy

from feideprov.directory.dn import DN
from feideprov.directory.entry import Modification, Modify
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.errors import DirectoryError
from feideprov.testing.slapd import PrivateSlapd


@pytest.fixture
def proxy(slapd: PrivateSlapd) -> Iterator[Proxy]:
    with Proxy.before(slapd.url) as proxy:
        yield proxy


@pytest.fixture
def directory(slapd: PrivateSlapd, proxy: Proxy) -> Iterator[LdapDirectory]:
    with LdapDirectory(
        proxy.url,
        base=slapd.suffix,
        bind_dn=slapd.service_dn,
        password=slapd.service_password,
        tls=False,
        patience=0.5,
    ) as directory:
        yield directory


def described(slapd: PrivateSlapd, value: str, operation: str) -> Modify:
    return Modify(DN.parse(slapd.people_dn), (Modification(operation, "description", (value.encode(),)),))


def test_it_forwards(slapd: PrivateSlapd, directory: LdapDirectory) -> None:
    assert directory.read(DN.parse(slapd.people_dn)) is not None
    assert [w.error for w in directory.write([described(slapd, "x", "add"), described(slapd, "x", "delete")])] == [
        None,
        None,
    ]


def test_it_forwards_tls(slapd: PrivateSlapd) -> None:
    with (
        Proxy.before(slapd.ldaps) as proxy,
        LdapDirectory(
            proxy.ldaps,
            base=slapd.suffix,
            bind_dn=slapd.service_dn,
            password=slapd.service_password,
            ca_file=str(slapd.ca_file),
        ) as directory,
    ):
        assert directory.read(DN.parse(slapd.people_dn)) is not None
        assert proxy.requests == 0


def test_it_answers_one_request_in_the_servers_place(
    slapd: PrivateSlapd, proxy: Proxy, directory: LdapDirectory
) -> None:
    assert directory.kind_of_server() == "openldap"  # connected, and the first question of all is answered
    proxy.answer("search", BUSY)
    with pytest.raises(DirectoryError) as caught:
        directory.read(DN.parse(slapd.people_dn))
    assert caught.value.code == BUSY
    proxy.answer_no_more()
    assert directory.read(DN.parse(slapd.people_dn)) is not None


@pytest.mark.parametrize("reset", [True, False], ids=["RST", "FIN"])
def test_a_read_that_is_cut_is_made_once_more_on_a_new_connection(
    slapd: PrivateSlapd, proxy: Proxy, directory: LdapDirectory, reset: bool
) -> None:
    proxy.reset = reset
    assert directory.read(DN.parse(slapd.people_dn)) is not None
    proxy.octets_left = 10
    assert directory.read(DN.parse(slapd.people_dn)) is not None
