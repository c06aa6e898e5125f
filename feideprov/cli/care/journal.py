"""The commands about the journal: journal verify."""

from __future__ import annotations

from dataclasses import asdict

import typer

from feideprov.check.finding import Severity
from feideprov.cli.report import Report
from feideprov.cli.session import Json, Session
from feideprov.cli.table import show_rows
from feideprov.messages import Sentence

_HEADING = ("severity", "code", "user", "what", "what to do")


def verify(context: typer.Context, as_json: Json = False) -> None:
    """Compare the journal with the directory. Every difference is shown, and nothing is written.

    Exit code 1 when something differs.
    """
    session: Session = context.obj
    with session.client() as feide:
        findings = feide.journal.verify()
    if findings and not as_json:
        rows = ((f.severity.value, f.code, f.user or f.dn or "", f.sentence, f.action) for f in findings)
        show_rows(_HEADING, rows, folded=_HEADING[2:])
    counts = {severity.value: sum(one.severity is severity for one in findings) for severity in Severity}
    lines = [Sentence("The journal and the directory agree.")]
    if findings:
        lines = [Sentence("{count} difference.", plural="{count} differences.", count=len(findings))]
    report = Report("journal verify", session, counts, more={"findings": [asdict(one) for one in findings]})
    report.show(as_json=as_json, code=int(bool(findings)), lines=lines)
