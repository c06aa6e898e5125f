"""What all commands share: the configuration, the language, and the options that many have."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from feideprov.cli.screen import fitted
from feideprov.messages import Sentence

if TYPE_CHECKING:
    from feideprov.client.client import Client

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Save all of it as a table (CSV), for a spreadsheet.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Really do it. Without it, nothing is written and the plan is shown.")]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="The encoding of the list: utf-8, cp1252, or cp850 or cp865 of old systems. Without it, the list must "
        "be in UTF-8 or Windows-1252.",
    ),
]
Sheet = Annotated[
    str | None,
    typer.Option("--sheet", metavar="NAME", help="The sheet of a spreadsheet that has several with known headings."),
]
AllowChanges = Annotated[
    int | None, typer.Option("--allow-changes", metavar="N", help="Let the plan change up to N users.")
]
AllowFewer = Annotated[
    int | None, typer.Option("--allow-fewer", metavar="N", help="Let a full file (PIFU, IMS) have as few as N people.")
]
Leavers = Annotated[
    bool,
    typer.Option("--leavers", help="Close users who are missing in two full files (PIFU, IMS) of different days."),
]
Part = Annotated[bool, typer.Option("--part", help="The export is meant to be a part of the directory.")]
DEFAULT_CONFIG = Path("feideprov.toml")


@dataclass(frozen=True)
class Session:
    """One call of the program."""

    config: Path
    lang: Literal["en", "nb", "nn"]
    clients: list[Client] = field(default_factory=list)
    """The clients of this call."""

    def client(self) -> Client:
        """The client for the configuration."""
        from feideprov.client.client import Client

        feide = Client.open(self.config)
        if not gc.isenabled():  # see `feideprov.cli.main`
            gc.freeze()
            gc.enable()
        self.clients.append(feide)
        return feide

    def show_notes(self) -> None:
        """Print on standard error what of an LDIF file was not read."""
        for note in dict.fromkeys(note for feide in self.clients for note in feide.notes):
            typer.echo(fitted(self.text(note), err=True), err=True)

    def text(self, sentence: str) -> str:
        """A sentence in the chosen language."""
        return sentence.in_language(self.lang) if isinstance(sentence, Sentence) else sentence

    def say(self, code: str, sentence: str) -> str:
        """The same, for a sentence that is about a number when the code says so."""
        from feideprov.numbers import SENTENCES

        return str(getattr(SENTENCES[code], self.lang)) if code in SENTENCES else self.text(sentence)
