"""Does the directory agree with the journal? Reads both, and changes neither."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from feideprov.check.finding import Finding, Severity
from feideprov.directory.dn import DN, same_key
from feideprov.directory.entry import Entry
from feideprov.directory.layout import ACCOUNT_ATTRIBUTES, is_disabled, layout_of
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory, name_of
from feideprov.errors import scrub
from feideprov.found import Found
from feideprov.issues import REGISTERED, code
from feideprov.journal.events import KINDS, Event, Kind, Owed
from feideprov.journal.journal import Journal
from feideprov.journal.presence import READ, Presence, expected_entries
from feideprov.journal.user.state import UserState
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence
from feideprov.progress import CHECKING_JOURNAL, CHECKING_USERS, READING_DIRECTORY, steps
from feideprov.text import shown

_PASSWORD = "userPassword"

UNFINISHED = code(
    "J-OPEN",
    Sentence(
        "The journal does not show whether a change ({what}) was made: a run is in progress, or was interrupted.",
        what="…",
    ),
    Sentence("If no run is in progress, run the same command again: it finds out what was done, and continues."),
)
EVIDENCE = code(
    "J-EVIDENCE",
    Sentence("The evidence for a change ({what}) was altered in the journal. Do not trust this evidence.", what="…"),
    Sentence(
        "Find out who can write to the journal. Compare the number with the letter, the card or the register again."
    ),
)
ISSUED = code(
    "J-ISSUED",
    Sentence(
        "The journal has lost its record that this Feide name is taken, so this tool could give the name "
        "to another person."
    ),
    Sentence(
        "Restore the journal from a copy. Until then, check the Feide names in each plan before you apply the plan."
    ),
)
OWED = code(
    "J-OWED",
    Sentence("A notice about the service {what} is due for a change that is no longer in the journal.", what="…"),
    Sentence("Restore the journal from a copy."),
)
GONE = code(
    "J-GONE",
    Sentence("The user is in the journal, but no longer in the directory."),
    Sentence(
        "If the entry was deleted by mistake, restore it from a copy of the directory. If it was deleted on "
        "purpose, run: feideprov journal gone. No other person gets the Feide name."
    ),
)
NAME = code(
    "J-NAME",
    Sentence(
        "The Feide name in the entry is missing, or differs from the one in the journal. It was changed "
        "outside this tool."
    ),
    Sentence(
        "Find out who made the change. If it is wrong, correct the entry. If it is right, run: feideprov "
        "resolve USER --same-as SOURCE_ID --yes"
    ),
)
SOURCE_ID = code(
    "J-SOURCE-ID",
    Sentence("The user's source id in the journal is not in the entry, so the next list will not find the user."),
    Sentence(
        "Write the source id to the entry again, or say who the user is. Run: feideprov resolve USER "
        "--same-as SOURCE_ID --yes"
    ),
)
NO_NUMBER = code(
    "J-NO-NUMBER",
    Sentence(
        "The journal has a number for this user, but the entry shows no number. The number was deleted outside this "
        "tool, or the account may not read it."
    ),
    Sentence(
        "First make sure that the account may read norEduPersonNIN of this user. If the number was deleted and was "
        "right, run: feideprov attach LIST. If it was wrong, run: feideprov observe"
    ),
)
OTHER_NUMBER = code(
    "J-OTHER-NUMBER",
    Sentence(
        "The number in the entry differs from the user's number in the journal. It was changed outside this tool."
    ),
    Sentence("Find out which number is right. If the number in the entry is wrong, run: feideprov replace LIST"),
)
NUMBER_BACK = code(
    "J-NUMBER-BACK",
    Sentence(
        "The entry has a number that this tool has removed from it. The number was added again outside this tool."
    ),
    Sentence("Find out whose number it is. If it is not this person's number, run: feideprov withdraw LIST"),
)
UNKNOWN_NUMBER = code(
    "J-UNKNOWN-NUMBER",
    Sentence(
        "The entry has a number that the journal does not know. It was added outside this tool, or by a write that the "
        "directory carried out late."
    ),
    Sentence(
        "Run: feideprov observe. If another user has the number too (feideprov check), find out whose number it is, "
        "then run: feideprov withdraw LIST"
    ),
)
CLOSED = code(
    "J-CLOSED",
    Sentence(
        "The user is closed in the journal, but can log in. The password or the Feide name was added outside this tool."
    ),
    Sentence("If the person is back, run: feideprov reopen USER. If not, delete the password or the Feide name again."),
)


def differences(journal: Journal, directory: Directory, *, source_id_attribute: str, password: bool) -> Found[Finding]:
    """Each difference, in no order. `password`: whether users log in with a password of the directory.

    The journal is read first. What a run is changing at the moment is open in the journal and is not compared; neither
    are users whom a run changed in the meantime, nor those that were handed to another system. All numbers are read
    from the directory and compared by their marks.
    Raises DirectoryError when the directory shows too few of the users that the journal knows.
    """
    owed = journal.owed()  # before the changes that they are about: a run may add both in between
    events = journal.events()
    found = list(_journal_findings(journal, events, owed))
    known = KnownUsers.of(events)
    logins = password and any(user.closed is not None for user in known.settled.values())
    people = _People.read(
        directory, source_id_attribute, known, expected=expected_entries(directory, journal), logins=logins
    )
    people.presence.check()
    later = journal.events(after=max((event.id for event in events), default=0))
    touched = {name.lower() for event in later for name in (event.feide_name, event.other or "")}
    for user in steps(known.settled.values(), CHECKING_USERS, total=len(known.settled)):
        if user.feide_name in touched or user.released or (user.gone and not people.has(user)):
            continue
        if user.closed is not None:
            found += _closed_user_findings(user, people, password=password)
        elif (entry := people.by_name.get(user.feide_name)) is None:
            found.append(_missing_user(user, people.by_dn.get(user.dn)))
        else:
            found += _entry_findings(user, entry, journal, source_id_attribute)
    told = (replace(one, protected=True) if known.is_protected(one.user or "") else one for one in found)
    return Found(told, users=people.presence.users)


def missing_users(journal: Journal, directory: Directory) -> Found[UserState]:
    """The users that the journal knows and the directory does not show, closed ones too, apart from those that a person
    has recorded as gone, or handed to another system."""
    known = KnownUsers.read(journal)
    people = _People.read(directory, "uid", known, expected=expected_entries(directory, journal), logins=False)
    settled = (user for user in known.settled.values() if not user.gone and not user.released)
    gone = [user for user in settled if not people.has(user)]
    return Found(gone, users=people.presence.users)


def _journal_findings(journal: Journal, events: Iterable[Event], notices: Iterable[Owed]) -> Iterator[Finding]:
    """What is missing or unfinished in the journal itself."""
    ids, issued = set[int](), set[str]()
    for event in steps(events, CHECKING_JOURNAL):
        ids.add(event.id)
        if event.state.is_open:
            yield _finding(UNFINISHED, Severity.WARNING, event, what=KINDS.get(event.kind, event.kind))
        if event.altered:
            yield _finding(EVIDENCE, Severity.ERROR, event, what=KINDS.get(event.kind, event.kind))
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
    if user.source_id and same_key(user.source_id) not in map(same_key, entry.texts(source_id_attribute)):
        yield _finding(SOURCE_ID, Severity.ERROR, user)
    held = {journal.key.of_number(text) for text in entry.texts(NUMBER_ATTRIBUTE)}
    if user.number_mark is not None and not held:
        yield _finding(NO_NUMBER, Severity.ERROR, user)
    elif user.number_mark is not None and held != {user.number_mark}:
        yield _finding(OTHER_NUMBER, Severity.ERROR, user)
    elif user.without in held:
        yield _finding(NUMBER_BACK, Severity.ERROR, user)
    elif user.number_mark is None and user.ours and held:
        yield _finding(UNKNOWN_NUMBER, Severity.WARNING, user)


@dataclass
class _People:
    """The users of the directory, with the attributes that the journal knows about."""

    by_name: dict[str, Entry] = field(default_factory=dict)
    by_dn: dict[DN, Entry] = field(default_factory=dict)
    with_password: set[DN] = field(default_factory=set)
    presence: Presence = field(default_factory=lambda: Presence(KnownUsers()))

    @classmethod
    def read(
        cls, directory: Directory, source_id_attribute: str, known: KnownUsers, *, expected: int | None, logins: bool
    ) -> _People:
        people = cls(presence=Presence(known))
        present = ("uid", NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, source_id_attribute)
        wanted = (*READ, NUMBER_ATTRIBUTE, source_id_attribute, *ACCOUNT_ATTRIBUTES)
        for entry in steps(directory.having(present, wanted), READING_DIRECTORY, total=expected):
            people.by_name[name_of(entry)] = people.by_dn[entry.dn] = entry
            people.presence.add(entry)
        if logins:  # whether there is a password, never the password: not every server shows it
            people.with_password = {entry.dn for entry in directory.having([_PASSWORD], [NAME_ATTRIBUTE])}
        return people

    def has(self, user: UserState) -> bool:
        """Is there an entry with the user's Feide name, or the user's entry?"""
        return user.feide_name in self.by_name or user.dn in self.by_dn

    def can_log_in(self, entry: Entry) -> bool:
        """As far as the directory shows it."""
        return not is_disabled(entry) if layout_of(entry).accounts else entry.dn in self.with_password


def _finding(code: str, severity: Severity, about: Event | UserState, *, what: str = "") -> Finding:
    row = REGISTERED[code]
    sentence = row.meaning.with_values(what=what) if what else row.meaning
    user = shown(about.feide_name)
    dn = scrub(str(about.dn)) if str(about.dn) else None
    return Finding(code, severity, sentence, row.action, user or None, dn)
