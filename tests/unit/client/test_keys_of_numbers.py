"""A list whose key is a number, or that has a number and no key: twenty letters stand in its place."""

from __future__ import annotations

import re
from datetime import date

import pytest

from feideprov import Client, ConfigurationError, InputError, MarkKey, Plan
from feideprov.intake.number_list import read_number_list
from feideprov.intake.person_list import read_person_list
from feideprov.numbers.checks import duf_check
from feideprov.testing import example_directory, example_settings

DUF, OTHER_DUF = (f"{n}{duf_check(n)}" for n in ("2026999001", "2026999002"))
TENOR = "57912075186"
KEY = MarkKey(b"a key for examples and nothing else")
LETTERS = re.compile(r"[a-p]{20}\Z")
REST = ";Olena;Kovalenko;2020-11-17;hylla;elev"
HEAD = "given_name;family_name;birth_date;school;role"


@pytest.fixture
def write(tmp_path):
    def _write(*lines: str, name: str = "people.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return _write


@pytest.mark.parametrize(
    ("heading", "cell"),
    [("duf_number", DUF), ("DUF-nr", f"{DUF[:4]} {DUF[4:10]} {DUF[10:]}"), ("source_id", DUF), ("Elev-ID", f"'{DUF}")],
    ids=["column", "spaces", "key", "key as text"],
)
def test_the_duf_number_of_an_office_for_refugees_is_the_key_in_other_letters(write, heading, cell):
    listed = read_person_list(write(f"{heading};{HEAD}", cell + REST), key=KEY)
    [record] = listed.records
    assert (record.source_id, listed.refusals) == (KEY.in_place_of_key(DUF), ())
    assert LETTERS.match(record.source_id)
    assert record.duf_number.reveal() in (DUF, cell)
    assert "In 1 row, letters stand in place" in listed.notes[-1]


def test_another_number_in_the_place_of_the_key_goes_nowhere_else(write):
    [record] = read_person_list(write(f"source_id;{HEAD}", TENOR + REST), key=KEY).records
    assert (record.source_id, record.national_number, record.duf_number) == (KEY.in_place_of_key(TENOR), None, None)


def test_the_duf_number_is_the_key_as_long_as_it_is_there(write):
    head = f"fnr;duf;{HEAD}"
    both = [f"{TENOR};{DUF}{REST}", f";{OTHER_DUF};Dmytro;K;2020-11-17;hylla;elev", f"{TENOR};;Selam;T;;hylla;elev"]
    keys = [record.source_id for record in read_person_list(write(head, *both), key=KEY).records]
    assert keys == [KEY.in_place_of_key(number) for number in (DUF, OTHER_DUF, TENOR)]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (";;", "the cell is empty"),
        (";9912075186;", "cannot stand in place of one"),
        (";1,31E+10;", "cannot stand in place of one"),
        (";;ukjent", "cannot stand in place of one"),
        (";99999999999;", "cannot stand in place of one"),
    ],
)
def test_a_row_without_key_and_number_is_refused_with_what_to_do(write, cells, said):
    listed = read_person_list(write(f"source_id;fnr;duf;{HEAD}", cells + REST, f"p2;;{REST}"), key=KEY)
    [refusal] = listed.refusals
    assert (refusal.code, [record.source_id for record in listed.records]) == ("R-SOURCE-ID", ["p2"])
    assert said in refusal.sentence
    assert "feideprov sheet people" in refusal.sentence


def test_a_key_with_a_wrong_digit_among_numbers_is_no_key(write):
    wrong = DUF[:-1] + str((int(DUF[-1]) + 1) % 10)
    listed = read_person_list(write(f"source_id;{HEAD}", DUF + REST, wrong + REST, f"p3{REST}"), key=KEY)
    assert [record.source_id for record in listed.records] == [KEY.in_place_of_key(DUF), "p3"]
    assert "nearly one: a digit is wrong" in listed.refusals[0].sentence
    assert wrong[-5:] not in str(listed)


def test_a_list_without_keys_and_numbers_says_how_to_get_keys(write):
    with pytest.raises(InputError, match=r"source_id .* or duf_number .*feideprov sheet people OUT\.xlsx"):
        read_person_list(write(HEAD, REST[1:]), key=KEY)


def test_a_direct_call_without_the_key_refuses_as_before(write):
    with pytest.raises(InputError, match="lacks a column"):
        read_person_list(write(f"duf;{HEAD}", DUF + REST))
    [refusal] = read_person_list(write(f"source_id;{HEAD}", DUF + REST)).refusals
    assert refusal.code == "R-SOURCE-ID"


