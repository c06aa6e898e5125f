"""What a person is told of the nights: all of it, and once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest import mock

from hypothesis import example, given, settings
from hypothesis import strategies as st
from size import size

from feideprov.messages import Sentence
from feideprov.nightly.kept import Nights
from feideprov.nightly.matter import Matter, compared, to_be_kept
from feideprov.nightly.night import Night
from feideprov.nightly.run import NightRun
from feideprov.services.outbox.smtp import NotSent, Smtp

PLACES = ("source visma", "check", "today")
MARKS = st.frozensets(st.sampled_from("abcd"))
FOUND = st.dictionaries(st.sampled_from(PLACES), MARKS)
"""By place that was looked at, the marks that are there. A place that is missing was not looked at."""


def matters(found: dict[str, frozenset[str]]) -> list[Matter]:
    return [Matter(place, "kind", marks, lambda _: Sentence("-")) for place, marks in found.items()]


def marks_of(some: tuple[Matter, ...]) -> set[tuple[str, str]]:
    return {(matter.place, mark) for matter in some for mark in matter.about}


@given(st.lists(st.tuples(FOUND, st.booleans())))
def test_each_thing_is_told_once_for_as_long_as_it_is_there(
    nights: list[tuple[dict[str, frozenset[str]], bool]],
) -> None:
    """`heard` is what a person knows, by a rule of its own: told, and not gone since."""
    told: dict[str, frozenset[str]] = {}
    heard: set[tuple[str, str]] = set()
    for found, arrives in nights:
        there = {(place, mark) for place, marks in found.items() for mark in marks}
        result = compared(matters(found), told)
        assert marks_of(result.new) == there - heard
        assert marks_of(result.remaining) == there & heard
        if arrives:
            told |= to_be_kept(matters(found), found)
            heard = {one for one in heard if one[0] not in found} | there


ROWS = st.frozensets(st.sampled_from(range(4)), max_size=3)
HEADING = "source_id;given_name;family_name;birth_date;school;role\n"
BEGIN = datetime(2026, 9, 1, 3, 30, tzinfo=UTC)


@settings(max_examples=size(3, 40))
@example([(frozenset({1}), False), (frozenset({1, 2}), True), (frozenset({2}), False), (frozenset({1, 2}), True)])
@given(st.lists(st.tuples(ROWS, st.booleans()), min_size=1, max_size=4))
def test_nothing_new_is_lost_by_a_failed_mail_and_a_night_that_is_repeated_is_quiet(house, nights) -> None:
    """Rows of a source whose school does not exist, on a client with its journal; the mail arrives or does not."""
    source = {"name": "visma", "evidence": "letter", "confirmed_by": "Kari", "confirmed_on": "2026-08-01"}
    with house(sources=[source], smtp={"host": "localhost", "security": "off"}) as h:
        file, heard, now = h.folder / "visma.csv", frozenset[int](), BEGIN
        for rows, arrives in nights:
            text = "".join(f"r-{n};Anna;Berg{n};;nowhere;pupil\n" for n in sorted(rows))
            file.write_text(f"{HEADING}r-0k;Olena;Kovalenko;2012-02-12;hylla;pupil\n{text}")
            now += timedelta(days=1)
            night = run(h.client, file, now, arrives=arrives)
            assert new_rows(night) == len(rows - heard)
            if arrives or not night.exit_code:  # where nothing is new, there is nothing to tell
                heard = rows
                again = run(h.client, file, now, arrives=False)  # no mail is tried
                assert (again.exit_code, again.new, again.mailed) == (0, (), False)


def new_rows(night: Night) -> int:
    return sum(matter.count for matter in night.new if matter.place == "source visma")


def run(client, file: Path, now: datetime, *, arrives: bool) -> Night:
    journal = client._context.journal

    def send(*_: object, **__: object) -> None:
        if not arrives:
            raise NotSent(Sentence("It was not sent."), permanent=False, about_server=True)

    with mock.patch.object(Smtp, "send", send):
        to = "feide@skotthyll.kommune.no"
        one = NightRun(
            client, lambda: journal, [("visma", file)], on=client.on, to=to, language="nb", clock=lambda: now
        )
        night = one.run()
    assert Nights(journal).all()[-1].exit_code == night.exit_code
    return night
