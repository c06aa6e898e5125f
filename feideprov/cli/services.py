"""The commands about services: what they need, and what their providers answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from feideprov import files
from feideprov.cli import services_ask, services_import, services_matrix
from feideprov.cli.listing import printable, show_rows
from feideprov.cli.service_json import _iso, as_object
from feideprov.cli.session import Json, Report, Session
from feideprov.client import Client
from feideprov.errors import InputError, Refused, scrub_path
from feideprov.issues import Refusal
from feideprov.services.answer_list import answer_sheet
from feideprov.services.answers import Answered, state_of
from feideprov.services.register.service import Dependency, Service
from feideprov.services.turn import Turn, turn_of
from feideprov.tables.day import as_date

_HEADING = ("service", "name", "provider", "state", "since", "asked", "reminder")
_SAYS = {
    Dependency.UNKNOWN: "is unknown",
    Dependency.ASKED: "was asked",
    Dependency.INDEPENDENT: "does not depend on the number",
    Dependency.CAN_SERVE: "depends on the number, and can serve users without",
    Dependency.CANNOT_SERVE: "depends on the number, and cannot serve users without",
    Dependency.NO_ANSWER: "gave no answer",
}


def add_to(app: typer.Typer) -> None:
    """Add the group of commands, and those of the other modules."""
    group = typer.Typer(no_args_is_help=True)
    group.command("list")(list_)
    group.command()(answer)
    services_import.add_to(group)
    services_ask.add_to(group)
    services_matrix.add_to(group)
    app.add_typer(group, name="services", help="See who needs the number, ask providers, and note their answers.")


def list_(
    context: typer.Context,
    state: Annotated[
        list[str] | None, typer.Option("--state", help=f"Only in this state: {', '.join(Dependency)}. May be repeated.")
    ] = None,
    provider: Annotated[str | None, typer.Option("--provider", help="Only of this provider (id or name).")] = None,
    due: Annotated[bool, typer.Option("--due", help="Only those that it is time to remind.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Those too that are not activated here, are gone, or do not get the number.")
    ] = False,
    sheet: Annotated[
        Path | None,
        typer.Option("--answer-sheet", metavar="FILE", help="Save a list of answers to be filled in (CSV)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the services that get the number and are activated here, and what their providers answered."""
    session: Session = context.obj
    states = set(map(_state, state or ()))
    with session.client() as feide:
        days, on = feide.settings.services.answer_days, feide.on
        known = feide.services.all()
    services = [
        one
        for one in known
        if (everything or one.concerns_us)
        and (not states or one.answer.state in states)
        and (provider is None or one.provider.is_called(provider))
        and (not due or turn_of(one, on, days) is Turn.REMIND)
    ]
    if sheet is not None:
        _save(sheet, answer_sheet(services))
    if services and not as_json:
        show_rows(_HEADING, (_row(one, days) for one in services), Console(), folded=_HEADING[:3])
    counts = {"services": len(services)}
    counts |= {state.value: sum(one.answer.state is state for one in services) for state in Dependency}
    more = {"services": [as_object(service, days) for service in services]}
    lines = list(_summary(services, len(known) - len(services)))
    Report("services list", session, counts, more=more).show(as_json=as_json, code=0, lines=lines)


