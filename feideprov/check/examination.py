"""What a doctor looked at, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from feideprov.check.finding import Finding, Severity


class State(StrEnum):
    """What came of one look."""

    GOOD = "good"
    WRONG = "wrong"
    UNKNOWN = "unknown"
    """The server does not tell, or this account may not see it."""
    SKIPPED = "skipped"
    """It does not apply, or something before it went wrong."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `exit_code` is 2 or 3 where the program cannot work as things are."""

    name: str
    state: State
    sentence: str
    finding: Finding | None = None
    exit_code: int = 0


def good(name: str, sentence: str) -> Check:
    return Check(name, State.GOOD, sentence)


def unknown(name: str, sentence: str) -> Check:
    return Check(name, State.UNKNOWN, sentence)


def skipped(name: str, sentence: str) -> Check:
    return Check(name, State.SKIPPED, sentence)


def wrong(name: str, finding: Finding, exit_code: int = 0) -> Check:
    return Check(name, State.WRONG, finding.sentence, finding, exit_code)


def noted(name: str, finding: Finding) -> Check:
    """Nothing is wrong, but something is worth knowing."""
    return Check(name, State.GOOD, finding.sentence, finding)


def error(code: str, sentence: str, action: str) -> Finding:
    return Finding(code, Severity.ERROR, sentence, action)


def warning(code: str, sentence: str, action: str) -> Finding:
    return Finding(code, Severity.WARNING, sentence, action)


def note(code: str, sentence: str, action: str) -> Finding:
    return Finding(code, Severity.NOTE, sentence, action)


@dataclass(frozen=True)
class Received:
    """What a service would get of one attribute group. `confirmed`: the name of the group is Feide's own.

    `values` are as shown to a person: a number as its kind, an attribute without a value as no entry.
    """

    group: str
    confirmed: bool
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Examination:
    """Everything that was looked at, in order. `login` are the steps of the rehearsal, when there was one."""

    checks: Sequence[Check]
    login: Sequence[Check] = ()
    received: Sequence[Received] = ()

    @property
    def findings(self) -> list[Finding]:
        return [check.finding for check in (*self.checks, *self.login) if check.finding]

    @property
    def exit_code(self) -> int:
        """2 or 3 where the program cannot work; 1 when something is wrong that nobody has accepted; else 0."""
        stopped = max((check.exit_code for check in (*self.checks, *self.login)), default=0)
        found = any(not f.expected and f.severity is not Severity.NOTE for f in self.findings)
        return stopped or int(found)
