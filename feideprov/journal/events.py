"""One change of one entry, as the journal keeps it, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, NamedTuple, Self

from feideprov.messages import Sentence
from feideprov.numbers import Basis, Evidence
from feideprov.numbers.evidence import SOURCES


class State(StrEnum):
    """How far a change has come."""

    INTENDED = "intended"
    WRITTEN = "written"
    LOOKED = "looked"
    """The check after writing is done."""
    DONE = "done"
    NOT_DONE = "not done"
    """Found to be so after a run that was interrupted, or after a response that did not say whether it was done."""
    REFUSED = "refused"
    """By the directory."""
    TAKEN_BACK = "taken back"
    """The check after writing found a conflict."""

    @property
    def is_open(self) -> bool:
        """The change has not ended: it may have been made in the directory or not."""
        return self in _OPEN

    @property
    def took_place(self) -> bool:
        """The change was made in the directory, if only for a moment."""
        return self in _TOOK_PLACE


_OPEN: Final = frozenset((State.INTENDED, State.WRITTEN, State.LOOKED))
_TOOK_PLACE: Final = frozenset((State.DONE, State.TAKEN_BACK))
OPEN: Final = tuple(state for state in State if state.is_open)
"""The states of changes that have not ended, for `Journal.events`."""


class Kind(StrEnum):
    """What kind of change an event is. The words are stored and never change.

    A journal may hold kinds of a later version. They are read too: `Kind("later")` is that word, is not among the
    members, and has none of the properties.
    """

    CREATE = "create"
    UPDATE = "update"
    PROTECT = "protect"
    ATTACH = "attach"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    TAKE_BACK = "take-back"
    RENAME = "rename"
    CLOSE = "close"
    REOPEN = "reopen"
    PASSWORD = "password"
    LINK = "link"
    """A person said which source id belongs to a user (`resolve --same-as`)."""
    SOURCE_ID = "source-id"
    """The source id of a link was written to the user's entry, which had none."""
    DIFFERENT = "different"
    """A person said that a user is nobody's duplicate."""
    SECOND_ACCOUNT = "second-account"
    """A person said that a user is a second account of another user's person."""
    UNDO_LINK = "undo-link"
    """A person took a link back (`resolve --undo`); the other answers likewise."""
    UNDO_SOURCE_ID = "undo-source-id"
    UNDO_DIFFERENT = "undo-different"
    UNDO_SECOND_ACCOUNT = "undo-second-account"
    GONE = "gone"
    """A person said that the user's entry was deleted from the directory on purpose."""
    RELEASE = "release"
    """A person handed the user to another system: the user is no longer ours."""
    LOCKOUT = "lockout"
    """`doctor` has seen that the server locks users after wrong passwords. It is about no user."""
    NO_LOCKOUT = "no-lockout"
    """The same does not lock them any more, or does not show it."""
    CREATE_UNIT = "furnish"
    UPDATE_UNIT = "amend"
    SEEN_ATTACH = "seen-attach"
    SEEN_REPLACE = "seen-replace"
    SEEN_WITHDRAW = "seen-withdraw"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_, unknown._value_ = value, value
        return unknown

    @property
    def seen(self) -> bool:
        """Observed in the directory, and made outside this tool."""
        return self.startswith("seen-")

    @property
    def about_number(self) -> bool:
        """A number arrived, changed or went, so that services may have to be told."""
        return self in ABOUT_NUMBERS

    @property
    def gives_name(self) -> bool:
        """The change gives a Feide name to a user."""
        return self in GIVING_NAMES

    @property
    def undoes(self) -> Kind | None:
        """The kind of answer that this takes back."""
        return Kind(self.removeprefix("undo-")) if self.startswith("undo-") else None

    @property
    def as_undone(self) -> Kind:
        """The kind that takes this answer back."""
        return Kind(f"undo-{self}")

    @property
    def as_written(self) -> Kind:
        """The kind of the same change when this tool writes it."""
        return Kind(self.removeprefix("seen-"))


KINDS: Final[Mapping[str, Sentence]] = {
    Kind.CREATE: Sentence("create"),
    Kind.UPDATE: Sentence("update"),
    Kind.PROTECT: Sentence("protect"),
    Kind.ATTACH: Sentence("attach"),
    Kind.REPLACE: Sentence("replace"),
    Kind.WITHDRAW: Sentence("withdraw"),
    Kind.TAKE_BACK: Sentence("take-back"),
    Kind.RENAME: Sentence("rename"),
    Kind.CLOSE: Sentence("close"),
    Kind.REOPEN: Sentence("reopen"),
    Kind.PASSWORD: Sentence("password"),
    Kind.LINK: Sentence("link"),
    Kind.SOURCE_ID: Sentence("source-id"),
    Kind.DIFFERENT: Sentence("different"),
    Kind.SECOND_ACCOUNT: Sentence("second-account"),
    Kind.UNDO_LINK: Sentence("undo-link"),
    Kind.UNDO_SOURCE_ID: Sentence("undo-source-id"),
    Kind.UNDO_DIFFERENT: Sentence("undo-different"),
    Kind.UNDO_SECOND_ACCOUNT: Sentence("undo-second-account"),
    Kind.GONE: Sentence("gone"),
    Kind.RELEASE: Sentence("release"),
    Kind.CREATE_UNIT: Sentence("furnish"),
    Kind.UPDATE_UNIT: Sentence("amend"),
    Kind.SEEN_ATTACH: Sentence("seen-attach"),
    Kind.SEEN_REPLACE: Sentence("seen-replace"),
    Kind.SEEN_WITHDRAW: Sentence("seen-withdraw"),
}
"""What people are told. Kinds of a later version are not here."""
ABOUT_NUMBERS: Final = frozenset(
    (Kind.ATTACH, Kind.REPLACE, Kind.WITHDRAW, Kind.SEEN_ATTACH, Kind.SEEN_REPLACE, Kind.SEEN_WITHDRAW)
)
GIVING_NAMES: Final = frozenset((Kind.CREATE, Kind.RENAME))
TAKING_NAMES: Final = GIVING_NAMES | {Kind.LINK, Kind.RELEASE}
"""The kinds after which the names of the user are never given to anybody else."""


