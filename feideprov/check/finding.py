"""One thing that is wrong, or worth knowing, in a directory or in the set-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from feideprov.messages import NOTHING, Language, Sentence, said_in
from feideprov.sheets import csv_sheet

_SHEET_HEADING: Final = (
    Sentence("code"),
    Sentence("severity"),
    Sentence("user"),
    Sentence("dn"),
    Sentence("sentence"),
    Sentence("action"),
    Sentence("title"),
    Sentence("expected"),
    Sentence("because"),
)


class Severity(StrEnum):
    """How much it matters."""

    ERROR = "error"
    """A user cannot log in or has another person's number, or a service receives wrong data."""
    WARNING = "warning"
    """It leads to problems later, or Feide reports it."""
    NOTE = "note"
    """Worth knowing."""


COUNTED: Final[Mapping[str, Sentence]] = {
    Severity.ERROR: Sentence("error"),
    Severity.WARNING: Sentence("warning"),
    Severity.NOTE: Sentence("note"),
    "expected": Sentence("expected"),
}
"""What findings are counted by, in words: the severity of unexpected ones, and the expected ones."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, where, and what to do about it.

    `code` never changes: `P-…` about a person, `O-…` about the organization or a school, `D-…` about the directory
    and the set-up, `J-…` about differences between the directory and the journal. `title` is what Feide's LDAP
    validator calls it (docs.feide.no, reference/ldap_validator), if it does. `expected`: it is known and accepted;
    `because` says why. `protected`: it names the user of a protected person, or one who may be; no sheet has it. No
    field holds a digit of a number.
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
    protected: bool = False

    @property
    def weight(self) -> Sentence:
        """In a word: expected, or how much it matters."""
        return COUNTED["expected" if self.expected else self.severity]

    @property
    def order(self) -> tuple[bool, int, str, str]:
        """The order of a list: unexpected ones first, by severity, code and user."""
        return self.expected, list(Severity).index(self.severity), self.code, self.user or self.dn or ""


def findings_sheet(findings: Iterable[Finding], language: Language = "en") -> bytes:
    """Findings as CSV in a language, one row for each; none that names a protected person's user."""

    def say(row: Iterable[str | None]) -> list[str | None]:
        return [text and said_in(text, language) for text in row]

    rows = _cells(one for one in findings if not one.protected)
    return csv_sheet([one.in_language(language) for one in _SHEET_HEADING], map(say, rows))


def left_out_of_sheet(findings: Iterable[Finding]) -> Sentence:
    """How many findings the sheet does not have."""
    count = sum(one.protected for one in findings)
    if not count:
        return NOTHING
    return Sentence(
        "{count} finding about a protected user is not in the sheet.",
        plural="{count} findings about protected users are not in the sheet.",
        count=count,
    )


def _cells(findings: Iterable[Finding]) -> Iterator[tuple[str | None, ...]]:
    for one in findings:
        expected = Sentence("yes") if one.expected else Sentence("no")
        yield (
            *(one.code, COUNTED[one.severity], one.user, one.dn, one.sentence, one.action, one.title, expected),
            one.because,
        )
