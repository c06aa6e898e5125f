"""The command notify: tell providers of numbers that came, changed or went."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from feideprov.cli.session import Json, Report, Session
from feideprov.errors import InputError, scrub_path
from feideprov.services.notice import Line, Notice
from feideprov.services.notice_sender import SendAttempt, SendingReport
from feideprov.services.outbox.deliveries import Channel, SendResult
from feideprov.services.outbox.templates import single_line
from feideprov.services.owed import ChangeKind

_TITLES = {
    SendResult.DUE: "Would be sent (add --send to do it, or --drafts DIR)",
    SendResult.SENT: "Sent",
    SendResult.DRAFTED: "Drafted",
    SendResult.WAITING: "Did not get through, and will be tried again",
    SendResult.LATER: "Did not get through, and waits for its next turn",
    SendResult.UNADDRESSED: "No mail address",
    SendResult.FAILED: "Given up: look into it, then notify --again ID",
    SendResult.BOUNCED: "Came back: correct the address, then notify --again ID",
}
_BY = {Channel.MAIL: "by mail", Channel.DRAFT: "as a draft", Channel.WEBHOOK: "to the webhook"}


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(notify)


def notify(
    context: typer.Context,
    send: Annotated[bool, typer.Option("--send", help="Really send. Without this, it is shown what is due.")] = False,
    drafts: Annotated[
        Path | None, typer.Option("--drafts", metavar="DIR", help="Make drafts for a mail program (.eml) instead.")
    ] = None,
    bounced: Annotated[
        str | None, typer.Option("--bounced", metavar="ID", help="The mail of this notice came back.")
    ] = None,
    again: Annotated[
        str | None, typer.Option("--again", metavar="ID", help="Let a notice that came back or was given up be due.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell providers that numbers were registered, changed or withdrawn."""
    session: Session = context.obj
    if sum(map(bool, (send, drafts, bounced, again))) > 1:
        raise InputError("Say one of --send, --drafts, --bounced and --again.")
    with session.client() as feide:
        if bounced or again:
            notice = feide.services.bounced(bounced) if bounced else feide.services.send_again(again or "")
            sentence = _SAID[bounced is not None]
            more = {"notices": [as_object(notice)], "sentence": sentence}
            Report("notify", session, {notice.state.value: 1}, more=more).show(
                as_json=as_json, code=0, headline=sentence
            )
        done = feide.services.notify(send=send, drafts=drafts)
        now = {notice.id: notice for notice in feide.services.notices() if notice.id}
    _show(session, done, now, dry=not send and drafts is None, as_json=as_json)


_SAID = {
    True: "It is written down that the mail came back. Correct the address, then: feideprov notify --again ID",
    False: "The notice is due again. Send it with: feideprov notify --send",
}


def _show(session: Session, done: SendingReport, now: Mapping[str, Notice], *, dry: bool, as_json: bool) -> None:
    lines = [] if done.attempts else ["Nothing is due."]
    for result, title in _TITLES.items():
        some = [attempt for attempt in done.attempts if attempt.result is result]
        if some:
            lines += [f"{title}:", *map(_in_words, some), ""]
    for error in done.stopped.values():
        typer.echo(str(error), err=True)
    counts = {name: count for name, count in done.counts.items() if dry or name != SendResult.DUE}
    more: dict[str, Any] = {
        "notices": _notices(done.attempts, now),
        "dry": dry,
        "drafts": [scrub_path(one) for one in done.drafts],
    }
    if done.stopped:
        more["error"] = " ".join(map(str, done.stopped.values()))
    report = Report("notify", session, counts, more=more)
    report.show(as_json=as_json, code=done.exit_code, lines=lines[:-1] if lines[-1] == "" else lines)


def _notices(attempts: list[SendAttempt], now: Mapping[str, Notice]) -> list[dict[str, Any]]:
    """Each notice once, as it is now, with the result of each channel."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in attempts:
        notice = now.get(one.notice.id, one.notice)
        shown = found.setdefault((notice.id, notice.provider.id), as_object(notice) | {"deliveries": []})
        delivery = {"channel": one.channel.value, "became": one.result.value, "sentence": one.sentence}
        shown["deliveries"].append(delivery)
    return list(found.values())


def as_object(notice: Notice) -> dict[str, Any]:
    """A notice as `--json` shows it: who is told, of which services, how many. No user is named."""
    return {
        "id": notice.id or None,
        "provider": single_line(notice.provider.name),
        "day": notice.day.isoformat(),
        "state": notice.state.value,
        "lines": [
            {
                "service": single_line(line.service.id),
                "name": single_line(line.service.name()),
                "on": line.on.isoformat(),
            }
            | {what.value: line.counts.get(what, 0) for what in ChangeKind}
            for line in notice.lines
        ],
    }


def _in_words(attempt: SendAttempt) -> str:
    notice = attempt.notice
    services = "; ".join(map(_line, notice.lines))
    reference = f" [{notice.id}]" if notice.id else ""
    way = f", {_BY[attempt.channel]}" if attempt.result is not SendResult.UNADDRESSED else ""
    sentence = f". {attempt.sentence}" if attempt.sentence else ""
    return f"  {single_line(notice.provider.name)}{way}: {services}{reference}{sentence}"


def _line(line: Line) -> str:
    counts = ", ".join(f"{line.counts[what]} {what}" for what in ChangeKind if line.counts.get(what))
    return f"{single_line(line.service.name())} {counts} on {line.on}"
