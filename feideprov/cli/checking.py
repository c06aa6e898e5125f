"""The command check: what is wrong in the directory, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from feideprov import files
from feideprov.check.finding import Finding, Severity
from feideprov.check.rules.number import told
from feideprov.check.sheet import findings_sheet
from feideprov.cli.listing import show_rows
from feideprov.cli.session import Json, Report, Session
from feideprov.errors import InputError, scrub_path
from feideprov.numbers import SENTENCES

_HEADING = ("severity", "code", "user", "what", "what to do")


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(check)


def check(
    context: typer.Context,
    ldif_file: Annotated[
        Path | None, typer.Option("--ldif", metavar="FILE", help="An LDIF export, in place of the directory.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="CODE", help="Only this; more than once.")] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="CODE", help="All but this; more than once.")
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Save all findings, expected ones too (CSV).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Find what is wrong with the users in the directory, with the organization and its schools. Writes nothing there.

    What is known and accepted (a pending number, [[check.ignore]]) is expected. Exit code 1 when anything else is
    found.
    """
    session: Session = context.obj
    with session.client() as feide:
        findings = feide.check(ldif=ldif_file, only=only or (), ignore=ignore or ())
    if sheet is not None:
        _save(sheet, findings_sheet(findings))
    unexpected = [one for one in findings if not one.expected]
    listed = findings if only else unexpected
    if listed and not as_json:
        show_rows(_HEADING, (_row(session, one) for one in listed), Console(), folded=_HEADING[2:])
    counts = {severity.value: sum(one.severity is severity for one in unexpected) for severity in Severity}
    counts["expected"] = len(findings) - len(unexpected)
    report = Report("check", session, counts, more={"findings": [_as_json(session, one) for one in findings]})
    report.show(as_json=as_json, code=int(bool(unexpected)), lines=_summary(findings, unexpected))


def _sentence(session: Session, finding: Finding) -> str:
    """In the chosen language, where it is about a number."""
    verdict = finding.code.replace("P-NIN-", "N-", 1)
    return told(verdict, session.lang)[0] if verdict in SENTENCES else finding.sentence


def _row(session: Session, finding: Finding) -> tuple[str, ...]:
    severity = "expected" if finding.expected else finding.severity.value
    about, what = finding.user or finding.dn or "", _sentence(session, finding)
    if finding.title:
        what = f"{what} Feide: “{finding.title}”."
    return severity, finding.code, about, what, finding.because or finding.action


def _as_json(session: Session, finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"sentence": _sentence(session, finding)}


def _summary(findings: Sequence[Finding], unexpected: Sequence[Finding]) -> list[str]:
    if not findings:
        return ["Nothing is wrong."]
    expected = Counter(one.code for one in findings if one.expected)
    lines = [f"{len(unexpected)} unexpected." if unexpected else "Nothing unexpected."]
    if expected:
        codes = ", ".join(f"{code} {count}" for code, count in sorted(expected.items()))
        lines.append(f"{expected.total()} known and accepted: {codes}.")
    return lines


def _save(path: Path, content: bytes) -> None:
    try:
        files.replace(path, content)
    except OSError as error:
        raise InputError(f"{scrub_path(path)} cannot be written: {error.strerror}.") from None
