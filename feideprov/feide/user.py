"""A Feide user: one entry of the directory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from feideprov.directory import ldif
from feideprov.directory import password as storage
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.feide.initial_password import InitialPassword
from feideprov.numbers import Evidence, NationalNumber

OBJECT_CLASSES = ("top", "person", "organizationalPerson", "inetOrgPerson", "eduPerson", "norEduPerson")
"""The shape of a person node (info_go chapter 2)."""


@dataclass(frozen=True)
class Concern:
    """Why something was not done for a person: a number that was refused, or is held for a person to decide.

    `code` is stable: `N-…` for a number, `R-…` for a row.
    """

    code: str
    sentence: str
    held: bool = False


@dataclass(frozen=True)
class FeideUser:
    """A complete Feide user, ready to be written.

    `values` are the attributes without the number and without the password. The number is there only when it was
    judged and accepted; `concerns` tell of one that was not.
    """

    dn: DN
    feide_name: str
    source_id: str
    values: Mapping[str, tuple[str, ...]] = field(repr=False)
    number: NationalNumber | None = None
    evidence: Evidence | None = field(default=None, repr=False)
    lifted: str | None = None
    """The code of the doubt about the number that the evidence lifted."""
    initial_password: InitialPassword | None = None
    concerns: tuple[Concern, ...] = ()

    @property
    def user_name(self) -> str:
        """The user part of the Feide name, equal to `uid`."""
        return self.feide_name.partition("@")[0]

    def attributes(self) -> dict[str, list[str]]:
        """Every attribute with its values, ready for any LDAP client.

        Without a number there is no norEduPersonNIN key. userPassword is the first password as {SSHA}, which every
        OpenLDAP and 389 DS verifies; `initial_password` has the clear text for the hand-over.
        """
        attributes = {name: list(values) for name, values in self.values.items()}
        if self.number is not None:
            attributes[NUMBER_ATTRIBUTE] = [self.number.reveal()]
        if self.initial_password is not None:
            attributes["userPassword"] = [self._stored_password]
        return attributes

    def to_ldif(self) -> str:
        """The entry as an LDIF record (RFC 2849), number and stored password included."""
        return ldif.dump(Entry(self.dn, self.attributes()))

    def without_number(self) -> FeideUser:
        """The same user, pending."""
        return replace(self, number=None, evidence=None, lifted=None)

    def named(self, user_name: str) -> FeideUser:
        """The same user under another user name."""
        feide_name = f"{user_name}@{self.feide_name.partition('@')[2]}"
        names = {"uid": (user_name,), "eduPersonPrincipalName": (feide_name,)}
        dn = self.dn.parent.child("uid", user_name)
        return replace(self, dn=dn, feide_name=feide_name, values={**self.values, **names})

    @cached_property
    def _stored_password(self) -> str:
        assert self.initial_password is not None  # noqa: S101 - attributes() asks only then
        return storage.stored(self.initial_password.reveal(), "ssha").decode()
