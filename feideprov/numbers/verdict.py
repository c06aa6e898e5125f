"""The verdict on one number, and the settings it is given under."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

from feideprov.errors import InputError
from feideprov.messages import LANGUAGES, Sentence
from feideprov.numbers.kinds import NumberKind
from feideprov.numbers.number import NationalNumber
from feideprov.numbers.sentences import SENTENCES


class Decision(StrEnum):
    """The three decisions. Evidence lifts *needs evidence*; nothing lifts *refuse*."""

    ACCEPT = "accept"
    NEEDS_EVIDENCE = "needs-evidence"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class NumberPolicy:
    """How the organization has set the judge.

    `duf`: with "nin", DUF numbers are written to norEduPersonNIN. With "leave-out", the default, they are not:
    it is not known whether Feide's validator accepts twelve digits there. `test`: the directory is a test directory,
    where Tenor numbers are accepted and real ones are not. Raises `InputError` for another value of `duf`.
    """

    duf: Literal["leave-out", "nin"] = "leave-out"
    test: bool = False

    def __post_init__(self) -> None:
        if self.duf not in ("leave-out", "nin"):
            raise InputError(Sentence("The setting duf in [numbers] must be “leave-out” or “nin”."))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge says of one number. Its repr shows neither digits nor dates.

    `code` is stable for ever. `number` is there when the decision is ACCEPT, and then only. `birth_dates` are
    all dates the digits can mean, sorted (empty for a refusal and for a DUF number); in a D-number they may
    be the day of registration (udi.no, «D-nummer stemmer ikke med fødselsdato»). `lifted` is the code of the
    verdict that evidence lifted, if it did.
    """

    decision: Decision
    kind: NumberKind
    code: str
    birth_dates: tuple[date, ...] = field(default=(), repr=False)
    number: NationalNumber | None = None
    lifted: str | None = None

    @property
    def sentence(self) -> Sentence:
        """What it is and what to do next, without a digit of the number. The text is in English; `in_language` has it
        in "nb" and "nn" too."""
        return SENTENCES[self.code]

    def say(self, lang: str) -> str:
        """The sentence of the verdict in a language.

        Parameters:
            lang: `en`, `nb` or `nn`.

        Returns: the sentence, without a digit of the number.

        Raises:
            InputError: the language is another one.
        """
        if lang not in LANGUAGES:
            raise InputError(Sentence("This language is not supported. Use en, nb or nn."))
        return self.sentence.in_language(lang)
