"""Laws of a check: what this program makes is as Feide wants it, and nothing that is found shows a number."""

from __future__ import annotations

from dataclasses import astuple
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import PersonRecord
from feideprov.check.catalogue import CATALOGUE
from feideprov.check.finding import findings_sheet
from feideprov.directory.entry import Add, Entry
from feideprov.feide.group import Group
from feideprov.feide.person import Role
from feideprov.feide.user import OBJECT_CLASSES
from feideprov.numbers import number_shaped
from feideprov.testing.strategies import invented_numbers, person_lists

lawful = settings(deadline=None, max_examples=size(10, 25))
people_lists = person_lists(("hylla", "berg"), max_size=5)
numbers = invented_numbers()
CLASS = Group("b", "6a", "Klasse 6A")
OF_A_SHORT_RECORD = {
    *("P-GREP-NONE", "P-GROUPS-NONE", "P-GROUP-CLASS", "P-MISSING-EDUPERSONENTITLEMENT", "P-MAIL-TWICE"),
}
"""What a record leaves out that has no grade or groups, and what it shares with another one."""


def whole(person: PersonRecord) -> PersonRecord:
    """The same person, with grade, class and an address of the own."""
    pupil = person.role in (Role.PUPIL, Role.STUDENT)
    said = {"grade": "6" if pupil else "", "groups": (CLASS,), "mail": f"{person.source_id}@example.no"}
    return PersonRecord(**(dict(person) | said))


@lawful
@given(people_lists)
def test_users_that_were_made_here_give_no_unexpected_finding(house, people):
    with house() as h:
        h.apply([whole(person) for person in people])
        assert [one for one in h.client.check() if not one.expected] == []


@lawful
@given(people_lists)
def test_what_a_record_leaves_out_is_all_that_is_found(house, people):
    with house() as h:
        h.apply(people)
        assert {one.code for one in h.client.check() if not one.expected} <= OF_A_SHORT_RECORD


@lawful
@given(people_lists, st.lists(numbers, min_size=1, max_size=4), st.data())
def test_no_finding_shows_a_number(house, people, texts, data):
    with house() as h:
        h.apply(people)
        for n, text in enumerate(texts):
            name = "".join(c if c.isalnum() else "-" for c in text).strip("-") or "x"
            possible = ["norEduPersonNIN", "cn", "mobile", "employeeNumber", *["mail"] * text.isascii()]
            held = data.draw(st.sets(st.sampled_from(possible)))  # no directory takes other letters in mail
            values = {
                **{"objectClass": OBJECT_CLASSES, "cn": ["x"], "sn": ["x"], "uid": [f"{name}-{n}"]},
                "eduPersonPrincipalName": [f"{name}-{n}@skotthyll.kommune.no"],
                **{attribute: [text or " "] for attribute in ("norEduPersonNIN", *held)},
            }
            entry = Entry(h.client.organization.people.child("uid", f"{name}-{n}"), values)
            assert [written.error for written in h.directory.write([Add(entry)])] == [None]
        findings = h.client.check()
        for finding in findings:
            assert not any(number_shaped(str(part)) for part in astuple(finding))
        assert not number_shaped(findings_sheet(findings).decode().replace("\r\n", ";|;"))


@lawful
@given(people_lists)
def test_a_check_changes_nothing(house, people):
    with house() as h:
        h.apply(people)
        before, events = h.state(), h.journal.events()
        h.client.check()
        assert h.state() == before
        assert h.journal.events() == events


@lawful
@given(people_lists, st.sets(st.sampled_from([rule.code for rule in CATALOGUE]), min_size=1))
def test_only_and_ignore_part_the_findings(house, people, codes):
    with house() as h:
        h.apply(people)
        everything = h.client.check()
        some, others = h.client.check(only=codes), h.client.check(ignore=codes)
        assert sorted([*some, *others], key=str) == sorted(everything, key=str)
        assert {one.code for one in some} <= codes
        assert all(one.order <= after.order for one, after in pairwise(everything))
