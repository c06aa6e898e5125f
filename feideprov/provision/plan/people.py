"""From what is wanted and what was found to a plan. Pure: nothing is read or written here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from feideprov.directory.dn import fold
from feideprov.directory.entry import Entry
from feideprov.errors import Refused
from feideprov.feide.build import build_user, usable_number
from feideprov.feide.build_options import BuildOptions
from feideprov.feide.name_policy import UserNames
from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import PersonRecord
from feideprov.numbers import Evidence
from feideprov.provision.plan.builder import PlanBuilder, held_by, holds, name_of, usable_name_of
from feideprov.provision.plan.changes import Create, Protect, Update
from feideprov.provision.plan.differences import difference
from feideprov.provision.plan.directory_state import shown_name
from feideprov.provision.plan.plan import Plan
from feideprov.text import normal_name

Person = tuple[str, date]
"""A name (folded) and a birth date: enough to ask whether two are one, never to say so."""


@dataclass(repr=False)
class PersonPlanner:
    """Plans for a list of people of one organization."""

    organization: HostOrganization
    draft: PlanBuilder
    options: BuildOptions
    evidence: Evidence | None = None
    source: str | None = None
    """The name of the source, where source ids carry it."""
    _names: UserNames = field(init=False)
    _listed: dict[Person, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    """The users of the rows, by name and birth date, in the list's order: two rows may be one person too."""

    def plan(self, records: Iterable[PersonRecord], *, only: str | None = None) -> Plan:
        """The plan for a list of people. `only` picks one by source id, and lets a protected person be made."""
        records = list(records)
        self._names = UserNames(self.draft.taken_names, self.options.names)
        rows = Counter(fold(record.source_id) for record in records)
        for record in records:
            if entries := self._entries_with_source_id(record):
                self._list(record, map(name_of, entries))
        for record in records:
            if only is not None and fold(record.source_id) != fold(only):
                continue
            if rows[fold(record.source_id)] > 1:
                sentence = "Column source_id: it stands in more than one row. Keep the right row."
                self.draft.refuse("R-DUPLICATE", sentence, record.origin)
                continue
            try:
                self._row(record, protected_too=only is not None)
            except Refused as refused:
                self.draft.refuse(refused.code, str(refused), record.origin, held=refused.held)
        return self.draft.finished()

    def _row(self, record: PersonRecord, *, protected_too: bool) -> None:
        entry = self._entry_of(record)
        if entry is not None:
            self._existing(record, entry)
        elif record.protected and not protected_too:
            raise Refused(
                "A protected person is never made from a list: use apply with --only and the source id.",
                code="R-PROTECTED",
                held=True,
            )
        else:
            self._new(record)

    def _entry_of(self, record: PersonRecord) -> Entry | None:
        entries = self._entries_with_source_id(record)
        if len(entries) > 1:
            raise Refused(
                "More than one user has this source id: correct the directory.", code="R-TWO-USERS", held=True
            )
        if entries:
            return entries[0]
        self._same_id_without_source(record)
        for feide_name in self._alike(record):
            if feide_name not in self.draft.answers.different:
                raise Refused(
                    f"A user with this name and birth date is there already: {feide_name or 'one without a name'}. "
                    f"Say whether it is the same person: resolve {feide_name} --same-as SOURCE_ID, or --different.",
                    code="R-SAME-PERSON",
                    held=True,
                )
        return None

    def _entries_with_source_id(self, record: PersonRecord) -> list[Entry]:
        """The entries that have the row's source id, or that a person said are this person's."""
        found, source_id = self.draft.found, fold(record.source_id)
        if entries := found.by_source_id.get(source_id):
            return entries
        linked = found.named(self.draft.answers.linked.get(source_id, ""))
        return [linked] if linked else []

    def _same_id_without_source(self, record: PersonRecord) -> None:
        """A second source makes source ids `<source>:<id>`; users made before have the bare id still."""
        if self.source is None:
            return
        bare = record.source_id.removeprefix(f"{self.source}:")
        for entry in self.draft.found.by_source_id.get(fold(bare), []):
            raise Refused(
                f"{shown_name(entry)} has this source id, from before there was more than one source. If it is this "
                f"person: resolve {shown_name(entry)} --same-as {record.source_id}.",
                code="R-SOURCE-PREFIX",
                held=True,
            )

    def _alike(self, record: PersonRecord) -> Iterator[str]:
        """The users with the row's name and birth date, in the directory and in the list."""
        for person in _persons(record):
            yield from map(name_of, self.draft.found.alike(*person))
            yield from self._listed.get(person, ())

    def _list(self, record: PersonRecord, feide_names: Iterable[str]) -> None:
        for person in _persons(record):
            self._listed[person].update(dict.fromkeys(feide_names))

    def _new(self, record: PersonRecord) -> None:
        user = build_user(
            record,
            self.organization,
            taken=self._names,
            options=self.options,
            evidence=self.evidence,
            on=self.draft.on,
        )
        for concern in user.concerns:
            self.draft.refuse(concern.code, concern.sentence, record.origin, user.feide_name, held=concern.held)
        if user.number and (others := self.draft.others_holding(user.number, user.feide_name)):
            sentence = held_by(others, user.feide_name)
            self.draft.refuse("R-HELD-BY-ANOTHER", sentence, record.origin, user.feide_name)
            user = user.without_number()
        self._list(record, [user.feide_name])
        school = self.organization.school(record.schools[0])
        self.draft.changes.append(
            Create(user, school.name if school else "", record.role.value, record.protected, record.origin)
        )

    def _existing(self, record: PersonRecord, entry: Entry) -> None:
        draft = self.draft
        if closed := draft.answers.closed_user_at(entry.dn):
            sentence = f"{closed} is closed. If the person is back: feideprov reopen {closed}, then run again."
            raise Refused(sentence, code="R-CLOSED", held=True)
        feide_name = usable_name_of(entry)
        before = len(draft.changes), len(draft.refusals)
        user = build_user(
            _with_both_names(record, entry),
            self.organization,
            options=self.options,
            evidence=self.evidence,
            on=draft.on,
            password=False,
            user_name=feide_name.partition("@")[0],
        )
        modifications = difference(entry, user, record)
        if modifications and feide_name not in draft.answers.ours:
            sentence = (
                f"{feide_name} has this source id but was not made by this tool, so it is not updated. "
                f"If it is the same person: resolve {feide_name} --same-as SOURCE_ID."
            )
            draft.refuse("R-NOT-OURS", sentence, record.origin, feide_name)
        elif modifications:
            seen = tuple((name, entry.values(name)) for name in dict.fromkeys(step.attribute for step in modifications))
            draft.changes.append(Update(feide_name, entry.dn, modifications, record.source_id, record.origin, seen))
        if record.protected and not draft.answers.is_protected(feide_name):
            draft.changes.append(Protect(feide_name, entry.dn, record.source_id, record.origin))
        self._number(record, entry)
        if before == (len(draft.changes), len(draft.refusals)):
            draft.unchanged += 1

    def _number(self, record: PersonRecord, entry: Entry) -> None:
        """A number that a person list brings for a user who is there already."""
        if record.national_number is not None and holds(entry, record.national_number):
            return
        usable, concerns = usable_number(record, self.options.numbers, evidence=self.evidence, on=self.draft.on)
        for concern in concerns:
            self.draft.refuse(concern.code, concern.sentence, record.origin, name_of(entry), held=concern.held)
        if usable is not None:
            self.draft.attach(entry, usable, record.origin, record.source_id)


def _persons(record: PersonRecord) -> set[Person]:
    if record.birth_date is None:
        return set()
    return {(fold(name), record.birth_date) for name in (record.full_name, record.legal_name) if name}


def _with_both_names(record: PersonRecord, entry: Entry) -> PersonRecord:
    """The row, with the name of the entry where its column is empty: an empty column says nothing.

    Where one name stands in both attributes, the person has one name only.
    """
    given, family = entry.text("givenName") or "", entry.text("sn") or ""
    if given == family or (record.given_name and record.family_name):
        return record
    names = {
        "given_name": record.given_name or normal_name(given),
        "family_name": record.family_name or normal_name(family),
    }
    return record.model_copy(update=names)
