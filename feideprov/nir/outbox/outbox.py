"""The seam for vendors: an adapter takes a batch of records, and answers with receipts.

An adapter is found by its entry point (group `feideprov.nir.outbox`) and chosen in the configuration (`[nir] outbox`).
The wire format of WS4 is not public: nothing here knows it, and a receipt says “handed over”, never “registered”.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol, runtime_checkable

from feideprov.messages import NOTHING, Sentence
from feideprov.nir.model import Law, NumberKind, Record, Scheme

GROUP = "feideprov.nir.outbox"


class ReceiptOutcome(StrEnum):
    """What an adapter did with a field."""

    HANDED_OVER = "handed_over"
    REFUSED = "refused"


@dataclass(frozen=True)
class BatchRecord:
    """A record to hand over: the fields that are to be registered by WS4, with their contents, and the numbers that the
    adapter needs. `id` is stable: the same content has the same id, so an adapter may recognize what it had before."""

    id: str
    record: Record = field(repr=False)
    law: Law
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """Records that are handed over together."""

    municipality: str
    on: date
    records: tuple[BatchRecord, ...]


@dataclass(frozen=True)
class Receipt:
    """An adapter's answer for one field of a record. Never “registered”: somebody must see it in NIR.

    `reason`: why it was refused, without contents or numbers.
    """

    record: str
    person: str
    scheme: Scheme
    field: str
    channel: str
    on: date
    outcome: ReceiptOutcome
    reason: Sentence = NOTHING


@runtime_checkable
class Outbox(Protocol):
    """An adapter.

    `fields`: the fields whose contents it needs (`*`: all); they are kept until its receipt. `numbers`: the kinds of
    numbers that it needs, the first that a person has; empty: none.
    """

    name: str
    fields: frozenset[str]
    numbers: tuple[NumberKind, ...]

    def send(self, batch: Batch) -> Sequence[Receipt]:
        """Hand the batch over. Returns one receipt for each field of each record."""
