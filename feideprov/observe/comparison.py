"""Users as they are, compared with what was known of their numbers. Only the journal is read, nothing is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final, Self

from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.errors import scrub
from feideprov.issues import R_HELD_BY_ANOTHER, Refusal, code
from feideprov.journal.events import Event, Kind
from feideprov.journal.user.protection import Protection
from feideprov.messages import Sentence, listed
from feideprov.numbers import Decision, NumberKind
from feideprov.observe.known import Known
from feideprov.observe.scan import Criteria, Scan, ScannedUser
from feideprov.observe.snapshot import Seen

J_HIDDEN: Final = code(
    "J-HIDDEN",
    Sentence(
        "Held: the number of a user is not shown any more, but nothing else shows that somebody changed the entry. The "
        "account that reads the directory may have lost the right to read it. No provider is told."
    ),
    Sentence(
        "Give the account the right to read norEduPersonNIN of all users. If the number was removed, run: feideprov "
        "observe --allow-changes N"
    ),
)
_DUF: Final = NumberKind.DUF.value


@dataclass
class Comparison:
    """One observation. `at` is the moment that it describes: earlier changes by this tool are surely in it."""

    scan: Scan
    known: Known
    criteria: Criteria
    protection: Protection
    at: str
    events: list[Event] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    hidden: list[tuple[ScannedUser, str]] = field(default_factory=list)
    """The users whose numbers (marks) are not shown any more, although nobody seems to have changed the entries."""
    now: dict[str, Seen] = field(default_factory=dict)
    """What the next observation is compared with."""
    _not_compared: Counter[str] = field(default_factory=Counter)

    def compared(self) -> Self:
        """Compare all users, and return this comparison."""
        self._follow_renames()
        for name, user in self.scan.users.items():
            if reason := self._reason_to_skip(user):
                self._not_compared[reason] += 1
            else:
                self._compare(user, self.known.before(name))
        return self

    @property
    def gone(self) -> int:
        """How many numbers are not there any more, or are not shown."""
        return len(self.hidden) + sum(event.kind == Kind.SEEN_WITHDRAW for event in self.events)

    def ask(self) -> None:
        """Numbers that are not shown are a question, which stays until they are shown again or a person says that they
        are gone."""
        for user, mark in self.hidden:
            self.now[user.name] = Seen(mark)
            self.refusals.append(self._hidden(user))

    def confirm(self) -> None:
        """A person says that the numbers that are not shown are gone."""
        self.events += [self._event(user, mark, None) for user, mark in self.hidden]
        self.hidden.clear()

    def _follow_renames(self) -> None:
        """Those outside this tool, when the entry shows its former names."""
        for user in self.scan.users.values():
            for former in user.former_names:
                if former not in self.scan.users:
                    self.known.snapshot.rename(former, user.name)

    def _reason_to_skip(self, user: ScannedUser) -> str:
        """Why a user cannot be compared; empty otherwise."""
        if user.name in self.known.users.unsure:
            return "open"
        if user.name in self.scan.duplicates:
            return "duplicate"
        if user.several:
            return "several"
        if self.known.changed_after(user.name, self.at):
            return "changed"
        return ""

    def _compare(self, user: ScannedUser, before: Seen | None) -> None:
        seen = self.known.snapshot.users.get(user.name)
        state = f"{self.known.last_changes.get(user.name, 0)} {user.changed}"
        if before is not None and before.mark == user.mark and before.code is None:
            # a rule that judges it otherwise today is no change either
            self.now[user.name] = replace(before, entry_state=state)
            return
        now = self.now[user.name] = Seen(user.mark, self._code(user), state)
        if before is not None and before.number and user.mark is None and not before.changed_by_others(state):
            self.hidden.append((user, before.number))
        elif before is not None and before.number != now.number:
            self.events.append(self._event(user, before.number, now.number))
        is_new = now != seen and (before is not None or self.known.snapshot.at is not None)
        if now.code and now.code != _DUF and is_new:
            self.refusals.append(self._refusal(user, now.code))

    def _code(self, user: ScannedUser) -> str | None:
        """Why the value that has arrived does not count as the user's number."""
        verdict = user.verdict
        if verdict is None or user.mark is None:
            return None
        if verdict.decision is Decision.REFUSE:
            return verdict.code
        doubted = verdict.decision is Decision.NEEDS_EVIDENCE and user.mark not in self.known.with_evidence
        if doubted and not self.criteria.accepted(user.name, verdict.code):
            return verdict.code
        if verdict.kind is NumberKind.DUF:
            return _DUF
        others = self.scan.holders[user.mark] - {user.name}
        shared = all(self.known.users.may_share(user.name, other) for other in others)
        return None if shared else R_HELD_BY_ANOTHER

    def _event(self, user: ScannedUser, before: str | None, now: str | None) -> Event:
        kind = Kind.SEEN_WITHDRAW if now is None else Kind.SEEN_ATTACH if before is None else Kind.SEEN_REPLACE
        return Event(
            kind,
            user.name,
            str(user.dn),
            number_mark=now,
            old_number_mark=before,
            evidence=self.criteria.evidence if now else None,
            lifted=user.verdict.lifted if user.verdict and now else None,
            basis=user.basis if now else None,
            protected=self.is_protected(user),
        )

    def _hidden(self, user: ScannedUser) -> Refusal:
        sentence = Sentence(
            "The number is not shown any more, but nothing else shows that somebody changed the entry. The account may "
            "not have the right to read {attribute} of this user. Give the account this right, then run again. If this "
            "number, and all others that are gone, were removed, run again with --allow-changes {gone}.",
            attribute=NUMBER_ATTRIBUTE,
            gone=self.gone,
        )
        shown = None if self.is_protected(user) else user.name
        return Refusal(J_HIDDEN, sentence, True, user=shown)

    def is_protected(self, user: ScannedUser) -> bool:
        """Whether the user is a protected person's, or may be."""
        return self.known.users.is_protected(user.name) or self.protection.covers(user.dn)

    def _name_is_protected(self, name: str) -> bool:
        user = self.scan.users.get(name)
        return self.is_protected(user) if user is not None else self.known.users.is_protected(name)

    @property
    def new_names(self) -> list[Event]:
        """What the journal gets of protected people whose users have other Feide names than it knows."""
        moved = [user for user in self.scan.users.values() if self.protection.is_certain(user.dn)]
        return [
            Event(Kind.PROTECT, user.name, str(user.dn), protected=True)
            for user in moved
            if not self.known.users.is_protected(user.name)
        ]

    def _refusal(self, user: ScannedUser, code: str) -> Refusal:
        shown = None if self.is_protected(user) else user.name
        if code == R_HELD_BY_ANOTHER:
            return Refusal(code, self._held_by_another(user), True, user=shown)
        verdict = user.verdict
        held = verdict is not None and verdict.decision is Decision.NEEDS_EVIDENCE
        return Refusal(code, verdict.sentence if verdict else Sentence(""), held, user=shown)

    def _held_by_another(self, user: ScannedUser) -> Sentence:
        """Who else holds the number. A protected person is not named, nor is anybody beside one."""
        others = self.scan.holders[user.mark or ""] - {user.name}
        hidden = any(map(self._name_is_protected, (user.name, *others))) or not all(others)
        if hidden:
            return Sentence("The number that has arrived is already on another user. Find out whose number it is.")
        return Sentence(
            "The number that has arrived is also on {others}. Find out whose number it is.",
            others=listed(sorted(map(scrub, others))),
        )

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """Which users were not compared, and why."""
        notes = [_not_compared(reason, count) for reason, count in self._not_compared.items()]
        if unnamed := self.scan.others[""]:
            notes.append(_not_compared("unnamed", unnamed))
        if wrong := self.scan.wrong_guardians:
            notes.append(
                Sentence(
                    "{count} user has a value in norEduPersonGuardianNIN that cannot be a guardian's number. See: "
                    "feideprov check --only P-GUARDIAN-NIN",
                    plural="{count} users have a value in norEduPersonGuardianNIN that cannot be a guardian's number. "
                    "See: feideprov check --only P-GUARDIAN-NIN",
                    count=wrong,
                )
            )
        if elsewhere := sum(count for realm, count in self.scan.others.items() if realm):
            notes.append(_not_compared("elsewhere", elsewhere))
        return tuple(notes)


