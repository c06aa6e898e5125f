"""A number in a wrong place of a command line, or in a login name, is shown nowhere and kept nowhere."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from size import size

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

PARTS = ("128294", "99914")  # Tenor's
ALL_SPELLINGS = ["{}{}", "{}/{}", "{} : {}", "{}-{}", "{}_{}", "{}, {}"]
SPELLINGS = size(ALL_SPELLINGS[:3], ALL_SPELLINGS)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_argument_is_not_echoed(office: Office, spelling: str) -> None:
    number = spelling.format(*PARTS)
    people = office.people("ref-1;Olena;Kovalenko;;hylla;pupil;")
    for words in (
        ["history", number],
        ["history", number, "--json"],
        ["journal", number, "--json"],
        ["services", number, "--json"],
        [number],
        [number, "--json"],
        ["plan", people, f"--{number}"],
        ["plan", people, "--only", number],
        ["plan", people, "--source", number],
        ["plan", people, "--encoding", number],
        ["plan", f"{number}.csv"],
        ["plan", people, number],
        ["pending", "--older-than", number],
        ["pending", "--school", number],
        ["attach", people, "--evidence", "letter", "--seen-by", number, "--seen-on", "2026-11-02"],
        ["attach", people, "--evidence", number, "--seen-by", "Kari", "--seen-on", number],
        ["resolve", number, "--same-as", number],
        ["close", number],
        ["--lang", number, "check"],
    ):
        answer = office(*words)
        for part in PARTS:
            assert part not in answer.out + answer.err, words


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_login_name_that_is_a_number_is_not_in_the_journal(
    office: Office, spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", spelling.format(*PARTS))
    assert office("apply", office.people("ref-1;Olena;Kovalenko;;hylla;pupil;"), "--yes").code == 0
    database = sqlite3.connect(office.journal)
    kept = "\n".join(database.iterdump())
    database.close()
    assert not any(part in kept for part in PARTS)
    assert not any(part in office("history", "olenkova@skotthyll.kommune.no").out for part in PARTS)
