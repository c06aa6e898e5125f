"""The command nir seen: what somebody saw in NIR, of one person or from a list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from feideprov.cli.call import again
from feideprov.cli.nir.scheme import scheme_option
from feideprov.cli.report import Report, warn
from feideprov.cli.session import Encoding, Json, Session, Sheet, Yes
from feideprov.errors import InputError
from feideprov.issues import in_row_order
from feideprov.messages import Sentence
from feideprov.nir.model import Scheme

if TYPE_CHECKING:
    from feideprov.nir.lists.seen_list import SeenList
    from feideprov.nir.register.content import Seen
    from feideprov.nir.register.seen import SeenInRegister


def seen(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="KEY-or-LIST",
            help="The key of the person, or (without --on) a list with days, such as the sheet of the worklist.",
        ),
    ],
    fields: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FIELD…",
            help="Fields, or number, or settled (the settlement day). Without them, all fields that are there.",
        ),
    ] = None,
    scheme: Annotated[Scheme | None, scheme_option("Only in the record of this scheme.")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day on which it was seen in NIR.")] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who saw it. Without it, you (the user of this machine).")
    ] = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Record what somebody saw in NIR.

    What was handed over is not registered before somebody has seen it there.
    """
    session: Session = context.obj
    of_person = [*(fields or ()), *filter(None, (scheme, by))]
    if on is None and of_person:
        raise InputError(
            Sentence("The day is missing. Add --on DATE, or give only a list with the days on which it was seen.")
        )
    if on is not None and (encoding or sheet):
        raise InputError(Sentence("--encoding and --sheet are about a list. Leave them out, or leave --on out."))
    with session.client() as feide:
        if on is None:
            _require_list(what)
            read = feide.nir.read_seen(what, encoding=encoding, sheet=sheet)
        else:
            read = _of_person(what, fields or [], scheme, on, by or feide.actor)
        done = feide.nir.seen(read.seen, dry_run=not yes)
    _show(session, read, done, yes=yes, as_json=as_json)


def _require_list(what: str) -> None:
    """Raises InputError where there is no such file: perhaps it is the key of a person."""
    from feideprov.files import is_there
    from feideprov.tables.text_file import shown_name

    if "\0" not in what and not is_there(Path(what)):
        sentence = Sentence(
            "There is no file {file} in that folder. Check the path. If it is the key of a person, add --on DATE.",
            file=shown_name(Path(what)),
        )
        raise InputError(sentence)


def _of_person(key: str, fields: list[str], scheme: Scheme | None, on: str, by: str) -> SeenList:
    """What the command line says. Raises InputError where it says no day, or has a number."""
    from datetime import date

    from feideprov.nir.lists.seen_list import SeenList
    from feideprov.nir.register.content import Seen
    from feideprov.numbers import key_is_number, number_shaped
    from feideprov.tables.day import as_date

    if key_is_number(key) or any(map(number_shaped, (*fields, by))):
        raise InputError(
            Sentence(
                "What you wrote looks like an identity number, and others on this machine can read the command line. "
                "Give the key that the person has in your own system."
            )
        )
    day = as_date(on, date.max)
    if isinstance(day, Sentence):
        raise InputError(Sentence("--on: {problem}", problem=day))
    return SeenList((Seen(key, day, by, scheme, tuple(fields)),))


def _show(session: Session, read: SeenList, done: SeenInRegister, *, yes: bool, as_json: bool) -> None:
    from feideprov.cli.report import refusal_as_object

    refusals = in_row_order((*read.refusals, *done.refusals))
    counts = {
        "seen": len(done.recorded),
        "unchanged": done.unchanged,
        "without_day": read.without_day,
        "refused": len(refusals),
    }
    more = {
        "dry": not yes,
        "seen": [_as_object(one) for one in done.recorded],
        "refusals": [refusal_as_object(one, session) for one in refusals],
        "notes": [str(note) for note in read.notes],
    }
    warn(read.notes)
    report = Report("nir seen", session, counts, refusals=refusals, more=more, dry=not yes)
    report.next = (("nir", "worklist") if yes else again("--yes")) if done.recorded else ()
    report.show(as_json=as_json, code=int(bool(refusals)), lines=["", *_lines(read, done, yes=yes)])


def _as_object(one: Seen) -> dict[str, Any]:
    scheme = one.scheme.value if one.scheme else None
    return {"person": one.person, "scheme": scheme, "field": one.fields[0], "on": one.on.isoformat(), "by": one.by}


def _lines(read: SeenList, done: SeenInRegister, *, yes: bool) -> list[Sentence]:
    count = len(done.recorded)
    lines = []
    if count and yes:
        lines.append(
            Sentence(
                "{count} field is recorded as seen in NIR.",
                plural="{count} fields are recorded as seen in NIR.",
                count=count,
            )
        )
    elif count:
        lines.append(
            Sentence(
                "{count} field would be recorded as seen in NIR. Add --yes to do it.",
                plural="{count} fields would be recorded as seen in NIR. Add --yes to do it.",
                count=count,
            )
        )
    if done.unchanged:
        lines.append(
            Sentence(
                "{count} field was recorded before.",
                plural="{count} fields were recorded before.",
                count=done.unchanged,
            )
        )
    if read.without_day:
        lines.append(
            Sentence("{count} row has no day yet.", plural="{count} rows have no day yet.", count=read.without_day)
        )
    return lines or [Sentence("No changes.")]
