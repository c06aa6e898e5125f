"""The command checklist: where else a number must be changed on the day that it changes."""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from feideprov.cli.report import Report, save_rows
from feideprov.cli.session import Csv, Json, Session
from feideprov.cli.table import show_rows
from feideprov.journal.checklist import Item
from feideprov.journal.events import KINDS
from feideprov.messages import Sentence, joined

_HEADING: Final = (
    Sentence("user"),
    Sentence("change"),
    Sentence("on"),
    Sentence("not yet in"),
    Sentence("done in"),
)
_COLUMNS: Final = ("user", "kind", "on", "open", "done")
"""Of `--csv`."""


def checklist(
    context: typer.Context,
    user: Annotated[str | None, typer.Argument(metavar="USER", help="A Feide name; without one, everybody.")] = None,
    done: Annotated[
        list[str] | None,
        typer.Option("--done", metavar="PLACE", help="Tick this place, or “all”. Can be given more than once."),
    ] = None,
    csv_file: Csv = None,
    as_json: Json = False,
) -> None:
    """Show where else a number must be changed on the day that it changes, and tick what is done."""
    session: Session = context.obj
    with session.client() as feide:
        ticked = feide.checklist.tick(*done, user=user) if done else []
        items = feide.checklist.items(user)
    listed = [item for item in items if not item.protected or user]
    if listed and not as_json:
        show_rows(_HEADING, map(_row, listed), folded=_HEADING[3:])
    waiting = [item for item in items if item.open]
    protected = len(items) - len(listed)
    counts = {"users": len(waiting), "places": sum(len(item.open) for item in waiting), "ticked": len(ticked)}
    more: dict[str, Any] = {"checklist": [_as_object(item) for item in listed], "protected": protected}
    report = Report("checklist", session, counts, more=more, done=bool(done))
    if waiting and not done:
        report.next = next((("checklist", item.user, "--done", "all") for item in waiting if item in listed), ())
    with report.saving():
        save_rows(csv_file, _COLUMNS, more["checklist"])
    lines: list[str] = []
    if done:
        lines.append(Sentence("Ticked for {count} user.", plural="Ticked for {count} users.", count=len(ticked)))
    if protected:
        lines.append(
            Sentence(
                "{count} more user is protected and not listed.",
                plural="{count} more users are protected and not listed.",
                count=protected,
            )
        )
    if not waiting:
        lines.append(Sentence("Everything is ticked."))
    report.show(as_json=as_json, code=0, lines=lines)


def _row(item: Item) -> tuple[str, ...]:
    on = Sentence("{day}", day=item.on)
    return item.user, KINDS.get(item.kind, item.kind), on, joined(item.open, ", "), joined(item.done, ", ")


def _as_object(item: Item) -> dict[str, Any]:
    return {
        "user": item.user,
        "kind": item.kind,
        "on": str(item.on),
        "open": list(item.open),
        "done": list(item.done),
    }
