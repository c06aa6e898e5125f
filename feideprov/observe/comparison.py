"""Users as they are, beside what was known of their numbers. Pure: nothing is read or written here but the journal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Self

from feideprov.errors import scrub
from feideprov.issues import R_HELD_BY_ANOTHER, Refusal
from feideprov.journal.events import OPEN, SEEN_ATTACH, SEEN_REPLACE, SEEN_WITHDRAW, Event, State
from feideprov.journal.journal import Journal
from feideprov.journal.users import KnownUsers, UserState, user_states
from feideprov.numbers import Decision, NumberKind
from feideprov.observe.scan import Measure, Scan, ScannedUser
from feideprov.observe.snapshot import Seen, Snapshot

_STANDS_IN = NumberKind.DUF.value


@dataclass
class Known:
    """What the journal and the last look know of users and their numbers."""

    users: dict[str, UserState]
    snapshot: Snapshot
    answers: KnownUsers
    unsure: frozenset[str]
    """Users of whom a change is open: what became of it is not known yet."""
    with_evidence: frozenset[str]
    """The marks of numbers that somebody has seen."""

    @classmethod
    def read(cls, journal: Journal) -> Self:
        events = journal.events()
        unsure = {name for e in events if e.state in OPEN for name in (e.feide_name, e.other or "") if name}
        done = (event for event in events if event.state is State.DONE)
        return cls(
            user_states(events),
            Snapshot.read(journal, events),
            KnownUsers.of(events),
            frozenset(map(str.lower, unsure)),
            frozenset(e.number_mark for e in done if e.number_mark and e.evidence and not e.altered),
        )

    def before(self, name: str) -> Seen | None:
        """What a user had when it was last looked at or changed here; None: nothing is known."""
        user, seen = self.users.get(name), self.snapshot.users.get(name)
        if user is not None and (user.number_at or (seen is None and user.made)):
            same = seen is not None and seen.mark == user.number_mark
            return seen if same else Seen(user.number_mark)
        return seen

    def changed_after(self, name: str, at: str) -> bool:
        """Did we change the number after that moment?"""
        return name in self.users and self.users[name].number_at > at


@dataclass
class Comparison:
    """One look, compared. `at` is the moment of which it tells: what was changed here before is surely in it."""

    sighting: Scan
    known: Known
    measure: Measure
    at: str
    events: list[Event] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    now: dict[str, Seen] = field(default_factory=dict)
    """What the next look is compared with."""
    _left: Counter[str] = field(default_factory=Counter)

    def made(self) -> Self:
        """The same, carried out."""
        self._follow_renames()
        for name, user in self.sighting.users.items():
            if reason := self._left_out(user):
                self._left[reason] += 1
            else:
                self._compare(user, self.known.before(name))
        return self

    def had_a_number(self, name: str, at: str) -> bool:
        """Is the user known to have had one at that moment?"""
        before = self.known.before(name)
        return before is not None and before.stands is not None and not self.known.changed_after(name, at)

    def _follow_renames(self) -> None:
        """Those by another hand, where the entry tells its former names."""
        for user in self.sighting.users.values():
            for former in user.former_names:
                if former not in self.sighting.users:
                    self.known.snapshot.rename(former, user.name)

    def _left_out(self, user: ScannedUser) -> str:
        """Why nothing can be said of a user; empty otherwise."""
        if user.name in self.known.unsure:
            return "a change of theirs was cut off: the next run finds out what was done"
        if user.name in self.sighting.doubled:
            return "more than one entry has their Feide name: correct the directory"
        if user.several:
            return "more than one number stands on them: correct the directory"
        if self.known.changed_after(user.name, self.at):
            return (
                "their numbers were changed after this export was made, or so shortly before that it may not hold that"
            )
        return ""

    def _compare(self, user: ScannedUser, before: Seen | None) -> None:
        seen = self.known.snapshot.users.get(user.name)
        if before is not None and before.mark == user.mark and before.code is None:
            self.now[user.name] = before  # what it was judged by is no news either
            return
        now = self.now[user.name] = Seen(user.mark, self._code(user))
        if before is not None and before.stands != now.stands:
            self.events.append(self._event(user, before.stands, now.stands))
        is_news = now != seen and (before is not None or self.known.snapshot.at is not None)
        if now.code and now.code != _STANDS_IN and is_news:
            self.refusals.append(self._refusal(user, now.code))

    def _code(self, user: ScannedUser) -> str | None:
        """Why what has arrived is no number that the user has."""
        verdict = user.verdict
        if verdict is None or user.mark is None:
            return None
        if verdict.decision is Decision.REFUSE:
            return verdict.code
        doubted = verdict.decision is Decision.NEEDS_EVIDENCE and user.mark not in self.known.with_evidence
        if doubted and not self.measure.accepted(user.name, verdict.code):
            return verdict.code
        if verdict.kind is NumberKind.DUF:
            return _STANDS_IN
        others = self.sighting.holders[user.mark] - {user.name}
        shared = all(self.known.answers.may_share(user.name, other) for other in others)
        return None if shared else R_HELD_BY_ANOTHER

    def _event(self, user: ScannedUser, before: str | None, now: str | None) -> Event:
        kind = SEEN_WITHDRAW if now is None else SEEN_ATTACH if before is None else SEEN_REPLACE
        lifted = user.verdict.lifted if user.verdict and now else None
        evidence = self.measure.evidence if now else None
        return Event(
            kind,
            user.name,
            str(user.dn),
            number_mark=now,
            old_number_mark=before,
            evidence=evidence,
            lifted=lifted,
        )

    def _refusal(self, user: ScannedUser, code: str) -> Refusal:
        shown = None if self.known.answers.is_protected(user.name) else user.name
        if code == R_HELD_BY_ANOTHER:
            whom = self._others_in_words(user)
            sentence = f"The number that has arrived is held by {whom} too. Find out whose it is."
            return Refusal(code, sentence, True, user=shown)
        verdict = user.verdict
        held = verdict is not None and verdict.decision is Decision.NEEDS_EVIDENCE
        return Refusal(code, verdict.sentence if verdict else "", held, user=shown)

    def _others_in_words(self, user: ScannedUser) -> str:
        """Who else holds the number. Protected people are not named, nor beside one."""
        others = self.sighting.holders[user.mark or ""] - {user.name}
        hidden = any(map(self.known.answers.is_protected, (user.name, *others))) or not all(others)
        return "another user" if hidden else " and ".join(sorted(map(scrub, others)))

    @property
    def notes(self) -> tuple[str, ...]:
        """Of whom nothing is said, and why."""
        left = [f"Of {count} users nothing is said: {reason}." for reason, count in self._left.items()]
        if unnamed := self.sighting.others[""]:
            left.append(f"Of {unnamed} users nothing is said: their names look like numbers. See: feideprov check")
        elsewhere = sum(count for realm, count in self.sighting.others.items() if realm)
        return (*left, f"{elsewhere} users of other realms were not looked at.") if elsewhere else tuple(left)
