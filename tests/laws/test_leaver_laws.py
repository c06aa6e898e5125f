"""Whoever is closed by a file has left, as far as two full files of different days can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import Client, PersonRecord
from feideprov.client.lists import listed_people
from feideprov.intake.file_facts import Extent, FileFacts, Format
from feideprov.intake.person_list import PersonList
from feideprov.provision.plan.plan import Plan
from feideprov.testing import example_directory, example_settings

BEFORE_SUMMER = date(2027, 6, 8)
PROTECTED = "hylla-1"
EVERYBODY = tuple(f"{school}-{n}" for school in ("hylla", "berg") for n in range(1, 5))


@dataclass(frozen=True)
class Night:
    """What comes in one night. `days` after the one before."""

    days: int
    keys: frozenset[str]
    kind: str
    covered: frozenset[str]


NIGHTS = st.lists(
    st.builds(
        Night,
        st.integers(0, 4),
        st.frozensets(st.sampled_from(EVERYBODY), max_size=5).map(lambda gone: frozenset(EVERYBODY) - gone)
        | st.frozensets(st.sampled_from(EVERYBODY)),
        st.sampled_from(("full", "full", "full", "saved", "dry", "delta", "table")),
        st.sampled_from((("hylla", "berg"), ("hylla", "berg"), ("hylla",), ())).map(frozenset),
    ),
    min_size=2,
    max_size=7,
)


def people(keys: Sequence[str]) -> tuple[PersonRecord, ...]:
    return tuple(
        PersonRecord(
            source_id=key,
            given_name="Abcdefghij"[EVERYBODY.index(key)] * 3,
            family_name="Nordmann",
            school=key.partition("-")[0],
            role="pupil",
            protected=key == PROTECTED,
        )
        for key in keys
    )


class Office:
    """One organization over many nights."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.day = folder, BEFORE_SUMMER
        self.settings = example_settings(
            folder,
            protection={"people": "none"},
            journal={"url": "sqlite://"},
            closing={"summer": "06-15/06-20"},
        )
        self.directory, self.journal = example_directory(), None
        first = self.client(self.day)
        first.apply(first.plan(people(EVERYBODY[1:])))
        first.apply(first.plan(people([PROTECTED]), only=PROTECTED))

    def client(self, on: date) -> Client:
        client = Client(
            self.settings, directory=self.directory, journal=self.journal, keys=b"a key of nobody at all", on=on
        )
        self.journal = client._context.journal
        return client

    def comes(self, night: Night) -> frozenset[str]:
        """Carries a night out. Gives the keys of those whom it closes."""
        self.day += timedelta(days=night.days)
        extent = {"delta": Extent.DELTA, "table": None}.get(night.kind, Extent.FULL)
        keys = sorted(night.keys)
        facts = FileFacts(
            Format.CSV if night.kind == "table" else Format.PIFU,
            extent=extent,
            made_on=self.day,
            schools=night.covered,
            people=len(keys),
        )
        client = self.client(self.day)
        listed = PersonList(people(keys), (), (), file=facts)
        with mock.patch.object(listed_people, "read_people", return_value=listed):
            plan = client.plan(self.folder / "night.xml", leavers=True)
            if night.kind == "dry":
                return frozenset()
            if night.kind == "saved":
                plan.save(self.folder / "plan.json", client=client, source=self.folder / "night.xml")
                plan = Plan.load(self.folder / "plan.json", client=client)
            outcome = client.apply(plan, allow_changes=100, allow_fewer=0)
        return frozenset(change.source_id for change in outcome.changes if change.kind == "close")


@settings(max_examples=size(8, 300))
@given(nights=NIGHTS)
def test_nobody_is_closed_who_may_be_there(tmp_path_factory, nights):
    office = Office(tmp_path_factory.mktemp("office"))
    files: list[tuple[date, Night]] = []
    for night in nights:
        closed = office.comes(night)
        if night.kind in ("full", "saved") and night.covered:
            files.append((office.day, night))
        if not closed:
            continue
        (before, earlier), (day, last) = files[-2:]
        assert last is night
        assert before <= day
        assert closed.isdisjoint(earlier.keys | last.keys)
        assert {key.partition("-")[0] for key in closed} <= last.covered
        assert PROTECTED not in closed
        assert not date(2027, 6, 15) <= day <= date(2027, 6, 20)
        without = [when for when, file in files if closed & file.keys]
        assert all(when < day for when in without)
        for school in ("hylla", "berg"):
            of_school = {key for key in closed if key.startswith(school)}
            assert len(of_school) != 1


@settings(max_examples=size(4, 100))
@given(nights=NIGHTS, gone=st.sets(st.sampled_from(EVERYBODY[4:]), min_size=2, max_size=4))
def test_who_is_gone_from_two_full_files_after_all_others_is_closed(tmp_path_factory, nights, gone):
    """Whatever came before: with two more full files of different days, and no summer."""
    office = Office(tmp_path_factory.mktemp("office"))
    closed = frozenset[str]()
    for night in nights:
        closed |= office.comes(night)
    everybody = Night(30, frozenset(EVERYBODY), "full", frozenset({"hylla", "berg"}))
    office.comes(everybody)
    left = gone - closed
    without = replace(everybody, days=1, keys=frozenset(EVERYBODY) - gone)
    assert office.comes(without) == frozenset()
    assert office.comes(without) == (left if len(left) > 1 else frozenset())
