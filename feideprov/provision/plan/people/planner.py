"""From a person list and the state of the directory to a plan. Pure: nothing is read or written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from feideprov.directory.dn import fold
from feideprov.directory.entry import Entry
from feideprov.errors import Refused
from feideprov.feide.build import build_user, usable_number
from feideprov.feide.build_options import BuildOptions
from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import PersonRecord
from feideprov.feide.user_name import UserNames
from feideprov.issues import R_HELD_BY_ANOTHER, code
from feideprov.journal.keys import MarkKey
from feideprov.journal.people import KnownPeople
from feideprov.messages import Sentence
from feideprov.numbers import Evidence
from feideprov.provision.plan.builder import R_NOT_OURS, PlanBuilder, closed, holds, name_of, usable_name_of
from feideprov.provision.plan.changes import Create, Link, Protect, Update
from feideprov.provision.plan.differences import difference
from feideprov.provision.plan.directory_state import R_TWO_USERS
from feideprov.provision.plan.holders import held_by, shown_name
from feideprov.provision.plan.people.listed_person import ListedPerson
from feideprov.provision.plan.people.other_person import Renamed, is_other_person, swapped
from feideprov.provision.plan.people.questions import R_NAMES_SWAPPED, R_OTHER_PERSON, R_SAME_PERSON, Questions
from feideprov.provision.plan.people.same_person import Match, SamePerson, Sought
from feideprov.provision.plan.plan import Plan
from feideprov.provision.plan.units import UnusableUnits, require_units
from feideprov.text import normal_name

R_DUPLICATE: Final = code(
    "R-DUPLICATE",
    Sentence(
        "The same source id is in more than one row, or the plan creates two users with it. None of these rows is used."
    ),
    Sentence("Keep only the right row."),
)
R_PROTECTED: Final = code(
    "R-PROTECTED",
    Sentence("Held: the person is protected. Protected people are created one at a time."),
    Sentence("To create the user, run: feideprov apply LIST --only SOURCE_ID"),
)
R_SOURCE_PREFIX: Final = code(
    "R-SOURCE-PREFIX",
    Sentence(
        "Held: a user has this source id without the name of its source, because the user was created when "
        "there was only one source."
    ),
    Sentence("If it is the same person, run: feideprov resolve USER --same-as SOURCE_ID"),
)


class Answer(Enum):
    """What a person says about one row."""

    NEW_PERSON = auto()
    """It is nobody who is a user already."""
    SAME_PERSON = auto()
    """It is the person of the user who has the source id."""


@dataclass(repr=False)
class PersonPlanner:
    """Plans for person lists of one organization."""

    organization: HostOrganization
    builder: PlanBuilder
    options: BuildOptions
    key: MarkKey
    evidence: Evidence | None = None
    source: str | None = None
    """The name of the source, where source ids carry it."""
    read_people: Callable[[], KnownPeople] = KnownPeople
    """Reads the marks that the journal holds of people."""
    full: bool = False
    """The list has everybody of its source, so that a key that is not in it is gone."""
    unusable_units: UnusableUnits = field(default_factory=dict)
    """The entries of the organization and its schools that no user is to point to."""
    _names: UserNames = field(init=False)
    _same: SamePerson = field(init=False)
    _ask: Questions = field(init=False)
    _held: dict[str, Refused] = field(default_factory=dict)
    """Rows whose user another person may be, by source id (folded)."""
    _changed_keys: dict[str, Match] = field(default_factory=dict)

    def plan(self, records: Iterable[PersonRecord], *, only: str | None = None, answer: Answer | None = None) -> Plan:
        """The plan for a list of people. `only` is the source id of one person, who may be protected: the plan is then
        for that person alone. `answer` is what a person said of that row."""
        records = list(records)
        self._begin(records, None if only is None else fold(only), answer)
        rows = Counter(fold(record.source_id) for record in records)
        for record in records:
            source_id = fold(record.source_id)
            if only is not None and source_id != fold(only):
                continue
            if rows[source_id] > 1:
                sentence = Sentence(
                    "Column source_id: this source id is in more than one row. Keep only the right row."
                )
                self.builder.refuse(R_DUPLICATE, sentence, record.origin)
                continue
            try:
                self._row(record, answer, protected_too=only is not None)
            except Refused as refused:
                self.builder.refuse(refused.code, refused.sentence, record.origin, held=refused.held)
        if only is None:
            self._tell_of_numbers_as_source_ids()
        return self.builder.finished()

    def _begin(self, records: Sequence[PersonRecord], only: str | None, answer: Answer | None) -> None:
        builder, key = self.builder, self.key
        self._names = UserNames(builder.taken_names, self.options.names)
        self._same = SamePerson(builder.state, builder.known_users, self.read_people, key)
        self._ask = Questions(self.organization, builder.known_users, not self.options.entra, self.source)
        renamed = []
        for record in records:
            for entry in (entries := self._entries_with_source_id(record)):
                self._same.is_there(record, entry)
            if len(entries) == 1 and (row := Renamed.of(record, entries[0])) is not None:
                renamed.append(row)
        said = only if answer is Answer.SAME_PERSON else None
        self._hold_other_people([row for row in renamed if fold(row.record.source_id) != said], renamed)
        if self.full and only is None:
            self._changed_keys = self._keys_that_changed(records)

    def _tell_of_numbers_as_source_ids(self) -> None:
        """Hold the users whose source id cannot be read, unless a row has said it: no row can find them by it."""
        said = {refusal.sentence for refusal in self.builder.refusals}
        for dn, user in self.builder.state.with_number_as_source_id.items():
            held = self.builder.state.number_as_source_id(dn)
            if held.sentence not in said:
                self.builder.refuse(held.code, held.sentence, None, user)

    def _row(self, record: PersonRecord, answer: Answer | None, *, protected_too: bool) -> None:
        if refused := self._held.get(fold(record.source_id)):
            raise refused
        require_units(record, self.organization, self.unusable_units)
        entry = self._entry_of(record)
        if entry is not None:
            self._existing(record, entry)
        elif match := self._changed_keys.get(fold(record.source_id)):
            self._link(record, match)
        elif record.protected and not protected_too:
            raise Refused(
                Sentence(
                    "The person is protected. Protected people are created one at a time. Run: feideprov "
                    "apply LIST --only SOURCE_ID"
                ),
                code=R_PROTECTED,
                held=True,
            )
        else:
            self._new(record, answer)

    def _entry_of(self, record: PersonRecord) -> Entry | None:
        entries = self._entries_with_source_id(record)
        if len(entries) > 1:
            raise Refused(
                Sentence("More than one user has this source id. Correct the entries in the directory."),
                code=R_TWO_USERS,
                held=True,
            )
        if entries:
            return entries[0]
        self._same_id_without_source(record)
        return None

    def _entries_with_source_id(self, record: PersonRecord) -> list[Entry]:
        """The entries that have the row's source id, or that a person said are this person's."""
        state, source_id = self.builder.state, fold(record.source_id)
        if entries := state.by_source_id.get(source_id):
            return entries
        linked = state.named(self.builder.known_users.linked.get(source_id, ""))
        return [linked] if linked else []

    def _same_id_without_source(self, record: PersonRecord) -> None:
        """With a second source, source ids are `<source>:<id>`; users created before that still have the bare id."""
        if self.source is None:
            return
        bare = record.source_id.removeprefix(f"{self.source}:")
        for entry in self.builder.state.by_source_id.get(fold(bare), []):
            sentence = Sentence(
                "{user} has the source id of this row, but without the name of the source in front of it: the user "
                "was created when only one source was configured. If {user} is the person in this row, run: feideprov "
                "resolve {user} --same-as {source_id}",
                user=shown_name(entry),
                source_id=record.source_id,
            )
            raise Refused(sentence, code=R_SOURCE_PREFIX, held=True)

    def _hold_other_people(self, checked: Sequence[Renamed], renamed: Sequence[Renamed]) -> None:
        """Hold the rows whose source id seems to be another person's now, and say so of the list when there are
        several."""
        slipped = {id(row) for row in swapped(renamed)}
        for row in checked:
            record, user = row.record, shown_name(row.entry)
            if id(row) in slipped:
                refused = Refused(self._ask.swapped(record, user), code=R_NAMES_SWAPPED, held=True)
            elif is_other_person(row, self._same):
                refused = Refused(self._ask.other_person(record, user), code=R_OTHER_PERSON, held=True)
            else:
                continue
            self._held[fold(record.source_id)] = refused
        if len(self._held) > 1:
            self.builder.notes.append(
                Sentence(
                    "In {count} rows, the name does not fit the source id. One column of the list may have been sorted "
                    "without the others. Check the list before you correct single rows.",
                    count=len(self._held),
                )
            )

    def _keys_that_changed(self, records: Sequence[PersonRecord]) -> dict[str, Match]:
        """The new source ids whose person is a user of ours whose source id is gone from the list: one row for one
        user, and one user for one row."""
        state, known = self.builder.state, self.builder.known_users
        listed = {entry.dn for record in records for entry in self._entries_with_source_id(record)}
        prefix = fold(f"{self.source}:") if self.source else ""
        found: dict[str, Match] = {}
        for record in records:
            if self._entries_with_source_id(record):
                continue
            matches = self._same.questions(Sought(ListedPerson.of(record)))
            if len(matches) == 1 and matches[0].entry is not None and matches[0].dn not in listed:
                entry = matches[0].entry
                keys = [fold(text) for text in entry.texts(state.source_id_attribute)]
                if matches[0].feide_name in known.ours and any(key.startswith(prefix) for key in keys):
                    found[fold(record.source_id)] = matches[0]
        users = Counter(match.dn for match in found.values())
        return {source_id: match for source_id, match in found.items() if users[match.dn] == 1}

    def _link(self, record: PersonRecord, match: Match) -> None:
        assert match.entry is not None  # noqa: S101 - a user whom this list creates has no old source id
        self.builder.changes.append(Link(match.feide_name, match.dn, record.source_id, record.origin))
        self._existing(record, match.entry)

    def _new(self, record: PersonRecord, answer: Answer | None) -> None:
        builder, person = self.builder, ListedPerson.of(record)
        sought = Sought(person)
        matches = self._same.questions(sought)
        asked = [
            match
            for match in matches
            if answer is not Answer.NEW_PERSON
            and not builder.known_users.is_different(match.feide_name, record.source_id)
        ]
        if asked:
            sentence = self._ask.same_person(record, asked)
            builder.refuse(R_SAME_PERSON, sentence, record.origin, asked[0].feide_name or None)
            return
        user = build_user(
            record,
            self.organization,
            taken=self._names,
            options=self.options,
            evidence=self.evidence,
            on=builder.on,
        )
        for concern in user.concerns:
            builder.refuse(concern.code, concern.sentence, record.origin, user.feide_name, held=concern.held)
        if user.number and (others := builder.other_holders(user.number, user.feide_name)):
            sentence = held_by(others, user.feide_name)
            builder.refuse(R_HELD_BY_ANOTHER, sentence, record.origin, user.feide_name)
            user = user.without_number()
        schools = user.values.get("eduPersonOrgUnitDN", ())
        if answer is not Answer.NEW_PERSON:
            self._note(record, sought, schools)
        row = record.origin.row if record.origin else None
        self._same.is_created(sought, Match(user.feide_name, user.dn, row=row), schools)
        school = self.organization.school(record.schools[0])
        different_from = tuple((match.feide_name, match.dn) for match in matches if match.feide_name)
        builder.changes.append(
            Create(
                user,
                school.name if school else "",
                record.role.value,
                record.protected,
                record.origin,
                person,
                different_from,
            )
        )

    def _note(self, record: PersonRecord, sought: Sought, schools: Iterable[str]) -> None:
        """Tell of users who are nearly alike, unless a person said that they are not the same."""
        for found, sentence in (
            (self._same.nearly(sought), self._ask.nearly),
            (self._same.without_birth_date(sought, schools), self._ask.without_birth_date),
        ):
            for match in found:
                if not self.builder.known_users.is_different(match.feide_name, record.source_id):
                    self.builder.notes.append(sentence(record, match))

    def _existing(self, record: PersonRecord, entry: Entry) -> None:
        builder = self.builder
        if closed_user := builder.known_users.closed_user_at(entry.dn):
            raise closed(closed_user)
        if entry.dn in builder.state.with_number_as_source_id:
            raise builder.state.number_as_source_id(entry.dn)
        feide_name = usable_name_of(entry)
        before = len(builder.changes), len(builder.refusals)
        user = build_user(
            _with_both_names(record, entry),
            self.organization,
            options=self.options,
            evidence=self.evidence,
            on=builder.on,
            password=False,
            user_name=feide_name.partition("@")[0],
        )
        modifications = difference(entry, user, record)
        if modifications and feide_name not in builder.known_users.ours:
            sentence = Sentence(
                "{user} has this source id, but this tool did not create the user, and therefore does not update "
                "the user. If it is the same person, run: feideprov resolve {user} --same-as SOURCE_ID",
                user=feide_name,
            )
            builder.refuse(R_NOT_OURS, sentence, record.origin, feide_name)
        elif modifications:
            seen = tuple((name, entry.values(name)) for name in dict.fromkeys(step.attribute for step in modifications))
            builder.changes.append(Update(feide_name, entry.dn, modifications, record.source_id, record.origin, seen))
        if record.protected and not builder.known_users.is_protected(feide_name):
            builder.changes.append(Protect(feide_name, entry.dn, record.source_id, record.origin))
        if feide_name in builder.known_users.ours:
            builder.people.append((feide_name, ListedPerson.of(record)))
        self._number(record, entry)
        if before == (len(builder.changes), len(builder.refusals)):
            builder.unchanged += 1

    def _number(self, record: PersonRecord, entry: Entry) -> None:
        """A number in a person list for a user who exists already."""
        if record.national_number is not None and holds(entry, record.national_number):
            return
        usable, concerns = usable_number(record, self.options.numbers, evidence=self.evidence, on=self.builder.on)
        for concern in concerns:
            self.builder.refuse(concern.code, concern.sentence, record.origin, name_of(entry), held=concern.held)
        if usable is not None:
            self.builder.attach(entry, usable, record.origin, record.source_id)


def _with_both_names(record: PersonRecord, entry: Entry) -> PersonRecord:
    """The row, with the name of the entry where its column is empty: an empty column says nothing.

    When both attributes have the same value, the person has only one name.
    """
    given, family = entry.text("givenName") or "", entry.text("sn") or ""
    if given == family or (record.given_name and record.family_name):
        return record
    names = {
        "given_name": record.given_name or normal_name(given),
        "family_name": record.family_name or normal_name(family),
    }
    return record.model_copy(update=names)
