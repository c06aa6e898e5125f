"""The same people give the same plan, whatever the format of their list is; half a file gives none."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from same_people import Somebody, as_csv, as_enterprise, as_ods, as_xlsx, same_people
from size import size

from feideprov import Client, InputError, Plan
from feideprov.testing import example_directory, example_settings

ON = date(2026, 11, 22)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "cp1252"])
SEPARATORS = st.sampled_from([";", ",", "\t"])
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
XML = {
    version: lambda people, version=version: as_enterprise(people, version) for version in ("1.1", "1.2", "1.3", "ims")
}
FORMATS: dict[str, Callable[[list[Somebody]], bytes]] = {"xlsx": as_xlsx, "ods": as_ods, **XML}


def plan_of(folder: str, content: bytes) -> Plan:
    path = Path(folder) / "list"
    path.write_bytes(content)
    with Client(
        example_settings(Path(folder), protection={"people": "none"}), directory=example_directory(), on=ON
    ) as feide:
        return feide.plan(path)


def summary(plan: Plan) -> list[tuple[object, ...]]:
    """What a plan does, and what it refuses, in the order of the people."""
    return [
        *((one.kind, one.feide_name, str(one.dn), one.user.values, bool(one.number)) for one in plan.creates),
        *((one.code, one.user, one.held) for one in plan.refusals),
    ]


@settings(deadline=None, max_examples=size(8, 1_000))
@given(same_people(), ENCODINGS, SEPARATORS, ENDS)
def test_the_same_people_give_the_same_plan_in_every_format(people, encoding, separator, end):
    with tempfile.TemporaryDirectory() as folder:
        wanted = summary(plan_of(folder, as_csv(people)))
        assert len([one for one in wanted if one[0] == "create"]) == len(people)
        with suppress(UnicodeEncodeError):
            assert summary(plan_of(folder, as_csv(people, separator, encoding, end))) == wanted
        for name, write in FORMATS.items():
            assert summary(plan_of(folder, write(people))) == wanted, name


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None, max_examples=size(5, 500))
@given(people=same_people(), part=st.floats(0, 1, exclude_max=True))
def test_half_a_file_gives_no_plan(name, people, part):
    whole = FORMATS[name](people).rstrip()
    with tempfile.TemporaryDirectory() as folder, pytest.raises(InputError):
        plan_of(folder, whole[: int(len(whole) * part)])
