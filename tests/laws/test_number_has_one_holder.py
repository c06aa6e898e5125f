"""Whatever is planned, applied, attached, replaced, withdrawn, in whatever order: one entry at most holds a number."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from size import size

from feideprov import Client, Entry, Evidence, Journal, MarkKey, NumberText, PersonRecord, Plan, Refused
from feideprov.directory.entry import Add
from feideprov.testing import example_directory, example_settings

NIN = "norEduPersonNIN"
NUMBERS = {  # Tenor's, with the birth dates they mean
    "57912075186": date(2020, 11, 17),
    "69822075096": date(2020, 2, 29),
    "45840375084": date(2003, 4, 5),
}
PEOPLE = [("p1", "Олена", "Коваленко"), ("p2", "Olena", "Kovalenko"), ("p3", "ሰላም", ""), ("p4", "عمر", "حسن")]
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
numbers = st.sampled_from(sorted(NUMBERS))
lists = st.lists(
    st.tuples(st.sampled_from(PEOPLE), numbers | st.none() | numbers),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row[0],
)


class Municipality(RuleBasedStateMachine):
    """People and numbers are few, so that they meet often."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.directory = example_directory()
        key = MarkKey(b"a key for examples and nothing else")
        self.journal = Journal("sqlite://", "skotthyll.kommune.no", key=key, actor="laws")
        self.client = Client(
            example_settings(Path(self.folder.name)),
            directory=self.directory,
            journal=self.journal,
            on=date(2026, 11, 22),
        )
        self.strangers = 0
        self.waiting: list[Plan] = []

    def teardown(self) -> None:
        self.journal.close()
        self.folder.cleanup()

    @initialize(rows=lists)
    def begin(self, rows):
        self.plan(rows)

    @rule(rows=lists)
    def plan(self, rows):
        plan = self.client.plan(
            PersonRecord(
                source_id=source_id,
                given_name=given,
                family_name=family,
                school="hylla",
                role="pupil",
                national_number=NumberText(number) if number else None,
                birth_date=NUMBERS[number] if number else None,
            )
            for (source_id, given, family), number in rows
        )
        self.waiting.append(plan)

    @rule(data=st.data())
    def apply(self, data):
        """Any plan that was ever made, once more too."""
        outcome = self.client.apply(data.draw(st.sampled_from(self.waiting)), allow_changes=100)
        assert not outcome.failures

    @rule(data=st.data(), number=numbers, seen=st.sampled_from([None, SEEN]))
    def attach(self, data, number, seen):
        users = sorted(entry.text("eduPersonPrincipalName") for entry in self.users())
        if users:
            with suppress(Refused):
                self.client.attach(data.draw(st.sampled_from(users)), number, evidence=seen, birth_date=NUMBERS[number])

    @rule(data=st.data(), old=numbers, number=numbers)
    def replace(self, data, old, number):
        users = sorted(entry.text("eduPersonPrincipalName") for entry in self.users())
        if users:
            with suppress(Refused):
                self.client.replace(data.draw(st.sampled_from(users)), old, number, evidence=SEEN)

    @rule(data=st.data(), number=numbers)
    def withdraw(self, data, number):
        users = sorted(entry.text("eduPersonPrincipalName") for entry in self.users())
        if users:
            with suppress(Refused):
                self.client.withdraw(data.draw(st.sampled_from(users)), number)

    @rule(number=numbers)
    def somebody_else_registers_it(self, number):
        if number not in self.held():
            self.strangers += 1
            uid = f"stranger{self.strangers}"
            values = {
                "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
                **{name: [uid] for name in ("uid", "cn", "sn")},
                "eduPersonPrincipalName": [f"{uid}@skotthyll.kommune.no"],
                NIN: [number],
            }
            dn = self.directory.base.child("ou", "people").child("uid", uid)
            assert not next(self.directory.write([Add(Entry(dn, values))])).error

    def users(self) -> list[Entry]:
        return [entry for entry in self.directory.entries() if entry.values("uid")]

    def held(self) -> Counter:
        return Counter(text for entry in self.users() for text in entry.texts(NIN))

    @invariant()
    def a_number_is_held_by_at_most_one_entry(self):
        assert not [count for count in self.held().values() if count > 1]

    @invariant()
    def a_person_has_one_user_and_a_name_one_person(self):
        for attribute in ("uid", "eduPersonPrincipalName", "employeeNumber"):
            values = [text for entry in self.users() for text in entry.texts(attribute)]
            assert len(set(values)) == len(values)

    @invariant()
    def nothing_is_left_open(self):
        assert {str(event.state) for event in self.journal.events()} <= {"done", "refused", "taken back"}


TestANumberIsHeldByAtMostOneEntry = Municipality.TestCase
TestANumberIsHeldByAtMostOneEntry.settings = settings(deadline=None, max_examples=size(8, 60), stateful_step_count=15)
