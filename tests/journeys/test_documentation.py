"""docs/commands.md says what the program does: every command, option, key and code, and nothing that is not there."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
import typer
from pydantic import BaseModel
from xlsxwriter import Workbook

from feideprov.cli.app import app, run
from feideprov.cli.care.demo import STORY
from feideprov.settings import Settings

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
PAGES = ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]
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


def examples(text: str) -> list[list[str]]:
    """The words of each command that a page shows in a block, without its remark and what is given to it."""
    lines = re.findall(r"^(?:    | *\$ )(?:\S*/)?feideprov ([^\[\n].*)$", text.replace("\\\n", " "), re.MULTILINE)
    return [shlex.split(re.split(r" [<|>] ?| && ", line)[0], comments=True) for line in lines if "…" not in line]


def understood(words: list[str]) -> str:
    """The command of these words. Raises what typer raises for an option or an argument that is not there."""
    if words in (["--version"], ["--help"]):
        return ""
    place = next(place for place, word in enumerate(words) if word in COMMANDS)
    command, rest = COMMANDS[words[place]], words[place + 1 :]
    command.make_context(words[place], list(rest))
    if hasattr(command, "commands"):
        command.commands[rest[0]].make_context(rest[0], rest[1:])
    PROGRAM.make_context("feideprov", words[: place + 1])
    return words[place]


def test_every_command_has_an_example() -> None:
    assert {understood(words) for words in examples(section("The commands"))} == set(COMMANDS)


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name
)
def test_every_command_that_a_page_shows_is_understood(page: str) -> None:
    for words in examples((ROOT / page).read_text(encoding="utf-8")):
        understood(words)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_within_a_sentence_of_a_page_is_there_with_its_options(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8").replace("\n", " ")
    for said in re.findall(r"(?:(?<=: )|(?<=[“`]))feideprov ((?!is )[^`”|.]+)", text):
        name = next(word for word in said.split() if word in COMMANDS or word in ("--help", "--version", "COMMAND"))
        own = options(COMMANDS[name]) if name in COMMANDS else set()
        assert set(re.findall(r"(?<= )--[a-z-]+", f" {said}")) <= own | options(PROGRAM) | {"--help"}, said


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
        if field.is_required() or field.default_factory is not None:
            assert default == "", key
        elif field.default is not None:
            said = json.dumps(field.default) if isinstance(field.default, bool | tuple) else str(field.default)
            assert default.strip('`"') == said, key


def test_exit_codes_of_the_help_and_the_page_are_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert re.findall(r"^\| (\d) \|", section("Exit codes"), re.MULTILINE) == ["0", "1", "2", "3"]
    run(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert re.search(r"Exit codes: 0 .*, 1 .*, 2 .*, 3 ", said)


def test_the_readmes_commands_lead_from_an_empty_folder_to_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))  # doctor asks for a password
    Path("numbers.csv").write_bytes(STORY.joinpath("numbers.csv").read_bytes())
    Path("changed.csv").write_text("source_id;old_number;national_number\n")
    Path("wrong.csv").write_text("source_id;national_number\n")
    commands = examples(section("Use it", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert [words[0] for words in commands[:4]] == ["init", "setup", "doctor", "init"]
    codes = {}
    for words in commands:
        codes[" ".join(words)] = run(words)
        if words == ["init"]:  # the file is filled in
            text = Path("feideprov.toml").read_text(encoding="utf-8").replace("\n# [smtp] ", "\n[smtp] ")
            text = text.replace('\nsource_id_attribute = ""', '\nsource_id_attribute = "employeeNumber"')
            Path("feideprov.toml").write_text(text.replace('\n# host = "smtp', '\nhost = "smtp'), encoding="utf-8")
        if words[0] == "sheet":  # and so is the sheet
            people = STORY.joinpath("refugees.csv").read_text(encoding="utf-8-sig")
            with Workbook(words[2]) as book:
                sheet = book.add_worksheet()
                for row, cells in enumerate(csv.reader(io.StringIO(people), delimiter=";")):
                    sheet.write_row(row, 0, cells)
    said = capsys.readouterr()
    assert "Fill it in, then run: feideprov --config feideprov.toml doctor\n" in said.out
    assert {words: code for words, code in codes.items() if code not in (0, 1)} == {"doctor": 2}, said.err
    assert run(["doctor"]) == 0
    assert {"setup-openldap", "passwords.csv"} <= {path.name for path in tmp_path.iterdir()}


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
