"""The command nir records: participation records from a list, written down and handed over."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from feideprov.cli.nir.scheme import scheme_option
from feideprov.cli.report import Report, refusal_as_object, warn
from feideprov.cli.session import Encoding, Json, Session, Yes
from feideprov.client.lists.listed_people import ignored_columns
from feideprov.errors import InputError, scrub_path
from feideprov.issues import Refusal
from feideprov.messages import Sentence
from feideprov.nir.model import Scheme
from feideprov.nir.verdict import VerdictKind

if TYPE_CHECKING:
    from feideprov.nir.facade import IntroductionRegister
    from feideprov.nir.lists.participation import Participation
    from feideprov.nir.lists.recording import Recorded
    from feideprov.nir.outbox.outbox import Receipt
    from feideprov.nir.outbox.sending import Sending

_KINDS: Final = {
    VerdictKind.FORBIDDEN: Sentence("forbidden", plural="forbidden", count=2),
    VerdictKind.MISSING: Sentence("missing", plural="missing", count=2),
    VerdictKind.QUESTION: Sentence("question", plural="questions", count=2),
    VerdictKind.BLOCKED: Sentence("blocked", plural="blocked", count=2),
    VerdictKind.NOT_KNOWN: Sentence("not known", plural="not known", count=2),
}

_FIRST: Final = Sentence("To make a sheet for them, run: feideprov sheet nir nir.xlsx")


def records(
    context: typer.Context,
    path: Annotated[
        Path | None,
        typer.Argument(metavar="LIST", help="A list of participation records: spreadsheet or CSV."),
    ] = None,
    scheme: Annotated[Scheme | None, scheme_option("The scheme of a list that does not say it.")] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet", metavar="NAME", help="Read only this sheet. Without it, each sheet of records is read."
        ),
    ] = None,
    encoding: Encoding = None,
    send: Annotated[
        bool, typer.Option("--send", help="Hand over to the adapter of [nir] outbox what may be by WS4. Needs --yes.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Take participation records from a list, and hand them over. Without LIST, show what is written down.

    The wire format of WS4 is not public: an adapter of your vendor knows it. What was handed over is not registered
    before somebody has seen it in NIR.
    """
    session: Session = context.obj
    if path is None:
        _require_list(scheme, sheet, encoding, send=send, yes=yes)
        _show_stored(session, as_json=as_json)
        return
    with session.client() as feide, redirect_stdout(sys.stderr):  # what an adapter prints is no part of the answer
        read = feide.nir.read(path, scheme=scheme, encoding=encoding, sheet=sheet)
        # what stops a hand-over is known before anything is written
        sent = _send(feide.nir, read, dry_run=True) if send else None
        done = feide.nir.record(read, dry_run=not yes)
        if send and yes:
            sent = _send(feide.nir, read, dry_run=False)
    warn([*read.notes, *ignored_columns(read.ignored_columns)])
    failures = [] if sent is None else list(sent.failures)
    refusals = [*read.refusals, *(() if sent is None else (*sent.refusals, *sent.held))]
    more = {
        "dry": not yes,
        "file": scrub_path(path),
        "verdicts": _verdicts(done),
        "receipts": [] if sent is None else list(map(_receipt, sent.receipts)),
        "refusals": [_refusal(one, session) for one in (*refusals, *failures)],
        "notes": [str(note) for note in read.notes],
    }
    counts = _counts(done, read) | ({} if sent is None else {f"fields_{what}": n for what, n in sent.counts.items()})
    report = Report("nir records", session, counts, refusals=refusals, failures=failures, more=more, dry=not yes)
    named = {"--scheme": scheme, "--sheet": sheet, "--encoding": encoding}
    options = [f"{option} {shlex.quote(value)}" for option, value in named.items() if value is not None]
    code = 3 if failures else int(bool(refusals))
    report.show(as_json=as_json, code=code, lines=list(_lines(done, sent, path, options, send=send, yes=yes)))


def _require_list(*named: str | None, send: bool, yes: bool) -> None:
    """Raises InputError for options that are about a list, where none is given."""
    if send or yes or any(one is not None for one in named):
        raise InputError(
            Sentence(
                "No list was given. Write the list after “nir records”: numbers and contents are in it, and not in the "
                "file of the register."
            )
        )


