"""The command resolve: a person's decision about who a user is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from feideprov.cli.changes import show_dry
from feideprov.cli.people.logins import is_list
from feideprov.cli.report import Report, exit_code, warn
from feideprov.cli.session import Json, Session, Yes
from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.provision.plan.plan import Plan


def resolve(
    context: typer.Context,
    user: Annotated[str, typer.Argument(metavar="USER-or-SHEET", help="A Feide name, or a sheet of questions.")],
    source_id: Annotated[
        str | None,
        typer.Argument(metavar="SOURCE_ID", help="The person that --different or --undo is about.", show_default=False),
    ] = None,
    same_as: Annotated[
        str | None, typer.Option("--same-as", metavar="SOURCE_ID", help="The user is the person with this source id.")
    ] = None,
    different: Annotated[
        bool,
        typer.Option(
            "--different",
            help="The user is not the person with SOURCE_ID, even if name and birth date are the same. Without "
            "SOURCE_ID: not a person in the next list that is applied.",
        ),
    ] = False,
    second_account_of: Annotated[
        str | None,
        typer.Option(
            "--second-account-of", metavar="USER2", help="The user and USER2 are accounts of the same person."
        ),
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the last answer back. With SOURCE_ID: the last one about that person.")
    ] = False,
    gone: Annotated[
        bool,
        typer.Option(
            "--gone", help="The entry of the user was deleted from the directory on purpose; the journal still has it."
        ),
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Say who a user is, so that a held row can go on."""
    session: Session = context.obj
    if is_list(user):
        if any((same_as, different, second_account_of, undo, gone, source_id)):
            raise InputError(Sentence("A sheet of questions has the answers itself. Give only the sheet."))
        _sheet(session, Path(user), yes=yes, as_json=as_json)
    _require_one((same_as, different, second_account_of, undo, gone))
    if source_id is not None and not (different or undo):
        raise InputError(
            Sentence("A source id after the user is only for --different and --undo. For the same person: --same-as")
        )
    about = True if source_id is None else source_id
    with session.client() as feide:
        answer: dict[str, Any] = {"same_as": same_as, "second_account_of": second_account_of, "gone": gone}
        answer |= {"different": different and about, "undo": undo and about}
        if not yes:
            planned = feide.users.plan_resolve(user, **answer)
            report = Report("resolve", session, {"resolved": 1}, [planned])
            report.more = {"user": user, "sentence": planned.sentence}
            show_dry(report, feide, Plan(), as_json=as_json, code=0)
        sentence = feide.users.resolve(user, **answer)
    more = {"user": user, "sentence": sentence, "dry": False}
    report = Report("resolve", session, {"resolved": 1}, more=more, next=("today",))
    report.show(as_json=as_json, code=0, headline=sentence)


def _require_one(answers: tuple[object, ...]) -> None:
    if sum(map(bool, answers)) != 1:
        raise InputError(
            Sentence("Give exactly one of these options: --same-as, --different, --second-account-of, --undo, --gone")
        )


def _sheet(session: Session, path: Path, *, yes: bool, as_json: bool) -> None:
    """Carry out the answers in a sheet of questions, or show them."""
    with session.client() as feide:
        found = feide.users.resolve_sheet(path) if yes else feide.users.plan_resolve_sheet(path)
        warn(found.unread)
        report = Report("resolve", session, found.counts, found.changes, found.refusals, found.failures, planned=True)
        code = exit_code(found.counts) or int(bool(found.counts["open"] or found.refusals))
        if not yes:
            show_dry(report, feide, Plan(), as_json=as_json, code=code)
        report.more["dry"] = False
        lines: list[str] = [
            Sentence("Rows can go on. Apply the list again: {command}", command=one) for one in found.lists
        ]
        if lines:
            lines.append(Sentence("Until then, today shows these rows as held."))
        report.show(as_json=as_json, code=code, lines=lines, headline=Sentence("Done:") if found.changes else "")
