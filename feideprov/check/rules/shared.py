"""Rules that compare users: what only one of them may have.

Values are kept as short digests with a key of this check only: no number and no address stays in memory. The Feide name
and the DN of each user stay, without digits of a number, because a finding about the first of two holders needs them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator

from feideprov.check.context import CheckContext
from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import ABOUT, Chapter, Comparison, EntryRef, Match
from feideprov.check.rules.attributes import MISSING
from feideprov.directory.dn import same_key
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.messages import NOTHING, Sentence
from feideprov.no_value import no_value
from feideprov.numbers.compare import normal_digits

SHARED = Chapter("What only one user may have", Person)

_TWO_ACCOUNTS = Sentence("It is recorded that these are two accounts of one person.")
_MANY = 100
"""With fewer users, it is possible that all of them wait for their numbers."""

Values = Callable[[Person], Iterable[str]]


class Digests:
    """Short keyed digests. With eight octets, a collision among 100,000 values is one in 3,000 million."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)

    def __call__(self, value: str) -> int:
        return int.from_bytes(hashlib.blake2b(value.encode(), digest_size=8, key=self._key).digest(), "big")


class HeldTwice:
    """Finds every user who has a value that another user has too."""

    def __init__(self, values: Values, may_share: Callable[[str, str], bool] = lambda *_: False) -> None:
        self._values = values
        self._may_share = may_share
        self._digest = Digests()
        self._first: dict[int, EntryRef] = {}
        self._reported: set[int] = set()

    def add(self, person: Person, ref: EntryRef) -> Iterator[tuple[Match, EntryRef]]:
        for value in {self._digest(value) for value in self._values(person)}:
            first = self._first.setdefault(value, ref)
            if first is not ref:
                yield self._match(ref, first), ref
                if value not in self._reported:
                    self._reported.add(value)
                    yield self._match(first, ref), first

    def finish(self) -> Iterator[tuple[Match, EntryRef]]:
        return iter(())

    def _match(self, ref: EntryRef, other: EntryRef) -> Match:
        shared = self._may_share(ref.user or "", other.user or "")
        because = _TWO_ACCOUNTS if shared else NOTHING
        return Match(_distinct_name(ref, other), because)


def _distinct_name(ref: EntryRef, other: EntryRef) -> str:
    """The other user's name; the DN where both have the same name."""
    return (other.user if other.user != ref.user else other.dn) or other.dn or "another entry"


class Reused:
    """Finds every Feide name that another user had before."""

    def __init__(self) -> None:
        self._digest = Digests()
        self._now: dict[int, EntryRef] = {}
        self._before: list[tuple[int, EntryRef]] = []

    def add(self, person: Person, ref: EntryRef) -> Iterator[tuple[Match, EntryRef]]:
        if person.feide_name:
            self._now.setdefault(self._digest(person.feide_name), ref)
        for name in person.texts("eduPersonPrincipalNamePrior"):
            self._before.append((self._digest(name.lower()), ref))
        return iter(())

    def finish(self) -> Iterator[tuple[Match, EntryRef]]:
        for name, former in self._before:
            now = self._now.get(name)
            if now is not None and now is not former:
                yield Match(_distinct_name(now, former)), now


class MissingPasswords:
    """Finds users without a password, unless no password is visible.

    Then the bind account perhaps has no right to read passwords. With logins at Entra nobody needs one.
    """

    def __init__(self, context: CheckContext) -> None:
        self._wanted = context.settings.login.by == "directory"
        self._seen = False
        self._without: list[EntryRef] = []

    def add(self, person: Person, ref: EntryRef) -> Iterator[tuple[Match, EntryRef]]:
        if person.has("userPassword"):
            self._seen = True
        elif self._wanted and not person.closed:
            self._without.append(ref)
        return iter(())

    def finish(self) -> Iterator[tuple[Match, EntryRef]]:
        return ((Match(), ref) for ref in self._without if self._seen)


class NoNumberSeen:
    """One finding when none of many users shows a number: perhaps the bind account has no right to read the attribute.

    Users that this tool created are not counted: the journal knows whether they wait for a number.
    """

    def __init__(self) -> None:
        self._counted = 0
        self._seen = False

    def add(self, person: Person, _: EntryRef) -> Iterator[tuple[Match, EntryRef]]:
        self._counted += person.feide_name not in person.context.known_users.made
        self._seen = self._seen or person.has(NUMBER_ATTRIBUTE)
        return iter(())

    def finish(self) -> Iterator[tuple[Match, EntryRef]]:
        if self._counted >= _MANY and not self._seen:
            yield Match(self._counted), EntryRef(None, None)


