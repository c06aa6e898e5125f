"""Entries of a directory, and the writes that change them.

Values are octets, as in LDAP. No `repr` here shows a value: among them are numbers and passwords.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from feideprov.directory.attribute_description import are_keys, attribute_key
from feideprov.directory.dn import DN
from feideprov.errors import DirectoryError

Value = str | bytes


def octets(value: Value) -> bytes:
    """A value as LDAP transmits it: text in UTF-8."""
    return value.encode() if isinstance(value, str) else value


class Entry:
    """One entry: a DN and its attributes.

    An attribute is read by any description of it (RFC 4512, 2.5): `cn`, `CN`, `commonName`, `2.5.4.3` and `cn;lang-nb`
    are one attribute. The entry keeps each value under the description where it stood.

    Parameters:
        dn: the name of the entry.
        attributes: the values by attribute. Text is stored as UTF-8. An attribute without values is left out.

    Raises: nothing.
    """

    __slots__ = ("_attributes", "_described", "dn")

    def __init__(self, dn: DN, attributes: Mapping[str, Iterable[Value]]) -> None:
        self.dn = dn
        described = [  # not with `octets`: an entry has forty values, and the calls took a tenth of the time
            (name, held)
            for name, values in attributes.items()
            if (held := tuple([value.encode() if isinstance(value, str) else value for value in values]))
        ]
        self._attributes, self._described = _by_attribute(described)

    @classmethod
    def received(cls, dn: DN, attributes: dict[str, tuple[str, tuple[bytes, ...]]]) -> Entry:
        """An entry as it is read from a server's response.

        Parameters:
            dn: the name of the entry.
            attributes: by attribute description in lower case: the description as it was received, and the values.

        Returns: the entry.

        Raises: nothing.
        """
        if not all(held for _, held in attributes.values()):
            attributes = {name: described for name, described in attributes.items() if described[1]}
        entry = cls.__new__(cls)
        entry.dn, entry._attributes, entry._described = dn, attributes, None
        if not are_keys(tuple(attributes)):
            entry._attributes, entry._described = _by_attribute(list(attributes.values()))
        return entry

    def values(self, attribute: str) -> tuple[bytes, ...]:
        """All values of an attribute, as octets.

        Parameters:
            attribute: the name of the attribute, or another description of it.

        Returns: the values; empty when the attribute is absent.

        Raises: nothing.
        """
        return self._attributes.get(attribute_key(attribute), ("", ()))[1]

    def texts(self, attribute: str) -> list[str]:
        """All values of an attribute, as text.

        Parameters:
            attribute: the name of the attribute.

        Returns: the values, in which octets that are not UTF-8 are replaced; empty when the attribute is absent.

        Raises: nothing.
        """
        return [value.decode(errors="replace") for value in self.values(attribute)]

    def text(self, attribute: str) -> str | None:
        """The first value of an attribute, as text.

        Parameters:
            attribute: the name of the attribute.

        Returns: the value, as in `texts`; None when the attribute is absent.

        Raises: nothing.
        """
        values = self.values(attribute)
        return values[0].decode(errors="replace") if values else None

    def items(self) -> Iterator[tuple[str, tuple[bytes, ...]]]:
        """All attributes with their values.

        Returns: descriptions as the directory writes them, and values as octets, in the order of the entry. One
            attribute may stand under several descriptions.

        Raises: nothing.
        """
        return iter(self._attributes.values() if self._described is None else self._described)

    def __contains__(self, attribute: str) -> bool:
        """Does the entry have the attribute?"""
        return attribute_key(attribute) in self._attributes

    def only(self, attributes: Sequence[str]) -> Entry:
        """The same entry with some of its attributes.

        Parameters:
            attributes: the names of the attributes; `*` keeps all.

        Returns: the entry.

        Raises: nothing.
        """
        if "*" in attributes:
            return self
        wanted = set(map(attribute_key, attributes))
        return Entry(self.dn, {name: values for name, values in self.items() if attribute_key(name) in wanted})

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Entry)
            and self.dn == other.dn
            and {k: sorted(v) for k, (_, v) in self._attributes.items()}
            == {k: sorted(v) for k, (_, v) in other._attributes.items()}
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Entry({self.dn!r}, {len(self._attributes)} attributes)"


_Described = tuple[str, tuple[bytes, ...]]
"""An attribute description, and the values under it."""


def _by_attribute(described: list[_Described]) -> tuple[dict[str, _Described], list[_Described] | None]:
    """The values of each attribute, by its key; and all descriptions, if several mean one attribute. Then the values
    without options come first."""
    found = {attribute_key(one[0]): one for one in described}
    if len(found) == len(described):
        return found, None
    found = {}
    for name, values in sorted(described, key=lambda one: ";" in one[0]):
        first, before = found.get(attribute_key(name), (name, ()))
        found[attribute_key(name)] = first, before + values
    return found, described


@dataclass(frozen=True)
class Modification:
    """One step of a modify (RFC 4511, 4.6). There is no `replace`: a change names the value that it deletes, so the
    server refuses it if somebody else has changed that value. A `delete` without values deletes all of them; it is for
    attributes that cannot be read: userPassword."""

    operation: Literal["add", "delete"]
    attribute: str
    values: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True)
class Precondition:
    """A condition that the entry must meet for a write to be carried out: it has the value, or, with `value` None, it
    does not have the attribute."""

    attribute: str
    value: str | None


@dataclass(frozen=True)
class Add:
    """A new entry. Fails with entryAlreadyExists if there is one of that name."""

    entry: Entry

    @property
    def dn(self) -> DN:
        return self.entry.dn


@dataclass(frozen=True)
class Modify:
    """A change of one entry: all its steps are carried out, or none."""

    dn: DN
    modifications: tuple[Modification, ...]
    presumes: tuple[Precondition, ...] = ()


@dataclass(frozen=True)
class SetPassword:
    """A new password for an entry. It replaces the former one, which cannot be read.

    `also`: steps of the same modify; all are carried out, or none.
    """

    dn: DN
    password: str = field(repr=False)
    also: tuple[Modification, ...] = ()


@dataclass(frozen=True)
class Delete:
    """An entry to be deleted: only one that this run has just created, which `presumes` identify."""

    dn: DN
    presumes: tuple[Precondition, ...] = ()


@dataclass(frozen=True)
class Rename:
    """A new RDN for an entry without children, below the same parent (RFC 4511, 4.9). The values of the old RDN are
    deleted, those of the new one are added unless the entry has them. Raises ValueError for another parent."""

    dn: DN
    to: DN

    def __post_init__(self) -> None:
        if self.dn.parent != self.to.parent:
            raise ValueError("A renamed entry keeps its parent.")


Write = Add | Modify | SetPassword | Delete | Rename


@dataclass(frozen=True)
class WriteResult:
    """The outcome of one write: done, or refused by the directory with an error."""

    write: Write
    error: DirectoryError | None = None
