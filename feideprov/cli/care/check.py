"""The command check: what is wrong in the directory, and what to do about it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from feideprov.check.finding import Finding, Severity, findings_sheet, left_out_of_sheet
from feideprov.cli.call import Tone
from feideprov.cli.report import Report, save
from feideprov.cli.screen import Toned, commands_in
from feideprov.cli.session import Json, Part, Session, for_people
from feideprov.cli.table import show_rows
from feideprov.found import Found
from feideprov.messages import Sentence, joined

_TONES: Final = {Severity.ERROR: Tone.STOPS, Severity.WARNING: Tone.WAITS}
HEADING: Final = (
    Sentence("severity"),
    Sentence("code"),
    Sentence("user"),
    Sentence("what"),
    Sentence("what to do"),
)
"""Of a list of findings."""


def check(
    context: typer.Context,
    ldif_file: Annotated[
        Path | None, typer.Option("--ldif", metavar="FILE", help="An LDIF export, in place of the directory.")
    ] = None,
    part: Part = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="CODE", help="Only this finding. Can be given more than once.")
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="CODE", help="Leave out this finding. Can be given more than once."),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--csv", metavar="FILE", callback=for_people, help="Save all findings, also the expected ones (CSV)."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check the directory: find what is wrong in it, with users, organization and schools. Nothing is written there.

    What is known and accepted (a pending number, [[check.ignore]]) is only counted. Exit code 1 when anything else is
    found, or when there is no user.
    """
    session: Session = context.obj
    with session.client() as feide:
        findings = feide.check(ldif=ldif_file, part=part, only=only or (), ignore=ignore or ())
    if sheet is not None:
        save(sheet, findings_sheet(findings, session.lang))
    unexpected = [one for one in findings if not one.expected]
    listed = findings if only else unexpected
    if listed and not as_json:
        show_rows(HEADING, (_row(one) for one in listed), folded=HEADING[2:])
    counts = {severity.value: sum(one.severity is severity for one in unexpected) for severity in Severity}
    counts["expected"] = len(findings) - len(unexpected)
    report = Report(
        "check", session, counts, users=findings.users, more={"findings": [_as_json(one) for one in findings]}
    )
    report.control, report.next = True, first_action(unexpected)
    code = int(bool(unexpected) or not findings.users)
    lines = [*_summary(findings, unexpected), *filter(None, [left_out_of_sheet(findings) if sheet else ""])]
    report.show(as_json=as_json, code=code, lines=lines)


def weight_of(finding: Finding) -> Toned:
    """How much a finding matters, as a cell of a table."""
    return Toned(finding.weight, None if finding.expected else _TONES.get(finding.severity))


def first_action(findings: Iterable[Finding]) -> Sequence[str]:
    """The first command among what is to be done about findings."""
    actions = (re.sub(r"\bUSER\b", one.user or "USER", one.action) for one in findings if not one.expected)
    return next((words for action in actions for words in commands_in(action)), ())


def _row(finding: Finding) -> tuple[str | Toned, ...]:
    about, what = finding.user or finding.dn or "", finding.sentence
    if finding.title:
        what = Sentence("{sentence} Feide: “{title}”.", sentence=what, title=finding.title)
    return weight_of(finding), finding.code, about, what, finding.because or finding.action


def _as_json(finding: Finding) -> dict[str, Any]:
    return asdict(finding) | {"sentence": finding.sentence}


def _summary(findings: Found[Finding], unexpected: Sequence[Finding]) -> Sequence[str]:
    if not findings:
        return [Sentence("Nothing is wrong.")] if findings.users else []
    expected = Counter(one.code for one in findings if one.expected)
    lines = [Sentence("Nothing unexpected was found.")]
    if unexpected:
        lines = [Sentence("{count} unexpected finding.", plural="{count} unexpected findings.", count=len(unexpected))]
    if expected:
        codes = joined((f"{code} {count}" for code, count in sorted(expected.items())), ", ")
        lines.append(
            Sentence(
                "{count} known and accepted finding: {codes}.",
                plural="{count} known and accepted findings: {codes}.",
                count=expected.total(),
                codes=codes,
            )
        )
    return lines
