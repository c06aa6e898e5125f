"""The tables of `docs/numbers.md`, made from the tables the code uses."""

from __future__ import annotations

from typing import Final

from feideprov.numbers.judge import DOUBTS_IN_ORDER
from feideprov.numbers.kinds import KINDS
from feideprov.numbers.sentences import SENTENCES
from feideprov.numbers.verdict import Decision

_ACCEPTING: Final = ("N-OK", "N-OK-EVIDENCE")


def decision_of(code: str) -> Decision:
    """The decision a code stands for. Raises `KeyError` for an unknown code.

    >>> decision_of("N-TENOR")
    <Decision.REFUSE: 'refuse'>
    """
    if code not in SENTENCES:
        raise KeyError(code)
    if code in _ACCEPTING:
        return Decision.ACCEPT
    return Decision.NEEDS_EVIDENCE if code in DOUBTS_IN_ORDER else Decision.REFUSE


def kinds_table() -> str:
    """The table of kinds in Markdown."""
    head = "| kind | English | bokmål | nynorsk | how it is told | sure | codes | source |\n" + "|---" * 8 + "|\n"
    return head + "".join(
        f"| `{row.kind}` | {row.en} | {row.nb} | {row.nn} | {row.told_by} | {row.sure} "
        f"| {', '.join(f'`{code}`' for code in row.codes)} | {row.source} |\n"
        for row in KINDS
    )


def codes_table() -> str:
    """The table of codes in Markdown, with the English sentence."""
    return "| code | decision | sentence |\n|---|---|---|\n" + "".join(
        f"| `{code}` | {decision_of(code)} | {sentence.en} |\n" for code, sentence in SENTENCES.items()
    )
