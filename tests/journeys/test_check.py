"""feideprov check, as an administrator uses it: a directory with faults, the table, JSON, CSV, what is accepted."""

from __future__ import annotations

import csv
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from feideprov.cli import table
from feideprov.numbers import SENTENCES

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

REALM = "skotthyll.kommune.no"
CLASS = (
    "urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/aarstrinn6",
    "urn:mace:feide.no:go:group:b::NO912345688:6a:2026-08-01:2027-07-31:student:6A",
    "urn:mace:feide.no:go:groupid:b:NO912345688:6a:2026-08-01:2027-07-31",
)
PUPIL = {
    "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
    "cn": ["Olena Kovalenko"],
    "displayName": ["Olena Kovalenko"],
    "norEduPersonLegalName": ["Olena Kovalenko"],
    "givenName": ["Olena"],
    "sn": ["Kovalenko"],
    "norEduPersonNIN": ["12829499914"],
    "userPassword": ["{SSHA}AAAA"],
    "eduPersonOrgDN": ["o=Skotthyll kommune,dc=skotthyll,dc=no"],
    "eduPersonOrgUnitDN": ["ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no"],
    "eduPersonPrimaryOrgUnitDN": ["ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no"],
    "eduPersonAffiliation": ["student", "member"],
    "eduPersonEntitlement": list(CLASS),
}


def user(name: str, **changed: list[str]) -> str:
    """One pupil as LDIF, with some attributes changed."""
    values = PUPIL | {"uid": [name], "eduPersonPrincipalName": [f"{name}@{REALM}"]} | changed
    lines = [f"dn: uid={name},ou=people,dc=skotthyll,dc=no"]
    lines += [f"{attribute}: {value}" for attribute, held in values.items() for value in held]
    return "\n".join(lines) + "\n\n"


def add(office: Office, *users: str) -> None:
    with office.catalogue.open("a", encoding="utf-8") as file:
        file.write("\n" + "".join(users))


def codes(answer: Any) -> list[tuple[str, str | None, bool]]:
    return [(one["code"], one["user"], one["expected"]) for one in answer.json["findings"]]


@pytest.fixture
def faulty(office: Office) -> Office:
    """A pupil in order; one with an invented number and two spaces; one who waits; one who shares the first one's."""
    add(
        office,
        user("olena"),
        user("petro", norEduPersonNIN=["12129455555"], displayName=["Petro  Berg"]),
        user("ida", norEduPersonNIN=[]),
        user("twin"),
    )
    return office


def test_a_directory_in_order_is_said_to_be(office: Office) -> None:
    add(office, user("olena"))
    answer = office("check")
    assert (answer.code, answer.out, answer.err) == (0, "Looked at 1 user.\nNothing is wrong.\n", "")


def test_the_worst_comes_first_and_what_waits_is_expected(faulty: Office) -> None:
    before = faulty.state()
    answer = faulty("check", "--json")
    assert answer.code == 1
    assert codes(answer) == [
        ("P-NIN-FILLER", f"petro@{REALM}", False),
        ("P-NIN-TWICE", f"olena@{REALM}", False),
        ("P-NIN-TWICE", f"twin@{REALM}", False),
        ("P-SPACES", f"petro@{REALM}", False),
        ("P-PENDING", f"ida@{REALM}", True),
    ]
    assert answer.json["counts"] == {"error": 3, "warning": 1, "note": 0, "expected": 1, "users": 4}
    spaces = answer.json["findings"][3]
    assert spaces["title"] == "Extra whitespace in attribute"
    assert spaces["sentence"].endswith(": displayName.")
    assert answer.json["findings"][4]["because"] == "The user is waiting for a number."
    assert faulty.state() == before


def test_no_digit_of_a_number_is_told_anywhere(faulty: Office) -> None:
    sheet = faulty.folder / "findings.csv"
    said = faulty("check", "--csv", str(sheet)).out + faulty("check", "--json").out + sheet.read_text("utf-8-sig")
    for number in ("12829499914", "12129455555"):
        assert number[6:] not in said


def test_only_shows_what_is_expected_too(faulty: Office) -> None:
    answer = faulty("check", "--only", "P-PENDING")
    assert answer.code == 0
    heading, row, *summary = answer.out.splitlines()
    assert heading.split("\t") == ["severity", "code", "user", "what", "what to do"]
    assert row.split("\t")[:3] == ["expected", "P-PENDING", f"ida@{REALM}"]
    assert summary == [
        "Looked at 4 users.",
        "Nothing unexpected was found.",
        "1 known and accepted finding: P-PENDING 1.",
    ]