def _show_stored(session: Session, *, as_json: bool) -> None:
    with session.client() as feide:
        found = feide.nir.recorded()
    count = found.unchanged
    report = Report("nir records", session, {"records": count}, more={"verdicts": _verdicts(found)})
    written = Sentence("{count} record is written down.", plural="{count} records are written down.", count=count)
    lines = [written, *(_of_verdicts(found) if count else [_FIRST])]
    report.show(as_json=as_json, code=0, lines=lines)


def _send(nir: IntroductionRegister, read: Participation, *, dry_run: bool) -> Sending:
    return nir.send([one.record for one in read.records], dry_run=dry_run)


def _counts(done: Recorded, read: Participation) -> dict[str, int]:
    held = sum(one.held for one in read.refusals)
    return {
        "rows": read.rows,
        "new": done.new,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "refused": len(read.refusals) - held,
        "held": held,
    } | ({"removed": done.removed} if done.removed else {})


def _verdicts(done: Recorded) -> dict[str, int]:
    return {kind.value: done.verdicts[kind] for kind in VerdictKind if done.verdicts.get(kind)}


def _refusal(refusal: Refusal, session: Session) -> dict[str, Any]:
    """A refusal with its sheet: a workbook has the same row in each."""
    sheet = refusal.origin.sheet if refusal.origin else ""
    return refusal_as_object(refusal, session) | {"sheet": sheet or None}


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "person": receipt.person,
        "scheme": receipt.scheme.value,
        "field": receipt.field,
        "channel": receipt.channel,
        "on": receipt.on.isoformat(),
        "outcome": receipt.outcome.value,
        "reason": str(receipt.reason) or None,
    }


def _lines(
    done: Recorded, sent: Sending | None, path: Path, options: Sequence[str], *, send: bool, yes: bool
) -> Iterator[str]:
    yield ""
    template = (
        Sentence("Records: {new} new, {changed} changed, {unchanged} unchanged.", new=0, changed=0, unchanged=0)
        if yes
        else Sentence(
            "Records: {new} would be new, {changed} would be changed, {unchanged} unchanged.",
            new=0,
            changed=0,
            unchanged=0,
        )
    )
    yield template.with_values(new=done.new, changed=done.changed, unchanged=done.unchanged)
    if done.removed:
        yield _of_removed(done.removed, yes=yes)
    yield from _of_verdicts(done)
    if sent is not None:
        yield _of_sending(sent.counts["handed_over"], yes=yes)
    if not yes and (done.new or done.changed or send):
        argument = " ".join([shlex.quote(scrub_path(path)), *options])
        yield Sentence(
            "Nothing was written. To write it down, run: feideprov nir records {list}{send} --yes",
            list=argument,
            send=" --send" if send else "",
        )


def _of_verdicts(done: Recorded) -> Iterator[str]:
    for kind, words in _KINDS.items():
        if count := done.verdicts.get(kind, 0):
            yield Sentence("  {number} {what}", number=count, what=words.with_values(count=count))
    if done.verdicts:
        yield Sentence("To see what there is to do, and by when, run: feideprov nir worklist")


def _of_removed(count: int, *, yes: bool) -> Sentence:
    if not yes:
        return Sentence("{count} value would be removed.", plural="{count} values would be removed.", count=count)
    return Sentence(
        "{count} value was removed. What stands in NIR must be corrected there.",
        plural="{count} values were removed. What stands in NIR must be corrected there.",
        count=count,
    )


def _of_sending(count: int, *, yes: bool) -> Sentence:
    if not yes:
        return Sentence(
            "{count} field would be handed over.", plural="{count} fields would be handed over.", count=count
        )
    if not count:
        return Sentence("Nothing was handed over.")
    return Sentence(
        "{count} field was handed over. It is not registered before somebody has seen it in NIR; then run: feideprov "
        "nir seen",
        plural="{count} fields were handed over. They are not registered before somebody has seen them in NIR; then "
        "run: feideprov nir seen",
        count=count,
    )
