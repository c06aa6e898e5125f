"""Laws of observing. Each name is the law; people and numbers are synthetic."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import Evidence
from feideprov.directory.entry import Entry
from feideprov.testing.strategies import invented_numbers, person_lists, with_birth_date

SCHOOLS = ("hylla", "berg")
NIN, NAME = "norEduPersonNIN", "eduPersonPrincipalName"
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
lawful = settings(deadline=None, max_examples=size(10, 25))
people_lists = person_lists(SCHOOLS, min_size=1, max_size=3, numbers=st.none())
numbers = st.lists(with_birth_date().map(lambda one: one[0]), min_size=6, max_size=6, unique=True)
steps = st.lists(st.tuples(st.sampled_from(["ours", "theirs", "look"]), st.integers(0, 2)), min_size=4, max_size=12)


def held(h) -> dict[str, str | None]:
    """Who holds which number."""
    return {entry.text(NAME): entry.text(NIN) for entry in h.users()}


def write_past_us(h, user: str, number: str | None) -> None:
    [entry] = [entry for entry in h.users() if entry.text(NAME) == user]
    others = {name: values for name, values in entry.items() if name != NIN}
    h.directory._entries[entry.dn.key] = Entry(entry.dn, others | ({NIN: [number]} if number else {}))


def change_ourselves(h, user: str, old: str | None, new: str | None) -> None:
    if old and new:
        h.client.replace(user, old, new, evidence=SEEN)
    elif old:
        h.client.withdraw(user, old)
    elif new:
        h.client.attach(user, new, evidence=SEEN)


def kind(before: str | None, now: str | None) -> str:
    return "seen-withdraw" if now is None else "seen-attach" if before is None else "seen-replace"


@lawful
@given(people_lists, numbers, steps)
def test_what_another_hand_does_is_found_once_and_what_we_do_never(house, people, pool, plan):
    with house() as h:
        h.apply(people)
        users, known, free = sorted(held(h)), held(h), list(pool)
        for what, which in [*plan, ("look", 0)]:
            if what == "look":
                now = held(h)
                expected = {(user, kind(known[user], now[user])) for user in users if known[user] != now[user]}
                changes = h.client.observe(allow_changes=1000).changes
                assert {(change.feide_name, change.kind) for change in changes} == expected
                assert len(changes) == len(expected)
                known = now
                continue
            user = users[which % len(users)]
            old = held(h)[user]
            new = free.pop() if free and which != 1 else None
            if what == "theirs":
                write_past_us(h, user, new)
            else:
                change_ourselves(h, user, old, new)
                known[user] = new if new or old else known[user]


@lawful
@given(people_lists, invented_numbers())
def test_no_invented_number_is_a_number_that_arrived(house, people, invented):
    with house() as h:
        h.apply(people)
        h.client.observe()
        write_past_us(h, sorted(held(h))[0], invented)
        found = h.client.observe()
        assert found.changes == ()
        assert found.refusals
        assert len(invented) < 6 or invented not in repr(found)
        assert h.client.observe().refusals == ()
        assert {event.kind for event in h.journal.events()} == {"create"}
