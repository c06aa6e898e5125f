"""The interface for vendors: an adapter takes a batch of records, and answers with receipts.

An adapter is found by its entry point (group `feideprov.nir.outbox`) and chosen in the configuration (`[nir] outbox`).
The entry point is a function, or a class, that takes an `OutboxContext` and gives an `Outbox`. docs/nir-vendors.md has
an example.

The wire format of WS4 is not public: nothing here knows it, and a receipt says “handed over”, never “registered”.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from feideprov.messages import NOTHING, Sentence
from feideprov.nir.channels import Channel
from feideprov.nir.model import Law, NumberKind, Record, Scheme

GROUP: Final = "feideprov.nir.outbox"
_WS4: Final = Channel.WS4.value


@dataclass(frozen=True)
class OutboxContext:
    """What an adapter is made with: a folder for its own files (it may not be there yet), and the number of the
    municipality. What else it needs, such as an address and a password, it reads from its own configuration."""

    folder: Path
    municipality: str


class ReceiptOutcome(StrEnum):
    """What an adapter did with a field."""

    HANDED_OVER = "handed_over"
    REFUSED = "refused"


@dataclass(frozen=True)
class BatchRecord:
    """A record to hand over. `fields` are to be handed over, in this order; `record` has them with their contents, the
    key of the person, and the one number that the adapter needs, and nothing else.

    `id` is 32 letters. The same person with the same number, law and contents always has the same id, so an adapter
    that keeps each id with the fields that it took recognizes what it is given again.
    """

    id: str
    record: Record = field(repr=False)
    law: Law
    fields: tuple[str, ...]


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


@dataclass(frozen=True)
class Batch:
    """Records that are handed over together."""

    municipality: str
    on: date
    records: tuple[BatchRecord, ...]

    def receipt(self, one: BatchRecord, field_name: str, *, refused: str | None = None) -> Receipt:
        """The receipt for a field of a record of this batch.

        Parameters:
            one: the record.
            field_name: the field.
            refused: why it was refused, without contents or numbers; without it, it was handed over.

        Returns: the receipt.

        Raises: nothing.
        """
        return Receipt(
            record=one.id,
            person=one.record.person.key,
            scheme=one.record.scheme,
            field=field_name,
            channel=_WS4,
            on=self.on,
            outcome=ReceiptOutcome.HANDED_OVER if refused is None else ReceiptOutcome.REFUSED,
            reason=Sentence("{reason}", reason=refused or ""),
        )


@runtime_checkable
class Outbox(Protocol):
    """An adapter.

    `fields`: the fields whose contents it needs (`*`: all); they are kept until its receipt. `numbers`: the kinds of
    numbers that it takes, the one it prefers first; a record has the first that the person has. Empty: it needs none.
    """

    name: str
    fields: frozenset[str]
    numbers: tuple[NumberKind, ...]

    def send(self, batch: Batch) -> Iterable[Receipt]:
        """Hand the batch over.

        Parameters:
            batch: the records.

        Returns: one receipt for each field of each record: all at the end, or each as soon as the field was handed over
            (`yield`).

        Raises any exception when it fails. The receipts that it gave before count.
        """
