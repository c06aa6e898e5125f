"""What sets one kind of LDAP server apart from the others. All that differs between them stands here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal
from urllib.parse import unquote, urlsplit

from feideprov.directory import password as storage
from feideprov.directory.layout import ACTIVE_DIRECTORY, USUAL, Layout

Kind = Literal["openldap", "389", "ad"]

NAMES = {"openldap": "OpenLDAP", "389": "389 Directory Server", "ad": "Active Directory"}
_CAPABILITIES = {"1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1851"}
"""What Active Directory and AD LDS list in rootDSE ([MS-ADTS] 3.1.1.3.4.3)."""
_OWN_PARTITIONS = ("cn=configuration,", "cn=schema,", "dc=domaindnszones,", "dc=forestdnszones,")


class OpenLdap:
    """OpenLDAP's slapd. It stores a userPassword as it is given, so the hash is ours."""

    name: Kind = "openldap"
    layout: Layout = USUAL
    classes_first = False

    def __init__(self, password_scheme: storage.Scheme = "argon2") -> None:
        self.password_scheme = password_scheme

    def stored_password(self, password: str) -> tuple[str, bytes]:
        """The attribute and the value by which the server verifies a password."""
        return "userPassword", storage.stored(password, self.password_scheme)

    def other_scheme(self) -> OpenLdap | None:
        """The same kind of server with a password scheme that every one of them verifies; None when it is that."""
        return OpenLdap("ssha") if self.password_scheme != "ssha" else None


class Ds389:
    """389 Directory Server. It takes the clear text, over TLS, and hashes it itself."""

    name: Kind = "389"
    layout: Layout = USUAL
    classes_first = False

    def stored_password(self, password: str) -> tuple[str, bytes]:
        """The attribute and the value by which the server verifies a password."""
        return "userPassword", password.encode()

    def other_scheme(self) -> None:
        """There is no other."""


class ActiveDirectory:
    """Active Directory, and AD LDS. It takes a password over TLS alone, and hashes it itself.

    `classes_first`: one modify with a class and an attribute of it is refused (seen on Samba 4.17).
    """

    name: Kind = "ad"
    layout: Layout = ACTIVE_DIRECTORY
    classes_first = True

    def stored_password(self, password: str) -> tuple[str, bytes]:
        """The attribute and the value by which the server verifies a password."""
        return "unicodePwd", storage.quoted(password)

    def other_scheme(self) -> None:
        """There is no other."""


ServerKind = OpenLdap | Ds389 | ActiveDirectory


def leads_elsewhere(referral: Iterable[str]) -> bool:
    """Does a referral in an answer name a place where people may stand? Active Directory adds its own partitions to
    every search from the root of a domain, and nobody stands there."""
    places = [unquote(urlsplit(url).path).lstrip("/").lower() for url in referral]
    return not places or not all(place.startswith(_OWN_PARTITIONS) for place in places)


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
