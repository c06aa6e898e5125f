"""docs/files.md says what the intake does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feideprov.intake import read_number_list, read_person_list
from feideprov.intake.columns import NUMBER_LIST, PERSON_LIST, REPLACEMENT_LIST
from feideprov.intake.number_list import _SOURCE_WORDS

from .conftest import ON

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "files.md").read_text(encoding="utf-8")
PEOPLE, NUMBERS = PAGE.split("## Number list")


@pytest.mark.parametrize(("layout", "part"), [(PERSON_LIST, PEOPLE), (NUMBER_LIST, NUMBERS)], ids=["people", "numbers"])
def test_every_column_with_every_heading(layout, part):
    for column in layout.columns:
        said = re.search(rf"^\| `{column.name}` \| (.*?) \|", part, re.MULTILINE)
        assert said, column.name
        assert said[1] in {"as above", ", ".join(column.headings)}


def test_every_word_for_evidence():
    assert all(word in NUMBERS for word in _SOURCE_WORDS)


def test_the_examples(write):
    people, numbers, changed = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    listed = read_person_list(write(people), on=ON)
    assert (len(listed.records), listed.refusals, listed.ignored_columns) == (3, (), ())
    arrived = read_number_list(write(numbers), on=ON)
    assert (len(arrived.rows), arrived.refusals, arrived.ignored_columns) == (1, (), ())
    following = read_number_list(write(changed), on=ON, layout=REPLACEMENT_LIST)
    assert (len(following.rows), following.refusals, following.ignored_columns) == (1, (), ())
