"""Where something was read, and why it was refused or held."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Where a record was read. `row` counts as a spreadsheet does: the heading is 1."""

    file: str
    row: int


@dataclass(frozen=True)
class Refusal:
    """A row, or one thing in it, that was refused, or is held for a person to decide."""

    code: str
    sentence: str
    held: bool = False
    origin: Origin | None = None
    user: str | None = None
