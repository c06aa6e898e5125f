"""The file of the introduction register: people and records, without numbers, and without contents that no rule reads.

It is a file of its own (`[nir] file`), private (mode 0600), and replaced as a whole: what is deleted is gone from it.
Numbers are kept as marks (HMAC) with a key of its own (`[nir] key_file`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from feideprov.journal.keys import MarkKey
from feideprov.nir.contents import Contents
from feideprov.nir.model import NumberKind, Person, Record, Scheme
from feideprov.nir.rules import Rules


@dataclass(frozen=True)
class NumberMark:
    """The mark of a number, where it was seen, and when."""

    mark: str = field(repr=False)
    source: str = ""
    seen_on: date | None = None


@dataclass(frozen=True)
class HandedOver:
    """A field that was handed over to an adapter: when, through which channel, and the hash of what it was."""

    person: str
    scheme: Scheme
    field: str
    channel: str
    on: date
    hash: str


@dataclass(frozen=True)
class Seen:
    """What somebody saw in NIR. `fields` empty: all fields of the record that are there; `scheme` None: all schemes.
    The field `number` is the person's number, `settled` the settlement day."""

    person: str
    on: date
    by: str
    scheme: Scheme | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Content:
    """All that the file holds."""

    people: Mapping[str, Person] = field(default_factory=dict)
    records: Mapping[tuple[str, Scheme], Record] = field(default_factory=dict)
    marks: Mapping[str, Mapping[NumberKind, NumberMark]] = field(default_factory=dict)
    seen_of_person: Mapping[str, Mapping[str, Seen]] = field(default_factory=dict)
    """By person key and field (`number`, `settled`): who saw it in NIR last."""
    handed_over: tuple[HandedOver, ...] = ()
    contents: Mapping[tuple[str, Scheme, str], str] = field(default_factory=dict, repr=False)
    """What an adapter that declares the field is to get, as text; deleted at its receipt."""
    told: frozenset[str] = frozenset()
    """What was told once: ids of rules that are a year old."""


class Register:
    """The file. `read` gives what it holds; `change` changes it under a lock, and returns the new content.

    Raises InputError when the file is damaged or locked, ConfigurationError when its key is another one.
    """

    def __init__(self, path: Path, key: Callable[[], MarkKey]) -> None:
        self._path, self._key = path, key

    @property
    def key(self) -> MarkKey:
        """The key that makes the marks of numbers."""
        return self._key()

    def read(self) -> Content:
        """What the file holds; nothing where there is none yet."""
        raise NotImplementedError

    def change(self, changed: Callable[[Content], Content]) -> Content:
        """Replace the content by what a function makes of it."""
        raise NotImplementedError


def with_records(
    content: Content, records: Iterable[Record], key: MarkKey, *, keep: frozenset[str], rules: Rules | None = None
) -> Content:
    """The content with these records: what a row says replaces what was there, what it does not say stays. Of contents
    that no rule reads, only that they were given is kept, and the content itself where an adapter declares the field
    (`keep`). Numbers become marks."""
    raise NotImplementedError


def with_seen(content: Content, seen: Sequence[Seen]) -> Content:
    """The content with what was seen in NIR; contents and hand-overs of what was seen are deleted.

    Raises InputError when a person, scheme or field is not in it.
    """
    raise NotImplementedError


def with_receipts(content: Content, handed_over: Iterable[HandedOver]) -> Content:
    """The content after an adapter has answered: that a field was handed over stays, and its content is deleted."""
    raise NotImplementedError


def whole_content(content: Content, person: str, scheme: Scheme, field: str) -> Contents | None:
    """The whole content of a field, for an adapter; None where no part of it, or only a part, was kept."""
    raise NotImplementedError


def hash_of(content: Contents, key: MarkKey) -> str:
    """What shows that a content is the same as one that was handed over, and says nothing about it without the key."""
    raise NotImplementedError
