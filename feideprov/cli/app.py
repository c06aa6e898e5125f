"""The program itself: global options, and the one place where errors become sentences and exit codes."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

import typer

from feideprov.cli import commands
from feideprov.cli.call import Color, Tone, calling
from feideprov.cli.help.rows import GROUPS, names
from feideprov.cli.language import language_in_force, language_of, said, speaking
from feideprov.cli.progress import shown_progress
from feideprov.cli.screen import Toned, json_text, say, say_what_was_kept_back
from feideprov.cli.session import DEFAULT_CONFIG, Session
from feideprov.cli.streams import guarded_output, why_not_shown
from feideprov.errors import ConfigurationError, FeideProvError, scrub
from feideprov.messages import Language, Sentence

logging.getLogger("stamina").addHandler(logging.NullHandler())  # it reports every retry; one sentence is enough

_INTERRUPTED = 130
"""The exit code that newer versions of typer make of a KeyboardInterrupt."""
WORDS: Final = "_FEIDEPROV_WORDS"
"""The environment variable in which a shell gives the words after `feideprov`, up to the one that is completed."""

app = commands.new_app("feideprov", cls=commands.Group)


def _show_version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        typer.echo(f"feideprov {version('feideprov')}")
        raise typer.Exit


@app.callback()
def _global_options(
    context: typer.Context,
    config: Annotated[
        Path, typer.Option("--config", metavar="FILE", help="The configuration file.", show_default=True)
    ] = DEFAULT_CONFIG,
    lang: Annotated[
        Language | None,
        typer.Option(
            "--lang",
            metavar="en|nb|nn",
            help="The language: English, bokmål or nynorsk. Without it, FEIDEPROV_LANG, then the locale.",
        ),
    ] = None,
    _color: Annotated[
        Color,
        typer.Option(
            "--color",
            metavar="auto|always|never",
            help="Colours: auto (on a terminal, unless NO_COLOR is set), always or never.",
        ),
    ] = Color.AUTO,
    _quiet: Annotated[
        bool,
        typer.Option(
            "--quiet", help="For scheduled jobs: say nothing when all is well. Results that were asked for are shown."
        ),
    ] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Feide users for people without a Norwegian identity number, and their number later."""
    context.obj = Session(config, lang or language_in_force())
    context.call_on_close(context.obj.show_notes)


def run(arguments: Sequence[str]) -> int:
    """Run one command line. Returns the exit code."""
    if (asked := os.environ.get(WORDS)) is not None:
        return _complete(asked)
    with guarded_output(), calling(arguments), ExitStack() as stack:
        try:
            stack.enter_context(speaking(language_of(arguments)))
        except ConfigurationError as error:
            return _failed(error.sentence, error.exit_code, arguments)
        code = _run(arguments)
        if code:
            say_what_was_kept_back()
        if (reason := why_not_shown()) is None or code not in {0, 1}:
            return code
        if not reason:
            return 3
        sentence = Sentence(
            "Standard output cannot be written: {reason}. Correct this, then run the same command again.", reason=reason
        )
        return _failed(sentence, 3, ())


def _run(arguments: Sequence[str]) -> int:
    try:
        program = commands.quick(typer.main.get_command(app))
        with shown_progress(arguments):
            code = program(args=list(arguments), prog_name="feideprov", standalone_mode=False)
        if code == _INTERRUPTED:
            raise KeyboardInterrupt
        return int(code or 0)
    except typer.Exit as ended:
        return ended.exit_code
    except (commands.UsageError, commands.NoSuchCommand) as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # its message is the help
            typer.echo(getattr(error, "message", ""))
            return 2
        from feideprov.cli.help.wrong_usage import sentence_of

        return _failed(sentence_of(error, arguments), 2, arguments)
    except FeideProvError as error:
        return _failed(error.sentence, error.exit_code, arguments)
    except (KeyboardInterrupt, typer.Abort):
        sentence = Sentence("Interrupted. What was done is in the journal. To continue, run the same command again.")
        return _failed(sentence, 3, arguments)
    except SystemExit:
        return 3  # typer does so at a broken pipe: a connection was closed
    except Exception as error:  # noqa: BLE001 - the last resort: a bug, reported without a value that it may contain
        return _failed(_unexpected(error), 3, arguments)


def _complete(asked: str) -> int:
    """Print what a shell can complete. It shows nothing else: whatever fails would stand among what is typed."""
    try:
        from feideprov.cli.completion import BETWEEN, completions

        words = asked.split(BETWEEN)
        with guarded_output(), speaking(language_of(words)):
            for line in completions(typer.main.get_command(app), words):
                typer.echo(line)
    except (FeideProvError, typer.BadParameter, OSError):
        return 2
    return 0


def _failed(sentence: str, code: int, arguments: Sequence[str]) -> int:
    say(Toned(sentence, Tone.STOPS), err=True)
    if "--json" in arguments:
        known = set(names())
        place = next((place for place, word in enumerate(arguments) if word in known), len(arguments))
        words = 2 if arguments[place : place + 1] and arguments[place] in GROUPS else 1
        command = scrub(" ".join(arguments[place : place + words]))
        typer.echo(
            json_text(
                {
                    "command": command,
                    "ok": False,
                    "language": language_in_force(),
                    "counts": {},
                    "error": said(sentence),
                }
            )
        )
        why_not_shown()  # standard error got the sentence
    return code


def _unexpected(error: Exception) -> Sentence:
    """Where it happened, and nothing of what it was about: the messages of exceptions quote values."""
    import traceback
    from importlib.metadata import metadata, version

    place = traceback.extract_tb(error.__traceback__)[-1]
    url = (metadata("feideprov").get_all("Project-URL") or ["Issues, the project's page"])[0].partition(", ")[2]
    return Sentence(
        "Something unexpected happened: {error} at {file}:{line} (feideprov {version}). Please report this "
        "line at {url}. This line contains no personal data.",
        error=type(error).__name__,
        file=Path(place.filename).name,
        line=place.lineno,
        version=version("feideprov"),
        url=scrub(url),
    )
