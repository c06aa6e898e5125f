"""The user of each row, by source id; and the rows whose source id seems to belong to somebody else now."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from feideprov.directory.dn import DN, same_key
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import name_of
from feideprov.errors import Refused
from feideprov.feide.person import PersonRecord
from feideprov.issues import Refusal, code
from feideprov.messages import NOTHING, Sentence, joined
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.directory_state import R_TWO_USERS
from feideprov.provision.plan.holders import shown_name
from feideprov.provision.plan.linking.source_keys import ONLY_SOURCE, SourceKeys
from feideprov.provision.plan.people.hidden import hidden_person
from feideprov.provision.plan.people.listed_person import ListedPerson
from feideprov.provision.plan.people.other_person import Renamed, is_other_person, swapped
from feideprov.provision.plan.people.questions import R_NAMES_SWAPPED, R_OTHER_PERSON, Questions
from feideprov.provision.plan.people.same_person import Match, SamePerson, Sought

R_SOURCE_PREFIX: Final = code(
    "R-SOURCE-PREFIX",
    Sentence(
        "Held: a user has this source id without the name of its source, because the user was created when "
        "there was only one source."
    ),
    Sentence(
        "If it is the same person, run: feideprov resolve USER --same-as SOURCE_ID --yes. If it is a new person, run: "
        "feideprov resolve USER --different SOURCE_ID --yes"
    ),
)

R_TWO_ROWS: Final = code(
    "R-TWO-ROWS",
    Sentence("Held: several rows of the list are about one user, and they differ. None of these rows is used."),
    Sentence(
        "Keep only one of the rows. If a row is about another person, run: feideprov resolve USER --undo SOURCE_ID "
        "--yes"
    ),
)


@dataclass(repr=False)
class RowUsers:
    """Finds the users of the rows of one list."""

    builder: PlanBuilder
    same: SamePerson
    ask: Questions
    keys: SourceKeys = ONLY_SOURCE
    former_keys: Mapping[str, str] = field(default_factory=dict)
    """By source id: the one that the person had before in the same source (both folded)."""
    _held: dict[str, Refused] = field(default_factory=dict)
    """Rows whose user another person may be, by source id (folded)."""
    _first_rows: dict[DN, PersonRecord] = field(default_factory=dict)
    """The first row of each user."""
    _contradicted: set[DN] = field(default_factory=set)
    """The users of whom two rows say different things."""

    def read(self, records: Iterable[PersonRecord], *, said: str | None = None) -> None:
        """Look through the rows before any of them is planned. `said` is the source id (folded) of a row of which a
        person said that it is the same person."""
        renamed = []
        for record in records:
            self._tell_of_two_users(record)
            for entry in (entries := self.entries(record.source_id)):
                self.same.is_there(record, entry)
                first = self._first_rows.setdefault(entry.dn, record)
                if first is not record and told(first) != told(record):
                    self._contradicted.add(entry.dn)
            if len(entries) == 1 and (row := Renamed.of(record, entries[0])) is not None:
                renamed.append(row)
        self._hold_other_people(renamed, said)

    def of(self, record: PersonRecord) -> Entry | None:
        """The user of a row; None when there is none yet. Raises Refused when only a person can find out."""
        if refused := self._held.get(same_key(record.source_id)):
            self.builder.questions += [
                self.ask.about(refused.code, record, one) for one in self.entries(record.source_id)
            ]
            raise refused
        entries = self.entries(record.source_id)
        if len(entries) > 1:
            raise Refused(
                Sentence("More than one user has this source id. Correct the entries in the directory."),
                code=R_TWO_USERS,
                held=True,
            )
        if entries and entries[0].dn in self._contradicted:
            raise self._two_rows(record, name_of(entries[0]))
        if entries:
            return entries[0]
        self._same_id_without_source(record)
        self._hold_hidden(record.source_id)
        return None

    def entries(self, source_id: str) -> list[Entry]:
        """The entries that have this source id, or that a person said are the person with it. If there are none, those
        with the source id that the person had before."""
        return self.builder.with_source_id(source_id) or self._with_former_key(source_id)

    def has_new_key(self, record: PersonRecord) -> bool:
        """Whether the user of a row is found by the source id that the person had before."""
        return same_key(record.source_id) in self.former_keys and not self.builder.with_source_id(record.source_id)

    def _with_former_key(self, source_id: str) -> list[Entry]:
        former, known = self.former_keys.get(same_key(source_id)), self.builder.known_users
        found = self.builder.with_source_id(former) if former is not None else []
        return [entry for entry in found if not known.is_different(name_of(entry), source_id, said=True)]

    def _tell_of_two_users(self, record: PersonRecord) -> None:
        """Tell of a person who has a user by each of two source ids."""
        if same_key(record.source_id) not in self.former_keys:
            return
        now, before = self.builder.with_source_id(record.source_id), self._with_former_key(record.source_id)
        if len(now) != 1 or len(before) != 1 or now[0].dn == before[0].dn:
            return
        user, other = shown_name(now[0]), shown_name(before[0])
        known = self.builder.known_users
        if known.may_share(user, other) or user in known.closed or other in known.closed:
            return
        self.builder.notes.append(
            Sentence(
                "{user} and {other} are two users of one person, as the list says: it has the old and the new source "
                "id. Close the one that is not used: feideprov close USER. If the person needs both, run: feideprov "
                "resolve {user} --second-account-of {other} --yes",
                user=user,
                other=other,
            )
        )

    def hides(self, refusal: Refusal, record: PersonRecord | None, user: str | None) -> bool:
        """Whether the name in a row of which something was refused is that of a protected person."""
        source_id = record.source_id if record else refusal.source_id
        if not record and source_id:
            source_id = self.keys.with_prefix(source_id)
        entries = self.entries(source_id) if source_id else []
        named = user is not None and self.builder.known_users.is_protected(user)
        return named or (record is not None and record.protected) or any(map(self.builder.is_protected, entries))

    def _two_rows(self, record: PersonRecord, user: str) -> Refused:
        """Each of the rows would undo what the other has done."""
        source_id, undo = record.source_id, NOTHING
        if self.builder.known_users.linked.get(same_key(source_id)) == user:
            undo = Sentence(
                "If this row is about another person, run: feideprov resolve {user} --undo {source_id} --yes",
                user=user,
                source_id=shlex.quote(source_id),
            )
        sentence = Sentence(
            "Several rows of this list are about {user}, and they differ. Keep only one of them.", user=user
        )
        return Refused(joined([sentence, undo]), code=R_TWO_ROWS, held=True)

    def _hold_hidden(self, source_id: str) -> None:
        """Raises Refused when the journal has a user for a source id that no entry shows."""
        if refused := hidden_person(self.builder.state, self.builder.known_users, source_id):
            raise refused

    def _same_id_without_source(self, record: PersonRecord) -> None:
        """With a second source, source ids are `<prefix>:<id>`; users created before that still have the bare id. Where
        another source has bare ids, they are its users."""
        if self.keys.prefix is None or self.keys.bare_of_another:
            return
        bare, known = self.keys.without_prefix(record.source_id), self.builder.known_users
        for entry in self.builder.state.by_source_id.get(same_key(bare), []):
            if known.is_different(name_of(entry), record.source_id, said=True):
                continue
            sentence = Sentence(
                "{user} has the source id of this row, but without the name of the source in front of it: the user "
                "was created when only one source was configured. If {user} is the person in this row, run: feideprov "
                "resolve {user} --same-as {source_id} --yes. If it is a new person, run: feideprov resolve {user} "
                "--different {source_id} --yes",
                user=shown_name(entry),
                source_id=shlex.quote(record.source_id),
            )
            self.builder.questions.append(self.ask.about(R_SOURCE_PREFIX, record, entry))
            raise Refused(sentence, code=R_SOURCE_PREFIX, held=True)
        if any(not known.is_different(user.feide_name, record.source_id, said=True) for user in known.made_for(bare)):
            self._hold_hidden(bare)

    def _hold_other_people(self, renamed: Sequence[Renamed], said: str | None) -> None:
        """Hold the rows whose source id seems to be another person's now, and say so of the list when there are
        several."""
        slipped = {id(row) for row in swapped(renamed)}
        for row in renamed:
            record, user = row.record, shown_name(row.entry)
            if same_key(record.source_id) == said:
                continue
            if id(row) in slipped or self._has_name_of_another_key(row):
                refused = Refused(self.ask.swapped(record, user), code=R_NAMES_SWAPPED, held=True)
            elif is_other_person(row, self.same):
                refused = Refused(self.ask.other_person(record, user), code=R_OTHER_PERSON, held=True)
            else:
                continue
            self._held[same_key(record.source_id)] = refused
        if len(self._held) > 1:
            self.builder.notes.append(
                Sentence(
                    "In {rows} rows, the name does not fit the source id. One column of the list may have been sorted "
                    "without the others. Check the list before you correct single rows.",
                    rows=len(self._held),
                )
            )

    def _has_name_of_another_key(self, row: Renamed) -> bool:
        """Whether the new name is today that of a user with another source id. A person who keeps a given name may have
        got the same family name as somebody else, by marriage."""
        if row.keeps_given_name:
            return False
        attribute = self.builder.state.source_id_attribute
        same_name = self.same.with_name(row.now)
        return any(entry.dn != row.entry.dn and entry.values(attribute) for entry in same_name)

    def with_changed_keys(
        self, records: Sequence[PersonRecord], may_change: Callable[[PersonRecord, str], bool] | None
    ) -> dict[str, Match]:
        """The new source ids whose person is a user of ours whose source id is gone from the list: one row for one
        user, and one user for one row. `may_change` says which former source id a row may have had; None: any of this
        source."""
        attribute, known = self.builder.state.source_id_attribute, self.builder.known_users
        listed = {entry.dn for record in records for entry in self.entries(record.source_id)}
        found: dict[str, Match] = {}
        for record in records:
            if self.entries(record.source_id):
                continue
            matches = self.same.questions(Sought(ListedPerson.of(record, self.builder.on)))
            if len(matches) == 1 and matches[0].entry is not None and matches[0].dn not in listed:
                entry = matches[0].entry
                former = [text for text in entry.texts(attribute) if self.keys.has(text)]
                if may_change is not None:
                    former = [text for text in former if may_change(record, text)]
                if matches[0].feide_name in known.ours and former:
                    found[same_key(record.source_id)] = matches[0]
        users = Counter(match.dn for match in found.values())
        return {source_id: match for source_id, match in found.items() if users[match.dn] == 1}


def told(record: PersonRecord) -> dict[str, object]:
    """What a row says of its person."""
    return record.model_dump(exclude={"source_id", "origin"})
