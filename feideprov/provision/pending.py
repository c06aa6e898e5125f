"""Who has no number yet, and since when. The directory decides that, not a separate list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from feideprov.directory.entry import Entry
from feideprov.directory.layout import created_on
from feideprov.directory.protocol import (
    NAME_ATTRIBUTE,
    NUMBER_ATTRIBUTE,
    Directory,
    former_names_of,
    name_of,
)
from feideprov.found import Found
from feideprov.journal.presence import Presence, not_shown
from feideprov.journal.user.protection import READ, Protection
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence
from feideprov.numbers import key_is_number, number_shaped
from feideprov.observe.known import Known
from feideprov.observe.numbers_shown import NumbersShown
from feideprov.progress import READING_DIRECTORY, steps
from feideprov.provision.plan.directory_state import is_provisional
from feideprov.provision.plan.holders import shown_name
from feideprov.sheets import csv_sheet
from feideprov.text import shown

QUERY_SHEET = (
    *("source_id", "user", "given_name", "family_name", "birth_date"),
    *("national_number", "evidence", "seen_by", "seen_on"),
)
_READ = (
    *READ,
    NUMBER_ATTRIBUTE,
    "eduPersonAffiliation",
    "eduPersonOrgUnitDN",
)


@dataclass(frozen=True)
class PendingUser:
    """A user whose norEduPersonNIN is absent, or is a DUF number.

    `since` is the day that the user was created or, if that was later, that a wrong number was withdrawn.
    `since_source` says where it comes from: the journal, or the directory's time stamp of the entry.
    """

    user: str
    source_id: str | None
    dn: str
    since: date | None
    since_source: str | None
    days: int | None
    schools: tuple[str, ...] = field(repr=False, default=())
    affiliations: tuple[str, ...] = field(repr=False, default=())
    given_name: str = field(repr=False, default="")
    family_name: str = field(repr=False, default="")
    birth_date: str = field(repr=False, default="")
    ours: bool = False
    protected: bool = False
    in_sheets: bool = field(repr=False, default=True)
    """May the user be in a query sheet? Not a protected person, nor a user whose name looks like a number."""
    doubtful: bool = field(repr=False, default=False)
    """It cannot be told whether the person is protected, so `protected` is true."""


class PendingUsers(Found[PendingUser]):
    """The users without a number. Those who were closed wait for nothing: they are in `closed` alone.

    `hidden_numbers`: how many users are not listed because they are known to have a number, which the directory does
    not show. `hidden_users`: how many users in the journal the directory does not show at all.
    """

    def __init__(
        self,
        found: Iterable[PendingUser],
        *,
        users: int,
        closed: Sequence[PendingUser] = (),
        hidden_numbers: int = 0,
        hidden_users: int = 0,
    ) -> None:
        super().__init__(found, users=users)
        self.closed, self.hidden_numbers, self.hidden_users = tuple(closed), hidden_numbers, hidden_users

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """Why the list may lack somebody."""
        return hidden_notes(self.hidden_numbers, self.hidden_users)


def hidden_notes(numbers: int, users: int) -> tuple[Sentence, ...]:
    """What to say of so many users whose numbers are not shown, and of so many who are not shown at all."""
    notes = [not_shown(users)] if users else []
    if numbers:
        notes.insert(
            0,
            Sentence(
                "{count} user is not listed: a number is known, but the directory does not show it. The bind account "
                "may not have the right to read it, or it was removed outside this tool. See: feideprov observe",
                plural="{count} users are not listed: their numbers are known, but the directory does not show them. "
                "The bind account may not have the right to read them, or they were removed outside this tool. See: "
                "feideprov observe",
                count=numbers,
            ),
        )
    return tuple(notes)


def pending_users(directory: Directory, known: Known, *, source_id_attribute: str, on: date) -> PendingUsers:
    """All pending users below the directory's base, those who have waited longest first.

    Raises DirectoryError when the directory cannot be read, or shows too few of the users that the journal knows, or
    none of their numbers.
    """
    known_users, numbers = known.users, NumbersShown(known)
    presence, protection = Presence(known_users), known_users.protection(source_id_attribute)
    waiting = list[Entry]()
    entries = directory.having([NAME_ATTRIBUTE], (*_READ, source_id_attribute))
    for entry in steps(entries, READING_DIRECTORY, total=len(known.snapshot.users) or None):
        presence.add(entry)
        protection.add(entry)
        held = entry.text(NUMBER_ATTRIBUTE)
        former_names = former_names_of(entry)
        if numbers.add(name_of(entry), former_names, shown=held is not None):
            continue
        if held is None or is_provisional(held, on):
            waiting.append(entry)
    presence.check()
    numbers.check()
    pending, closed = list[PendingUser](), list[PendingUser]()
    for entry in waiting:
        is_closed = known_users.is_closed(name_of(entry), entry.dn)
        user = _pending(entry, known_users, protection, source_id_attribute, on)
        (closed if is_closed else pending).append(user)
    pending.sort(key=lambda user: (-(user.days or 0), user.user))
    return PendingUsers(
        pending,
        users=presence.users,
        closed=closed,
        hidden_numbers=numbers.hidden,
        hidden_users=len(presence.missing),
    )


def _pending(
    entry: Entry, known_users: KnownUsers, protection: Protection, source_id_attribute: str, on: date
) -> PendingUser:
    name = name_of(entry)
    since = known_users.waiting_since(name)
    since_source = "journal" if since else None
    if since is None and (since := created_on(entry)):
        since_source = "directory"
    since = min(since, on) if since else None  # a clock that is ahead
    source_id = entry.text(source_id_attribute)
    given_name, family_name = entry.text("givenName") or "", entry.text("sn") or ""
    protected = protection.covers(entry.dn)
    return PendingUser(
        user=shown_name(entry),
        source_id=None if source_id is None or key_is_number(source_id) else source_id,
        dn=shown(str(entry.dn)),
        since=since,
        since_source=since_source,
        days=(on - since).days if since else None,
        schools=tuple(entry.texts("eduPersonOrgUnitDN")),
        affiliations=tuple(entry.texts("eduPersonAffiliation")),
        given_name=given_name,
        family_name=family_name,
        birth_date=entry.text("norEduPersonBirthDate") or "",
        ours=name in known_users.ours,
        protected=protected,
        in_sheets=not protected and not any(map(number_shaped, (name, given_name, family_name))),
        doubtful=protection.is_doubtful(entry.dn),
    )


def query_sheet(users: Iterable[PendingUser]) -> bytes:
    """A number list (CSV) to be filled in by a person who can look numbers up. Protected people are never in it."""
    return csv_sheet(QUERY_SHEET, ([*person, "", "", "", ""] for person in query_rows(users)))


def query_rows(users: Iterable[PendingUser]) -> Iterator[tuple[str | None, ...]]:
    """Who is in a query sheet: source id, Feide name, given name, family name and birth date of each."""
    for user in users:
        if user.in_sheets:
            day = user.birth_date
            birth_date = f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == 8 else ""
            yield user.source_id, user.user, user.given_name, user.family_name, birth_date
