"""Finds the users who are not in a list, and who of them may be closed.

Only a full file in PIFU or IMS closes users, and even that never means that whoever is absent has left: published
files that call themselves full have no person at all. So a user must be missing in two full files of different days,
at schools of which the file has pupils, together with another user of each of these schools: a pupil who is to be
shielded is taken out of an export by hand, alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from feideprov.directory.entry import Entry
from feideprov.errors import scrub
from feideprov.feide.organization import HostOrganization, School
from feideprov.journal.full_files import FullFile
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.leavers.leavers import Leavers, Missing, Reason, not_alone
from feideprov.text import shown

_SCHOOLS = "eduPersonOrgUnitDN"


@dataclass(frozen=True)
class ListContents:
    """What a list says about who belongs to its source."""

    file: str
    """The name of the list."""
    source_ids: Set[str] = field(repr=False)
    """Of everybody in the list (folded), also in rows that were refused."""
    schools: Collection[str]
    """The ids of the schools that the list is about: those of which a full file has pupils."""
    is_own: Callable[[str], bool]
    """Whether a source id (folded) is of the source of the list."""
    unread: int = 0
    """Rows whose person cannot be told."""
    deleted: Set[str] = field(default=frozenset(), repr=False)
    """The source ids (folded) that the list deletes."""
    full: FullFile | None = None
    """The list as a full file in PIFU or IMS."""
    is_part: bool = False
    """A file in PIFU or IMS with changes alone: whoever is not in it has not changed."""


@dataclass
class MissingUsers:
    """Looks through the users of ours for those who are not in a list.

    `asked` are users who are perhaps in the list with another source id: a row is held because of them, or gives one of
    them a new source id. `stored` are the missing users of the journal, by source.
    """

    builder: PlanBuilder
    organization: HostOrganization
    contents: ListContents
    asked: Collection[str]
    source: str
    stored: Mapping[str, Mapping[str, date]]
    last: FullFile | None = None
    summer: bool = False
    _places: dict[tuple[bytes, ...], tuple[School | str, ...]] = field(default_factory=dict)

    def found(self) -> Leavers:
        """What the list says about who has left."""
        full, last = self.contents.full, self.last
        users = list(self._users())
        present = self._present(users)
        absent = [_Case(self._missing(*one), one[1], self._places_of(one[1])) for one in users if one[0] not in present]
        here = sum(self._is_here(self._places_of(entry)) for _, entry, _ in users)
        deleted = [case for case in absent if case.one.reason is Reason.DELETED]
        gone = [] if self.contents.is_part else [case for case in absent if case.one.reason is not Reason.DELETED]
        missing = [case for case in gone if self._is_here(case.places)]
        open_cases = [case for case in missing if not self._is_protected(case)]
        left = [case for case in gone if case.places and not case.schools]
        ended = [case for case in gone if case.schools and not self._is_here(case.places)]
        ended = ended if full and self._covered else []
        is_older = full is not None and last is not None and full.day < last.day
        decides = full is not None and bool(self._covered) and not is_older
        others = (*deleted, *_because(Reason.ENDED, ended), *_because(Reason.LEFT, left))
        return Leavers(
            file=self.contents.file,
            users=here,
            missing=self._judged(open_cases, full) if decides and full else tuple(case.one for case in open_cases),
            protected=len(missing) - len(open_cases),
            others=tuple(case.one for case in others if not self._is_protected(case)),
            ended=Counter(case.schools[0].name for case in ended),
            left=Counter(str(case.places[0]) for case in left),
            back=tuple(self._back(present, {user for user, *_ in users}, decides=decides)),
            unread=self.contents.unread,
            full=full,
            source_ids=frozenset(self.contents.source_ids) if full else frozenset(),
            decides=decides,
            is_older=is_older,
            after=last.mark if last else "",
            summer=self.summer,
        )

    @cached_property
    def _covered(self) -> frozenset[str]:
        """The ids of the schools that the list is about."""
        schools = map(self.organization.school, self.contents.schools)
        return frozenset(school.id for school in schools if school is not None)

    @cached_property
    def _since(self) -> Mapping[str, date]:
        """The users who were missing in the last full file, by today's name, and since when."""
        found = dict[str, date]()
        for stored, since in self.stored.get(self.source, {}).items():
            today = self.builder.known_users.name_today(stored)
            found[today] = min(since, found.get(today, since))
        return found

    def _users(self) -> Iterator[tuple[str, Entry, set[str]]]:
        """The users of ours of this source who are not closed, with all their source ids. Nobody without one: no row
        could be theirs. Nobody who is in another source too."""
        state, known = self.builder.state, self.builder.known_users
        keys = defaultdict[int, set[str]](set)
        for key, entries in state.by_source_id.items():
            for entry in entries:
                keys[id(entry)].add(key)
        linked = defaultdict[str, set[str]](set)
        for key, name in known.linked.items():
            linked[name].add(key)
        for user, entry in state.by_feide_name.items():
            theirs = keys.get(id(entry), set()) | linked.get(user, set())
            if not theirs or user not in known.ours or user in known.closed or user in state.duplicate_names:
                continue
            if all(map(self.contents.is_own, theirs)):
                yield user, entry, theirs

    def _present(self, users: Iterable[tuple[str, Entry, set[str]]]) -> set[str]:
        """The users who are in the list, or perhaps are; a second account of somebody who is in it, too."""
        listed, known = self.contents.source_ids, self.builder.known_users
        present = {user for user, _, keys in users if not keys.isdisjoint(listed)} | set(self.asked)
        accounts = [known.by_name[user].second_accounts for user in present if user in known.by_name]
        return present.union(*accounts)

    def _missing(self, user: str, entry: Entry, keys: Collection[str]) -> Missing:
        schools = tuple(map(_key, self._places_of(entry)))
        reason = Reason.MISSING if self.contents.deleted.isdisjoint(keys) else Reason.DELETED
        source_id = entry.text(self.builder.state.source_id_attribute) or min(keys)
        return Missing(user, source_id, schools, self._since.get(user), reason)

    def _places_of(self, entry: Entry) -> tuple[School | str, ...]:
        """The schools of a user; of one that is not in the configuration, the DN as it is shown."""
        values = tuple(entry.values(_SCHOOLS))
        if values not in self._places:
            texts = [value.decode(errors="replace") for value in values]
            self._places[values] = tuple(self.organization.school(text) or shown(scrub(text)) for text in texts)
        return self._places[values]

    def _is_here(self, places: Iterable[School | str]) -> bool:
        return any(isinstance(place, School) and place.id in self._covered for place in places)

    def _is_protected(self, case: _Case) -> bool:
        return self.builder.is_protected(case.entry)

    def _judged(self, cases: Iterable[_Case], full: FullFile) -> tuple[Missing, ...]:
        """The missing users, each with whether the user may be closed."""
        dated = [replace(case.one, since=case.one.since or full.day) for case in cases]
        together, judged = not_alone(dated), []
        for one in dated:
            alone = one.user not in together
            twice = one.since is not None and one.since < full.day
            covered = self._covered.issuperset(one.schools)
            may = twice and covered and not (alone or self.summer or self.contents.unread)
            judged.append(replace(one, reason=Reason.ALONE if alone else Reason.MISSING, may_close=may))
        return tuple(judged)

    def _back(self, present: Collection[str], users: Collection[str], *, decides: bool) -> Iterator[str]:
        """The names in the journal of users who count as missing no longer: they are in the list or, when a full file
        decides, they are no open users of this source any more."""
        for source, stored in self.stored.items():
            for name in stored:
                today = self.builder.known_users.name_today(name)
                if today in present or (decides and source == self.source and today not in users):
                    yield name


@dataclass(frozen=True)
class _Case:
    """A user who is not in the list."""

    one: Missing
    entry: Entry
    places: tuple[School | str, ...]

    @property
    def schools(self) -> list[School]:
        return [place for place in self.places if isinstance(place, School)]


def _because(reason: Reason, cases: Iterable[_Case]) -> Iterator[_Case]:
    return (replace(case, one=replace(case.one, reason=reason)) for case in cases)


def _key(place: School | str) -> str:
    return place.id if isinstance(place, School) else place
