"""One user, one child: a key that is given to somebody else, and keys that have slipped against the names."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov.numbers import NumberText

TENOR, BORN = "57912075186", date(2020, 11, 17)
NIN = "norEduPersonNIN"


def named(person, source_id, given, family, born=None, **fields):
    return person(source_id, **({"given_name": given, "family_name": family, "birth_date": born} | fields))


def codes(plan):
    return [(refusal.code, refusal.held) for refusal in plan.refusals]


def everything(client):
    return sorted((str(entry.dn), sorted(entry.items())) for entry in client.directory.entries())


@pytest.mark.parametrize("number", [None, NumberText(TENOR)], ids=["no number", "a number"])
def test_a_key_of_somebody_else_holds_the_whole_row(client, person, number):
    client.apply(client.plan([named(person, "1042", "Lina", "Haddad", BORN)]))
    before = everything(client)
    other = named(person, "1042", "Omar", "Saleh", date(2010, 9, 9), role="teacher", national_number=number)
    plan = client.plan([other])
    assert codes(plan) == [("R-OTHER-PERSON", True)]
    client.apply(plan)
    assert everything(client) == before
    said = str(plan.refusals[0].sentence)
    assert "Lina" not in said
    assert "Haddad" not in said


def test_where_a_birth_date_is_missing_the_number_decides(client, person):
    client.apply(client.plan([named(person, "1042", "Lina", "Haddad")]))
    client.attach("linahadd@skotthyll.kommune.no", TENOR, birth_date=BORN)
    assert codes(client.plan([named(person, "1042", "Omar", "Saleh", date(2010, 9, 9))])) == [("R-OTHER-PERSON", True)]


@pytest.mark.parametrize(
    ("given", "family", "born"),
    [
        ("Lina", "Berg", date(2011, 1, 1)),
        ("Line", "Haddad", date(2011, 1, 1)),
        ("Omar", "Saleh", BORN),
        ("Omar", "Saleh", None),
    ],
    ids=["marriage and a corrected date", "respelling", "adoption", "no birth date"],
)
def test_marriage_respelling_adoption_and_a_corrected_date_pass(client, person, given, family, born):
    client.apply(client.plan([named(person, "1042", "Lina", "Haddad", BORN)]))
    plan = client.plan([named(person, "1042", given, family, born)])
    assert (codes(plan), plan.counts["updated"]) == ([], 1)


def test_a_person_says_that_it_is_the_same_person_after_all(client, person):
    client.apply(client.plan([named(person, "1042", "Lina", "Haddad", BORN)]))
    now = named(person, "1042", "Omar", "Saleh", date(2010, 9, 9))
    assert client.apply(client.plan([now], only="1042", same_person=True)).counts["updated"] == 1
    assert client.plan([now]).counts["unchanged"] == 1
    third = named(person, "1042", "Kari", "Nordmann", date(2009, 9, 9))
    assert codes(client.plan([third])) == [("R-OTHER-PERSON", True)]


def test_names_that_slipped_against_the_keys_are_held_all(client, person):
    names = [("Ali", "Haddad"), ("Sami", "Berg"), ("Omar", "Saleh")]
    client.apply(client.plan([named(person, f"p{n}", *name) for n, name in enumerate(names)]))
    before = everything(client)
    slipped = [named(person, f"p{n}", *name) for n, name in enumerate([*names[1:], ("Kari", "Nordmann")])]
    plan = client.plan(slipped)
    assert codes(plan) == [("R-NAMES-SWAPPED", True)] * 3
    assert any("sort" in note for note in plan.notes)
    client.apply(plan)
    assert everything(client) == before


def test_twins_whose_names_were_swapped_are_held_both(client, person):
    client.apply(client.plan([named(person, "p1", "Ali", "Haddad", BORN), named(person, "p2", "Sara", "Haddad", BORN)]))
    swapped = [named(person, "p1", "Sara", "Haddad", BORN), named(person, "p2", "Ali", "Haddad", BORN)]
    assert codes(client.plan(swapped)) == [("R-NAMES-SWAPPED", True)] * 2


@pytest.mark.parametrize("family", ["Haddad", "Berg"], ids=["twins", "others"])
def test_the_name_of_a_user_who_keeps_it_is_held(client, person, family):
    sara = named(person, "p2", "Sara", family, BORN)
    client.apply(client.plan([named(person, "p1", "Ali", "Haddad", BORN), sara]))
    plan = client.plan([named(person, "p1", "Sara", family, BORN), sara])
    assert (codes(plan), plan.counts["unchanged"]) == ([("R-NAMES-SWAPPED", True)], 1)


def test_a_name_that_another_user_keeps_is_a_name_like_any_other(client, person):
    client.apply(client.plan([named(person, "p1", "Anna", "Berg", BORN), named(person, "p2", "Anna", "Lie")]))
    married = [named(person, "p1", "Anna", "Lie", BORN), named(person, "p2", "Anna", "Lie")]
    plan = client.plan(married)
    assert (codes(plan), plan.counts["updated"]) == ([], 1)
