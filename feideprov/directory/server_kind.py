"""What sets one kind of LDAP server apart from the others. All that differs between them stands here."""

from __future__ import annotations

from typing import Literal

from feideprov.directory import password as storage

Kind = Literal["openldap", "389", "ad"]


class OpenLdap:
    """OpenLDAP's slapd. It stores a userPassword as it is given, so the hash is ours."""

    name: Kind = "openldap"
    tells_absent_base = True

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
    tells_absent_base = False
    """A paged search below an entry that is not there ends with success and nothing (seen with 2.3.1)."""

    def stored_password(self, password: str) -> tuple[str, bytes]:
        """The attribute and the value by which the server verifies a password."""
        return "userPassword", password.encode()

    def other_scheme(self) -> None:
        """There is no other."""


ServerKind = OpenLdap | Ds389


def server_kind(name: Kind, password_scheme: storage.Scheme) -> ServerKind:
    """The kind of a server by its name in the configuration."""
    return Ds389() if name == "389" else OpenLdap(password_scheme)
