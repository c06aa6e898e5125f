"""The day of `on=` is the day of everything that a client says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from feideprov import Client, Evidence, Journal, PersonRecord
from feideprov.directory.memory import MemoryDirectory
from feideprov.numbers import NumberText
from feideprov.numbers.forms import TENOR_OFFSET
from feideprov.testing import example_directory, example_settings
from feideprov.testing.numbers import prefix_of, with_check_digits

LONG_AGO = date(2020, 1, 1)


@pytest.mark.parametrize(("until", "expected"), [(LONG_AGO, True), (LONG_AGO - timedelta(1), False)])
def test_what_is_accepted_is_so_up_to_the_last_day_for_the_doctor_too(tmp_path, journal, key, until, expected):
    known = {"code": "D-BASE", "reason": "made tomorrow", "on": until, "until": until}
    settings = example_settings(tmp_path, check={"ignore": [known]})
    empty = MemoryDirectory("dc=skotthyll,dc=no")
    with Client(settings, directory=empty, journal=journal, keys=key, on=LONG_AGO) as client:
        assert {one.code: one.expected for one in client.doctor().findings}["D-BASE"] is expected


def test_nobody_waits_for_less_than_no_day(tmp_path, journal, key):
    settings, directory = example_settings(tmp_path), example_directory()
    with Client(settings, directory=directory, journal=journal, keys=key, on=LONG_AGO) as client:
        person = PersonRecord(source_id="p1", given_name="Olena", family_name="Demir", school="hylla", role="pupil")
        client.apply(client.plan([person]))
        assert [one.days for one in client.pending()] == [0]
        assert str(client.today().tasks[0].sentence) == "1 user waits for a number."


STILL_TO_COME, LATER = date(2033, 3, 14), date(2034, 8, 20)


@pytest.mark.parametrize("journal_knows", [True, False], ids=["journal", "directory"])
def test_the_birth_date_in_a_number_is_that_of_the_day(tmp_path, journal, key, person, journal_knows):
    settings, directory = example_settings(tmp_path, numbers={"test": True}), example_directory()
    number = with_check_digits(prefix_of(STILL_TO_COME, 0, TENOR_OFFSET), range(500, 1000), 500)
    with Client(settings, directory=directory, journal=journal, keys=key, on=LATER) as client:
        seen = Evidence("register", "Kari Nord", LATER)
        client.apply(client.plan([person("p1", birth_date=None, national_number=NumberText(number))], evidence=seen))
    if not journal_knows:
        journal = Journal(f"sqlite:///{tmp_path / 'another.db'}", journal.realm, key=key, actor="Kari")
    with Client(settings, directory=directory, journal=journal, keys=key, on=LATER) as client:
        [refusal] = client.plan([person("p2", birth_date=STILL_TO_COME)]).refusals
    assert refusal.code == "R-SAME-PERSON"
