"""The command nightly: what a night needs, in one run that cron or a timer starts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from feideprov.cli.report import Report, warn
from feideprov.cli.session import Json, Session
from feideprov.errors import ConfigurationError, InputError
from feideprov.messages import Sentence


def nightly(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="The file of each --source, in the same order: --source NAME FILE"),
    ] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            metavar="NAME",
            help="A source in the configuration ([[sources]]); its file follows. Can be given more than once.",
        ),
    ] = None,
    mail: Annotated[
        bool, typer.Option("--mail", help="Send the summary to [nightly] recipient when there is something new.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Do what a night needs, and tell what is new.

    It applies files, observes, checks and sends notices. It writes: nobody is there to say --yes.

    The caps and guards of apply hold: they stop a file, and it is told. Held and refused rows stop nothing. Exit code 1
    only when there is something that nobody was told before; with exit code 0, nothing is printed except on a terminal.
    """
    session: Session = context.obj
    given, named = files or [], sources or []
    if len(given) != len(named):
        raise InputError(Sentence("Give a file for each source, and a source for each file: --source NAME FILE"))
    with session.client() as feide:
        to = feide.settings.nightly.recipient if mail else None
        if to == "":
            raise ConfigurationError(
                Sentence("[nightly] recipient is missing. Write the address that gets the mail there.")
            )
        night = feide.nightly(list(zip(named, given, strict=True)), mail=to, language=session.lang)
    quiet = not night.exit_code and not sys.stdout.isatty()
    lines: list[str] = []
    if not quiet and not as_json:
        from feideprov.nightly.summary import summary

        text = summary(night, session.lang)
        lines = [text.subject, "", *text.body.splitlines()]
        warn(note for step in night.steps for note in step.notes)
    warn(filter(None, [night.alive]))
    report = Report("nightly", session, night.counts, more=night.as_dict(session.lang), done=True)
    if night.failed:
        report.more["error"] = " ".join(session.text(step.line) for step in night.failed)
    report.show(as_json=as_json, code=night.exit_code, lines=lines)
