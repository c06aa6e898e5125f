"""What the journal is told of a change before it is sent: never a number, only its mark."""

from __future__ import annotations

from feideprov.feide.initial_password import InitialPassword
from feideprov.journal.journal import Event
from feideprov.journal.keys import MarkKey
from feideprov.numbers import NumberText
from feideprov.provision.plan.changes import Attach, Change, Create, Protect, Replace, Withdraw, WithPassword, Writable
from feideprov.provision.plan.login_changes import Rename

Intended = tuple[int, Writable]
"""A change and the id of its event in the journal."""


def intention(change: Change, key: MarkKey) -> Event:
    """The event of a change."""
    old, origin = _old_number(change), change.origin
    return Event(
        kind=change.kind,
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
        protected=isinstance(change, Protect) or (isinstance(change, Create) and change.protected),
    )


def _old_number(change: Change) -> NumberText | None:
    match change:
        case Attach():
            return change.instead_of
        case Replace() | Withdraw():
            return change.old
        case _:
            return None


def first_password(change: Writable) -> InitialPassword | None:
    """The first password that a change brings."""
    return change.initial_password if isinstance(change, WithPassword) else None
