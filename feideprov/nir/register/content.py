"""What the file of the introduction register holds, as values that do not change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from feideprov.directory.dn import same_key
from feideprov.issues import Origin
from feideprov.nir.model import NumberKind, Person, Record, Scheme

Place = tuple[str, Scheme, str]
"""A field of a record: the key of the person, the scheme and the field."""


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

    @property
    def place(self) -> Place:
        """The field of the record."""
        return self.person, self.scheme, self.field


@dataclass(frozen=True)
class Seen:
    """What somebody saw in NIR. `fields` empty: all fields of the record that are there; `scheme` None: all schemes.
    The field `number` is the person's number, `settled` the settlement day. `origin`: the row that says so."""

    person: str
    on: date
    by: str
    scheme: Scheme | None = None
    fields: tuple[str, ...] = ()
    origin: Origin | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Content:
    """All that the file holds."""

    people: Mapping[str, Person] = field(default_factory=dict)
    records: Mapping[tuple[str, Scheme], Record] = field(default_factory=dict)
    marks: Mapping[str, Mapping[NumberKind, NumberMark]] = field(default_factory=dict)
    seen_of_person: Mapping[str, Mapping[str, Seen]] = field(default_factory=dict)
    """By person key and field (`number`, `settled`): who saw it in NIR last."""
    handed_over: tuple[HandedOver, ...] = ()
    """The last hand-over of each field. It stays when the content is gone."""
    contents: Mapping[Place, str] = field(default_factory=dict, repr=False)
    """What an adapter that declares the field is to get, as text; deleted at its receipt."""
    told: frozenset[str] = frozenset()
    """What was told once of rules that are a year old: each with the day on which it was last compared."""


def known_key(content: Content) -> Callable[[str], str]:
    """Gives the key that the file has for a person, however a list writes it: capitals and spaces make no difference.
    The key of somebody who is not in the file stays."""
    known = {same_key(key): key for key in content.people}
    return lambda key: key if key in content.people else known.get(same_key(key), key)
