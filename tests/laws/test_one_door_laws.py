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


@settings(deadline=None, max_examples=size(5, 1_000))
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
@settings(deadline=None, max_examples=size(3, 500))
@given(people=same_people(), part=st.floats(0, 1, exclude_max=True))
def test_half_a_file_gives_no_plan(name, people, part):
    whole = FORMATS[name](people).rstrip()
    with tempfile.TemporaryDirectory() as folder, pytest.raises(InputError):
        plan_of(folder, whole[: int(len(whole) * part)])


CELLS = {
    "source_id": st.sampled_from(["p1", "P1", "x:1", "", "1.31E+10", "#I/T"]) | st.integers(10, 99).map("k{}".format),
    "given_name": st.sampled_from(["Olena", "Åse", "", "BjÃ¸rn", "null"]),
    "family_name": st.sampled_from(["Kovalenko", "Demir", "", "-"]),
    "birth_date": st.sampled_from(["", "2020-11-17", "12.02.1994", "2099-01-01"]),
    "school": st.sampled_from(["hylla", "berg|hylla", "nowhere", ""]),
    "role": st.sampled_from(["elev", "lærer", "deltaker", "rektor"]),
    "grade": st.sampled_from(["", "1", "vg9"]),
    "groups": st.sampled_from(["", "b:1a:1A", "x:y"]),
    "mail": st.sampled_from(["", "a@b.no", "åse"]),
    "national_number": st.sampled_from(
        ["", "", "57912075186", "52829400197", "12345678901", "5791207518", "1.31E+10", "ukjent"]
    ),
}
OF_SEVERAL_ROWS = {"R-SAME-PERSON", "R-NUMBER-TWICE", "R-TWO-ROWS"}


@settings(deadline=None, max_examples=size(8, 1_000))
@given(st.lists(st.tuples(*CELLS.values()), min_size=1, max_size=5))
def test_read_says_of_each_row_what_a_plan_says(rows):
    """Nobody is in the directory yet; what the rows are among themselves, only the plan says."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        path.write_text("\n".join(map(";".join, [CELLS, *rows])), encoding="utf-8")
        with Client(example_settings(Path(folder)), directory=example_directory(), on=ON) as feide:
            read, plan = feide.read(path, kind="people"), feide.plan(path)
    said, wanted = ({(one.origin, one.code, one.sentence) for one in of.refusals} for of in (read, plan))
    assert said <= wanted
    assert {code for _, code, _ in wanted - said} <= OF_SEVERAL_ROWS
    assert read.rows == plan.rows.read
