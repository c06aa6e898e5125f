"""This installation: where the pages of the documentation are, and how an extra is added.

A wheel has the pages in `feideprov/docs`. In a checkout of the source, they are in `docs`. There is no release yet:
what is added comes from the source too.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Final

from feideprov.errors import ConfigurationError, scrub_path
from feideprov.messages import Sentence


def folder_of_pages(package: Path) -> Path:
    """The folder with the pages of a package."""
    installed = package / "docs"
    return installed if installed.is_dir() else package.parent / "docs"


FOLDER: Final = scrub_path(folder_of_pages(Path(__file__).parent))


def page(name: str, section: str = "") -> Sentence:
    """A page for a sentence, by its path; of a long page also the heading of the section that is meant.

    Where there is a page in Norwegian too, `name` is a sentence, and its translation is the name of that page.
    """
    if section:
        return Sentence("{folder}/{name}, section “{section}”", folder=FOLDER, name=name, section=section)
    return Sentence("{folder}/{name}", folder=FOLDER, name=name)


def missing_extra(extra: str, needed_by: Sentence) -> ConfigurationError:
    """The error when something needs an extra that is not installed, for the Python that runs."""
    return ConfigurationError(
        Sentence(
            "{needed_by} needs the extra “{extra}”, which is not installed. In the folder with the source of "
            "feideprov, run: {python} -m pip install '.[{extra}]'",
            needed_by=needed_by,
            extra=extra,
            python=shlex.quote(scrub_path(sys.executable)),
        )
    )
