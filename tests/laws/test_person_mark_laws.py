"""Laws of the marks of people in the journal. Each name is the law."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import Event, Journal, MarkKey, Refused
from feideprov.journal.events import State
from feideprov.journal.people import KnownPeople, PersonMarks, keep_people

REALM = "skotthyll.kommune.no"
KEY = MarkKey(b"a key for examples and nothing else")
NAMES, SOURCE_IDS = ("n1", "n2", "n3"), ("s1", "s2")

users = st.sampled_from([f"{name}@{REALM}" for name in ("anna", "lina", "LINA")])
marks = st.builds(
    PersonMarks,
    st.frozensets(st.sampled_from(NAMES)),
    st.frozensets(st.sampled_from(SOURCE_IDS)),
    st.sampled_from(["r1", "r2", "r3"]),
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("intend"), users, marks),
        st.tuples(st.just("advance"), st.integers(0, 5), st.sampled_from(State)),
        st.tuples(st.just("keep"), users, marks),
        st.tuples(st.just("forget"), users),
    ),
    max_size=14,
)


@dataclass
class Model:
    """What was said of whom: by changes, and of users that were there already."""

    changes: dict[int, tuple[str, PersonMarks, State]] = field(default_factory=dict)
    kept: list[tuple[str, PersonMarks]] = field(default_factory=list)
    rows: dict[str, str] = field(default_factory=dict)
    """The row that was said last of a user that was there already."""
    after: dict[str, int] = field(default_factory=dict)
    """The last change that was intended before that."""

    def keep(self, user: str, person: PersonMarks) -> None:
        self.kept.append((user, person))
        self.rows[user], self.after[user] = person.row, max(self.changes, default=0)

    def forget(self, user: str) -> None:
        self.changes = {number: one for number, one in self.changes.items() if one[0] != user}
        self.kept = [one for one in self.kept if one[0] != user]
        self.rows.pop(user, None)

    def known(self) -> tuple[dict[str, set[str]], set[str], dict[str, str]]:
        """Users by name, source ids, the row of each user."""
        standing = [
            (number, user, person)
            for number, (user, person, state) in sorted(self.changes.items())
            if state.is_open or state.took_place
        ]
        rows = dict(self.rows) | {
            user: person.row for number, user, person in standing if number > self.after.get(user, 0)
        }
        everything = [*self.kept, *((user, person) for _, user, person in standing)]
        by_name = {name: {user for user, person in everything if name in person.names} for name in NAMES}
        return by_name, {mark for _, person in everything for mark in person.source_ids}, rows


@settings(deadline=None, max_examples=size(30, 2000))
@given(steps)
def test_the_journal_knows_what_was_kept_by_changes_that_were_not_undone_and_nothing_of_who_was_forgotten(plan):
    model, ids = Model(), []
    with closing(Journal("sqlite://", REALM, key=KEY, actor="laws")) as journal:
        for what, which, *more in plan:
            match what, more:
                case "intend", [person]:
                    [number] = journal.intend([Event("create", which.lower(), "uid=x,dc=no", person=person)])
                    ids.append(number)
                    model.changes[number] = (which.lower(), person, State.INTENDED)
                case "advance", [state] if which < len(ids) and ids[which] in model.changes:
                    user, person, before = model.changes[ids[which]]
                    if before.is_open:
                        journal.advance([ids[which]], state)
                        model.changes[ids[which]] = (user, person, state)
                case "keep", [person]:
                    keep_people(journal, [(which, person)])
                    model.keep(which.lower(), person)
                case "forget", _:
                    with suppress(Refused):
                        journal.forget(which)
                        model.forget(which.lower())
        known = KnownPeople.read(journal)
        by_name, source_ids, rows = model.known()
        assert {name: known.users_with_name(name) for name in NAMES} == by_name
        assert {mark for mark in SOURCE_IDS if known.has_source_id_mark(mark)} == source_ids
        assert known.rows == rows
        assert known.users == set(rows)
        assert all(known.birth_date_known(user) is (user in rows) for user in (f"anna@{REALM}", f"lina@{REALM}"))
