"""A login at a directory: an LDAP bind, and the reason if it is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from feideprov.directory.dn import DN
from feideprov.directory.ldap import requests
from feideprov.directory.ldap.connection import open_and_bind
from feideprov.directory.ldap.responses import Response
from feideprov.directory.ldap.server import LdapAddress
from feideprov.directory.result_code import ResultCode

_POLICY = "1.3.6.1.4.1.42.2.27.8.5.1"  # draft-behera-ldap-password-policy-10
_POLICY_ERROR = 0x81  # [1] IMPLICIT ENUMERATED in the response
_EXPIRED, _LOCKED = 0, 1


class Login(StrEnum):
    """The outcome of a login."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """The password is wrong, or the entry has none: servers do not say which (RFC 4513, 6.3.1)."""
    LOCKED = "locked"
    EXPIRED = "expired"
    OTHER = "not possible"


_BY_WINDOWS_CODE = {
    "532": Login.EXPIRED,
    "533": Login.LOCKED,  # the account is disabled
    "701": Login.LOCKED,  # the account, not the password, has expired
    "773": Login.EXPIRED,  # it must be changed first
    "775": Login.LOCKED,
}
"""The reason that Active Directory gives with code 49, after “data”."""
_WINDOWS_CODE = re.compile(r"\bdata ([0-9a-f]+)\b")

_BY_CODE: Final[Mapping[int, Login]] = {
    ResultCode.SUCCESS: Login.ACCEPTED,
    ResultCode.CONSTRAINT_VIOLATION: Login.LOCKED,  # 389 DS after too many wrong passwords
    ResultCode.INAPPROPRIATE_AUTHENTICATION: Login.REFUSED,  # the entry has no password
    ResultCode.INVALID_CREDENTIALS: Login.REFUSED,
    ResultCode.UNWILLING_TO_PERFORM: Login.LOCKED,  # 389 DS for an account that was made inactive
}


def log_in(address: LdapAddress, dn: DN, password: str) -> Login:
    """Log in as a user, and out again.

    A locked account is distinguished from a wrong password if the server does so: 389 DS by the result code, OpenLDAP
    by the password policy control (with `ppolicy_use_lockout`), Active Directory in its diagnostic message. Raises
    DirectoryError when the server does not respond.
    """
    if not password:
        return Login.REFUSED  # a bind without a password is an anonymous one, and succeeds (RFC 4513, 5.1.2)
    asked = requests.controls(requests.control(_POLICY, None, critical=False))
    transport, response = open_and_bind(address, str(dn), password, asked)
    transport.close()
    login = _BY_CODE.get(response.code, Login.OTHER)
    return login if login is Login.ACCEPTED else _by_policy(response) or _by_windows_code(response) or login


def _by_windows_code(response: Response) -> Login | None:
    match = _WINDOWS_CODE.search(response.diagnostic)
    return _BY_WINDOWS_CODE.get(match[1]) if match else None


def _by_policy(response: Response) -> Login | None:
    """The reason in the control: a SEQUENCE of at most a warning, [0], and an error, [1], which comes last."""
    value = response.controls.get(_POLICY, b"")
    error = value[-1] if len(value) >= 3 and value[-3:-1] == bytes((_POLICY_ERROR, 1)) else None
    return {_EXPIRED: Login.EXPIRED, _LOCKED: Login.LOCKED}.get(error) if error is not None else None
