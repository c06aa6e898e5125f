"""Findings as a sheet for Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from feideprov.check.finding import Finding
from feideprov.sheets import defused

HEADING = ("code", "severity", "user", "dn", "sentence", "action", "title", "expected", "because")


def findings_sheet(findings: Iterable[Finding]) -> bytes:
    """Findings as CSV (`;`, UTF-8 with BOM), a row for each; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADING)
    for one in findings:
        expected = "yes" if one.expected else "no"
        cells = (one.code, one.severity.value, one.user, one.dn, one.sentence, one.action, one.title, expected)
        writer.writerow([defused(cell or "") for cell in (*cells, one.because)])
    return text.getvalue().encode("utf-8-sig")
