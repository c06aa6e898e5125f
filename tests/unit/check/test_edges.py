"""Rules at their edges: what just passes, and what just does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from pretenders import Pretenders
from town import BASE, ON, ORGANIZATION, REALM, Town, User, organization_of, school_dn

from feideprov import Event, Evidence, Finding, MarkKey, MemoryDirectory
from feideprov.check.checker import check_directory
from feideprov.check.context import CheckContext
from feideprov.journal.journal import State
from feideprov.numbers.checks import duf_check

NAME, LIN, METHOD, LEVEL = (
    "eduPersonPrincipalName",
    "norEduPersonLIN",
    "norEduPersonAuthnMethod",
    "norEduPersonServiceAuthnLevel",
)
GO, MFA = "urn:mace:feide.no:go", "urn:mace:feide.no:auth:method"
DATES, SCHOOL = "2026-08-01:2027-07-31", "NO123456785"
CLASS = (f"{GO}:group:b::{SCHOOL}:6a:{DATES}:student:6A", f"{GO}:groupid:b:{SCHOOL}:6a:{DATES}")
GREP = f"{GO}:grep:http://psi.udir.no/laereplan/aarstrinn/aarstrinn6"
ALL = "urn:mace:feide.no:spid:all urn:mace:feide.no:auth:level:fad08:"


@pytest.fixture
def town() -> Town:
    return Town(1)


def findings(
    town: Town,
    tmp_path: Path,
    *users: User,
    events: Iterable[Event] = (),
    key: MarkKey | None = None,
    **sections: object,
) -> list[Finding]:
    settings = town.settings(tmp_path, **sections)
    directory = MemoryDirectory(BASE, [*town.units(settings), *(user.entry for user in users)])
    context = CheckContext(organization_of(settings), directory, settings, on=ON, events=events, key=key)
    return list(check_directory(context))


def codes(town: Town, tmp_path: Path, user: User, **sections: object) -> set[str]:
    return {finding.code for finding in findings(town, tmp_path, user, **sections)}


@pytest.mark.parametrize(
    ("attribute", "values", "code"),
    [
        (NAME, [f"usera@{REALM}"], None),
        (NAME, [f"usera@{REALM.upper()}"], "P-NAME-CASE"),
        (NAME, [f"user a@{REALM}"], "P-NAME-FORM"),
        (NAME, [f"user(a)@{REALM}"], "P-NAME-FORM"),
        (NAME, [f"user*@{REALM}"], "P-NAME-FORM"),
        (NAME, [f"user\\a@{REALM}"], "P-NAME-FORM"),
        (NAME, [f"usera@{REALM}@{REALM}"], "P-NAME-FORM"),
        (NAME, [f"@{REALM}"], "P-NAME-FORM"),
        (NAME, [f"usera@sub.{REALM}"], "P-NAME-REALM"),
        ("uid", ["usera", "older"], None),
        ("uid", ["USERA"], None),
        ("displayName", ["Åse Lie"], None),
        ("displayName", [" Åse Lie"], "P-SPACES"),
        ("displayName", ["Åse Lie "], "P-SPACES"),
        ("displayName", ["Åse\t Lie"], "P-SPACES"),
        ("sn", ["de  la Cruz"], "P-SPACES"),
        ("displayName", ["Elev 1 / Elev 2"], "P-SHARED"),
        ("displayName", ["Ida & Petro"], "P-SHARED"),
        ("displayName", ["Ida&Petro"], "P-SHARED"),
        ("displayName", ["IDA OG PETRO"], "P-SHARED"),
        ("givenName", ["Ida og Petro"], "P-SHARED"),
        ("cn", ["Ida Berg, Petro Berg m.fl."], "P-SHARED"),
        ("displayName", ["Vogt Andersen Og"], None),
        ("displayName", ["Anand Logan"], None),
        ("displayName", ["Nordmann, Kari"], None),
        ("mail", ["olena@example.no"], None),
        ("mail", ["olena@example"], "P-MAIL-FORM"),
        ("mail", ["Olena <olena@example.no>"], "P-MAIL-FORM"),
        ("mail", ["olena@example.no", "second@example.no"], None),
        ("mobile", ["+4740123456"], None),
        ("mobile", ["40123456"], "P-MOBILE-FORM"),
        ("mobile", ["+47 40123456"], "P-MOBILE-FORM"),
        ("preferredLanguage", ["nb-NO"], None),
        ("preferredLanguage", ["nb_NO"], "P-LANGUAGE-FORM"),
        ("preferredLanguage", ["bokmål"], "P-LANGUAGE-FORM"),
        ("schacHomeOrganization", [REALM], None),
        (LIN, [f"{REALM}:employee:4711"], None),
        (LIN, [f"{REALM}:fin:12345678901"], None),
        (LIN, ["berg.kommune.no:employee:4711"], "P-LIN-FORM"),
        (LIN, [f"{REALM}:fin:1234567890"], "P-LIN-FORM"),
        (METHOD, [f"{MFA}:sms +4740123456 label=Mobil"], None),
        (METHOD, [f"{MFA}:ga JBSWY3DPEHPK3PXP label=App"], None),
        (METHOD, [f"{MFA}:sms 40123456"], "P-MFA-METHOD-FORM"),
        (METHOD, [f"{MFA}:mail olena@example.no"], "P-MFA-METHOD-UNKNOWN"),  # perhaps a new one of Feide's
        ("eduPersonAffiliation", ["Student", "member"], None),
        ("eduPersonAffiliation", ["student", "member", "pupil"], "P-AFFILIATION-UNKNOWN"),
        ("eduPersonAffiliation", ["student"], "P-AFFILIATION-MEMBER"),
        ("eduPersonPrimaryAffiliation", ["member"], None),
        ("eduPersonPrimaryAffiliation", ["staff"], "P-AFFILIATION-PRIMARY"),
        ("eduPersonPrimaryAffiliation", ["elev"], "P-AFFILIATION-UNKNOWN"),
        ("eduPersonScopedAffiliation", [f"Member@{REALM}"], None),
        ("eduPersonScopedAffiliation", ["member"], "P-AFFILIATION-SCOPE"),
        ("eduPersonScopedAffiliation", [f"staff@{REALM}"], "P-AFFILIATION-SCOPED"),
        ("eduPersonOrgDN", [ORGANIZATION.upper().replace(",", ", ")], None),
        ("eduPersonOrgUnitDN", [school_dn(0), school_dn(1)], None),
        ("eduPersonOrgUnitDN", [school_dn(0), school_dn(99)], "P-UNIT-NOWHERE"),
        ("eduPersonOrgUnitDN", [school_dn(1)], "P-UNIT-PRIMARY"),
        ("eduPersonEntitlement", [GREP, *CLASS], None),
        ("eduPersonEntitlement", [GREP, *CLASS, "urn:mace:example.no:library"], None),
        ("eduPersonEntitlement", [GREP.replace("/aarstrinn6", "/aarsgrade6"), *CLASS], "P-ENTITLEMENT-FORM"),
        ("eduPersonEntitlement", [GREP, *CLASS, f"{GO}:other:x"], "P-ENTITLEMENT-FORM"),
        ("eduPersonEntitlement", [GREP, CLASS[0], CLASS[1].replace("6a", "6A")], "P-GROUPID-FORM"),
        ("eduPersonEntitlement", [GREP, CLASS[0].replace(":6a:", ":6A:"), CLASS[1]], None),
        ("eduPersonEntitlement", [GREP, CLASS[0], CLASS[1].replace("2027", "2026-12-31x")], "P-ENTITLEMENT-FORM"),
        ("employeeNumber", ["4711"], None),
        ("createTimestamp", ["20260527080000Z"], None),
    ],
    ids=lambda value: "",
)
def test_a_value_gives_this_finding_or_none(
    attribute: str, values: list[str], code: str | None, town: Town, tmp_path: Path
) -> None:
    user = town.user(0)
    user.attributes[attribute] = list(values)
    assert codes(town, tmp_path, user) == ({code} if code else set())


@pytest.mark.parametrize(("code", "fits"), [("NOR0214", True), ("NOR01-06", True), ("NAT1-03", True), ("norsk", False)])
def test_the_form_of_a_subjects_code(code: str, fits: bool, town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    taught = (f"{GO}:group:u:{code}:{SCHOOL}:n:{DATES}:student:N", f"{GO}:groupid:u:{SCHOOL}:n:{DATES}")
    user["eduPersonEntitlement"] = [GREP, *CLASS, *taught]
    assert codes(town, tmp_path, user) == (set() if fits else {"P-GROUP-CODE-FORM"})


@pytest.mark.parametrize(("level", "fits"), [("1", True), ("4", True), ("5", False), ("", False)])
def test_the_form_of_a_level(level: str, fits: bool, town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    user[METHOD], user[LEVEL] = f"{MFA}:sms +4740123456", f"{ALL}{level}"
    assert codes(town, tmp_path, user) == (set() if fits else {"P-MFA-LEVEL-FORM"})


@pytest.mark.parametrize(
    ("made", "code"), [("20260527", "P-PENDING"), ("20260526", "P-PENDING-LONG"), ("", "P-PENDING")]
)
def test_waiting_for_pending_days_is_waiting_and_one_more_is_too_long(
    made: str, code: str, town: Town, tmp_path: Path
) -> None:
    user = town.user(0)
    del user["norEduPersonNIN"]
    user.attributes["createTimestamp"] = [f"{made}080000Z"] if made else []
    assert codes(town, tmp_path, user) == {code}


def test_a_duf_number_that_stands_in_is_pending(town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    user["norEduPersonNIN"] = "201017238203"
    assert codes(town, tmp_path, user) == {"P-NIN-DUF-NOT-WRITTEN"}
    user["norEduPersonNIN"] = f"2022900000{duf_check('2022900000')}"
    assert codes(town, tmp_path, user, numbers={"duf": "nin", "test": False}) == {"P-PENDING"}


def test_adult_education_alone_explains_that_there_is_no_grade(town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    user.attributes["eduPersonEntitlement"] = list(CLASS)
    user.attributes["eduPersonOrgUnitDN"] = [school_dn(0), school_dn(2)]
    [both] = findings(town, tmp_path, user)
    user["eduPersonOrgUnitDN"] = user["eduPersonPrimaryOrgUnitDN"] = school_dn(2)
    [alone] = findings(town, tmp_path, user)
    assert (both.code, both.expected) == ("P-GREP-NONE", False)
    assert (alone.code, alone.expected) == ("P-GREP-NONE", True)


def test_a_countys_number_may_have_the_form_of_a_national_one(town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    user[LIN] = f"{REALM}:fin:{town.number()}"
    assert codes(town, tmp_path, user) == set()


def test_uid_alone_can_hold_a_number(town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    user.dn = user.dn.replace("uid=", "cn=")
    user.attributes["uid"].append(town.number())
    assert codes(town, tmp_path, user) == {"P-NAME-NUMBER"}


def test_evidence_lifts_a_doubt_and_never_a_refusal(town: Town, tmp_path: Path) -> None:
    key, pretend, users = MarkKey.fresh(), Pretenders(Random(2026)), [town.user(n) for n in range(2)]
    users[0]["norEduPersonNIN"], users[1]["norEduPersonNIN"] = pretend("N-D-900"), pretend("N-TENOR")
    seen = Evidence("letter", "Kari Nordmann", ON)
    events = [
        Event("attach", user[NAME], user.dn, number_mark=key.of_number(user["norEduPersonNIN"]), evidence=seen)
        for user in users
    ]
    done = [replace(event, state=State.DONE) for event in events]
    found = {one.code: one.expected for one in findings(town, tmp_path, *users, events=done, key=key)}
    assert found == {"P-NIN-D-900": True, "P-NIN-TENOR": False}
    altered = [replace(event, altered=True) for event in done]
    assert not any(one.expected for one in findings(town, tmp_path, *users, events=altered, key=key))
    assert not any(one.expected for one in findings(town, tmp_path, *users, events=events, key=key))


@pytest.mark.parametrize(("until", "expected"), [(ON, True), (ON - timedelta(1), False), (None, True)])
def test_what_is_accepted_is_so_up_to_the_last_day(
    until: date | None, expected: bool, town: Town, tmp_path: Path
) -> None:
    user = town.user(0)
    user["displayName"] = "Åse  Lie"
    known = {"code": "P-SPACES", "reason": "so in the passport", "on": ON, "until": until}
    [finding] = findings(town, tmp_path, user, check={"ignore": [known]})
    assert finding.expected is expected


def test_nobody_needs_a_password_here_where_users_log_in_elsewhere(town: Town, tmp_path: Path) -> None:
    with_one, without = town.user(0), town.user(1)
    del without["userPassword"]
    assert findings(town, tmp_path, with_one, without, login={"by": "entra"}) == []


@pytest.mark.parametrize(
    ("methods", "wrong"),
    [
        ([f"{MFA}:azuread -"], set()),
        ([f"{MFA}:sms +4790123456 label=Mobil", f"{MFA}:azuread -"], set()),
        ([f"{MFA}:azuread - label=Entra"], set()),
        ([f"{MFA}:idporten -"], {"P-MFA-METHOD-UNKNOWN"}),
        ([f"{MFA}:idporten"], {"P-MFA-METHOD-UNKNOWN"}),
        ([f"{MFA}:passkey-2 abc def ghi"], {"P-MFA-METHOD-UNKNOWN"}),
        ([f"{MFA}:idporten -", f"{MFA}:sms 12"], {"P-MFA-METHOD-UNKNOWN", "P-MFA-METHOD-FORM"}),
    ],
)
@pytest.mark.parametrize("level", [None, f"{ALL}3"])
def test_a_method_of_feide_that_is_not_known_here_is_a_note(
    methods: list[str], wrong: set[str], level: str | None, town: Town, tmp_path: Path
) -> None:
    user = town.user(0)
    user[METHOD] = methods
    if level:
        user[LEVEL] = [level]
    found = {one.code: one.severity.value for one in findings(town, tmp_path, user)}
    assert found.keys() == wrong
    assert found.get("P-MFA-METHOD-UNKNOWN", "note") == "note"


@pytest.mark.parametrize(
    "method",
    [
        f"{MFA}:SMS +4790123456",
        f"{MFA}:azuread",
        f"{MFA}:",
        f"{MFA}: -",
        f"{MFA}:sms+4790123456",
        "azuread -",
        f"{MFA}",
    ],
)
def test_a_method_that_is_written_wrongly_is_an_error(method: str, town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    user[METHOD] = [method]
    assert codes(town, tmp_path, user) == {"P-MFA-METHOD-FORM"}


def test_a_number_on_three_users_is_told_of_each_once(town: Town, tmp_path: Path) -> None:
    users = [town.user(n) for n in range(4)]
    for user in users[1:]:
        user["norEduPersonNIN"] = users[1]["norEduPersonNIN"]
    users[2]["norEduPersonNIN"] += " "
    twice = [one.user for one in findings(town, tmp_path, *users) if one.code == "P-NIN-TWICE"]
    assert sorted(map(str, twice)) == [f"user{letter}@{REALM}" for letter in "bcd"]


def test_a_user_who_has_gone_back_to_a_former_name_of_the_own_reuses_nothing(town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    user["eduPersonPrincipalNamePrior"] = [user[NAME], f"other@{REALM}"]
    assert codes(town, tmp_path, user) == set()


def test_two_users_of_one_name_are_told_apart_by_their_entries(town: Town, tmp_path: Path) -> None:
    users = [town.user(0), town.user(1)]
    users[1][NAME] = users[0][NAME]
    told = [one for one in findings(town, tmp_path, *users) if one.code == "P-NAME-TWICE"]
    assert {one.dn: one.sentence.partition(" has ")[0] for one in told} == {
        str(users[0].entry.dn): str(users[1].entry.dn),
        str(users[1].entry.dn): str(users[0].entry.dn),
    }


def test_users_of_ours_are_known_to_have_no_number(tmp_path: Path) -> None:
    town = Town(100)
    users = list(town.users())
    for user in users:
        del user["norEduPersonNIN"]
    made = [Event("create", users[0][NAME], str(users[0].entry.dn), state=State.DONE, at="2026-10-01T08:00:00+00:00")]
    assert {one.code for one in findings(town, tmp_path, *users, events=made)} == {"P-PENDING"}
