"""Whoever is closed by a file has left, as far as two full files of different days can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

from hypothesis import Phase, given, settings
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
SUMMER = date(2027, 6, 11), date(2027, 6, 16)
SCHOOLS = {f"{school}-{n}": (school,) for school in ("hylla", "berg") for n in range(1, 4)}
SCHOOLS |= {"both-1": ("hylla", "berg"), "both-2": ("berg", "hylla")}
EVERYBODY = tuple(SCHOOLS)
GONE = (
    ("hylla-2", "hylla-3"),
    ("both-1", "hylla-2"),
    ("both-1", "hylla-2", "berg-1"),
    ("both-1", "both-2"),
    ("hylla-2", "hylla-3", "berg-1", "berg-2"),
)
"""Few, so that the same people are gone on several nights."""


@dataclass(frozen=True)
class Night:
    """What comes in one night. `days` after the one before."""

    days: int
    keys: frozenset[str]
    kind: str
    covered: frozenset[str]

    @property
    def is_full(self) -> bool:
        return self.kind in ("full", "saved")


NIGHTS = st.lists(
    st.builds(
        Night,
        st.sampled_from((1, 1, 2, 0)),
        (st.sampled_from(GONE) | st.frozensets(st.sampled_from(EVERYBODY))).map(
            lambda gone: frozenset(EVERYBODY) - frozenset(gone)
        ),
        st.sampled_from(("full", "full", "full", "full", "saved", "dry", "delta", "table")),
        st.sampled_from((("hylla", "berg"), ("hylla", "berg"), ("hylla",), ())).map(frozenset),
    ),
    min_size=3,
    max_size=8,
)


def people(keys: Sequence[str]) -> tuple[PersonRecord, ...]:
    return tuple(
        PersonRecord(
            source_id=key,
            given_name="Abcdefghij"[EVERYBODY.index(key)] * 3,
            family_name="Nordmann",
            school=SCHOOLS[key],
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
            closing={"summer": f"{SUMMER[0]:%m-%d}/{SUMMER[1]:%m-%d}"},
        )
        self.directory, self.journal = example_directory(), None
        first = self.client(self.day)
        first.apply(first.plan(people([key for key in EVERYBODY if key != PROTECTED])))
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


class Expected:
    """Who is to be closed, found anew each night by looking back over all nights that were carried out."""

    def __init__(self) -> None:
        self.past: list[tuple[date, Night]] = []
        self.closed = frozenset[str]()

    def comes(self, day: date, night: Night) -> frozenset[str]:
        if night.kind == "dry":
            return frozenset()
        self.past.append((day, night))
        if not (night.is_full and night.covered) or SUMMER[0] <= day <= SUMMER[1]:
            return frozenset()
        since = {key: self.since(key) for key in SCHOOLS.keys() - night.keys - self.closed - {PROTECTED}}
        closed = frozenset(
            key
            for key, first in since.items()
            if first is not None and first < day and night.covered.issuperset(SCHOOLS[key])
            if all(any(self.together(key, other, school, since) for other in since) for school in SCHOOLS[key])
        )
        self.closed |= closed
        return closed

    def since(self, key: str) -> date | None:
        """The day of the first full file without somebody since the last list that had them."""
        first = None
        for day, night in reversed(self.past):
            if key in night.keys:
                break
            if night.is_full and not night.covered.isdisjoint(SCHOOLS[key]):
                first = day
        return first

    @staticmethod
    def together(key: str, other: str, school: str, since: dict[str, date | None]) -> bool:
        return key != other and school in SCHOOLS[other] and since[key] == since[other]


# no smaller example is looked for: each takes a tenth of a second, and there may be thousands
@settings(max_examples=size(12, 150), phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(nights=NIGHTS)
def test_exactly_they_are_closed_who_may_be(tmp_path_factory, nights):
    office, expected = Office(tmp_path_factory.mktemp("office")), Expected()
    for night in nights:
        closed = office.comes(night)
        assert closed == expected.comes(office.day, night)
