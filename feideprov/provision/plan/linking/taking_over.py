"""Users who are there become ours: those of a list where key or number is equal and names agree, or all of a source."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from feideprov.directory.dn import DN, same_key
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import name_of
from feideprov.errors import Refused
from feideprov.feide.name_comparison import agree
from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import PersonRecord
from feideprov.issues import Refusal, code
from feideprov.journal.keys import MarkKey
from feideprov.journal.people import KnownPeople
from feideprov.messages import NOTHING, Sentence
from feideprov.numbers import key_is_number
from feideprov.numbers.compare import same_number
from feideprov.provision.plan.builder import PlanBuilder, closed
from feideprov.provision.plan.changes import Protect
from feideprov.provision.plan.directory_state import R_TWO_USERS, usable_name_of
from feideprov.provision.plan.linking.link_changes import TakeOver, WriteSourceId
from feideprov.provision.plan.linking.source_keys import ONLY_SOURCE, SourceKeys
from feideprov.provision.plan.people.hidden import R_HIDDEN, hidden_person
from feideprov.provision.plan.people.listed_person import ListedPerson
from feideprov.provision.plan.people.name_index import names_of_entry
from feideprov.provision.plan.people.named_changes import named_refusals
from feideprov.provision.plan.people.other_person import has_another_number
from feideprov.provision.plan.people.planner import R_DUPLICATE
from feideprov.provision.plan.people.questions import R_LINK_DOUBT, R_SAME_PERSON, Questions
from feideprov.provision.plan.people.row_users import R_TWO_ROWS, RowUsers, told
from feideprov.provision.plan.people.same_person import Born, SamePerson, Sought
from feideprov.provision.plan.plan import Plan

R_OTHER_REALM: Final = code(
    "R-OTHER-REALM",
    Sentence("The user has a Feide name of another organization, and is not linked."),
    Sentence("Each organization links its own users, with its own configuration."),
)


@dataclass(repr=False)
class TakeOverPlanner:
    """Plans for users who are there and become ours."""

    organization: HostOrganization
    builder: PlanBuilder
    key: MarkKey
    keys: SourceKeys = ONLY_SOURCE
    """The source ids of the list's source."""
    read_people: Callable[[], KnownPeople] = KnownPeople
    """Reads the marks that the journal holds of people."""
    _same: SamePerson = field(init=False)
    _ask: Questions = field(init=False)
    _users: RowUsers = field(init=False)
    _new: int = 0
    """How many rows are of people who have no user."""

    def __post_init__(self) -> None:
        builder = self.builder
        self._same = SamePerson(builder.state, builder.known_users, self.read_people, self.key, builder.on)
        self._ask = Questions(self.organization, builder.known_users, builder.is_protected, keys=self.keys)
        self._users = RowUsers(builder, self._same, self._ask, self.keys)

    def of_list(self, records: Sequence[PersonRecord], refused: Iterable[Refusal] = ()) -> Plan:
        """The users whose source id or number is that of a row, and whose names agree with it."""
        rows = defaultdict[str, list[PersonRecord]](list)
        for record in records:
            rows[same_key(record.source_id)].append(record)
            if len(candidates := self._candidates(record)) == 1:
                self._same.is_there(record, candidates[0])
        found = list[tuple[PersonRecord, Entry]]()
        for record in records:
            self.builder.about = record.source_id
            try:
                if len(same := rows[same_key(record.source_id)]) > 1:
                    raise Refused(self._ask.twice(same), code=R_DUPLICATE)
                if (entry := self._user_of(record)) is not None:
                    found.append((record, entry))
            except Refused as error:
                self.builder.refuse(error.code, error.sentence, record.origin, held=error.held)
        self._link(found)
        self.builder.about = ""
        if self._new:
            self.builder.notes.append(_without_user(self._new))
        builder = self.builder
        return named_refusals(builder.finished(), records, refused, builder.users_of_rows, self._users.hides)

    def of_source(self) -> Plan:
        """The users whose source id is one of the source, whoever they are."""
        state, known = self.builder.state, self.builder.known_users
        for entry in state.entries:
            source_ids = [text for text in entry.texts(state.source_id_attribute) if self.keys.has(text)]
            if not source_ids or not self._has_our_realm(entry):
                continue
            try:
                user = self._usable(entry)
                if any(len(state.by_source_id[same_key(text)]) > 1 for text in source_ids):
                    raise _two_users()
                if user in known.ours:
                    self.builder.unchanged += 1
                else:
                    self.builder.changes.append(TakeOver(user, entry.dn, source_ids[0]))
            except Refused as error:
                self.builder.refuse(error.code, error.sentence, None, held=error.held)
        self.builder.notes.append(
            Sentence(
                "No list was given, so names are not compared: every user with a source id of this source becomes "
                "ours. To compare names, give a list: feideprov link LIST"
            )
        )
        return self.builder.finished()

    def _user_of(self, record: PersonRecord) -> Entry | None:
        """The user of a row, of whom there is no doubt; None when the person has no user."""
        candidates = self._candidates(record)
        if len(candidates) > 1:
            raise _two_users()
        if not candidates:
            self._must_be_nobody(record)
            self._new += 1
            return None
        entry = candidates[0]
        user = self._usable(entry)
        if not self._has_our_realm(entry):
            sentence = Sentence(
                "{user} is a user of another organization. Link the user with the configuration of that organization.",
                user=user,
            )
            raise Refused(sentence, code=R_OTHER_REALM)
        if reason := self._doubt(record, entry):
            self.builder.questions.append(self._ask.about(R_LINK_DOUBT, record, entry))
            raise Refused(self._ask.link_doubt(record, user, reason), code=R_LINK_DOUBT, held=True)
        return entry

    def _candidates(self, record: PersonRecord) -> list[Entry]:
        """The users who have the source id of a row, or its number."""
        state, known = self.builder.state, self.builder.known_users
        found = list(self._users.entries(record.source_id))
        if not found and not self.keys.bare_of_another:
            found += state.by_source_id.get(same_key(self.keys.without_prefix(record.source_id)), [])
        number = record.national_number or record.duf_number
        holders = state.holders.get(same_number(number), []) if number is not None else []
        with_number = (state.by_dn[holder.dn] for holder in holders if holder.dn in state.by_dn)
        found += (one for one in with_number if not known.is_different(name_of(one), record.source_id, said=True))
        return list({entry.dn: entry for entry in found}.values())

    def _must_be_nobody(self, record: PersonRecord) -> None:
        """Raises Refused when a user may be the person of a row that nobody has the source id or the number of."""
        builder, known = self.builder, self.builder.known_users
        matches = [
            match
            for match in self._same.questions(Sought(ListedPerson.of(record, builder.on)))
            if not known.is_different(match.feide_name, record.source_id)
        ]
        if not matches:
            if refused := hidden_person(builder.state, known, record.source_id):
                raise refused
            return
        there = (match.entry for match in matches if match.entry is not None and match.feide_name)
        builder.questions += [self._ask.about(R_SAME_PERSON, record, entry) for entry in there]
        reason = R_HIDDEN if matches[0].hidden else R_SAME_PERSON
        raise Refused(self._ask.same_person(record, matches), code=reason, held=True)

    def _usable(self, entry: Entry) -> str:
        """The Feide name of a user who can be linked. Raises Refused for one who cannot be."""
        state, known = self.builder.state, self.builder.known_users
        if entry.dn in state.with_number_as_source_id:
            raise state.number_as_source_id(entry.dn)
        if closed_user := known.closed_user_at(entry.dn):
            raise closed(closed_user)
        user = usable_name_of(entry)
        state.check_unique(user)
        if known.is_closed(user, entry.dn):
            raise closed(user)
        return user

    def _has_our_realm(self, entry: Entry) -> bool:
        return name_of(entry).partition("@")[2] in ("", self.organization.realm)

    def _doubt(self, record: PersonRecord, entry: Entry) -> Sentence:
        """Why a user with the source id or the number of a row may be another person; nothing when there is no doubt.

        Names must agree: a given name and a family name are the same, in whatever order and spelling of the same
        letters. A birth date that is known on both sides must be the same; where it is not, the number must be.
        """
        person, names = ListedPerson.of(record, self.builder.on), names_of_entry(entry)
        name, born = person.name, self._same.born(entry, person)
        known, user = self.builder.known_users, name_of(entry)
        if known.is_different(user, record.source_id, said=True):
            return Sentence("a person has said that it is somebody else")
        if known.linked.get(same_key(record.source_id)) == user and user in known.ours:
            return NOTHING  # a person has said so, or an earlier run has found no doubt
        if not any(agree(name, other) for other in names):
            return Sentence("the names do not agree")
        if born is Born.DIFFERENT:
            return Sentence("the birth date is another")
        if born is Born.UNKNOWN and has_another_number(record, entry, self.builder.on):
            return Sentence("the number is another")
        if name.whole not in (other.whole for other in names) and self._same.with_name(name):
            return Sentence("another user has the very name of this row")
        return NOTHING

    def _link(self, found: Sequence[tuple[PersonRecord, Entry]]) -> None:
        """Link users to their rows. Rows of one user that say different things are held."""
        rows = defaultdict[DN, list[PersonRecord]](list)
        for record, entry in found:
            rows[entry.dn].append(record)
        linked = Counter[DN]()
        for record, entry in found:
            user, self.builder.about = name_of(entry), record.source_id
            first, *others = rows[entry.dn]
            if any(told(one) != told(first) for one in others):
                sentence = Sentence(
                    "Several rows of this list are about {user}, and they differ. Keep only one of them.", user=user
                )
                self.builder.refuse(R_TWO_ROWS, sentence, record.origin, user)
                continue
            self._link_one(record, entry, write=not linked[entry.dn])
            linked[entry.dn] += 1

    def _link_one(self, record: PersonRecord, entry: Entry, *, write: bool) -> None:
        builder, user = self.builder, name_of(entry)
        known, attribute = builder.known_users, builder.state.source_id_attribute
        key, before = same_key(record.source_id), len(builder.changes)
        on_entry = [same_key(text) for text in entry.texts(attribute)]
        if user not in known.ours or (key not in on_entry and known.linked.get(key) != user):
            builder.changes.append(TakeOver(user, entry.dn, record.source_id, record.origin))
        if write and not on_entry and not key_is_number(record.source_id):
            builder.changes.append(WriteSourceId(user, entry.dn, record.source_id, attribute, record.origin))
        if record.protected and not known.is_protected(user):
            builder.changes.append(Protect(user, entry.dn, record.source_id, record.origin))
        builder.people.append((user, ListedPerson.of(record, builder.on)))
        builder.keep(entry, record.origin)
        builder.unchanged += before == len(builder.changes)


def _two_users() -> Refused:
    sentence = Sentence(
        "More than one user fits: several users have this source id, or the source id and the number belong to "
        "different users. Correct the list or the directory."
    )
    return Refused(sentence, code=R_TWO_USERS, held=True)


def _without_user(count: int) -> Sentence:
    return Sentence(
        "{count} row is about a person who has no user. To create the user, run: feideprov apply LIST",
        plural="{count} rows are about people who have no user. To create the users, run: feideprov apply LIST",
        count=count,
    )
