"""The command services ask: questions to providers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from feideprov.cli.call import Tone, again
from feideprov.cli.report import Report, save_rows
from feideprov.cli.screen import Toned, say
from feideprov.cli.services.words import MESSAGES, RESULTS, counted
from feideprov.cli.session import Csv, Json, Session
from feideprov.cli.table import printable, show_rows
from feideprov.errors import InputError, scrub_path
from feideprov.messages import NOTHING, Sentence
from feideprov.services.outbox.templates import single_line
from feideprov.services.questions import Question, QuestionsReport

_COLUMNS: Final = (
    *("id", "provider", "name", "to", "kind", "language", "services", "subject", "text", "state", "sentence", "file"),
)
"""Of `--csv`."""
_HEADING: Final = (
    *(Sentence("provider"), Sentence("to"), Sentence("message"), Sentence("services"), Sentence("what"), NOTHING),
)


def ask(
    context: typer.Context,
    send: Annotated[bool, typer.Option("--send", help="Send the messages by mail.")] = False,
    drafts: Annotated[
        Path | None,
        typer.Option("--drafts", metavar="DIR", help="Save the messages as drafts for a mail program (.eml)."),
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(
            "--provider",
            metavar="PROVIDER",
            help="Only this provider (id or name), even if it still has time to answer. The whole message is shown.",
        ),
    ] = None,
    lang: Annotated[
        Literal["en", "nb", "nn"] | None, typer.Option("--lang", help="The language of the messages.")
    ] = None,
    csv_file: Csv = None,
    as_json: Json = False,
) -> None:
    """Ask providers whether their services need the number. Without --send or --drafts, nothing is sent.

    Each provider gets one message. Those that have not answered in time are reminded once.
    """
    session: Session = context.obj
    if send and drafts is not None:
        raise InputError(Sentence("Give --send or --drafts, not both."))
    with session.client() as feide:
        asked = feide.services.ask(send=send, drafts=drafts, provider=provider, language=lang)
    dry = not send and drafts is None
    messages = [_as_object(one, session) for one in asked.questions]
    more = {"messages": messages, "dry": dry, "stopped": session.text(asked.stopped) or None}
    report = Report("services ask", session, asked.counts, more=more)
    if dry and asked.counts["due"]:
        report.next = again("--send")
    elif asked.counts["sent"] or asked.counts["drafted"]:
        report.next = ("services", "list", "--answer-sheet", "answers.csv")
    with report.saving():
        save_rows(csv_file, _COLUMNS, messages)
    if not as_json:
        if asked.questions:
            heading = session.texts(_HEADING)
            show_rows(heading, (session.texts(_row(one)) for one in asked.questions), folded=heading)
        if dry and len(asked.questions) == 1:
            say(_whole(asked.questions[0]))
    report.show(as_json=as_json, code=_exit_code(asked), lines=_lines(asked, dry=dry))


def _exit_code(asked: QuestionsReport) -> int:
    """3: something did not get through, and is tried again. 1: something was given up, or has no address."""
    if asked.stopped or asked.counts["waiting"] or asked.counts["later"]:
        return 3
    return int(bool(asked.counts["failed"] or asked.counts["unaddressed"]))


def _lines(asked: QuestionsReport, *, dry: bool) -> list[str | Toned]:
    counts = asked.counts
    lines: list[str | Toned] = [
        counted(counts) if any(counts.values()) else Sentence("No provider has to be asked today.")
    ]
    if asked.stopped:
        lines.append(
            Toned(
                Sentence(
                    "Not all messages were sent: {reason} To send the rest, run the same command again.",
                    reason=asked.stopped,
                ),
                Tone.STOPS,
            )
        )
    if dry and counts["due"]:
        lines.append(
            Sentence(
                "Nothing was sent. To send the messages, add --send. To save drafts for a mail "
                "program, add --drafts DIR"
            )
        )
    return lines


def _row(question: Question) -> tuple[str, ...]:
    services = ", ".join(single_line(service.name()) for service in question.services)
    said = scrub_path(question.file) if question.file else question.sentence
    return (
        single_line(question.provider.name),
        question.to or "",
        MESSAGES[question.kind],
        services,
        RESULTS[question.result],
        said,
    )


def _whole(question: Question) -> str:
    body = "\n".join(map(printable, question.text.body.splitlines()))
    return Sentence(
        "\nTo: {to}\nSubject: {subject}\n\n{body}\n",
        to=question.to or Sentence("(no address)"),
        subject=question.text.subject,
        body=body,
    )


def _as_object(question: Question, session: Session) -> dict[str, Any]:
    return {
        "id": question.id,
        "provider": single_line(question.provider.id),
        "name": single_line(question.provider.name),
        "to": question.to,
        "kind": question.kind.value,
        "language": question.language,
        "services": [single_line(service.id) for service in question.services],
        "subject": question.text.subject,
        "text": question.text.body,
        "state": question.result.value,
        "sentence": session.text(question.sentence) or None,
        "file": scrub_path(question.file) if question.file else None,
    }
