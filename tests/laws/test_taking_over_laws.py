"""Users of another tool, and lists of people: a link never joins two people, whatever keys and numbers they have."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import Client, Entry, Journal, MarkKey, NumberText, PersonRecord
from feideprov.directory.entry import Add
from feideprov.testing import example_directory, example_settings
from feideprov.testing.numbers import prefix_of, with_check_digits
from tests.laws.test_who_is_who_laws import NAMES, SPELLINGS

ON, REALM = date(2026, 11, 22), "skotthyll.kommune.no"
KEYS = [f"k-{n}" for n in range(4)]
people = st.integers(0, 3)
"""Which of the persons; each has a name, a birth date and a number."""


def born(person: int) -> date:
    return date(2030, 1, 1) + timedelta(days=person)


def number(person: int) -> str:
    return with_check_digits(prefix_of(born(person), 40), range(500, 1000), 500 + person)


@st.composite
def entries(draw: st.DrawFn) -> list[tuple[int, str | None, int | None]]:
    """The users of the other tool: the person, the key, and whose number the entry holds."""
    found = draw(st.lists(people, unique=True, max_size=4))
    keys = draw(st.permutations([*KEYS, None, None]))
    return [(one, keys[place], draw(st.sampled_from([None, one, one]))) for place, one in enumerate(found)]


@st.composite
def rows(draw: st.DrawFn) -> list[PersonRecord]:
    """The list: keys and numbers may be those of others."""
    found = []
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=4)):
        person, holder = draw(people), draw(st.one_of(st.none(), people))
        given_name, family_name = map(draw(st.sampled_from(SPELLINGS)), NAMES[person])
        day = draw(st.sampled_from([None, born(person)]))
        text = None if holder is None else NumberText(number(holder))
        names = {"given_name": given_name, "family_name": family_name, "birth_date": day, "national_number": text}
        found.append(PersonRecord(source_id=key, school="hylla", role="pupil", **names))
    return found


def person_of(text: str) -> int:
    return int(text.partition("@")[0].removeprefix("user"))


@settings(max_examples=size(12, 200))
@given(entries(), rows())
def test_a_link_joins_a_row_and_the_user_of_one_person_and_the_second_time_nothing(
    there: list[tuple[int, str | None, int | None]], listed: list[PersonRecord]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        key = MarkKey(b"a key for examples and nothing else")
        journal = Journal("sqlite://", REALM, key=key, actor="Kari")
        client = Client(example_settings(Path(folder)), directory=example_directory(), journal=journal, keys=key, on=ON)
        names = {one.source_id: {one.given_name, one.family_name} for one in listed}
        add(client, there)
        plan = client.users.plan_link(listed)
        for change in plan.changes:
            person = person_of(change.feide_name)
            row = next(one for one in listed if one.source_id == change.source_id)
            spelled = [{spell(part) for part in NAMES[person]} for spell in SPELLINGS]
            assert names[row.source_id] in spelled
        linked = {change.feide_name for change in client.apply(plan).changes}
        assert len(linked) == plan.counts["updated"]
        assert client.users.plan_link(listed).changes == ()
        client.apply(client.users.plan_release(None))
        before = list(client.directory.entries())
        client.apply(client.plan([one for one in listed if one.source_id in {c.source_id for c in plan.changes}]))
        assert list(client.directory.entries()) == before
        journal.close()


def add(client: Client, there: list[tuple[int, str | None, int | None]]) -> None:
    """The other tool's entries."""
    for person, key, holder in there:
        uid, (given_name, family_name) = f"user{person}", NAMES[person]
        values = {
            "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
            "uid": [uid],
            "cn": [f"{given_name} {family_name}"],
            "givenName": [given_name],
            "sn": [family_name],
            "eduPersonPrincipalName": [f"{uid}@{REALM}"],
        }
        values |= {} if key is None else {"employeeNumber": [key]}
        values |= {} if holder is None else {"norEduPersonNIN": [number(holder)]}
        [written] = client.directory.write([Add(Entry(client.organization.people.child("uid", uid), values))])
        assert written.error is None
