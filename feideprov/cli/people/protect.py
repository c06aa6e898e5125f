"""The command protect: whose source ids are those of protected people."""

from __future__ import annotations

from typing import Annotated

import typer

from feideprov.cli.call import again
from feideprov.cli.report import Report, warn
from feideprov.cli.session import Json, Session, Yes
from feideprov.cli.streams import standard_input
from feideprov.encodings import unicode_text
from feideprov.errors import InputError
from feideprov.files import Largest, all_of
from feideprov.messages import Sentence
from feideprov.numbers import key_is_number

FROM_INPUT = "-"


def protect(
    context: typer.Context,
    keys: Annotated[
        list[str],
        typer.Argument(metavar="SOURCE_ID…", help="Source ids; “-”: one on each line of standard input."),
    ],
    undo: Annotated[
        bool, typer.Option("--undo", help="Remove the marks again. A user who is there stays protected.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Mark people as protected, before or after they are users.

    No source id is kept, only a mark of it. A list that has it creates the person as a protected one: one at a time,
    with a user name that says nothing. PIFU and IMS files do not say who is protected.
    """
    session: Session = context.obj
    source_ids = _from_input() if keys == [FROM_INPUT] else _not_numbers(keys)
    with session.client() as feide:
        act = feide.users.protect if yes else feide.users.plan_protect
        planned = act(source_ids, undo=undo)
    warn(planned.notes)
    counts = {"marked": 0 if undo else len(planned.keys), "removed": len(planned.keys) if undo else 0}
    counts["unchanged"] = planned.unchanged
    report = Report("protect", session, counts, planned.changes, planned=True, dry=not yes)
    report.more = {"sentence": planned.sentence, "dry": not yes}
    headline = planned.sentence if yes else Sentence("This would be done (add --yes to do it):")
    if not yes and planned.keys and keys != [FROM_INPUT]:
        report.next = again("--yes")
    report.show(as_json=as_json, code=0, headline=headline if planned.keys or planned.changes else "")


def _from_input() -> list[str]:
    with standard_input() as file:
        text = all_of(file.buffer, Largest.LIST)
    try:
        return [line for line in unicode_text(text).splitlines() if line.strip()]
    except UnicodeDecodeError:
        raise InputError(Sentence("Standard input is not text in UTF-8. Save it as UTF-8, then run again.")) from None


def _not_numbers(keys: list[str]) -> list[str]:
    """Raises InputError for an identity number: others on the machine can read a command line."""
    if any(map(key_is_number, keys)):
        raise InputError(
            Sentence(
                "A source id looks like an identity number, and others on this machine can read the command line. "
                "Give the numbers on standard input, one on each line: feideprov protect - --yes < FILE"
            )
        )
    return keys