def answer(
    context: typer.Context,
    service: Annotated[
        str | None, typer.Argument(metavar="[SERVICE]", help="Its id, or a name that no other service has.")
    ] = None,
    state: Annotated[str | None, typer.Argument(metavar="[ANSWER]", help=f"One of {', '.join(Dependency)}.")] = None,
    source: Annotated[
        str, typer.Option("--source", metavar="TEXT", help="Where the answer comes from: a mail, a letter, a call.")
    ] = "",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day of the answer; today without.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Notices are owed about changes since this day.")
    ] = None,
    provider: Annotated[
        str | None, typer.Option("--provider", help="The answer holds for all services of this provider (id or name).")
    ] = None,
    table: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Answers in a list (CSV).")] = None,
    allow_names: Annotated[
        str | None,
        typer.Option("--allow-names", metavar="BASIS", help="Notices may hold Feide names, on this basis; “” forbids."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write down what providers answered, and the notices that this makes owed."""
    session: Session = context.obj
    if provider is not None and state is None:
        service, state = None, service  # the one word that is given is the answer
    if sum((service is not None, provider is not None, table is not None)) != 1:
        raise InputError("Say which service, or --provider, or --csv FILE.")
    if table is None and state is None and allow_names is None:
        raise InputError(f"Say what the answer is: {', '.join(Dependency)}.")
    if allow_names is not None and service is None:
        raise InputError("--allow-names is about one service: name it.")
    if table is not None and (on is not None or since is not None):
        raise InputError("--on and --since are not for a list, whose rows have days of their own (column on).")
    with session.client() as feide:
        day, start = _day("--on", on, feide.on), _day("--since", since, feide.on)
        refusals: tuple[Refusal, ...] = ()
        answered, lines = list[Answered](), list[str]()
        if table is not None:
            taken = feide.services.answers_from(table, source=source)
            answered, refusals = list(taken.answered), taken.refusals
            lines += [f"{taken.unanswered} rows have no answer yet."] if taken.unanswered else []
        elif provider is not None and state is not None:
            answered = feide.services.answer_for(provider, state, source=source, on=day, since=start)
        elif service is not None and state is not None:
            answered = [feide.services.answer(service, state, source=source, on=day, since=start)]
        if allow_names is not None and service is not None:
            lines += _allowed(feide, service, allow_names, day)
        days = feide.settings.services.answer_days
    _show_answers(session, answered, refusals, lines, days, as_json=as_json)


def _show_answers(
    session: Session,
    answered: list[Answered],
    refusals: Iterable[Refusal],
    lines: list[str],
    days: int,
    *,
    as_json: bool,
) -> None:
    refused = [
        {"source": r.origin.file, "row": r.origin.row, "code": r.code, "sentence": r.sentence}
        for r in refusals
        if r.origin
    ]
    counts = {"answered": len(answered), "owed": sum(one.owed for one in answered), "refused": len(refused)}
    more = {
        "services": [as_object(one.service, days) | {"owed": one.owed} for one in answered],
        "refusals": refused,
    }
    told = [_answered_line(one) for one in answered] + lines
    told += [f"{one['source']} row {one['row']}: {one['sentence']} [{one['code']}]" for one in refused]
    told += ["Send what is owed: feideprov notify"] if counts["owed"] else []
    report = Report("services answer", session, counts, more=more)
    report.show(as_json=as_json, code=int(bool(refused)), lines=told)


def _answered_line(one: Answered) -> str:
    service = one.service
    many = f"{one.owed} changes of numbers are" if one.owed > 1 else "one change of a number is"
    owed = f"; {many} to be told" if one.owed else ""
    return printable(f"{service.name()} ({service.provider.name}) {_SAYS[service.answer.state]}{owed}.")


def _allowed(feide: Client, service: str, basis: str, day: date | None) -> list[str]:
    one = feide.services.allow_names(service, basis, day or feide.on)
    what = f"may hold Feide names: {one.basis_for_names.text}" if one.basis_for_names else "hold no Feide names"
    return [printable(f"Notices to {one.name()} {what}.")]


def _state(word: str) -> Dependency:
    try:
        return state_of(word)
    except Refused as unknown:
        raise InputError(f"--state: {unknown}") from None


def _day(option: str, text: str | None, on: date) -> date | None:
    day = as_date(text, on) if text is not None else None
    if isinstance(day, str):
        raise InputError(f"{option}: {day}")
    return day


def _row(service: Service, answer_days: int) -> tuple[str, ...]:
    said = service.answer
    days = (said.on, service.asked_on, service.reminder_due_on(answer_days))
    return service.id, service.name(), service.provider.name, said.state.value, *(_iso(day) or "" for day in days)


def _summary(services: list[Service], others: int) -> Iterable[str]:
    open_ones = sum(not one.is_settled for one in services)
    yield f"{len(services)} services, {open_ones} of them without an answer." if services else "No service."
    if others:
        yield f"{others} more are not shown (--all shows those too that do not concern us)."


def _save(path: Path, content: bytes) -> None:
    try:
        files.replace(path, content)
    except OSError as error:
        raise InputError(f"{scrub_path(path)} cannot be written: {error.strerror}.") from None
