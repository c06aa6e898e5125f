"""Does the directory agree with the journal? Reads both, and changes neither."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from feideprov.check.finding import Finding, Severity
from feideprov.directory.dn import DN, fold
from feideprov.directory.entry import Entry
from feideprov.directory.layout import ACCOUNT_ATTRIBUTES, is_disabled, layout_of
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory
from feideprov.errors import scrub
from feideprov.journal.events import Event, Kind, Owed
from feideprov.journal.journal import Journal
from feideprov.journal.users import KnownUsers, UserState
from feideprov.numbers import number_shaped

_PASSWORD = "userPassword"


def differences(
    journal: Journal, directory: Directory, *, source_id_attribute: str, password: bool
) -> Iterator[Finding]:
    """Each difference, in no order. `password`: whether users log in with a password of the directory.

    The journal is read first: what a run does meanwhile is open there, and so nothing is said about it. Nor is
    anything said of whom a run touches that began meanwhile. Numbers are read from the directory whole and compared by
    their marks.
    """
    owed = journal.owed()  # before the changes that they are about: a run may add both in between
    events = journal.events()
    yield from _of_the_journal(journal, events, owed)
    users = KnownUsers.of(events).settled
    people = _People.read(
        directory, source_id_attribute, logins=password and any(u.closed is not None for u in users.values())
    )
    later = journal.events(after=max((event.id for event in events), default=0))
    touched = {name.lower() for event in later for name in (event.feide_name, event.other or "")}
    for user in users.values():
        if user.feide_name in touched:
            continue
        if user.closed is not None:
            yield from _of_closed(user, people, password=password)
        elif (entry := people.by_name.get(user.feide_name)) is None:
            yield _absent(user, people.by_dn.get(user.dn))
        else:
            yield from _of_entry(user, entry, journal, source_id_attribute)


def _of_the_journal(journal: Journal, events: Iterable[Event], notices: Iterable[Owed]) -> Iterator[Finding]:
    """What the journal itself is missing, or has not ended."""
    ids, issued = set[int](), set[str]()
    for event in events:
        ids.add(event.id)
        if event.state.is_open:
            yield _finding("OPEN", Severity.WARNING, event, what=event.kind)
        if event.altered:
            yield _finding("EVIDENCE", Severity.ERROR, event, what=event.kind)
        if event.state.took_place and event.kind.gives_name:
            issued |= set(map(str.lower, event.names))
    marks = journal.marks_of_names()
    for name in sorted(issued):
        if journal.key.of_name(name) not in marks:
            yield _finding("ISSUED", Severity.ERROR, Event(Kind(""), name, ""))
    for owed in notices:
        if owed.change not in ids:
            yield _finding("OWED", Severity.ERROR, Event(Kind(""), "", ""), what=scrub(owed.service))


def _of_closed(user: UserState, people: _People, *, password: bool) -> Iterator[Finding]:
    entry = people.by_dn.get(user.dn)
    if entry is None:
        yield _finding("GONE", Severity.WARNING, user)
    elif people.can_log_in(entry) if password else entry.values(NAME_ATTRIBUTE):
        yield _finding("CLOSED", Severity.ERROR, user)


def _absent(user: UserState, there: Entry | None) -> Finding:
    return _finding("GONE" if there is None else "NAME", Severity.ERROR if user.ours else Severity.WARNING, user)


def _of_entry(user: UserState, entry: Entry, journal: Journal, source_id_attribute: str) -> Iterator[Finding]:
    if user.source_id and fold(user.source_id) not in map(fold, entry.texts(source_id_attribute)):
        yield _finding("SOURCE-ID", Severity.ERROR, user)
    if user.number_mark is None and user.without is None:
        return  # what came by another hand, the journal says nothing of
    held = {journal.key.of_number(text) for text in entry.texts(NUMBER_ATTRIBUTE)}
    if user.number_mark is not None and not held:
        yield _finding("NO-NUMBER", Severity.ERROR, user)
    elif user.number_mark is not None and held != {user.number_mark}:
        yield _finding("OTHER-NUMBER", Severity.ERROR, user)
    elif user.without in held:
        yield _finding("NUMBER-BACK", Severity.ERROR, user)


@dataclass
class _People:
    """The users of the directory, with what the journal can speak about."""

    by_name: dict[str, Entry] = field(default_factory=dict)
    by_dn: dict[DN, Entry] = field(default_factory=dict)
    with_password: set[DN] = field(default_factory=set)

    @classmethod
    def read(cls, directory: Directory, source_id_attribute: str, *, logins: bool) -> _People:
        people = cls()
        present = ("uid", NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, source_id_attribute)
        wanted = (NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, source_id_attribute, *ACCOUNT_ATTRIBUTES)
        for entry in directory.having(present, wanted):
            people.by_name[(entry.text(NAME_ATTRIBUTE) or "").lower()] = people.by_dn[entry.dn] = entry
        if logins:  # whether there is a password, never the password: not every server tells
            people.with_password = {entry.dn for entry in directory.having([_PASSWORD], [NAME_ATTRIBUTE])}
        return people

    def can_log_in(self, entry: Entry) -> bool:
        """As far as the directory tells."""
        return not is_disabled(entry) if layout_of(entry).accounts else entry.dn in self.with_password


def _finding(code: str, severity: Severity, about: Event | UserState, *, what: str = "") -> Finding:
    sentence, action = SENTENCES[f"J-{code}"]
    user = scrub(about.feide_name) if number_shaped(about.feide_name) else about.feide_name
    dn = scrub(str(about.dn)) if str(about.dn) else None
    return Finding(f"J-{code}", severity, sentence.format(what=what), action, user or None, dn)


SENTENCES = {
    "J-OPEN": (
        "The journal does not know yet what became of a change ({what}): a run is at work, or was cut off.",
        "When no run is at work, run again: it looks up what was done.",
    ),
    "J-EVIDENCE": (
        "The evidence of a change ({what}) is not what was written down: do not rely on it.",
        "Find out who can write to the journal. Have the number seen again.",
    ),
    "J-ISSUED": (
        "The journal has lost the mark of this Feide name, which keeps it from being given to somebody else.",
        "Put the journal back from a copy. Until then, look at the names in each plan before it is applied.",
    ),
    "J-OWED": (
        "A notice is owed to {what} about a change that the journal does not have.",
        "Put the journal back from a copy.",
    ),
    "J-GONE": (
        "The user is in the journal, but no longer in the directory.",
        "If that was a mistake, put the entry back from a copy of the directory. If not, nothing need be done: the "
        "name stays taken.",
    ),
    "J-NAME": (
        "The user's entry has another Feide name than the journal knows, or none: it was not renamed or closed here.",
        "Find out who changed it. To change it back, correct the entry; to keep it: resolve USER --same-as SOURCE_ID.",
    ),
    "J-SOURCE-ID": (
        "The entry does not have the source id that the user was made with, so the next list does not know the user.",
        "Put it back, or say whose the user is: resolve USER --same-as SOURCE_ID.",
    ),
    "J-NO-NUMBER": (
        "The journal has a number for this user, but the entry has none: it was taken away by another hand.",
        "If it was right, attach it again. If it was wrong, nothing need be done: the user is pending.",
    ),
    "J-OTHER-NUMBER": (
        "The entry holds another number than the journal has for this user: it was changed by another hand.",
        "Find out which one is right, and replace it with: feideprov replace LIST.",
    ),
    "J-NUMBER-BACK": (
        "The entry holds the number that was withdrawn or taken back here: another hand wrote it again.",
        "Find out whose it is. If it is not this person's: feideprov withdraw LIST.",
    ),
    "J-CLOSED": (
        "The user is closed by the journal, but can log in: another hand gave the password or the name back.",
        "If the person is back: feideprov reopen USER. If not, take the password or the Feide name away again.",
    ),
}
"""What was found, and what to do, by code."""
