"""What `doctor` checked, and the result of each check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from feideprov.check.finding import Finding, Severity
from feideprov.issues import REGISTERED
from feideprov.messages import Sentence

NAMES: Final[Mapping[str, Sentence]] = {
    "configuration": Sentence("configuration"),
    "password file": Sentence("password file"),
    "key file": Sentence("key file"),
    "journal": Sentence("journal"),
    "hand-over file": Sentence("hand-over file"),
    "key": Sentence("key"),
    "journal content": Sentence("journal content"),
    "high-water mark": Sentence("high-water mark"),
    "protected people": Sentence("protected people"),
    "connection": Sentence("connection"),
    "TLS version": Sentence("TLS version"),
    "old TLS versions": Sentence("old TLS versions"),
    "certificate": Sentence("certificate"),
    "public authority": Sentence("public authority"),
    "bind": Sentence("bind"),
    "server": Sentence("server"),
    "LDIF directory": Sentence("LDIF directory"),
    "units": Sentence("units"),
    "schema": Sentence("schema"),
    "schema as specified": Sentence("schema as specified"),
    "indexes": Sentence("indexes"),
    "uniqueness": Sentence("uniqueness"),
    "logs": Sentence("logs"),
    "size limit": Sentence("size limit"),
    "read rights": Sentence("read rights"),
    "write rights": Sentence("write rights"),
    "password policy": Sentence("password policy"),
    "clock": Sentence("clock"),
    "open to anybody": Sentence("open to anybody"),
    "open to users": Sentence("open to users"),
    "search": Sentence("search"),
    "Feide name": Sentence("Feide name"),
    "data": Sentence("data"),
    "organization": Sentence("organization"),
    "unit": Sentence("unit"),
    "primary unit": Sentence("primary unit"),
    "login": Sentence("login"),
    "the rest": Sentence("the rest"),
}
"""The names of checks in words. Other names are attributes and settings, which are the same in every language."""


class State(StrEnum):
    """The result of one check."""

    GOOD = "good"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """The server does not show it, or not to this account."""
    SKIPPED = "skipped"
    """It does not apply, or an earlier check failed."""


@dataclass(frozen=True)
class Check:
    """One thing that was checked. `exit_code` is 2 or 3 if the program cannot work until it is corrected."""

    name: str
    state: State
    sentence: str
    finding: Finding | None = None
    exit_code: int = 0

    @property
    def title(self) -> str:
        """The name, in words."""
        return NAMES.get(self.name, self.name)


def good(name: str, sentence: str) -> Check:
    return Check(name, State.GOOD, sentence)


def unknown(name: str, sentence: str) -> Check:
    return Check(name, State.UNKNOWN, sentence)


def skipped(name: str, sentence: str) -> Check:
    return Check(name, State.SKIPPED, sentence)


def wrong(name: str, finding: Finding, exit_code: int = 0) -> Check:
    return Check(name, State.WRONG, finding.sentence, finding, exit_code)


def noted(name: str, finding: Finding) -> Check:
    """Nothing is wrong, but there is something to know."""
    return Check(name, State.GOOD, finding.sentence, finding)


def error(code: str, sentence: str, action: str = "") -> Finding:
    """A finding; without `action`, what to do is what the code is registered with."""
    return _finding(code, Severity.ERROR, sentence, action)


def warning(code: str, sentence: str, action: str = "") -> Finding:
    return _finding(code, Severity.WARNING, sentence, action)


def note(code: str, sentence: str, action: str = "") -> Finding:
    return _finding(code, Severity.NOTE, sentence, action)


def _finding(code: str, severity: Severity, sentence: str, action: str) -> Finding:
    return Finding(code, severity, sentence, action or REGISTERED[code].action)


@dataclass(frozen=True)
class Received:
    """What a service would receive from one attribute group. `confirmed`: Feide uses this name for the group.

    `values` are as shown to a person: a number as its kind. An attribute without a value is left out.
    """

    group: str
    confirmed: bool
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Examination:
    """All checks, in order. `login` holds the steps of the rehearsal, if there was one."""

    checks: Sequence[Check]
    login: Sequence[Check] = ()
    received: Sequence[Received] = ()

    @property
    def findings(self) -> list[Finding]:
        return [check.finding for check in (*self.checks, *self.login) if check.finding]

    @property
    def exit_code(self) -> int:
        """2 or 3 if the program cannot work; 1 if something is wrong that is not accepted; otherwise 0."""
        stopped = max((check.exit_code for check in (*self.checks, *self.login)), default=0)
        found = any(not f.expected and f.severity is not Severity.NOTE for f in self.findings)
        return stopped or int(found)
