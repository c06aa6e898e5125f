"""The commands that are about numbers: attach, replace, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from feideprov.cli.evidence import Seen, SeenBy, SeenOn, Source, evidence_of
from feideprov.cli.planned import carry_out, noted
from feideprov.cli.session import Json, Session, Yes
from feideprov.client.numbers import Numbers
from feideprov.provision.plan.plan import Plan

NumberList = Annotated[Path, typer.Argument(metavar="LIST", help="A number list (CSV).")]


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    for name, plan, does in (
        ("attach", Numbers.plan_attach, "Register numbers that have arrived."),
        (
            "replace",
            Numbers.plan_replace,
            "Register numbers that follow others, which the list names: the user keeps everything else.",
        ),
        ("withdraw", Numbers.plan_withdraw, "Take wrong numbers away: the users stay, and wait for the right ones."),
    ):
        app.command(name, help=does)(_for_a_number_list(name, plan))


def _for_a_number_list(name: str, plan: Callable[..., Plan]) -> Callable[..., None]:
    def command(
        context: typer.Context,
        number_list: NumberList,
        yes: Yes = False,
        source: Source = None,
        seen: Seen = None,
        seen_by: SeenBy = None,
        seen_on: SeenOn = None,
        as_json: Json = False,
    ) -> None:
        session: Session = context.obj
        with session.client() as feide:
            evidence = evidence_of(seen, seen_by, seen_on, feide.on)
            made = noted(plan(feide.numbers, number_list, source=source, evidence=evidence))
            carry_out(name, session, feide, made, yes=yes, as_json=as_json)

    return command
