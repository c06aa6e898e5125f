"""Findings as a sheet for Excel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from feideprov.check.finding import Finding
from feideprov.sheets import csv_sheet

HEADING = ("code", "severity", "user", "dn", "sentence", "action", "title", "expected", "because")


def findings_sheet(findings: Iterable[Finding]) -> bytes:
    """Findings as CSV, one row for each."""
    return csv_sheet(HEADING, _rows(findings))


def _rows(findings: Iterable[Finding]) -> Iterator[tuple[str | None, ...]]:
    for one in findings:
        expected = "yes" if one.expected else "no"
        yield (
            *(one.code, one.severity.value, one.user, one.dn, one.sentence, one.action, one.title, expected),
            one.because,
        )
