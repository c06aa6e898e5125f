"""What the journal knows about people: which users are ours, and what persons said."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Self

from feideprov.directory.dn import DN, fold, renamed_dn
from feideprov.journal.events import ABOUT_A_NUMBER, OPEN, SEEN_ATTACH, SEEN_WITHDRAW, Event, Fact, State
from feideprov.journal.journal import Journal
from feideprov.journal.keys import MarkKey

_ARRIVED, _GONE = ("attach", SEEN_ATTACH), ("withdraw", SEEN_WITHDRAW)
TELLING = ("create", "link", "close", "reopen", "different", "second-account", "rename", *_ARRIVED, *_GONE)
"""The kinds of changes that say something about people."""


@dataclass(frozen=True)
class KnownUsers:
    """Read once for each plan. Feide names are in lower case; what is known of a user holds under a new name too."""

    ours: frozenset[str] = frozenset()
    issued: Container[str] = frozenset()
    """User names that this tool has given to somebody: taken for ever."""
    linked: Mapping[str, str] = field(default_factory=dict)
    """Source ids (folded) that a person said belong to a user, and the user's Feide name."""
    different: frozenset[str] = frozenset()
    """Users that are nobody's double."""
    protected: frozenset[str] = frozenset()
    closed: Mapping[str, DN] = field(default_factory=dict)
    """Users that are closed, and the names of their entries."""
    same_person: frozenset[frozenset[str]] = frozenset()
    """Pairs of users that are two accounts of one person, and may hold one number."""
    made: Mapping[str, date] = field(default_factory=dict)
    """Users that this tool made, and the day."""
    withdrawn: Mapping[str, date] = field(default_factory=dict)
    """Users whose number was wrong and who have got none since, and the day it went."""

    @classmethod
    def read(cls, journal: Journal) -> Self:
        """The answers that a journal holds."""
        issued = IssuedNames(journal.key, journal.realm, journal.marks_of_names())
        return cls.of(journal.facts(TELLING), issued=issued)

    @classmethod
    def of(cls, events: Iterable[Event | Fact], *, issued: Container[str] = frozenset()) -> Self:
        """The answers that these events hold."""
        ours, different, protected = set[str](), set[str](), set[str]()
        linked: dict[str, str] = {}
        closed: dict[str, DN] = {}
        made: dict[str, date] = {}
        withdrawn: dict[str, date] = {}
        same_person = set[frozenset[str]]()
        for event in events:
            name, other = event.feide_name.lower(), (event.other or "").lower()
            if not name:
                continue  # forgotten
            if event.protected:
                protected.add(name)
            if event.state != State.DONE and not (event.kind in ("create", "rename") and event.state in OPEN):
                continue
            _number_went_or_came(event, name, withdrawn)
            if event.kind in ("create", "link"):
                ours.add(name)
            if event.kind == "create" and event.at:
                made.setdefault(name, _day(event.at))
            elif event.kind == "link":
                linked[fold(event.source_id or "")] = name
            elif event.kind == "close":
                closed[name] = DN.parse(event.dn)
            elif event.kind == "reopen":
                closed.pop(name, None)
            elif event.kind == "different":
                different.add(name)
            elif event.kind == "second-account" and other:
                same_person.add(frozenset((name, other)))
            elif event.kind == "rename":
                # What was known of the old name holds for the new one too. An open rename may have been done or not,
                # so the old name keeps it; it is nobody else's.
                ours, different, protected = (_also(known, name, other) for known in (ours, different, protected))
                same_person |= {pair - {name} | {other} for pair in same_person if name in pair}
                made, withdrawn = _under(made, name, other), _under(withdrawn, name, other)
                now = {name: other if event.state == State.DONE else name}
                linked = {source_id: now.get(user, user) for source_id, user in linked.items()}
        return cls(
            ours=frozenset(ours),
            issued=issued,
            linked=linked,
            different=frozenset(different),
            protected=frozenset(protected),
            closed=closed,
            same_person=frozenset(same_person),
            made=made,
            withdrawn=withdrawn,
        )

    def waiting_since(self, feide_name: str) -> date | None:
        """Since when a user who has no number waits for one, as far as this tool knows."""
        return self.withdrawn.get(feide_name.lower()) or self.made.get(feide_name.lower())

    def is_protected(self, feide_name: str) -> bool:
        """Must the person's name stay out of lists?"""
        return feide_name.lower() in self.protected

    def closed_user_at(self, dn: DN) -> str | None:
        """The Feide name of the closed user whose entry this is."""
        return self._closed_entries.get(dn) if self.closed else None

    @cached_property
    def _closed_entries(self) -> Mapping[DN, str]:
        return {dn: user for user, dn in self.closed.items()}

    def may_share(self, one: str, other: str) -> bool:
        """May these two users hold the same number?"""
        return frozenset((one.lower(), other.lower())) in self.same_person


