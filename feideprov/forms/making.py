"""From the columns of a sheet to the sheet of one organization in one language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from feideprov.feide.organization import HostOrganization, School
from feideprov.forms.answer_columns import LEAVERS, QUESTIONS
from feideprov.forms.columns import NUMBERS, PEOPLE, SERVICES, SheetColumn
from feideprov.forms.keys import fresh_keys
from feideprov.messages import Language, Sentence
from feideprov.sheets.form import Form, FormColumn


class FormKind(StrEnum):
    """What a sheet is about."""

    PEOPLE = "people"
    NUMBERS = "numbers"
    SERVICES = "services"


_COLUMNS: Final = {FormKind.PEOPLE: PEOPLE, FormKind.NUMBERS: NUMBERS, FormKind.SERVICES: SERVICES}
_TITLES: Final = {
    FormKind.PEOPLE: Sentence("People"),
    FormKind.NUMBERS: Sentence("Numbers"),
    FormKind.SERVICES: Sentence("Services"),
}
_LEAVERS_TITLE: Final = Sentence("Leavers")
_QUESTIONS_TITLE: Final = Sentence("Questions")
_REFUSED: Final = Sentence(
    "This column does not take that. Choose from the list, or write it as the explanation above the heading says."
)


def form_of(kind: FormKind, organization: HostOrganization, language: Language, *, keys: int) -> Form:
    """The empty sheet of a kind. A sheet of people has so many rows with fresh keys."""
    rows = [[key] for key in fresh_keys(keys)] if kind is FormKind.PEOPLE else []
    return _form(_TITLES[kind], _COLUMNS[kind], language, rows, _schools(organization))


def number_form(language: Language, rows: Sequence[Sequence[str | None]]) -> Form:
    """The sheet of numbers for people who wait for one. Each row has the first cells: source id, Feide name, given
    name, family name and birth date."""
    columns = [column for column in NUMBERS if column.name != "old_number"]
    return _form(_TITLES[FormKind.NUMBERS], columns, language, rows)


def leaver_form(language: Language, rows: Sequence[Sequence[str | None]]) -> Form:
    """The sheet of those who may have left. Each row has source id, Feide name and reason."""
    return _form(_LEAVERS_TITLE, LEAVERS, language, rows)


def question_form(language: Language, rows: Sequence[Sequence[str | None]]) -> Form:
    """The sheet of questions about who is who. Each row has all cells but the answer."""
    return _form(_QUESTIONS_TITLE, QUESTIONS, language, rows)


def _form(
    title: Sentence,
    columns: Iterable[SheetColumn],
    language: Language,
    rows: Sequence[Sequence[str | None]],
    schools: Sequence[str] = (),
) -> Form:
    made = [_column(column, schools, language) for column in columns]
    return Form(title.in_language(language), made, _REFUSED.in_language(language), rows)


def _column(column: SheetColumn, schools: Sequence[str], language: Language) -> FormColumn:
    words = schools if column.schools else [choice.in_language(language) for choice in column.choices]
    return FormColumn(
        column.heading.in_language(language),
        column.explanation.in_language(language),
        column.width,
        column.cells,
        tuple(words),
        column.others,
    )


def _schools(organization: HostOrganization) -> list[str]:
    return [_name_in_cell(school, organization) for school in organization.schools]


def _name_in_cell(school: School, organization: HostOrganization) -> str:
    """The school's name, or its id where the name alone does not say which school it is."""
    return school.name if "|" not in school.name and organization.school(school.name) is school else school.id
