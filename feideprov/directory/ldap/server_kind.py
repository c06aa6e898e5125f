"""The kinds of LDAP servers, and everything that differs between them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from feideprov.directory import password as storage
from feideprov.directory.layout import ACTIVE_DIRECTORY, USUAL, Layout

Kind = Literal["openldap", "389", "ad"]

NAMES = {"openldap": "OpenLDAP", "389": "389 Directory Server", "ad": "Active Directory"}
_CAPABILITIES = {"1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1851"}
"""Capabilities that Active Directory and AD LDS list in the rootDSE ([MS-ADTS] 3.1.1.3.4.3)."""


class OpenLdap:
    """OpenLDAP's slapd. It stores a userPassword unchanged, so it is hashed here."""

    name: Kind = "openldap"
    layout: Layout = USUAL
    classes_first = False

    def __init__(self, password_scheme: storage.Scheme = "argon2") -> None:
        self.password_scheme = password_scheme

    def stored_password(self, password: str) -> tuple[str, bytes]:
        """The attribute and the value by which the server verifies a password."""
        return "userPassword", storage.stored(password, self.password_scheme)

    def other_scheme(self) -> OpenLdap | None:
        """The same kind of server with the password scheme that all of them verify; None if it has that already."""
        return OpenLdap("ssha") if self.password_scheme != "ssha" else None


class Ds389:
    """389 Directory Server. It is given the password in clear text, over TLS, and hashes it itself."""

    name: Kind = "389"
    layout: Layout = USUAL
    classes_first = False

    def stored_password(self, password: str) -> tuple[str, bytes]:
        """The attribute and the value by which the server verifies a password."""
        return "userPassword", password.encode()

    def other_scheme(self) -> None:
        """None: the server chooses the scheme."""


class ActiveDirectory:
    """Active Directory and AD LDS. They accept a password over TLS only, and hash it themselves.

    `classes_first`: a modify that adds an object class together with an attribute of it is refused (seen with Samba
    4.17).
    """

    name: Kind = "ad"
    layout: Layout = ACTIVE_DIRECTORY
    classes_first = True

    def stored_password(self, password: str) -> tuple[str, bytes]:
        """The attribute and the value by which the server verifies a password."""
        return "unicodePwd", storage.quoted(password)

    def other_scheme(self) -> None:
        """None: the server chooses the scheme."""


ServerKind = OpenLdap | Ds389 | ActiveDirectory


def is_active_directory(features: Iterable[str]) -> bool:
    """Is it Active Directory, by the capabilities that a server lists?"""
    return not _CAPABILITIES.isdisjoint(features)


def server_kind(name: Kind, password_scheme: storage.Scheme) -> ServerKind:
    """The kind of a server by its name in the configuration."""
    match name:
        case "389":
            return Ds389()
        case "ad":
            return ActiveDirectory()
        case _:
            return OpenLdap(password_scheme)
