"""The rows of the hand-over file, as slips need them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from feideprov.provision.run.handover import HandoverFile
from feideprov.provision.run.handover_row import HandoverRow


class HandedOver:
    """The first passwords that are to be handed over, or were. Raises as `HandoverFile`."""

    def __init__(self, file: HandoverFile) -> None:
        self._file = file

    def rows(self) -> list[HandoverRow]:
        """A row for each user, in the order of the file."""
        return [HandoverRow(row[0], row[1], row[2], password=row[3]) for row in self._file._rows()]

    def given(self, users: Iterable[str], on: date) -> None:  # noqa: ARG002  # the file has no column for the day yet
        """Note that these passwords were given: they are erased, and the rows stay."""
        names = set(users)
        self._file._change(lambda rows: [[*row[:3], ""] if row[0] in names else row for row in rows])
