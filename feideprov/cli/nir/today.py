"""The command nir today: what there is to register, on one screen or in a mail of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from feideprov.cli.nir.worklist import year_end_as_object
from feideprov.cli.report import Report
from feideprov.cli.session import Json, Session
from feideprov.cli.table import printable
from feideprov.errors import ConfigurationError, InputError
from feideprov.messages import Sentence
from feideprov.nir.report.today import NirToday
from feideprov.settings import Settings


def today(
    context: typer.Context,
    address: Annotated[
        str | None,
        typer.Argument(metavar="ADDRESS", help="With --mail: the address, if it is not [nir] recipient."),
    ] = None,
    mail: Annotated[
        bool, typer.Option("--mail", help="Send it by mail, for cron: to [nir] recipient, or ADDRESS.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what there is to register today. Each line has its next command, and nothing is written."""
    if address is not None and not mail:
        raise typer.BadParameter(Sentence("An address is only for a mail. Give --mail too."))
    session: Session = context.obj
    with session.client() as feide:
        found = feide.nir.today()
        if mail:
            _send(found, address, feide.settings, session)
            feide.nir.told(found.worklist)
    more: dict[str, Any] = {
        "on": found.on.isoformat(),
        "tasks": [{"kind": task.kind, "count": task.count, "command": task.command} for task in found.tasks],
        "year_ends": [year_end_as_object(end) for end in found.worklist.year_ends],
        "notes": [session.text(note) for note in found.worklist.notes],
    }
    # cron sends on what is printed
    lines = _lines(found, session) if not as_json and not mail else []
    report = Report("nir today", session, found.counts, more=more, done=mail)
    report.show(as_json=as_json, code=0, lines=lines)


def _send(found: NirToday, address: str | None, settings: Settings, session: Session) -> None:
    from feideprov.services.outbox.deliveries import new_id
    from feideprov.services.outbox.mail import compose
    from feideprov.services.outbox.smtp import Smtp
    from feideprov.services.outbox.templates import Text

    address = address or _recipient(settings)
    text = Text(found.subject(session.lang), found.body(session.lang))
    message = compose(settings, address, text, message_id=new_id(), language=session.lang)
    otherwise = Sentence("run the command without --mail to see the same on the screen")
    with Smtp(settings, otherwise=otherwise) as server:
        server.send(message, at=datetime.now(UTC))


def _recipient(settings: Settings) -> str:
    from feideprov.mail import mail_address

    recipient = settings.nir.recipient if settings.nir is not None else ""
    if not recipient:
        raise ConfigurationError(
            Sentence(
                "[nir] recipient is missing. Write the mail address there of those who register in NIR, or give an "
                "address with --mail ADDRESS."
            )
        )
    try:
        return mail_address(recipient)
    except InputError as error:
        raise ConfigurationError(Sentence("{key}: {problem}", key="[nir] recipient", problem=error.sentence)) from None


def _lines(found: NirToday, session: Session) -> list[str]:
    lines = [found.subject(session.lang), "", *found.body(session.lang).splitlines()]
    return [printable(line) for line in lines]
