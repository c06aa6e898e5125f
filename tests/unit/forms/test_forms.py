"""The sheets to fill in: every heading and every word that can be chosen is one that the readers know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest

from feideprov.feide.attributes import grade_number
from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import role_of
from feideprov.forms import FormKind, form_of, leaver_form, number_form, question_form
from feideprov.forms.answer_columns import LEAVER_REASONS, LEAVERS, QUESTIONS
from feideprov.forms.columns import NO_NUMBER_YET, NUMBERS, PEOPLE, SERVICES, SheetColumn
from feideprov.forms.keys import fresh_keys, is_fresh_key
from feideprov.intake.columns import LEAVER_LIST, NUMBER_LIST, PERSON_LIST
from feideprov.intake.number_list import source_of
from feideprov.intake.question_list import QUESTION_LIST, SheetAnswer, read_question_list
from feideprov.messages import LANGUAGES, Language
from feideprov.no_value import no_number_yet, no_value
from feideprov.numbers import key_is_number, number_shaped
from feideprov.provision.plan.leavers.leavers import Reason
from feideprov.services.sources.table import SERVICE_LIST
from feideprov.sheets.form import Form
from feideprov.tables.columns import Layout
from feideprov.tables.heading import HeadingReader
from feideprov.testing import example_settings
from feideprov.wiring import organization_of

LAYOUTS: Final = {FormKind.PEOPLE: PERSON_LIST, FormKind.NUMBERS: NUMBER_LIST, FormKind.SERVICES: SERVICE_LIST}
COLUMNS: Final = {FormKind.PEOPLE: PEOPLE, FormKind.NUMBERS: NUMBERS, FormKind.SERVICES: SERVICES}
SHEETS: Final = [(kind, language) for kind in FormKind for language in LANGUAGES]


@pytest.fixture
def organization(tmp_path: Path) -> HostOrganization:
    return organization_of(example_settings(tmp_path))


def choices(form: Form, kind: FormKind) -> dict[str, tuple[str, ...]]:
    """What can be chosen, by canonical name."""
    return {known.name: column.choices for known, column in zip(COLUMNS[kind], form.columns, strict=True)}


@pytest.mark.parametrize(("kind", "language"), SHEETS)
def test_each_heading_means_its_column(kind: FormKind, language: Language, organization: HostOrganization) -> None:
    form = form_of(kind, organization, language, keys=0)
    heading = HeadingReader(LAYOUTS[kind], None).read([column.heading for column in form.columns], "sheet")
    shown_only = {"given_name", "family_name"} if kind is FormKind.NUMBERS else set()
    assert list(heading.places) == [column.name for column in COLUMNS[kind] if column.name not in shown_only]
    assert len(heading.ignored) == len(shown_only)


@pytest.mark.parametrize(("kind", "language"), SHEETS)
def test_no_explanation_is_taken_for_a_heading(
    kind: FormKind, language: Language, organization: HostOrganization
) -> None:
    form = form_of(kind, organization, language, keys=0)
    explanations = [column.explanation for column in form.columns]
    assert all(explanations)
    assert not any("\n" in text or len(text) > 255 for text in explanations)
    assert not any(HeadingReader(layout, None).known_in(explanations) for layout in LAYOUTS.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_that_can_be_chosen_is_known(language: Language, organization: HostOrganization) -> None:
    people = choices(form_of(FormKind.PEOPLE, organization, language, keys=0), FormKind.PEOPLE)
    numbers = choices(form_of(FormKind.NUMBERS, organization, language, keys=0), FormKind.NUMBERS)
    services = choices(form_of(FormKind.SERVICES, organization, language, keys=0), FormKind.SERVICES)
    assert len(set(map(role_of, people["role"]))) == 4
    assert None not in map(role_of, (*people["role"], *services["roles"]))
    assert len(set(map(source_of, numbers["evidence"]))) == 4
    assert None not in map(source_of, numbers["evidence"])
    assert all(map(grade_number, people["grade"]))
    assert people["protected"] == services["activated"] == (("yes", "no") if language == "en" else ("ja", "nei"))
    for word in (*people["national_number"], *people["duf_number"], *numbers["national_number"]):
        assert word == NO_NUMBER_YET.in_language(language)
        assert no_number_yet(word)
        assert no_value(word) is None
    for schools in (people["school"], services["schools"]):
        assert list(map(organization.school, schools)) == list(organization.schools)


def test_a_school_whose_name_does_not_say_which_it_is_has_its_id(organization: HostOrganization) -> None:
    first, second, *_ = organization.schools
    schools = (first.model_copy(update={"name": "Skole | A"}), second.model_copy(update={"name": first.id}))
    unclear = organization.model_copy(update={"schools": schools})
    people = choices(form_of(FormKind.PEOPLE, unclear, "nb", keys=0), FormKind.PEOPLE)
    assert people["school"] == (first.id, second.id)


def test_keys_are_all_different_and_nobody_takes_one_for_a_number() -> None:
    keys = fresh_keys(2_000)
    assert len(set(keys)) == 2_000
    assert all(map(is_fresh_key, keys))
    assert not any(number_shaped(key) or key_is_number(key) or not key.isalpha() for key in keys)
    assert not any(map(is_fresh_key, ("p1", "", keys[0].upper(), keys[0] + "b")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "columns", "layout"),
    [(leaver_form, LEAVERS, LEAVER_LIST), (question_form, QUESTIONS, QUESTION_LIST)],
    ids=["leavers", "questions"],
)
def test_sheets_whose_rows_are_filled_in_come_back(
    form: Callable[..., Form], columns: Sequence[SheetColumn], layout: Layout, language: Language
) -> None:
    made = form(language, []).columns
    heading = HeadingReader(layout, None).read([column.heading for column in made], "sheet")
    assert list(heading.places) == [column.name for column in columns]
    assert heading.ignored == ()
    explanations = [column.explanation for column in made]
    assert not any("\n" in text or HeadingReader(layout, None).known_in([text]) for text in explanations)
    assert all(len(column.heading) <= column.width for column in made)


def test_the_list_of_leavers_has_words_for_each_reason() -> None:
    assert set(LEAVER_REASONS) == set(Reason)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_answer_to_choose_is_understood(tmp_path: Path, language: Language) -> None:
    answers = question_form(language, []).columns[-1].choices
    path = tmp_path / "answers.csv"
    path.write_text("question_id;answer\n" + "".join(f"x;{word}\n" for word in answers), encoding="utf-8")
    lines, refusals = read_question_list(path)
    assert ([line.answer for line in lines], refusals) == ([SheetAnswer.SAME, SheetAnswer.NEW, SheetAnswer.OPEN], [])


def test_a_query_sheet_has_no_column_for_an_old_number(organization: HostOrganization) -> None:
    form = number_form("nn", [["k", "u@x.no", "Å", "B", ""]])
    assert [c.heading for c in form.columns][:6] == [
        *("Kjelde-ID", "Feide-namn", "Førenamn", "Etternamn", "Fødselsdato"),
        "Fødselsnummer eller D-nummer",
    ]
    assert "Gammalt nummer" not in [c.heading for c in form.columns]
