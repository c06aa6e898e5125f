"""The directories that pass one contract, a person as each of them has one, and what servers answer differently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from private_389 import Private389
from private_samba import PrivateSamba

from feideprov.directory import ldif
from feideprov.directory.dn import DN
from feideprov.directory.entry import Delete, Entry, Write
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldif_file import LdifDirectory
from feideprov.directory.memory import MemoryDirectory
from feideprov.directory.protocol import Directory
from feideprov.testing.slapd import PrivateSlapd

FEIDE = ("eduPerson", "norEduPerson")
TENOR, OTHER_TENOR = b"57912075186", b"69822075096"
SUFFIX = "dc=skotthyll,dc=no"

Name = Literal["memory", "ldif_file", "openldap", "red_hat", "active_directory"]
SERVERS: tuple[Name, ...] = ("openldap", "red_hat", "active_directory")
MACHINES: dict[Name, str] = {"openldap": "slapd", "red_hat": "ds389", "active_directory": "samba"}
"""The fixture of each server."""
DIRECTORIES: tuple[Name, ...] = ("memory", "ldif_file", *SERVERS)

ANSWERS: dict[str, dict[Name, int]] = {
    "two numbers": {"memory": 19, "ldif_file": 19, "openldap": 19, "red_hat": 65, "active_directory": 19},
    "second number": {"memory": 19, "ldif_file": 19, "openldap": 19, "red_hat": 65, "active_directory": 20},
    "number of another": {"memory": 0, "ldif_file": 0, "openldap": 19, "red_hat": 19, "active_directory": 0},
    "name of another": {"memory": 0, "ldif_file": 0, "openldap": 19, "red_hat": 19, "active_directory": 0},
    "rename onto another": {"memory": 68, "ldif_file": 68, "openldap": 19, "red_hat": 68, "active_directory": 68},
    "own name away": {"memory": 67, "ldif_file": 67, "openldap": 64, "red_hat": 67, "active_directory": 67},
    "no surname": {"memory": 65, "ldif_file": 65, "openldap": 65, "red_hat": 65, "active_directory": 0},
    "zero before a date": {"memory": 21, "ldif_file": 21, "openldap": 21, "red_hat": 21, "active_directory": 0},
    "in other letters": {"memory": 20, "ldif_file": 20, "openldap": 20, "red_hat": 20, "active_directory": 0},
}
"""Result codes that differ, because uniqueness is a matter of set-up and because servers do. 0 is success."""

Server = PrivateSlapd | Private389 | PrivateSamba
Answers = Callable[[str], int]
Person = Callable[..., Entry]


def base_entries() -> list[Entry]:
    base = DN.parse(SUFFIX)
    return [
        Entry(base, {"objectClass": ["dcObject", "organization"], "dc": [base.rdns[0][0][1]], "o": ["Skotthyll"]}),
        Entry(base.child("ou", "people"), {"objectClass": ["organizationalUnit"], "ou": ["people"]}),
    ]


@pytest.fixture
def memory() -> MemoryDirectory:
    return MemoryDirectory(SUFFIX, base_entries())


@pytest.fixture
def ldif_file(tmp_path: Path) -> LdifDirectory:
    path = tmp_path / "catalogue.ldif"
    path.write_text("version: 1\n\n" + "".join(map(ldif.dump, base_entries())))
    return LdifDirectory(path)


@pytest.fixture
def openldap(slapd: PrivateSlapd) -> Iterator[LdapDirectory]:
    yield from used(slapd)


@pytest.fixture
def red_hat(ds389: Private389) -> Iterator[LdapDirectory]:
    yield from used(ds389)


@pytest.fixture
def active_directory(samba: PrivateSamba) -> Iterator[LdapDirectory]:
    yield from used(samba)


def bound(server: Server, dn: str, password: str) -> LdapDirectory:
    """The directory on a server, bound as somebody."""
    return LdapDirectory(server.ldaps, base=server.suffix, bind_dn=dn, password=password, ca_file=str(server.ca_file))


def used(server: Server) -> Iterator[LdapDirectory]:
    """The directory for one test; then whoever the test made is deleted."""
    with bound(server, server.service_dn, server.service_password) as directory:
        directory.check()
        yield directory
        people = directory.base.child("ou", "people")
        made = [entry.dn for entry in directory.below(people, ["objectClass"]) if entry.dn != people]
        deepest_first = sorted(made, key=lambda dn: -len(dn.rdns))
        assert all(written.error is None for written in directory.write(map(Delete, deepest_first)))


@pytest.fixture(params=DIRECTORIES)
def directory_name(request: pytest.FixtureRequest) -> Name:
    name: Name = request.param
    return name


usual_layout = pytest.mark.parametrize(
    "directory_name", [name for name in DIRECTORIES if name != "active_directory"], indirect=True
)
"""For what Active Directory has no like of: a user there has one name, and classes and attributes of its own."""


@pytest.fixture
def directory(request: pytest.FixtureRequest, directory_name: Name) -> Directory:
    found: Directory = request.getfixturevalue(directory_name)
    return found


@pytest.fixture
def answers(directory_name: Name) -> Answers:
    """The result code of a case, where directories differ."""
    return lambda case: ANSWERS[case][directory_name]


@pytest.fixture
def people(directory: Directory) -> DN:
    return directory.base.child("ou", "people")


@pytest.fixture
def person(directory: Directory, people: DN) -> Person:
    def make(uid: str, **attributes: list[str | bytes]) -> Entry:
        layout = directory.layout
        name, account = (f"{text}@skotthyll.kommune.no" for text in (uid, re.sub(r"[^a-z0-9]", "-", uid)))
        values: dict[str, list[str | bytes]] = {
            "objectClass": [*layout.classes, *FEIDE],
            "uid": [uid],
            "cn": ["Олена Коваленко"],
            "sn": ["Коваленко"],
            "eduPersonPrincipalName": [name],
            **{attribute: list(held) for attribute, held in layout.names(account).items()},
            **{attribute: list(held) for attribute, held in layout.account(login=True).items()},
        }
        if layout.named_by == "cn":
            values["cn"] = [uid]
        return Entry(layout.dn(people, uid), values | attributes)

    return make


def code(directory: Directory, write: Write) -> int:
    """The LDAP result code of one write; 0 when it was done."""
    [written] = directory.write([write])
    return 0 if written.error is None else (written.error.code or -1)