def test_the_validators_title_stands_beside_the_sentence(faulty: Office) -> None:
    heading, row, *_ = faulty("check", "--only", "P-SPACES").out.splitlines()
    what = row.split("\t")[heading.split("\t").index("what")]
    assert what == (
        "An attribute has two spaces in a row, or a space at the beginning or end: displayName. "
        "Feide: “Extra whitespace in attribute”."
    )


def test_only_and_ignore_take_more_than_one_code(faulty: Office) -> None:
    only = faulty("check", "--json", "--only", "P-SPACES", "--only", "P-NIN-FILLER")
    assert [code for code, *_ in codes(only)] == ["P-NIN-FILLER", "P-SPACES"]
    ignore = faulty("check", "--json", "--ignore", "P-NIN-TWICE", "--ignore", "P-PENDING")
    assert codes(ignore) == codes(only)


def test_an_unknown_code_names_the_nearest(faulty: Office, one_sentence: Any) -> None:
    answer = faulty("check", "--only", "P-SPACE")
    assert answer.code == 2
    assert "The nearest code is P-SPACES" in one_sentence(answer)


def accept(office: Office, **keys: str) -> None:
    lines = ["", "[[check.ignore]]", *(f"{key} = {value}" for key, value in keys.items())]
    office.config.write_text(office.config.read_text("utf-8") + "\n".join(lines) + "\n", encoding="utf-8")


def test_what_the_configuration_accepts_is_expected_with_its_reason(faulty: Office) -> None:
    accept(faulty, code='"P-SPACES"', user=f'"Petro@{REALM}"', reason='"so in the passport"', on="2026-11-01")
    finding = next(one for one in faulty("check", "--json").json["findings"] if one["code"] == "P-SPACES")
    assert finding["expected"] is True
    assert finding["because"] == "so in the passport (decided on 2026-11-01)"
    assert faulty("check", "--only", "P-SPACES").code == 0


@pytest.mark.parametrize(
    "other", [{"user": f'"ida@{REALM}"'}, {"until": "2026-11-02"}, {"code": '"P-EMPTY"'}], ids=["user", "until", "code"]
)
def test_what_was_accepted_for_another_or_for_a_time_is_not(faulty: Office, other: dict[str, str]) -> None:
    accept(faulty, **{"code": '"P-SPACES"', "reason": '"so in the passport"', "on": "2026-11-01"} | other)
    assert faulty("check", "--only", "P-SPACES").code == 1


def test_a_wrong_code_in_the_configuration_is_said(faulty: Office, one_sentence: Any) -> None:
    accept(faulty, code='"P-SPACING"', reason='"known"', on="2026-11-01")
    answer = faulty("check")
    assert answer.code == 2
    assert one_sentence(answer).startswith("[[check.ignore]]: There is no finding")


def test_a_sheet_holds_everything_and_no_formula(faulty: Office) -> None:
    add(faulty, user("=cmd", displayName=["X"]))
    sheet = faulty.folder / "findings.csv"
    assert faulty("check", "--csv", str(sheet)).code == 1
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert [row["code"] for row in rows if row["user"] == f"petro@{REALM}"] == ["P-NIN-FILLER", "P-SPACES"]
    assert [row["expected"] for row in rows if row["code"] == "P-PENDING"] == ["yes"]
    assert {row["user"][0] for row in rows if "cmd" in row["user"]} == {"'"}
    assert sheet.stat().st_mode & 0o777 == 0o600


def test_a_sheet_that_cannot_be_written_is_said(faulty: Office, one_sentence: Any) -> None:
    answer = faulty("check", "--csv", str(faulty.folder / "nowhere" / "findings.csv"))
    assert answer.code == 2
    assert "cannot be written" in one_sentence(answer)


def test_sentences_about_numbers_are_in_the_chosen_language(faulty: Office) -> None:
    for lang in ("nb", "nn"):
        [finding] = faulty("--lang", lang, "check", "--json", "--only", "P-NIN-FILLER").json["findings"]
        said = finding["sentence"].removeprefix("norEduPersonNIN: ")
        assert SENTENCES["N-FILLER"].in_language(lang).startswith(said)


