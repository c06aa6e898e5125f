"""Laws of the matrix, the page and the page of today: what others wrote is text, and a protected user is a count."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov.messages import LANGUAGES, Sentence
from feideprov.numbers import number_shaped
from feideprov.provision.pending import PendingUser
from feideprov.services.register.service import Answer, Audience, Dependency, Provider, Service, Way
from feideprov.services.report.matrix import Cell, Matrix, matrix_of, matrix_sheet
from feideprov.services.report.page import page
from feideprov.services.report.situation import Situation
from feideprov.services.report.today_page import ShownTask, today_page, waiting_of
from feideprov.services.wording import cell
from feideprov.testing import example_settings
from feideprov.text import shown
from feideprov.wiring import organization_of

ON = date(2026, 11, 22)
ORGANIZATION = organization_of(example_settings(Path()))
SIGNS = st.sampled_from("<>&'\"=+-@,;\t\r\n{}%\\/\u202e\u2066\u200f\x00\x1b\ufeff０１٣aÅل 1529")
WORDS = st.text(SIGNS | st.characters(exclude_categories=["Cs"]), max_size=40)
SCHOOLS = st.lists(st.sampled_from(["hylla", "berg", "nowhere"]), max_size=2, unique=True).map(tuple)
ROLES = st.lists(st.sampled_from(["pupil", "student", "teacher", "staff"]), max_size=2, unique=True).map(tuple)


@st.composite
def services(draw: st.DrawFn) -> Service:
    words = draw(WORDS)
    return Service(
        id=draw(st.uuids()).hex,
        names={draw(st.sampled_from(["nb", "en", ""])): words},
        provider=Provider(id="1", name=draw(WORDS)),
        ways=(Way.FEIDE,),
        activated=draw(st.booleans()),
        audience=Audience(schools=draw(SCHOOLS), roles=draw(ROLES)),
        answer=Answer(state=draw(st.sampled_from(Dependency)), on=ON, source=draw(WORDS)),
    )


@st.composite
def users(draw: st.DrawFn) -> PendingUser:
    protected, days = draw(st.booleans()), draw(st.none() | st.integers(0, 3000))
    name = f"skjermet{draw(st.integers(0, 99))}" if protected else draw(WORDS)
    affiliations = draw(st.lists(st.sampled_from(["student", "faculty", "staff", "member"]), unique=True).map(tuple))
    return PendingUser(
        f"{name}@x.no",
        None,
        "",
        None,
        None,
        days,
        draw(SCHOOLS),
        affiliations,
        protected=protected,
        in_sheets=not protected,
    )


MATRICES = st.builds(
    lambda some, waiting: matrix_of(some, waiting, ORGANIZATION, ON),
    st.lists(services(), max_size=4, unique_by=lambda one: one.id),
    st.lists(users(), max_size=4),
)


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _ in attrs]))


def made(matrix: Matrix, language: str) -> str:
    return page(Situation(ORGANIZATION, matrix, len(matrix.services), 0, ON, (), 0, 0, 0), language)


def harmless(matrix: Matrix) -> Matrix:
    """The same, with letters alone in place of what others wrote."""
    named = []
    for one in matrix.services:
        source = "x" if one.answer.source else ""
        answer = one.answer.model_copy(update={"source": source})
        named.append(
            one.model_copy(update={"names": {"": "x"}, "provider": Provider(id="1", name="x"), "answer": answer})
        )
    rows = tuple(type(row)("x@x.no", row.schools, row.since, row.days, row.cells) for row in matrix.rows)
    return Matrix(matrix.on, tuple(named), rows, matrix.protected)


@settings(max_examples=size(20, 60), deadline=None)
@given(MATRICES, st.sampled_from(LANGUAGES))
def test_whatever_others_wrote_the_page_has_the_same_elements(matrix: Matrix, language: str) -> None:
    assert Elements(made(matrix, language)).found == Elements(made(harmless(matrix), language)).found


@settings(max_examples=size(20, 60), deadline=None)
@given(MATRICES)
def test_a_protected_user_is_a_count_and_nothing_else(matrix: Matrix) -> None:
    assert "skjermet" not in repr(matrix)
    assert b"skjermet" not in matrix_sheet(matrix)
    assert "skjermet" not in made(matrix, "en")


@settings(max_examples=size(6, 60), deadline=None)
@given(st.lists(users(), max_size=4), WORDS, st.sampled_from(LANGUAGES))
def test_the_page_of_today_names_no_protected_user_and_has_the_same_elements(
    some: list[PendingUser], words: str, language: str
) -> None:
    def today(waiting: list[PendingUser], text: str) -> str:
        task = ShownTask(Sentence("{text}", text=text), text, 3)
        return today_page(text, ON, [task], waiting_of(waiting, ORGANIZATION, named=5), language)

    page = today(some, words)
    harmless = today([replace(one, user="x@x.no") for one in some], "x")
    assert Elements(page).found == Elements(harmless).found
    for one in some:
        if one.protected:
            assert one.user not in page.partition("</style>")[2]


@given(MATRICES)
def test_every_listed_user_has_one_cell_for_each_service_that_concerns_us(matrix: Matrix) -> None:
    assert all(service.concerns_us for service in matrix.services)
    assert all(len(row.cells) == len(matrix.services) for row in matrix.rows)
    for place, service in enumerate(matrix.services):
        met = matrix.met_at(place)
        assert met.total() == len(matrix.rows)
        assert len(set(met) - {Cell.OUTSIDE}) <= 1, service.answer.state


@given(MATRICES, st.sampled_from(";,\t"))
def test_no_cell_of_a_sheet_is_a_formula(matrix: Matrix, separator: str) -> None:
    content = matrix_sheet(matrix).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(content), delimiter=separator):
        assert not any(one.lstrip().startswith(("=", "+", "-", "@")) for one in row)


@given(WORDS)
def test_plain_text_is_one_line_without_control_signs_or_numbers(words: str) -> None:
    text = shown(words)
    assert shown(text) == text
    assert not number_shaped(text)
    assert all(unicodedata.category(sign) not in ("Cc", "Zl", "Zp") for sign in text)
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")


@given(WORDS.filter(lambda words: not set(words) & set("=+-@,;")))
def test_a_cell_without_a_formula_is_the_plain_text(words: str) -> None:
    assert cell(words) == shown(words)
