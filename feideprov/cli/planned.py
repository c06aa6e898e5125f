"""What the commands have in common that write: they show the plan and, with --yes, carry it out."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from feideprov.cli.progress import RunInSight
from feideprov.cli.session import Report, Session, Shown, exit_code
from feideprov.client import Client
from feideprov.errors import ConfigurationError
from feideprov.journal.events import ABOUT_NUMBERS
from feideprov.provision.plan.changes import WithPassword
from feideprov.provision.plan.plan import Outcome, Plan

_DONE = {
    "attach": "attached",
    "replace": "replaced",
    "withdraw": "withdrawn",
    "close": "closed",
    "reopen": "reopened",
    "password": "renewed",
    "rename": "renamed",
}
"""What is counted by the commands that do one thing only."""
STOPPED = 3


def carry_out(
    command: str,
    session: Session,
    feide: Client,
    plan: Plan,
    *,
    yes: bool,
    as_json: bool,
    allow_changes: int | None = None,
) -> None:
    """Do what the plan says, or show it."""
    if not yes:
        show_dry(command, session, feide, plan, as_json=as_json, allow_changes=allow_changes)
    with RunInSight(command, quiet=as_json) as run:
        outcome = feide.apply(plan, allow_changes=allow_changes, progress=run.told, stop=run.stop)
    passwords = any(isinstance(c, WithPassword) and c.initial_password for c in outcome.changes)
    handover = feide.settings.path(feide.settings.journal.handover)
    lines = [f"First passwords are in {handover}: hand them over, then delete the file."] if passwords else []
    places = same_day(feide, outcome.changes)
    finish(command, session, outcome, as_json, [*lines, *places_in_words(places)], took=run.took)


def report_of(command: str, session: Session, of: Plan | Outcome) -> Report:
    """The report of a plan or an outcome, counted as the command counts."""
    outcome = of if isinstance(of, Outcome) else Outcome(of.changes, of.refusals, unchanged=of.unchanged)
    counts = outcome.counts_as(_DONE[command]) if command in _DONE else outcome.counts
    return Report(command, session, counts, outcome.changes, outcome.refusals, outcome.failures, planned=True)


def noted(plan: Plan) -> Plan:
    """The plan, after what there is to say about its list as a whole."""
    for note in plan.notes:
        typer.echo(note, err=True)
    return plan


def same_day(feide: Client, changes: Sequence[Shown]) -> Sequence[str]:
    """The other places in which a number must be changed today; none where none of these changes is of a number."""
    return feide.settings.checklist.places if any(c.kind in ABOUT_NUMBERS for c in changes) else ()


def places_in_words(places: Sequence[str]) -> list[str]:
    """The same-day list, in a sentence."""
    if not places:
        return []
    tick = f'feideprov checklist USER --done "{places[0]}"'
    return [f"The numbers must be changed today in these places too: {', '.join(places)}. Tick what is done: {tick}"]


def finish(
    command: str, session: Session, outcome: Outcome, as_json: bool, lines: list[str], took: float | None = None
) -> None:
    """Show what was done, in how many seconds, and end the command. Who was stopped is told how to go on."""
    for sentence in (*outcome.recovered, *outcome.warnings):
        typer.echo(sentence, err=True)
    report = report_of(command, session, outcome)
    report.took = took
    report.more |= {"dry": False, "stopped": outcome.stopped}
    headline = "Done:" if outcome.changes else ""
    lines = [*lines, outcome.stopped] if outcome.stopped else lines
    code = STOPPED if outcome.stopped else exit_code(report.counts)
    report.show(as_json=as_json, code=code, lines=lines, headline=headline)


def show_dry(
    command: str, session: Session, feide: Client, plan: Plan, *, as_json: bool, allow_changes: int | None = None
) -> None:
    """Show what would be done, and end the command. What --yes would stop at (the caps, mode watch) is said too."""
    report = report_of(command, session, plan)
    code, headline = exit_code(report.counts), "Would be done (add --yes to do it):"
    try:
        feide.check_allowed(plan, allow_changes=allow_changes)
    except ConfigurationError as stop:
        typer.echo(str(stop), err=True)
        report.more["error"] = str(stop)
        code, headline = stop.exit_code, "Would be done, if it were allowed:"
    report.more["dry"] = True
    report.show(as_json=as_json, code=code, headline=headline if report.changes else "")
