"""From a person list and the state of the directory to a plan. Pure: nothing is read or written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import name_of
from feideprov.directory.rules import comparable, in_name
from feideprov.errors import Refused
from feideprov.feide.attributes import R_GROUP
from feideprov.feide.build import build_user, usable_number
from feideprov.feide.build_options import BuildOptions
from feideprov.feide.group import LEFT_OUT, Ended, distinct
from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import PersonRecord
from feideprov.feide.user_name import UserNames
from feideprov.issues import R_HELD_BY_ANOTHER, Refusal, code
from feideprov.journal.keys import MarkKey
from feideprov.journal.people import KnownPeople
from feideprov.messages import Sentence
from feideprov.numbers import Evidence
from feideprov.progress import COMPARING_PEOPLE, steps
from feideprov.provision.plan.builder import R_NOT_OURS, PlanBuilder, closed
from feideprov.provision.plan.changes import Create, Protect, Update
from feideprov.provision.plan.differences import difference
from feideprov.provision.plan.directory_state import usable_name_of
from feideprov.provision.plan.holders import R_WITHDRAWN, held_by, holds
from feideprov.provision.plan.linking.link_changes import Link
from feideprov.provision.plan.linking.source_keys import ONLY_SOURCE, SourceKeys
from feideprov.provision.plan.people.alike_keys import alike_keys
from feideprov.provision.plan.people.changed_numbers import held_for_a_person, plan_number
from feideprov.provision.plan.people.hidden import R_HIDDEN
from feideprov.provision.plan.people.listed_person import ListedPerson
from feideprov.provision.plan.people.named_changes import named_refusals
from feideprov.provision.plan.people.parts import with_what_stays
from feideprov.provision.plan.people.questions import R_SAME_PERSON, Questions
from feideprov.provision.plan.people.row_users import RowUsers
from feideprov.provision.plan.people.same_person import Match, SamePerson, Sought
from feideprov.provision.plan.people.serials import R_SERIAL, Serials
from feideprov.provision.plan.plan import Plan
from feideprov.provision.plan.units import UnusableUnits, require_units
from feideprov.text import normal_name

R_DUPLICATE: Final = code(
    "R-DUPLICATE",
    Sentence(
        "The same source id is in more than one row, or the plan creates two users with it. None of these rows is used."
    ),
    Sentence("If it is one person, keep only the right row. If not, give each person a source id of their own."),
)
R_PROTECTED: Final = code(
    "R-PROTECTED",
    Sentence("Held: the person is protected. Protected people are created one at a time."),
    Sentence("To create the user, run: feideprov apply LIST --only SOURCE_ID --yes"),
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
    keys: SourceKeys = ONLY_SOURCE
    """The source ids of the list's source."""
    read_people: Callable[[], KnownPeople] = KnownPeople
    """Reads the marks that the journal holds of people."""
    full: bool = False
    """The list has everybody of its source, so that a key that is not in it is gone."""
    former_keys: Mapping[str, str] = field(default_factory=dict)
    """By source id: the one that the person had before in the same source."""
    ended: Mapping[str, Ended] | None = None
    """Of a list that has only what changed: what people are no longer in, by source id. None for other lists."""
    replace_numbers: bool = False
    """A fødselsnummer replaces the D-number that a user has."""
    serials: Serials | None = None
    """The serials that the list has in place of numbers, and those that were seen before."""
    unusable_units: UnusableUnits = field(default_factory=dict)
    """The entries of the organization and its schools that no user is to point to."""
    _names: UserNames = field(init=False)
    _same: SamePerson = field(init=False)
    _ask: Questions = field(init=False)
    _users: RowUsers = field(init=False)
    _changed_keys: dict[str, Match] = field(default_factory=dict)
    _ended_before: date | None = None

    def plan(
        self,
        records: Iterable[PersonRecord],
        *,
        only: str | None = None,
        answer: Answer | None = None,
        refused: Iterable[Refusal] = (),
    ) -> Plan:
        """The plan for a list of people. `only` is the source id of one person, who may be protected: the plan is then
        for that person alone. `answer` is what a person said of that row. `refused` is what was refused of the list
        when it was read."""
        records, builder = list(records), self.builder
        self._begin(records, None if only is None else same_key(only), answer)
        rows = defaultdict[str, list[PersonRecord]](list)
        source_ids = [same_key(record.source_id) for record in records]
        for record, source_id in zip(records, source_ids, strict=True):
            rows[source_id].append(record)
        for record, source_id in steps(zip(records, source_ids, strict=True), COMPARING_PEOPLE, total=len(records)):
            if only is not None and source_id != same_key(only):
                continue
            builder.about = record.source_id
            if len(rows[source_id]) > 1:
                builder.refuse(R_DUPLICATE, self._ask.twice(rows[source_id]), record.origin)
                continue
            try:
                self._row(self._with_distinct_groups(record), answer, protected_too=only is not None)
            except Refused as error:
                builder.refuse(error.code, error.sentence, record.origin, held=error.held)
        builder.about = ""
        if only is None:
            self._tell_of_numbers_as_source_ids()
            builder.notes += alike_keys((record.source_id for record in records), builder.state.by_source_id)
        plan = builder.finished() if self.replace_numbers else held_for_a_person(builder.finished())
        return named_refusals(plan, records, refused, builder.users_of_rows, self._users.hides)

    def _begin(self, records: Sequence[PersonRecord], only: str | None, answer: Answer | None) -> None:
        builder = self.builder
        self._ended_before = builder.on if any(record.groups for record in records) else None
        self._names = UserNames(builder.taken_names, self.options.names)
        self._same = SamePerson(builder.state, builder.known_users, self.read_people, self.key, builder.on)
        self._ask = Questions(
            self.organization, builder.known_users, builder.is_protected, not self.options.entra, self.keys
        )
        former_keys = {same_key(new): same_key(old) for new, old in self.former_keys.items()}
        self._users = RowUsers(builder, self._same, self._ask, self.keys, former_keys)
        self._users.read(records, said=only if answer is Answer.SAME_PERSON else None)
        if only is None and (self.full or (self.serials and self.serials.seen)):
            may_change = None if self.full or not self.serials else self.serials.was_serial
            self._changed_keys = self._users.with_changed_keys(records, may_change)

    def _tell_of_numbers_as_source_ids(self) -> None:
        """Hold the users whose source id cannot be read, unless a row has said it: no row can find them by it."""
        said = {refusal.sentence for refusal in self.builder.refusals}
        for dn, user in self.builder.state.with_number_as_source_id.items():
            held = self.builder.state.number_as_source_id(dn)
            if held.sentence not in said:
                self.builder.refuse(held.code, held.sentence, None, user)

    def _with_distinct_groups(self, record: PersonRecord) -> PersonRecord:
        """The record without the second of two groups that Feide would take for one, which is refused alone. A list
        has none: its cells were read so."""
        if len(record.groups) < 2:
            return record
        groups, wrong = distinct(record.groups, self.builder.on)
        if len(groups) == len(record.groups):
            return record
        if wrong is None:
            return record.model_copy(update={"groups": groups})
        sentence = Sentence("Column groups: {wrong} {left_out}", wrong=wrong, left_out=LEFT_OUT)
        self.builder.refuse(R_GROUP, sentence, record.origin, held=False)
        return record.model_copy(update={"groups": groups, "all_groups": False})

    def _row(self, record: PersonRecord, answer: Answer | None, *, protected_too: bool) -> None:
        entry = self._users.of(record)
        require_units(record, self.organization, self.unusable_units)
        if entry is not None:
            self._existing(record, entry, new_key=self._users.has_new_key(record))
        elif (match := self._changed_keys.get(same_key(record.source_id))) and match.entry is not None:
            self._existing(record, match.entry, new_key=True)
        elif answer is not Answer.NEW_PERSON and self.serials and self.serials.is_new(record):
            raise Refused(self._ask.new_serial(record), code=R_SERIAL, held=True)
        elif record.protected and not protected_too:
            raise Refused(self._ask.protected(record), code=R_PROTECTED, held=True)
        else:
            self._new(record, answer)

    def _new(self, record: PersonRecord, answer: Answer | None) -> None:
        builder, person = self.builder, ListedPerson.of(record, self.builder.on)
        sought = Sought(person)
        matches = self._same.questions(sought)
        matches += self._same.with_number(record, sought, besides={match.dn for match in matches})
        asked = [] if answer is Answer.NEW_PERSON else self._not_known_to_differ(matches, record)
        if asked:
            reason = R_HIDDEN if asked[0].hidden else R_SAME_PERSON
            builder.refuse(reason, self._ask.same_person(record, asked), record.origin, asked[0].feide_name or None)
            there = (match.entry for match in asked if match.entry is not None and match.feide_name)
            builder.questions += [self._ask.about(R_SAME_PERSON, record, entry) for entry in there]
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
        number = user.number
        if number and (wrong := builder.withdrawn(number, user.evidence, user.feide_name, record.source_id)):
            builder.refuse(R_WITHDRAWN, wrong, record.origin, user.feide_name)
            user = user.without_number()
        elif number and (others := builder.other_holders(number, user.feide_name)):
            sentence = held_by(others, user.feide_name, is_new=True)
            builder.refuse(R_HELD_BY_ANOTHER, sentence, record.origin, user.feide_name)
            user = user.without_number()
        schools = user.values.get("eduPersonOrgUnitDN", ())
        if answer is not Answer.NEW_PERSON:
            self._note(record, sought, schools)
        self._same.is_created(sought, Match(user.feide_name, user.dn, origin=record.origin), schools)
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
            if alike := self._not_known_to_differ(found, record):
                self.builder.notes.append(sentence(record, alike))

    def _not_known_to_differ(self, matches: Iterable[Match], record: PersonRecord) -> list[Match]:
        """The users of whom nobody said that they are not the person of the row."""
        known = self.builder.known_users
        return [match for match in matches if not known.is_different(match.feide_name, record.source_id)]

    def _existing(self, record: PersonRecord, entry: Entry, *, new_key: bool) -> None:
        """The row of a user who is there. With `new_key`, the user does not have the row's source id yet."""
        builder = self.builder
        if closed_user := builder.known_users.closed_user_at(entry.dn):
            raise closed(closed_user)
        if entry.dn in builder.state.with_number_as_source_id:
            raise builder.state.number_as_source_id(entry.dn)
        feide_name = usable_name_of(entry)
        is_ours, released = feide_name in builder.known_users.ours, feide_name in builder.known_users.released
        before = len(builder.changes), len(builder.refusals)
        if new_key and is_ours:
            builder.changes.append(Link(feide_name, entry.dn, record.source_id, record.origin))
        if self.ended is not None:
            ended = self.ended.get(record.source_id, Ended())
            record = with_what_stays(record, entry, self.organization, ended, builder.on)
        number, row = record.national_number, _with_both_names(record, entry)
        is_known = number is not None and holds(entry, number)
        if is_known and not self.options.keep_local_numbers:
            row = row.model_copy(update={"national_number": None})  # the user has it, so it is not judged again
        user = build_user(
            row,
            self.organization,
            options=self.options,
            evidence=self.evidence,
            on=builder.on,
            password=False,
            user_name=feide_name.partition("@")[0],
        )
        modifications = difference(entry, user, record, self._ended_before, self.organization)
        brings_number = number is not None and not is_known
        if not is_ours and (modifications or new_key or (released and brings_number)):
            builder.refuse(R_NOT_OURS, self._ask.not_ours(record, feide_name), record.origin, feide_name)
            builder.questions.append(self._ask.about(R_NOT_OURS, record, entry))
        elif modifications:
            seen = tuple((name, entry.values(name)) for name in dict.fromkeys(step.attribute for step in modifications))
            builder.changes.append(Update(feide_name, entry.dn, modifications, record.source_id, record.origin, seen))
        if record.protected and not builder.known_users.is_protected(feide_name):
            builder.changes.append(Protect(feide_name, entry.dn, record.source_id, record.origin))
        if is_ours:
            builder.people.append((feide_name, ListedPerson.of(record, builder.on)))
        if not (released or is_known):
            self._number(record, entry)
        builder.keep(entry, record.origin)
        if before == (len(builder.changes), len(builder.refusals)):
            builder.unchanged += 1

    def _number(self, record: PersonRecord, entry: Entry) -> None:
        """A number in a person list for a user who exists already and does not have it."""
        usable, concerns = usable_number(record, self.options.numbers, evidence=self.evidence, on=self.builder.on)
        for concern in concerns:
            self.builder.refuse(concern.code, concern.sentence, record.origin, name_of(entry), held=concern.held)
        if usable is not None:
            plan_number(self.builder, record, entry, usable)


def _with_both_names(record: PersonRecord, entry: Entry) -> PersonRecord:
    """The row, with the name of the entry where its column is empty: an empty column says nothing.

    When both attributes have the same value, and it does not stand twice in displayName, the person has only one name.
    """
    given, family = _name_today(entry, "givenName"), _name_today(entry, "sn")
    one_name = given == family and entry.text("displayName") != f"{given} {family}"
    if one_name or (record.given_name and record.family_name):
        return record
    names = {
        "given_name": record.given_name or normal_name(given),
        "family_name": record.family_name or normal_name(family),
    }
    return record.model_copy(update=names)


def _name_today(entry: Entry, attribute: str) -> str:
    """The name in an attribute. A value that stands only because it is in the DN is a former one."""
    values, in_dn = entry.values(attribute), in_name(entry.dn, attribute)
    today = [value for value in values if comparable(attribute, value) not in in_dn] if len(values) > 1 else values
    return (today or values or (b"",))[0].decode(errors="replace")
