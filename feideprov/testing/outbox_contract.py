"""For vendors: what an outbox adapter of the introduction register must do, as a function for a test.

from feideprov.nir import OutboxContext
from feideprov.testing.outbox_contract import check_outbox

def test_the_adapter_does_what_is_asked(tmp_path):
    check_outbox(MyOutbox(OutboxContext(tmp_path, "3999")))
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Final

from feideprov.messages import Sentence
from feideprov.nir.contents import Avslutning, Contents, Fravaer, Fritak, Klage, Permisjon, Tiltak, Timer, Vedtak
from feideprov.nir.model import Law, Number, NumberKind, Person, Record, Scheme, Value
from feideprov.nir.outbox.adapters import lacking_in
from feideprov.nir.outbox.outbox import Batch, BatchRecord, Outbox, Receipt
from feideprov.nir.outbox.receipts import answer_of
from feideprov.nir.register.kept import ALL_FIELDS
from feideprov.numbers.checks import duf_check

_DAY: Final = date(2026, 11, 2)
_DUF: Final = "2026900001"
_NUMBERS: Final = {
    NumberKind.FNR: "45840375084",  # Tenor's
    NumberKind.DNR: "52829400197",  # Tenor's
    NumberKind.DUF: f"{_DUF}{duf_check(_DUF)}",
    NumberKind.MOTTAK: "EXAMPLE-CENTRE",
    NumberKind.PASS: "EXAMPLE-PASSPORT",
}
_CONTENTS: Final[dict[str, Contents]] = {
    "utdanningsbakgrunn": True,
    "vedtak": Vedtak(date=_DAY, start=date(2026, 12, 1), reason="example reason"),
    "tiltak": (Tiltak(kind="example measure", from_=_DAY, extent="example extent"),),
    "timer": Timer(from_=_DAY, until=date(2026, 11, 6), hours=Decimal("12.5")),
    "fravaer": (Fravaer(from_=_DAY, until=_DAY),),
    "permisjon": (Permisjon(from_=_DAY, kind="example leave"),),
    "fritak_opplaering": Fritak(rettsgrunnlag="example basis", date=_DAY),
    "klage": Klage(date=_DAY),
    "avslutningsaarsak": Avslutning(date=_DAY, code="example code"),
    "sluttmaal": "example goal",
    "tilbud_eller_krav_dato": _DAY,
    "livsmestring_gjennomfoert": False,
}


class MemoryOutbox:
    """An adapter that keeps its batches in memory, for tests.

    Parameters:
        fields: the fields that it declares.
        numbers: the kinds of numbers that it takes.
    """

    name = "memory"

    def __init__(self, fields: Iterable[str] = (ALL_FIELDS,), numbers: Iterable[NumberKind] = ()) -> None:
        self.fields = frozenset(fields)
        self.numbers = tuple(map(NumberKind, numbers))
        self.batches: list[Batch] = []

    def send(self, batch: Batch) -> Iterable[Receipt]:
        """Keep the batch. Gives a receipt for each field."""
        self.batches.append(batch)
        return [batch.receipt(one, field) for one in batch.records for field in one.fields]


def check_outbox(outbox: Outbox) -> None:
    """Hand a made batch over to an adapter twice, and look at what it does. It has two people that do not exist: use an
    adapter that is set up for tests.

    Parameters:
        outbox: the adapter.

    Raises:
        AssertionError: it does not do what docs/nir-vendors.md asks of an adapter; the message says what.
    """
    for lacking in lacking_in(outbox):
        raise AssertionError(Sentence("The adapter cannot be used: {lacking}.", lacking=lacking))
    batch = _batch(outbox)
    with _listening() as heard:
        for_nothing = list(outbox.send(Batch(batch.municipality, batch.on, ())))
        first = _sent(outbox, batch)
        again = _sent(outbox, batch)
    _require(not for_nothing, Sentence("It gives receipts for an empty batch."))
    same = _outcomes(first) == _outcomes(again)
    _require(same, Sentence("It answers another thing when it gets the same batch again."))
    _require(not heard[0], Sentence("It writes to standard output, where the answer of a command stands (--json)."))
    said = " ".join([*heard, *(f"{one.reason}" for one in (*first, *again))])
    for kind, number in _NUMBERS.items():
        where = Sentence("It writes a number ({kind}) into a log, to the screen or into a reason.", kind=kind.value)
        _require(number not in said, where)
    for text in ("example reason", "example measure", "example leave", "example basis"):
        where = Sentence("It writes contents of a record into a log, to the screen or into a reason.")
        _require(text not in said, where)


def _sent(outbox: Outbox, batch: Batch) -> list[Receipt]:
    """The receipts of an adapter, compared with the batch. What it raises comes out as it is."""
    receipts = list(outbox.send(deepcopy(batch)))
    for failure in answer_of(_Given(receipts), batch).failures:
        raise AssertionError(failure.sentence)
    return receipts


class _Given(MemoryOutbox):
    """Receipts that an adapter has given."""

    def __init__(self, receipts: list[Receipt]) -> None:
        super().__init__()
        self._receipts = receipts

    def send(self, batch: Batch) -> Iterable[Receipt]:  # noqa: ARG002 - it was sent before
        return self._receipts


def _batch(outbox: Outbox) -> Batch:
    """Two people, each with all fields that the adapter takes."""
    names = sorted(_CONTENTS) if ALL_FIELDS in outbox.fields else sorted(outbox.fields)
    values = {name: Value(content=_CONTENTS.get(name, "example code"), available_on=_DAY) for name in names}
    numbers = [Number(kind=kind, value=_NUMBERS[kind], source="letter") for kind in outbox.numbers[:1]]
    records = (
        BatchRecord(
            id=letter * 32,
            record=Record(person=Person(key=f"example-{letter}", numbers=tuple(numbers)), scheme=scheme, values=values),
            law=Law.INTEGRERINGSLOVEN,
            fields=tuple(names),
        )
        for letter, scheme in (("a", Scheme.NORSK), ("b", Scheme.INTRODUKSJONSPROGRAM))
    )
    return Batch("3999", _DAY, tuple(records))


def _outcomes(receipts: Iterable[Receipt]) -> dict[tuple[str, str], str]:
    return {(one.record, one.field): str(one.outcome) for one in receipts}


def _require(holds: bool, sentence: Sentence) -> None:
    if not holds:
        raise AssertionError(sentence)


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collects, until its end, what is written to standard output, and to a log or standard error."""
    heard: list[str] = []
    output, other = io.StringIO(), io.StringIO()
    handler, root = logging.StreamHandler(other), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(output), redirect_stderr(other):
            yield heard
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        heard += output.getvalue(), other.getvalue()
