"""What a person's number is, and whether it may be used.

    judge_number(text) -> Verdict        accept, needs evidence or refuse, with a code and a sentence
    number_shaped(text) -> bool          does something else hold what looks like a number? (to hide it)
    key_is_number(key) -> bool           is a key of another system a number? (to refuse it)

No digit of a number leaves this package except by `reveal()`. It knows nothing of directories or files.
"""

from __future__ import annotations

from feideprov.numbers.evidence import Basis, Evidence, EvidenceSource
from feideprov.numbers.judge import basis_of, judge_number
from feideprov.numbers.kinds import KINDS, Kind, NumberKind, Sureness
from feideprov.numbers.number import NationalNumber, NumberText
from feideprov.numbers.sentences import SENTENCES
from feideprov.numbers.shape import key_is_number, number_shaped
from feideprov.numbers.verdict import Decision, NumberPolicy, Verdict

__all__ = [
    "KINDS",
    "SENTENCES",
    "Basis",
    "Decision",
    "Evidence",
    "EvidenceSource",
    "Kind",
    "NationalNumber",
    "NumberKind",
    "NumberPolicy",
    "NumberText",
    "Sureness",
    "Verdict",
    "basis_of",
    "judge_number",
    "key_is_number",
    "number_shaped",
]
