"""Cells without a value in the tables of services and answers, and ids without one in JSON."""

from __future__ import annotations

import pytest

from feideprov import InputError
from feideprov.services.answer_list import ANSWER_LIST, read_answer_list
from feideprov.services.sources import read_services
from feideprov.services.sources.table import SERVICE_LIST
from feideprov.testing import example_settings
from feideprov.wiring import organization_of
from tests.unit.services.conftest import ON

SERVICE = {
    "id": "feide:1",
    "name": "Lexin",
    "provider": "Språk AS",
    "mail": "hjelp@x.no",
    "gets_number": "yes",
    "activated": "yes",
    "schools": "hylla",
    "roles": "elev",
    "reason": "results",
}
ANSWER = {"service": "feide:1", "answer": "can-serve", "on": "2026-11-02", "source": "mail"}
ANSWER_CODES = {"service": "S-SERVICE", "answer": "S-ANSWER", "on": "S-DATE", "source": "S-SOURCE"}
UNREAD = {"name", "provider", "state"}


def _table(tmp_path, row):
    path = tmp_path / "table.csv"
    path.write_text(";".join(row) + "\n" + ";".join(row.values()) + "\n", encoding="utf-8")
    return path


def test_every_column_is_tested():
    assert {c.name for c in SERVICE_LIST.columns} == SERVICE.keys()
    assert {c.name for c in ANSWER_LIST.columns} == ANSWER.keys() | UNREAD


@pytest.mark.parametrize("word", ["#I/T", "#REF!", "(null)", "Err:502"])
@pytest.mark.parametrize("column", SERVICE)
def test_no_column_of_a_table_of_services_has_it_as_a_value(tmp_path, column, word):
    organization = organization_of(example_settings(tmp_path))
    listed = read_services(_table(tmp_path, SERVICE | {column: word}), organization=organization, on=ON)
    [refusal] = listed.refusals
    assert (listed.services, refusal.code) == ((), "S-SERVICE" if column in {"id", "name"} else "S-CELL")
    assert refusal.sentence.startswith(f"Column {column}: this is ")
    assert "spreadsheet" in refusal.sentence or "no value" in refusal.sentence


@pytest.mark.parametrize("word", ["#I/T", "#REF!", "(null)", "Err:502"])
@pytest.mark.parametrize("column", ANSWER)
def test_no_column_of_a_list_of_answers_has_it_as_a_value(tmp_path, column, word):
    listed = read_answer_list(_table(tmp_path, ANSWER | {column: word}), on=ON)
    [refusal] = listed.refusals
    assert (listed.rows, listed.unanswered, refusal.code) == ((), 0, ANSWER_CODES[column])
    assert refusal.sentence.startswith(f"Column {column}: this is ")
    assert "spreadsheet" in refusal.sentence or "no value" in refusal.sentence


def test_a_column_that_is_not_read_may_hold_anything(tmp_path):
    listed = read_answer_list(_table(tmp_path, ANSWER | dict.fromkeys(UNREAD, "#I/T")), on=ON)
    assert (len(listed.rows), listed.refusals) == (1, ())


@pytest.mark.parametrize("value", ["#I/T", "undefined", "null", "(null)"])
def test_no_service_in_json_has_it_as_its_id(tmp_path, value):
    path = tmp_path / "clients.json"
    path.write_text(f'[{{"client_id": "{value}", "client_name": "Lexin", "scope": "userid-nin"}}]', encoding="utf-8")
    with pytest.raises(InputError, match=r"clients.json, entry 1, client_id: this is "):
        read_services(path, organization=organization_of(example_settings(tmp_path)), on=ON)
