"""Rules that compare users: what only one of them may have.

What was seen is kept as short digests, keyed for one check alone: no number and no address stays in memory. Of each
user the Feide name and the DN stay, as they may be shown, because the first of two holders is told of too.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator

from feideprov.check.context import CheckContext
from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import Chapter, Hit, Watch, Who
from feideprov.check.rules.attributes import MISSING
from feideprov.directory.dn import fold
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.numbers.compare import normal_digits

SHARED = Chapter("What only one user may have", Person)

_MANY = 100
"""Fewer may all wait for their numbers."""

Values = Callable[[Person], Iterable[str]]


class Digests:
    """Short keyed digests: eight octets tell 100,000 values apart but for one time in three thousand million."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)

    def __call__(self, value: str) -> int:
        return int.from_bytes(hashlib.blake2b(value.encode(), digest_size=8, key=self._key).digest(), "big")


class HeldTwice:
    """Finds every user who holds something that another one holds too."""

    def __init__(self, values: Values, may_share: Callable[[str, str], bool] = lambda *_: False) -> None:
        self._values = values
        self._may_share = may_share
        self._digest = Digests()
        self._first: dict[int, Who] = {}
        self._told: set[int] = set()

    def meet(self, person: Person, who: Who) -> Iterator[tuple[Hit, Who]]:
        for value in {self._digest(value) for value in self._values(person)}:
            first = self._first.setdefault(value, who)
            if first is not who:
                yield self._hit(who, first), who
                if value not in self._told:
                    self._told.add(value)
                    yield self._hit(first, who), first

    def end(self) -> Iterator[tuple[Hit, Who]]:
        return iter(())

    def _hit(self, who: Who, other: Who) -> Hit:
        shared = self._may_share(who.user or "", other.user or "")
        because = "A person said that these are two accounts of one person." if shared else ""
        return Hit(_told_apart(who, other), because)


def _told_apart(who: Who, other: Who) -> str:
    """The other user by name, or by DN where both have one name."""
    return (other.user if other.user != who.user else other.dn) or other.dn or "another entry"


class Reused:
    """Finds every Feide name that another user had before."""

    def __init__(self) -> None:
        self._digest = Digests()
        self._now: dict[int, Who] = {}
        self._before: list[tuple[int, Who]] = []

    def meet(self, person: Person, who: Who) -> Iterator[tuple[Hit, Who]]:
        if person.feide_name:
            self._now.setdefault(self._digest(person.feide_name), who)
        for name in person.texts("eduPersonPrincipalNamePrior"):
            self._before.append((self._digest(name.lower()), who))
        return iter(())

    def end(self) -> Iterator[tuple[Hit, Who]]:
        for name, former in self._before:
            now = self._now.get(name)
            if now is not None and now is not former:
                yield Hit(_told_apart(now, former)), now


class Passwords:
    """Remembers who has no password. That everybody lacks one says that the account may not see passwords.

    Where users log in elsewhere nobody needs one.
    """

    def __init__(self, around: CheckContext) -> None:
        self._wanted = around.settings.login.by == "directory"
        self._seen = False
        self._without: list[Who] = []

    def meet(self, person: Person, who: Who) -> Iterator[tuple[Hit, Who]]:
        if person.has("userPassword"):
            self._seen = True
        elif self._wanted and not person.closed:
            self._without.append(who)
        return iter(())

    def end(self) -> Iterator[tuple[Hit, Who]]:
        return ((Hit(), who) for who in self._without if self._seen)


class NoNumberSeen:
    """Tells once when none of many users shows a number: that the account may not read it looks the same.

    Of users that this tool made it is known whether they wait for one.
    """

    def __init__(self) -> None:
        self._met = 0
        self._seen = False

    def meet(self, person: Person, _: Who) -> Iterator[tuple[Hit, Who]]:
        self._met += person.feide_name not in person.around.answers.made
        self._seen = self._seen or person.has(NUMBER_ATTRIBUTE)
        return iter(())

    def end(self) -> Iterator[tuple[Hit, Who]]:
        if self._met >= _MANY and not self._seen:
            yield Hit(str(self._met)), Who(None, None)


class NoPasswordSeen(Passwords):
    """Tells once when nobody seems to have a password."""

    def end(self) -> Iterator[tuple[Hit, Who]]:
        if self._without and not self._seen:
            yield Hit(because="An account that only reads need not see passwords."), Who(None, None)


@SHARED.shared(
    "P-NIN-TWICE",
    Severity.ERROR,
    "The number in norEduPersonNIN stands on {about} too.",
    "Find out whose it is and take it out of the other one: with a number, services open what is its owner's. Two "
    "accounts of one person: feideprov resolve USER --second-account-of USER2.",
    expected_when="a person said that both are accounts of one person",
)
def number_twice(around: CheckContext) -> Watch:
    return HeldTwice(lambda person: map(normal_digits, person.texts(NUMBER_ATTRIBUTE)), around.answers.may_share)


@SHARED.shared(
    "P-NAME-TWICE",
    Severity.ERROR,
    "{about} has the same Feide name: neither of them can log in for sure.",
    "Find out who had the name first, and give the other one a new name.",
)
def name_twice(_: CheckContext) -> Watch:
    return HeldTwice(lambda person: [person.feide_name] if person.feide_name else [])


@SHARED.shared(
    "P-NAME-REUSED",
    Severity.ERROR,
    "The Feide name was {about}'s before (eduPersonPrincipalNamePrior): services may open what that person made.",
    "Give the user a name that nobody has had. A Feide name is never given to another person.",
)
def name_reused(_: CheckContext) -> Watch:
    return Reused()


@SHARED.shared(
    "P-SOURCE-ID-TWICE",
    Severity.ERROR,
    "The source id stands on {about} too.",
    "Find out whose it is. Two users of one person: keep one, and close the other.",
)
def source_id_twice(_: CheckContext) -> Watch:
    return HeldTwice(lambda person: map(fold, person.source_ids))


@SHARED.shared(
    "P-MAIL-TWICE",
    Severity.WARNING,
    "The mail address stands on {about} too: mail for one reaches another.",
    "Give each user an address of the own, or leave it out.",
)
def mail_twice(_: CheckContext) -> Watch:
    return HeldTwice(lambda person: map(str.lower, person.texts("mail")))


@SHARED.shared(
    "P-MISSING-USERPASSWORD",
    Severity.ERROR,
    "userPassword is missing, so the user cannot log in.",
    "Make a first password, and hand it over: feideprov password USER.",
    title=MISSING,
)
def password_missing(around: CheckContext) -> Watch:
    return Passwords(around)


@SHARED.shared(
    "D-PASSWORD-UNSEEN",
    Severity.NOTE,
    "No user has a userPassword that could be seen, so it was not checked that everybody has one.",
    "Nothing, where the account is not to see passwords. Otherwise let it read userPassword.",
    expected_when="always",
)
def password_unseen(around: CheckContext) -> Watch:
    return NoPasswordSeen(around)


@SHARED.shared(
    "D-NUMBER-UNSEEN",
    Severity.WARNING,
    "None of {about} users shows a norEduPersonNIN, so no number was checked, and everybody seems to wait for one.",
    "Let the account read norEduPersonNIN. Where truly nobody has a number, accept this in [[check.ignore]].",
)
def number_unseen(_: CheckContext) -> Watch:
    return NoNumberSeen()
