"""What the commands that write have in common: they show the plan and, with --yes, carry it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TypedDict, Unpack

from feideprov.cli.call import Tone, again, call_in_force
from feideprov.cli.progress import VisibleRun
from feideprov.cli.report import Report, ShownChange, exit_code, refusal_as_object, save_rows, warn
from feideprov.cli.row_counts import number_counts, row_counts
from feideprov.cli.screen import Toned
from feideprov.cli.session import Session
from feideprov.cli.shown_change import change_details, plan_lines
from feideprov.client.client import Client
from feideprov.errors import ConfigurationError, scrub
from feideprov.issues import Refusal, in_row_order
from feideprov.journal.events import ABOUT_NUMBERS
from feideprov.messages import Sentence, joined
from feideprov.provision.plan.changes import Change, WithPassword
from feideprov.provision.plan.people.changed_numbers import R_NUMBER_CHANGED
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.settings import Settings
from feideprov.settings.handover_pattern import HandoverPattern

_COUNTED_AS: Final = {
    "attach": "attached",
    "replace": "replaced",
    "withdraw": "withdrawn",
    "close": "closed",
    "reopen": "reopened",
    "password": "renewed",
    "rename": "renamed",
    "link": "linked",
    "release": "released",
}
"""What is counted by the commands that do one thing only."""
PLAN_COLUMNS: Final = (
    "row",
    "kind",
    "name",
    "school",
    "user",
    "dn",
    "attribute",
    "was",
    "becomes",
    "code",
    "sentence",
)
"""Of the CSV file of a plan."""
_STOPPED: Final = 3
_APART: Final = {R_NUMBER_CHANGED: Sentence("Numbers that changed (to replace them, add --replace):")}
"""What is told apart from what else is held."""


Afterwards = Callable[[Outcome], Sequence[str]]
"""Saves a file about what was done, and gives the sentences about it. It raises InputError when it cannot."""


class Allowed(TypedDict, total=False):
    """What a person allows where the caps would stop a run; see `Client.apply`."""

    allow_changes: int | None
    allow_fewer: int | None


def carry_out(
    command: str,
    session: Session,
    feide: Client,
    plan: Plan,
    *,
    yes: bool,
    as_json: bool,
    csv_file: Path | None = None,
    afterwards: Afterwards | None = None,
    **allowed: Unpack[Allowed],
) -> None:
    """Carry out the plan, or show it. What is planned and, then, what was done is saved in `csv_file`; `afterwards`
    saves another file about it."""
    save_changes(csv_file, session, plan.changes, plan.refusals)
    if not yes:
        show_plan(command, session, feide, plan, as_json=as_json, **allowed)
    with VisibleRun() as run:
        outcome = feide.apply(plan, progress=run.report, stop=run.stop, **allowed)
    lines: list[str] = []
    if any(isinstance(c, WithPassword) and c.initial_password for c in outcome.changes):
        lines += hand_over_lines(feide.settings)
    lines += same_day_lines(same_day_places(feide, outcome.changes))
    finish(
        command, session, plan, outcome, as_json, lines, seconds=run.seconds, csv_file=csv_file, afterwards=afterwards
    )


def hand_over_lines(settings: Settings) -> list[Sentence]:
    """Where the first passwords are, and where users change them."""
    pattern, page = HandoverPattern(settings.path(settings.journal.handover)), settings.login.change_password_url
    if pattern.is_one_file:
        where = Sentence(
            "The first passwords are in {file}. Give them to the users, then note that they are given: "
            "feideprov slips --done",
            file=pattern.path,
        )
    else:
        where = Sentence(
            "The first passwords are in the files in {folder}. Give them to the users, then note that they are given: "
            "feideprov slips --done",
            folder=pattern.folder,
        )
    return [where, *([Sentence("Users change their passwords at {page}", page=page)] if page else [])]


def report_of(command: str, session: Session, plan: Plan, outcome: Outcome | None = None) -> Report:
    """The report of an outcome, or of a plan of which nothing is done, counted as the command counts."""
    done = _COUNTED_AS.get(command)
    of = outcome or Outcome(plan.changes, plan.refusals, unchanged=plan.unchanged)
    counts = of.counts_as(done) if done else of.counts
    changes = in_row_order(of.changes)
    report = Report(command, session, counts, changes, of.refusals, of.failures, planned=True, dry=outcome is None)
    report.lines_of, report.details_of, report.apart = plan_lines, change_details, _APART
    report.rows, report.with_user = row_counts(plan, of, done)
    report.numbers = number_counts(of.changes) if report.rows and done is None else {}
    if plan.leavers.file:
        closed = sum(change.kind == "close" for change in changes)
        report.more["leavers"] = plan.leavers.counts | {"closed": closed}
    if plan.listed and not report.rows:
        report.nothing = Sentence("The list has no rows.")
    return report


def save_changes(
    path: Path | None,
    session: Session,
    changes: Iterable[Change],
    refusals: Iterable[Refusal],
    failures: Iterable[Refusal] = (),
) -> None:
    """Write each change and each refusal to the CSV file of `--csv`, if it was given, in the order of the rows of the
    list; a change of an entry has a row for each attribute that it changes."""
    if path is None:
        return
    found = [row for change in changes for row in _rows_of(change, session)]
    found += [_row_of(one, "held" if one.held else "refused", session) for one in refusals]
    found += [_row_of(one, "failed", session) for one in failures]
    save_rows(path, PLAN_COLUMNS, sorted(found, key=lambda row: row["row"] or 0))


def _rows_of(change: Change, session: Session) -> Iterator[dict[str, Any]]:
    details = change_details(change)
    was, becomes = details["was"], details["becomes"]
    sentence, dn = session.text(change.sentence), scrub(str(change.dn))
    for attribute in ("",) if change.kind == "create" else dict.fromkeys((*was, *becomes)) or ("",):
        values = {"attribute": attribute, "was": was.get(attribute), "becomes": becomes.get(attribute)}
        named = {"kind": change.kind, "user": change.feide_name, "dn": dn, "code": "", "sentence": sentence}
        yield details | named | values


def _row_of(refusal: Refusal, kind: str, session: Session) -> dict[str, Any]:
    return dict.fromkeys(PLAN_COLUMNS) | refusal_as_object(refusal, session) | {"kind": kind}


def what_stops(feide: Client, plan: Plan, **allowed: Unpack[Allowed]) -> ConfigurationError | None:
    """What would stop the plan before anything is written (the caps, mode watch); None when nothing would."""
    try:
        feide.check_allowed(plan, **allowed)
    except ConfigurationError as stop:
        return stop
    return None


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
    command: str,
    session: Session,
    plan: Plan,
    outcome: Outcome,
    as_json: bool,
    lines: list[str],
    seconds: float | None = None,
    csv_file: Path | None = None,
    afterwards: Afterwards | None = None,
) -> None:
    """Show what was done, in how many seconds, and end the command. After a stop, say how to continue."""
    warn((*outcome.recovered, *outcome.warnings))
    report = report_of(command, session, plan, outcome)
    report.seconds = seconds
    report.more |= {"dry": False, "stopped": outcome.stopped}
    with report.saving():
        save_changes(csv_file, session, outcome.changes, outcome.refusals, outcome.failures)
        if afterwards is not None:
            lines = [*lines, *afterwards(outcome)]
    if outcome.stopped or outcome.failures:
        report.next = again()
    elif afterwards is None:
        report.next = _afterwards(outcome.changes)
    headline = Sentence("Done:") if outcome.changes else ""
    ending = [Toned(outcome.stopped, Tone.STOPS)] if outcome.stopped else []
    code = _STOPPED if outcome.stopped else exit_code(report.counts)
    report.show(as_json=as_json, code=code, lines=[*lines, *ending], headline=headline)


def _afterwards(changes: Sequence[ShownChange]) -> Sequence[str]:
    """The next command after these changes."""
    if call_in_force().words[:1] == ("init",):
        return ("doctor",)
    if any(change.kind in ABOUT_NUMBERS for change in changes):
        return ("notify",)
    with_passwords = [c for c in changes if isinstance(c, WithPassword) and c.initial_password]
    if any(change.name_to_show for change in with_passwords):
        return "slips", "slips.pdf"
    if with_passwords:  # of a protected person, who gets no slip
        return "slips", "--done", "--user", with_passwords[0].feide_name
    return ()


def show_plan(
    command: str, session: Session, feide: Client, plan: Plan, *, as_json: bool, **allowed: Unpack[Allowed]
) -> None:
    """Show what would be done, and end the command. Say also what would stop it (the caps, mode watch)."""
    report = report_of(command, session, plan)
    show_dry(report, feide, plan, as_json=as_json, code=exit_code(report.counts), **allowed)


def show_dry(
    report: Report,
    feide: Client,
    plan: Plan,
    *,
    as_json: bool,
    code: int,
    lines: Sequence[str] = (),
    **allowed: Unpack[Allowed],
) -> None:
    """Show the report of what would be done, and end the command; see `show_plan`."""
    headline = Sentence("This would be done (add --yes to do it):")
    if stop := what_stops(feide, plan, **allowed):
        warn([stop.sentence], Tone.STOPS)
        report.more["error"] = stop.sentence
        code, headline = stop.exit_code, Sentence("This would be done, if it were allowed:")
    elif report.changes or report.counts.get("resolved"):
        report.next = again("--yes")
    report.dry = report.more["dry"] = True
    report.show(as_json=as_json, code=code, lines=lines, headline=headline if report.changes else "")
