"""The command today: what there is to do, on one screen or in one mail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from feideprov.cli.people.pending import user_as_object
from feideprov.cli.report import Report
from feideprov.cli.session import Json, Session
from feideprov.cli.table import printable
from feideprov.messages import Sentence
from feideprov.services.today import Task, Today


def today(
    context: typer.Context,
    mail: Annotated[
        str | None, typer.Option("--mail", metavar="ADDRESS", help="Send it by mail to this address, for cron.")
    ] = None,
    solved: Annotated[
        Path | None,
        typer.Option(
            "--solved", metavar="LIST", help="The held rows of this list were solved in another way: remove them here."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what there is to do today. Each line has its next command, and nothing is written."""
    session: Session = context.obj
    with session.client() as feide:
        removed = feide.journal.solved(solved) if solved is not None else 0
        found = feide.today()
        if mail is not None:
            _send(found, mail, session)
    more: dict[str, Any] = {
        "on": found.on.isoformat(),
        "tasks": [_task_as_object(task) for task in found.tasks],
        "users": [user_as_object(user) for user in found.longest],
    }
    lines = _lines(found, session) if not as_json and mail is None else []  # cron sends on what is printed
    if solved is not None:
        more["solved"] = removed
        lines = [_removed(removed), "", *lines] if lines else []
    Report("today", session, found.counts, more=more).show(as_json=as_json, code=0, lines=lines)


def _send(found: Today, address: str, session: Session) -> None:
    from feideprov.services.outbox.smtp import Smtp

    message = found.mail(address, session.lang)
    otherwise = Sentence("run the command without --mail to see the same on the screen")
    with Smtp(found.settings, otherwise=otherwise) as server:
        server.send(message, at=datetime.now(UTC))


def _task_as_object(task: Task) -> dict[str, Any]:
    return {"kind": task.kind, "count": task.count, "command": task.command, "days": task.days}


def _removed(count: int) -> Sentence:
    return Sentence(
        "{count} held row is no longer shown.", plural="{count} held rows are no longer shown.", count=count
    )


def _lines(found: Today, session: Session) -> list[str]:
    text = found.text(session.lang)
    lines = [text.subject, "", *text.body.splitlines()]
    if found.longest:
        lines += ["", *(f"  {user.user}\t{user.since or ''}\t{user.days or 0}" for user in found.longest)]
    return ["\t".join(map(printable, line.split("\t"))) for line in lines]
