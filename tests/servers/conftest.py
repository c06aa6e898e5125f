"""A host organization on the real slapd, as an administrator would set it up."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from private_389 import Private389
from private_samba import PrivateSamba

from feideprov.cli.care import demo
from feideprov.directory import ldif
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.testing.slapd import PrivateSlapd

Server = PrivateSlapd | Private389 | PrivateSamba


def service(slapd: Server) -> LdapDirectory:
    """The directory, bound as the service account."""
    return LdapDirectory(
        slapd.ldaps,
        base=slapd.suffix,
        bind_dn=slapd.service_dn,
        password=slapd.service_password,
        ca_file=str(slapd.ca_file),
    )


def configuration(slapd: Server, folder: Path) -> Path:
    """A configuration file for a slapd."""
    (folder / "bind-password").write_text(slapd.service_password)
    directory = (
        f'url = "{slapd.ldaps}"\nca_file = "{slapd.ca_file}"\nbind_dn = "{slapd.service_dn}"\n'
        'password_file = "bind-password"'
    )
    path = folder / "feideprov.toml"
    path.write_text(demo.configuration(directory), encoding="utf-8")
    return path


def base_entries(directory: LdapDirectory) -> list[DN]:
    """Add the organization and its schools; gives the names of the entries that were added."""
    base = demo.STORY.joinpath("base.ldif").read_bytes()
    entries = [record.entry for record in ldif.records(base) if record.entry]
    missing = [Add(entry) for entry in entries if directory.read(entry.dn) is None]
    assert all(written.error is None for written in directory.write(missing))
    return [add.dn for add in missing]


@contextmanager
def furnished(server: Server, folder: Path) -> Iterator[Path]:
    """A configuration file for a server, whose directory holds the organization, two schools and nobody."""
    with service(server) as directory:
        units = base_entries(directory)
        yield configuration(server, folder)
        people = [entry.dn for entry in directory.having(["employeeNumber"], ["employeeNumber"])]
        assert all(w.error is None for w in directory.write([Delete(dn) for dn in (*people, *reversed(units))]))
    gc.collect()


@pytest.fixture
def skotthyll(slapd: PrivateSlapd, tmp_path: Path) -> Iterator[Path]:
    """The organization on the slapd of the session."""
    with furnished(slapd, tmp_path) as path:
        yield path
