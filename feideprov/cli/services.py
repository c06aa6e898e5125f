"""The commands about services: what they need, and what their providers answered."""

from __future__ import annotations

from typing import Any

import typer
from rich.console import Console

from feideprov.cli import services_import
from feideprov.cli.listing import show_rows
from feideprov.cli.session import Json, Report, Session
from feideprov.services.service import Service

_HEADING = ("service", "name", "provider", "state", "number", "activated")


def add_to(app: typer.Typer) -> None:
    """Add the group of commands, and those of the other modules."""
    group = typer.Typer(no_args_is_help=True)
    group.command("list")(list_)
    services_import.add_to(group)
    app.add_typer(group, name="services", help="See who needs the number, ask providers, and note their answers.")


def list_(context: typer.Context, as_json: Json = False) -> None:
    """Show the services in the register."""
    session: Session = context.obj
    with session.client() as feide:
        services = feide.services.all()
    if services and not as_json:
        show_rows(_HEADING, map(_row, services), Console(), folded=_HEADING[:3])
    more = {"services": [as_object(service) for service in services]}
    Report("services list", session, {"services": len(services)}, more=more).show(as_json=as_json, code=0)


def as_object(service: Service) -> dict[str, Any]:
    """A service as `--json` shows it."""
    return {
        "id": service.id,
        "name": service.name(),
        "provider": service.provider.name,
        "state": service.answer.state.value,
        "gets_number": service.gets_number,
        "activated": service.activated,
        "ways": [way.value for way in service.ways],
    }


def _row(service: Service) -> tuple[str, ...]:
    yes_no = {True: "yes", False: "no", None: "not known"}
    number, activated = yes_no[service.gets_number], yes_no[service.activated]
    return service.id, service.name(), service.provider.name, service.answer.state.value, number, activated