def _not_compared(reason: str, count: int) -> Sentence:
    match reason:
        case "open":
            return Sentence(
                "{count} user was not compared: a change was interrupted. The next run finds out what was done.",
                plural="{count} users were not compared: changes were interrupted. The next run finds out what "
                "was done.",
                count=count,
            )
        case "duplicate":
            return Sentence(
                "{count} user was not compared: more than one entry has the Feide name. Correct the entries. "
                "See: feideprov check",
                plural="{count} users were not compared: more than one entry has the same Feide name. Correct "
                "the entries. See: feideprov check",
                count=count,
            )
        case "several":
            return Sentence(
                "{count} user was not compared: the entry has more than one number. Correct the entry. See: "
                "feideprov check",
                plural="{count} users were not compared: their entries have more than one number. Correct the "
                "entries. See: feideprov check",
                count=count,
            )
        case "changed":
            return Sentence(
                "{count} user was not compared: the number was changed after this export was made, or just "
                "before it. The export perhaps does not show the change.",
                plural="{count} users were not compared: their numbers were changed after this export was made, "
                "or just before it. The export perhaps does not show the changes.",
                count=count,
            )
        case "unnamed":
            return Sentence(
                "{count} user was not compared: the Feide name or DN looks like an identity number. See: "
                "feideprov check",
                plural="{count} users were not compared: their Feide names or DNs look like identity numbers. "
                "See: feideprov check",
                count=count,
            )
        case _:
            return Sentence(
                "{count} user of another realm was not compared.",
                plural="{count} users of other realms were not compared.",
                count=count,
            )
