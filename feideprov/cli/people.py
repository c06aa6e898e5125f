"""The commands that are about people: plan, apply, pending, resolve, history."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from feideprov import files
from feideprov.cli.evidence import Seen, SeenBy, SeenOn, Source, evidence_of
from feideprov.cli.listing import show_rows
from feideprov.cli.planned import carry_out, noted, report_of
from feideprov.cli.session import AllowChanges, Json, Report, Session, Yes, exit_code
from feideprov.client import Client
from feideprov.directory import ldif
from feideprov.directory.entry import Entry
from feideprov.errors import ConfigurationError, InputError, scrub, scrub_path
from feideprov.feide.lin import LIN_ATTRIBUTE
from feideprov.feide.organization import School
from feideprov.feide.person import Role
from feideprov.journal.journal import Event
from feideprov.provision.pending import PendingUser, query_sheet
from feideprov.provision.plan.changes import Change, Create, Protect, Update

_BEFORE_OTHER = {"rename": "to", "second-account": "of"}
"""What stands before the other name in an event: the new one of a rename, the other user of a second account."""
_HEADING = ("user", "source id", "since", "days", "")


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (plan, apply, pending, resolve, history):
        app.command()(command)


def plan(
    context: typer.Context,
    input_file: Annotated[Path, typer.Argument(metavar="INPUT", help="A person list (CSV).")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Save the plan, for apply.")] = None,
    ldif_file: Annotated[Path | None, typer.Option("--ldif", help="Save what would be written, as LDIF.")] = None,
    would_change: Annotated[bool, typer.Option("--exit-code", help="Exit 1 if anything would change.")] = False,
    source: Source = None,
    seen: Seen = None,
    seen_by: SeenBy = None,
    seen_on: SeenOn = None,
    as_json: Json = False,
) -> None:
    """Show what apply would do. Writes nothing to the directory."""
    session: Session = context.obj
    with session.client() as feide:
        evidence = evidence_of(seen, seen_by, seen_on, feide.on)
        made = noted(feide.plan(input_file, source=source, evidence=evidence))
        if output is not None:
            feide.save_plan(made, output, source=input_file)
        if ldif_file is not None:
            _save(ldif_file, "".join(_change_as_ldif(c) for c in made.changes if not isinstance(c, Protect)).encode())
    code = exit_code(made.counts) or int(would_change and bool(made.changes))
    report_of("plan", session, made).show(as_json=as_json, code=code, headline="Would be done:" if made.changes else "")


def apply(
    context: typer.Context,
    input_file: Annotated[Path, typer.Argument(metavar="PLAN-or-INPUT", help="A saved plan, or a person list (CSV).")],
    yes: Yes = False,
    only: Annotated[
        str | None, typer.Option("--only", metavar="SOURCE_ID", help="One person, protected or not.")
    ] = None,
    source: Source = None,
    seen: Seen = None,
    seen_by: SeenBy = None,
    seen_on: SeenOn = None,
    allow_changes: AllowChanges = None,
    as_json: Json = False,
) -> None:
    """Make and update users. First passwords go to the hand-over file."""
    session: Session = context.obj
    with session.client() as feide:
        evidence = evidence_of(seen, seen_by, seen_on, feide.on)
        made = feide.load_plan(input_file)
        if made is not None and (only or source or evidence):
            raise InputError("A plan is applied as it stands: --only, --source and --evidence go with a person list.")
        if made is None:
            made = feide.plan(input_file, source=source, evidence=evidence, only=only)
        noted(made)
        carry_out("apply", session, feide, made, yes=yes, as_json=as_json, allow_changes=allow_changes)


def pending(
    context: typer.Context,
    older_than: Annotated[int, typer.Option("--older-than", metavar="DAYS", help="Waiting for more days.")] = 0,
    school: Annotated[str | None, typer.Option("--school", help="Of this school (id, number, name or DN).")] = None,
    role: Annotated[str | None, typer.Option("--role", help="pupil, student, teacher or staff.")] = None,
    ours: Annotated[bool, typer.Option("--ours", help="Only users that this tool made or was told about.")] = False,
    sheet: Annotated[
        Path | None, typer.Option("--query-sheet", help="Save a number list to be filled in (CSV).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show who has no number, and since when."""
    session: Session = context.obj
    affiliation = _affiliation(role)
    with session.client() as feide:
        at = _school(feide, school)
        users = [
            user
            for user in feide.pending()
            if (not ours or user.ours)
            and (not older_than or (user.days or 0) > older_than)
            and (at is None or any(feide.organization.school(dn) == at for dn in user.schools))
            and (affiliation is None or affiliation in user.affiliations)
        ]
    if sheet is not None:
        _save(sheet, query_sheet(users))
    report = Report(
        "pending", session, {"pending": len(users)}, more={"users": [user_as_object(user) for user in users]}
    )
    if not as_json and users:
        show_rows(_HEADING, map(_row, users), Console(), folded=_HEADING[:2])
    report.show(as_json=as_json, code=0, lines=[f"{len(users)} without a number." if users else "Nobody waits."])


