"""A municipality's own row on the law of people with § 34: what the page says that its verdicts become."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from feideprov.nir import (
    Law,
    Permit,
    Person,
    Record,
    Rules,
    Scheme,
    Setting,
    Value,
    Vedtak,
    VerdictKind,
    verdicts,
    worklist,
)
from feideprov.nir.report.page import page
from feideprov.nir.report.worklist import worklist_of

PAGE = Path(__file__).parents[3].joinpath("docs", "nir-rules.md").read_text(encoding="utf-8")
SHIPPED = Rules.shipped()
ENDS = date(2026, 7, 1)
ON = date(2026, 11, 2)
PERSON = Person(
    key="p-1", permit=Permit(basis="34", granted=date(2025, 9, 1)), arrived=date(2025, 8, 1), settled=date(2025, 10, 1)
)
EXTENDED = Vedtak(kind="utvidet", date=date(2026, 10, 20), start=date(2026, 11, 1), end=date(2027, 2, 1))
RECORD = Record(
    person=PERSON,
    scheme=Scheme.NORSK,
    start=date(2025, 11, 1),
    values={
        "vedtak": Value(content=Vedtak(kind="tildeling", date=date(2025, 10, 15), start=date(2025, 11, 1))),
        "vedtak_utvidet_norskopplaering": Value(content=(EXTENDED,)),
    },
)
EXCEPTIONS = {rule.id for rule in SHIPPED.rules if rule.law is Law.KAP6A and rule.until == ENDS}


def with_law(folder: Path, law: str, more: str = "") -> Rules:
    path = folder / "own.toml"
    path.write_text(
        f'[[law]]\nid = "Own-34"\nlaw = "{law}"\nbasis = "34"\npermit_from = 2022-03-11\nfrom = {ENDS}\n'
        f'source = "seed"\nseen_by = "Kari"\nseen_on = 2026-10-01\n{more}',
        encoding="utf-8",
    )
    return SHIPPED.with_own(path)


def missing(rules: Rules) -> set[str]:
    return {one.field for one in verdicts(RECORD, rules, ON) if one.kind is VerdictKind.MISSING}


def questions(rules: Rules) -> dict[str, str]:
    return {one.field: one.rule for one in verdicts(RECORD, rules, ON) if one.kind is VerdictKind.QUESTION}


@pytest.mark.parametrize("law", ["integreringsloven", "kap6a"])
def test_each_verdict_names_the_row(tmp_path: Path, law: str) -> None:
    found = verdicts(RECORD, with_law(tmp_path, law), ON)
    assert found
    assert {(one.law, one.law_row) for one in found} == {(Law(law), "Own-34")}


def test_under_the_ordinary_law_its_rules_hold_and_earlier_decisions_are_asked(tmp_path: Path) -> None:
    rules = with_law(tmp_path, "integreringsloven")
    assert {"timer_samfunnskunnskap", "utdanningsbakgrunn"} <= missing(rules)
    assert questions(rules) == {"vedtak": "Own-34", "vedtak_utvidet_norskopplaering": "NO-RULE"}


def test_the_exceptions_of_chapter_6a_come_back_only_by_rows_of_their_own(tmp_path: Path) -> None:
    ended = with_law(tmp_path, "kap6a")
    assert {"timer_samfunnskunnskap", "utdanningsbakgrunn"} <= missing(ended)
    assert questions(ended) == {"vedtak_utvidet_norskopplaering": "NO-RULE"}
    rows = [
        f'[[rule]]\nid = "{rule.id}"\nscheme = "{rule.scheme}"\nlaw = "kap6a"\nfield = "{rule.field}"\n'
        f'effect = "{rule.effect}"\nwhen = "{rule.when}"\nfrom = {rule.from_}\nsource = "seed"\nsource_date = {ENDS}\n'
        for rule in SHIPPED.rules
        if rule.id in EXCEPTIONS
    ]
    prolonged = with_law(tmp_path, "kap6a", "".join(rows))
    assert "timer_samfunnskunnskap" not in missing(prolonged)
    assert "vedtak_utvidet_norskopplaering" not in questions(prolonged)


def test_the_page_of_the_worklist_has_the_row_among_its_sources(tmp_path: Path) -> None:
    rules = with_law(tmp_path, "kap6a")
    items = worklist([PERSON], [RECORD], rules, Setting(), ON)
    found = worklist_of(items, [RECORD], rules, told=(), organization="Skotthyll kommune", on=ON)
    assert found.own_laws == {"Own-34": rules.source_of("seed")}
    assert "Own-34" in page(found, "nb")
    assert not worklist_of((), (), rules, told=(), organization="Skotthyll kommune", on=ON).own_laws


def test_the_page_names_the_rows_that_end() -> None:
    [said] = re.findall(r"replace their rows, (.*?)\n\n", PAGE, re.DOTALL)
    assert set(re.findall(r"`([NP]6A-[\w-]+)`", said)) == EXCEPTIONS
