"""The list of commands: what the help says of each is what the command says of itself."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import pytest
import typer

from feideprov.cli.commands import load, new_app, quick
from feideprov.cli.help.rows import COMMANDS, JOURNAL, SERVICES, Row

ROWS = [row for sections in (COMMANDS, SERVICES, JOURNAL) for section in sections for row in section.rows]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_help_of_a_command_begins_as_the_list_says(row: Row) -> None:
    module, _, name = row.function.partition(":")
    function = getattr(import_module(f"feideprov.cli.{module}"), name)
    said = " ".join((inspect.getdoc(function) or "").split())
    assert said.startswith(row.summary.removesuffix(".")), said


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_command_is_called_by_its_name(row: Row) -> None:
    assert load(row).name == row.name


def test_values_are_converted_as_typer_converts_them(capsys: pytest.CaptureFixture[str]) -> None:
    def show(
        words: Annotated[list[str] | None, typer.Argument()] = None,
        count: int = 1,
        path: Path = Path("a"),
        loud: bool = False,
    ) -> None:
        print(repr((count, path, words, loud)))

    for line in ([], ["--count", "2", "--path", "b", "--loud", "x", "y"], ["--count", "two"]):
        said = []
        for change in (lambda command: command, quick):
            app = new_app("show")
            app.command()(show)
            try:
                change(typer.main.get_command(app))(list(line), standalone_mode=False)
                said.append(capsys.readouterr().out)
            except Exception as error:  # noqa: BLE001 - the same one both times
                said.append(f"{type(error).__name__}: {error}")
        assert said[0] == said[1], line


@pytest.mark.parametrize(
    ("command", "heavy"),
    [("--help", ["ldap3", "sqlalchemy", "pydantic", "rich"]), ("judge", ["ldap3", "sqlalchemy", "pydantic_settings"])],
)
def test_a_command_loads_nothing_heavy_that_it_does_not_need(command: str, heavy: list[str], tmp_path: Path) -> None:
    script = (
        f"import sys; from feideprov.cli.app import run; run(['{command}']); "
        f"print(*[name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, input="", cwd=tmp_path
    )
    assert done.stderr.split() == []
