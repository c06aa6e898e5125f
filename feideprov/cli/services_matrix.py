"""The command services matrix: which users without a number meet trouble, and with which services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from feideprov import files
from feideprov.cli.listing import show_rows
from feideprov.cli.session import Json, Report, Session
from feideprov.errors import InputError, scrub_path
from feideprov.services.outbox.templates import plain
from feideprov.services.register.service import Service
from feideprov.services.report.matrix import Cell, Matrix, Row, matrix_sheet
from feideprov.services.report.page import page

_HEADING = ("user", "days", "trouble", "not known", "served without a number")
_SHOWN = (Cell.TROUBLE, Cell.NOT_KNOWN, Cell.SERVED)


def add_to(group: typer.Typer) -> None:
    """Add this module's command."""
    group.command("matrix")(matrix)


def matrix(
    context: typer.Context,
    sheet: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Save the whole matrix (CSV).")] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Save the page: all that is known, to look at.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show which users without a number meet trouble, and with which services. Protected users are only counted."""
    session: Session = context.obj
    with session.client() as feide:
        situation = feide.services.situation()
    found = situation.matrix
    if sheet is not None:
        _save(sheet, matrix_sheet(found))
    if html is not None:
        _save(html, page(situation, session.lang).encode())
    if found.rows and found.services and not as_json:
        show_rows(_HEADING, (_row(row, found.services) for row in found.rows), Console(), folded=_HEADING)
    met = Counter(cell for row in found.rows for cell in row.cells)
    counts = {"pending": found.pending, "protected": found.protected, "services": len(found.services)}
    counts |= {cell.value: met[cell] for cell in Cell if cell is not Cell.OUTSIDE}
    report = Report("services matrix", session, counts, more=_as_json(found))
    report.show(as_json=as_json, code=0, lines=_summary(found))


def _row(row: Row, services: Iterable[Service]) -> tuple[str, ...]:
    met = list(zip(row.cells, services, strict=True))
    names = (", ".join(plain(service.name()) for cell, service in met if cell is shown) for shown in _SHOWN)
    return row.user, "" if row.days is None else str(row.days), *names


def _summary(found: Matrix) -> list[str]:
    protected = f" ({found.protected} protected, not listed)" if found.protected else ""
    if not found.pending:
        return ["Nobody waits for a number."]
    lines = [f"{found.pending} without a number{protected}; {found.in_trouble} meet trouble."]
    if not found.services:
        lines.append("No service that is activated here and gets the number is known: feideprov services import FILE")
    elif any(Cell.NOT_KNOWN in row.cells for row in found.rows):
        lines.append("Ask what is not known: feideprov services ask")
    return lines


def _as_json(found: Matrix) -> dict[str, Any]:
    services = [
        {
            "id": service.id,
            "name": plain(service.name()),
            "provider": plain(service.provider.name),
            "state": service.answer.state.value,
            "meets": {cell.value: found.met_at(place)[cell] for cell in Cell},
        }
        for place, service in enumerate(found.services)
    ]
    users = [
        {
            "user": row.user,
            "source_id": row.source_id,
            "since": row.since.isoformat() if row.since else None,
            "since_source": row.since_source,
            "days": row.days,
            "schools": list(row.schools),
            "cells": {service.id: cell.value for service, cell in zip(found.services, row.cells, strict=True)},
        }
        for row in found.rows
    ]
    return {"services": services, "users": users}


def _save(path: Path, content: bytes) -> None:
    try:
        files.replace(path, content)
    except OSError as error:
        raise InputError(f"{scrub_path(path)} cannot be written: {error.strerror}.") from None
