"""The source id of a person: the key that stays the same between files, and is never an identity number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from feideprov.intake.ims.model import Person, SourcedId
from feideprov.intake.ims.vocabulary import UserId
from feideprov.journal.keys import MarkKey
from feideprov.look_alikes import visible
from feideprov.numbers import key_is_number, number_shaped
from feideprov.numbers.compare import normal_digits

_SERIAL: Final = re.compile(r"[0-9]{4}")
_LETTER: Final = re.compile(r"[^\W\d_]")


@dataclass
class Keys:
    """Makes source ids. `wanted` is the kind of id that the configuration names ([[sources]] key)."""

    wanted: str
    key: MarkKey | None
    numbers_are_ids: bool
    """Numbers stand as sourcedid in the file, so four digits there stand in the place of one."""
    serials: set[str] = field(default_factory=set)
    """Source ids that stand in the place of a number, and are none."""
    made: int = 0
    """How many source ids are keyed digests."""

    def of(self, person: Person) -> str:
        """The source id; empty when the person has none that can be used."""
        for kind, text in person.userids:
            if kind.value == self.wanted and (found := _usable(text)):
                return found
        source_id = self._of(person.id)
        if source_id and _SERIAL.fullmatch(source_id) and (self.numbers_are_ids or source_id in _numbers(person)):
            self.serials.add(source_id)
        return source_id

    def former(self, person: Person) -> Iterator[str]:
        """The source ids that the person had before."""
        return filter(None, map(self._of, person.former)) if self.wanted == "sourcedid" else iter(())

    def _of(self, sourced: SourcedId) -> str:
        if not is_number(sourced.id):
            return _usable(sourced.id)
        if self.key is None:
            return ""
        self.made += 1
        return self.key.in_place_of_key(sourced.id)


def _usable(text: str) -> str:
    """An id as a key: without what cannot be seen. Empty when it is a number, or has nothing but zeros and signs."""
    found = visible(text).strip()
    return "" if is_number(found) or not any(c.isalnum() and c != "0" for c in found) else found


def is_number(text: str) -> bool:
    """Whether an id is an identity number. One whose check digits are wrong is taken for one too, if it has no letter:
    files have such numbers."""
    if len(text) < 10:
        return False
    return key_is_number(text) or (not _LETTER.search(text) and number_shaped(text))


def numbers_of(person: Person) -> tuple[str, str]:
    """The fødselsnummer or D-number of a person, not judged, and the DUF number: by the count of their digits. Of a
    fødselsnummer and a D-number, the fødselsnummer. One that stands as sourcedid is used where there is no other."""
    national, duf = list[str](), list[str]()
    for text in _numbers(person):
        digits = normal_digits(text)
        if not _SERIAL.fullmatch(digits):
            (duf if len(digits) == 12 else national).append(text)
    national.sort(key=lambda text: text[:1] in "4567")
    as_id = _number_as_id(person.id.id)
    return (
        next(iter(national), as_id if len(as_id) == 11 else ""),
        next(iter(duf), as_id if len(as_id) == 12 else ""),
    )


def _number_as_id(text: str) -> str:
    """The digits of a sourcedid that is an identity number with right check digits, and nothing else."""
    if len(text) < 11:
        return ""
    digits = normal_digits(text)
    return digits if digits.isdigit() and len(digits) in (11, 12) and key_is_number(digits) else ""


def has_number(person: Person) -> bool:
    """Whether a person has a number, or something in its place."""
    return is_number(person.id.id) or bool(_numbers(person))


def _numbers(person: Person) -> list[str]:
    return [
        text for kind, text in person.userids if kind is UserId.NUMBER or (kind is UserId.UNTYPED and is_number(text))
    ]
