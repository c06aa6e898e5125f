"""The command today: what there is to do, on one screen or in one mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from feideprov.cli.people.pending import user_as_object
from feideprov.cli.people.questions import about_questions
from feideprov.cli.report import Report, is_xlsx, save, warn
from feideprov.cli.session import Json, Session, for_people
from feideprov.cli.table import printable
from feideprov.errors import scrub_path
from feideprov.journal.user.protection import protected_users
from feideprov.messages import Sentence
from feideprov.provision.pending import PendingUser
from feideprov.services.task import Task
from feideprov.services.today import Today


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
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions",
            metavar="FILE",
            callback=for_people,
            help="Save the open questions about who is who: XLSX if the name ends with .xlsx, otherwise CSV.",
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", callback=for_people, help="Save a web page that shows the same, and the schools."
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
        asked = feide.users.questions() if questions is not None else None
    more: dict[str, Any] = {
        "on": found.on.isoformat(),
        "tasks": [_task_as_object(task) for task in found.tasks],
        "users": [user_as_object(user) for user in found.longest],
        "protected": found.protected,
    }
    lines = _lines(found, session) if not as_json and mail is None else []  # cron sends on what is printed
    if solved is not None:
        more["solved"] = removed
        lines = [_removed(removed), "", *lines] if lines else []
    counts = found.counts
    if asked is not None and questions is not None:
        warn(asked.unread)
        counts |= {"questions": len(asked.questions), "left_out": asked.left_out}
    report = Report("today", session, counts, more=more, done=solved is not None or mail is not None)
    if asked is not None and questions is not None:
        with report.saving():
            save(questions, asked.xlsx(session.lang) if is_xlsx(questions) else asked.csv())
            lines += ["", *about_questions(asked, questions)]
    if html is not None:
        with report.saving():
            save(html, found.page(session.lang).encode())
            lines += ["", Sentence("The page is in {file}.", file=scrub_path(html))] if lines else []
    report.show(as_json=as_json, code=int(asked is not None and bool(asked.unread)), lines=lines)


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
        lines += ["", session.text(Sentence("They have waited longest:")), *_longest_waits(found, session)]
    told = Sentence(
        "{count} user is protected, or may be, and is not named here.",
        plural="{count} users are protected, or may be, and are not named here.",
        count=found.protected,
    )
    if found.protected:
        lines += ["", *session.texts(protected_users(found.protected - found.doubtful, found.doubtful, told))]
    return [printable(line) for line in lines]


def _longest_waits(found: Today, session: Session) -> Iterator[str]:
    """The users who have waited longest, one below the other: since when, and for how many days."""
    width = max(len(user.user) for user in found.longest)
    for user in found.longest:
        yield f"  {user.user:<{width}}  {session.text(_wait_of(user))}"


def _wait_of(user: PendingUser) -> Sentence:
    if user.since is None or user.days is None:
        return Sentence("not known")
    return Sentence("since {day}, {count} day", plural="since {day}, {count} days", day=user.since, count=user.days)
