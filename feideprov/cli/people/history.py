"""The command history: what was done to a user."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final

import typer

from feideprov.cli.call import Tone
from feideprov.cli.event_words import STATES, kind_of
from feideprov.cli.language import said
from feideprov.cli.report import Report, save_rows
from feideprov.cli.screen import Toned
from feideprov.cli.session import Csv, Json, Session
from feideprov.cli.streams import standard_input
from feideprov.errors import InputError
from feideprov.feide.attributes import STORED
from feideprov.journal.answers import ANSWERS, UNDOING
from feideprov.journal.events import Event
from feideprov.messages import Sentence, joined
from feideprov.tables.columns import in_words
from feideprov.tables.day import time_in_norway

_LONGEST_LINE: Final = 10_000
_COLUMNS: Final = (
    "at",
    "by",
    "kind",
    "other",
    "source_id",
    "outcome",
    "evidence",
    "lifted",
    "altered",
    "input",
    "row",
    "changed",
)
"""Of `--csv`."""
_FOLLOWS: Final = {
    "eduPersonPrimaryOrgUnitDN": "eduPersonOrgUnitDN",
    "eduPersonPrimaryAffiliation": "eduPersonAffiliation",
    "eduPersonScopedAffiliation": "eduPersonAffiliation",
}
"""Attributes that are made of the same column as another one."""


def history(
    context: typer.Context,
    user: Annotated[str, typer.Argument(metavar="USER", help="A Feide name.")],
    about: Annotated[
        bool,
        typer.Option("--about", help="Read a number from standard input, and say which events are about that number."),
    ] = False,
    csv_file: Csv = None,
    as_json: Json = False,
) -> None:
    """Show what was done to a user: when, by whom, on which evidence."""
    session: Session = context.obj
    with session.client() as feide:
        events = feide.users.history(user)
        number = _number_from_stdin() if about else ""
        found = [_event_as_json(event) for event in events]
        if about:
            found = [
                shown | {"about": feide.journal.is_about(event, number)}
                for shown, event in zip(found, events, strict=True)
            ]
    rows = ({"source_id": None, "changed": ()} | one for one in found)
    save_rows(csv_file, (*_COLUMNS, *(("about",) if about else ())), rows)
    lines = [_event_line(event, shown) for event, shown in zip(events, found, strict=True)]
    lines = lines or [Toned(Sentence("The journal has nothing about this user."))]
    code = int(any(event.altered for event in events))
    report = Report("history", session, {"events": len(events)}, more={"events": found})
    report.show(as_json=as_json, code=code, lines=lines)


def _number_from_stdin() -> str:
    """One line. At a terminal it is asked for, and not shown while it is typed."""
    with standard_input() as file:
        if file.isatty():
            return str(typer.prompt(said(Sentence("Number")), hide_input=True, err=True)).strip()
        if number := file.readline(_LONGEST_LINE).strip():
            return number
    raise InputError(Sentence("Standard input has no number. Give the number as the first line."))


def _event_as_json(event: Event) -> dict[str, Any]:
    found = {
        "at": event.at,
        "by": event.by,
        "kind": event.kind,
        "other": event.other,
        "outcome": event.state.value,
        "evidence": event.evidence_text,
        "lifted": event.lifted,
        "altered": event.altered,
        "input": event.input,
        "row": event.input_row,
    }
    if event.source_id and event.kind in ANSWERS | UNDOING:
        found["source_id"] = event.source_id
    return found | {"changed": list(event.changed)} if event.changed else found


def _columns(attributes: Iterable[str]) -> Iterable[str]:
    """What changed, by the columns of a person list that it is made of; where there is none, by the attribute."""
    rows = {one: STORED.get(_FOLLOWS.get(one, one), ()) for one in attributes}
    fields = {one: [row.field for row in of_one if row.field] for one, of_one in rows.items()}
    return dict.fromkeys(in_words(name) for one, names in fields.items() for name in names or [one])


def _event_line(event: Event, shown: dict[str, Any]) -> Toned:
    outcome = Sentence("{outcome}, by {by}", outcome=STATES[event.state], by=event.by)
    if event.input:
        outcome = Sentence("{outcome}, from {file} row {row}", outcome=outcome, file=event.input, row=event.input_row)
    parts: list[str] = [outcome]
    if "source_id" in shown:
        parts.append(Sentence("source id: {source_id}", source_id=shown["source_id"]))
    if event.evidence_text:
        parts.append(Sentence("evidence: {evidence}", evidence=event.evidence_text))
    if event.changed:
        parts.append(Sentence("changed: {attributes}", attributes=joined(_columns(event.changed), ", ")))
    if "about" in shown:
        parts.append(Sentence("about this number") if shown["about"] else Sentence("not about this number"))
    line = Sentence(
        "{at}  {what}: {parts}", at=time_in_norway(event.at), what=kind_of(event), parts=joined(parts, "; ")
    )
    if not event.altered:
        return Toned(line)
    altered = Sentence("{line}. This evidence was changed after it was written down: do not use it", line=line)
    return Toned(altered, Tone.STOPS)
