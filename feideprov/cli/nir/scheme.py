"""The option --scheme of the commands about the introduction register."""

from __future__ import annotations

from typing import Any

import typer

from feideprov.messages import Sentence, listed
from feideprov.nir.model import Scheme


def scheme_option(purpose: str) -> Any:
    """The option, with what it is for and the names that it takes."""
    names = Sentence("{purpose} The names are {schemes}.", purpose=purpose, schemes=listed(Scheme))
    return typer.Option("--scheme", metavar="NAME", help=names)
