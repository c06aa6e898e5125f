"""Every rule: a directory in which nothing is wrong, one fault planted, and the finding that it must give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from faults import FAULTS, TEST_FAULT, UNIT_FAULTS, Fault, Gardener, UnitFault, found
from town import BASE, ON, Town, User, organization_of

from feideprov import Entry, MemoryDirectory, Settings
from feideprov.check.catalogue import CATALOGUE
from feideprov.check.checker import check_directory
from feideprov.check.context import CheckContext
from feideprov.check.finding import Finding
from feideprov.check.rule import Rule

IN_A_TEST_OF_THEIR_OWN = {
    "P-ENTRA-MAIL",
    "P-ENTRA-UPN",
    "D-NUMBER-UNSEEN",
    "D-PASSWORD-UNSEEN",
    "O-NUMBER-TWICE",
    "O-SCHOOL-UNKNOWN",
}


@pytest.fixture
def town() -> Town:
    return Town(8)


@pytest.fixture
def settings(town: Town, tmp_path: Path) -> Settings:
    return town.settings(tmp_path)


def checked(settings: Settings, entries: list[Entry], rules: tuple[Rule, ...] = CATALOGUE) -> list[Finding]:
    directory = MemoryDirectory(BASE, entries)
    return list(check_directory(CheckContext(organization_of(settings), directory, settings, on=ON), rules))


def without(code: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in CATALOGUE if rule.code != code)


def of(users: list[User]) -> list[Entry]:
    return [user.entry for user in users]


def test_where_nothing_is_wrong_nothing_is_found(town: Town, settings: Settings) -> None:
    assert checked(settings, [*town.units(settings), *of(list(town.users()))]) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_a_fault_gives_its_findings_and_no_other(fault: Fault, town: Town, settings: Settings) -> None:
    users, gardener = list(town.users()), Gardener(town)
    gardener.plant(fault, users[2 : 2 + fault.users])
    entries = [*town.units(settings), *of(users)]
    assert found(checked(settings, entries)) == gardener.expected
    left = Counter({one: count for one, count in gardener.expected.items() if one[0] != fault.code})
    assert found(checked(settings, entries, without(fault.code))) == left


def test_a_real_number_in_a_test_directory_is_found(town: Town, tmp_path: Path) -> None:
    settings = town.settings(tmp_path, numbers={"test": True})
    user, gardener = town.user(0), Gardener(town)
    gardener.plant(TEST_FAULT, [user])
    entries = [*town.units(settings), user.entry]
    assert found(checked(settings, entries)) == gardener.expected
    assert checked(settings, entries, without(TEST_FAULT.code)) == []


@pytest.mark.parametrize(
    ("login", "code", "severity"),
    [
        ({"by": "entra", "entra_match": "mail"}, "P-ENTRA-MAIL", "error"),
        ({"by": "entra", "entra_match": "either"}, "P-ENTRA-UPN", "note"),
        ({"by": "entra"}, "P-ENTRA-UPN", "note"),
        ({"by": "entra", "entra_match": "upn"}, None, None),
        ({"by": "directory", "entra_match": "mail"}, None, None),
    ],
)
def test_who_logs_in_at_entra_and_has_no_mail_is_found(
    login: dict[str, str], code: str | None, severity: str | None, town: Town, tmp_path: Path
) -> None:
    settings = town.settings(tmp_path, login=login)
    users = list(town.users())
    del users[3].attributes["mail"]
    entries = [*town.units(settings), *of(users)]
    found = [(one.code, one.severity, one.user) for one in checked(settings, entries)]
    assert found == ([(code, severity, users[3]["eduPersonPrincipalName"])] if code else [])
    assert checked(settings, entries, without(code or "")) == []


@pytest.mark.parametrize("fault", UNIT_FAULTS, ids=lambda fault: fault.code)
def test_a_fault_of_a_unit_gives_its_finding_and_no_other(fault: UnitFault, town: Town, settings: Settings) -> None:
    dn = settings.schools[2].dn if fault.of_school else settings.organization.dn
    entries = [fault.plant(entry) if str(entry.dn) == dn else entry for entry in town.units(settings)]
    left = [entry for entry in entries if entry is not None]
    assert [(one.code, one.dn) for one in checked(settings, left)] == [(fault.code, dn)]
    assert checked(settings, left, without(fault.code)) == []


@pytest.mark.parametrize("spelled", [str, str.lower])
def test_two_schools_with_one_number_are_both_found(
    town: Town, settings: Settings, spelled: Callable[[str], str]
) -> None:
    number = {"norEduOrgUnitUniqueIdentifier": [spelled(settings.schools[0].number)]}
    second = settings.schools[2].dn
    entries = [
        Entry(entry.dn, dict(entry.items()) | number) if str(entry.dn) == second else entry
        for entry in town.units(settings)
    ]
    both = [settings.schools[0].dn, second]
    twice = [one.dn for one in checked(settings, entries) if one.code == "O-NUMBER-TWICE"]
    assert twice == both
    left = {one.code for one in checked(settings, entries, without("O-NUMBER-TWICE"))}
    assert left == ({"O-NUMBER-FORM"} if spelled is str.lower else set())


def test_a_school_that_the_configuration_does_not_name_is_found(town: Town, tmp_path: Path) -> None:
    entries, settings = town.units(town.settings(tmp_path)), Town(8, schools=2).settings(tmp_path)
    [finding] = checked(settings, entries)
    assert (finding.code, finding.dn) == ("O-SCHOOL-UNKNOWN", town.settings(tmp_path).schools[2].dn)
    assert checked(settings, entries, without("O-SCHOOL-UNKNOWN")) == []


def test_where_no_password_can_be_seen_one_note_says_so(town: Town, settings: Settings) -> None:
    users = list(town.users())
    for user in users:
        del user["userPassword"]
    entries = [*town.units(settings), *of(users)]
    [finding] = checked(settings, entries)
    assert (finding.code, finding.user, finding.expected) == ("D-PASSWORD-UNSEEN", None, True)
    assert checked(settings, entries, without("D-PASSWORD-UNSEEN")) == []


def test_where_none_of_a_hundred_shows_a_number_a_warning_says_so(settings: Settings) -> None:
    town = Town(100)
    users = list(town.users())
    for user in users:
        del user["norEduPersonNIN"]
    entries = [*town.units(settings), *of(users)]
    findings = [one for one in checked(settings, entries) if one.code != "P-PENDING"]
    assert [(one.code, one.user, one.expected) for one in findings] == [("D-NUMBER-UNSEEN", None, False)]
    assert "None of the 100 users" in findings[0].sentence
    assert {one.code for one in checked(settings, entries[:-1])} == {"P-PENDING"}
    assert {one.code for one in checked(settings, entries, without("D-NUMBER-UNSEEN"))} == {"P-PENDING"}


def test_every_message_of_feides_validator_has_a_rule() -> None:
    assert {rule.title for rule in CATALOGUE if rule.title} == {
        "Missing required attribute",
        "Missing organization unit",
        "Duplicate identifier in norEduOrgUnitUniqueIdentifier",
        "Missing Grep codes for student",
        "Missing groups for teacher or pupil",
        "Missing basis group for pupil",
        "Group without code",
        "Group with invalid code",
        "Missing group IDs",
        "Groups without a corresponding group ID",
        "Group IDs without a corresponding group",
        "Group ID not in canonical form",
        "Extra whitespace in attribute",
    }


def test_every_code_has_a_planted_fault_and_none_is_there_twice() -> None:
    planted = [fault.code for fault in (*FAULTS, TEST_FAULT, *UNIT_FAULTS)]
    codes = [rule.code for rule in CATALOGUE]
    assert sorted([*planted, *IN_A_TEST_OF_THEIR_OWN]) == sorted(codes)
    assert len(set(codes)) == len(codes)


DOCUMENTED = (
    "Duplicate identifier in norEduOrgUnitUniqueIdentifier",
    "Group ID not in canonical form",
    "Group IDs without a corresponding group",
    "Group with invalid code",
    "Group without code",
    "Groups without a corresponding group ID",
    "Missing Grep codes for student",
    "Missing group IDs",
    "Missing groups for teacher or pupil",
    "Missing organization unit",
    "Missing required attribute",
)
"""The eleven titles of docs.feide.no, reference/ldap_validator/errors."""


def test_each_title_that_feide_documents_is_quoted_by_a_finding(town: Town, settings: Settings) -> None:
    """One directory with every fault of a user, a school that is missing, and two schools with one number."""
    big, gardener = Town(200), Gardener(Town(200))
    users = list(big.users())
    taken = 0
    for fault in FAULTS:
        gardener.plant(fault, users[taken : taken + fault.users])
        taken += fault.users
    gone, twin = settings.schools[2].dn, settings.schools[1].dn
    number = {"norEduOrgUnitUniqueIdentifier": [settings.schools[0].number]}
    units = [
        Entry(entry.dn, dict(entry.items()) | number) if str(entry.dn) == twin else entry
        for entry in town.units(settings)
        if str(entry.dn) != gone
    ]
    titles = {finding.title for finding in checked(settings, [*units, *of(users)])}
    assert titles >= set(DOCUMENTED)
