"""One child, one user: the question is asked across lists, without a birth date in the directory."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov import Client
from feideprov.issues import Origin
from feideprov.testing import example_settings

BORN = date(2012, 3, 4)
OLENA = "olenkova@skotthyll.kommune.no"


def named(person, source_id, given, family, **fields):
    return person(source_id, **({"given_name": given, "family_name": family, "birth_date": BORN} | fields))


def codes(plan):
    return [(refusal.code, refusal.held) for refusal in plan.refusals]


def test_a_later_list_with_another_key_is_a_question(client, person):
    client.apply(client.plan([person(birth_date=BORN)]))
    plan = client.plan([person("p2", birth_date=BORN)])
    assert codes(plan) == [("R-SAME-PERSON", True)]
    assert plan.changes == ()


def test_the_question_says_first_what_works_today_then_the_two_answers(client, person):
    client.apply(client.plan([person(birth_date=BORN)]))
    [refusal] = client.plan([person("p2", birth_date=BORN)]).refusals
    said = str(refusal.sentence)
    parts = [OLENA, "Hylla skole", f"feideprov password {OLENA}", f"feideprov resolve {OLENA} --same-as p2"]
    parts.append("--only p2 --new-person --yes")
    places = [said.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Olena Ivanivna", "Kovalenko"),
        ("OLENA", "KOVALENKO"),
        ("Kovalenko", "Olena"),
        ("Оlena", "Kovalenko"),  # the first letter is Cyrillic
        ("Olena", "Kova-lenko"),
        ("Olena", "Kova\u200dlenko"),
    ],
    ids=["a further name", "capitals", "swapped", "a Cyrillic letter", "a hyphen", "a zero-width joiner"],
)
def test_names_that_agree_are_a_question(client, person, given, family):
    client.apply(client.plan([named(person, "p1", "Olena", "Kovalenko")]))
    assert codes(client.plan([named(person, "p2", given, family)])) == [("R-SAME-PERSON", True)]


def test_a_former_name_is_a_question_too(client, person):
    client.apply(client.plan([named(person, "p1", "Olena", "Kovalenko")]))
    client.apply(client.plan([named(person, "p1", "Olena", "Berg")]))
    assert codes(client.plan([named(person, "p2", "Olena", "Kovalenko")])) == [("R-SAME-PERSON", True)]


def test_twins_with_other_given_names_are_two_people(client, person):
    client.apply(client.plan([named(person, "p1", "Ali", "Haddad")]))
    plan = client.plan([named(person, "p2", "Sara", "Haddad")])
    assert (codes(plan), plan.counts["created"], plan.notes) == ([], 1, ())


def test_one_letter_apart_is_a_note_and_makes_the_user(client, person):
    client.apply(client.plan([named(person, "p1", "Mohammed", "Haddad")]))
    plan = client.plan([named(person, "p2", "Mohamed", "Haddad")])
    assert (codes(plan), plan.counts["created"]) == ([], 1)
    [note] = plan.notes
    assert "mohahadd@skotthyll.kommune.no" in note


def test_equal_names_without_a_birth_date_are_a_note_within_one_school(client, person):
    client.apply(client.plan([named(person, "p1", "Sara", "Haddad")]))
    plan = client.plan([named(person, "p2", "Sara", "Haddad", birth_date=None)])
    assert (codes(plan), plan.counts["created"], len(plan.notes)) == ([], 1, 1)
    plan = client.plan([named(person, "p2", "Sara", "Haddad", birth_date=None, school="berg")])
    assert (plan.counts["created"], plan.notes) == (1, ())


def test_many_rows_that_are_alike_are_one_note_each(client, person):
    people = [named(person, f"p{n}", "Sara", "Haddad", birth_date=None) for n in range(24)]
    plan = client.plan(people)
    assert (plan.counts["created"], len(plan.notes)) == (24, 23)
    assert "of another row (and 22 others)" in plan.notes[-1]


def test_an_unchanged_row_is_enough_for_a_later_question(client, person):
    client.apply(client.plan([person()]))  # made from a list without birth dates
    client.apply(client.plan([person(birth_date=BORN)]))
    assert codes(client.plan([person("p2", birth_date=BORN)])) == [("R-SAME-PERSON", True)]


def test_new_person_and_creation_are_one_command_for_this_pair_only(client, person):
    client.apply(client.plan([person(birth_date=BORN)]))
    people = [person("p1", birth_date=BORN), person("p2", birth_date=BORN)]
    outcome = client.apply(client.plan(people, only="p2", new_person=True))
    assert outcome.counts["created"] == 1
    assert client.plan(people).counts["unchanged"] == 2
    assert codes(client.plan([person("p3", birth_date=BORN)])) == [("R-SAME-PERSON", True)]


def test_different_holds_for_the_pair_that_it_was_said_of(client, person):
    client.apply(client.plan([person(birth_date=BORN)]))
    client.users.resolve(OLENA, different="p2")
    assert client.plan([person("p2", birth_date=BORN)]).counts["created"] == 1
    assert codes(client.plan([person("p3", birth_date=BORN)])) == [("R-SAME-PERSON", True)]


def test_different_without_a_source_id_holds_for_the_next_list_alone(client, person):
    client.apply(client.plan([person(birth_date=BORN)]))
    client.users.resolve(OLENA, different=True)
    assert client.apply(client.plan([person("p2", birth_date=BORN)])).counts["created"] == 1
    plan = client.plan([person("p3", birth_date=BORN)])
    assert codes(plan) == [("R-SAME-PERSON", True)]


def test_a_closed_user_is_reopened_not_made_again(client, person):
    client.apply(client.plan([person(birth_date=BORN)]))
    client.users.close(OLENA)
    [refusal] = client.plan([person("p2", birth_date=BORN)]).refusals
    assert f"feideprov reopen {OLENA}" in refusal.sentence


def sources(**of_visma):
    confirmed = {"evidence": "register", "confirmed_by": "Kari", "confirmed_on": "2026-08-01"}
    return [{"name": "visma", **confirmed, **of_visma}]


def test_a_changed_key_in_a_full_file_is_linked_and_told(tmp_path, client, journal, key, person):
    settings = example_settings(tmp_path, sources=sources(full=True))
    full = Client(settings, directory=client.directory, journal=journal, keys=key, on=client.on)
    full.apply(full.plan([named(person, "p1", "Sara", "Haddad"), named(person, "p2", "Ali", "Berg")], source="visma"))
    later = [named(person, "n1", "Sara", "Haddad"), named(person, "p2", "Ali", "Berg")]
    plan = full.plan(later, source="visma")
    assert [change.kind for change in plan.changes] == ["link"]
    assert codes(plan) == []
    full.apply(plan)
    assert full.plan(later, source="visma").counts["unchanged"] == 2
    assert full.plan(later, source="visma").changes == ()


def test_a_key_that_is_not_gone_is_a_question_in_a_full_file_too(tmp_path, client, journal, key, person):
    settings = example_settings(tmp_path, sources=sources(full=True))
    full = Client(settings, directory=client.directory, journal=journal, keys=key, on=client.on)
    sara = named(person, "p1", "Sara", "Haddad")
    full.apply(full.plan([sara], source="visma"))
    plan = full.plan([sara, named(person, "n1", "Sara", "Haddad")], source="visma")
    assert codes(plan) == [("R-SAME-PERSON", True)]
    two = [named(person, "n1", "Sara", "Haddad"), named(person, "n2", "Sara", "Haddad")]
    assert codes(full.plan(two, source="visma")) == [("R-SAME-PERSON", True)] * 2


TENOR = "57912075186"  # born 2020-11-17
NUMBER_BORN = date(2020, 11, 17)


@pytest.fixture
def holder(client, person):
    """The directory has a user with a number, who was made under the key p1."""
    client.apply(client.plan([person("p1", national_number=TENOR, birth_date=NUMBER_BORN)]))
    assert [entry.texts("norEduPersonNIN") for entry in client.directory.entries() if entry.values("uid")] == [[TENOR]]


@pytest.mark.parametrize("fields", [{"birth_date": NUMBER_BORN}, {}], ids=["birth date", "birth date of the number"])
@pytest.mark.parametrize("source_id", ["p2", "efghabcdefghabcdefgh"])
def test_a_number_that_a_user_has_with_a_part_of_the_name_is_a_question(client, person, holder, source_id, fields):
    row = person(source_id, family_name="Berg", national_number=TENOR, **fields)
    plan = client.plan([row])
    assert (codes(plan), plan.changes, plan.questions[0].user) == ([("R-SAME-PERSON", True)], (), OLENA)
    assert f"{OLENA} exists already (Hylla skole" in plan.refusals[0].sentence
    assert "with this number, this birth date and a part of this name" in plan.refusals[0].sentence
    new = client.plan([row], only=source_id, new_person=True)
    assert (len(new.refusals), new.counts["created"], new.changes[0].number) == (1, 1, None)
    client.users.resolve(OLENA, same_as=source_id)
    assert client.apply(client.plan([row])).counts["updated"] == 1


@pytest.mark.parametrize(
    "fields",
    [{"given_name": "Selam", "family_name": "Tesfay"}, {"family_name": "Berg", "birth_date": BORN}],
    ids=["another name", "another birth date"],
)
def test_the_number_alone_is_no_question(client, person, holder, fields):
    plan = client.plan([person("p2", **({"national_number": TENOR} | fields))])
    assert plan.counts["created"] == 1
    assert plan.changes[0].number is None


def test_two_rows_of_a_file_in_xml_are_named_by_their_lines(client, person):
    rows = [person(f"p{n}", birth_date=BORN, origin=Origin("pifu.xml", 40 * n, unit="line")) for n in (1, 2)]
    [refusal] = client.plan(rows).refusals
    assert f"This list creates {OLENA} (line 40), with this birth date" in refusal.sentence
    same = [row.model_copy(update={"source_id": "p3"}) for row in rows]
    assert "Column source_id: lines 40 and 80 have the same source id" in client.plan(same).refusals[0].sentence
