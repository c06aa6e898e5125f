"""The commands for lists of numbers: attach, replace, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from feideprov.cli.changes import carry_out, noted
from feideprov.cli.evidence import Seen, SeenBy, SeenOn, Source, evidence_of
from feideprov.cli.session import Csv, Encoding, Json, Session, Sheet, Yes
from feideprov.client.numbers import Numbers
from feideprov.provision.plan.plan import Plan

NumberList = Annotated[
    Path,
    typer.Argument(metavar="LIST", help="A number list: spreadsheet or CSV; except for withdraw also PIFU or IMS."),
]


def _command(name: str, plan: Callable[..., Plan], description: str) -> Callable[..., None]:
    def command(
        context: typer.Context,
        number_list: NumberList,
        yes: Yes = False,
        source: Source = None,
        seen: Seen = None,
        seen_by: SeenBy = None,
        seen_on: SeenOn = None,
        encoding: Encoding = None,
        sheet: Sheet = None,
        csv_file: Csv = None,
        as_json: Json = False,
    ) -> None:
        session: Session = context.obj
        with session.client() as feide:
            evidence = evidence_of(seen, seen_by, seen_on, feide.on)
            read = {"source": source, "encoding": encoding, "sheet": sheet}
            made = noted(plan(feide.numbers, number_list, evidence=evidence, **read))
            carry_out(name, session, feide, made, yes=yes, as_json=as_json, csv_file=csv_file)

    command.__doc__ = description
    return command


attach = _command("attach", Numbers.plan_attach, "Register numbers that have arrived.")
replace = _command(
    "replace",
    Numbers.plan_replace,
    "Replace numbers by others. The list has both numbers; everything else about the user stays.",
)
withdraw = _command(
    "withdraw", Numbers.plan_withdraw, "Remove wrong numbers. The users stay, and wait for the right ones."
)
