"""Is the person of a row still the user who has the row's source id?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.feide.name_comparison import ComparedName, share_word
from feideprov.feide.person import PersonRecord
from feideprov.numbers.compare import same_number
from feideprov.provision.plan.directory_state import is_provisional
from feideprov.provision.plan.people.listed_person import ListedPerson
from feideprov.provision.plan.people.name_index import names_of_entry
from feideprov.provision.plan.people.same_person import Born, SamePerson


@dataclass(frozen=True, repr=False)
class Renamed:
    """A row whose user has another name in the directory."""

    record: PersonRecord
    entry: Entry
    now: ComparedName
    before: tuple[ComparedName, ...]
    """The names of the entry, that of its parts first."""

    @property
    def keeps_given_name(self) -> bool:
        """Whether a given name is the same as before."""
        return not self.now.given.isdisjoint(self.before[0].given)

    @classmethod
    def of(cls, record: PersonRecord, entry: Entry) -> Renamed | None:
        """The row, or None when its name is that of the entry."""
        if _says(record, entry):
            return None
        now = ComparedName.of(record.given_name, record.family_name, record.legal_name)
        before = names_of_entry(entry)
        return None if now.whole == before[0].whole else cls(record, entry, now, before)


def _says(record: PersonRecord, entry: Entry) -> bool:
    """Whether the row has the very names of the entry. Nearly all rows have."""
    return all(
        not name or entry.values(attribute) == (name.encode(),)
        for attribute, name in (("givenName", record.given_name), ("sn", record.family_name))
    )


def swapped(rows: Iterable[Renamed]) -> list[Renamed]:
    """The rows whose new name is today the name of another of these rows, and those other rows."""
    rows = list(rows)
    today: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        today[row.before[0].whole].append(number)
    found = set[int]()
    for number, row in enumerate(rows):
        if owners := today.get(row.now.whole):
            found.update((number, *owners))
    return [rows[number] for number in sorted(found)]


def is_other_person(row: Renamed, people: SamePerson) -> bool:
    """Whether no word of the name is that of a name of the user, and the birth date is another; where a birth date is
    missing, whether the number is another.

    Marriage, adoption, a new spelling and a corrected birth date each leave one of them as it was. The number may
    change from a D-number to a fødselsnummer, which has the same birth date.
    """
    if any(share_word(row.now, name) for name in row.before):
        return False
    person = ListedPerson.of(row.record, people.on)
    match people.born(row.entry, person):
        case Born.SAME:
            return False
        case Born.DIFFERENT:
            return True
        case Born.UNKNOWN:
            return has_another_number(row.record, row.entry, people.on)


def has_another_number(record: PersonRecord, entry: Entry, on: date) -> bool:
    """Whether the user holds another number of the same kind than the row has."""
    number = record.national_number or record.duf_number
    held = entry.texts(NUMBER_ATTRIBUTE)
    if number is None or not held:
        return False
    if same_number(number) in map(same_number, held):
        return False
    return is_provisional(number.reveal(), on) == all(is_provisional(text, on) for text in held)
