"""The options that give evidence for a whole list."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from feideprov.errors import InputError
from feideprov.intake.number_list import source_of
from feideprov.messages import Sentence
from feideprov.numbers import Evidence
from feideprov.tables.day import as_date

Source = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="SOURCE_NAME",
        help="The source in the configuration ([[sources]]) that the list comes from.",
    ),
]
Seen = Annotated[
    str | None,
    typer.Option(
        "--evidence",
        metavar="SOURCE",
        help="Where every number of the list was seen: register, letter, card or authority. Evidence in a row "
        "counts before this.",
    ),
]
SeenBy = Annotated[str | None, typer.Option("--seen-by", metavar="NAME", help="Who saw the numbers.")]
SeenOn = Annotated[
    str | None,
    typer.Option("--seen-on", metavar="DATE", help="The day on which they were seen: 2026-08-31 or 31.8.2026."),
]


def evidence_of(seen: str | None, seen_by: str | None, seen_on: str | None, on: date) -> Evidence | None:
    """The evidence that the options give; None when none of them is given.

    Raises InputError when only some are given, or when one of them cannot be read.
    """
    if seen is None and seen_by is None and seen_on is None:
        return None
    if not (seen and seen_by and seen_on):
        raise InputError(
            Sentence(
                "For evidence about a list, give all three options: --evidence SOURCE --seen-by NAME --seen-on DATE"
            )
        )
    source = source_of(seen)
    if source is None:
        raise InputError(Sentence("--evidence must be register, letter, card or authority."))
    day = as_date(seen_on, on)
    if isinstance(day, str):
        raise InputError(Sentence("--seen-on: {reason}", reason=day))
    return Evidence(source, seen_by, day)
