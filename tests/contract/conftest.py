"""The directories that pass one contract, a person as each of them has one, and what servers answer differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from private_389 import Private389

from feideprov.directory import ldif
from feideprov.directory.dn import DN
from feideprov.directory.entry import Delete, Entry, Write
from feideprov.directory.ldap import LdapDirectory
from feideprov.directory.ldif_file import LdifDirectory
from feideprov.directory.memory import MemoryDirectory
from feideprov.directory.protocol import Directory
from feideprov.directory.slapd import PrivateSlapd

CLASSES = ["top", "person", "organizationalPerson", "inetOrgPerson", "eduPerson", "norEduPerson"]
TENOR, OTHER_TENOR = b"57912075186", b"69822075096"
SUFFIX = "dc=skotthyll,dc=no"

Name = Literal["memory", "ldif_file", "openldap", "red_hat"]
SERVERS: tuple[Name, ...] = ("openldap", "red_hat")
MACHINES: dict[Name, str] = {"openldap": "slapd", "red_hat": "ds389"}
"""The fixture of each server."""
DIRECTORIES: tuple[Name, ...] = ("memory", "ldif_file", *SERVERS)

Case = Literal["second number", "number of another", "name of another", "rename onto another", "own name away"]
ANSWERS: dict[Case, dict[Name, int]] = {
    "second number": {"memory": 19, "ldif_file": 19, "openldap": 19, "red_hat": 65},
    "number of another": {"memory": 0, "ldif_file": 0, "openldap": 19, "red_hat": 19},
    "name of another": {"memory": 0, "ldif_file": 0, "openldap": 19, "red_hat": 19},
    "rename onto another": {"memory": 68, "ldif_file": 68, "openldap": 19, "red_hat": 68},
    "own name away": {"memory": 67, "ldif_file": 67, "openldap": 64, "red_hat": 67},
}
"""Result codes that differ, because uniqueness is a matter of set-up and because servers do. 0 is success."""

Answers = Callable[[Case], int]
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
    directory = LdapDirectory(
        slapd.ldaps,
        base=slapd.suffix,
        bind_dn=slapd.service_dn,
        password=slapd.service_password,
        ca_file=str(slapd.ca_file),
    )
    with directory:
        yield from used(directory)


@pytest.fixture
def red_hat(ds389: Private389) -> Iterator[LdapDirectory]:
    with ds389.directory() as directory:
        yield from used(directory)


def used(directory: LdapDirectory) -> Iterator[LdapDirectory]:
    """The directory for one test; then whoever the test made is deleted."""
    directory.check()
    yield directory
    people = directory.having(["uid"], ["uid"])
    assert all(written.error is None for written in directory.write([Delete(entry.dn) for entry in people]))


@pytest.fixture(params=DIRECTORIES)
def directory_name(request: pytest.FixtureRequest) -> Name:
    name: Name = request.param
    return name


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
def person(people: DN) -> Person:
    def make(uid: str, **attributes: list[str | bytes]) -> Entry:
        values: dict[str, list[str | bytes]] = {
            "objectClass": list(CLASSES),
            "uid": [uid],
            "cn": ["Олена Коваленко"],
            "sn": ["Коваленко"],
            "eduPersonPrincipalName": [f"{uid}@skotthyll.kommune.no"],
        }
        return Entry(people.child("uid", uid), values | attributes)

    return make


def code(directory: Directory, write: Write) -> int:
    """The LDAP result code of one write; 0 when it was done."""
    [written] = directory.write([write])
    return 0 if written.error is None else (written.error.code or -1)
