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
from feideprov.issues import REGISTERED, code
from feideprov.journal.events import Event, Kind, Owed
from feideprov.journal.journal import Journal
from feideprov.journal.users import KnownUsers, UserState
from feideprov.messages import Sentence
from feideprov.numbers import number_shaped

_PASSWORD = "userPassword"

UNFINISHED = code(
    "J-OPEN",
    Sentence(
        "The journal does not know the outcome of a change ({what}): a run is in progress, or was interrupted.",
        what="…",
    ),
    Sentence("If no run is in progress, run again: that finds out what was done."),
)
EVIDENCE = code(
    "J-EVIDENCE",
    Sentence("The evidence of a change ({what}) was altered in the journal: do not rely on it.", what="…"),
    Sentence("Find out who can write to the journal. Have the number seen again."),
)
ISSUED = code(
    "J-ISSUED",
    Sentence("The journal has lost the mark of this Feide name, which prevents that another person gets it."),
    Sentence("Restore the journal from a copy. Until then, check the names in each plan before you apply it."),
)
OWED = code(
    "J-OWED",
    Sentence("A notice is owed to {what} about a change that is not in the journal.", what="…"),
    Sentence("Restore the journal from a copy."),
)
GONE = code(
    "J-GONE",
    Sentence("The user is in the journal, but no longer in the directory."),
    Sentence(
        "If that is a mistake, restore the entry from a copy of the directory. If not, there is nothing to do: the "
        "name stays reserved."
    ),
)
NAME = code(
    "J-NAME",
    Sentence("The entry has no Feide name, or another one than in the journal. It was changed outside this tool."),
    Sentence(
        "Find out who changed it. To undo the change, correct the entry. To keep it: resolve USER --same-as SOURCE_ID."
    ),
)
SOURCE_ID = code(
    "J-SOURCE-ID",
    Sentence("The entry does not have the user's source id from the journal, so the next list will not find the user."),
    Sentence("Write it to the entry again, or say whose user it is: resolve USER --same-as SOURCE_ID."),
)
NO_NUMBER = code(
    "J-NO-NUMBER",
    Sentence("The journal has a number for this user, but the entry has none. It was deleted outside this tool."),
    Sentence("If the number was right, attach it again. If it was wrong, there is nothing to do: the user is pending."),
)
OTHER_NUMBER = code(
    "J-OTHER-NUMBER",
    Sentence("The entry has another number than the journal has for this user. It was changed outside this tool."),
    Sentence("Find out which one is right, and replace it with: feideprov replace LIST."),
)
NUMBER_BACK = code(
    "J-NUMBER-BACK",
    Sentence("The entry has the number that was withdrawn or taken back. It was written again outside this tool."),
    Sentence("Find out whose number it is. If it is not this person's: feideprov withdraw LIST."),
)
CLOSED = code(
    "J-CLOSED",
    Sentence(
        "The user is closed in the journal, but can log in. The password or the name was written outside this tool."
    ),
    Sentence("If the person is back: feideprov reopen USER. If not, delete the password or the Feide name again."),
)


def differences(
    journal: Journal, directory: Directory, *, source_id_attribute: str, password: bool
) -> Iterator[Finding]:
    """Each difference, in no order. `password`: whether users log in with a password of the directory.

    The journal is read first. What a run is changing at the moment is open in the journal and is not compared; neither
    are users whom a run changed in the meantime. All numbers are read from the directory and compared by their marks.
    """
    owed = journal.owed()  # before the changes that they are about: a run may add both in between
    events = journal.events()
    yield from _journal_findings(journal, events, owed)
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
            yield from _closed_user_findings(user, people, password=password)
        elif (entry := people.by_name.get(user.feide_name)) is None:
            yield _missing_user(user, people.by_dn.get(user.dn))
        else:
            yield from _entry_findings(user, entry, journal, source_id_attribute)


def _journal_findings(journal: Journal, events: Iterable[Event], notices: Iterable[Owed]) -> Iterator[Finding]:
    """What is missing or unfinished in the journal itself."""
    ids, issued = set[int](), set[str]()
    for event in events:
        ids.add(event.id)
        if event.state.is_open:
            yield _finding(UNFINISHED, Severity.WARNING, event, what=event.kind)
        if event.altered:
            yield _finding(EVIDENCE, Severity.ERROR, event, what=event.kind)
        if event.state.took_place and event.kind.gives_name:
            issued |= set(map(str.lower, event.names))
    marks = journal.marks_of_names()
    for name in sorted(issued):
        if journal.key.of_name(name) not in marks:
            yield _finding(ISSUED, Severity.ERROR, Event(Kind(""), name, ""))
    for owed in notices:
        if owed.change not in ids:
            yield _finding(OWED, Severity.ERROR, Event(Kind(""), "", ""), what=scrub(owed.service))


def _closed_user_findings(user: UserState, people: _People, *, password: bool) -> Iterator[Finding]:
    entry = people.by_dn.get(user.dn)
    if entry is None:
        yield _finding(GONE, Severity.WARNING, user)
    elif people.can_log_in(entry) if password else entry.values(NAME_ATTRIBUTE):
        yield _finding(CLOSED, Severity.ERROR, user)


def _missing_user(user: UserState, there: Entry | None) -> Finding:
    return _finding(GONE if there is None else NAME, Severity.ERROR if user.ours else Severity.WARNING, user)


def _entry_findings(user: UserState, entry: Entry, journal: Journal, source_id_attribute: str) -> Iterator[Finding]:
    if user.source_id and fold(user.source_id) not in map(fold, entry.texts(source_id_attribute)):
        yield _finding(SOURCE_ID, Severity.ERROR, user)
    if user.number_mark is None and user.without is None:
        return  # the journal does not know about changes outside this tool
    held = {journal.key.of_number(text) for text in entry.texts(NUMBER_ATTRIBUTE)}
    if user.number_mark is not None and not held:
        yield _finding(NO_NUMBER, Severity.ERROR, user)
    elif user.number_mark is not None and held != {user.number_mark}:
        yield _finding(OTHER_NUMBER, Severity.ERROR, user)
    elif user.without in held:
        yield _finding(NUMBER_BACK, Severity.ERROR, user)


@dataclass
class _People:
    """The users of the directory, with the attributes that the journal knows about."""

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
        if logins:  # whether there is a password, never the password: not every server shows it
            people.with_password = {entry.dn for entry in directory.having([_PASSWORD], [NAME_ATTRIBUTE])}
        return people

    def can_log_in(self, entry: Entry) -> bool:
        """As far as the directory shows it."""
        return not is_disabled(entry) if layout_of(entry).accounts else entry.dn in self.with_password


def _finding(code: str, severity: Severity, about: Event | UserState, *, what: str = "") -> Finding:
    row = REGISTERED[code]
    sentence = row.meaning.with_values(what=what) if what else row.meaning
    user = scrub(about.feide_name) if number_shaped(about.feide_name) else about.feide_name
    dn = scrub(str(about.dn)) if str(about.dn) else None
    return Finding(code, severity, sentence, row.action, user or None, dn)
