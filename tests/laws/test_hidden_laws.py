"""Laws of rights that hide. Each name is the law; whatever the account cannot see, in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size
from veiled import NAME, NIN, VeiledDirectory

from feideprov import DirectoryError, Evidence, PersonRecord
from feideprov.provision.pending import query_sheet

SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
NUMBERS = {"p0": "52829400197", "p1": "45840375084", "p2": "57912075186"}  # Tenor's
PEOPLE = [
    PersonRecord(source_id=f"p{n}", given_name=given_name, family_name="Demir", school="hylla", role="pupil")
    for n, given_name in enumerate(("Olena", "Kari", "Yusuf", "Amina", "Ivan"))
]
STEPS = ("hide", "show", "hide number", "show number", "hide source id", "change", "delete", "apply", "observe")
steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 4)), min_size=3, max_size=10)
lawful = settings(deadline=None, max_examples=size(8, 200))


class Office:
    """What an administrator and others do to one person, by the name of the step."""

    def __init__(self, h) -> None:
        self.h, self.directory, self.client = h, h.directory, h.client

    def do(self, what: str, source_id: str) -> None:
        """One step. A command that stops because it sees too little has done nothing."""
        with suppress(DirectoryError):
            {"apply": self.apply, "observe": self.client.observe}.get(what, lambda: self.by_others(what, source_id))()

    def apply(self) -> None:
        self.h.apply(PEOPLE)

    def by_others(self, what: str, source_id: str) -> None:
        if not (found := self.directory.with_source_id(source_id)):
            return
        [entry], veiled = found, self.directory.veiled
        user = (entry.text(NAME) or "").lower()
        steps: dict[str, Callable[[], object]] = {
            "hide": lambda: self.directory.hidden.add(user),
            "show": lambda: self.directory.hidden.discard(user),
            "hide number": lambda: veiled.setdefault(user, set()).add(NIN),
            "show number": lambda: veiled.pop(user, None),
            "hide source id": lambda: veiled.setdefault(user, set()).add("employeeNumber"),
            "change": lambda: user in veiled or self.changed_and_seen(entry),
            "delete": lambda: self.deleted_on_purpose(user, entry),
        }
        steps[what]()

    def changed_and_seen(self, entry) -> None:
        """An entry that changed since the last observation, and lost its number, is one whose number was removed."""
        self.directory.by_another_hand(entry, title=["Elev"])
        self.client.observe()

    def deleted_on_purpose(self, user: str, entry) -> None:
        self.directory.deleted_by_another_hand(entry)
        self.client.users.resolve(user, gone=True)


@lawful
@given(steps)
def test_whatever_is_hidden_nobody_is_made_twice_no_withdrawal_is_told_and_nobody_with_a_number_is_looked_for(
    house, plan
):
    with house(VeiledDirectory()) as h:
        office = Office(h)
        h.apply(PEOPLE)
        for source_id, number in NUMBERS.items():
            h.client.attach(h.directory.user(source_id).text(NAME), number, evidence=SEEN)
        h.client.observe()
        for what, which in [*plan, ("apply", 0), ("observe", 0)]:
            office.do(what, f"p{which}")
            assert all(len(h.directory.with_source_id(person.source_id)) <= 1 for person in PEOPLE)
            assert "seen-withdraw" not in {event.kind for event in h.journal.events()}
            with suppress(DirectoryError):
                sheet = query_sheet(h.client.pending()).decode("utf-8-sig")
                with_number = [entry.text(NAME) for entry in h.users() if entry.values(NIN)]
                assert not [name for name in with_number if f";{name};" in sheet]
        h.directory.hidden.clear()
        h.directory.veiled.clear()
        office.apply()
        assert [len(h.directory.with_source_id(person.source_id)) for person in PEOPLE] == [1] * len(PEOPLE)
        assert h.client.observe().refusals == ()
