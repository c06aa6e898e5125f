"""A canary number in every place of every file: nothing that is shown holds it, or its last five digits."""

from __future__ import annotations

import logging
import re
import traceback

import pytest

from feideprov.errors import FeideProvError
from feideprov.intake import read_number_list, read_person_list
from feideprov.intake.columns import NUMBER_LIST, PERSON_LIST

from .conftest import WRONG

READ = {"people": (read_person_list, PERSON_LIST), "numbers": (read_number_list, NUMBER_LIST)}
GOOD = {
    "source_id": "p1",
    "given_name": "Olena",
    "family_name": "K",
    "school": "hylla",
    "role": "elev",
    "national_number": "x",
    "evidence": "letter",
    "seen_by": "Kari",
    "seen_on": "2026-01-02",
}
WRITTEN = {
    "bare": WRONG,
    "spaced": f"{WRONG[:6]} {WRONG[6:]}",
    "dashed": f"{WRONG[:6]}-{WRONG[6:]}",
    "formula": f'="{WRONG}"',
    "inside": f"a {WRONG} b",
    "decimal": f"{WRONG}.0",
    "lines": f'"{WRONG}\n{WRONG}"',
    "full-width": "".join(chr(ord(digit) + 0xFEE0) for digit in WRONG),
    "pieces": f"{WRONG[:4]}/{WRONG[4:8]}/{WRONG[8:]}",
}


def silent(shown: object) -> bool:
    ascii_digits = "".join(str(int(c)) if c.isdecimal() else c for c in str(shown))
    return WRONG[-5:] not in re.sub(r"[^0-9a-z]", "", ascii_digits)


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
@pytest.mark.parametrize("kind", READ)
def test_in_every_column(write, caplog, capsys, kind, written):
    caplog.set_level(logging.DEBUG)
    reader, layout = READ[kind]
    for place in layout.columns:
        row = {c.name: GOOD.get(c.name, "") for c in layout.columns} | {place.name: written}
        listed = reader(write(";".join(row) + "\n" + ";".join(row.values()) + "\n"))
        shown = [listed, *listed.refusals, *(r.sentence for r in listed.refusals), *getattr(listed, "rows", ())]
        shown += getattr(listed, "records", ())
        if written == WRITTEN["pieces"] and place.name in {"source_id", "user"}:
            continue  # no number by any reading of it, so it stays what the municipality says it is
        assert all(silent(repr(thing)) and silent(thing) for thing in shown), place.name
    assert silent(caplog.text)
    assert silent("".join(capsys.readouterr()))


def people(text):
    return "source_id;given_name;school;role\n" + text


BROKEN = {
    "first-row": f"{WRONG};Olena\n",
    "heading": f"source_id;{WRONG}\n",
    "heading-twice": f"source_id;id;{WRONG}\n",
    "open-quote": people(f'p1;"{WRONG};x\n'),
    "text-behind": people(f'p1;"{WRONG}"{WRONG};x\n'),
    "too-long": people(f"p1;{WRONG * 20_000}\n"),
    "no-encoding": people(f"p1;{WRONG}").encode() + b"\x81",
    "utf-16": people(f"p1;{WRONG}").encode("utf-16"),
    "xml": f"<a>{WRONG}</a>",
    "nul": f"{WRONG}\0",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("reader", [read_person_list, read_number_list], ids=["people", "numbers"])
def test_in_files_that_cannot_be_read(write, content, reader):
    with pytest.raises(FeideProvError) as caught:
        reader(write(content, f"list {WRONG}.csv"))
    assert silent(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    last = "".join(traceback.format_exception_only(caught.value))
    assert silent(last)


def test_in_rows_that_are_shifted(write):
    listed = read_person_list(write(people(f"p1;Olena;hylla;elev;{WRONG}\n"), f"{WRONG}.csv"))
    assert silent(listed)
    assert listed.refusals[0].code == "R-COLUMNS"
