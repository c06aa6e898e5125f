"""Receipts as an adapter gives them, compared with what it was given: nothing counts that was not asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Final

from feideprov.errors import without_secrets
from feideprov.issues import Refusal, code
from feideprov.messages import Sentence
from feideprov.nir.contents import Content
from feideprov.nir.outbox.adapters import AdapterError, code_of_others
from feideprov.nir.outbox.outbox import Batch, BatchRecord, Outbox, Receipt, ReceiptOutcome
from feideprov.nir.outbox.selection import about
from feideprov.text import shown

NOT_TAKEN: Final = code(
    "R-NIR-REFUSED",
    Sentence("The outbox adapter refused a field: the case system did not take it."),
    Sentence("Correct what its reason says, then run again, or register the field in NIR web."),
)
ADAPTER: Final = code(
    "R-NIR-ADAPTER",
    Sentence("The outbox adapter failed, or gave no right receipt. Without a receipt, a field is not handed over."),
    Sentence("Run the same command again: an adapter recognizes what it had before. If it stays so, ask its vendor."),
)
_LONGEST: Final = 300
_Place = tuple[str, str]
"""The id of a record of the batch, and a field."""


@dataclass(frozen=True)
class Answer:
    """What counts of an adapter's answer, in the order of the batch; `failures` say what is wrong with it. The receipts
    are made again here: whose they are, their channel and their day are not the adapter's to say."""

    receipts: tuple[Receipt, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    failures: tuple[Refusal, ...] = ()


@dataclass
class _Answers:
    """The answers so far, of fields that were `asked` for. `wrong` counts the others, by what is the matter."""

    asked: frozenset[_Place]
    given: dict[_Place, tuple[ReceiptOutcome, str]] = field(default_factory=dict)
    twice: set[_Place] = field(default_factory=set)
    wrong: Counter[Sentence] = field(default_factory=Counter)
    raised: str = ""


def answer_of(adapter: Outbox, batch: Batch) -> Answer:
    """Hand a batch over, and compare the receipts with it. A field that has two receipts has none that counts. The
    adapter gets a copy: what it changes in its batch changes nothing of what it is compared with."""
    answers = _Answers(frozenset((one.id, name) for one in batch.records for name in one.fields))
    try:
        with code_of_others():
            for receipt in adapter.send(deepcopy(batch)):
                _take(answers, receipt)
    except AdapterError as error:
        answers.raised = error.why
    for place in answers.twice:
        del answers.given[place]
    return _as_answer(answers, batch, shown(adapter.name, 100))


_NOT_MADE_AS_RECEIPT: Final = Sentence("not made as a receipt")
_OF_NOTHING: Final = Sentence("for a record or a field that was not handed over")
_OTHER_OUTCOME: Final = Sentence("with another outcome than “handed_over” and “refused”")
_TWICE: Final = Sentence("for a field that had a receipt before")


def _take(answers: _Answers, receipt: Any) -> None:
    if not isinstance(receipt, Receipt) or not all(isinstance(one, str) for one in (receipt.record, receipt.field)):
        answers.wrong[_NOT_MADE_AS_RECEIPT] += 1
        return
    place = (receipt.record, receipt.field)
    if place not in answers.asked:
        answers.wrong[_OF_NOTHING] += 1
    elif receipt.outcome not in tuple(ReceiptOutcome):
        answers.wrong[_OTHER_OUTCOME] += 1
    elif place in answers.given:
        answers.wrong[_TWICE] += 1
        answers.twice.add(place)
    else:
        reason = receipt.reason if isinstance(receipt.reason, str) else ""
        answers.given[place] = (ReceiptOutcome(receipt.outcome), reason)


def _as_answer(answers: _Answers, batch: Batch, name: str) -> Answer:
    receipts, refusals, failures = [], [], list(_wrong(answers, name))
    scrubbed = _scrubber(batch)
    for one in batch.records:
        for field_name in one.fields:
            if (one.id, field_name) not in answers.given:
                continue
            outcome, reason = answers.given[one.id, field_name]
            refused = scrubbed(reason) if outcome is ReceiptOutcome.REFUSED else None
            receipts.append(batch.receipt(one, field_name, refused=refused))
            if refused is not None:
                refusals.append(_refusal(one, field_name, refused, name))
        without = [field_name for field_name in one.fields if (one.id, field_name) not in answers.given]
        if without:
            failures.append(_failure(one, without, name))
    return Answer(tuple(receipts), tuple(refusals), tuple(failures))


def _wrong(answers: _Answers, name: str) -> Iterable[Refusal]:
    if answers.raised:
        sentence = Sentence(
            "The outbox adapter “{adapter}” failed ({why}) when it had given {count} receipt.",
            plural="The outbox adapter “{adapter}” failed ({why}) when it had given {count} receipts.",
            adapter=name,
            why=answers.raised,
            count=len(answers.given),
        )
        yield Refusal(ADAPTER, sentence)
    for what, count in answers.wrong.items():
        sentence = Sentence(
            "The outbox adapter “{adapter}” gave {count} answer that does not count: {what}. Tell its vendor.",
            plural="The outbox adapter “{adapter}” gave {count} answers that do not count: {what}. Tell its vendor.",
            adapter=name,
            count=count,
            what=what,
        )
        yield Refusal(ADAPTER, sentence)


def _refusal(one: BatchRecord, field_name: str, reason: str, name: str) -> Refusal:
    said = (
        Sentence("The outbox adapter “{adapter}” refused it: {reason}", adapter=name, reason=reason)
        if reason
        else Sentence("The outbox adapter “{adapter}” refused it, and gave no reason. Ask its vendor.", adapter=name)
    )
    return Refusal(NOT_TAKEN, about(one.record, [field_name], said), source_id=one.record.person.key)


def _failure(one: BatchRecord, without: list[str], name: str) -> Refusal:
    said = Sentence(
        "There is no receipt of the outbox adapter “{adapter}”, so this counts as not handed over. Run again.",
        adapter=name,
    )
    return Refusal(ADAPTER, about(one.record, without, said), source_id=one.record.person.key)


def _scrubber(batch: Batch) -> Callable[[str], str]:
    """Gives a reason of a refusal without the numbers of the batch, what looks like one, and the contents of the batch:
    an adapter may name another record. Many fields are refused for the same reason."""
    people = (one.record.person for one in batch.records)
    numbers = [number.value.get_secret_value() for person in people for number in person.numbers]
    texts = set().union(*(_texts(one.record.values) for one in batch.records))
    words = "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))
    contents = re.compile(rf"(?<!\w)(?:{words})(?!\w)" if words else "(?!)", re.IGNORECASE)

    @cache
    def scrubbed(reason: str) -> str:
        return shown(contents.sub("…", without_secrets(reason, *numbers)), _LONGEST)

    return lambda reason: scrubbed(str.__str__(reason))


def _texts(value: Any) -> set[str]:
    """The texts of contents: codes, reasons and hours, which are about a person."""
    if isinstance(value, str):
        return {value} - {""}
    if isinstance(value, Decimal):
        return {str(value), str(value).replace(".", ",")}
    if isinstance(value, Mapping):
        return set().union(*map(_texts, value.values()))
    if isinstance(value, tuple):
        return set().union(*map(_texts, value))
    if hasattr(value, "content"):
        return _texts(value.content)
    return set().union(*(_texts(part) for _, part in value)) if isinstance(value, Content) else set()
