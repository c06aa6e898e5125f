"""docs/commands.md says what the program does: every command, option, key and code, and nothing that is not there."""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
import typer
from pydantic import BaseModel

from feideprov.cli.app import app, run
from feideprov.settings import Settings

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
PROGRAM: Any = typer.main.get_command(app)
COMMANDS: dict[str, Any] = PROGRAM.commands


def section(title: str, text: str = PAGE) -> str:
    """What stands below a heading, up to the next of its level."""
    found = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^\1 |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[2]


def headings(text: str) -> list[str]:
    return re.findall(r"^### (.+)$", text, re.MULTILINE)


def first_cells(text: str) -> list[str]:
    """The first cell of each row of the tables in a text, headings left out."""
    cells = re.findall(r"^\| *((?:[^|\\]|\\.)*?) *\|", text, re.MULTILINE)
    rows = [cell for cell in cells if not re.fullmatch(r"-+", cell)]
    return [row for row in rows if row.startswith("`")]


def options(command: Any) -> set[str]:
    """Of a command, or of a group and all its commands."""
    own = {name for p in command.params for name in (*p.opts, *p.secondary_opts) if name.startswith("-")}
    return own.union(*map(options, getattr(command, "commands", {}).values())) if command is not PROGRAM else own


def test_every_command_is_described_and_no_other() -> None:
    assert sorted(headings(section("The commands"))) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_of_a_command_is_described_and_no_other(name: str) -> None:
    told = set(re.findall(r"`(--?[a-z-]+)", "\n".join(first_cells(section(name, section("The commands"))))))
    assert told == options(COMMANDS[name]) - {"--help"}


def test_every_global_option_is_described_and_no_other() -> None:
    told = set(re.findall(r"`(--[a-z-]+)", "\n".join(first_cells(PAGE.partition("## Exit codes")[0]))))
    assert told == options(PROGRAM) | {"--help"}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    for option in options(COMMANDS[name]) if not hasattr(COMMANDS[name], "commands") else ():
        assert option in said.out


def test_every_command_has_an_example_that_is_understood() -> None:
    seen = set()
    for example in re.findall(r"^    feideprov ([^\[].+)$", PAGE, re.MULTILINE):
        words = shlex.split(example.partition(" <")[0])
        place = next(place for place, word in enumerate(words) if word in COMMANDS)
        # raises for an option or an argument that is not there
        COMMANDS[words[place]].make_context(words[place], words[place + 1 :])
        PROGRAM.make_context("feideprov", words[: place + 1])
        seen.add(words[place])
    assert seen == set(COMMANDS)


def sections_of_settings() -> dict[str, type[BaseModel] | None]:
    found: dict[str, type[BaseModel] | None] = {}
    for name, field in Settings.model_fields.items():
        kinds = [k for k in (field.annotation, *get_args(field.annotation)) if isinstance(k, type)]
        found[name] = next((k for k in kinds if issubclass(k, BaseModel)), None)
    return found


def test_every_section_of_the_configuration_is_described_and_no_other() -> None:
    assert sorted(headings(section("The configuration: `feideprov.toml`"))) == sorted(Settings.model_fields)


@pytest.mark.parametrize("name", sorted(name for name, model in sections_of_settings().items() if model))
def test_every_key_is_described_with_its_default_and_no_other(name: str) -> None:
    model = sections_of_settings()[name]
    assert model is not None
    table = section(name, section("The configuration: `feideprov.toml`"))
    assert [cell.strip("`") for cell in first_cells(table)] == list(model.model_fields)
    for key, field in model.model_fields.items():
        [default] = re.findall(rf"^\| `{key}` \| *(.*?) *\|", table, re.MULTILINE)
        if field.is_required():
            assert default == "", key
        elif field.default is not None:
            said = json.dumps(field.default) if isinstance(field.default, bool | tuple) else str(field.default)
            assert default.strip('`"') == said, key


def test_exit_codes_of_the_help_and_the_page_are_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert re.findall(r"^\| (\d) \|", section("Exit codes"), re.MULTILINE) == ["0", "1", "2", "3"]
    run(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert re.search(r"Exit codes: 0 .*, 1 .*, 2 .*, 3 ", said)


def test_the_readmes_program_runs_as_it_stands(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [program] = [part for part in re.findall(r"(?:^(?:    .*)?\n)+", text, re.MULTILINE) if "from feideprov" in part]
    monkeypatch.chdir(office.folder)
    exec(compile(textwrap.dedent(program), "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("create olenkova@skotthyll.kommune.no")
    assert office.entry("ref-01").text("norEduPersonNIN") == "57912075186"


def test_links_of_the_page_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
