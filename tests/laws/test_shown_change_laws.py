"""Laws of what a plan shows: each value that goes and comes, no number, whole words, and the same after saving."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import DN, Entry, NumberKind, PersonRecord, Plan
from feideprov.cli.shown_change import change_details, change_lines
from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.entry import Modification
from feideprov.numbers import number_shaped
from feideprov.provision.plan.changes import Change, Update
from feideprov.provision.plan.shown_values import changed_values, shown_value
from feideprov.testing.strategies import invented_numbers, look_alikes, person_lists, with_birth_date

SCHOOLS = ("hylla", "berg")
lawful = settings(deadline=None, max_examples=8)
pairs = st.tuples(person_lists(SCHOOLS, min_size=1, max_size=3), person_lists(SCHOOLS, min_size=3, max_size=3))
numbers = st.one_of(invented_numbers(), look_alikes(NumberKind.H_NUMBER), with_birth_date().map(lambda born: born[0]))


def moved_on(before: list[PersonRecord], later: list[PersonRecord]) -> list[PersonRecord]:
    """The same people some time later: the fields that change in a life are those of other people."""
    fields = ("school", "role", "grade", "groups", "mail", "mobile", "language")
    return [
        PersonRecord(**(dict(one) | {name: getattr(other, name) for name in fields} | family(one, other)))
        for one, other in zip(before, later, strict=False)
    ]


def family(one: PersonRecord, other: PersonRecord) -> dict[str, str]:
    return {"family_name": other.family_name or one.family_name}


@lawful
@given(pairs)
def test_was_and_becomes_are_the_difference_of_the_entries_before_and_after(house, lists):
    with house() as h:
        h.apply(lists[0])
        before = {entry.dn: entry for entry in h.users()}
        changes = h.apply(moved_on(*lists)).changes
        after = {entry.dn: entry for entry in h.users()}
        for dn in {change.dn for change in changes if change.kind in ("create", "update", "attach")}:
            mine = [change for change in changes if change.dn == dn]
            shown = [one for change in mine for one in changed_values(change)]
            for was, entry, other in ((True, before.get(dn), after[dn]), (False, after[dn], before.get(dn))):
                found = sorted((a.attribute.lower(), v) for a in shown for v in (a.was if was else a.becomes))
                if "<U+" not in str(found):
                    assert found == gone(mine[0], entry, other)


def gone(change: Change, entry: Entry | None, other: Entry | None) -> list[tuple[str, str]]:
    """The values that an entry has and the other has not, as they are shown."""
    held = {(attribute_key(name), v) for name, values in (entry.items() if entry else ()) for v in values}
    there = {(attribute_key(name), v) for name, values in (other.items() if other else ()) for v in values}
    missing = [(name, value) for name, value in held - there if name != "userpassword"]
    return sorted((name, shown_value(change, name, value)) for name, value in missing)


attributes = st.sampled_from(
    ["sn", "cn", "mail", "description", "norEduPersonNIN", "norEduPersonLIN", "eduPersonOrgUnitDN"]
)


@st.composite
def updates(draw: st.DrawFn) -> tuple[Update, str]:
    """An update of values that hold a number somewhere."""
    number = draw(numbers)
    beside = st.text(st.characters(exclude_categories=["N", "Cs"]))
    text = st.tuples(beside, st.just(number), beside).map("".join) | st.just(number)
    values = st.lists(text.map(lambda one: one.encode(errors="replace")), min_size=1, max_size=2).map(tuple)
    steps = draw(st.lists(st.builds(Modification, st.sampled_from(["add", "delete"]), attributes, values), min_size=1))
    name = draw(st.sampled_from(["Olena", "", number]))
    return Update("olena@x.no", DN.parse("uid=olena,dc=no"), tuple(steps), name_to_show=name), number


@settings(deadline=None, max_examples=size(15, 40))
@given(updates())
def test_no_value_that_is_shown_holds_a_number(made):
    change, number = made
    details = change_details(change)
    texts = [
        details["name"] or "",
        *(text for side in ("was", "becomes") for some in details[side].values() for text in some),
    ]
    assert not any(map(number_shaped, texts))
    if number_shaped(number):
        assert number not in json.dumps(details, ensure_ascii=False)
        assert number not in "".join(change_lines(change))


@settings(deadline=None, max_examples=size(15, 40))
@given(updates())
def test_a_line_is_one_line_and_moves_no_cursor(made):
    assert all(line.replace("\u200c", "").replace("\u200d", "").isprintable() for line in change_lines(made[0]))


@lawful
@given(st.tuples(*[person_lists(SCHOOLS, min_size=1, max_size=3, numbers=st.none())] * 2))
def test_a_plan_shows_the_same_when_it_was_saved(house, lists):
    with house() as h:
        h.apply(lists[0])
        listed = h.folder / "people.csv"
        listed.write_text("source_id;given_name;family_name;birth_date;school;role\n")
        plan = h.client.plan(moved_on(*lists) + lists[1])
        plan.save(h.folder / "plan.json", client=h.client, source=listed)
        loaded = Plan.load(h.folder / "plan.json", client=h.client)
        assert loaded is not None
        assert list(map(shown, loaded.changes)) == list(map(shown, plan.changes))


def shown(change: Change) -> tuple[list[str], dict[str, Any]]:
    return [str(line) for line in change_lines(change)], change_details(change)
