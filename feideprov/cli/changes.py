"""What the commands that write have in common: they show the plan and, with --yes, carry it out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from feideprov.cli.progress import VisibleRun
from feideprov.cli.report import Report, ShownChange, exit_code, warn
from feideprov.cli.session import Session
from feideprov.client.client import Client
from feideprov.errors import ConfigurationError
from feideprov.journal.events import ABOUT_NUMBERS
from feideprov.messages import Sentence, joined
from feideprov.provision.plan.changes import WithPassword
from feideprov.provision.plan.plan import Outcome, Plan

_COUNTED_AS: Final = {
    "attach": "attached",
    "replace": "replaced",
    "withdraw": "withdrawn",
    "close": "closed",
    "reopen": "reopened",
    "password": "renewed",
    "rename": "renamed",
}
"""What is counted by the commands that do one thing only."""
_STOPPED: Final = 3


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
    """Carry out the plan, or show it."""
    if not yes:
        show_plan(command, session, feide, plan, as_json=as_json, allow_changes=allow_changes)
    with VisibleRun(command, quiet=as_json) as run:
        outcome = feide.apply(plan, allow_changes=allow_changes, progress=run.report, stop=run.stop)
    lines: list[str] = []
    if any(isinstance(c, WithPassword) and c.initial_password for c in outcome.changes):
        file = feide.settings.path(feide.settings.journal.handover)
        lines.append(
            Sentence("The first passwords are in {file}. Give them to the users, then delete the file.", file=file)
        )
    lines += same_day_lines(same_day_places(feide, outcome.changes))
    finish(command, session, outcome, as_json, lines, seconds=run.seconds)


def report_of(command: str, session: Session, of: Plan | Outcome) -> Report:
    """The report of a plan or an outcome, counted as the command counts."""
    outcome = of if isinstance(of, Outcome) else Outcome(of.changes, of.refusals, unchanged=of.unchanged)
    counts = outcome.counts_as(_COUNTED_AS[command]) if command in _COUNTED_AS else outcome.counts
    return Report(command, session, counts, outcome.changes, outcome.refusals, outcome.failures, planned=True)


def noted(plan: Plan) -> Plan:
    """The plan, after its notes were shown."""
    warn(plan.notes)
    return plan


def same_day_places(feide: Client, changes: Sequence[ShownChange]) -> Sequence[str]:
    """The other places in which a number must be changed today; empty when no number is changed."""
    return feide.settings.checklist.places if any(c.kind in ABOUT_NUMBERS for c in changes) else ()


def same_day_lines(places: Sequence[str]) -> list[str]:
    """The places, in a sentence."""
    if not places:
        return []
    return [
        Sentence(
            "The numbers must be changed today in these places too: {places}. When a place is done, tick it: "
            'feideprov checklist USER --done "{first}"',
            places=joined(places, ", "),
            first=places[0],
        )
    ]


def finish(
    command: str, session: Session, outcome: Outcome, as_json: bool, lines: list[str], seconds: float | None = None
) -> None:
    """Show what was done, in how many seconds, and end the command. After a stop, say how to continue."""
    warn((*outcome.recovered, *outcome.warnings))
    report = report_of(command, session, outcome)
    report.seconds = seconds
    report.more |= {"dry": False, "stopped": outcome.stopped}
    headline = Sentence("Done:") if outcome.changes else ""
    lines = [*lines, outcome.stopped] if outcome.stopped else lines
    code = _STOPPED if outcome.stopped else exit_code(report.counts)
    report.show(as_json=as_json, code=code, lines=lines, headline=headline)


def show_plan(
    command: str, session: Session, feide: Client, plan: Plan, *, as_json: bool, allow_changes: int | None = None
) -> None:
    """Show what would be done, and end the command. Say also what would stop it (the caps, mode watch)."""
    report = report_of(command, session, plan)
    show_dry(report, feide, plan, as_json=as_json, code=exit_code(report.counts), allow_changes=allow_changes)


def show_dry(
    report: Report,
    feide: Client,
    plan: Plan,
    *,
    as_json: bool,
    code: int,
    allow_changes: int | None = None,
    lines: Sequence[str] = (),
) -> None:
    """Show the report of what would be done, and end the command; see `show_plan`."""
    headline = Sentence("This would be done (add --yes to do it):")
    try:
        feide.check_allowed(plan, allow_changes=allow_changes)
    except ConfigurationError as stop:
        warn([stop.sentence])
        report.more["error"] = str(stop)
        code, headline = stop.exit_code, Sentence("This would be done, if it were allowed:")
    report.more["dry"] = True
    report.show(as_json=as_json, code=code, lines=lines, headline=headline if report.changes else "")
