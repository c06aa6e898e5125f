"""Stored passwords that a directory can verify (RFC 2307 storage schemes)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from argon2 import PasswordHasher

Scheme = Literal["argon2", "ssha"]


@cache
def _argon2() -> PasswordHasher:
    """OWASP's minimum for argon2id (Password Storage Cheat Sheet, 2024). First passwords have more than 60 random bits,
    so a higher cost would slow down each login without a benefit. Imported here, because most commands store no
    password."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def stored(password: str, scheme: Scheme) -> bytes:
    """A userPassword value.

    `argon2` needs OpenLDAP's argon2 module on the server; `ssha` is built into every OpenLDAP (slapd.conf(5),
    password-hash) and 389 DS.
    """
    if scheme == "argon2":
        return b"{ARGON2}" + _argon2().hash(password).encode()
    salt = secrets.token_bytes(16)
    digest = hashlib.sha1(password.encode() + salt, usedforsecurity=False).digest()
    return b"{SSHA}" + base64.b64encode(digest + salt)


def quoted(password: str) -> bytes:
    """A unicodePwd value ([MS-ADTS] 3.1.1.3.1.5.1): the password itself, in quotation marks and UTF-16."""
    return f'"{password}"'.encode("utf-16-le")


def verify(password: str, value: bytes) -> bool:
    """Is the stored value made from this password? False for an unknown scheme."""
    scheme, brace, encoded = value.partition(b"}")
    if not brace:
        return False
    if scheme.upper() == b"{ARGON2":
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return _argon2().verify(encoded.decode(), password)
        except (VerificationError, InvalidHashError, UnicodeDecodeError):
            return False
    if scheme.upper() == b"{SSHA":
        try:
            raw = base64.b64decode(encoded)
        except binascii.Error:
            return False
        digest = hashlib.sha1(password.encode() + raw[20:], usedforsecurity=False).digest()
        return hmac.compare_digest(raw[:20], digest)
    return False
