"""The command notify: tell providers about numbers that were added, changed or removed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from feideprov.cli.call import Tone, again
from feideprov.cli.report import Report, warn
from feideprov.cli.screen import Toned
from feideprov.cli.services.words import CHANGES
from feideprov.cli.session import Json, Session
from feideprov.errors import InputError, scrub_path
from feideprov.messages import Sentence, joined
from feideprov.services.notice import Line, Notice
from feideprov.services.notice_sender import SendAttempt, SendingReport
from feideprov.services.outbox.deliveries import Channel, SendResult
from feideprov.services.outbox.templates import single_line
from feideprov.services.owed import ChangeKind

_TITLES = {
    SendResult.DUE: Sentence("These would be sent (add --send to send them, or --drafts DIR to save drafts):"),
    SendResult.SENT: Sentence("Sent:"),
    SendResult.DRAFTED: Sentence("Saved as drafts:"),
    SendResult.WAITING: Sentence("Not sent; the next run tries again:"),
    SendResult.LATER: Sentence("Not sent; a later run tries again:"),
    SendResult.UNADDRESSED: Sentence("No mail address:"),
    SendResult.FAILED: Sentence("Given up. Correct the cause, then run: feideprov notify --again ID"),
    SendResult.BOUNCED: Sentence("Came back. Correct the mail address, then run: feideprov notify --again ID"),
}
_TONES = {
    SendResult.WAITING: Tone.WAITS,
    SendResult.LATER: Tone.WAITS,
    SendResult.UNADDRESSED: Tone.STOPS,
    SendResult.FAILED: Tone.STOPS,
    SendResult.BOUNCED: Tone.STOPS,
}
_BY = {
    Channel.MAIL: Sentence("by mail"),
    Channel.DRAFT: Sentence("as a draft"),
    Channel.WEBHOOK: Sentence("to the webhook"),
}


def notify(
    context: typer.Context,
    send: Annotated[bool, typer.Option("--send", help="Really send. Without it, what is due is shown.")] = False,
    drafts: Annotated[
        Path | None, typer.Option("--drafts", metavar="DIR", help="Save drafts for a mail program (.eml) instead.")
    ] = None,
    bounced: Annotated[
        str | None, typer.Option("--bounced", metavar="NOTICE", help="The mail of this notice came back.")
    ] = None,
    again: Annotated[
        str | None,
        typer.Option(
            "--again", metavar="NOTICE", help="Make this notice due now: it came back, was given up, or waits."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Tell providers about numbers that were added, changed or removed. Without --send or --drafts, nothing is sent."""
    session: Session = context.obj
    if sum(map(bool, (send, drafts, bounced, again))) > 1:
        raise InputError(Sentence("Give only one of --send, --drafts, --bounced and --again."))
    with session.client() as feide:
        if bounced or again:
            notice = feide.services.bounced(bounced) if bounced else feide.services.send_again(again or "")
            sentence = _SAID[bounced is not None]
            more = {"notices": [as_object(notice)], "sentence": session.text(sentence)}
            Report("notify", session, {notice.state.value: 1}, more=more, done=True).show(
                as_json=as_json, code=0, headline=sentence
            )
        done = feide.services.notify(send=send, drafts=drafts)
        now = {notice.id: notice for notice in feide.services.notices() if notice.id}
    _show(session, done, now, dry=not send and drafts is None, as_json=as_json)


_SAID = {
    True: Sentence(
        "It was recorded that the mail came back. Correct the mail address, then run: feideprov notify --again ID"
    ),
    False: Sentence("The notice is due again. See: feideprov notify"),
}


def _show(session: Session, done: SendingReport, now: Mapping[str, Notice], *, dry: bool, as_json: bool) -> None:
    lines: list[str | Toned] = [] if done.attempts else [Sentence("No notice is due.")]
    for result, title in _TITLES.items():
        some = [attempt for attempt in done.attempts if attempt.result is result]
        if some:
            lines += [*(Toned(line, _TONES.get(result)) for line in (title, *map(_in_words, some))), ""]
    warn((error.sentence for error in done.stopped.values()), Tone.STOPS)
    counts = {name: count for name, count in done.counts.items() if dry or name != SendResult.DUE}
    more: dict[str, Any] = {
        "notices": _notices(done.attempts, now, session),
        "dry": dry,
        "drafts": [scrub_path(one) for one in done.drafts],
    }
    if done.stopped:
        more["error"] = " ".join(session.text(error.sentence) for error in done.stopped.values())
    report = Report("notify", session, counts, more=more)
    report.next = again("--send") if dry and any(one.result is SendResult.DUE for one in done.attempts) else ()
    report.show(as_json=as_json, code=done.exit_code, lines=lines[:-1] if lines[-1] == "" else lines)


def _notices(attempts: list[SendAttempt], now: Mapping[str, Notice], session: Session) -> list[dict[str, Any]]:
    """Each notice once, as it is now, with the result of each channel."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in attempts:
        notice = now.get(one.notice.id, one.notice)
        shown = found.setdefault((notice.id, notice.provider.id), as_object(notice) | {"deliveries": []})
        sentence = session.text(one.sentence)
        delivery = {"channel": one.channel.value, "became": one.result.value, "sentence": sentence}
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


def _in_words(attempt: SendAttempt) -> Sentence:
    notice = attempt.notice
    to: str = single_line(notice.provider.name)
    if attempt.result is not SendResult.UNADDRESSED:
        to = Sentence("{provider}, {way}", provider=to, way=_BY[attempt.channel])
    what: str = joined(map(_line, notice.lines), "; ")
    if notice.id:
        what = Sentence("{services} [{id}]", services=what, id=notice.id)
    if attempt.sentence:
        what = Sentence("{what}. {sentence}", what=what, sentence=attempt.sentence)
    return Sentence("  {to}: {what}", to=to, what=what)


def _line(line: Line) -> Sentence:
    counts = joined(
        (words.filled(count=line.counts[what]) for what, words in CHANGES.items() if line.counts.get(what)), ", "
    )
    name = single_line(line.service.name())
    return Sentence("{service}: {counts} on {day}", service=name, counts=counts, day=line.on)