@pytest.mark.parametrize("head", ["source_id", "duf_number"])
def test_a_number_list_finds_the_user_by_the_same_number(client, write, head):
    client.apply(client.plan(write(f"duf_number;{HEAD}", DUF + REST)))
    numbers = write(f"{head};national_number;birth_date", f"{DUF};{TENOR};2020-11-17", name="numbers.csv")
    plan = client.numbers.plan_attach(numbers)
    assert ([change.kind for change in plan.changes], plan.refusals) == (["attach"], ())
    assert client.apply(plan).counts["updated"] == 1
    assert client.plan(write(f"duf_number;{HEAD}", DUF + REST)).counts["unchanged"] == 1


def test_only_the_key_of_a_number_list_stands_in_place_of_the_user(write):
    path = write("source_id;duf_number;national_number", f";;{TENOR}", f";{DUF};{TENOR}", name="numbers.csv")
    listed = read_number_list(path, key=KEY)
    assert [row.source_id for row in listed.rows] == [KEY.in_place_of_key(DUF)]
    assert "does not say which user" in listed.refusals[0].sentence


def test_the_number_that_is_gone_leaves_a_question_by_name_and_birth_date(client, write):
    client.apply(client.plan(write(f"duf_number;{HEAD}", DUF + REST)))
    plan = client.plan(write(f"fnr;{HEAD}", TENOR + REST))
    assert ([one.code for one in plan.refusals], plan.changes) == (["R-SAME-PERSON"], ())
    assert DUF not in str(plan.refusals[0].sentence)


@pytest.mark.parametrize("saved", [False, True], ids=["at once", "saved plan"])
def test_the_letters_of_the_first_run_are_those_of_every_run(tmp_path, write, saved):
    people = write(f"duf;{HEAD};protected", f"{DUF}{REST};", f"{OTHER_DUF};Dmytro;K;2019-01-01;hylla;elev;ja")
    directory = example_directory()

    def opened():
        return Client(example_settings(tmp_path), directory=directory, on=date(2026, 11, 29))

    with opened() as feide:
        dry = feide.plan(people)
        assert any("no key of the journal yet" in note for note in dry.notes)
        assert not (tmp_path / "feideprov.key").exists()
        if saved:
            dry.save(tmp_path / "plan.json", client=feide, source=people)
        else:
            assert feide.apply(dry).counts["created"] == 1
    with opened() as feide:
        if saved:
            assert feide.apply(type(dry).load(tmp_path / "plan.json", client=feide)).counts["created"] == 1
        again = feide.plan(people)
        assert (again.counts["unchanged"], again.counts["held"]) == (1, 1)
        assert not any("no key of the journal yet" in note for note in again.notes)
        [held] = again.refusals
        [key] = re.findall(r"--only ([a-p]{20})", held.sentence)
        assert feide.apply(feide.plan(people, only=key)).counts["created"] == 1


@pytest.mark.parametrize("act", ["apply", "save", "protect"])
def test_a_plan_with_letters_of_a_key_that_another_run_did_not_keep_is_refused(tmp_path, write, act):
    people, directory = write(f"duf;{HEAD}", DUF + REST), example_directory()

    def opened():
        return Client(example_settings(tmp_path), directory=directory, on=date(2026, 11, 29))

    def once(feide):
        if act == "protect":
            return feide.users.protect([TENOR])
        plan = feide.plan(people)
        if first := other.pop("first", None):
            first.users.protect(["ref-1"])
        return feide.apply(plan) if act == "apply" else plan.save(tmp_path / "p.json", client=feide, source=people)

    with opened() as feide, opened() as first:
        other = {"first": first}
        if act == "protect":
            feide.plan(people)
            first.users.protect(["ref-1"])
        with pytest.raises(ConfigurationError, match=r"Another run made the key of the journal.*Run again\."):
            once(feide)
        assert not (tmp_path / "p.json").exists()
        once(feide)
    with opened() as feide:
        if act == "protect":
            assert feide.users.plan_protect([TENOR]).unchanged == 1
        else:
            plan = feide.plan(people) if act == "apply" else Plan.load(tmp_path / "p.json", client=feide)
            assert plan.counts["unchanged" if act == "apply" else "created"] == 1


def test_two_first_runs_that_made_nothing_with_a_key_are_both_carried_out(tmp_path):
    settings, directory = example_settings(tmp_path), example_directory()
    with Client(settings, directory=directory) as one, Client(settings, directory=directory) as other:
        assert one.journal.events() == other.journal.events() == []
        one.users.protect(["ref-1"])
        assert other.users.protect(["ref-2"]).keys == ("ref-2",)
