"""The commands link and release: users of another system become ours, or are handed to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feideprov.cli.changes import carry_out, noted
from feideprov.cli.evidence import Source
from feideprov.cli.people.questions import about_questions
from feideprov.cli.report import is_xlsx, save, warn
from feideprov.cli.session import AllowChanges, Csv, Encoding, Json, Session, Sheet, Yes, for_people
from feideprov.errors import InputError
from feideprov.messages import Sentence


def link(
    context: typer.Context,
    input_file: Annotated[
        Path | None, typer.Argument(metavar="LIST", help="A list of people. Without it: --source.", show_default=False)
    ] = None,
    yes: Yes = False,
    source: Source = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions",
            metavar="FILE",
            callback=for_people,
            help="Save the rows where only a person can say who is who: XLSX if the name ends with .xlsx, otherwise "
            "CSV.",
        ),
    ] = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    csv_file: Csv = None,
    as_json: Json = False,
) -> None:
    """Make users ours who are in the directory already: another tool made them, or the journal is new.

    A row is linked where its key or its number is that of a user, and the names agree."""
    session: Session = context.obj
    if questions is not None and input_file is None:
        raise InputError(Sentence("--questions is about the rows of a list. Give the list."))
    with session.client() as feide:
        plan = noted(feide.users.plan_link(input_file, source=source, encoding=encoding, sheet=sheet))
        if questions is not None:
            asked = feide.users.questions(plan)
            save(questions, asked.xlsx(session.lang) if is_xlsx(questions) else asked.csv())
            warn(about_questions(asked, questions))
            if not yes and asked.questions:
                warn([Sentence("The answers cannot be read before the list is linked. Run link again with --yes.")])
        carry_out("link", session, feide, plan, yes=yes, as_json=as_json, csv_file=csv_file)


def release(
    context: typer.Context,
    users: Annotated[list[str] | None, typer.Argument(metavar="USER…", help="Feide names.", show_default=False)] = None,
    everybody: Annotated[bool, typer.Option("--all", help="All users of ours.")] = False,
    yes: Yes = False,
    allow_changes: AllowChanges = None,
    as_json: Json = False,
) -> None:
    """Hand users to another system: they are no longer ours, and no list changes them.

    Nothing changes in the directory. The names are not given to anybody else, and notices that are due are still
    sent."""
    session: Session = context.obj
    if bool(users) == everybody:
        raise InputError(Sentence("Give either Feide names, or --all for all users of ours."))
    with session.client() as feide:
        plan = feide.users.plan_release(None if everybody else users)
        carry_out("release", session, feide, plan, yes=yes, as_json=as_json, allow_changes=allow_changes)
