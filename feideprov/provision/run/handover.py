"""The hand-over file of first passwords: one row for each user, never overwritten by a new run."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from feideprov import files
from feideprov.errors import FeideProvError, JournalError, scrub_path
from feideprov.messages import Sentence
from feideprov.programs.calls import waiting
from feideprov.provision.run.password_sink import FirstPassword
from feideprov.sheets import csv_sheet
from feideprov.system_errors import reason_of

__all__ = ["FirstPassword", "HandoverFile"]

HEADING = ("user", "name", "school", "password")
WAIT = 60.0
"""Seconds to wait while another process writes the file."""


class HandoverFile:
    """The file (mode 0600) that first passwords are written to, as CSV for Excel (`;`, UTF-8 with BOM).

    Its methods raise JournalError when it cannot be read or written: then no user is created either.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._replaced: dict[str, list[str]] = {}

    def add(self, passwords: Iterable[FirstPassword]) -> None:
        """Add rows, on disk when this returns. A user's older row is replaced; all others stay."""
        new = {p.user: p for p in passwords}

        def edit(rows: list[list[str]]) -> list[list[str]]:
            self._replaced = {row[0]: row for row in rows if row[0] in new} | self._replaced
            return [row for row in rows if row[0] not in new] + [_row(p) for p in new.values()]

        if new:
            self._change(edit)

    def remove(self, users: Iterable[str]) -> None:
        """Remove the rows of users who did not get these passwords after all. A row that was replaced comes back: its
        password still is the user's."""
        gone = set(users)
        back = [row for user, row in self._replaced.items() if user in gone]
        if gone:
            self._change(lambda rows: [row for row in rows if row[0] not in gone] + back)

    def rename(self, names: Mapping[str, str]) -> None:
        """Change the Feide names of users in their rows (old name: new name)."""
        if names:
            self._change(lambda rows: [[names.get(row[0], row[0]), *row[1:]] for row in rows])

    def passwords(self) -> dict[str, str]:
        """The password of each Feide name that has a row."""
        return {row[0]: row[-1] for row in self._rows()}

    def _change(self, edit: Callable[[list[list[str]]], list[list[str]]]) -> None:
        try:
            files.make_folder(self.path.parent)
            with files.exclusive(self.path, wait=waiting(WAIT), holder=f"process {os.getpid()}"):
                files.replace(self.path, csv_sheet(HEADING, edit(self._rows()), exact=("user", "password")))
        except OSError as error:
            raise JournalError(
                Sentence(
                    "The hand-over file {file} cannot be written: {reason}. Correct this, then run again. No "
                    "user is created before the first password is saved.",
                    file=scrub_path(self.path),
                    reason=reason_of(error),
                )
            ) from None
        except FeideProvError as locked:
            raise JournalError(locked.sentence) from None

    def _rows(self) -> list[list[str]]:
        if not files.is_there(self.path):
            return []
        try:
            text = files.content_of(self.path, files.Largest.LIST).decode("utf-8-sig")
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") if row]
        except OSError as error:
            raise JournalError(
                Sentence(
                    "The hand-over file {file} cannot be read: {reason}. Correct this, then run again.",
                    file=scrub_path(self.path),
                    reason=reason_of(error),
                )
            ) from None
        except UnicodeDecodeError:
            raise JournalError(
                Sentence(
                    "The hand-over file {file} is not in UTF-8, because another program has saved it. Move "
                    "the file to another folder, then run again. A new file is then created.",
                    file=scrub_path(self.path),
                )
            ) from None
        except csv.Error:
            raise JournalError(
                Sentence(
                    "The hand-over file {file} has a cell that is too long, because another program has changed it. "
                    "Move the file to another folder, then run again. A new file is then created.",
                    file=scrub_path(self.path),
                )
            ) from None
        if rows and tuple(rows[0]) != HEADING:
            raise JournalError(
                Sentence(
                    "The first line of the hand-over file {file} is not {heading}, because another program "
                    "has saved it. Move the file to another folder, then run again. A new file is then "
                    "created.",
                    file=scrub_path(self.path),
                    heading=";".join(HEADING),
                )
            )
        return rows[1:]


def _row(password: FirstPassword) -> list[str]:
    return [password.user, password.name, password.school, password.password]
