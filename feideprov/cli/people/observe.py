"""The command observe: numbers that were changed outside this tool."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from feideprov.cli.changes import same_day_lines, same_day_places
from feideprov.cli.evidence import Seen, SeenBy, SeenOn, evidence_of
from feideprov.cli.report import Report, exit_code, warn
from feideprov.cli.session import AllowChanges, Json, Part, Session
from feideprov.messages import NOTHING, Sentence
from feideprov.observe.observe import Observation

_UNCHANGED: Final = Sentence("No number was changed outside this tool since the last observation.")


def observe(
    context: typer.Context,
    ldif_file: Annotated[
        Path | None, typer.Option("--ldif", metavar="FILE", help="An LDIF export, in place of the directory.")
    ] = None,
    part: Part = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            metavar="SOURCE_NAME",
            help="The source in the configuration ([[sources]]) whose system writes the numbers.",
        ),
    ] = None,
    seen: Seen = None,
    seen_by: SeenBy = None,
    seen_on: SeenOn = None,
    allow_changes: AllowChanges = None,
    as_json: Json = False,
) -> None:
    """Check the changes since last time: find numbers that were changed outside this tool, added, replaced or removed
    since the last observation.

    Never writes to the directory. What is found goes to the journal, with the notices that are due because of it.
    Exit code 1 when a new number must not be used, or only after somebody has seen evidence.
    """
    session: Session = context.obj
    with session.client() as feide:
        evidence = evidence_of(seen, seen_by, seen_on, feide.on)
        found = feide.observe(ldif=ldif_file, part=part, source=source, evidence=evidence, allow_changes=allow_changes)
        places = same_day_places(feide, found.changes)
    warn(found.notes)
    listed = [change for change in found.changes if not change.protected]
    protected = len(found.changes) - len(listed)
    report = Report("observe", session, found.counts, listed, found.refusals, planned=True, users=found.users)
    report.done = True  # it is in the journal, and is not found again
    report.nothing = NOTHING if found.first else _UNCHANGED
    report.more = {"looked_at": found.users, "first": found.first, "protected": protected, "owed": found.owed}
    lines = [*_lines(found, protected), *same_day_lines(places)]
    headline = Sentence("Found:") if listed else ""
    report.show(as_json=as_json, code=exit_code(found.counts), lines=lines, headline=headline)


def _lines(found: Observation, protected: int) -> list[str]:
    """What to say after the changes."""
    lines: list[str] = []
    if protected:
        lines.append(
            Sentence(
                "{count} of these changes is about a protected user and is not listed.",
                plural="{count} of these changes are about protected users and are not listed.",
                count=protected,
            )
        )
    if found.first:
        lines.append(
            Sentence(
                "This was the first observation: {count} user was recorded. Changes after this will be found by the "
                "next observation.",
                plural="This was the first observation: {count} users were recorded. Changes after this will be "
                "found by the next observation.",
                count=found.users,
            )
        )
    if found.owed:
        lines.append(
            Sentence(
                "{count} notice about this is due. See: feideprov notify",
                plural="{count} notices about this are due. See: feideprov notify",
                count=found.owed,
            )
        )
    return lines
