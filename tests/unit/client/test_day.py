"""The day of `on=` is the day of everything that a client says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from feideprov import Client, PersonRecord
from feideprov.directory.memory import MemoryDirectory
from feideprov.testing import example_directory, example_settings

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
