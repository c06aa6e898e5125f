"""Laws of numbers that change and of plans in files. Each name is the law; people and numbers are synthetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from size import size

from feideprov import Evidence, InputError, NumberText, PersonRecord, Refused
from feideprov.directory.entry import Modification, Modify
from feideprov.provision.plan.plan import Plan
from feideprov.testing.strategies import d_numbers, fodselsnumre, invented_numbers, person_lists, with_birth_date

SCHOOLS = ("hylla", "berg")
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
NIN = "norEduPersonNIN"
lawful = settings(deadline=None, max_examples=size(8, 25))
few = settings(deadline=None, max_examples=size(6, 15))
people_lists = person_lists(SCHOOLS, min_size=1, max_size=4, numbers=st.none())
numbers = with_birth_date()


def attached(h, people, data) -> tuple[str, str, str]:
    """A house where somebody has a number: the user, that number, and another one."""
    (first, born), (second, _) = data.draw(numbers), data.draw(numbers)
    assume(first != second)
    h.apply(people)
    user = data.draw(st.sampled_from(sorted(h.passwords())))
    h.client.attach(user, first, evidence=SEEN, birth_date=born)
    return user, first, second


@lawful
@given(people_lists, st.data())
def test_a_replace_changes_one_attribute_of_one_entry(house, people, data):
    with house() as h:
        user, first, second = attached(h, people, data)
        before = {entry.dn: dict(entry.items()) for entry in h.directory.entries()}
        spelled = data.draw(st.sampled_from([first, f"{first[:6]} {first[6:]}", f"{first[:6]}-{first[6:]}"]))
        assert h.client.replace(user, spelled, second, evidence=SEEN).counts["updated"] == 1
        after = {entry.dn: dict(entry.items()) for entry in h.directory.entries()}
        [touched] = [dn for dn in before if after[dn] != before[dn]]
        assert after[touched].pop(NIN) == (second.encode(),)
        assert before[touched].pop(NIN) == (first.encode(),)
        assert after == before


@few
@given(people_lists, st.data())
def test_replace_then_replace_back_is_the_identity(house, people, data):
    with house() as h:
        user, first, second = attached(h, people, data)
        before = h.state()
        h.client.replace(user, first, second, evidence=SEEN)
        h.client.replace(user, second, first, evidence=SEEN)
        assert h.state() == before


@few
@given(people_lists, st.data())
def test_withdraw_then_attach_with_new_evidence_is_the_identity(house, people, data):
    with house() as h:
        user, first, _ = attached(h, people, data)
        before = h.state()
        h.client.withdraw(user, first)
        with pytest.raises(Refused) as held:
            h.client.attach(user, first, evidence=SEEN)
        assert held.value.code == "R-WITHDRAWN"
        h.client.attach(user, first, evidence=replace(SEEN, seen_on=date(2026, 11, 22)))
        assert h.state() == before


@few
@given(people_lists, st.data())
def test_a_withdrawn_user_is_pending_and_nothing_else_of_it_has_changed(house, people, data):
    with house() as h:
        user, first, _ = attached(h, people, data)
        assert user not in {waiting.user for waiting in h.client.pending()}
        before = h.state(without=(NIN,))
        h.client.withdraw(user, first)
        assert user in {waiting.user for waiting in h.client.pending()}
        assert h.state(without=(NIN,)) == before


@lawful
@given(people_lists, st.data())
def test_no_invented_number_replaces_another(house, people, data):
    with house() as h:
        user, first, _ = attached(h, people, data)
        before = h.state()
        with pytest.raises(Refused):
            h.client.replace(user, first, data.draw(invented_numbers()), evidence=SEEN)
        assert h.state() == before


@lawful
@given(people_lists, st.data())
def test_a_user_who_holds_another_number_than_the_row_says_is_left_alone(house, people, data):
    with house() as h:
        user, first, second = attached(h, people, data)
        third, _ = data.draw(numbers.filter(lambda made: made[0] not in (first, second)))
        before = h.state()
        for change in (
            lambda: h.client.replace(user, third, second, evidence=SEEN),
            lambda: h.client.withdraw(user, second),
        ):
            with pytest.raises(Refused, match="Find out which number is right"):
                change()
        assert h.state() == before


def saved(h, people):
    """A plan of new users, of a changed one, and of a number, in a file beside its list."""
    listed, path = h.folder / "people.csv", h.folder / "plan.json"
    lines = ["source_id;given_name;family_name;birth_date;school;role;mail;national_number"]
    for p in people:
        number = p.national_number.reveal() if p.national_number else ""
        names = f"{p.source_id};{p.given_name};{p.family_name};{p.birth_date or ''}"
        lines.append(f"{names};{'|'.join(p.schools)};{p.role};ny@example.no;{number}")
    listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    h.client.plan(listed).save(path, client=h.client, source=listed)
    return path


def taken_in(h, path):
    """What `apply` makes of a file: a saved plan, or a person list."""
    return Plan.load(path, client=h.client) or h.client.plan(path)


def with_number(person: PersonRecord, made: tuple[str, date]) -> PersonRecord:
    return PersonRecord(**(dict(person) | {"national_number": NumberText(made[0]), "birth_date": made[1]}))


@few
@given(people_lists, st.data())
def test_an_altered_plan_file_is_refused(house, people, data):
    """Any one octet of it: the program takes it for an altered plan, or for no list at all."""
    with house() as h:
        h.apply(people[:1])
        path = saved(h, [with_number(people[0], data.draw(numbers)), *people[1:]])
        octets = path.read_bytes()
        for _ in range(20):
            place = data.draw(st.integers(0, len(octets) - 1))
            other = data.draw(st.integers(0, 255).filter(lambda octet: octet != octets[place]))  # noqa: B023
            path.write_bytes(octets[:place] + bytes([other]) + octets[place + 1 :])
            with pytest.raises(InputError):
                taken_in(h, path)
        path.write_bytes(octets[: data.draw(st.integers(1, len(octets) - 1))])
        with pytest.raises(InputError):
            taken_in(h, path)
        path.write_bytes(octets)
        assert Plan.load(path, client=h.client).changes


@lawful
@given(people_lists, st.data())
def test_no_plan_file_holds_a_number(house, people, data):
    """Neither one of the list nor one that somebody wrote where none belongs."""
    made, stray = data.draw(numbers), data.draw(numbers)[0]
    places = ("mail", "mobile", "norEduPersonLIN", "sn", "cn", "displayName")
    with house() as h:
        h.apply(people)
        users = h.users()
        entry = data.draw(st.sampled_from(users))
        attribute = data.draw(st.sampled_from(places))
        value = f"skotthyll.kommune.no:localnin:{stray}" if attribute == "norEduPersonLIN" else f"{stray}@x.no"
        step = Modification("add", attribute, (value.encode(),))
        for written in h.directory.write([Modify(entry.dn, (step,))]):
            assume(written.error is None)
        listed = [with_number(people[0], made), *people[1:]]
        text = saved(h, listed).read_text()
        assert made[0] not in text
        assert stray not in text
        assert not h.client.apply(Plan.load(h.folder / "plan.json", client=h.client), allow_changes=1000).failures


@lawful
@given(people_lists, st.data())
def test_a_directory_that_moved_holds_that_change_alone(house, people, data):
    with house() as h:
        h.apply(people)
        path = saved(h, people)
        plan = Plan.load(path, client=h.client)
        assume(plan.updates)
        moved = data.draw(st.sets(st.sampled_from(sorted(c.feide_name for c in plan.updates)), min_size=1))
        for change in plan.updates:
            if change.feide_name in moved:
                step = Modification("add", "mail", (b"by.hand@example.no",))
                assert not next(h.directory.write([Modify(change.dn, (step,))])).error
        now = Plan.load(path, client=h.client)
        assert {(r.code, r.user) for r in now.refusals} == {("R-MOVED", user) for user in moved}
        outcome = h.client.apply(now, allow_changes=1000)
        assert {c.feide_name for c in outcome.changes} == {c.feide_name for c in plan.updates} - moved
        again = h.client.apply(Plan.load(path, client=h.client), allow_changes=1000)
        assert (again.changes, again.counts["held"]) == ((), len(moved))


@lawful
@given(people_lists, with_birth_date(d_numbers) | with_birth_date(fodselsnumre), st.data())
def test_a_person_list_replaces_a_d_number_by_a_fodselsnummer_alone(house, people, first, data):
    """Only with evidence, and only when somebody asks for it; whatever else it has, the number of the user stays."""
    second = data.draw(with_birth_date(d_numbers) | with_birth_date(fodselsnumre))
    evidence = data.draw(st.sampled_from([SEEN, None]))
    assume(first[0] != second[0])
    with house() as h:
        h.apply([with_number(people[0], first), *people[1:]])
        listed = [with_number(people[0], second), *people[1:]]
        before, others = h.state(), h.state(without=(NIN,))
        follows = first[0][0] >= "4" > second[0][0]  # 40 is added to the day of a D-number
        held = h.client.apply(h.client.plan(listed, evidence=evidence), allow_changes=100)
        expected = "R-NUMBER-CHANGED" if follows and evidence else "R-OTHER-NUMBER"
        assert [(one.code, one.held) for one in held.refusals] == [(expected, True)]
        assert h.state() == before
        done = h.client.apply(h.client.plan(listed, evidence=evidence, replace=True), allow_changes=100)
        if not (follows and evidence):
            assert [one.code for one in done.refusals] == ["R-OTHER-NUMBER"]
            assert h.state() == before
            return
        assert [(change.kind, change.old.reveal()) for change in done.changes] == [("replace", first[0])]
        assert [e.texts(NIN) for e in h.users() if e.texts(NIN)] == [[second[0]]]
        assert h.state(without=(NIN,)) == others
