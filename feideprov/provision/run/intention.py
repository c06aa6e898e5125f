"""What the journal keeps of a change before it is sent, so that a later run finds out whether it was carried out."""

from __future__ import annotations

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.entry import Entry
from feideprov.journal.events import Event, Kind
from feideprov.journal.keys import MarkKey
from feideprov.numbers import NumberText
from feideprov.provision.plan.changes import Attach, Change, Create, Protect, Replace, Update, Withdraw
from feideprov.provision.plan.linking.link_changes import WriteSourceId
from feideprov.provision.plan.login_changes import Rename
from feideprov.provision.plan.people.listed_person import marks_of
from feideprov.provision.plan.unit_changes import UpdateUnit


def intention(change: Change, key: MarkKey) -> Event:
    """The event that records that a change is intended."""
    old, origin = _old_number(change), change.origin
    return Event(
        kind=Kind(change.kind),
        feide_name=change.feide_name,
        dn=str(change.dn),
        source_id=change.source_id,
        other=change.to if isinstance(change, Rename) else None,
        number_mark=key.of_number(change.number) if change.number else None,
        old_number_mark=key.of_number(old) if old else None,
        input=origin.file if origin else None,
        input_row=origin.row if origin else None,
        evidence=change.evidence,
        lifted=change.lifted,
        basis=change.basis,
        changed=change.changed if isinstance(change, Update) else (),
        left_mark=_left_mark(change, key),
        protected=isinstance(change, Protect) or (isinstance(change, Create) and change.protected),
        person=marks_of(change.person, key) if isinstance(change, Create) else None,
    )


def _left_mark(change: Change, key: MarkKey) -> str | None:
    """The attributes that an update or a source id changes, and the mark of what it leaves in them."""
    if isinstance(change, WriteSourceId):
        values, steps = dict[str, set[bytes]](), change.write().modifications
    elif isinstance(change, Update | UpdateUnit) and change.seen:
        values, steps = {attribute_key(name): set(seen) for name, seen in change.seen}, change.modifications
    else:
        return None
    for step in steps:
        held = values.setdefault(attribute_key(step.attribute), set())
        held.difference_update(step.values) if step.operation == "delete" else held.update(step.values)
    return " ".join([*values, key.of_values(values)])


def attributes_left(event: Event) -> list[str]:
    """The attributes that show whether an update was carried out; none when the journal does not say which."""
    return (event.left_mark or "").split()[:-1]


def shows(entry: Entry | None, event: Event, key: MarkKey) -> bool:
    """Does the entry, of which these attributes were read, have what an update leaves in it?"""
    attributes = attributes_left(event)
    if entry is None or not attributes:
        return False
    values = {name: entry.values(name) for name in attributes}
    return event.left_mark == " ".join([*attributes, key.of_values(values)])


def _old_number(change: Change) -> NumberText | None:
    match change:
        case Attach():
            return change.instead_of
        case Replace() | Withdraw():
            return change.old
        case _:
            return None
