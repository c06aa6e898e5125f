"""The pages of the documentation, where they are on this machine.

A wheel has them in `feideprov/docs`. In a checkout of the source, they are in `docs`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from feideprov.errors import scrub_path
from feideprov.messages import Sentence


def folder_of_pages(package: Path) -> Path:
    """The folder with the pages of a package."""
    installed = package / "docs"
    return installed if installed.is_dir() else package.parent / "docs"


FOLDER: Final = scrub_path(folder_of_pages(Path(__file__).parent))


def page(name: str, section: str = "") -> Sentence:
    """A page for a sentence, by its path; of a long page also the heading of the section that is meant."""
    if section:
        return Sentence("{folder}/{name}, section “{section}”", folder=FOLDER, name=name, section=section)
    return Sentence("{folder}/{name}", folder=FOLDER, name=name)
