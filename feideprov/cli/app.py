"""The program itself: global options, commands, and the one place where errors become sentences and exit codes."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Sequence
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Annotated, Literal

import typer

from feideprov.cli import (
    checking,
    checklist,
    demo,
    doctor,
    journal,
    judging,
    logins,
    notify,
    numbers,
    observing,
    people,
    services,
    setup,
    today,
)
from feideprov.cli.session import DEFAULT_CONFIG, Session
from feideprov.errors import FeideProvError, scrub

# Newer typers bring a click of their own, older ones use click itself: this is the one that typer raises.
WrongUsage: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")

logging.getLogger("stamina").addHandler(logging.NullHandler())  # it tells of every retry; the one sentence is enough

_INTERRUPTED = 130
"""What newer typers make of a KeyboardInterrupt."""
_GROUPS = (["journal"], ["services"])
"""The commands that have commands of their own."""

app = typer.Typer(
    name="feideprov",
    help="Feide users for people without a Norwegian identity number, and their number later.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # they show local variables, and among those are numbers
    epilog="Exit codes: 0 all done, 1 something was refused, held or found, 2 the set-up or the input is wrong and "
    "nothing was written, 3 the directory or the journal broke off.",
)
for group in (
    demo,
    setup,
    doctor,
    people,
    numbers,
    observing,
    checklist,
    checking,
    logins,
    judging,
    services,
    notify,
    today,
    journal,
):
    group.add_to(app)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"feideprov {version('feideprov')}")
        raise typer.Exit


@app.callback()
def _global_options(
    context: typer.Context,
    config: Annotated[
        Path, typer.Option("--config", help="The configuration file.", show_default=True)
    ] = DEFAULT_CONFIG,
    lang: Annotated[
        Literal["en", "nb", "nn"],
        typer.Option(
            "--lang", help="The language of the sentences about numbers and of the page; all else is in English so far."
        ),
    ] = "en",
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    context.obj = Session(config, lang)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; gives the exit code."""
    try:
        code = app(args=list(arguments), prog_name="feideprov", standalone_mode=False)
        if code == _INTERRUPTED:
            raise KeyboardInterrupt
        return int(code or 0)
    except typer.Exit as ended:
        return ended.exit_code
    except WrongUsage as error:
        sentence = scrub(error.format_message())  # type: ignore[attr-defined]
        return _failed(f"{sentence} See: feideprov --help", 2, arguments) if sentence else 2
    except FeideProvError as error:
        return _failed(str(error), error.exit_code, arguments)
    except (KeyboardInterrupt, typer.Abort):
        return _failed("Interrupted. What was done is in the journal: run again to go on.", 3, arguments)
    except SystemExit:
        return 3  # typer's way to say that whoever read our output has gone: nobody is left to be told
    except Exception as error:  # noqa: BLE001 - the last resort: a bug, told without a value that it may hold
        return _failed(_unexpected(error), 3, arguments)


def _failed(sentence: str, code: int, arguments: Sequence[str]) -> int:
    typer.echo(sentence, err=True)
    if "--json" in arguments:
        place = next((place for place, word in enumerate(arguments) if word in _commands()), len(arguments))
        command = " ".join(arguments[place : place + (2 if arguments[place:][:1] in _GROUPS else 1)])
        typer.echo(json.dumps({"command": command, "ok": False, "counts": {}, "error": sentence}, ensure_ascii=False))
    return code


def _commands() -> set[str]:
    return set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def _unexpected(error: Exception) -> str:
    """Where it happened, and nothing of what it was about: messages of exceptions quote values."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    url = (metadata("feideprov").get_all("Project-URL") or ["Issues, the project's page"])[0].partition(", ")[2]
    return (
        f"Something unexpected happened: {type(error).__name__} at {Path(place.filename).name}:{place.lineno} "
        f"(feideprov {version('feideprov')}). Please report this line at {scrub(url)}; it holds nothing about anybody."
    )
