"""LdapDirectory against a real slapd: ways to connect, passwords, and answers that are cut short."""

from __future__ import annotations

import gc
import inspect
import socket
from pathlib import Path

import pytest

from feideprov.client.client import Client
from feideprov.directory.entry import Add, Delete, Entry
from feideprov.directory.ldap import connection as server_connection
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.server import open_connection
from feideprov.errors import ConfigurationError, DirectoryError
from feideprov.testing.slapd import PrivateSlapd

from .conftest import base_entries, configuration, service

LEAKS = pytest.mark.filterwarnings(  # ldap3 leaves it open where TLS fails with one of several addresses
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.mark.parametrize("way", ["ldaps", "starttls", "ldapi", "loopback"])
def test_every_way_to_connect(slapd: PrivateSlapd, way: str) -> None:
    ca_file = str(slapd.ca_file)
    credentials = {"bind_dn": slapd.service_dn, "password": slapd.service_password}
    directory = {
        "ldaps": lambda: LdapDirectory(slapd.ldaps, base=slapd.suffix, ca_file=ca_file, **credentials),
        "starttls": lambda: LdapDirectory(slapd.url, base=slapd.suffix, ca_file=ca_file, **credentials),
        "ldapi": lambda: LdapDirectory(slapd.ldapi, base=slapd.suffix),
        "loopback": lambda: LdapDirectory(slapd.url, base=slapd.suffix, tls=False, **credentials),
    }[way]()
    with directory:
        directory.check()
        entry = Entry(
            directory.base.child("ou", "people").child("uid", "way"),
            {"objectClass": ["inetOrgPerson"], "uid": ["way"], "cn": ["W"], "sn": ["W"]},
        )
        assert [written.error for written in directory.write([Add(entry), Delete(entry.dn)])] == [None, None]


@pytest.mark.parametrize("url", ["ldap://ldap.skotthyll.no", "ldaps://10.0.0.1", "ldap://127.0.0.1.example.no"])
def test_clear_text_is_for_loopback_only(url: str) -> None:
    with pytest.raises(ConfigurationError, match="loopback address"):
        LdapDirectory(url, base="dc=skotthyll,dc=no", tls=False)


def test_another_scheme_is_no_ldap_address() -> None:
    with pytest.raises(ConfigurationError, match="not an LDAP address"):
        LdapDirectory("https://ldap.skotthyll.no", base="dc=skotthyll,dc=no")


@LEAKS
@pytest.mark.parametrize(("certificate", "sentence"), [("expired", "has expired"), ("foreign", "Set ca_file")])
def test_a_certificate_that_cannot_be_trusted(certificate: str, sentence: str) -> None:
    with PrivateSlapd(certificate=certificate) as server:  # type: ignore[arg-type]
        for url in (server.ldaps, server.url):
            directory = LdapDirectory(
                url,
                base=server.suffix,
                bind_dn=server.service_dn,
                password=server.service_password,
                ca_file=str(server.ca_file),
            )
            with pytest.raises(DirectoryError, match=sentence) as raised:
                directory.check()
            assert raised.value.exit_code == 2
    gc.collect()


@LEAKS
def test_a_server_that_is_older_than_tls_1_2() -> None:
    with PrivateSlapd(extra_config=["TLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS1.1"]) as server:
        for url in (server.ldaps, server.url):
            directory = LdapDirectory(url, base=server.suffix, ca_file=str(server.ca_file))
            with pytest.raises(DirectoryError, match=r"does not support TLS 1\.2.*feideprov doctor") as raised:
                directory.check()
            assert raised.value.exit_code == 2
    gc.collect()


@LEAKS
def test_a_certificate_for_another_name(slapd: PrivateSlapd, monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: look_up("127.0.0.1", *rest, **more)
    )  # a name server that sends ldap.skotthyll.no to a machine that is not it
    for url in (slapd.ldaps, slapd.url):
        elsewhere = url.replace("localhost", "ldap.skotthyll.no").replace("127.0.0.1", "ldap.skotthyll.no")
        directory = LdapDirectory(elsewhere, base=slapd.suffix, ca_file=str(slapd.ca_file))
        with pytest.raises(DirectoryError, match=r"is not for the name ldap\.skotthyll\.no") as raised:
            directory.check()
        assert raised.value.exit_code == 2
    gc.collect()


def test_a_read_that_the_server_cuts_short_is_an_error(slapd: PrivateSlapd) -> None:
    with PrivateSlapd(size_limit=5) as server, service(server) as directory:
        people = directory.base.child("ou", "people")
        person = {"objectClass": ["inetOrgPerson"], "cn": ["P"], "sn": ["P"]}
        entries = [Entry(people.child("uid", f"p{n}"), {**person, "uid": [f"p{n}"]}) for n in range(20)]
        assert all(written.error is None for written in directory.write([Add(entry) for entry in entries]))
        reader = LdapDirectory(
            server.ldaps,
            base=server.suffix,
            bind_dn=server.reader_dn,
            password=server.reader_password,
            ca_file=str(server.ca_file),
        )
        with reader, pytest.raises(DirectoryError, match="ended the search early") as raised:
            list(reader.having(["uid"], ["uid"]))
        assert raised.value.exit_code == 3


@pytest.mark.parametrize("argon2", [True, False], ids=["with-argon2", "without-argon2"])
def test_every_first_password_lets_its_user_in(argon2: bool, tmp_path: Path) -> None:
    rows = "".join(f"p{n},Olena,Kovalenko,hylla,pupil\n" for n in range(6))
    (tmp_path / "people.csv").write_text("source_id,given_name,family_name,school,role\n" + rows)
    with PrivateSlapd(argon2=argon2) as server:
        with service(server) as directory:
            base_entries(directory)
        with Client.open(configuration(server, tmp_path)) as feide:
            outcome = feide.apply(feide.plan(tmp_path / "people.csv"))
            assert outcome.warnings == ()
            assert outcome.counts["created"] == 6
            for change in outcome.changes:
                password = change.user.initial_password.reveal()  # type: ignore[union-attr]
                assert feide.directory.accepts_login(change.dn, password)
                [stored] = feide.directory.read(change.dn).values("userPassword")  # type: ignore[union-attr]
                assert stored.startswith(b"{ARGON2}" if argon2 else b"{SSHA}")


@LEAKS
def test_a_server_that_goes_down_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(inspect.unwrap(LdapDirectory.__init__).__kwdefaults__, "patience", 0.5)
    with PrivateSlapd() as server, service(server) as directory:
        directory.check()
        server.kill()
        for _ in range(2):
            with pytest.raises(DirectoryError, match="does not respond") as raised:
                list(directory.having(["uid"], ["uid"]))
            assert raised.value.exit_code == 3
        server.restart()
        directory.check()
        server.kill()
        server.restart()
        assert list(directory.having(["uid"], ["uid"])) == []  # nothing was given yet, so it is asked once more
    gc.collect()


def test_a_refused_bind_leaves_no_connection_open(slapd: PrivateSlapd, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = LdapDirectory(
        slapd.ldaps, base=slapd.suffix, bind_dn=slapd.service_dn, password="wrong", ca_file=str(slapd.ca_file)
    )
    opened = []
    monkeypatch.setattr(
        server_connection, "open_connection", lambda *who: opened.append(open_connection(*who)) or opened[-1]
    )
    with pytest.raises(DirectoryError, match="refused the password"):
        directory.check()
    assert [connection.socket for connection in opened] == [None]
