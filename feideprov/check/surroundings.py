"""What a rule has to know besides the entry: the organization, its settings, the journal, what else is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from feideprov.directory.dn import DN
from feideprov.directory.protocol import Directory
from feideprov.errors import InputError, scrub
from feideprov.feide.organization import HostOrganization, School
from feideprov.numbers import NumberPolicy, number_shaped
from feideprov.provision.answers import Answers
from feideprov.provision.journal import Event, State

_MOST_NAMES = 4096


@dataclass(repr=False)
class Surroundings:
    """Of one check of one directory.

    `login`: where users log in, as in the configuration. `mark` makes the journal's mark of a number; `marks` are
    those of numbers for which evidence was recorded.
    """

    organization: HostOrganization
    directory: Directory
    source_id_attribute: str
    numbers: NumberPolicy
    on: date
    pending_days: int = 180
    login: str = "directory"
    answers: Answers = field(default_factory=Answers)
    mark: Callable[[str], str] = lambda _: ""
    marks: frozenset[str] = frozenset()
    made: dict[str, date] = field(default_factory=dict)
    """When users of ours were made, by Feide name."""
    _places: dict[str, Place] = field(default_factory=dict)

    def heed(self, events: Iterable[Event]) -> None:
        """Take in what the journal says."""
        events = list(events)
        self.answers = Answers.of(events)
        done = [event for event in events if event.state is State.DONE]
        self.marks = frozenset(e.number_mark for e in done if e.number_mark and e.evidence and not e.altered)
        self.made = {e.feide_name.lower(): datetime.fromisoformat(e.at).date() for e in done if e.kind == "create"}

    def has_evidence(self, number: str) -> bool:
        """Did somebody see this number, by the journal?"""
        return bool(self.marks) and self.mark(number) in self.marks

    def place(self, text: str) -> Place:
        """What a DN in an entry leads to; asked of the directory once for each DN, as Feide does at a login."""
        known = self._places.get(text)
        if known is None:
            if len(self._places) == _MOST_NAMES:
                self._places.clear()
            known = self._places[text] = self._look(text)
        return known

    def _look(self, text: str) -> Place:
        try:
            dn = DN.parse(text)
        except InputError:
            return Place(None, there=False)
        if not dn.rdns:
            return Place(None, there=False)
        school = next((school for school in self.organization.schools if school.dn == dn), None)
        return Place(dn, there=self.directory.read(dn, ("objectClass",)) is not None, school=school)


@dataclass(frozen=True)
class Place:
    """What a DN leads to: `there` is an entry, and `school` says which of the configuration. `dn` None: it is none."""

    dn: DN | None
    there: bool
    school: School | None = None


def holds_number(text: str) -> bool:
    """Does a text hold what looks like an identity number?"""
    # number_shaped looks at every letter; most texts have too few digits to need that
    return sum(map(str.isdecimal, text)) >= 10 and number_shaped(text)


def shown(text: str) -> str:
    """A Feide name or a DN as a finding may show it: some directories make names of numbers."""
    return scrub(text) if holds_number(text) else text
