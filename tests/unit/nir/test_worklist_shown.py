"""The worklist as it is shown: each line once, in its part; the page, the sheet and the text of the day."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from nir_worklist import HOSTILE, ON, days, example_worklist, item, verdict

from feideprov.nir import words
from feideprov.nir.model import Scheme
from feideprov.nir.report import worklist as module
from feideprov.nir.report.page import page
from feideprov.nir.report.page_words import PHRASES
from feideprov.nir.report.reasons import why
from feideprov.nir.report.sheet import COLUMNS, worklist_csv
from feideprov.nir.report.today import nir_today
from feideprov.nir.report.worklist import Part, Worklist, near_year_ends
from feideprov.nir.table.rules import Rules
from feideprov.nir.verdict import VerdictKind
from feideprov.nir.work_items import ItemKind, YearEnd

RULES = Rules.shipped()
LANGUAGES = ("en", "nb", "nn")


@pytest.fixture
def worklist() -> Worklist:
    return example_worklist()


def test_each_line_stands_in_one_part(worklist) -> None:
    parts = {part: [line.fields for line in worklist.lines if line.part(ON) is part] for part in Part}
    assert parts == {
        Part.SETTLEMENT: [("settled",)],
        Part.OVERDUE: [("vedtak",), ("tiltak",)],
        Part.SOON: [("klage",), ("tiltak",)],
        Part.LATER: [("sluttmaal",)],
        Part.WITHOUT_DAY: [("permisjon",)],
        Part.FORBIDDEN: [("integreringskontrakt",)],
        Part.QUESTION: [("praksis",)],
        Part.BLOCKED: [("vedtak_utvidet_norskopplaering",)],
        Part.NOT_KNOWN: [()],
        Part.NUMBER: [("number",)],
    }


@pytest.mark.parametrize(
    ("number", "part"),
    [(-1, Part.OVERDUE), (0, Part.SOON), (14, Part.SOON), (15, Part.LATER), (None, Part.WITHOUT_DAY)],
)
def test_the_last_day_itself_is_not_overdue_and_fourteen_days_are_soon(number, part) -> None:
    due = None if number is None else days(number)
    [line] = Worklist(ON, "X", (item("a", verdict("P20-tiltak", "tiltak", due)),)).lines
    assert line.part(ON) is part


def test_that_somebody_is_not_settled_is_said_once(worklist) -> None:
    assert worklist.counts["blocked"] == 1
    without = replace(worklist, items=worklist.items[1:])
    assert without.counts["blocked"] == 2


def test_the_counts_are_of_lines(worklist) -> None:
    assert worklist.counts == {
        "items": 7,
        "people": 6,
        "overdue": 2,
        "soon": 2,
        "forbidden": 1,
        "missing": 5,
        "question": 1,
        "blocked": 1,
        "not_known": 1,
        "settlement": 1,
        "number": 1,
        "not_seen": 1,
        "without_reason": 2,
    }


def test_only_a_part_of_it_is_shown(worklist) -> None:
    assert {one.person for one in worklist.only(person="ref-3").items} == {"ref-3"}
    assert {one.person for one in worklist.only(scheme=Scheme.NORSK).items} == {HOSTILE}
    assert {one.due for one in worklist.only(overdue=True).items} == {days(-9)}
    assert worklist.only() is worklist
    assert worklist.only(person="ref-3").year_ends == ()
    assert not worklist.only(person="nobody").to_do


def test_of_a_record_that_is_overdue_only_the_overdue_fields_are_shown() -> None:
    late, later = (
        verdict("P20-vedtak", "vedtak", days(-1)),
        verdict("P20-avslutningsaarsak", "avslutningsaarsak", days(9)),
    )
    question = verdict("NO-RULE", "praksis", kind=VerdictKind.QUESTION)
    [found] = Worklist(ON, "X", (item("a", late, later, question),)).only(overdue=True).items
    assert (found.verdicts, found.fields, found.due) == ((late,), ("vedtak",), days(-1))
    unseen = item("a", kind=ItemKind.NOT_SEEN, fields=("tiltak",), due=days(-1))
    assert Worklist(ON, "X", (unseen,)).only(overdue=True).items == (unseen,)


@pytest.mark.parametrize(("number", "overdue", "soon"), [(-1, 1, 0), (0, 0, 1), (14, 0, 1), (15, 0, 0)])
def test_where_no_law_is_known_the_day_is_counted_all_the_same(number, overdue, soon) -> None:
    not_known = item("a", verdict("L-6A-end", "", days(number), VerdictKind.NOT_KNOWN))
    counts = Worklist(ON, "X", (not_known,)).counts
    assert (counts["overdue"], counts["soon"], counts["not_known"]) == (overdue, soon, 1)


def test_a_settlement_day_that_others_wait_for_does_not_wait_itself() -> None:
    [line] = Worklist(ON, "X", (item("a", verdict("B-SETTLED", "settled", kind=VerdictKind.BLOCKED)),)).lines
    assert (line.text("en"), line.text("nb")) == ("Settlement day missing", "Bosettingsdato mangler")


def test_there_is_something_to_do_when_an_ending_has_no_reason(worklist) -> None:
    assert replace(worklist, items=()).to_do
    assert not Worklist(ON, "X", year_ends=(YearEnd(2025, ON, computed=True),)).to_do


@pytest.mark.parametrize(
    ("on", "years"),
    [
        (date(2023, 11, 30), []),
        (date(2023, 12, 1), [2023]),
        (date(2024, 1, 1), [2023]),
        (date(2024, 2, 29), [2023]),
        (date(2024, 3, 1), []),
        (date(2018, 3, 16), [2017]),
        (date(2018, 3, 17), []),
        (date(2027, 2, 28), [2026]),
    ],
)
def test_a_year_end_is_near_from_december_to_its_last_day(on, years, monkeypatch) -> None:
    monkeypatch.setattr(Rules, "source_of", lambda rules, key: (key, ""))
    assert [end.year for end in near_year_ends(RULES, [], on)] == years


# the page


class Read(HTMLParser):
    """The elements, the attributes and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_each_line_in_the_language(worklist, language) -> None:
    text = Read(page(worklist, language)).text
    assert f'lang="{language}"' in page(worklist, language)
    for line in worklist.lines:
        assert line.item.person in text
        assert line.rule in text
        for field in line.fields:
            assert line.kind in ("settlement", "number") or words.in_words(words.FIELDS, field, language) in text
    for said in ("kommuneintrobruker", "The vendor is ready.", "Ask the vendor.", "https://www.imdi.no/a-page"):
        assert said in text
    assert "2 rows are old." in text


