"""What can go wrong, as a tree.

    FeideProvError
    ├── ConfigurationError   the configuration is wrong; nothing was written
    ├── InputError           a file, or a value, is not what it should be; nothing was written
    ├── DirectoryError       the directory is unreachable, refuses or fails (has the LDAP result code)
    ├── JournalError         the journal is unreachable, full or locked, or its key is lost
    └── Refused              one number or one user was refused or held (has the stable code)

Every message is a sentence that a person can act on, and none holds a digit of an identity number.
"""

from __future__ import annotations

import re
from typing import Any

from feideprov.messages import Sentence

_NUMBER_IN_PATH = re.compile(r"\d{6}[\s.-]?\d{5,}")
_LONG_DIGITS = re.compile(r"\d(?:[\s.-]?\d){4,}")


def scrub(text: str) -> str:
    """The text without any run of five or more digits.

    Servers quote values in their messages: OpenLDAP's `unique` overlay puts the whole number into its diagnostic text
    (measured with slapd 2.5.13). Five digits are enough to find a person's number when the birth date is known.
    """
    return _LONG_DIGITS.sub("…", text)


def scrub_path(path: object) -> str:
    """A path for a message, without digits that could be a whole identity number.

    Digits of dates and temporary folders stay, so that a person finds the file.
    """
    return _NUMBER_IN_PATH.sub("…", str(path))


class FeideProvError(Exception):
    """The root of every expected failure. `exit_code` is the exit code of the command line.

    `sentence` says what happened and what to do. An error that comes out of a `Client` also has the `realm` of its
    organization, which `str()` writes before the sentence, so that a log of many organizations says whose it is.
    `server` is the host and port of the LDAP server, where there is one.

    An error can be copied, and sent to another process; `as_dict` is for JSON.
    """

    exit_code = 3
    realm: str | None = None
    server: str | None = None

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence if isinstance(sentence, Sentence) else Sentence("{text}", text=sentence)

    def __str__(self) -> str:
        return f"{self.realm}: {self.sentence}" if self.realm else str(self.sentence)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.args, self.__dict__)

    def as_dict(self) -> dict[str, Any]:
        """The error for JSON.

        Returns: `error` (the name of the class), `code` (the stable code, or None), `ldap_code` (the LDAP result code,
            or None), `sentence` (in English), `realm`, `server`, `held` and `exit_code`.

        Raises: nothing.
        """
        code = getattr(self, "code", None)
        return {
            "error": type(self).__name__.lstrip("_"),
            "code": code if isinstance(code, str) else None,
            "ldap_code": int(code) if isinstance(code, int) else None,
            "sentence": str(self.sentence),
            "realm": self.realm,
            "server": self.server,
            "held": bool(getattr(self, "held", False)),
            "exit_code": self.exit_code,
        }


def _again(cls: type[FeideProvError], args: tuple[Any, ...], facts: dict[str, Any]) -> FeideProvError:
    """An error as it was, without the arguments of its class."""
    error = cls.__new__(cls, *args)
    error.__dict__.update(facts)
    return error


class ConfigurationError(FeideProvError):
    """The configuration cannot be used."""

    exit_code = 2


class InputError(FeideProvError):
    """A file, or a value that a program gave, is not what it should be."""

    exit_code = 2


class DirectoryError(FeideProvError):
    """The directory refused or could not be reached.

    `code` is the LDAP result code (RFC 4511, 4.1.9), or None if no server responded. `before_writing`: the cause is in
    the set-up (a refused password, an untrusted certificate, a missing schema or base) and was found before anything
    was written: exit code 2 instead of 3.
    """

    code: int | None

    def __init__(
        self, sentence: str, *, code: int | None = None, before_writing: bool = False, server: str | None = None
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.server = server
        if before_writing:
            self.exit_code = 2


class JournalError(FeideProvError):
    """The journal cannot be used."""


class Refused(FeideProvError):
    """One number or one user was refused, or is held for a person to decide (`held`).

    `code` never changes: `N-…` for numbers, `R-…` for rows and users.
    """

    exit_code = 1
    code: str

    def __init__(self, sentence: str, *, code: str, held: bool = False) -> None:
        super().__init__(sentence)
        self.code = code
        self.held = held
