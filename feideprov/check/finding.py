"""One thing that is wrong, or worth a look, in a directory or in the set-up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much it matters."""

    ERROR = "error"
    """Somebody cannot log in, has another person's number, or a service gets wrong data."""
    WARNING = "warning"
    """It will lead to trouble, or Feide reports it."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, where, and what to do about it.

    `code` is stable for ever: `P-…` about a person, `O-…` about the organization or a school, `D-…` about the directory
    and the set-up, `J-…` about what the journal says otherwise. `title` is what Feide's LDAP validator calls it, where
    it does (docs.feide.no, reference/ldap_validator). `expected`: it is known and accepted, for the reason in
    `because`. No field holds a digit of a number.
    """

    code: str
    severity: Severity
    sentence: str
    action: str
    user: str | None = None
    dn: str | None = None
    title: str | None = None
    expected: bool = False
    because: str = ""

    @property
    def order(self) -> tuple[bool, int, str, str]:
        """How findings are listed: what is unexpected first, and of that the worst; then by code and user."""
        return self.expected, list(Severity).index(self.severity), self.code, self.user or self.dn or ""
