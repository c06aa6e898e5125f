"""The users of a directory as an observation sees them: each with a mark and a verdict instead of the number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Self

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import (
    GUARDIAN_ATTRIBUTE,
    NAME_ATTRIBUTE,
    NUMBER_ATTRIBUTE,
    PRIOR_NAME_ATTRIBUTE,
    Directory,
    former_names_of,
    name_of,
)
from feideprov.errors import ConfigurationError, InputError, scrub
from feideprov.feide.user import BIRTH_DATES, recorded_birth_date
from feideprov.journal.journal import Journal
from feideprov.journal.keys import MarkKey
from feideprov.journal.presence import expected_entries
from feideprov.journal.user.protection import Protection
from feideprov.messages import Sentence
from feideprov.numbers import (
    Basis,
    Decision,
    Evidence,
    NumberPolicy,
    Verdict,
    basis_of,
    judge_number,
    number_shaped,
)
from feideprov.progress import COMPARING_NUMBERS, steps

_CHANGED: Final = ("entryCSN", "modifyTimestamp", "whenChanged")
"""What changes with an entry, the most exact first. OpenLDAP has the first two, 389 DS the second, Active Directory the
last two."""
_READ: Final = (
    *(NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, GUARDIAN_ATTRIBUTE),
    *(*BIRTH_DATES, *_CHANGED),
)


@dataclass(frozen=True)
class Criteria:
    """How numbers that have arrived are judged: on which day, under which settings. `evidence` is valid for all of
    them; `accepted` says whether the organization has accepted a doubt (a verdict's code) about a user."""

    on: date
    policy: NumberPolicy = NumberPolicy()
    evidence: Evidence | None = None
    accepted: Callable[[str, str], bool] = lambda _user, _code: False

    def verdict(self, entry: Entry) -> Verdict | None:
        """The verdict on the value of norEduPersonNIN, by the entry's birth date; None without a number."""
        text, born = entry.text(NUMBER_ATTRIBUTE), recorded_birth_date(entry)
        if text is None:
            return None
        return judge_number(text, birth_date=born, on=self.on, evidence=self.evidence, policy=self.policy)

    def basis(self, verdict: Verdict | None, entry: Entry) -> Basis | None:
        """What counts for the number in place of evidence."""
        born = recorded_birth_date(entry) if verdict is not None else None
        return basis_of(verdict, birth_date=born, evidence=self.evidence) if verdict is not None else None

    def refuses_guardian(self, entry: Entry) -> bool:
        """Has the entry a number of a guardian that is refused?"""
        verdicts = (judge_number(text, on=self.on, policy=self.policy) for text in entry.texts(GUARDIAN_ATTRIBUTE))
        return any(verdict.decision is Decision.REFUSE for verdict in verdicts)


@dataclass(frozen=True, slots=True)
class ScannedUser:
    """One user. `mark` is that of the value of norEduPersonNIN; `several`: there is more than one value."""

    name: str
    dn: DN
    former_names: tuple[str, ...]
    mark: str | None
    verdict: Verdict | None = field(repr=False)
    several: bool = False
    basis: Basis | None = None
    changed: str = ""
    """The server's time stamp or change number of the entry: its attribute, and a mark of the value."""


@dataclass
class Scan:
    """The users of one organization in a directory, by Feide name, and how many others there are."""

    users: dict[str, ScannedUser] = field(default_factory=dict)
    duplicates: set[str] = field(default_factory=set)
    """Feide names that more than one entry has."""
    holders: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The Feide names of those who hold a number, by its mark; also those of other organizations."""
    others: Counter[str] = field(default_factory=Counter)
    """How many entries there are of other realms, and (under "") how many whose names look like numbers."""

    left_out: list[DN] = field(default_factory=list)
    """The entries of other users, and all that have a Feide name of `duplicates`."""
    wrong_guardians: int = 0
    """How many users have a number of a guardian that is refused."""

    @classmethod
    def read(cls, directory: Directory, journal: Journal, criteria: Criteria, protection: Protection) -> Self:
        """All users who have a Feide name of the journal's realm. `protection` gets every entry. Raises
        DirectoryError."""
        scan = cls()
        entries = directory.having([NAME_ATTRIBUTE], (*_READ, *protection.attributes))
        for entry in steps(entries, COMPARING_NUMBERS, total=expected_entries(directory, journal)):
            protection.add(entry)
            scan._add(entry, journal.realm, journal.key, criteria)
        return scan

    def _add(self, entry: Entry, realm: str, key: MarkKey, criteria: Criteria) -> None:
        name = name_of(entry)
        marks = [key.of_number(text) for text in entry.texts(NUMBER_ATTRIBUTE)]
        for held in marks:
            self.holders[held].add(name)
        if number_shaped(name) or number_shaped(str(entry.dn)):
            self.others[""] += 1  # such a name is stored nowhere
            self.left_out.append(entry.dn)
        elif (of_realm := name.rpartition("@")[2]) != realm:
            self.others[of_realm] += 1
            self.left_out.append(entry.dn)
        else:
            if name in self.users:
                self.duplicates.add(name)
                self.left_out += [self.users[name].dn, entry.dn]
            former = tuple(former_names_of(entry))
            mark = marks[0] if marks else None
            self.wrong_guardians += criteria.refuses_guardian(entry)
            verdict = criteria.verdict(entry)
            basis = criteria.basis(verdict, entry)
            changed = next((f"{one} {key.of_name(text)}" for one in _CHANGED for text in entry.texts(one)), "")
            self.users[name] = ScannedUser(name, entry.dn, former, mark, verdict, len(set(marks)) > 1, basis, changed)

    @property
    def numbers(self) -> int:
        """How many users have a value in norEduPersonNIN."""
        return sum(user.mark is not None for user in self.users.values())

    def require_directory_of(self, realm: str) -> None:
        """Raises ConfigurationError for a directory in which all users are of other realms."""
        elsewhere = [other for other, _ in self.others.most_common() if other]
        if elsewhere and not self.users:
            raise ConfigurationError(
                Sentence(
                    "The directory has no user of {realm}, but users of {other}, so it is probably that of another "
                    "organization. Nothing was written. Correct url, base_dn or users_dn, or the realm.",
                    realm=realm,
                    other=scrub(elsewhere[0]),
                )
            )

    def require_users_of(self, realm: str, file: str) -> None:
        """Raises InputError for an export in which nobody is of this realm."""
        if self.users:
            return
        elsewhere = [other for other, _ in self.others.most_common() if other]
        if elsewhere:
            found = Sentence("Most of its users belong to {realm}.", realm=scrub(elsewhere[0]))
        else:
            found = Sentence("No entry in it has a Feide name (eduPersonPrincipalName).")
        raise InputError(
            Sentence(
                "{file} contains no user of {realm}. {found} Make an export of this organization's "
                "users, with {name} and {number}.",
                file=file,
                realm=realm,
                found=found,
                name=NAME_ATTRIBUTE,
                number=NUMBER_ATTRIBUTE,
            )
        )
