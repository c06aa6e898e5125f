"""Rules at their edges: what just passes, and what just does not."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from pretenders import Pretenders
from town import BASE, ON, ORGANIZATION, REALM, Town, User, organization_of, school_dn, with_checks

from feideprov import DN, Entry, Event, Evidence, Finding, MarkKey, MemoryDirectory
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
DATES, SCHOOL = "2026-08-01:2027-07-31", "NO912345688"
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


VG1 = f"{GO}:grep:http://psi.udir.no/laereplan/aarstrinn/vg1"
UNREADABLE = f"{GO}:other:x"


@pytest.mark.parametrize(
    ("values", "others"),
    [
        ([VG1, *CLASS], None),
        ([VG1, CLASS[0]], {"P-GROUPIDS-NONE"}),
        ([*CLASS, UNREADABLE], {"P-GREP-NONE"}),
        ([GREP, UNREADABLE], {"P-GROUPS-NONE", "P-GROUP-CLASS"}),
        ([GREP, CLASS[0], UNREADABLE], {"P-GROUPIDS-NONE"}),
        ([GREP, *CLASS, f"{GO}:groupid:a:{SCHOOL}:kor:{DATES}", UNREADABLE], {"P-GROUPID-WITHOUT-GROUP"}),
        ([GREP, *CLASS, CLASS[0].replace("6a", "6b"), UNREADABLE], {"P-GROUP-WITHOUT-ID"}),
        ([GREP, f"{GO}:group:a:x"], {"P-GROUP-CLASS"}),
        (
            [GREP, *CLASS, CLASS[0].replace("6a", "6b"), CLASS[0].replace("6a", "6c"), f"{GO}:groupid:b"],
            {"P-GROUP-WITHOUT-ID"},
        ),
    ],
    ids=lambda value: "",
)
def test_a_value_that_cannot_be_read_hides_no_other_finding(
    values: list[str], others: set[str] | None, town: Town, tmp_path: Path
) -> None:
    user = town.user(0)
    user["eduPersonEntitlement"] = list(values)
    expected = {"P-ENTITLEMENT-FORM", *others} if others and VG1 not in values[:1] else set(others or ())
    assert codes(town, tmp_path, user) == expected


@pytest.mark.parametrize("values", [
    [GREP.replace("aarstrinn6", "aarstrinn60"), *CLASS],
    [GREP, f"{GO}:group:b:6a"],
    [GREP, CLASS[0], f"{GO}:groupid:b:6a"],
    [GREP, CLASS[1], f"{GO}:group:b:6a"],
])  # fmt: skip
def test_what_is_there_in_a_wrong_form_is_not_missing(values: list[str], town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    user["eduPersonEntitlement"] = list(values)
    assert codes(town, tmp_path, user) == {"P-ENTITLEMENT-FORM"}


@pytest.mark.parametrize(("group_id", "code"), [("1sta%2Fkro", None), ("1sta/kro", "P-GROUPID-FORM")])
def test_an_id_with_a_slash_is_right_in_feides_form(
    group_id: str, code: str | None, town: Town, tmp_path: Path
) -> None:
    user = town.user(0)
    group = CLASS[0].replace(":6a:", ":1STA%2FKRO:" if code is None else ":1STA/KRO:")
    user["eduPersonEntitlement"] = [GREP, group, CLASS[1].replace(":6a:", f":{group_id}:")]
    assert codes(town, tmp_path, user) == ({code} if code else set())


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({NAME: [f"bjørn@{REALM}"], "uid": ["bjørn"]}, "P-NAME-ASCII"),
        ({NAME: [f"оlena@{REALM}"], "uid": ["оlena"]}, "P-NAME-ASCII"),
        ({"uid": ["usera", "usér"]}, "P-NAME-ASCII"),
        ({"postalAddress": ["Storgata 1$8960  Skotthyll"]}, "P-SPACES"),
        ({"postalAddress": ["Storgata 1$8960 Skotthyll "]}, "P-SPACES"),
        ({"mobile": ["+4722222222"]}, "P-MOBILE-NONE"),
        ({"mobile": ["+4712345678"]}, "P-MOBILE-NONE"),
        ({"mobile": ["+4740123456", "+4755123456"]}, "P-MOBILE-NONE"),
        ({METHOD: [f"{MFA}:sms +4722222222 label=Mobil"]}, "P-MOBILE-NONE"),
    ],
    ids=lambda value: "",
)
def test_what_feides_validator_reports_is_found(
    changed: dict[str, list[str]], code: str, town: Town, tmp_path: Path
) -> None:
    user = town.user(0)
    user.attributes.update(changed)  # type: ignore[arg-type]  # lists of texts
    assert codes(town, tmp_path, user) == {code}


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("mobile", "+4740123456"),
        ("mobile", "+4799999999"),
        ("mobile", "+46701234567"),
        ("mobile", "+380501234567"),
        ("mobile", "+12025550123"),  # there mobile numbers look like others
        ("postalAddress", "Storgata 1$8960 Skotthyll"),
        (METHOD, f"{MFA}:sms +46701234567"),
    ],
)
def test_what_feides_validator_accepts_is_not_found(attribute: str, value: str, town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    user[attribute] = value
    assert codes(town, tmp_path, user) == set()


@pytest.mark.parametrize(
    ("mobile", "found"),
    [
        ("+4722222222", True),
        ("+479012345", True),
        ("+4790123456", False),
        ("+46812345678", False),
    ],
)
def test_without_the_extra_only_norwegian_numbers_are_known(
    mobile: str, found: bool, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    user = town.user(0)
    user["mobile"] = mobile
    assert codes(town, tmp_path, user) == ({"P-MOBILE-NONE"} if found else set())


@pytest.mark.parametrize("attribute", ["postalAddress", "eduOrgLegalName", "o", "mail"])
@pytest.mark.parametrize("of_school", [True, False])
def test_two_spaces_in_a_row_are_found_in_the_organization_and_its_schools(
    attribute: str, of_school: bool, town: Town, tmp_path: Path
) -> None:
    settings = town.settings(tmp_path)
    dn = DN.parse(settings.schools[0].dn if of_school else settings.organization.dn)
    attribute = "ou" if of_school and attribute in ("o", "eduOrgLegalName") else attribute
    entries = [
        Entry(entry.dn, {**dict(entry.items()), attribute: (*entry.values(attribute), b"Storgata  1$8960 Skotthyll")})
        if entry.dn == dn
        else entry
        for entry in town.units(settings)
    ]
    found = check_directory(CheckContext(organization_of(settings), MemoryDirectory(BASE, entries), settings, on=ON))
    assert [one.code for one in found if one.code != "O-DIFFERS"] == ["O-SPACES"]


@pytest.mark.parametrize(
    ("number", "code", "code_in_test"),
    [
        ("NO000000000", "O-NUMBER-SERIES", "O-NUMBER-SERIES"),
        ("NO100000008", "O-NUMBER-SERIES", "O-NUMBER-SERIES"),
        ("NO999999999", "O-NUMBER-SERIES", "O-NUMBER-SERIES"),
        ("NO310211036", "O-NUMBER-SERIES", None),
    ],
)
@pytest.mark.parametrize("of_school", [True, False])
def test_the_number_of_a_unit_is_one_that_is_given_out(
    number: str, code: str, code_in_test: str | None, of_school: bool, town: Town, tmp_path: Path
) -> None:
    for test, expected in ((False, code), (True, code_in_test)):
        settings = town.settings(tmp_path, numbers={"test": test})
        dn = DN.parse(settings.schools[0].dn if of_school else settings.organization.dn)
        attribute = "norEduOrgUnitUniqueIdentifier" if of_school else "norEduOrgNIN"
        entries = [
            Entry(entry.dn, {**dict(entry.items()), attribute: (number,)}) if entry.dn == dn else entry
            for entry in town.units(settings)
        ]
        context = CheckContext(organization_of(settings), MemoryDirectory(BASE, entries), settings, on=ON)
        assert {one.code for one in check_directory(context)} == {expected or "O-DIFFERS"}


@pytest.mark.parametrize("number", ["NO000000000", "NO100000008", "NO310211036", "NO987654321", "NO999999999"])
@pytest.mark.parametrize("place", [0, 1])
def test_the_organization_of_a_group_has_an_organization_number(
    number: str, place: int, town: Town, tmp_path: Path
) -> None:
    user = town.user(0)
    group = [CLASS[0].replace(":6a:", ":6b:"), CLASS[1].replace(":6a:", ":6b:")]
    user["eduPersonEntitlement"] = [GREP, *CLASS, *(text.replace(SCHOOL, number) for text in group)]
    assert codes(town, tmp_path, user) == {"P-GROUP-ORGANIZATION"}
    user["eduPersonEntitlement"] = [GREP, *CLASS, group[place].replace(SCHOOL, number)]
    assert "P-GROUP-ORGANIZATION" in codes(town, tmp_path, user)


def test_the_organization_of_a_group_can_be_synthetic_in_a_test_directory(town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    del user["norEduPersonNIN"]
    user["eduPersonEntitlement"] = [GREP, *(text.replace(SCHOOL, "NO310211036") for text in CLASS)]
    assert codes(town, tmp_path, user, numbers={"test": True}) == {"P-PENDING"}


@pytest.mark.parametrize("name", ["-", ".", "–", "...", "?", "0", "_", "- -", "(-)"])
@pytest.mark.parametrize("attribute", ["sn", "givenName", "displayName", "norEduPersonLegalName", "cn"])
def test_a_name_without_a_letter_is_found(name: str, attribute: str, town: Town, tmp_path: Path) -> None:
    user = town.user(0)
    user[attribute] = name
    [finding] = findings(town, tmp_path, user)
    assert (finding.code, attribute in finding.sentence) == ("P-LETTERS-NONE", True)


@pytest.mark.parametrize(
    ("attribute", "values"), [("sn", ["Ø"]), ("sn", ["Лі"]), ("sn", ["李"]), ("cn", ["Ola Lie", "4711"])]
)
def test_a_name_with_a_letter_of_any_script_is_a_name(
    attribute: str, values: list[str | bytes], town: Town, tmp_path: Path
) -> None:
    user = town.user(0)
    user[attribute] = values
    assert codes(town, tmp_path, user) == set()


@pytest.mark.parametrize(
    ("attribute", "day", "code"),
    [
        ("norEduPersonBirthDate", "19090314", "P-NIN-OLD"),
        ("schacDateOfBirth", "19090314", "P-NIN-OLD"),
        ("schacDateOfBirth", "20090315", "P-NIN-DATE"),
        ("norEduPersonBirthDate", "20090314", None),
        ("schacDateOfBirth", "20090314", None),
        ("schacDateOfBirth", "", None),
    ],
)
def test_the_recorded_birth_date_decides_the_age(
    attribute: str, day: str, code: str | None, town: Town, tmp_path: Path
) -> None:
    user = town.user(0)
    user["norEduPersonNIN"] = next(filter(None, (with_checks(f"548309{iii}") for iii in range(300, 400))))
    user.attributes[attribute] = [day] if day else []
    assert codes(town, tmp_path, user, numbers={"test": True}) == ({code} if code else set())


def test_two_users_without_a_value_have_no_number_in_common(town: Town, tmp_path: Path) -> None:
    users = [town.user(0), town.user(1)]
    for user, nothing in zip(users, ("#I/T", "#I/T  "), strict=True):
        user["norEduPersonNIN"] = nothing
    found = [one.code for one in findings(town, tmp_path, *users)]
    assert (found.count("P-NIN-NO-VALUE"), found.count("P-NIN-TWICE")) == (2, 0)
