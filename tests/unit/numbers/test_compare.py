"""One number is the same in every spelling, and another one never is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from feideprov.numbers import NumberPolicy, NumberText, judge_number
from feideprov.numbers.compare import normal_digits, same_number

TENOR = "12829499914"
OTHER = "57912075186"
SPELLINGS = (
    "128294 99914",
    " 12829499914\t",
    "12.82.94-999.14",
    "128294\N{NO-BREAK SPACE}999\N{THIN SPACE}14",
    "128294\N{EN DASH}99914",
    "\N{ZERO WIDTH SPACE}128294\N{SOFT HYPHEN}99914",
    "１２８２９４９９９１４",  # full-width
    "١٢٨٢٩٤٩٩٩١٤",  # Arabic-Indic
    "۱۲۸۲۹۴۹۹۹۱۴",  # Persian
    "१२८२९४९९९१४",  # Devanagari
    "128294٩٩٩14",
)


@pytest.mark.parametrize("spelling", SPELLINGS, ids=range(len(SPELLINGS)))
def test_a_number_is_the_same_in_every_spelling_and_script(spelling: str) -> None:
    assert normal_digits(spelling) == TENOR
    assert same_number(spelling) == same_number(TENOR)


def test_it_is_the_same_as_written_and_as_judged() -> None:
    judged = judge_number(TENOR, policy=NumberPolicy(test=True)).number
    assert judged is not None
    assert same_number(judged) == same_number(NumberText(f"{TENOR[:6]} {TENOR[6:]}")) == same_number(TENOR)


@pytest.mark.parametrize(
    "other",
    [OTHER, TENOR[:-1], TENOR[1:], f"{TENOR}0", f"0{TENOR}", TENOR[::-1], TENOR[:-1] + "5", f"H{TENOR}", ""],
    ids=range(9),
)
def test_other_digits_are_another_number(other: str) -> None:
    assert normal_digits(other) != TENOR
    assert same_number(other) != same_number(TENOR)


def test_what_is_no_digit_is_kept_in_lower_case() -> None:
    assert normal_digits("LT-12 34 Ä") == normal_digits("lt1234ä") == "lt1234ä"
    assert normal_digits("½²") == "½²", "a fraction and a power are no digits of a number"
    assert normal_digits(" -.") == ""


def test_what_is_compared_shows_no_digit_and_is_good_in_one_process_alone() -> None:
    here = same_number(TENOR)
    assert TENOR.encode() not in here
    program = "import sys; from feideprov.numbers.compare import same_number as s; print(s(sys.stdin.read()).hex())"
    there = subprocess.run([sys.executable, "-c", program], input=TENOR, capture_output=True, text=True, check=True)
    assert len(there.stdout.strip()) == 2 * len(here)
    assert there.stdout.strip() != here.hex()
