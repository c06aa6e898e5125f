"""The option --scheme of the commands about the introduction register."""

from __future__ import annotations

from typing import Any

import typer

from feideprov.nir.model import Scheme


def scheme_option(purpose: str) -> Any:
    """The option, with what it is for and the names that it takes."""
    return typer.Option("--scheme", metavar="SCHEME", help=f"{purpose} The names are: {', '.join(Scheme)}.")