def test_in_a_terminal_it_is_a_table_that_cuts_no_name(faulty: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_terminal", partial(Console, force_terminal=True, color_system=None))
    shown = faulty("check").out
    assert "│" in shown
    assert f"petro@{REALM}" in shown
    assert "P-PENDING" not in shown.partition("known and accepted")[0]


def test_an_export_is_checked_in_place_of_the_directory(faulty: Office, tmp_path: Any) -> None:
    export = tmp_path / "export.ldif"
    export.write_text(faulty.catalogue.read_text("utf-8") + user("other", norEduPersonNIN=["12829499915"]), "utf-8")
    assert ("P-NIN-CHECK", f"other@{REALM}", False) in codes(faulty("check", "--ldif", str(export), "--json"))
    assert faulty("check", "--ldif", str(tmp_path / "none.ldif")).code == 2


def test_a_part_of_a_directory_is_checked_too_users_first(office: Office, tmp_path: Any) -> None:
    export = tmp_path / "export.ldif"
    export.write_text(user("olena") + office.catalogue.read_text("utf-8").replace("version: 1", ""), "utf-8")
    assert codes(office("check", "--ldif", str(export), "--json")) == []


@pytest.mark.parametrize("command", ["check", "pending"])
def test_what_only_reads_begins_no_journal_and_makes_no_key(office: Office, command: str) -> None:
    add(office, user("ida", norEduPersonNIN=[]))
    office.set("[directory]\n", '[directory]\nmode = "watch"\n')
    before = sorted(office.folder.iterdir())
    assert office(command).code == 0
    assert sorted(office.folder.iterdir()) == before


def test_a_directory_whose_file_is_not_there_is_said(office: Office, one_sentence: Any) -> None:
    office.catalogue.unlink()
    answer = office("check")
    assert answer.code == 2
    assert one_sentence(answer).startswith("There is no LDIF directory")


def test_two_accounts_of_one_person_may_hold_one_number(faulty: Office) -> None:
    assert faulty("resolve", f"olena@{REALM}", "--second-account-of", f"twin@{REALM}", "--yes").code == 0
    found = codes(faulty("check", "--json", "--only", "P-NIN-TWICE"))
    assert found == [("P-NIN-TWICE", f"{name}@{REALM}", True) for name in ("olena", "twin")]


def test_a_number_that_somebody_saw_is_expected(office: Office) -> None:
    add(office, user("olena", norEduPersonNIN=[], norEduPersonBirthDate=["19950212"]))
    numbers = office.write(
        "seen.csv",
        f"user;national_number;evidence;seen_by;seen_on\nolena@{REALM};12829499914;letter;Kari Nordmann;2026-11-01\n",
    )
    assert office("attach", numbers, "--yes").code == 0
    assert codes(office("check", "--json")) == [("P-NIN-DATE", f"olena@{REALM}", True)]


@pytest.mark.parametrize("by", ["directory", "entra"])
def test_a_closed_user_lacks_what_it_should(office: Office, by: str) -> None:
    if by == "entra":
        office.set("[login]\n", '[login]\nby = "entra"\n')
    mails = [{"mail": [f"{name}@{REALM}"]} for name in ("olena", "ida")]
    add(office, user("olena", employeeNumber=["p1"], **mails[0]), user("ida", norEduPersonNIN=[], **mails[1]))
    assert office("resolve", f"olena@{REALM}", "--same-as", "p1", "--yes").code == 0
    assert office("close", f"olena@{REALM}", "--yes").code == 0
    answer = office("check", "--json")
    assert answer.code == 0
    names = {one["code"]: one["because"] for one in answer.json["findings"]}
    assert names == {"P-PENDING": "The user is waiting for a number."} | (
        {"P-MISSING-EDUPERSONPRINCIPALNAME": "The user was closed."} if by == "entra" else {}
    )


def test_adult_education_without_grades_and_users_of_no_school_are_expected(office: Office) -> None:
    adult = ["ou=Solbakken læringssenter,o=Skotthyll kommune,dc=skotthyll,dc=no"]
    units = dict.fromkeys(("eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN"), adult)
    nowhere: dict[str, list[str]] = {name: [] for name in units}
    staff = {"eduPersonAffiliation": ["staff", "employee", "member"], "eduPersonEntitlement": []}
    add(
        office,
        user("ana", norEduPersonNIN=[], eduPersonEntitlement=list(CLASS[1:]), **units),
        user("kari", norEduPersonNIN=[], **staff, **nowhere),
        user("nils", norEduPersonNIN=[], **nowhere),
    )
    assert sorted(codes(office("check", "--json", "--ignore", "P-PENDING"))) == [
        ("P-GREP-NONE", f"ana@{REALM}", True),
        ("P-MISSING-EDUPERSONENTITLEMENT", f"kari@{REALM}", True),
        ("P-MISSING-EDUPERSONORGUNITDN", f"kari@{REALM}", True),
        ("P-MISSING-EDUPERSONORGUNITDN", f"nils@{REALM}", False),
        ("P-MISSING-EDUPERSONPRIMARYORGUNITDN", f"kari@{REALM}", True),
        ("P-MISSING-EDUPERSONPRIMARYORGUNITDN", f"nils@{REALM}", False),
        ("P-UNIT-NONE", f"nils@{REALM}", False),
    ]
