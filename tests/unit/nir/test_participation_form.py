"""The sheets of participation records: every heading and every word that can be chosen is one that the reader knows."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Final

import pytest

from feideprov.intake.columns import LEAVER_LIST, NUMBER_LIST, PERSON_LIST
from feideprov.messages import LANGUAGES, Language
from feideprov.nir import Rules, Scheme, Setting
from feideprov.nir.lists.columns import fields_of, layout_of
from feideprov.nir.lists.field_kinds import field_row
from feideprov.nir.lists.participation import read_participation
from feideprov.nir.lists.participation_form import participation_forms
from feideprov.nir.words import FIELDS, SCHEMES, in_words
from feideprov.sheets.form import Cells, Form
from feideprov.tables.heading import HeadingReader

RULES: Final = Rules.shipped()
CODES: Final = {"avslutningsaarsak": {"jobb": "arbeid"}, "tiltak": {"kurs": "k"}, "permit_basis": {"kollektiv": "34"}}
SHEETS: Final = [(language, place) for language in LANGUAGES for place in range(len(Scheme))]


def form(language: Language, place: int) -> Form:
    return participation_forms(language, RULES, CODES)[place]


def names(made: Form) -> list[str]:
    """The canonical names of the columns."""
    heading = HeadingReader(layout_of(RULES), None).read([column.heading for column in made.columns], "sheet")
    assert heading.ignored == ()
    return list(heading.places)


@pytest.mark.parametrize(("language", "place"), SHEETS)
def test_each_heading_means_a_column_of_its_own(language: Language, place: int) -> None:
    made, scheme = form(language, place), list(SCHEMES)[place]
    found = set(names(made))
    assert len(found) == len(made.columns)
    assert {f"{field}_in_nir" for field in fields_of(RULES, scheme)} <= found
    assert set(fields_of(RULES, scheme)) - found == ({"vedtak"} & set(fields_of(RULES, scheme)))
    assert ("settled" in found) is not scheme.in_reception_centre
    assert all(len(column.heading) < column.width for column in made.columns)


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_worklist_calls_each_field_as_the_sheet_does(language: Language) -> None:
    fields = fields_of(RULES)
    shown = {field: in_words(FIELDS, field, language) for field in fields}
    assert {field: field_row(field).heading.in_language(language) for field in fields} == shown


@pytest.mark.parametrize(("language", "place"), SHEETS)
def test_no_explanation_is_taken_for_a_heading(language: Language, place: int) -> None:
    explanations = [column.explanation for column in form(language, place).columns]
    assert not any("\n" in text or not text or len(text) > 255 for text in explanations)
    layouts = (layout_of(RULES), PERSON_LIST, NUMBER_LIST, LEAVER_LIST)
    assert not any(HeadingReader(layout, None).known_in(explanations) for layout in layouts)


@pytest.mark.parametrize(("language", "place"), SHEETS)
def test_each_word_that_can_be_chosen_is_understood(tmp_path: Path, language: Language, place: int) -> None:
    made, path = form(language, place), tmp_path / "list.csv"
    cells = [list(row) for row in zip_longest(*(column.choices for column in made.columns), fillvalue="")]
    for number, row in enumerate(cells):
        row[0] = f"a-{number}"
    heading = [column.heading for column in made.columns]
    path.write_text("\n".join(";".join(row) for row in (heading, *cells)), encoding="utf-8")
    found = read_participation(
        path, Setting(codes=CODES), RULES, date(2026, 11, 23), columns={}, scheme=list(SCHEMES)[place]
    )
    asked = [one for one in found.refusals if one.code != "R-NIR-PERMIT"]  # the day beside the basis is not chosen
    assert (asked, len(found.records)) == ([], len(cells))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_of_a_sheet_says_its_scheme(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "list.csv"
    for scheme, made in zip(SCHEMES, participation_forms(language, RULES, {}), strict=True):
        assert len(made.title) <= 31  # as Excel allows
        path.write_text(f"key;scheme\na-1;{made.title}\n", encoding="utf-8")
        found = read_participation(path, Setting(), RULES, date(2026, 11, 23), columns={})
        assert [one.record.scheme for one in found.records] == [scheme]


def test_there_is_no_list_of_codes_but_the_municipality_s_own() -> None:
    of_programme = form("nb", 0)
    choices = dict(zip(names(of_programme), (column.choices for column in of_programme.columns), strict=True))
    assert (choices["avslutningsaarsak"], choices["sluttmaal"], choices["tiltak"]) == (("jobb", "fjern"), (), ())
    assert choices["livsmestring_gjennomfoert"] == choices["ended"] == ("ja", "nei", "fjern")
    kinds = dict(zip(names(of_programme), (column.cells for column in of_programme.columns), strict=True))
    assert {name for name, cells in kinds.items() if cells is Cells.ANY_DATE} == {"start", "end"}
