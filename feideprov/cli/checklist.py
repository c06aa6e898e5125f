"""The command checklist: where else a number must be changed on the day that it changes."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console

from feideprov.cli.listing import show_rows
from feideprov.cli.session import Json, Report, Session
from feideprov.journal.checklist import Item

_HEADING = ("user", "change", "on", "not yet in", "done in")


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(checklist)


def checklist(
    context: typer.Context,
    user: Annotated[str | None, typer.Argument(metavar="USER", help="A Feide name; without one, everybody.")] = None,
    done: Annotated[
        list[str] | None,
        typer.Option("--done", metavar="PLACE", help="Tick this place, or “all”; more than once for several."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show where else numbers that have changed must be changed on the same day, and tick what is done."""
    session: Session = context.obj
    with session.client() as feide:
        ticked = feide.checklist.tick(*done, user=user) if done else []
        items = feide.checklist.items(user)
    listed = [item for item in items if not item.protected or user]
    if listed and not as_json:
        show_rows(_HEADING, map(_row, listed), Console(), folded=_HEADING[3:])
    waiting = [item for item in items if item.open]
    counts = {"users": len(waiting), "places": sum(len(item.open) for item in waiting), "ticked": len(ticked)}
    more = {"checklist": [_as_object(item) for item in listed], "protected": len(items) - len(listed)}
    lines = [f"Ticked for {len(ticked)} users."] if done else []
    if hidden := len(items) - len(listed):
        lines.append(f"And {hidden} protected users, who are not listed.")
    if not waiting:
        lines.append("Everything is ticked.")
    Report("checklist", session, counts, more=more).show(as_json=as_json, code=0, lines=lines)


def _row(item: Item) -> tuple[str, ...]:
    return item.user, item.kind, str(item.on), ", ".join(item.open), ", ".join(item.done)


def _as_object(item: Item) -> dict[str, Any]:
    return {
        "user": item.user,
        "kind": item.kind,
        "on": str(item.on),
        "open": list(item.open),
        "done": list(item.done),
    }
