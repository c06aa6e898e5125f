"""Days in Norway: midnight there is one or two hours before midnight in UTC, which the journal and LDAP keep."""

from __future__ import annotations

import doctest
from datetime import date

import pytest

from feideprov.journal.events import Event, Kind, State
from feideprov.journal.users import KnownUsers
from feideprov.tables import day
from feideprov.tables.day import day_in_norway, day_of


def test_the_examples() -> None:
    assert doctest.testmod(day).failed == 0


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-28T22:59:59+00:00", date(2026, 11, 28)),
        ("2026-11-28T23:00:00+00:00", date(2026, 11, 29)),
        ("2026-07-31T22:00:00+00:00", date(2026, 8, 1)),
        ("2026-12-31T23:30:00", date(2027, 1, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_norway(moment: str, expected: date) -> None:
    assert day_in_norway(moment) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20261128", date(2026, 11, 28)),
        ("20261128225959Z", date(2026, 11, 28)),
        ("20261128230000Z", date(2026, 11, 29)),
        ("20261128230000.0Z", date(2026, 11, 29)),
        ("20261345", None),
        ("2026112", None),
        ("", None),
    ],
)
def test_the_day_of_a_text_of_ldap(text: str, expected: date | None) -> None:
    assert day_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20261128230000", date(2026, 11, 29)),
        ("2026112823Z", date(2026, 11, 29)),
        ("202611282259Z", date(2026, 11, 28)),
        ("202611282300Z", date(2026, 11, 29)),
        ("2026112822.5Z", date(2026, 11, 28)),
        ("2026112822,999Z", date(2026, 11, 28)),
        ("202611282259.9Z", date(2026, 11, 28)),
        ("20261129003000+0100", date(2026, 11, 29)),
        ("20261129000000+0100", date(2026, 11, 29)),
        ("20261128235959+0100", date(2026, 11, 28)),
        ("20261128180000-0500", date(2026, 11, 29)),
        ("2026112818-05", date(2026, 11, 29)),
        ("202611290030.5+01", date(2026, 11, 29)),
        ("20261129010000,25+0130", date(2026, 11, 29)),
        ("20261231235960Z", date(2027, 1, 1)),
        ("20261129", date(2026, 11, 29)),
    ],
)
def test_generalized_time_is_read_in_all_its_forms(text: str, expected: date) -> None:
    assert day_of(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "20261128225959Zulu",
        "20261128225959.Z",
        "20261128225959+01000",
        "20261128225959+2500",
        "20261128225959+0160",
        "20261128225959+1",
        "202611282",
        "20261128246000Z",
        "20261128225961Z",
        "2026112825Z",
        "20260230120000Z",
        "\u0662026112822Z",
        "00010101000000+0500",
    ],
)
def test_what_is_no_generalized_time_is_no_day(text: str) -> None:
    assert day_of(text) is None


def test_a_user_who_is_made_just_after_midnight_has_waited_since_that_day() -> None:
    made = Event(Kind.CREATE, "a@b.no", "uid=a,dc=b", state=State.DONE, at="2026-11-28T23:20:00+00:00")
    assert KnownUsers.of([made]).waiting_since("a@b.no") == date(2026, 11, 29)