class NoPasswordSeen(MissingPasswords):
    """One finding when nobody seems to have a password."""

    def finish(self) -> Iterator[tuple[Match, EntryRef]]:
        if self._without and not self._seen:
            yield (
                Match(because=Sentence("A bind account that only reads does not need to read passwords.")),
                EntryRef(None, None),
            )


@SHARED.shared(
    "P-NIN-TWICE",
    Severity.ERROR,
    Sentence("{about} has the same number in norEduPersonNIN.", about=ABOUT),
    Sentence(
        "Find out whose number it is, and delete it from the other user. Otherwise that user can see the "
        "owner's data in services. If one person has both accounts, run: feideprov resolve USER "
        "--second-account-of USER2 --yes"
    ),
    expected_when=Sentence("it is recorded that these are two accounts of one person"),
)
def number_twice(context: CheckContext) -> Comparison:
    return HeldTwice(_numbers, context.known_users.may_share)


def _numbers(person: Person) -> list[str]:
    """The numbers of a user, without what holds no value: two users with `#I/T` have no number in common."""
    return [normal_digits(text) for text in person.texts(NUMBER_ATTRIBUTE) if no_value(text) is None]


@SHARED.shared(
    "P-NAME-TWICE",
    Severity.ERROR,
    Sentence("{about} has the same Feide name. Perhaps neither of the two users can log in.", about=ABOUT),
    Sentence("Find out who had the name first, and give the other user a new name."),
)
def name_twice(_: CheckContext) -> Comparison:
    return HeldTwice(lambda person: [person.feide_name] if person.feide_name else [])


@SHARED.shared(
    "P-NAME-REUSED",
    Severity.ERROR,
    Sentence(
        "The Feide name belonged to {about} before (eduPersonPrincipalNamePrior). Services perhaps show "
        "that person's data.",
        about=ABOUT,
    ),
    Sentence(
        "Give the user a Feide name that nobody has had before. A Feide name must never be given to another person."
    ),
)
def name_reused(_: CheckContext) -> Comparison:
    return Reused()


@SHARED.shared(
    "P-SOURCE-ID-TWICE",
    Severity.ERROR,
    Sentence("{about} has the same source id.", about=ABOUT),
    Sentence("Find out whose source id it is. If both users are the same person, keep one user, and close the other."),
)
def source_id_twice(_: CheckContext) -> Comparison:
    return HeldTwice(lambda person: map(same_key, person.source_ids))


@SHARED.shared(
    "P-MAIL-TWICE",
    Severity.WARNING,
    Sentence("{about} has the same mail address. Mail to one user reaches the other.", about=ABOUT),
    Sentence("Give each user a separate address, or delete the address."),
)
def mail_twice(_: CheckContext) -> Comparison:
    return HeldTwice(lambda person: map(str.lower, person.texts("mail")))


@SHARED.shared(
    "P-MISSING-USERPASSWORD",
    Severity.ERROR,
    Sentence("userPassword is missing, so the user cannot log in."),
    Sentence("Create a first password, and give it to the user: feideprov password USER"),
    title=MISSING,
)
def password_missing(context: CheckContext) -> Comparison:
    return MissingPasswords(context)


@SHARED.shared(
    "D-PASSWORD-UNSEEN",
    Severity.NOTE,
    Sentence("No userPassword is visible, so it was not checked whether users have a password."),
    Sentence(
        "If the bind account shall not read passwords, there is nothing to do. Otherwise give the bind "
        "account the right to read userPassword."
    ),
    expected_when=Sentence("always"),
)
def password_unseen(context: CheckContext) -> Comparison:
    return NoPasswordSeen(context)


@SHARED.shared(
    "D-NUMBER-UNSEEN",
    Severity.WARNING,
    Sentence(
        "None of the {about} users shows norEduPersonNIN. No number was checked, so all are shown as waiting.",
        about=ABOUT,
    ),
    Sentence(
        "Give the bind account the right to read norEduPersonNIN. If nobody has a number, accept the "
        "finding in [[check.ignore]]."
    ),
)
def number_unseen(_: CheckContext) -> Comparison:
    return NoNumberSeen()
