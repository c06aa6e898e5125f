"""Who a row says that a person is: what the marks in the journal are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from feideprov.feide.name_comparison import ComparedName
from feideprov.feide.person import PersonRecord
from feideprov.journal.keys import MarkKey
from feideprov.journal.people import PersonMarks
from feideprov.numbers import NumberPolicy, NumberText, judge_number

_EITHER: Final = (NumberPolicy(), NumberPolicy(test=True))


class ListedPerson(NamedTuple):
    """The names of a row, its key, and what says when the person was born. `on` is the day of the plan."""

    source_id: str
    given_name: str
    family_name: str
    legal_name: str
    birth_date: date | None
    number: NumberText | None
    on: date

    @classmethod
    def of(cls, record: PersonRecord, on: date) -> ListedPerson:
        """The person of a row."""
        return cls(
            record.source_id,
            record.given_name,
            record.family_name,
            record.legal_name,
            record.birth_date,
            record.national_number,
            on,
        )

    @property
    def name(self) -> ComparedName:
        """The name, to be compared."""
        return ComparedName.of(self.given_name, self.family_name, self.legal_name)

    @property
    def birth_dates(self) -> frozenset[date]:
        """The birth date; where the row has none, those that the number can mean."""
        if self.birth_date is not None:
            return frozenset((self.birth_date,))
        return born(self.number.reveal(), self.on) if self.number is not None else frozenset()

    def row_mark(self, key: MarkKey) -> str | None:
        """The mark of everything that the marks are made of; None where there is nothing to mark."""
        if self.birth_date is not None:
            when = self.birth_date.isoformat()
        elif self.number is not None:
            when = key.of_number(self.number)
        else:
            return None
        return key.of_row(self.source_id, self.given_name, self.family_name, self.legal_name, when)

    def marks(self, key: MarkKey) -> PersonMarks | None:
        """The marks of the person; None where no birth date is known."""
        row, days = self.row_mark(key), self.birth_dates
        if row is None or not days:
            return None
        pairs = self.name.pairs
        return PersonMarks(
            frozenset(key.of_person(pair, day) for pair in pairs for day in days),
            frozenset(key.of_source_id(self.source_id, day) for day in days),
            row,
        )

    def __repr__(self) -> str:
        return f"ListedPerson(source_id={self.source_id!r})"


Marked = ListedPerson | PersonMarks
"""A person to be marked; of a saved plan only the marks are there."""


def marks_of(person: Marked | None, key: MarkKey) -> PersonMarks | None:
    """The marks of a person; None where there are none."""
    return person.marks(key) if isinstance(person, ListedPerson) else person


def new_marks(
    people: Iterable[tuple[str, Marked]], known: Mapping[str, str], key: MarkKey
) -> list[tuple[str, PersonMarks]]:
    """The marks that the journal does not have. `known` is the row mark of each user."""
    found = []
    for user, person in people:
        row = person.row_mark(key) if isinstance(person, ListedPerson) else person.row
        if row is not None and known.get(user) != row and (marks := marks_of(person, key)) is not None:
            found.append((user, marks))
    return found


@lru_cache(maxsize=1024)
def born(number: str, on: date) -> frozenset[date]:
    """The birth dates that a number can mean on a day."""
    return frozenset(day for policy in _EITHER for day in judge_number(number, on=on, policy=policy).birth_dates)
