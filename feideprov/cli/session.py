"""What all commands share: the configuration, the language, and the options that many have."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from feideprov.cli.screen import remark
from feideprov.errors import InputError, scrub_path
from feideprov.messages import Language, Sentence, said_in
from feideprov.system_errors import reason_of

if TYPE_CHECKING:
    from feideprov.client.client import Client
    from feideprov.settings import Settings


def for_people(context: typer.Context, path: Path | None) -> Path | None:
    """The callback of an option or argument that names a file for people to be written: `Session.place_for_people`."""
    session: Session | None = context.obj
    return path if path is None or session is None else session.place_for_people(path)


Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
Csv = Annotated[
    Path | None,
    typer.Option(
        "--csv", metavar="FILE", callback=for_people, help="Save all of it as a table (CSV), for a spreadsheet."
    ),
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
ReplaceNumbers = Annotated[
    bool,
    typer.Option("--replace", help="Replace the D-numbers of people who have a fødselsnummer in the list."),
]
NewKeys = Annotated[
    bool, typer.Option("--new-keys", help="The people of a full file are new, as most of its keys are.")
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
    lang: Language
    clients: list[Client] = field(default_factory=list)
    """The clients of this call."""

    @cached_property
    def settings(self) -> Settings:
        """The configuration."""
        from feideprov.settings import Settings

        return Settings.load(self.config)

    def client(self) -> Client:
        """The client for the configuration."""
        from feideprov.client.client import Client

        feide = Client(self.settings)
        if not gc.isenabled():  # see `feideprov.cli.main`
            gc.freeze()
            gc.enable()
        self.clients.append(feide)
        return feide

    def place_for_people(self, path: Path) -> Path:
        """Where a file for people goes: as it is given, or in the folder of `[output]` when it is given without one.

        That folder is made if it is missing (mode 0700). Raises InputError when it cannot be.
        """
        return self._place(path, self.settings.output.folder, "[output] folder")

    def place_for_nir(self, path: Path) -> Path:
        """The same for a file about the introduction register: the folder of `[nir]` is its own, apart from Feide's."""
        nir = self.settings.nir
        return self._place(path, nir.folder if nir is not None else None, "[nir] folder")

    def _place(self, path: Path, folder: Path | None, key: str) -> Path:
        if path.name != str(path) or folder is None:
            return path
        from feideprov import files

        folder = self.settings.path(folder)
        try:
            files.make_folder(folder)
        except OSError as error:
            raise InputError(
                Sentence(
                    "{key}: {path} cannot be made: {reason}. Correct the folder in the configuration.",
                    key=key,
                    path=scrub_path(folder),
                    reason=reason_of(error),
                )
            ) from None
        return folder / path

    def show_notes(self) -> None:
        """Print on standard error what of an LDIF file was not read."""
        for note in dict.fromkeys(note for feide in self.clients for note in feide.notes):
            remark(self.text(note))

    def text(self, sentence: str) -> str:
        """A sentence in the chosen language."""
        return said_in(sentence, self.lang)

    def texts(self, sentences: Iterable[str]) -> tuple[str, ...]:
        """Several, such as the cells of a row."""
        return tuple(map(self.text, sentences))
