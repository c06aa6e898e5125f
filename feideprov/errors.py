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
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote

from feideprov.messages import Sentence

_SIGNS: Final = r"[\W_]{1,3}"
NUMBER_IN_GROUPS: Final = (
    r"\d{6}S\d{5}|\d{6}S\d{3}S\d\d|\d\dS\d\dS\d\dS(?:\d{5}|\d{3}S\d\d)|\d{4}S\d{6}S\d\d|\d{10}S\d\d|\d(?:S\d){10,11}"
).replace("S", _SIGNS)
"""A pattern for eleven digits, or the twelve of a DUF number, in the groups that people write, with one to three signs
between them: spaces, invisible marks, and all that is neither a letter nor a digit."""
ELEVEN_DIGITS: Final = re.compile(rf"\d(?:(?:{_SIGNS})?\d){{10}}")
"""What every number in groups has, and is found quickly."""
_GROUPS = re.compile(rf"(?=\d)(?<!\d)(?:{NUMBER_IN_GROUPS})(?!\d)")
_NUMBER_IN_PATH = re.compile(r"\d{6}[\s.-]?\d{5,}")
_USER_IN_ADDRESS = re.compile(r"(?<=://).*@|^(?!.*://).*@", re.DOTALL)
_LEAST_IN_BASE64 = 4
_LONG_DIGITS = re.compile(r"\d(?:[\s.\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff-]?\d){4,}")


def scrub(text: str) -> str:
    """The text without any run of five or more digits, and without a number in groups, whatever signs stand in it.

    Servers quote values in their messages: OpenLDAP's `unique` overlay puts the whole number into its diagnostic text
    (measured with slapd 2.5.13). Five digits are enough to find a person's number when the birth date is known.
    """
    return _LONG_DIGITS.sub("…", _without_groups(text))


def scrub_path(path: object) -> str:
    """A path for a message, without digits that could be a whole identity number.

    Digits of dates and temporary folders stay, so that a person finds the file.
    """
    return _NUMBER_IN_PATH.sub("…", _without_groups(str(path)))


def _without_groups(text: str) -> str:
    return _GROUPS.sub("…", text) if ELEVEN_DIGITS.search(text) else text


def certificates_shown(path: object) -> str:
    """The path of a file of certificates, for a message; what has another ending may be a secret in the wrong place."""
    return scrub_path(path) if str(path).lower().endswith((".pem", ".crt", ".cer")) else Sentence("of certificates")


def scrub_address(url: str) -> str:
    """An address for a message, without the user name and the password in it, and without long runs of digits."""
    return scrub(_USER_IN_ADDRESS.sub("…@", url))


def without_secrets(text: str, *secrets: str | None) -> str:
    """A server's text without these secrets: as they are, as `repr` and URLs write them, and in base64, also after a
    user name, as mail programs send it (RFC 4616)."""
    for secret in filter(None, secrets):
        spelled = {secret, repr(secret)[1:-1], quote(secret), quote(secret, safe="")}
        found = "|".join(map(re.escape, sorted(spelled, key=len, reverse=True)))
        text = re.sub(found, "…", text, flags=re.IGNORECASE)
        text = re.sub("|".join(_in_base64(secret.encode())), "…", text)
    return text


def _in_base64(octets: bytes) -> Iterator[str]:
    """Patterns for some octets in base64, at each of the three places in a group. Few octets are in other texts too."""
    for before in range(3):
        bits = 8 * before, 8 * (before + len(octets))
        encoded = b64encode(bytes(before) + octets).decode()[-(-bits[0] // 6) : bits[1] // 6]
        letters = "".join({"+": "[+-]", "/": "[/_]"}.get(letter, letter) for letter in encoded)
        yield rf"[A-Za-z0-9+/_-]*{letters}[A-Za-z0-9+/_-]*={{0,2}}" if len(encoded) > _LEAST_IN_BASE64 else "(?!)"


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


@contextmanager
def telling_of_writes(was_written: Callable[[], bool]) -> Iterator[None]:
    """No error says by its exit code (2) that nothing was written once something was: it becomes 3."""
    try:
        yield
    except FeideProvError as error:
        if error.exit_code == 2 and was_written():
            error.exit_code = 3
        raise
