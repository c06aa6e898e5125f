"""The commands about the journal: journal verify."""

from __future__ import annotations

from dataclasses import asdict

import typer
from rich.console import Console

from feideprov.check.finding import Severity
from feideprov.cli.listing import show_rows
from feideprov.cli.session import Json, Report, Session

_HEADING = ("severity", "code", "user", "what", "what to do")


def add_to(app: typer.Typer) -> None:
    """Add this module's group of commands."""
    group = typer.Typer(no_args_is_help=True)
    group.command()(verify)
    app.add_typer(group, name="journal", help="Look at the change log as a whole.")


def verify(context: typer.Context, as_json: Json = False) -> None:
    """Compare the journal with the directory, and tell each difference. Writes nothing.

    Exit code 1 when something differs.
    """
    session: Session = context.obj
    with session.client() as feide:
        findings = feide.journal.verify()
    if findings and not as_json:
        rows = ((f.severity.value, f.code, f.user or f.dn or "", f.sentence, f.action) for f in findings)
        show_rows(_HEADING, rows, Console(), folded=_HEADING[2:])
    counts = {severity.value: sum(one.severity is severity for one in findings) for severity in Severity}
    differ = f"{len(findings)} differences." if len(findings) != 1 else "One difference."
    lines = [differ if findings else "The journal and the directory agree."]
    report = Report("journal verify", session, counts, more={"findings": [asdict(one) for one in findings]})
    report.show(as_json=as_json, code=int(bool(findings)), lines=lines)