def test_the_page_says_that_a_last_day_is_computed(worklist) -> None:
    assert "Dagen er regnet ut" in page(worklist)
    announced = replace(worklist, year_ends=(YearEnd(2023, ON, False, "IMDi, 2024-01-16"),))
    assert "Dagen er regnet ut" not in page(announced)
    assert "Kilde: IMDi, 2024-01-16." in page(announced)
    assert "Alle som avsluttet i 2023, har en årsak." in page(announced)


def test_fields_with_the_same_last_day_are_one_row(worklist) -> None:
    assert page(worklist).count('<td class="what">') == len(worklist.lines) - 3  # two of people, two in one row


def test_a_page_without_anything_to_do_says_so() -> None:
    text = page(Worklist(ON, "Skotthyll kommune"))
    assert "Det er ingenting å registrere, kontrollere eller avgjøre." in text
    assert "<table" not in text


def test_the_page_may_do_nothing_but_show_its_own_style(worklist) -> None:
    read = Read(page(worklist))
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page(worklist))
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert not {"script", "iframe", "img", "form", "object", "embed", "base"} & set(read.elements)
    names = {name for name, _ in read.attributes}
    assert not {name for name in names if name.startswith("on")} | ({"style", "src", "srcset", "action"} & names)
    assert all(str(value).startswith(("#", "data:,")) for name, value in read.attributes if name == "href")


def test_every_phrase_is_said_somewhere(worklist, monkeypatch) -> None:
    from feideprov.pages.page import phrases

    said = set[str]()

    def heard(table, language):
        say = phrases(table, language)
        return lambda key, *values, **named: (said.add(key), say(key, *values, **named))[1]

    monkeypatch.setattr("feideprov.pages.page.phrases", heard)
    announced = (YearEnd(2023, ON, False, "IMDi"), YearEnd(2024, ON, True, without_reason=("a",)))
    for one in (worklist, replace(worklist, year_ends=announced), Worklist(ON, "X")):
        page(one)
    assert said == PHRASES.keys()


