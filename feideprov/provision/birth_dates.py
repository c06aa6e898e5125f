"""Birth dates for a query sheet, from a list of people: the directory need not hold any."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import name_of
from feideprov.errors import Refused
from feideprov.feide.name_comparison import ComparedName, agree, nearly_agree
from feideprov.feide.person import PersonRecord
from feideprov.issues import Refusal, code
from feideprov.journal.keys import MarkKey
from feideprov.journal.people import KnownPeople
from feideprov.messages import Sentence
from feideprov.provision.pending import PendingUser
from feideprov.provision.plan.directory_state import R_NO_USER, R_TWO_USERS, DirectoryState, birth_dates_of
from feideprov.provision.plan.people.row_users import R_TWO_ROWS

R_OTHER_NAME: Final = code(
    "R-OTHER-NAME",
    Sentence("The row from which a birth date was asked has another name than the user. The birth date is not used."),
    Sentence("Find out whose the source id is, and correct the list."),
)
R_OTHER_YEAR: Final = code(
    "R-OTHER-YEAR",
    Sentence(
        "The row from which a birth date was asked has another birth year than is known of the user. The birth date is "
        "not used."
    ),
    Sentence("Find out when the person was born, and whose the source id is. Correct the list."),
)


@dataclass(frozen=True)
class BirthDates:
    """What a list says of the people who wait for a number."""

    days: Mapping[str, date] = field(default_factory=dict, repr=False)
    """The birth dates, by Feide name in small letters."""
    protected: frozenset[str] = frozenset()
    """The Feide names in small letters of those whom the list calls protected."""
    refusals: tuple[Refusal, ...] = ()
    """The rows that match nobody or two users, and those of somebody else, as it seems."""

    def added_to(self, user: PendingUser) -> PendingUser:
        """The user, with the birth date of the list where the directory has none. Whom the list calls protected is in
        no sheet."""
        name = user.user.lower()
        day = self.days.get(name)
        if day is not None and not user.birth_date:
            user = replace(user, birth_date=day.strftime("%Y%m%d"))
        return replace(user, protected=True, in_sheets=False) if name in self.protected else user


@dataclass(frozen=True, repr=False)
class BirthDateFinder:
    """Finds the user of each row, by source id or Feide name, and compares names and birth years."""

    state: DirectoryState
    linked: Mapping[str, str]
    """The Feide names of users by source ids that a person linked to them (`dn.same_key`)."""
    known: KnownPeople
    key: MarkKey
    waiting: frozenset[str]
    """The Feide names in small letters of the users who wait for a number."""
    on: date

    def find(self, records: Iterable[PersonRecord]) -> BirthDates:
        """The birth dates of those who wait for a number."""
        rows, refusals, protected = defaultdict[str, list[PersonRecord]](list), list[Refusal](), set[str]()
        for record in records:
            try:
                entry = self._entry(record)
                if (user := name_of(entry)) not in self.waiting:
                    continue
                if record.protected:
                    protected.add(user)
                if record.birth_date is not None:
                    self._check(record, record.birth_date, entry)
                    rows[user].append(record)
            except Refused as refused:
                refusals.append(Refusal(refused.code, refused.sentence, refused.held, record.origin))
        days = dict[str, date]()
        for user, theirs in rows.items():
            said = {record.birth_date for record in theirs if record.birth_date is not None}
            if len(said) == 1:
                days[user] = said.pop()
            else:
                refusals += [Refusal(R_TWO_ROWS, _TWO_DATES, True, record.origin) for record in theirs]
        return BirthDates(days, frozenset(protected), tuple(refusals))

    def _entry(self, record: PersonRecord) -> Entry:
        """The one user of a row. Raises Refused (R-NO-USER, R-TWO-USERS)."""
        key = same_key(record.source_id)
        named = map(self.state.named, (record.source_id.lower(), self.linked.get(key, "")))
        found: list[Entry] = [*self.state.by_source_id.get(key, ()), *(entry for entry in named if entry is not None)]
        by_dn = {entry.dn: entry for entry in found}
        if not by_dn:
            raise Refused(Sentence("No user has this source id or Feide name."), code=R_NO_USER)
        if len(by_dn) > 1 or name_of(found[0]) in self.state.duplicate_names:
            raise Refused(Sentence("More than one user has this source id or Feide name."), code=R_TWO_USERS, held=True)
        return found[0]

    def _check(self, record: PersonRecord, day: date, entry: Entry) -> None:
        """Raises Refused (R-OTHER-NAME, R-OTHER-YEAR) for a row that seems to be about somebody else."""
        own = ComparedName.of(entry.text("givenName") or "", entry.text("sn") or "")
        name = ComparedName.of(record.given_name, record.family_name, record.legal_name)
        if not agree(own, name) and not nearly_agree(own, name):
            raise Refused(Sentence("The user with this source id has another name."), code=R_OTHER_NAME, held=True)
        if years := {known.year for known in birth_dates_of(entry, self.on)}:
            other = day.year not in years
        else:
            other = self.known.birth_date_known(name_of(entry)) and not self._is_marked(record, day, entry, own, name)
        if other:
            raise Refused(Sentence("The user was born in another year, as is known."), code=R_OTHER_YEAR, held=True)

    def _is_marked(self, record: PersonRecord, day: date, entry: Entry, own: ComparedName, name: ComparedName) -> bool:
        """Whether the journal has a mark of the user with a day of this year: with the day itself, for most."""
        user, pairs = name_of(entry), own.pairs | name.pairs
        return any(
            self.known.has_source_id_mark(self.key.of_source_id(record.source_id, one))
            or any(user in self.known.users_with_name(self.key.of_person(pair, one)) for pair in pairs)
            for one in chain((day,), _days_of(day.year))
        )


_TWO_DATES: Final = Sentence("Two rows are about the same user and have different birth dates.")


def _days_of(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=days) for days in range((date(year + 1, 1, 1) - first).days))
