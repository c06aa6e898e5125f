"""norEduPersonLIN: numbers that have a meaning only inside the organization (info_go 2018-03, Optional attributes)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, Self, get_args

from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.numbers import Decision, NumberKind, NumberPolicy, NumberText, judge_number
from feideprov.numbers.reading import digits_of
from feideprov.programs.arguments import checked_class

LIN_ATTRIBUTE: Final = "norEduPersonLIN"

LocalKind = Literal["localnin", "fin", "employee"]
"""`localnin` a number invented by the organization, `fin` a county's admission number (VIGO), `employee` a staff
number."""

SUBSTITUTES: Final[frozenset[LocalKind]] = frozenset({"localnin", "fin"})
"""What replaces a national identity number until that arrives."""

_REALM: Final = re.compile(r"[^:\s]+")
_ADMISSION_NUMBER: Final = re.compile(r"[0-9]{11}")
_LOCAL_BY_NATURE: Final = frozenset({NumberKind.H_NUMBER, NumberKind.S_NUMBER, NumberKind.LOCAL_LONG})
_EVERY_NUMBER: Final = NumberPolicy(duf="nin")


@checked_class
@dataclass(frozen=True, slots=True)
class LocalNumber:
    """One value: `<realm>:<kind>:<id>`. Its `repr` does not show the id.

    `parse` and `str` are each other's inverses. Raises InputError, without quoting anything, when there is no realm, no
    known kind or no id, and when a `fin` is not eleven digits.
    """

    realm: str
    kind: LocalKind
    id: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _REALM.fullmatch(self.realm):
            raise InputError(Sentence("A local number must begin with the realm of the organization and a colon."))
        if self.kind not in get_args(LocalKind):
            raise InputError(Sentence("The kind of a local number must be localnin, fin or employee."))
        if not self.id.strip():
            raise InputError(Sentence("A local number must have a number after the kind and a colon."))
        if self.kind == "fin" and not _ADMISSION_NUMBER.fullmatch(self.id):
            raise InputError(Sentence("A county's admission number (fin) must have eleven digits."))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a local number from a value of norEduPersonLIN.

        Parameters:
            text: the value.

        Returns: the local number.

        Raises:
            InputError: the value is no local number. The error does not quote the value.
        """
        realm, _, rest = text.partition(":")
        kind, _, local_id = rest.partition(":")
        return cls(realm, kind, local_id)  # type: ignore[arg-type]  # checked above

    def __str__(self) -> str:
        return f"{self.realm}:{self.kind}:{self.id}"


def local_number(text: NumberText, realm: str, on: date, *, of_county: bool = False) -> LocalNumber | None:
    """The value that keeps a number that may not be written as a national one, when it is a local number; None for
    every other number. `on` is the day when it is judged.

    Local numbers have the form of H- and S-numbers, or a date and six digits. No other number is written:

    - what can be a real number (accepted, or held), also with a typing error or with digits before or after it;
    - numbers of other countries, UDI, NAV and the health services: they are real numbers of another authority;
    - test numbers, fillers and one digit repeated: many people share them.

    A county's admission number has the form of a D-number (the judge's N-D-900): the form does not tell which it is.
    Only counties give admission numbers, so it is kept as `fin` where the school is a county's (`of_county`); in a
    primary school such a number is a child's D-number that waits for evidence.
    """
    verdict = judge_number(text, on=on)
    digits, _ = digits_of(text.reveal())
    if of_county and verdict.code == "N-D-900":
        return LocalNumber(realm, "fin", digits)
    if verdict.kind not in _LOCAL_BY_NATURE:
        return None
    inside = (digits[i : i + length] for length in (11, 12) if length < len(digits) for i in range(len(digits)))
    if any(judge_number(part, on=on, policy=_EVERY_NUMBER).decision is not Decision.REFUSE for part in inside):
        return None
    return LocalNumber(realm, "localnin", digits)


def read_local_number(text: str) -> LocalNumber | None:
    """A value of a directory; None when it does not have this form."""
    try:
        return LocalNumber.parse(text)
    except InputError:
        return None
