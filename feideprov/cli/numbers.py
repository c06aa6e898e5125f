"""The commands that are about numbers: attach, replace, withdraw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feideprov.cli.evidence import Seen, SeenBy, SeenOn, Source, evidence_of
from feideprov.cli.planned import carry_out, noted
from feideprov.cli.session import Json, Session, Yes

NumberList = Annotated[Path, typer.Argument(metavar="LIST", help="A number list (CSV).")]


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (attach, replace, withdraw):
        app.command()(command)


def attach(
    context: typer.Context,
    number_list: NumberList,
    yes: Yes = False,
    source: Source = None,
    seen: Seen = None,
    seen_by: SeenBy = None,
    seen_on: SeenOn = None,
    as_json: Json = False,
) -> None:
    """Register numbers that have arrived."""
    session: Session = context.obj
    with session.client() as feide:
        evidence = evidence_of(seen, seen_by, seen_on, feide.on)
        made = noted(feide.plan_attach(number_list, source=source, evidence=evidence))
        carry_out("attach", session, feide, made, yes=yes, as_json=as_json)


def replace(
    context: typer.Context,
    number_list: NumberList,
    yes: Yes = False,
    source: Source = None,
    seen: Seen = None,
    seen_by: SeenBy = None,
    seen_on: SeenOn = None,
    as_json: Json = False,
) -> None:
    """Register numbers that follow others, which the list names: the user keeps everything else."""
    session: Session = context.obj
    with session.client() as feide:
        evidence = evidence_of(seen, seen_by, seen_on, feide.on)
        made = noted(feide.plan_replace(number_list, source=source, evidence=evidence))
        carry_out("replace", session, feide, made, yes=yes, as_json=as_json)


def withdraw(
    context: typer.Context,
    number_list: NumberList,
    yes: Yes = False,
    source: Source = None,
    seen: Seen = None,
    seen_by: SeenBy = None,
    seen_on: SeenOn = None,
    as_json: Json = False,
) -> None:
    """Take wrong numbers away: the users stay, and wait for the right ones."""
    session: Session = context.obj
    with session.client() as feide:
        evidence = evidence_of(seen, seen_by, seen_on, feide.on)
        made = noted(feide.plan_withdraw(number_list, source=source, evidence=evidence))
        carry_out("withdraw", session, feide, made, yes=yes, as_json=as_json)
