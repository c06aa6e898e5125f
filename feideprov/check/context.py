"""What a rule needs besides the entry: the organization, its settings, the journal, other entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feideprov.directory.dn import DN
from feideprov.directory.protocol import Directory
from feideprov.errors import InputError
from feideprov.feide.organization import HostOrganization, School
from feideprov.journal.journal import Event, Journal, State
from feideprov.journal.keys import MarkKey
from feideprov.journal.presence import Presence, expected_entries
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence
from feideprov.numbers import NumberPolicy
from feideprov.settings import Settings
from feideprov.text import shown
from feideprov.unit_names import unit_at

SCHOOL_NUMBER = "norEduOrgUnitUniqueIdentifier"
_MOST_NAMES = 4096


class CheckContext:
    """The context of one check of one directory, on one day."""

    def __init__(
        self,
        organization: HostOrganization,
        directory: Directory,
        settings: Settings,
        *,
        on: date,
        events: Iterable[Event] = (),
        key: MarkKey | None = None,
        journal: Journal | None = None,
    ) -> None:
        self.organization = organization
        self.directory = directory
        self.settings = settings
        self.on = on
        self.source_id_attribute = settings.directory.source_id_attribute
        self.numbers = NumberPolicy(duf=settings.numbers.duf, test=settings.numbers.test)
        events = list(events)
        known = KnownUsers.of(events)
        self.known_users = known.with_marks(journal) if journal is not None else known
        self.protection = self.known_users.protection(self.source_id_attribute)
        """Whose entries were read until now: which are protected people's."""
        self.presence = Presence(self.known_users)
        """Which users of the journal were read until now."""
        self.expected = expected_entries(directory, journal)
        self.users = 0
        """How many users were read until now, also those without a Feide name."""
        self._key = key
        done = (event for event in events if event.state is State.DONE)
        self._seen = frozenset(e.number_mark for e in done if e.number_mark and e.evidence and not e.altered)
        self._places: dict[str, Place] = {}

    def has_evidence(self, number: str) -> bool:
        """Does the journal have evidence for this number?"""
        return self._key is not None and self._key.of_number(number) in self._seen

    def place(self, text: str) -> Place:
        """What a DN in an entry names. Each DN is read from the directory once, as Feide does at a login."""
        known = self._places.get(text)
        if known is None:
            if len(self._places) == _MOST_NAMES:
                self._places.clear()
            known = self._places[text] = self._resolve(text)
        return known

    def shown_place(self, text: str) -> Sentence:
        """A DN in an entry as a finding shows it, with the name of the organization or school that has it."""
        dn = self.place(text).dn
        return unit_at(dn if dn is not None else shown(text), self.organization, *self.organization.schools)

    def _resolve(self, text: str) -> Place:
        try:
            dn = DN.parse(text)
        except InputError:
            return Place(None, there=False)
        if not dn.rdns:
            return Place(None, there=False)
        school = next((school for school in self.organization.schools if school.dn == dn), None)
        entry = self.directory.read(dn, (SCHOOL_NUMBER,))
        numbered = entry is not None and bool(entry.values(SCHOOL_NUMBER))
        return Place(dn, there=entry is not None, is_school=numbered or school is not None, school=school)


@dataclass(frozen=True)
class Place:
    """What a DN names. `there`: there is an entry; `is_school`: it is a school's; `school`: that school in the
    configuration. `dn` is None for a text that is not a DN."""

    dn: DN | None
    there: bool
    is_school: bool = False
    school: School | None = None