def resolve(
    context: typer.Context,
    user: Annotated[str, typer.Argument(metavar="USER", help="A Feide name.")],
    same_as: Annotated[str | None, typer.Option("--same-as", metavar="SOURCE_ID", help="It is this person.")] = None,
    different: Annotated[bool, typer.Option("--different", help="It is nobody else, however alike.")] = False,
    second_account_of: Annotated[
        str | None, typer.Option("--second-account-of", metavar="USER2", help="Both are one person's accounts.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Answer a question about people, so that a held row can go on."""
    session: Session = context.obj
    if sum(map(bool, (same_as, different, second_account_of))) != 1:
        raise InputError("Say one of --same-as, --different and --second-account-of.")
    with session.client() as feide:
        sentence = feide.resolve(user, same_as=same_as, different=different, second_account_of=second_account_of)
    more = {"user": user, "sentence": sentence}
    Report("resolve", session, {"resolved": 1}, more=more).show(as_json=as_json, code=0, headline=sentence)


def history(
    context: typer.Context,
    user: Annotated[str, typer.Argument(metavar="USER", help="A Feide name.")],
    about: Annotated[
        bool, typer.Option("--about", help="Read a number from standard input, and say which events are about it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what was done to a user: when, by whom, on which evidence."""
    session: Session = context.obj
    with session.client() as feide:
        events = feide.history(user)
        number = _number_from_stdin() if about else ""
        found = [_event_as_json(event) for event in events]
        if about:
            found = [
                shown | {"about": feide.is_about(event, number)} for shown, event in zip(found, events, strict=True)
            ]
    lines = [_event_line(event, shown) for event, shown in zip(events, found, strict=True)]
    lines = lines or ["The journal has nothing about this user."]
    code = int(any(event.altered for event in events))
    report = Report("history", session, {"events": len(events)}, more={"events": found})
    report.show(as_json=as_json, code=code, lines=lines)


def _number_from_stdin() -> str:
    """One line; at a terminal it is asked for, and not shown while it is typed."""
    if sys.stdin.isatty():
        return str(typer.prompt("Number", hide_input=True, err=True)).strip()
    return sys.stdin.readline().strip()


def _change_as_ldif(change: Change) -> str:
    """What would be written, as change records: RFC 2849 lets no file mix these with entries. A comment stands where
    a number would, also for a whole change that is nothing else; no password is made for a look."""
    lines = [f"# {scrub(change.sentence)}"]
    if change.number:
        lines.append(f"# {change.number} is written here: norEduPersonNIN")
    dn = str(change.dn).encode()
    if isinstance(change, Create):
        lines += [*ldif.folded("dn", dn), "changetype: add"]
        for name, values in Entry(change.dn, change.user.values).items():
            lines += _as_ldif(name, values)
    elif isinstance(change, Update) and (steps := [s for s in change.modifications if s.attribute != LIN_ATTRIBUTE]):
        lines += [*ldif.folded("dn", dn), "changetype: modify"]
        for step in steps:
            lines += [f"{step.operation}: {step.attribute}", *_as_ldif(step.attribute, step.values), "-"]
    else:
        lines += ldif.folded("# dn", dn)
    return "\n".join(lines) + "\n\n"


def _as_ldif(attribute: str, values: Iterable[bytes]) -> list[str]:
    if attribute == LIN_ATTRIBUTE:  # a local number may turn out to be a national one
        return [f"# a local number is written here: {attribute}" for _ in values]
    return [line for value in values for line in ldif.folded(attribute, value)]


def _save(path: Path, content: bytes) -> None:
    try:
        files.replace(path, content)
    except OSError as error:
        raise InputError(f"{scrub_path(path)} cannot be written: {error.strerror}.") from None


def _school(feide: Client, text: str | None) -> School | None:
    if text is None:
        return None
    school = feide.organization.school(text)
    if school is None:
        known = ", ".join(school.id for school in feide.organization.schools)
        raise ConfigurationError(f"“{scrub(text)}” is no school of the configuration (known: {known}).")
    return school


def _affiliation(role: str | None) -> str | None:
    try:
        return Role(role).affiliations[0] if role is not None else None
    except ValueError:
        raise InputError(f"A role is one of {', '.join(Role)}.") from None


def user_as_object(user: PendingUser) -> dict[str, Any]:
    """A user who waits for a number, as `--json` shows it."""
    return {
        "user": user.user,
        "source_id": user.source_id,
        "since": user.since.isoformat() if user.since else None,
        "since_source": user.since_source,
        "days": user.days,
    }


def _row(user: PendingUser) -> tuple[str, ...]:
    since = user.since.isoformat() if user.since else "not known"
    note = "protected" if user.protected else "" if user.ours else "not ours"
    return user.user, user.source_id or "", since, "" if user.days is None else str(user.days), note


def _event_as_json(event: Event) -> dict[str, Any]:
    return {
        "at": event.at,
        "by": event.by,
        "kind": event.kind,
        "other": event.other,
        "outcome": event.state.value,
        "evidence": event.evidence_text,
        "lifted": event.lifted,
        "altered": event.altered,
        "input": event.input,
        "row": event.input_row,
    }


def _event_line(event: Event, shown: dict[str, Any]) -> str:
    source = f", from {event.input} row {event.input_row}" if event.input else ""
    evidence = f"; evidence: {event.evidence_text}" if event.evidence else ""
    altered = ". The evidence was altered after it was written down: do not rely on it" if event.altered else ""
    about = {True: "; about this number", False: "; not about this number"}.get(shown.get("about", ""), "")
    other = f" {_BEFORE_OTHER[event.kind]} {event.other}" if event.other and event.kind in _BEFORE_OTHER else ""
    return f"{event.at}  {event.kind}{other}: {event.state.value}, by {event.by}{source}{evidence}{about}{altered}"
