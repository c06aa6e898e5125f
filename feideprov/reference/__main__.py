"""Writes what is made from the code: `python -m feideprov.reference docs` the pages, tables and picture of this folder,
`python -m feideprov.reference catalogues` the catalogues of translations."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import feideprov
from feideprov.reference import (
    api,
    architecture,
    codes,
    command_line,
    configuration,
    findings,
    model,
    nir_rules,
    numbers,
    server_files,
)
from feideprov.reference.catalogues import write_catalogues
from feideprov.reference.pages import Blocks, moved_to_docs, page_with_tables

PAGES: Final[dict[str, Blocks]] = {
    "codes.md": codes.BLOCKS,
    "findings.md": findings.BLOCKS,
    "model.md": model.BLOCKS,
    "nir-rules.md": nir_rules.BLOCKS,
    "numbers.md": numbers.BLOCKS,
    "nb/feil.md": codes.BLOCKS_IN_NORWEGIAN,
    "nb/serverfiler.md": server_files.BLOCKS,
}
"""The tables of each page with generated tables."""
_PACKAGE: Final = Path(feideprov.__file__).parent


def _source(name: str) -> str:
    return (_PACKAGE.parent / name).read_text(encoding="utf-8")


WHOLE: Final[dict[str, Callable[[], str]]] = {
    "api.md": api.page,
    "reference-commands.md": command_line.page,
    "reference-configuration.md": lambda: configuration.page(_source("docs/commands.md")),
    "contributing.md": lambda: moved_to_docs(_source("CONTRIBUTING.md")),
    "architecture.svg": lambda: architecture.picture(_source("pyproject.toml"), _PACKAGE),
}
"""The pages, and the picture, that are made as a whole."""


def write_pages(folder: Path) -> None:
    """Write the tables again, in each page of the folder, and what is made as a whole."""
    for name, made in WHOLE.items():
        (folder / name).write_text(made(), encoding="utf-8")
    for name, blocks in PAGES.items():
        path = folder / name
        path.write_text(page_with_tables(path.read_text(encoding="utf-8"), blocks), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "catalogues":
        try:
            write_catalogues()
        except ValueError as error:
            sys.exit(str(error))
    else:
        write_pages(Path(sys.argv[1]))
