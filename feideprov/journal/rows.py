"""Events as rows of the table `change`, with a seal on their evidence; marks of people as rows of `person_mark`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from feideprov.journal.events import Event, Kind, PersonMarks, State
from feideprov.journal.keys import MarkKey
from feideprov.journal.tables import AT_ONCE, change
from feideprov.numbers import Evidence

_PLAIN = (
    *("feide_name", "dn", "source_id", "other", "number_mark", "old_number_mark"),
    *("input", "input_row", "lifted", "protected", "left_mark"),
)
_READ = (*_PLAIN, "at", "by", "id")
_NO_EVIDENCE: dict[str, Any] = {column.name: None for column in change.columns if column.name.startswith("evidence_")}
FORGOTTEN: dict[str, Any] = {
    **{"feide_name": "", "dn": "", "protected": False},
    **dict.fromkeys(
        ("source_id", "other", "number_mark", "old_number_mark", "input", "input_row", "lifted", "changed", "left_mark")
    ),
    **_NO_EVIDENCE,
}
"""What a row holds of a user who was forgotten."""


def row_of(event: Event, realm: str, key: MarkKey) -> dict[str, Any]:
    """What an event says, as values of the columns. Its evidence is sealed."""
    row = {name: getattr(event, name) for name in _PLAIN} | _NO_EVIDENCE
    row |= {"kind": event.kind.value, "state": event.state.value, "changed": " ".join(event.changed) or None}
    row |= {"evidence_basis": event.basis, "evidence_seal": seal_of(event, realm, key)}
    if (seen := event.evidence) is not None:
        row["evidence_source"] = str(seen.source)
        row["evidence_seen_by"] = seen.seen_by
        row["evidence_seen_on"] = seen.seen_on
        row["evidence_note"] = seen.note
        row["evidence_standing"] = seen.standing
    return row


def event_of(row: Any, realm: str, key: MarkKey) -> Event:
    """The event of a row; `altered` when its evidence is not what was sealed."""
    event = unsealed_event_of(row)
    return event if seal_of(event, realm, key) == row.evidence_seal else replace(event, altered=True)


def unsealed_event_of(row: Any) -> Event:
    """The event of a row, without a look at the seal."""
    evidence = None
    if row.evidence_source:
        seen_on = row.evidence_seen_on or date.min
        standing = bool(row.evidence_standing)
        evidence = Evidence(row.evidence_source, row.evidence_seen_by, seen_on, row.evidence_note, standing=standing)
    fields = {name: getattr(row, name) for name in _READ}
    basis, changed = row.evidence_basis, tuple((row.changed or "").split())
    return Event(Kind(row.kind), **fields, evidence=evidence, basis=basis, changed=changed, state=State(row.state))


def seal_of(event: Event, realm: str, key: MarkKey) -> str | None:
    """Binds the evidence of an event to the user, to the doubt that it lifted, and to the number that it is about: in a
    withdrawal, the one that goes."""
    words: list[Any] = []
    if (seen := event.evidence) is not None:
        words += [str(seen.source), seen.seen_by, str(seen.seen_on), seen.note, seen.standing]
    if event.basis is not None:
        words += ["basis", str(event.basis)]
    if not words:
        return None
    about = event.number_mark or event.old_number_mark
    sealed = ["evidence", realm, event.feide_name, about, event.lifted, *words]
    return key.seal(json.dumps(sealed).encode())


def person_row(feide_name: str, person: PersonMarks) -> dict[str, Any]:
    """The marks of a user's person, as values of the columns of the table `person_mark`."""
    names, source_ids = (" ".join(sorted(marks)) for marks in (person.names, person.source_ids))
    return {"feide_name": feide_name.lower(), "names": names, "source_ids": source_ids, "row": person.row}


def marks_of(row: Any) -> PersonMarks:
    """The marks in a row of the table `person_mark`."""
    return PersonMarks(frozenset(row.names.split()), frozenset(row.source_ids.split()), row.row)


def changes_among(ids: list[int]) -> Iterator[sa.ColumnElement[bool]]:
    """Conditions that together select the changes of these ids, which rise: a range where ids follow one another."""
    scattered, start = list[int](), 0
    for end in range(1, len(ids) + 1):
        if end < len(ids) and ids[end] == ids[end - 1] + 1:
            continue
        if end - start > 2:
            yield change.c.id.between(ids[start], ids[end - 1])
        else:
            scattered += ids[start:end]
        start = end
    for start in range(0, len(scattered), AT_ONCE):
        yield change.c.id.in_(scattered[start : start + AT_ONCE])
