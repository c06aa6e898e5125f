"""Which night was missed, interrupted or not told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feideprov.nightly.past import PastNight, matters_of_nights, no_run_since, since_told

FIRST = datetime(2026, 9, 1, 3, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def night(days: float, *, ended: bool = True, told: bool = True) -> PastNight:
    began = FIRST + days * DAY
    return PastNight(began, began + timedelta(minutes=2) if ended else None, 0 if ended else None, told)


def said(nights: list[PastNight], now: float, every_days: int = 1) -> list[str]:
    found = matters_of_nights(nights, FIRST + now * DAY, every_days, lambda *texts: " ".join(texts))
    return [str(one.sentence).partition(". ")[0].rstrip(".") for one in found]


@pytest.mark.parametrize(("days", "told"), [(1, False), (1.25, False), (1.3, True), (3, True)])
def test_a_run_may_begin_six_hours_late(days: float, told: bool) -> None:
    assert bool(no_run_since(FIRST, FIRST + days * DAY, 1)) is told


def test_a_run_that_did_not_happen_is_told_with_its_days() -> None:
    assert said([night(0)], 3) == ["No nightly run for 3 days"]
    assert said([night(0)], 3.01, every_days=3) == []


def test_where_nightly_was_never_used_nothing_is_said() -> None:
    assert said([], 400) == []


def test_a_night_without_an_end_was_interrupted() -> None:
    assert said([night(0), night(1, ended=False, told=False)], 2) == ["The nightly run of 2026-09-02 was interrupted"]


def test_a_mail_that_was_not_sent_is_told_and_so_is_what_was_before_it() -> None:
    nights = [night(0), night(3, told=False)]
    assert said(nights, 4) == ["No nightly run for 3 days", "The mail about the night of 2026-09-04 could not be sent"]


def test_what_was_told_is_not_said_again() -> None:
    nights = [night(0), night(3, told=False), night(4)]
    assert since_told(nights) == [night(4)]
    assert said(since_told(nights), 5) == []
