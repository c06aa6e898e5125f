"""A serial in place of a number (IMS): a key when files of two days had it, until the number comes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from feideprov import Client
from feideprov.client.lists import listed_people
from feideprov.intake.file_facts import Extent, FileFacts, Format
from feideprov.intake.person_list import PersonList
from feideprov.issues import Origin
from feideprov.provision.plan.plan import Plan
from feideprov.testing import example_settings

BORN = date(2020, 11, 17)
TENOR = "57912075186"
FIRST = date(2026, 11, 22)


@pytest.fixture
def on_day(tmp_path, client, journal, key, monkeypatch, person):
    """The client on a day, with a full file made days before it; its serials are the source ids of four digits."""

    def made(days: int, *rows: dict[str, object], before: int = 0) -> tuple[Client, str]:
        people = [
            person(**({"source_id": "0007", "birth_date": BORN, "origin": Origin("e.xml", n)} | row))
            for n, row in enumerate(rows, 2)
        ]
        serials = frozenset(one.source_id for one in people if len(one.source_id) == 4)
        day = FIRST + timedelta(days=days)
        file = FileFacts(
            Format.IMS, extent=Extent.FULL, made_on=day - timedelta(before), schools={"hylla"}, serials=serials
        )
        found = PersonList(tuple(people), (), (), file=file)
        monkeypatch.setattr(listed_people, "read_people", lambda path, reading: found)
        settings = example_settings(tmp_path, protection={"people": "none"})
        return Client(settings, directory=client.directory, journal=journal, keys=key, on=day), str(tmp_path / "e.xml")

    return made


def codes(plan):
    return [one.code for one in plan.refusals]


def test_a_serial_is_a_key_when_an_earlier_day_had_it_with_the_same_person(on_day):
    feide, path = on_day(0, {})
    plan = feide.plan(path)
    assert (codes(plan), plan.changes) == (["R-SERIAL"], ())
    assert "--only 0007 --new-person --yes" in plan.refusals[0].sentence
    assert codes(feide.plan(path)) == ["R-SERIAL"]  # a plan alone says nothing
    feide.apply(plan)
    assert codes(feide.plan(path)) == ["R-SERIAL"]  # the same file again neither
    feide, path = on_day(1, {})
    assert feide.apply(feide.plan(path)).counts["created"] == 1
    feide, path = on_day(2, {})
    assert feide.plan(path).counts["unchanged"] == 1


def test_one_file_that_is_applied_on_two_days_is_no_second_file(on_day):
    feide, path = on_day(0, {}, before=1)
    feide.apply(feide.plan(path))
    feide, path = on_day(1, {}, before=2)
    assert codes(feide.plan(path)) == ["R-SERIAL"]
    feide, path = on_day(1, {}, before=1)
    assert feide.plan(path).counts["created"] == 1


@pytest.mark.parametrize(
    "other", [{"given_name": "Selam"}, {"birth_date": date(2019, 1, 1)}, {"source_id": "0008"}, {"birth_date": None}]
)
def test_a_serial_that_another_person_has_the_next_day_is_new(on_day, other):
    feide, path = on_day(0, {})
    feide.apply(feide.plan(path))
    feide, path = on_day(1, other)
    assert codes(feide.plan(path)) == ["R-SERIAL"]


def test_a_plan_that_alone_was_not_applied_does_not_count(on_day):
    feide, path = on_day(0, {})
    feide.plan(path)
    feide, path = on_day(1, {})
    assert codes(feide.plan(path)) == ["R-SERIAL"]


def test_a_saved_plan_keeps_the_serials(on_day, tmp_path):
    feide, path = on_day(0, {})
    feide.plan(path).save(tmp_path / "plan.json", client=feide, source=path)
    feide.apply(Plan.load(tmp_path / "plan.json", client=feide))
    feide, path = on_day(1, {})
    assert feide.plan(path).counts["created"] == 1


def test_a_person_who_is_needed_now_is_created_by_an_answer(on_day):
    feide, path = on_day(0, {})
    assert feide.apply(feide.plan(path, only="0007", new_person=True)).counts["created"] == 1


def test_the_number_takes_the_place_of_the_serial(on_day, key):
    for day in (0, 1):
        feide, path = on_day(day, {}, {"source_id": "0008", "given_name": "Selam"})
        feide.apply(feide.plan(path))
    came = {"source_id": key.in_place_of_key(TENOR), "national_number": TENOR}
    feide, path = on_day(2, came, {"source_id": "0008", "given_name": "Selam"})
    plan = feide.plan(path)
    assert (codes(plan), sorted(change.kind for change in plan.changes)) == ([], ["attach", "link"])
    assert len({change.feide_name for change in plan.changes}) == 1
    feide.apply(plan)
    assert feide.plan(path).counts["unchanged"] == 2


def test_a_serial_that_is_still_in_the_file_leaves_a_question(on_day, key):
    for day in (0, 1):
        feide, path = on_day(day, {})
        feide.apply(feide.plan(path))
    feide, path = on_day(2, {}, {"source_id": key.in_place_of_key(TENOR), "national_number": TENOR})
    assert codes(feide.plan(path)) == ["R-SAME-PERSON"]
