"""Terminals of 80 and 60 columns: no line is wider, no word is cut, no column is lost; all of it is in `--csv`."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from feideprov.cli.changes import PLAN_COLUMNS
from feideprov.cli.help.rows import COMMANDS, JOURNAL, SERVICES, names

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

PEOPLE = (
    "a-1;Anna Margrethe Wilhelmine;Østensjøvassdragsforeningen;2010-01-01;hylla;pupil;",
    "a-2;محمد عبد الرحمن;الأحمد الشريف;2003-04-05;solbakken;student;12345678901",
    "a-3;王小明;欧阳;2012-01-01;hylla;pupil;",
    "a-4;;;2010-01-01;hylla;pupil;",
)
SERVICE_LIST = (
    "id;name;provider;activated;gets_number;mail\n"
    "norskdigitalskolebibliotektjeneste-1;Norsk digitalt skolebibliotek for grunnskole og videregående;"
    "Læremiddelleverandørforeningens driftsselskap;yes;yes;post@example.no\n"
    "feide:2;数学练习和测验平台 数学练习和测验平台 数学练习和测验平台;示例教育科技有限公司;yes;yes;hei@example.no\n"
)
PLACES = (
    "Visma Flyt Skole (skoleadministrativt system)",
    "helsestasjons- og skolehelsetjenestens fagsystem",
    "kommunens lånekassesystem",
)


@pytest.fixture
def town(office: Office) -> Office:
    """An office with long words, Arabic and Chinese, where something is open everywhere."""
    places = ", ".join(f'"{place}"' for place in PLACES)
    office.config.write_text(
        office.config.read_text(encoding="utf-8") + f"\n[checklist]\nplaces = [{places}]\n", encoding="utf-8"
    )
    assert office("apply", office.people(*PEOPLE), "--yes").code == 1
    numbers = office.write(
        "numbers.csv", "source_id;national_number;birth_date\na-2;45840375084;2003-04-05\n"
    )  # Tenor's
    assert office("attach", numbers, "--yes").code == 0
    assert office("services", "import", office.write("services.csv", SERVICE_LIST)).code == 0
    return office


def words_of(text: str) -> set[str]:
    plain = re.sub("[│┃]", " ", text)
    return {word.strip(",;.:“”") for word in plain.split()}


LISTS = {
    ("check",): ("findings", "sentence", "action", "user", "code"),
    ("services", "list"): ("services", "id", "name", "provider", "state", "since"),
    ("checklist",): ("checklist", "user", "kind", "on", "open", "done"),
    ("pending",): ("users", "user", "source_id", "since"),
    ("history", "chxiouyan@skotthyll.kommune.no"): ("events", "at", "by", "kind", "outcome"),
    ("services", "ask"): ("messages", "name", "to", "kind"),
    ("services", "matrix"): ("users", "user"),
}
"""Commands that list something; the key of it in `--json`, and the fields that a screen shows too."""


TERMINALS = [("en", 80), ("nb", 60), ("nn", 60)]
"""Norwegian words are longer."""


@pytest.mark.parametrize(("language", "columns"), TERMINALS)
@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_a_screen_shows_whole_words_and_all_columns(
    town: Office, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], language: str, columns: int
) -> None:
    monkeypatch.setenv("FEIDEPROV_LANG", language)
    shown = town.screen(*words, columns=columns)
    assert max(map(cell_len, shown.splitlines())) <= columns
    key, *fields = LISTS[words]
    found = [one for one in town(*words, "--json").json[key] if not one.get("expected")]
    assert found or words[0] in {"check", "history"}
    values = [one[name] for one in found for name in fields]
    told = [value if isinstance(value, str) else " ".join(value or ()) for value in values]
    if language != "en":  # days, and words for codes, are other ones on the screen
        told = [one["user"] for one in found if one.get("user")]
    assert words_of(" ".join(text for text in told if text.isascii())) <= words_of(shown)


@pytest.mark.parametrize(("language", "columns"), TERMINALS)
@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_plan_is_shown_in_whole_words(
    town: Office, monkeypatch: pytest.MonkeyPatch, command: str, language: str, columns: int
) -> None:
    monkeypatch.setenv("FEIDEPROV_LANG", language)
    people = town.people(*PEOPLE, "a-5;Ingrid;Skolebibliotekarforeningsmedlem;2010-01-01;solbakken;pupil;")
    shown = town.screen(command, "people.csv", columns=columns)
    assert max(map(cell_len, shown.splitlines())) <= columns
    found = town(command, people, "--json").json
    for one in (*found["changes"], *found["refusals"]):
        assert words_of(one["sentence"]) <= words_of(shown)


def test_an_error_is_shown_in_whole_words(town: Office) -> None:
    shown = town.screen("pending", "--school", "Skolebibliotekarforeningens videregående skole for voksne innvandrere")
    assert max(map(cell_len, shown.splitlines())) <= 80
    assert "Skolebibliotekarforeningens" in words_of(shown)


HELP = [
    *((name,) for name in names(COMMANDS)),
    *(("services", name) for name in names(SERVICES)),
    *(("journal", name) for name in names(JOURNAL)),
]


def test_help_fits_too(town: Office) -> None:
    for words in ((), *HELP):
        assert max(map(cell_len, town.screen(*words, "--help").splitlines())) <= 80, words


def test_a_pipe_gets_lines_with_tabs(town: Office) -> None:
    lines = town("pending").out.splitlines()
    assert lines[0] == "user\tsource id\tsince\tdays"
    assert all(line.count("\t") >= 3 for line in lines[:3])


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))


@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_all_of_it_is_in_a_csv_file(town: Office, words: tuple[str, ...]) -> None:
    path = town.folder / "all.csv"
    town(*words, "--csv", str(path))
    assert len(rows_of(path)) == len(town(*words, "--json").json[LISTS[words][0]])
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_plan_in_csv_has_every_change_and_refusal_in_the_order_of_the_rows(town: Office) -> None:
    path = town.folder / "plan.csv"
    people = town.people(*PEOPLE, "a-5;Ingrid;Moe;2010-01-01;solbakken;pupil;")
    assert town("plan", people, "--csv", str(path)).code == 1
    found = rows_of(path)
    assert list(found[0]) == list(PLAN_COLUMNS)
    assert [(one["row"], one["kind"]) for one in found] == [("3", "refused"), ("5", "refused"), ("6", "create")]
    assert all(one["sentence"] for one in found)


def test_a_cell_is_no_formula(town: Office) -> None:
    path = town.folder / "plan.csv"
    people = town.people("=1+1;Ingrid;Moe;2010-01-01;=cmd;pupil;")
    town("plan", people, "--csv", str(path))
    assert not any(cell.startswith(("=", "+", "-", "@")) for one in rows_of(path) for cell in one.values())
