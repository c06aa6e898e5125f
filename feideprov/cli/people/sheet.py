"""The command sheet: a sheet to fill in, with headings and words that the readers know."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Literal

import typer

from feideprov.cli.report import Report, create, is_xlsx
from feideprov.cli.session import Json, Session, for_people
from feideprov.errors import InputError, scrub_path
from feideprov.messages import Sentence

_NEXT = {
    "people": Sentence("feideprov plan"),
    "numbers": Sentence("feideprov attach"),
    "services": Sentence("feideprov services import"),
    "nir": Sentence("feideprov nir records"),
}


def sheet(
    context: typer.Context,
    kind: Annotated[Literal["people", "numbers", "services", "nir"], typer.Argument(help="What the sheet is about.")],
    out: Annotated[
        Path, typer.Argument(metavar="OUT.xlsx", callback=for_people, help="The new file. It must not exist yet.")
    ],
    lang: Annotated[
        Literal["en", "nb", "nn"] | None,
        typer.Option("--lang", help="The language of the sheet, if it is another than that of the command."),
    ] = None,
    keys: Annotated[
        int, typer.Option("--keys", min=0, max=10_000, metavar="N", help="Rows of `people` with a new key each.")
    ] = 200,
    as_json: Json = False,
) -> None:
    """Write a sheet to fill in: people, numbers, services or participation records (XLSX)."""
    session: Session = context.obj
    language = lang or session.lang
    if not is_xlsx(out):
        raise InputError(Sentence("A sheet to fill in is XLSX. Give the file a name that ends with .xlsx."))
    with session.client() as feide:
        content = feide.sheet(kind, language=language, keys=keys)
    create(out, content)
    counts = {"keys": keys if kind == "people" else 0}
    report = Report(
        "sheet", session, counts, more={"sheet": kind, "language": language, "file": scrub_path(out)}, done=True
    )
    report.show(as_json=as_json, code=0, lines=[where_it_is(out, _NEXT[kind])])


def where_it_is(path: Path, command: str) -> Sentence:
    """Where a sheet is, and which command reads it."""
    file = scrub_path(path)
    return Sentence(
        "The sheet is in {file}. When it is filled in, run: {command} {argument}",
        file=file,
        command=command,
        argument=shlex.quote(file),
    )
