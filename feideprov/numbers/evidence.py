"""Evidence: who saw which source, and when. It lifts *needs evidence*; nothing lifts *refuse*."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from feideprov.errors import InputError, scrub
from feideprov.messages import Sentence, listed


class EvidenceSource(StrEnum):
    """Where the number was seen."""

    REGISTER = "register"
    """A look-up in Folkeregisteret, or a system that is fed from it."""
    LETTER = "letter"
    """The letter from Skatteetaten or UDI that gives the person the number."""
    CARD = "card"
    """An asylum seeker's card, a residence card, or another card that shows the number."""
    AUTHORITY = "authority"
    """Another authority said it: NAV, the police, UDI."""


SOURCES: Final[Mapping[EvidenceSource | str, Sentence]] = {
    EvidenceSource.REGISTER: Sentence("register"),
    EvidenceSource.LETTER: Sentence("letter"),
    EvidenceSource.CARD: Sentence("card"),
    EvidenceSource.AUTHORITY: Sentence("authority"),
}
"""The words for people."""


class Basis(StrEnum):
    """What counted for a number that nobody gave evidence for. The words are stored and never change."""

    BIRTH_DATE = "birth-date"
    """The birth date in the number equals the recorded one."""
    NOT_NEEDED = "not-needed"
    """A DUF number has no birth date in it: the setting alone decides."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One person saw the number at one source on one day.

    `source` is register, letter, card or authority. `seen_by` says who (kept in NFC with single spaces),
    `seen_on` is the day, `note` is free text. Neither text may contain five digits in a row: both are kept in the
    change log, which holds no numbers. `standing` evidence is about a whole system that is fed from the register,
    so it is valid for numbers that come later too. Raises `InputError` with one sentence for a wrong value.

    >>> Evidence("letter", "Kari Nordmann", date(2026, 11, 2)).source
    <EvidenceSource.LETTER: 'letter'>
    """

    source: EvidenceSource | str
    seen_by: str
    seen_on: date
    note: str | None = None
    _: KW_ONLY
    standing: bool = False

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "source", EvidenceSource(self.source))
        except ValueError:
            # `from None`: the inner error would quote the value, which may be a number in the wrong column.
            sentence = Sentence(
                "The source of the evidence must be one of these: {known}.", known=listed(EvidenceSource)
            )
            raise InputError(sentence) from None
        if not isinstance(self.seen_by, str) or not (seen_by := _tidy(self.seen_by)):
            raise InputError(Sentence("`seen_by` is empty. Write who saw the number."))
        if scrub(seen_by) != seen_by:
            raise InputError(
                Sentence("`seen_by` must be the name of a person. It must not contain five digits or more in a row.")
            )
        object.__setattr__(self, "seen_by", seen_by)
        if not isinstance(self.seen_on, date) or isinstance(self.seen_on, datetime):
            raise InputError(Sentence("`seen_on` must be the date when the number was seen."))
        if self.note is None:
            return
        if not isinstance(self.note, str):
            raise InputError(Sentence("The note of the evidence must be text."))
        note = _tidy(self.note)
        if scrub(note) != note:
            raise InputError(Sentence("The note of the evidence must not contain five digits or more in a row."))
        object.__setattr__(self, "note", note or None)


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
