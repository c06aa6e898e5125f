"""The command services list: what services need, and what their providers answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from feideprov.cli.report import Report, save, save_rows
from feideprov.cli.services.service_json import as_object
from feideprov.cli.session import Csv, Json, Session, for_people
from feideprov.cli.table import show_rows
from feideprov.errors import InputError, Refused
from feideprov.messages import NOTHING, Sentence
from feideprov.services.answer_list import answer_sheet
from feideprov.services.answers import state_of
from feideprov.services.next_step import NextStep, next_step
from feideprov.services.register.service import STATES, Dependency, Service

_COLUMNS = (
    *("id", "name", "provider", "provider_id", "state", "since", "source", "by", "asked_on", "reminded_on"),
    *("reminder_due_on", "answered_on", "gets_number", "required", "activated", "concerns_us", "gone_on", "ways"),
    *("schools", "roles", "contacts", "reason", "names_allowed"),
)
"""Of `--csv`."""
_HEADING = (
    *(Sentence("service"), Sentence("name"), Sentence("provider"), Sentence("state"), Sentence("since")),
    *(Sentence("asked"), Sentence("reminder")),
)


def list_services(
    context: typer.Context,
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            metavar="STATE",
            help=f"Only services in this state: {', '.join(Dependency)}. Can be given more than once.",
        ),
    ] = None,
    provider: Annotated[
        str | None, typer.Option("--provider", metavar="PROVIDER", help="Only services of this provider (id or name).")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Only services whose providers must be reminded now.")] = False,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Also services that are not activated here, are gone, or do not get the number."),
    ] = False,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--answer-sheet", metavar="FILE", callback=for_people, help="Save a list of answers to fill in (CSV)."
        ),
    ] = None,
    csv_file: Csv = None,
    as_json: Json = False,
) -> None:
    """Show services that get the number, and the answers. Only those that are activated here; others with --all."""
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
        and (not due or next_step(one, on, days) is NextStep.REMIND)
    ]
    if sheet is not None:
        save(sheet, answer_sheet(services))
    if services and not as_json:
        heading = session.texts(_HEADING)
        show_rows(heading, (session.texts(_row(one, days)) for one in services), folded=heading[:3])
    counts = {"services": len(services)}
    counts |= {state.value: sum(one.answer.state is state for one in services) for state in Dependency}
    more = {"services": [as_object(service, days) for service in services]}
    save_rows(csv_file, _COLUMNS, more["services"])
    lines = list(_summary(services, len(known) - len(services)))
    report = Report("services list", session, counts, more=more)
    to_ask = (NextStep.ASK, NextStep.REMIND)
    report.next = ("services", "ask") if any(next_step(one, on, days) in to_ask for one in services) else ()
    report.show(as_json=as_json, code=0, lines=lines)


def _state(word: str) -> Dependency:
    try:
        return state_of(word)
    except Refused as unknown:
        raise InputError(Sentence("--state: {reason}", reason=unknown.sentence)) from None


def _row(service: Service, answer_days: int) -> tuple[str, ...]:
    said = service.answer
    days = (said.on, service.asked_on, service.reminder_due_on(answer_days))
    return service.id, service.name(), service.provider.name, STATES[said.state], *map(_day, days)


def _day(day: date | None) -> Sentence:
    return NOTHING if day is None else Sentence("{day}", day=day)


def _summary(services: list[Service], others: int) -> Iterable[str]:
    open_ones = sum(not one.is_settled for one in services)
    if services:
        yield Sentence(
            "{count} service, {without} without an answer.",
            plural="{count} services, {without} without an answer.",
            count=len(services),
            without=open_ones,
        )
    else:
        yield Sentence("There is no service to show.")
    if others:
        yield Sentence(
            "{count} more service is not shown. With --all, services that are not activated here or do not get "
            "the number are shown too.",
            plural="{count} more services are not shown. With --all, services that are not activated here or do not "
            "get the number are shown too.",
            count=others,
        )
