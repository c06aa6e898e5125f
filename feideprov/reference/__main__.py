"""Writes what is made from the code: `python -m feideprov.reference docs` the generated tables in the pages of this
folder, `python -m feideprov.reference catalogues` the catalogues of translations."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from feideprov.reference import api, codes, findings, model, nir_rules, numbers
from feideprov.reference.catalogues import write_catalogues
from feideprov.reference.pages import Blocks, page_with_tables

PAGES: Final[dict[str, Blocks]] = {
    "codes.md": codes.BLOCKS,
    "findings.md": findings.BLOCKS,
    "model.md": model.BLOCKS,
    "nir-rules.md": nir_rules.BLOCKS,
    "numbers.md": numbers.BLOCKS,
}
"""The tables of each page with generated tables; `api.md` is generated as a whole."""


def write_pages(folder: Path) -> None:
    """Write the tables again, in each page of the folder, and the page on the API."""
    (folder / "api.md").write_text(api.page(), encoding="utf-8")
    for name, blocks in PAGES.items():
        path = folder / name
        path.write_text(page_with_tables(path.read_text(encoding="utf-8"), blocks), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "catalogues":
        write_catalogues()
    else:
        write_pages(Path(sys.argv[1]))
