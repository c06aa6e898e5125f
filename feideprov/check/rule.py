"""What a rule is: a code for ever, one sentence, what to do, and the look that finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from feideprov.check.context import CheckContext
from feideprov.check.finding import Finding, Severity
from feideprov.check.person import Person

Subject = TypeVar("Subject")
"""What a rule looks at: a user, or the entry of the organization or a school."""


class Hit(NamedTuple):
    """That a rule has found something. `about` fills its sentence; `because` is there when it is expected."""

    about: str = ""
    because: str = ""


Answer = Hit | bool | None
"""What a look says: a Hit, True for one without more to say, anything else for nothing."""


class Who(NamedTuple):
    """A user as a finding may show it: Feide name and DN, both without the digits of a number."""

    user: str | None
    dn: str | None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that can be wrong.

    `title` is what Feide's LDAP validator calls it (docs.feide.no, reference/ldap_validator). In `sentence`, `{about}`
    is what the look has found: an attribute, or another user. `expected_when` says in words when a finding is known
    and accepted. `closing`: a user who was closed is so on purpose.
    """

    code: str
    severity: Severity
    sentence: str
    action: str
    title: str | None = None
    expected_when: str = ""
    closing: bool = False

    def finding(self, hit: Hit, who: Who) -> Finding:
        """The finding about one entry."""
        return Finding(
            code=self.code,
            severity=self.severity,
            sentence=self.sentence.format(about=hit.about) if hit.about else self.sentence,
            action=self.action,
            user=who.user,
            dn=who.dn,
            title=self.title,
            expected=bool(hit.because),
            because=hit.because,
        )


@dataclass(frozen=True, kw_only=True)
class EntryRule(Rule, Generic[Subject]):
    """Found by a look at one entry alone; `of` says what it is an entry of."""

    of: type[Subject]
    look: Callable[[Subject], Answer] = field(repr=False)


class Watch(Protocol):
    """Compares users with one another, in one pass."""

    def meet(self, person: Person, who: Who) -> Iterable[tuple[Hit, Who]]:
        """The next user; gives what is found by now."""

    def end(self) -> Iterable[tuple[Hit, Who]]:
        """What can be told only when everybody has been met."""


@dataclass(frozen=True, kw_only=True)
class SharedRule(Rule):
    """Found by comparing users. `watch` begins a comparison."""

    watch: Callable[[CheckContext], Watch] = field(repr=False)


class Chapter(Generic[Subject]):
    """The rules on one subject, in the order of the page that tells of them."""

    def __init__(self, name: str, of: type[Subject]) -> None:
        self.name = name
        self.of = of
        self.rules: list[Rule] = []

    def rule(
        self, code: str, severity: Severity, sentence: str, action: str, **more: Any
    ) -> Callable[[Callable[[Subject], Answer]], EntryRule[Subject]]:
        """Makes a rule of a look at one entry."""

        def made(look: Callable[[Subject], Answer]) -> EntryRule[Subject]:
            words: dict[str, Any] = {"code": code, "severity": severity, "sentence": sentence, "action": action}
            one = EntryRule(of=self.of, look=look, **words, **more)
            self.rules.append(one)
            return one

        return made

    def shared(
        self, code: str, severity: Severity, sentence: str, action: str, **more: Any
    ) -> Callable[[Callable[[CheckContext], Watch]], SharedRule]:
        """Makes a rule of something that compares users."""

        def made(watch: Callable[[CheckContext], Watch]) -> SharedRule:
            words: dict[str, Any] = {"code": code, "severity": severity, "sentence": sentence, "action": action}
            one = SharedRule(watch=watch, **words, **more)
            self.rules.append(one)
            return one

        return made


def named(attributes: Iterable[str]) -> Hit | None:
    """A hit that names attributes; none where there are none."""
    names = list(attributes)
    return Hit(", ".join(names)) if names else None
