"""The tables of `docs/numbers.md`, made from the tables that the code uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from feideprov.numbers.dates import D_TABLE, F_TABLE, CenturyRow
from feideprov.numbers.judge import DOUBTS_IN_ORDER, decision_of
from feideprov.numbers.kinds import KINDS
from feideprov.numbers.sentences import SENTENCES
from feideprov.numbers.verdict import Decision
from feideprov.reference.pages import Blocks, markdown_table

_WORDS: Final = {Decision.ACCEPT: "accept", Decision.NEEDS_EVIDENCE: "needs evidence", Decision.REFUSE: "refuse"}


def kinds_table() -> str:
    """The table of kinds: what each is called, how it is recognized and how surely, the verdicts, the source."""
    return markdown_table(
        ("kind", "English", "bokmål", "nynorsk", "how it is recognized", "sure", "verdicts", "source"),
        (
            (f"`{row.kind}`", row.en, row.nb, row.nn, row.told_by, row.sure, _verdicts(row.codes), row.source)
            for row in KINDS
        ),
    )


def _verdicts(codes: tuple[str, ...]) -> str:
    by_decision = {d: [f"`{code}`" for code in codes if decision_of(code) is d] for d in Decision}
    return "; ".join(f"{_WORDS[d]}: {', '.join(named)}" for d, named in by_decision.items() if named)


def codes_table() -> str:
    """The codes, what each decides, and the sentence in English."""
    rows = ((f"`{code}`", _WORDS[decision_of(code)], str(sentence)) for code, sentence in SENTENCES.items())
    return markdown_table(("code", "verdict", "sentence"), rows)


def translations_table() -> str:
    """The sentences in bokmål and nynorsk."""
    rows = (
        (f"`{code}`", sentence.in_language("nb"), sentence.in_language("nn")) for code, sentence in SENTENCES.items()
    )
    return markdown_table(("code", "bokmål", "nynorsk"), rows)


def order_of_doubts() -> str:
    """The codes of *needs evidence*, the first of which is reported."""
    return ", ".join(f"`{code}`" for code in DOUBTS_IN_ORDER) + "\n"


def century_table(table: Iterable[CenturyRow]) -> str:
    """One of Skatteetaten's tables; the parts of one century that share their years stand in one row."""
    parts: dict[tuple[int, range], list[str]] = {}
    for row in table:
        parts.setdefault((row.century, row.yy), []).append(f"{row.iii[0]:03d}–{row.iii[-1]}")
    return markdown_table(
        ("III", "YY", "born"),
        (
            (", ".join(iiis), f"{yy[0]:02d}–{yy[-1]:02d}", f"{century + yy[0]}–{century + yy[-1]}")
            for (century, yy), iiis in parts.items()
        ),
    )


BLOCKS: Final[Blocks] = {
    "kinds": kinds_table,
    "codes": codes_table,
    "order": order_of_doubts,
    "fodselsnummer": lambda: century_table(F_TABLE),
    "d-number": lambda: century_table(D_TABLE),
    "translations": translations_table,
}
