"""192 published numbers: where the judge and their source disagree, a named rule says why.

"valid" in a source does not mean "may be written to norEduPersonNIN". The rules are told here from the digits
and the source's columns by arithmetic of the test's own; `docs/numbers.md` explains each and counts its rows.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from stdnum.no import fodselsnummer

from feideprov.numbers import Decision, NumberPolicy, judge_number
from feideprov.reference.numbers import BLOCKS

ROOT = Path(__file__).parents[3]
ON = date(2026, 11, 22)
TEST = NumberPolicy(test=True)
DOC = ROOT / "docs" / "numbers.md"

with (ROOT / "tests" / "data" / "public-numbers.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def is_eleven(row):
    return len(row["value"]) == 11 and row["value"].isascii() and row["value"].isdigit()


def month(row):
    return int(row["value"][2:4])


def yy(row):
    return int(row["value"][4:6])


def iii(row):
    return int(row["value"][6:9])


def is_d(row):
    return row["value"][0] in "4567"


def keeps_old_rule(row):
    number = row["value"]
    first = sum(w * int(d) for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), number, strict=False))
    second = sum(w * int(d) for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), number, strict=True))
    return first % 11 == second % 11 == 0


def stdnum_year(row):
    return int(row["python_stdnum_2.2_on_2026-11-22"].removeprefix("accept:")[:4])


def also_born_1916_or_later(row):
    """By the D table of 2021 the number has a second, later reading."""
    return is_d(row) and ((200 <= iii(row) < 500 and yy(row) < 40) or (600 <= iii(row) < 750 and yy(row) >= 54))


def source_date_is_old(row):
    accepted = row["python_stdnum_2.2_on_2026-11-22"].startswith("accept:")
    return accepted and stdnum_year(row) < 1916 and not also_born_1916_or_later(row)


REFUSE, ASK, ACCEPT = Decision.REFUSE, Decision.NEEDS_EVIDENCE, Decision.ACCEPT

# name, what the source says, whether the rule speaks about the row, the verdict
RULES = [
    ("tenor", "valid", lambda r: is_eleven(r) and month(r) > 80, REFUSE, "N-TENOR"),
    ("h-number", "valid", lambda r: is_eleven(r) and 40 < month(r) < 53, REFUSE, "N-H"),
    ("filler", "valid", lambda r: "filler" in r["type_or_reason_in_source"], REFUSE, "N-FILLER"),
    ("rule-of-2032", "valid", lambda r: is_eleven(r) and not keeps_old_rule(r), REFUSE, "N-2032"),
    ("not-born-yet", "valid", lambda r: 26 < yy(r) < 40 and iii(r) >= 500, REFUSE, "N-FUTURE"),
    ("county-range", "valid", lambda r: is_d(r) and iii(r) >= 900, ASK, "N-D-900"),
    ("over-110-years", "valid", source_date_is_old, ASK, "N-OLD"),
    ("duf-left-out", "valid", lambda r: r["type_or_reason_in_source"] == "DUF", REFUSE, "N-DUF-NOT-WRITTEN"),
    ("duf-in-doubt", "invalid", lambda r: r["value"].startswith("2010"), ASK, "N-DUF-LOCAL"),
]


def rule_of(row):
    said = row["expected_in_source"]
    return next((rule for rule in RULES if rule[1] == said and rule[2](row)), None)


@pytest.mark.parametrize("row", range(len(ROWS)), ids=[f"row {n}" for n in range(2, len(ROWS) + 2)])
def test_the_judge_agrees_with_the_source_or_a_rule_says_why(row):
    row = ROWS[row]
    verdict = judge_number(row["value"], on=ON)
    if rule := rule_of(row):
        assert (verdict.decision, verdict.code) == rule[3:]
    else:
        assert verdict.decision is (ACCEPT if row["expected_in_source"] == "valid" else REFUSE)


TENOR = [n for n, row in enumerate(ROWS) if is_eleven(row) and month(row) > 80]


@pytest.mark.parametrize("row", TENOR, ids=[f"row {n + 2}" for n in TENOR])
def test_tenor_rows_in_a_test_directory(row):
    row = ROWS[row]
    verdict = judge_number(row["value"], on=ON, policy=TEST)
    if row["expected_in_source"] == "invalid":
        expected = (REFUSE, "N-CHECK")
    elif not keeps_old_rule(row):
        expected = (REFUSE, "N-2032")
    elif yy(row) == 97 and 500 <= iii(row) < 750 and not also_born_1916_or_later(row):
        expected = (ASK, "N-OLD")  # 1897
    else:
        expected = (ACCEPT, "N-OK")
    assert (verdict.decision, verdict.code) == expected


def test_other_rows_in_a_test_directory_are_never_accepted():
    others = [row for n, row in enumerate(ROWS) if n not in TENOR]
    assert all(judge_number(row["value"], on=ON, policy=TEST).decision is not ACCEPT for row in others)


def test_there_are_192_rows():
    assert len(ROWS) == 192


# the page ---------------------------------------------------------------------------------------------------


def test_the_page_counts_the_rows_of_each_rule():
    counted = Counter(rule[0] for row in ROWS if (rule := rule_of(row)))
    counted["agreement"] = len(ROWS) - sum(counted.values())
    written = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (\d+) \|", DOC.read_text(encoding="utf-8"), re.MULTILINE))
    assert {rule: int(n) for rule, n in written.items()} == counted


def test_the_page_holds_the_tables_of_the_code():
    page = DOC.read_text(encoding="utf-8")
    assert all(made() in page for made in BLOCKS.values())


def d_numbers_of_2021():
    """One past number for each year and block of 50 individual numbers; all borders are multiples of 50."""
    table = [
        (range(500, 600), range(58, 100), 1800),
        (range(200), range(40), 1900),
        (range(500), range(40, 100), 1900),
        (range(600, 1000), range(40, 100), 1900),
        (range(200, 1000), range(27), 2000),
    ]
    for iiis, yys, century in table:
        for block in range(iiis.start, iiis.stop, 50):
            for year in yys:
                yield century + year, range(block, block + 50)


def test_the_page_measures_python_stdnum(make):
    refused = wrong = total = ours = 0
    for year, block in d_numbers_of_2021():
        born = date(year, 1, 12)
        number = make.d(born, block)
        total += 1
        verdict = judge_number(number, birth_date=born, on=ON)
        ours += verdict.decision is REFUSE or born not in verdict.birth_dates
        if not fodselsnummer.is_valid(number):
            refused += 1
        elif fodselsnummer.get_birth_date(number) != born:
            wrong += 1
    page = DOC.read_text(encoding="utf-8")
    assert ours == 0
    assert f"{100 * refused / total:.1f} % are refused" in page
    assert f"{100 * wrong / total:.1f} % are dated a century off" in page
