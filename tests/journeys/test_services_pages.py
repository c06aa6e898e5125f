"""docs/services.md, and the two pages for providers: what they tell is what the program does."""

from __future__ import annotations

import inspect
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import receiver
import typer

from feideprov.cli.app import app
from feideprov.services.outbox.deliveries import DeliveryState
from feideprov.services.register.service import Dependency
from feideprov.services.report.matrix import Cell
from feideprov.services.sources.table import SERVICE_LIST
from feideprov.settings import ChecklistSection, Settings

DOCS = Path(__file__).parents[2] / "docs"
PAGE, ENGLISH, NORWEGIAN = (
    (DOCS / name).read_text(encoding="utf-8") for name in ("services.md", "providers.md", "leverandorer.md")
)
COMMANDS: Any = typer.main.get_command(app)
HEADING_OF_TABLE = "### The table of services"


def cells(text: str, place: int = 0) -> list[str]:
    """One cell of each row of the tables in a text."""
    return [row.split("|")[place + 1].strip() for row in re.findall(r"^\|.*\|$", text, re.MULTILINE)]


def codes(text: str) -> list[str]:
    return [cell.strip("`") for cell in cells(text) if cell.startswith("`")]


def after(heading: str, text: str = PAGE) -> str:
    """What stands below a heading, up to the next one."""
    return re.split(r"^#", text.partition(f"{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


EXAMPLES = re.findall(r"^    feideprov ([^#\n]*[^#\n ])", PAGE, re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_understood(example: str) -> None:
    command, words = COMMANDS, shlex.split(example)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    command.make_context("feideprov", words)  # raises for an option or an argument that is not there


def test_the_whole_path_has_examples() -> None:
    assert {" ".join(example.split()[:2]) for example in EXAMPLES} > {
        "services import",
        "services ask",
        "notify --send",
    }


def test_every_column_of_the_table_of_services_is_told_with_headings_that_are_known() -> None:
    table = after(HEADING_OF_TABLE)
    assert codes(table) == [column.name for column in SERVICE_LIST.columns]
    told = [cell.split(", ") for cell, name in zip(cells(table, 1), cells(table), strict=True) if name.startswith("`")]
    for column, headings in zip(SERVICE_LIST.columns, told, strict=True):
        assert set(headings) <= set(column.headings), column.name


@pytest.mark.parametrize(
    ("heading", "states"), [("## What providers answer", Dependency), ("## Notices", DeliveryState)]
)
def test_every_state_is_told_and_no_other(heading: str, states: type[Dependency] | type[DeliveryState]) -> None:
    assert sorted(codes(after(heading))) == sorted(state.value for state in states)


def test_every_cell_of_the_matrix_is_told() -> None:
    text = after("## Who has problems")
    assert all(f"`{cell.value}`" in text for cell in Cell)


def test_the_checklists_places_are_those_that_are_told() -> None:
    assert ", ".join(ChecklistSection().places) in " ".join(after("## The other places, on the same day").split())


def test_a_receiver_of_the_webhook_verifies_as_the_page_tells() -> None:
    [told] = re.findall(r"```python\n(expected.*?)```", PAGE, re.DOTALL)
    done = inspect.getsource(receiver.genuine)
    for line in told.splitlines():
        assert line.partition(" = ")[2] in done


def test_the_configuration_of_the_page_can_be_read(tmp_path: Path) -> None:
    from feideprov.cli.care import demo

    [sections] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "feideprov.toml"
    path.write_text(demo.configuration('url = "ldif:catalogue.ldif"') + "\n" + sections, encoding="utf-8")
    assert Settings.load(path).services.signature.splitlines()[0] == "Kari Nordmann"


@pytest.mark.parametrize("page", [PAGE, ENGLISH, NORWEGIAN])
def test_links_lead_somewhere(page: str) -> None:
    for target, place in re.findall(r"\]\(([^)#]+)(#[^)]*)?\)", page):
        linked = DOCS / target
        assert linked.exists(), target
        headings = re.findall(r"^#+ (.*)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
        known = {"#" + re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
        assert not place or place in known, place


def test_both_languages_tell_providers_the_same() -> None:
    for pattern in (r"^#+ ", r"^\| ", r"^\d\. |^\*\*\d\. ", r"^- "):
        english, norwegian = (re.findall(pattern, page, re.MULTILINE) for page in (ENGLISH, NORWEGIAN))
        assert english == norwegian
    assert re.findall(r"`[^`\n]+`", ENGLISH) == re.findall(r"`[^`\n]+`", NORWEGIAN)
