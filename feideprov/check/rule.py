"""What a rule is: a stable code, a sentence, what to do, and the function that finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from feideprov.check.context import CheckContext
from feideprov.check.finding import Finding, Severity
from feideprov.check.person import Person
from feideprov.messages import NOTHING, Sentence, joined

Subject = TypeVar("Subject")
"""What a rule is about: a user, or the entry of the organization or a school."""

ABOUT = "…"
"""What a rule's own sentence, which is about nobody yet, has in the place of `{about}`."""


class Match(NamedTuple):
    """A rule has found something. `about` is put into its sentence; `because` says why it is expected, if it is."""

    about: str | date | int = ""
    because: Sentence = NOTHING


Result = Match | bool | None
"""What a rule's function returns: a Match, True for a match without details, anything else for no match."""


class EntryRef(NamedTuple):
    """A user as a finding may show it: Feide name and DN, both without the digits of a number."""

    user: str | None
    dn: str | None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that can be wrong.

    `title` is what Feide's LDAP validator calls it (docs.feide.no, reference/ldap_validator). In `sentence`, `{about}`
    is what was found: an attribute, or another user. `expected_when` says in words when a finding is known
    and accepted. `closing`: it is expected of a user who was closed.
    """

    code: str
    severity: Severity
    sentence: Sentence
    action: Sentence
    title: str | None = None
    expected_when: Sentence = NOTHING
    closing: bool = False

    def finding(self, match: Match, ref: EntryRef) -> Finding:
        """The finding about one entry."""
        return Finding(
            code=self.code,
            severity=self.severity,
            sentence=self.sentence.with_values(about=match.about) if match.about else self.sentence,
            action=self.action,
            user=ref.user,
            dn=ref.dn,
            title=self.title,
            expected=bool(match.because),
            because=match.because,
        )


@dataclass(frozen=True, kw_only=True)
class EntryRule(Rule, Generic[Subject]):
    """A rule that needs one entry only; `subject` says what it is an entry of."""

    subject: type[Subject]
    check: Callable[[Subject], Result] = field(repr=False)


class Comparison(Protocol):
    """Compares users with one another, in one pass."""

    def add(self, person: Person, ref: EntryRef) -> Iterable[tuple[Match, EntryRef]]:
        """The next user. Returns what is found so far."""

    def finish(self) -> Iterable[tuple[Match, EntryRef]]:
        """What is known only after the last user."""


@dataclass(frozen=True, kw_only=True)
class SharedRule(Rule):
    """A rule that compares users. `comparison` starts a new comparison."""

    comparison: Callable[[CheckContext], Comparison] = field(repr=False)


class Chapter(Generic[Subject]):
    """The rules on one subject, in the order of the page that lists them (docs/findings.md)."""

    def __init__(self, name: str, subject: type[Subject]) -> None:
        self.name = name
        self.subject = subject
        self.rules: list[Rule] = []

    def rule(
        self, code: str, severity: Severity, sentence: Sentence, action: Sentence, **more: Any
    ) -> Callable[[Callable[[Subject], Result]], EntryRule[Subject]]:
        """Decorator: makes a rule of a function that looks at one entry."""

        def made(check: Callable[[Subject], Result]) -> EntryRule[Subject]:
            words: dict[str, Any] = {"code": code, "severity": severity, "sentence": sentence, "action": action}
            one = EntryRule(subject=self.subject, check=check, **words, **more)
            self.rules.append(one)
            return one

        return made

    def shared(
        self, code: str, severity: Severity, sentence: Sentence, action: Sentence, **more: Any
    ) -> Callable[[Callable[[CheckContext], Comparison]], SharedRule]:
        """Decorator: makes a rule of a function that starts a comparison of users."""

        def made(comparison: Callable[[CheckContext], Comparison]) -> SharedRule:
            words: dict[str, Any] = {"code": code, "severity": severity, "sentence": sentence, "action": action}
            one = SharedRule(comparison=comparison, **words, **more)
            self.rules.append(one)
            return one

        return made


def named(attributes: Iterable[str]) -> Match | None:
    """A match that names attributes; None without any."""
    names = list(attributes)
    return Match(joined(names, ", ")) if names else None
