"""A Feide user: one entry of the directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Self

from feideprov.directory import ldif
from feideprov.directory import password as storage
from feideprov.directory.attribute_description import attribute_key, usual_description
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Value
from feideprov.directory.layout import USUAL, Layout, layout_of
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, holds_numbers
from feideprov.errors import InputError
from feideprov.feide.initial_password import InitialPassword
from feideprov.messages import Sentence
from feideprov.numbers import Basis, Evidence, NationalNumber, NumberText
from feideprov.tables.day import day_of
from feideprov.text import shown

AUXILIARY_CLASSES = ("eduPerson", "norEduPerson")
OBJECT_CLASSES = (*USUAL.classes, *AUXILIARY_CLASSES)
"""The shape of a person node (docs.feide.no, info_go 2018-03)."""
BIRTH_DATES = ("norEduPersonBirthDate", "schacDateOfBirth")
"""The attributes for birth dates, the first that has one first."""
HOME_ORGANIZATION_CLASS = "schacContactLocation"
"""The class that carries schacHomeOrganization (schac 1.5)."""


@dataclass(frozen=True)
class Concern:
    """What was not done for a user, and why: a number that was refused, or is held until somebody decides.

    `code` is stable: `N-…` for a number, `R-…` for a row.
    """

    code: str
    sentence: str
    held: bool = False


@dataclass(frozen=True, repr=False)
class FeideUser:
    """A complete Feide user: made of a person record and ready to be written, or read from an entry.

    Parameters:
        dn: the name of the entry.
        feide_name: the Feide name, in lower case.
        source_id: the municipality's own key of the person; empty when the entry has none.
        values: the attributes that contain text, without the user's own number.
        number: the user's own number. A new user has one only if it was judged and accepted; the number of an entry is
            not judged.
        evidence: who saw the number, and where.
        lifted: the code of the doubt about the number that the evidence has lifted.
        initial_password: the first password of a new user.
        concerns: why a number was left out, or what else was not done.
        octets: the other attributes (pictures, certificates), and of a user that was read the stored password and the
            numbers of other people (guardians).

    Raises: nothing.
    """

    dn: DN
    feide_name: str
    source_id: str
    values: Mapping[str, tuple[str, ...]]
    number: NationalNumber | NumberText | None = None
    evidence: Evidence | None = None
    lifted: str | None = None
    """The code of the doubt about the number that the evidence has lifted."""
    initial_password: InitialPassword | None = None
    concerns: tuple[Concern, ...] = ()
    octets: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    basis: Basis | None = None
    """What counted for the number in place of evidence."""

    @classmethod
    def from_entry(cls, entry: Entry, source_id_attribute: str = "") -> Self:
        """The user of an entry in a directory. `to_entry` gives exactly that entry back, with all its attributes.

        Parameters:
            entry: the entry, with all its attributes.
            source_id_attribute: the attribute that holds the source id; without it, the user has none.

        Returns: the user.

        Raises:
            InputError: the entry has no Feide name, more than one number, or a number that is not text. The error does
                not quote a value.
        """
        feide_name = entry.text("eduPersonPrincipalName")
        if not feide_name:
            raise InputError(
                Sentence("The entry has no Feide name (eduPersonPrincipalName), so it is not a Feide user.")
            )
        numbers = entry.values(NUMBER_ATTRIBUTE)
        if len(numbers) > 1 or entry.texts(NUMBER_ATTRIBUTE) != [number.decode(errors="ignore") for number in numbers]:
            raise InputError(
                Sentence("The entry has more than one number, or a number that is not text. Correct the entry.")
            )
        values: dict[str, tuple[str, ...]] = {}
        octets: dict[str, tuple[bytes, ...]] = {}
        for description, held in entry.items():
            key, name = attribute_key(description), usual_description(description)
            if key == attribute_key(NUMBER_ATTRIBUTE):
                continue
            hidden = attribute_key(name.partition(";")[0]) == "userpassword" or holds_numbers(name)
            texts = None if hidden else _texts(held)
            if texts is None:
                octets[name] = octets.get(name, ()) + held
            else:
                values[name] = values.get(name, ()) + texts
        return cls(
            entry.dn,
            feide_name.lower(),
            entry.text(source_id_attribute) or "",
            values,
            number=NumberText(numbers[0].decode()) if numbers else None,
            octets=octets,
        )

    @property
    def user_name(self) -> str:
        """The user part of the Feide name, equal to `uid`."""
        return self.feide_name.partition("@")[0]

    @property
    def layout(self) -> Layout:
        """The layout of the entry."""
        return layout_of(self.values)

    def attributes(self) -> dict[str, list[str]]:
        """Every attribute that contains text, with its values, ready for any LDAP client: all that a new user has.

        Without a number there is no norEduPersonNIN key. userPassword is the first password as {SSHA}, which every
        OpenLDAP and 389 DS verifies; `initial_password` has the clear text for the hand-over. The password of Active
        Directory is not text: `to_entry` has it.

        Returns: the values by attribute, the number and the stored first password included.

        Raises: nothing.
        """
        attributes = {name: list(values) for name, values in self.values.items()}
        if self.number is not None:
            attributes[NUMBER_ATTRIBUTE] = [self.number.reveal()]
        if self.initial_password is not None and self.layout is USUAL:
            attributes["userPassword"] = [self._stored_password]
        return attributes

    def to_entry(self) -> Entry:
        """The whole entry.

        Returns: the entry, numbers, stored password and octets included.

        Raises: nothing.
        """
        attributes: dict[str, Iterable[Value]] = {**self.attributes(), **self.octets}
        if self.initial_password is not None and self.layout is not USUAL:
            attributes[self.layout.password_attribute] = [storage.quoted(self.initial_password.reveal())]
        return Entry(self.dn, attributes)

    def to_ldif(self) -> str:
        """The entry as an LDIF record (RFC 2849).

        Returns: the record, numbers and stored password included.

        Raises: nothing.
        """
        return ldif.dump(self.to_entry())

    def without_number(self) -> FeideUser:
        """The same user without a number.

        Returns: the user, who waits for a number.

        Raises: nothing.
        """
        return replace(self, number=None, evidence=None, lifted=None, basis=None)

    def named(self, user_name: str) -> FeideUser:
        """The same user under another user name.

        Parameters:
            user_name: the new user name, without the realm. It is not checked.

        Returns: the user, with the new name in DN, Feide name and values.

        Raises: nothing.
        """
        feide_name = f"{user_name}@{self.feide_name.partition('@')[2]}"
        names = {"uid": (user_name,), "eduPersonPrincipalName": (feide_name,), **self.layout.names(feide_name)}
        dn = self.layout.dn(self.dn.parent, user_name)
        return replace(self, dn=dn, feide_name=feide_name, values={**self.values, **names})

    def __repr__(self) -> str:
        """Without the DN and the source id: in a directory that others keep, either may contain a number."""
        return f"FeideUser({shown(self.feide_name)!r}, number={self.number})"

    @cached_property
    def _stored_password(self) -> str:
        assert self.initial_password is not None  # noqa: S101 - attributes() asks only then
        return storage.stored(self.initial_password.reveal(), "ssha").decode()


def _texts(values: tuple[bytes, ...]) -> tuple[str, ...] | None:
    try:
        return tuple(value.decode() for value in values)
    except UnicodeDecodeError:
        return None


def recorded_birth_date(entry: Entry) -> date | None:
    """The birth date of an entry, in the form YYYYMMDD; other forms are in use, and are ambiguous."""
    texts = (text for attribute in BIRTH_DATES for text in entry.texts(attribute) if len(text) == 8)
    return next(filter(None, map(day_of, texts)), None)
