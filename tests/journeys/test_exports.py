"""Exports as directories really make them: attribute options, aliases, deleted entries, values in other files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.conftest import Answer, Office

CASES = Path(__file__).parents[1] / "data" / "cases"
REALM = "skotthyll.kommune.no"


def checked(office: Office, name: str, *words: str) -> Answer:
    return office("check", "--ldif", str(CASES / name), "--json", *words)


def about_people(answer: Answer) -> set[tuple[str, str]]:
    """The unexpected findings about people, by user name."""
    found = answer.json["findings"]
    return {(one["code"], one["user"].partition("@")[0]) for one in found if one["user"] and not one["expected"]}


def test_of_an_export_of_389_with_its_state_only_the_wrong_number_is_found(office: Office) -> None:
    answer = checked(office, "389-replication-state.ldif")
    assert about_people(answer) == {("P-NIN-ALIKE", "bob")}, answer.err


def test_an_entry_that_389_keeps_after_its_deletion_is_nobodys_double(office: Office) -> None:
    answer = checked(office, "389-tombstone.ldif")
    assert about_people(answer) == set()
    assert answer.err == ""


def test_names_in_a_language_are_the_names_of_organization_and_school(office: Office) -> None:
    answer = checked(office, "language-options.ldif")
    missing = [one["code"] for one in answer.json["findings"] if "MISSING" in one["code"] and not one["user"]]
    assert missing == [], answer.err


def test_attributes_by_their_other_names_are_not_missing(office: Office) -> None:
    answer = checked(office, "attribute-aliases.ldif")
    assert about_people(answer) == set(), answer.err


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_a_photo_in_another_file_is_a_note(office: Office, words: tuple[str, ...]) -> None:
    answer = office("check", "--ldif", str(CASES / "url-value.ldif"), *words)
    assert answer.code in (0, 1)
    assert answer.err.count("\n") == 1
    assert "url-value.ldif: 1 value in another file (“attribute:< URL”) was not read: jpegPhoto." in answer.err


def test_a_name_in_another_file_is_refused_by_every_command(office: Office) -> None:
    text = (
        (CASES / "url-value.ldif")
        .read_text(encoding="utf-8")
        .replace("displayName: Test bob", "displayName:< file:///a")
    )
    path = office.write("export.ldif", text)
    assert office("check", "--ldif", path).code == 2
    answer = office("observe", "--ldif", path)
    assert answer.code == 0, answer.err  # it does not read names of people
    office.catalogue.write_text(text, encoding="utf-8")
    for words in (("check",), ("plan", office.people("k-1;Olena;Kovalenko;1994-02-12;hylla;pupil;"))):
        answer = office(*words)
        assert answer.code == 2
        assert re.search(r"Line \d+: a value of displayName is in another file .* but is needed\.", answer.err)


def test_changes_are_refused_at_the_line_where_they_begin(
    office: Office, one_sentence: Callable[[Answer], str]
) -> None:
    content = (CASES / "change-records.ldif").read_bytes()
    line = content[: content.index(b"changetype")].count(b"\n")
    for command in ("check", "observe"):
        answer = office(command, "--ldif", str(CASES / "change-records.ldif"))
        assert answer.code == 2
        assert f"Line {line}: this LDIF contains changes" in one_sentence(answer)


def test_a_number_under_an_option_stays_one_persons(office: Office) -> None:
    people = office.people("k-1;Olena;Kovalenko;1994-02-12;hylla;pupil;", "k-2;Anna;Lie;1994-02-12;hylla;pupil;")
    assert office("apply", people, "--yes").code == 0
    text = office.catalogue.read_text(encoding="utf-8")
    first = office.entry("k-1").text("uid")
    mark = f"eduPersonPrincipalName: {first}@{REALM}\n"
    office.catalogue.write_text(text.replace(mark, f"{mark}norEduPersonNIN;lang-nb: 52829400197\n"), encoding="utf-8")
    numbers = office.write("numbers.csv", "source_id;birth_date;national_number\nk-2;1994-02-12;52829400197\n")
    answer = office("attach", numbers, "--yes")
    assert answer.code == 1
    assert "R-HELD-BY-ANOTHER" in answer.out
    assert "norEduPersonNIN" not in office.entry("k-2")
    observed = office("observe", "--json")
    assert observed.json["looked_at"] == 2


def test_active_directory_says_since_when_a_user_waits(office: Office) -> None:
    office.catalogue.write_bytes((CASES / "ad-when-created.ldif").read_bytes())
    waiting = office("pending", "--json").json["users"]
    assert [(one["since"], one["since_source"]) for one in waiting] == [("2025-01-01", "directory")] * 3
    answer = checked(office, "ad-when-created.ldif")
    overdue = [one for one in answer.json["findings"] if one["code"] == "P-PENDING-LONG"]
    assert len(overdue) == 3
