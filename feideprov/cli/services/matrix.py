"""The command services matrix: which users without a number have problems, and with which services."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from feideprov.cli.people.pending import hidden_as_object
from feideprov.cli.report import Report, save
from feideprov.cli.session import Json, Session, for_people
from feideprov.cli.table import show_rows
from feideprov.errors import scrub_path
from feideprov.found import NOBODY
from feideprov.messages import Sentence
from feideprov.provision.pending import hidden_notes
from feideprov.services.register.service import Service
from feideprov.services.report.matrix import Cell, Matrix, Row, matrix_sheet
from feideprov.services.report.page import page
from feideprov.text import shown

_HEADING: Final = (
    *(Sentence("user"), Sentence("days"), Sentence("trouble"), Sentence("not known")),
    Sentence("served without a number"),
)
_SHOWN = (Cell.TROUBLE, Cell.NOT_KNOWN, Cell.SERVED)


def matrix(
    context: typer.Context,
    sheet: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", callback=for_people, help="Save the whole matrix (CSV).")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", callback=for_people, help="Save a web page that shows the whole situation."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show which users without a number have problems, and with which services. Protected users are only counted.

    Exit code 1 when the directory does not show all users, or not all numbers that are known.
    """
    session: Session = context.obj
    with session.client() as feide:
        situation = feide.services.situation()
    found = situation.matrix
    if sheet is not None:
        save(sheet, matrix_sheet(found))
    if html is not None:
        save(html, page(situation, session.lang).encode())
    if found.rows and found.services and not as_json:
        heading = session.texts(_HEADING)
        show_rows(heading, (_row(row, found.services) for row in found.rows), folded=heading)
    met = Counter(cell for row in found.rows for cell in row.cells)
    counts = {"pending": found.pending, "protected": found.protected, "services": len(found.services)}
    counts |= {cell.value: met[cell] for cell in Cell if cell is not Cell.OUTSIDE}
    report = Report("services matrix", session, counts, more=_as_json(found))
    notes = hidden_notes(found.hidden_numbers, found.hidden_users)
    where = [Sentence("The page is in {file}.", file=scrub_path(html))] if html is not None else []
    report.show(as_json=as_json, code=int(bool(notes)), lines=[*_summary(found), *notes, *where])


def _row(row: Row, services: Iterable[Service]) -> tuple[str, ...]:
    met = list(zip(row.cells, services, strict=True))
    names = (", ".join(shown(service.name()) for cell, service in met if cell is wanted) for wanted in _SHOWN)
    return row.user, "" if row.days is None else str(row.days), *names


def _summary(found: Matrix) -> list[str]:
    if found.users == 0:
        return [NOBODY]
    if not found.pending:
        return [] if found.hidden_numbers or found.hidden_users else [Sentence("Nobody waits for a number.")]
    lines: list[str] = [
        Sentence("{count} user has no number.", plural="{count} users have no number.", count=found.pending),
        Sentence(
            "{count} of them has at least one service that does not work without it.",
            plural="{count} of them have at least one service that does not work without it.",
            count=found.in_trouble,
        ),
    ]
    if found.protected:
        lines.append(
            Sentence(
                "{count} of them is protected and not listed.",
                plural="{count} of them are protected and not listed.",
                count=found.protected,
            )
        )
    if not found.services:
        lines.append(
            Sentence(
                "No known service is activated here and gets the number. Import services: feideprov services import "
                "FILE"
            )
        )
    elif any(Cell.NOT_KNOWN in row.cells for row in found.rows):
        lines.append(
            Sentence(
                "For some services it is not known whether they depend on the number. Ask the "
                "providers: feideprov services ask"
            )
        )
    return lines


def _as_json(found: Matrix) -> dict[str, Any]:
    services = [
        {
            "id": service.id,
            "name": shown(service.name()),
            "provider": shown(service.provider.name),
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
    return {"services": services, "users": users} | hidden_as_object(found.hidden_numbers, found.hidden_users)
