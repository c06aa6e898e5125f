"""A file of one school, and its reader."""

from __future__ import annotations

from datetime import date

import pytest
from enterprise_file import SOURCE, EnterpriseFile

from feideprov import MarkKey
from feideprov.intake.ims.model import Group, Membership, Person, SourcedId
from feideprov.intake.ims.vocabulary import GroupKind, RoleKind
from feideprov.intake.people import read_people
from feideprov.intake.reading import Reading
from feideprov.testing import example_settings
from feideprov.wiring import organization_of

ON = date(2026, 11, 29)
KEY = MarkKey(b"k" * 32)


def sid(text: str) -> SourcedId:
    return SourcedId(SOURCE, text)


OWNER = Group(sid("owner"), GroupKind.OWNER, "Skotthyll kommune", parents=(sid("owner"),), number="987654325")
HYLLA = Group(sid("hylla"), GroupKind.SCHOOL, "Hylla skole", parents=(sid("owner"),), number="912345688")
BERG = Group(sid("berg"), GroupKind.SCHOOL, "Berg", parents=(sid("owner"),), number="NO 923 456 783")
GRADE = Group(sid("t6"), GroupKind.GRADE, "6. trinn", parents=(sid("hylla"),))
CLASS = Group(sid("6a"), GroupKind.CLASS, "6A", parents=(sid("hylla"),))
GROUPS = (OWNER, HYLLA, BERG, GRADE, CLASS)


def person(key: str = "p1", **fields) -> Person:
    return Person(sid(key), **{"given": "Olena", "family": "Kovalenko", "birth_date": "2014-02-28"} | fields)


def file_of(*people: Person, roles=(), groups=GROUPS, **fields) -> EnterpriseFile:
    """`roles`: who is what in which group, as (key, group, role, other fields of the membership)."""
    members: dict = {}
    for key, group, role, *more in roles:
        one = Membership(sid(group), RoleKind[role.upper()], **(more[0] if more else {}))
        members.setdefault(sid(group), []).append((sid(key), one))
    return EnterpriseFile(people, groups, members, **fields)


@pytest.fixture
def read(tmp_path):
    organization = organization_of(example_settings(tmp_path))

    def read_text(file: EnterpriseFile | str | bytes, **fields):
        path = tmp_path / "eksport.xml"
        text = file.text() if isinstance(file, EnterpriseFile) else file
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_people(path, Reading(**{"on": ON, "organization": organization, "key": KEY} | fields))

    return read_text
