"""What the cells of a row say of the person: numbers, permit, arrival and settlement. No number is ever shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from pydantic import SecretStr

from feideprov.issues import code
from feideprov.messages import Sentence
from feideprov.nir.lists.asked import R_NIR_CELL, Cells
from feideprov.nir.model import Number, NumberKind, Permit, Person, paragraph_of
from feideprov.nir.table.rules import LawRow
from feideprov.no_value import no_number_yet
from feideprov.numbers import Decision, NumberPolicy, judge_number
from feideprov.numbers import NumberKind as JudgedKind
from feideprov.numbers.d_number import is_d_number
from feideprov.text import holds_number

R_NIR_NUMBER: Final = code(
    "R-NIR-NUMBER",
    Sentence(
        "In a list of participation records, a number stands in a column for another kind of number. The number is not "
        "used, and the rest of the row is."
    ),
    Sentence("Move the number to the column of its kind."),
)
R_NIR_PERMIT: Final = code(
    "R-NIR-PERMIT",
    Sentence(
        "A row of participation records has the day of the permit or its basis, and not both. The basis may decide "
        "which law applies."
    ),
    Sentence("Write both: the day of the permit, and the paragraph of utlendingsloven that it was given under."),
)
_MUNICIPALITY: Final = re.compile(r"[0-9]{3,4}")
_DIGITS: Final = 4
_OTHER_NUMBER: Final = re.compile(r"[A-Z0-9]{3,30}")
_BETWEEN: Final = re.compile(r"[\s./-]+")
_OF_COLUMN: Final = {
    "national_number": (JudgedKind.FODSELSNUMMER, JudgedKind.D_NUMBER, JudgedKind.TENOR),
    "duf_number": (JudgedKind.DUF,),
}
_OTHERS: Final = {"reception_number": NumberKind.MOTTAK, "passport_number": NumberKind.PASS}


def person_of(cells: Cells, key: str, laws: Iterable[LawRow], *, test: bool) -> Person:
    """The person of a row. What cannot be read is asked about, and is not known."""
    arrived, settled = cells.days_in_order("arrived", "settled")
    return Person(
        key=key,
        numbers=tuple(_numbers(cells, test=test)),
        permit=_permit(cells, laws),
        arrived=arrived,
        settled=settled,
        search_out=cells.day("search_out"),
        register_municipality=_municipality(cells),
    )


def _municipality(cells: Cells) -> str | None:
    """The number of a municipality. A spreadsheet removes the zero of Oslo's."""
    text = cells.text("register_municipality")
    if not text or _MUNICIPALITY.fullmatch(text):
        return text.zfill(_DIGITS) if text else None
    words = Sentence("this is not the number of a municipality. Write its four digits.")
    cells.ask(R_NIR_CELL, words, "register_municipality")
    return None


def _permit(cells: Cells, laws: Iterable[LawRow]) -> Permit | None:
    """The permit. A basis that cannot be read leaves nothing known of it: it may decide the law."""
    granted, text = cells.day("permit_date"), cells.text("permit_basis")
    basis = _basis(cells, text) if text else ""
    if basis is None:
        return None
    if granted is None:
        if basis and not cells.row["permit_date"]:
            words = Sentence("the day of the permit is missing, so its basis is not used. Write the day.")
            cells.ask(R_NIR_PERMIT, words, "permit_date", "permit_basis")
        return None
    if not basis and not cells.row["permit_basis"] and any(_could_be(law, granted) for law in laws):
        words = Sentence(
            "the basis of the permit is missing, and it decides which law applies. Write the paragraph of "
            "utlendingsloven, such as 28 or 34."
        )
        cells.ask(R_NIR_PERMIT, words, "permit_date", "permit_basis")
    return Permit(basis=basis, granted=granted)


def _could_be(law: LawRow, granted: date) -> bool:
    """Whether a law is for some bases only, and the day of a permit fits it."""
    return (
        law.basis is not None
        and (law.permit_from is None or law.permit_from <= granted)
        and (law.permit_until is None or granted < law.permit_until)
    )


def _basis(cells: Cells, text: str) -> str | None:
    """The paragraph that a cell names, or that the configuration says a word stands for."""
    return paragraph_of(text) or cells.code(text, "permit_basis")


def _numbers(cells: Cells, *, test: bool) -> Iterator[Number]:
    source, seen_on = cells.source("number_source"), cells.day("number_seen_on")
    for column in (*_OF_COLUMN, *_OTHERS):
        found = _judged(cells, column, test=test) if column in _OF_COLUMN else _other(cells, column)
        if found is not None:
            kind, number = found
            yield Number(kind=kind, value=SecretStr(number), source=source, seen_on=seen_on)


def _judged(cells: Cells, column: str, *, test: bool) -> tuple[NumberKind, str] | None:
    """A number that the judge accepts, of the kind that the column is for."""
    text = cells.row[column]
    if not text or cells.removes(column):
        return None
    verdict = judge_number(text, on=cells.on, policy=NumberPolicy(duf="nin", test=test))
    if verdict.kind in {kind for name, kinds in _OF_COLUMN.items() if name != column for kind in kinds}:
        _wrong_column(cells, column)
    elif verdict.number is None:
        cells.ask(verdict.code, verdict.sentence, column, held=verdict.decision is Decision.NEEDS_EVIDENCE)
    elif verdict.kind is JudgedKind.DUF:
        return NumberKind.DUF, verdict.number.reveal()
    else:
        return NumberKind.DNR if is_d_number(text, cells.on) else NumberKind.FNR, verdict.number.reveal()
    return None


def _other(cells: Cells, column: str) -> tuple[NumberKind, str] | None:
    """The number of a passport or a reception centre: letters and digits of its own, without a check."""
    if no_number_yet(cells.row[column]) or cells.removes(column):
        return None
    if holds_number(cells.row[column]):
        _wrong_column(cells, column)
        return None
    text = _BETWEEN.sub("", cells.text(column)).upper()
    if not text or _OTHER_NUMBER.fullmatch(text):
        return (_OTHERS[column], text) if text else None
    words = Sentence("this is no number of that kind: it must have letters and digits only. Correct it.")
    cells.ask(R_NIR_CELL, words, column)
    return None


def _wrong_column(cells: Cells, column: str) -> None:
    words = Sentence("this is another kind of number. Move it to the column of its kind.")
    cells.ask(R_NIR_NUMBER, words, column, held=False)
