"""From a person list and the state of the directory to a plan. Pure: nothing is read or written here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
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
from feideprov.messages import Sentence
from feideprov.numbers import Evidence
from feideprov.provision.plan.builder import R_NOT_OURS, PlanBuilder, closed, holds, name_of, usable_name_of
from feideprov.provision.plan.changes import Create, Protect, Update
from feideprov.provision.plan.differences import difference
from feideprov.provision.plan.directory_state import R_TWO_USERS
from feideprov.provision.plan.holders import held_by, shown_name
from feideprov.provision.plan.plan import Plan
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
R_SAME_PERSON: Final = code(
    "R-SAME-PERSON",
    Sentence("Held: a user with this name and birth date exists already."),
    Sentence(
        "If it is the same person, run: feideprov resolve USER --same-as SOURCE_ID. If not: feideprov "
        "resolve USER --different"
    ),
)
R_SOURCE_PREFIX: Final = code(
    "R-SOURCE-PREFIX",
    Sentence(
        "Held: a user has this source id without the name of its source, because the user was created when "
        "there was only one source."
    ),
    Sentence("If it is the same person, run: feideprov resolve USER --same-as SOURCE_ID"),
)

NameAndBirthDate = tuple[str, date]
"""A name (folded) and a birth date: a reason to ask whether two are the same person, never proof of it."""


@dataclass(repr=False)
class PersonPlanner:
    """Plans for person lists of one organization."""

    organization: HostOrganization
    builder: PlanBuilder
    options: BuildOptions
    evidence: Evidence | None = None
    source: str | None = None
    """The name of the source, where source ids carry it."""
    _names: UserNames = field(init=False)
    _listed: dict[NameAndBirthDate, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """The users of the rows, by name and birth date, in the list's order: two rows may be the same person too."""

    def plan(self, records: Iterable[PersonRecord], *, only: str | None = None) -> Plan:
        """The plan for a list of people. `only` is the source id of one person, who may be protected: the plan is then
        for that person alone."""
        records = list(records)
        self._names = UserNames(self.builder.taken_names, self.options.names)
        rows = Counter(fold(record.source_id) for record in records)
        for record in records:
            if entries := self._entries_with_source_id(record):
                self._remember(record, map(name_of, entries))
        for record in records:
            if only is not None and fold(record.source_id) != fold(only):
                continue
            if rows[fold(record.source_id)] > 1:
                sentence = Sentence(
                    "Column source_id: this source id is in more than one row. Keep only the right row."
                )
                self.builder.refuse(R_DUPLICATE, sentence, record.origin)
                continue
            try:
                self._row(record, protected_too=only is not None)
            except Refused as refused:
                self.builder.refuse(refused.code, refused.sentence, record.origin, held=refused.held)
        if only is None:
            self._tell_of_numbers_as_source_ids()
        return self.builder.finished()

    def _tell_of_numbers_as_source_ids(self) -> None:
        """Hold the users whose source id cannot be read, unless a row has said it: no row can find them by it."""
        said = {refusal.sentence for refusal in self.builder.refusals}
        for dn, user in self.builder.state.with_number_as_source_id.items():
            held = self.builder.state.number_as_source_id(dn)
            if held.sentence not in said:
                self.builder.refuse(held.code, held.sentence, None, user)

    def _row(self, record: PersonRecord, *, protected_too: bool) -> None:
        entry = self._entry_of(record)
        if entry is not None:
            self._existing(record, entry)
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
            self._new(record)

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
        for feide_name in self._with_name_and_birth_date(record):
            if feide_name not in self.builder.known_users.different:
                raise Refused(_same_person(feide_name), code=R_SAME_PERSON, held=True)
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

    def _with_name_and_birth_date(self, record: PersonRecord) -> Iterator[str]:
        """The users with the row's name and birth date, in the directory and in the list."""
        for key in _names_and_birth_date(record):
            yield from map(name_of, self.builder.state.with_name_and_birth_date(*key))
            yield from self._listed.get(key, ())

    def _remember(self, record: PersonRecord, feide_names: Iterable[str]) -> None:
        for key in _names_and_birth_date(record):
            self._listed[key].update(dict.fromkeys(feide_names))

    def _new(self, record: PersonRecord) -> None:
        user = build_user(
            record,
            self.organization,
            taken=self._names,
            options=self.options,
            evidence=self.evidence,
            on=self.builder.on,
        )
        for concern in user.concerns:
            self.builder.refuse(concern.code, concern.sentence, record.origin, user.feide_name, held=concern.held)
        if user.number and (others := self.builder.other_holders(user.number, user.feide_name)):
            sentence = held_by(others, user.feide_name)
            self.builder.refuse(R_HELD_BY_ANOTHER, sentence, record.origin, user.feide_name)
            user = user.without_number()
        self._remember(record, [user.feide_name])
        school = self.organization.school(record.schools[0])
        self.builder.changes.append(
            Create(user, school.name if school else "", record.role.value, record.protected, record.origin)
        )

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


def _same_person(feide_name: str) -> Sentence:
    if not feide_name:
        return Sentence(
            "A user with this name and birth date exists already, but has no Feide name. Add "
            "eduPersonPrincipalName to the entry."
        )
    return Sentence(
        "A user with this name and birth date exists already: {user}. If it is the same person, run: feideprov "
        "resolve {user} --same-as SOURCE_ID. If not: feideprov resolve {user} --different",
        user=feide_name,
    )


def _names_and_birth_date(record: PersonRecord) -> set[NameAndBirthDate]:
    if record.birth_date is None:
        return set()
    return {(fold(name), record.birth_date) for name in (record.full_name, record.legal_name) if name}


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