@lru_cache(maxsize=4096)
def _day(at: str) -> date:
    """Of a moment; a run has few moments."""
    return datetime.fromisoformat(at).date()


def _number_went_or_came(event: Event | Fact, name: str, withdrawn: dict[str, date]) -> None:
    if event.kind in _GONE and event.at:
        withdrawn[name] = _day(event.at)
    elif event.kind in _ARRIVED:
        withdrawn.pop(name, None)


def _also(known: set[str], name: str, other: str) -> set[str]:
    return known | {other} if name in known else known


def _under(made: dict[str, date], name: str, other: str) -> dict[str, date]:
    return {other: made[name], **made} if name in made else made


@dataclass(frozen=True)
class IssuedNames:
    """The user names that were ever given to somebody. All that is kept of them is a mark, also of a user that was
    forgotten."""

    key: MarkKey
    realm: str
    marks: frozenset[str]

    def __contains__(self, user_name: object) -> bool:
        return bool(self.marks) and self.key.of_name(f"{user_name}@{self.realm}") in self.marks


@dataclass
class UserState:
    """One user, by the changes that were done. Of a user that was made elsewhere the journal may know no more than its
    number."""

    feide_name: str
    dn: DN
    ours: bool = False
    made: bool = False
    """Made by this tool, so that its number is known since."""
    source_id: str | None = None
    """Of the creation; one that a person linked later may stand in the journal alone."""
    number_mark: str | None = None
    """Of the number that it holds."""
    without: str | None = None
    """The mark of the number that was withdrawn or taken back, where none has come since."""
    number_at: str = ""
    """The moment (ISO 8601, UTC) of the last change of the number after the creation; empty where there was none."""
    closed: bool = False


def user_states(events: Iterable[Event]) -> dict[str, UserState]:
    """By today's Feide name. Users that were forgotten are not there, nor those of whom a change is open: what became
    of it is not known yet."""
    users: dict[str, UserState] = {}
    unsure = set[str]()
    for event in events:
        name, other = event.feide_name.lower(), (event.other or "").lower()
        if not name:
            continue
        if event.state in OPEN:
            unsure |= {name, other if event.kind == "rename" else name}
        elif event.state is State.DONE:
            if event.kind == "rename" and name in users:
                user = users[other] = users.pop(name)
                user.feide_name, user.dn = other, renamed_dn(user.dn, name, other)
            elif event.kind in _TELLING:
                _apply(event, users.setdefault(name, UserState(name, DN.parse(event.dn))))
    return {name: user for name, user in users.items() if name not in unsure}


_TELLING = ("create", "link", "close", "reopen", "take-back", *ABOUT_A_NUMBER)


def _apply(event: Event, user: UserState) -> None:
    match event.kind:
        case "create":
            user.ours, user.made, user.source_id, user.dn = True, True, event.source_id, DN.parse(event.dn)
            user.number_mark, user.without, user.closed = event.number_mark, None, False
        case "link":
            user.ours = True
        case "close" | "reopen":
            user.closed = event.kind == "close"
        case "attach" | "replace" | "seen-attach" | "seen-replace":
            user.number_mark, user.without, user.number_at = event.number_mark, None, event.at
        case "withdraw" | "take-back" | "seen-withdraw":
            user.number_mark, user.without = None, event.old_number_mark or event.number_mark
            user.number_at = event.at
