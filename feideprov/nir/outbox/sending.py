"""Handing records over: what may be, in one batch, and what became of it.

Handed over is not registered. A receipt closes nothing: the worklist shows the field until somebody has seen it in NIR.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from feideprov.issues import Refusal
from feideprov.nir.model import Record
from feideprov.nir.outbox.outbox import Batch, Receipt, ReceiptOutcome
from feideprov.nir.outbox.receipts import Answer, answer_of
from feideprov.nir.outbox.selection import HandOver, selected
from feideprov.nir.register.content import HandedOver
from feideprov.nir.register.written import hash_of


@dataclass(frozen=True)
class Sending:
    """What became of some records.

    Parameters:
        receipts: what the adapter answered, for each field that it was given. Never “registered”.
        refusals: records and fields that were refused: by the role, by a rule, for want of a number, by the adapter.
        held: fields that wait, and for what.
        failures: fields without a receipt, and what is wrong with the adapter: its exit code is 3.
        handed_over: what is recorded: each field with the hash of what it was.
        counts: fields by what became of them: `handed_over`, `unchanged` (seen in NIR, or handed over before as they
            are), `refused`, `held`, `failed`. Their sum is the number of fields that have a value.
    """

    receipts: tuple[Receipt, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    held: tuple[Refusal, ...] = ()
    failures: tuple[Refusal, ...] = ()
    handed_over: tuple[HandedOver, ...] = field(default=(), repr=False)
    counts: Mapping[str, int] = field(default_factory=dict)


def send(records: Iterable[Record], given: HandOver, *, dry_run: bool = False) -> Sending:
    """Hand records over to an adapter.

    A run that is killed has recorded nothing of its batch. The next one hands the same over again, with the same ids.

    Parameters:
        records: the records, with their contents and numbers; the last one of a person and scheme counts.
        given: what the hand-over rests on.
        dry_run: the adapter is not called, and what it would get counts as handed over.

    Returns: what became of each field.
    """
    by_key = {(one.person.key, one.scheme): one for one in records}
    selections = [selected(one, given) for one in by_key.values()]
    batch = Batch(given.setting.municipality or "", given.on, tuple(one.ready for one in selections if one.ready))
    answer = answer_of(given.adapter, batch) if batch.records and not dry_run else Answer()
    counts = Counter({"handed_over": 0, "unchanged": 0, "refused": 0, "held": 0, "failed": 0})
    for one in selections:
        counts.update(one.counts)
    counts.update("handed_over" if _is_taken(receipt) else "refused" for receipt in answer.receipts)
    without = sum(len(one.fields) for one in batch.records) - len(answer.receipts)
    counts["handed_over" if dry_run else "failed"] += without
    return Sending(
        receipts=answer.receipts,
        refusals=tuple(refusal for one in selections for refusal in one.refusals) + answer.refusals,
        held=tuple(refusal for one in selections for refusal in one.held),
        failures=answer.failures,
        handed_over=tuple(
            HandedOver(
                person=one.person,
                scheme=one.scheme,
                field=one.field,
                channel=one.channel,
                on=one.on,
                hash=hash_of(by_key[one.person, one.scheme].values[one.field].content, given.key),
            )
            for one in filter(_is_taken, answer.receipts)
        ),
        counts=dict(counts),
    )


def _is_taken(receipt: Receipt) -> bool:
    return receipt.outcome is ReceiptOutcome.HANDED_OVER