# why


@pytest.mark.parametrize("kind", [VerdictKind.MISSING, VerdictKind.FORBIDDEN])
def test_a_field_that_is_missing_or_forbidden_needs_no_more_words(kind) -> None:
    assert why(verdict("N6A-utdanningsbakgrunn-utvidet", "utdanningsbakgrunn", kind=kind), "nb") == ""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [VerdictKind.QUESTION, VerdictKind.BLOCKED, VerdictKind.NOT_KNOWN])
def test_what_a_person_must_decide_has_a_reason_whatever_the_rule(kind, language) -> None:
    assert why(verdict("own-7", "tiltak", kind=kind), language)


def test_a_decision_under_another_law_has_a_reason_of_its_own() -> None:
    other = verdict("L-6A", "vedtak", kind=VerdictKind.QUESTION, law_row="L-6A")
    assert "etter en annen lov" in why(other, "nb")
    assert why(replace(other, rule="own-7"), "nb") != why(other, "nb")


# the sheet


def sheet_of(worklist, language="nb") -> list[list[str]]:
    return list(csv.reader(io.StringIO(worklist_csv(worklist, language).decode("utf-8-sig")), delimiter=";"))


def test_the_sheet_has_a_row_for_each_field_with_names_that_are_read_back(worklist) -> None:
    heading, *rows = sheet_of(worklist)
    assert [column.name for column in COLUMNS] == [
        *("key", "scheme", "field", "what", "due", "channel", "role", "rule", "seen_on", "seen_by"),
    ]
    assert heading == ["Nøkkel", "Ordning", "Felt", "Hva", "Frist", "Kanal", "Rolle", "Regel", "Sett dato", "Sett av"]
    assert len(rows) == len(worklist.lines)
    assert rows[1] == [
        *("ref-3", "introduksjonsprogram", "vedtak", "Mangler: Vedtak", "2025-11-30", "ikke synlig i NIR"),
        *("kommuneintrobruker", "P20-vedtak", "", ""),
    ]
    assert rows[0][:4] == ["ref-3", "", "settled", "Bosettingsdato mangler"]


def test_a_cell_of_the_sheet_is_no_formula() -> None:
    [_, row] = sheet_of(Worklist(ON, "X", (item("=1+1", verdict("P20-tiltak", "tiltak")),)))
    assert row[0] == "'=1+1"


def test_two_columns_have_different_headings_in_each_language() -> None:
    for language in LANGUAGES:
        assert len({column.heading.in_language(language) for column in COLUMNS}) == len(COLUMNS)


# today


@pytest.mark.parametrize("language", LANGUAGES)
def test_today_counts_and_names_nobody(worklist, language) -> None:
    found = nir_today(worklist, "/etc/feide prov.toml")
    text = found.subject(language) + found.body(language)
    assert "ref-" not in text
    assert HOSTILE not in text
    assert {task.kind: task.count for task in found.tasks} == {
        kind: count for kind, count in worklist.counts.items() if kind not in ("items", "people")
    }
    assert "feideprov --config '/etc/feide prov.toml' nir worklist --overdue" in text
    assert "{" not in text


def test_today_has_its_subject_in_the_language(worklist) -> None:
    found = nir_today(worklist, None)
    assert found.subject("en") == "Skotthyll kommune, NIR on 9 December 2025: 11 to do"
    assert found.subject("nb") == "Skotthyll kommune, NIR 9. desember 2025: 11 å gjøre"
    assert found.tasks[0].command == "feideprov nir worklist --overdue"
    assert "28. februar 2026" in found.body("nb")
    nothing = nir_today(Worklist(ON + timedelta(1), "Skotthyll kommune"), None)
    assert nothing.subject("nn") == "Skotthyll kommune, NIR 10. desember 2025: ingenting å gjere"
    assert nothing.body("nn").strip() == "Ingenting å gjere i dag."


def test_one_and_many_are_said_differently_where_the_language_does(worklist) -> None:
    for task in nir_today(worklist, None).tasks:
        assert str(task.count) in task.text("nb")
        assert replace(task, count=1).text("en") != replace(task, count=2).text("en").replace("2", "1")


def test_no_part_is_without_a_heading() -> None:
    assert {part.value for part in module.Part} <= PHRASES.keys()
    assert {f"{part.value}.about" for part in module.Part} <= PHRASES.keys()
