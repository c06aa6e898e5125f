"""What of a record may be handed over, and why the rest is not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from feideprov.issues import Refusal, code
from feideprov.journal.keys import AS_LETTERS, MarkKey
from feideprov.messages import Sentence, listed
from feideprov.nir.channels import Channel, channel
from feideprov.nir.checks.case import EDUCATION, EXTENDED
from feideprov.nir.contents import Given
from feideprov.nir.laws import law
from feideprov.nir.model import Law, Number, Person, Record, Setting
from feideprov.nir.outbox.outbox import BatchRecord, Outbox
from feideprov.nir.register.content import Place
from feideprov.nir.register.kept import is_declared
from feideprov.nir.register.written import hash_of
from feideprov.nir.requirements import verdicts
from feideprov.nir.roles import refused_for_role
from feideprov.nir.table.rules import Rules
from feideprov.nir.verdict import Verdict, VerdictKind
from feideprov.text import shown

FORBIDDEN: Final = code(
    "R-NIR-FORBIDDEN",
    Sentence(
        "The record has a field that must not be registered under the person's law. Nothing of it is handed over."
    ),
    Sentence(
        "Write remove (fjern) in the cell of the field, or correct the permit or the day of arrival, then run again."
    ),
)
NO_NUMBER: Final = code(
    "R-NIR-NO-NUMBER",
    Sentence("The person has no number of a kind that the outbox adapter takes."),
    Sentence("Add the number to the list, or register the fields in NIR web."),
)
ON_HOLD: Final = code(
    "R-NIR-HELD",
    Sentence("Held: something about the person or the field must be answered or registered before it."),
    Sentence("Do what the sentence says, then run again."),
)
OTHER_CHANNEL: Final = code(
    "R-NIR-CHANNEL",
    Sentence("Held: these fields are not registered by WS4 today, or not by this outbox adapter."),
    Sentence("Do what the sentence says: register them in NIR web, or keep them until NIR takes them."),
)
READ_AGAIN: Final = code(
    "R-NIR-READ-AGAIN",
    Sentence("Held: these fields were given, but their contents were not kept, as no outbox adapter took them then."),
    Sentence("Hand over the list again that has them: feideprov nir records LIST --send --yes"),
)


@dataclass(frozen=True)
class HandOver:
    """What a hand-over rests on. `roles` are those of the person who runs it, `actor`; `before` has the hash of each
    field that was handed over before; `parts` are the fields of which only a part was kept."""

    adapter: Outbox
    setting: Setting
    rules: Rules
    roles: Collection[str]
    key: MarkKey = field(repr=False)
    on: date
    before: Mapping[Place, str] = field(default_factory=dict)
    parts: Collection[Place] = ()
    actor: str = ""


@dataclass(frozen=True)
class Selection:
    """What was decided about one record. `ready` is None where nothing is handed over. `counts` counts fields."""

    ready: BatchRecord | None = None
    refusals: tuple[Refusal, ...] = ()
    held: tuple[Refusal, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


_Reason = tuple[str, Sentence]
"""The code and the sentence for fields that are held."""


def selected(record: Record, given: HandOver) -> Selection:
    """What of a record is handed over.

    The role is asked first. A forbidden field refuses the whole record: NIR must not get a record that is known to be
    wrong, and nothing is left out silently. What is not known or blocked for the person holds the whole record. A
    question about one field holds that field alone: the two months of the others go on, and an answer to one field does
    not change what another one says.
    """
    there = [name for name, value in record.values.items() if value.is_there]
    if refusal := refused_for_role(record, given.roles, given.rules, actor=given.actor):
        return Selection(refusals=(refusal,), counts={"refused": len(there)})
    found, applied = verdicts(record, given.rules, given.on), _law(record, given)
    if forbidden := [one for one in found if one.kind is VerdictKind.FORBIDDEN]:
        refusals = tuple(_issue(record, FORBIDDEN, [one.field], _with_rule(one)) for one in forbidden)
        return Selection(refusals=refusals, counts={"refused": len(there)})
    open_ = [name for name in there if not _is_unchanged(record, name, given)]
    reasons = {name: reason for name in open_ if (reason := _held(record, name, found, applied, given))}
    if EDUCATION in reasons and EXTENDED in open_:
        reasons.setdefault(EXTENDED, (ON_HOLD, Sentence("Register {first} in NIR before it.", first=EDUCATION)))
    ready = sorted(set(open_) - set(reasons), key=lambda name: (name != EDUCATION, name))
    counts = {"unchanged": len(there) - len(open_), "held": len(reasons)}
    held = _held_together(record, reasons)
    if not ready:
        return Selection(held=held, counts=counts)
    number = _number(record.person, given.adapter)
    if given.adapter.numbers and not number:
        refusal = _issue(record, NO_NUMBER, ready, _no_number(given.adapter))
        return Selection(refusals=(refusal,), held=held, counts={**counts, "refused": len(ready)})
    return Selection(ready=_batch_record(record, ready, number, applied, given), held=held, counts=counts)


def _is_unchanged(record: Record, name: str, given: HandOver) -> bool:
    """Whether a field was seen in NIR, or was handed over as it is. What was handed over is not kept: without the
    content, nothing says that it has changed."""
    if record.values[name].seen_in_nir:
        return True
    before = given.before.get((record.person.key, record.scheme, name))
    return before is not None and (
        _is_gone(record, name, given) or before == hash_of(record.values[name].content, given.key)
    )


def _is_gone(record: Record, name: str, given: HandOver) -> bool:
    """Whether a value was given, and is not known as a whole."""
    content = record.values[name].content
    parts = content if isinstance(content, tuple) else (content,)
    return any(isinstance(one, Given) for one in parts) or (record.person.key, record.scheme, name) in given.parts


def _law(record: Record, given: HandOver) -> Law:
    return law(record.person, given.on, given.rules, scheme=record.scheme)


def _held(record: Record, name: str, found: Collection[Verdict], applied: Law, given: HandOver) -> _Reason | None:
    """Why a field is held; None when it is handed over."""
    for one in found:
        if one.kind is not VerdictKind.MISSING and _is_about(one, name, record):
            return ON_HOLD, _with_rule(one)
    decision = channel(given.setting, applied, name, given.on, given.rules, person=record.person, scheme=record.scheme)
    if decision.channel is not Channel.WS4:
        return OTHER_CHANNEL, decision.sentence
    if not is_declared(name, given.adapter.fields):
        return OTHER_CHANNEL, Sentence(
            "The outbox adapter “{adapter}” does not take it: register it in NIR web.", adapter=_name(given.adapter)
        )
    if _is_gone(record, name, given):
        return READ_AGAIN, Sentence("The content was not kept: read the list with it again.")
    return None


def _is_about(verdict: Verdict, name: str, record: Record) -> bool:
    """Whether a verdict holds a field: it is about the field, or a part of it. What is about the whole record holds all
    fields; so does what blocks the person, such as a missing settlement day. A question about the person does not."""
    about_fields = {verdict.field, verdict.field.partition(".")[0]} & set(record.values)
    if about_fields:
        return name in about_fields
    return not verdict.field or verdict.kind is not VerdictKind.QUESTION


def _number(person: Person, adapter: Outbox) -> tuple[Number, ...]:
    """The number that an adapter gets: of the first kind that the person has, the one that was seen last."""
    for kind in adapter.numbers:
        if own := [number for number in person.numbers if number.kind == kind]:
            return (max(own, key=lambda number: number.seen_on or date.min),)
    return ()


def _batch_record(
    record: Record, ready: Collection[str], number: tuple[Number, ...], applied: Law, given: HandOver
) -> BatchRecord:
    person = Person(key=record.person.key, numbers=number)
    told = [one.value.get_secret_value() for one in number]
    whole = sorted(name for name in record.values if not _is_gone(record, name, given))
    said = [text for name in whole for text in (name, hash_of(record.values[name].content, given.key))]
    digest = given.key.of_row("nir record", person.key, record.scheme.value, applied.value, *told, *said)
    return BatchRecord(
        id=digest.translate(AS_LETTERS),
        record=Record(person=person, scheme=record.scheme, values={name: record.values[name] for name in ready}),
        law=applied,
        fields=tuple(ready),
    )


def _held_together(record: Record, reasons: Mapping[str, _Reason]) -> tuple[Refusal, ...]:
    """One line for all fields that are held for the same reason."""
    fields: dict[_Reason, list[str]] = {}
    for name, reason in sorted(reasons.items()):
        fields.setdefault(reason, []).append(name)
    return tuple(_issue(record, code_, names, said, held=True) for (code_, said), names in fields.items())


def _issue(record: Record, code_: str, fields: Collection[str], said: Sentence, *, held: bool = False) -> Refusal:
    """What is said of some fields of a record."""
    return Refusal(code_, about(record, fields, said), held=held, source_id=record.person.key)


def about(record: Record, fields: Collection[str], said: Sentence) -> Sentence:
    """A sentence that begins with the person, the scheme and the fields that it is about."""
    return Sentence(
        "{person}, {scheme}, {fields}: {said}",
        person=shown(record.person.key, 100),
        scheme=record.scheme.value,
        fields=listed([shown(name, 100) for name in fields]),
        said=said,
    )


def _with_rule(verdict: Verdict) -> Sentence:
    return Sentence("{said} (rule {rule})", said=verdict.sentence, rule=verdict.rule)


def _no_number(adapter: Outbox) -> Sentence:
    return Sentence(
        "The person has none of the numbers that the outbox adapter “{adapter}” takes: {kinds}. Add one to the list, "
        "then run again.",
        adapter=_name(adapter),
        kinds=listed([kind.value for kind in adapter.numbers]),
    )


def _name(adapter: Outbox) -> str:
    return shown(adapter.name, 100)
