"""LDAP result codes (RFC 4511, 4.1.9, and the RFCs of the controls that are used)."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class ResultCode(IntEnum):
    """How a server says that a request ended. A code that is not listed here is kept as a plain number."""

    SUCCESS = 0
    OPERATIONS_ERROR = 1
    PROTOCOL_ERROR = 2
    TIME_LIMIT_EXCEEDED = 3
    SIZE_LIMIT_EXCEEDED = 4
    COMPARE_FALSE = 5
    COMPARE_TRUE = 6
    AUTH_METHOD_NOT_SUPPORTED = 7
    STRONGER_AUTH_REQUIRED = 8
    REFERRAL = 10
    ADMIN_LIMIT_EXCEEDED = 11
    UNAVAILABLE_CRITICAL_EXTENSION = 12
    CONFIDENTIALITY_REQUIRED = 13
    NO_SUCH_ATTRIBUTE = 16
    """The attribute, or the value of it that is to be deleted, is not there."""
    UNDEFINED_ATTRIBUTE_TYPE = 17
    CONSTRAINT_VIOLATION = 19
    ATTRIBUTE_OR_VALUE_EXISTS = 20
    INVALID_ATTRIBUTE_SYNTAX = 21
    NO_SUCH_OBJECT = 32
    INVALID_DN_SYNTAX = 34
    INAPPROPRIATE_AUTHENTICATION = 48
    INVALID_CREDENTIALS = 49
    INSUFFICIENT_ACCESS_RIGHTS = 50
    BUSY = 51
    UNAVAILABLE = 52
    UNWILLING_TO_PERFORM = 53
    NAMING_VIOLATION = 64
    OBJECT_CLASS_VIOLATION = 65
    NOT_ALLOWED_ON_NON_LEAF = 66
    NOT_ALLOWED_ON_RDN = 67
    ENTRY_ALREADY_EXISTS = 68
    OTHER = 80
    ASSERTION_FAILED = 122
    """RFC 4528: the entry is not as the assertion control says."""


TEMPORARY: Final = frozenset({ResultCode.BUSY, ResultCode.UNAVAILABLE})
"""The request may succeed a little later."""
LIMITS: Final = frozenset(
    {ResultCode.TIME_LIMIT_EXCEEDED, ResultCode.SIZE_LIMIT_EXCEEDED, ResultCode.ADMIN_LIMIT_EXCEEDED}
)
"""The server ended a search before all entries were found."""
CHANGED_MEANWHILE: Final = frozenset(
    {ResultCode.NO_SUCH_ATTRIBUTE, ResultCode.ATTRIBUTE_OR_VALUE_EXISTS, ResultCode.ASSERTION_FAILED}
)
"""The entry is no longer as the change expects it."""
_UNCLEAR: Final = LIMITS | TEMPORARY | {ResultCode.OPERATIONS_ERROR, ResultCode.OTHER}
_KNOWN: Final = frozenset(ResultCode)


def is_unclear(code: int | None) -> bool:
    """Does this response to a write leave open whether the write was carried out? A code that is not known does."""
    return code in _UNCLEAR or code not in _KNOWN
