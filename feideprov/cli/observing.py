"""The command observe: what changed since last time, by anyone's hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feideprov.cli.evidence import Seen, SeenBy, SeenOn, evidence_of
from feideprov.cli.planned import places_in_words, same_day
from feideprov.cli.session import AllowChanges, Json, Report, Session, exit_code
from feideprov.observe.observe import Observation


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(observe)


def observe(
    context: typer.Context,
    ldif_file: Annotated[
        Path | None, typer.Option("--ldif", metavar="FILE", help="An LDIF export, in place of the directory.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="The configured source whose system writes the numbers.")
    ] = None,
    seen: Seen = None,
    seen_by: SeenBy = None,
    seen_on: SeenOn = None,
    allow_changes: AllowChanges = None,
    as_json: Json = False,
) -> None:
    """Find numbers that arrived, changed or went since last time, by anyone's hand. Never writes to the directory.

    What is found goes to the journal, with the notices that are owed for it. Exit code 1 when a number has arrived that
    may not be used, or not before somebody has seen evidence.
    """
    session: Session = context.obj
    with session.client() as feide:
        evidence = evidence_of(seen, seen_by, seen_on, feide.on)
        found = feide.observe(ldif=ldif_file, source=source, evidence=evidence, allow_changes=allow_changes)
        places = same_day(feide, found.changes)
    for note in found.notes:
        typer.echo(note, err=True)
    open_ones = [change for change in found.changes if not change.protected]
    report = Report("observe", session, found.counts, open_ones, found.refusals, planned=True)
    report.more = {"looked_at": found.users, "first": found.first, "protected": _protected(found), "owed": found.owed}
    headline, lines = "Found:" if open_ones else "", [*_lines(found), *places_in_words(places)]
    report.show(as_json=as_json, code=exit_code(found.counts), lines=lines, headline=headline)


def _protected(found: Observation) -> int:
    return sum(change.protected for change in found.changes)


def _lines(found: Observation) -> list[str]:
    """What there is to say beside the changes."""
    lines = []
    if hidden := _protected(found):
        lines.append(f"{hidden} of them protected, who are not listed.")
    if found.first:
        lines.append(f"The first look: {found.users} users are kept in mind, and what changes from now on is found.")
    if found.owed:
        lines.append(f"{found.owed} notices are owed for this. See: feideprov notify")
    return lines
