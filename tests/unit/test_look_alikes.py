"""Texts that look the same: what nobody sees is set aside and told, and where two texts differ is said."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from size import size

from feideprov import Client, ConfigurationError, Entry, InputError, look_alikes
from feideprov.directory.entry import Add
from feideprov.intake.columns import check_mapping
from feideprov.look_alikes import INVISIBLE, look, told_apart, visible
from feideprov.testing import example_directory, example_settings

UNSEEN = [*"\u200b\u200c\u200d\u00ad\u2060\ufeff\u202e\u200e\ufe0f\u3164\u115f\u034f\u180b\U000e0041\U000e0100\x01"]
HEAD = "source_id;given_name;family_name;birth_date;school;role;groups;language;protected;mail"
ROW = ["ref-1", "Olena", "Kovalenko", "2009-03-14", "hylla", "elev", "b:6a:Klasse 6A", "uk", "nei", ""]
KEYS = {"source_id": 0, "school": 4, "role": 5, "groups": 6, "language": 7, "protected": 8}


@pytest.fixture
def listed(tmp_path):
    def write(*rows, head=HEAD):
        path = tmp_path / "people.csv"
        path.write_text("\n".join([head, *map(";".join, rows)]) + "\n", encoding="utf-8")
        return path

    return write


def with_cell(column, text):
    return [text if i == KEYS[column] else cell for i, cell in enumerate(ROW)]


def inserted(text, at, unseen):
    return text[:at] + unseen + text[at:]


def users(plan):
    return [(change.feide_name, change.user.source_id, change.user.values) for change in plan.changes]


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
@pytest.mark.parametrize("column", KEYS)
def test_what_nobody_sees_in_a_key_changes_no_user_and_is_told_once(client, listed, column, unseen):
    good = users(client.plan(listed(ROW)))
    text = ROW[KEYS[column]]
    plan = client.plan(listed(with_cell(column, inserted(text, 1, unseen))))
    assert users(plan) == good
    if unseen in "\u200c\u200d" and column == "groups":
        return  # in the name of a group these are letters
    [note] = [note for note in plan.notes if "cannot be seen" in note]
    assert f"people.csv row 2: Column {column}: " in note
    assert f"U+{ord(unseen):04X}" in note


def test_many_rows_are_one_note(client, listed):
    rows = [["ref-\u200b" + str(n), *ROW[1:3], f"2009-03-{n + 1:02}", *ROW[4:]] for n in range(9)]
    [note] = [note for note in client.plan(listed(*rows)).notes if "cannot be seen" in note]
    assert "rows 2, 3, 4, 5, 6 and 4 more" in note


@pytest.mark.parametrize("at", [0, 3, 9])
def test_a_heading_may_have_what_nobody_sees(client, listed, at):
    plan = client.plan(listed(ROW, head=HEAD.replace("source_id", inserted("source_id", at, "\u200b"))))
    assert len(plan.changes) == 1
    assert any("row 1: Column source_id" in note for note in plan.notes)


def test_two_rows_with_one_key_are_one_person(client, listed):
    plan = client.plan(listed(ROW, with_cell("source_id", "ref-1\u200d")))
    assert ([refusal.code for refusal in plan.refusals], plan.changes) == (["R-DUPLICATE", "R-DUPLICATE"], ())


def test_the_key_in_the_directory_is_without_what_nobody_sees(client, person):
    client.apply(client.plan([person("\u200bref\u00ad-1\u3164")]))
    [user] = client.pending()
    assert user.source_id == "ref-1"


@pytest.mark.parametrize("unseen", UNSEEN[:-1], ids=ascii)
def test_a_user_whose_key_has_it_in_the_directory_is_found(client, person, unseen):
    values = {"objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"], "employeeNumber": [f"ref{unseen}-1"]}
    values |= {name: ["x"] for name in ("uid", "cn", "sn")} | {"eduPersonPrincipalName": ["x@skotthyll.kommune.no"]}
    [_] = client.directory.write([Add(Entry(client.organization.people.child("uid", "x"), values))])
    plan = client.plan([person("ref-1")])
    assert [refusal.code for refusal in plan.refusals] == ["R-NOT-OURS"]
    client.users.resolve("x@skotthyll.kommune.no", same_as=f"{unseen}ref-1")
    assert [change.feide_name for change in client.plan([person("ref-1")]).changes] == ["x@skotthyll.kommune.no"]


def test_a_command_about_one_person_sets_it_aside(client, listed):
    assert len(client.plan(listed(ROW), only="ref\u200b-1").changes) == 1
    with pytest.raises(InputError):
        client.plan(listed(ROW), only="ref-2")


def test_a_school_of_the_configuration_may_have_it(tmp_path, journal, listed):
    raw = example_settings(tmp_path).model_dump()
    raw["schools"][0]["id"] = "hyl\u200bla"
    changed = type(example_settings(tmp_path))(**raw)
    client = Client(changed, directory=example_directory(), journal=journal, keys=journal.key)
    assert len(client.plan(listed(ROW)).changes) == 1


# --- where two texts differ


def test_an_unknown_school_that_looks_like_a_known_one(client, listed):
    [refusal] = client.plan(listed(with_cell("school", "Hylla skоle"))).refusals
    assert "“Hylla skоle” (character 9 is U+043E CYRILLIC SMALL LETTER O, not U+006F" in refusal.sentence


@pytest.mark.parametrize(
    ("column", "text", "told"),
    [
        ("role", "elеv", "this is not a role (character 3 is U+0435 CYRILLIC SMALL LETTER IE, not U+0065"),
        ("protected", "nеi", "neither yes nor no (character 2 is U+0435 CYRILLIC SMALL LETTER IE, not U+0065"),
    ],
)
def test_an_unknown_word_that_looks_like_a_known_one(client, listed, column, text, told):
    [refusal] = client.plan(listed(with_cell(column, text))).refusals
    assert told in refusal.sentence
    assert text not in refusal.sentence


def test_keys_that_look_the_same_are_two_people_and_are_told(client, listed):
    other = ["ref–1", "Mohammad", "Haddad", "2010-01-02", *ROW[4:]]
    plan = client.plan(listed(ROW, other))
    assert len(plan.changes) == 2
    [note] = plan.notes
    assert "“ref–1” (character 4 is U+2013 EN DASH, not U+002D HYPHEN-MINUS) and “ref-1”" in note


def test_a_key_that_looks_like_one_in_the_directory_is_told(client, person):
    client.apply(client.plan([person("ref-a1")]))
    plan = client.plan([person("ref-а1", given_name="Ali", family_name="Haddad")])
    assert any("“ref-а1” (character 5 is U+0430 CYRILLIC SMALL LETTER A" in note for note in plan.notes)


def test_a_number_for_a_key_that_looks_like_one_in_the_directory(client, person, tmp_path):
    client.apply(client.plan([person("ref-a1")]))
    path = tmp_path / "numbers.csv"
    path.write_text("source_id;national_number\nref-а1;45840375084\n", encoding="utf-8")
    [refusal] = client.numbers.plan_attach(path).refusals
    assert refusal.sentence.startswith("No user has this source id (character 5 is U+0430 CYRILLIC SMALL LETTER A")


def test_a_list_of_plain_keys_is_told_nothing(client, person):
    assert client.plan([person("ref-1"), person("ref-l", given_name="Ali", family_name="Haddad")]).notes == ()


def test_an_unknown_heading_that_looks_like_a_known_one(client, listed):
    [note] = client.plan(listed(ROW, head=HEAD.replace("language", "lаnguage"))).notes
    assert "lаnguage (character 2 is U+0430 CYRILLIC SMALL LETTER A, not U+0061" in note


@pytest.mark.parametrize("name", ["sсhool", "school\u200b"])
def test_a_column_of_the_configuration_that_looks_like_a_known_one(name):
    with pytest.raises(ConfigurationError, match=r"U\+(0441|200B)"):
        check_mapping({name: "Skole"})


@given(st.data())
@settings(max_examples=size(40, 1000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_changes_wherever_it_is(client, listed, data):
    """Whatever cannot be seen, in keys of the list: the plan has the same users."""
    row = list(ROW)
    for column in data.draw(st.sets(st.sampled_from(sorted(KEYS)))):
        text = row[KEYS[column]]
        row[KEYS[column]] = inserted(text, data.draw(st.integers(0, len(text))), data.draw(st.sampled_from(UNSEEN)))
    row[6] = ROW[6]
    assert users(client.plan(listed(row))) == users(client.plan(listed(ROW)))


LETTERS = st.text(st.sampled_from("aаοоoOО0lI1|–-ре\u200b\ufe0fSѕ é"), min_size=1, max_size=6)


@given(LETTERS, LETTERS)
def test_texts_that_look_the_same_are_told_apart_by_a_character_of_one_of_them(one, other):
    told = told_apart(one, [other])
    if one.casefold() != other.casefold() and look(one) == look(other):
        named = [f"U+{ord(c):04X}" for c in (*one, *other) if f"U+{ord(c):04X}" in told]
        assert named
    if visible(one) == visible(other) == other != one:
        assert any(f"U+{ord(c):04X}" in told for c in one if INVISIBLE.match(c))


@pytest.mark.parametrize(
    ("text", "other", "told"),
    [
        ("ref\u200b-1", "ref-1", " (character 4, U+200B ZERO WIDTH SPACE, is too much)"),
        ("ref-1", "ref-1\u200b", " (after character 5, U+200B ZERO WIDTH SPACE is missing)"),
        ("HУlla", "hylla", " (character 2 is U+0423 CYRILLIC CAPITAL LETTER U, not U+0079 LATIN SMALL LETTER Y)"),
        ("Ηylla", "hylla", " (character 1 is U+0397 GREEK CAPITAL LETTER ETA, not U+0068 LATIN SMALL LETTER H)"),
        ("hylla", "Hylla", ""),
        ("hylla", "berg", ""),
    ],
)
def test_where_two_texts_differ(text, other, told):
    assert told_apart(text, [other]) == told
    assert doctest.testmod(look_alikes).failed == 0