@dataclass(frozen=True, slots=True)
class PersonMarks:
    """The marks of one person: of the names with the birth date, of the source ids with the birth date, and of what the
    row of a list says of the person."""

    names: frozenset[str] = field(repr=False)
    source_ids: frozenset[str] = field(repr=False)
    row: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one entry, as the journal keeps it.

    `other` is the second user that a person spoke of (second-account), or the new name in a rename. `number_mark` and
    `old_number_mark` are marks of the number that came and of the one that went. `lifted` is the code of the doubt that
    the evidence lifted, `basis` what counted for the number in place of evidence (`Basis`, or a word of a later
    version). `changed` are the attributes that an update changed, those of a name together as `name`, `left_mark` are
    all of them and the mark of what it leaves there, kept while it is open. `at` is the moment of the intention (ISO
    8601, UTC), `by` who made or observed the change. `altered`: what the journal says of the evidence is not what was
    written, or belongs to another number, user or doubt. The Feide name of a user who was forgotten is empty. `person`
    is only written: it is kept with the event, and an event that is read has none.
    """

    kind: Kind
    feide_name: str
    dn: str
    source_id: str | None = None
    other: str | None = None
    number_mark: str | None = None
    old_number_mark: str | None = None
    input: str | None = None
    input_row: int | None = None
    evidence: Evidence | None = None
    lifted: str | None = None
    protected: bool = False
    state: State = State.INTENDED
    at: str = ""
    by: str = ""
    id: int = 0
    altered: bool = False
    person: PersonMarks | None = field(default=None, repr=False, compare=False)
    basis: str | None = None
    changed: tuple[str, ...] = ()
    left_mark: str | None = None

    def __post_init__(self) -> None:
        if self.kind.__class__ is not Kind:  # a program may give the word
            object.__setattr__(self, "kind", Kind(self.kind))

    @property
    def evidence_text(self) -> str | None:
        """The evidence in words, or what counted in its place."""
        if self.evidence is not None:
            return evidence_text(self.evidence)
        return None if self.basis is None else _BASES.get(self.basis, self.basis)

    @property
    def names(self) -> tuple[str, ...]:
        """The user's Feide names in this event: in a rename, the old and the new one."""
        return names_in(self.kind, self.feide_name, self.other)


class Fact(NamedTuple):
    """An event without its evidence and its origin: faster to read in large numbers. `kind` and `state` are the words
    as they are stored."""

    kind: str
    feide_name: str
    dn: str
    source_id: str | None
    other: str | None
    number_mark: str | None
    old_number_mark: str | None
    protected: bool
    state: str
    at: str
    id: int


def names_in(kind: str, feide_name: str, other: str | None) -> tuple[str, ...]:
    """The Feide names that an event has for its user; none when the user was forgotten."""
    return tuple(name for name in (feide_name, other if kind == Kind.RENAME else None) if name)


@dataclass(frozen=True)
class Owed:
    """A notice that a service is to have about a change: the event's id, and since when it is owed (ISO 8601, UTC)."""

    change: int
    service: str
    at: str


Debts = Callable[[Event], Iterable[str]]
"""The services (ids) that must be told of a change of a number, once it is done."""


_BASES: Final[Mapping[str, Sentence]] = {
    Basis.BIRTH_DATE: Sentence("equals the recorded birth date"),
    Basis.NOT_NEEDED: Sentence("none is needed for a DUF number"),
}


def evidence_text(evidence: Evidence) -> Sentence:
    """Evidence in words: source, who saw it, when."""
    source, who, day = SOURCES[evidence.source], evidence.seen_by, evidence.seen_on
    if evidence.note:
        return Sentence(
            "{source}, seen by {who} on {day} ({note})", source=source, who=who, day=day, note=evidence.note
        )
    return Sentence("{source}, seen by {who} on {day}", source=source, who=who, day=day)


def stamp(moment: datetime | None = None) -> str:
    """A moment, or now, to the second and in UTC (ISO 8601).

    >>> stamp(datetime(2026, 11, 23, 12, 30, tzinfo=UTC))
    '2026-11-23T12:30:00+00:00'
    """
    return (moment or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
