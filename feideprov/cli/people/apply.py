"""The command apply: create and update users."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from feideprov.cli.changes import Allowed, carry_out, noted
from feideprov.cli.evidence import Seen, SeenBy, SeenOn, Source, evidence_of
from feideprov.cli.session import (
    AllowChanges,
    AllowFewer,
    Csv,
    Encoding,
    Json,
    Leavers,
    NewKeys,
    ReplaceNumbers,
    Session,
    Sheet,
    Yes,
)
from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.provision.plan.plan import Plan


def apply(
    context: typer.Context,
    input_file: Annotated[Path, typer.Argument(metavar="PLAN-or-LIST", help="A saved plan, or a list of people.")],
    yes: Yes = False,
    only: Annotated[
        str | None,
        typer.Option(
            "--only", metavar="SOURCE_ID", help="Only the person with this source id, who can also be protected."
        ),
    ] = None,
    new_person: Annotated[
        bool,
        typer.Option("--new-person", help="With --only: the person is nobody who is a user already (R-SAME-PERSON)."),
    ] = False,
    same_person: Annotated[
        bool,
        typer.Option(
            "--same-person",
            help="With --only: it is still the person who has this source id (R-OTHER-PERSON, R-NAMES-SWAPPED).",
        ),
    ] = False,
    replace: ReplaceNumbers = False,
    source: Source = None,
    seen: Seen = None,
    seen_by: SeenBy = None,
    seen_on: SeenOn = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    new_keys: NewKeys = False,
    leavers: Leavers = False,
    allow_changes: AllowChanges = None,
    allow_fewer: AllowFewer = None,
    csv_file: Csv = None,
    as_json: Json = False,
) -> None:
    """Create and update users. First passwords go to the hand-over file."""
    session: Session = context.obj
    with session.client() as feide:
        evidence = evidence_of(seen, seen_by, seen_on, feide.on)
        made = Plan.load(input_file, client=feide)
        if made is not None:
            _refuse_options(
                of_a_list=any((only, source, evidence, new_person, same_person, leavers, replace, new_keys)),
                of_reading=bool(encoding or sheet),
            )
        else:
            said = {"new_person": new_person, "same_person": same_person, "replace": replace}
            said |= {"new_keys": new_keys, "leavers": leavers}
            made = feide.plan(
                input_file, source=source, evidence=evidence, only=only, encoding=encoding, sheet=sheet, **said
            )
        noted(made)
        allowed: Allowed = {"allow_changes": allow_changes, "allow_fewer": allow_fewer}
        carry_out("apply", session, feide, made, yes=yes, as_json=as_json, csv_file=csv_file, **allowed)


def _refuse_options(*, of_a_list: bool, of_reading: bool) -> None:
    """Raises InputError for options that a saved plan cannot follow."""
    if of_a_list:
        raise InputError(
            Sentence(
                "--only, --new-person, --same-person, --source, --evidence, --replace, --new-keys and --leavers cannot "
                "be used with a saved plan. Use them with a person list."
            )
        )
    if of_reading:
        raise InputError(
            Sentence(
                "--encoding and --sheet cannot be used with a saved plan, which knows how its list was read. Run "
                "again without them."
            )
        )
