"""The hand-over of first passwords: one file, one row for each user, never overwritten by a new run."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from feideprov import files
from feideprov.errors import FeideProvError, JournalError, scrub_path
from feideprov.sheets import defused

HEADING = ("user", "name", "school", "password")
WAIT = 60.0


@dataclass(frozen=True)
class FirstPassword:
    """What is handed over to a user."""

    user: str
    name: str
    school: str
    password: str = field(repr=False)


class HandoverFile:
    """The file (mode 0600) that first passwords go to, as CSV for Excel (`;`, UTF-8 with BOM).

    Raises JournalError when it cannot be written: then no user is made either.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, passwords: Iterable[FirstPassword]) -> None:
        """Add rows, on disk when this returns. A user's older row is replaced; all others stay."""
        new = {p.user: p for p in passwords}
        if new:
            self._change(lambda rows: [r for r in rows if r[0] not in new] + [_row(p) for p in new.values()])

    def remove(self, users: Iterable[str]) -> None:
        """Take back the rows of users that were not made after all."""
        gone = set(users)
        if gone:
            self._change(lambda rows: [row for row in rows if row[0] not in gone])

    def rename(self, names: Mapping[str, str]) -> None:
        """Users have other Feide names now (old name: new name); their rows stay."""
        if names:
            self._change(lambda rows: [[names.get(row[0], row[0]), *row[1:]] for row in rows])

    def passwords(self) -> dict[str, str]:
        """The password of each Feide name that has a row."""
        return {row[0]: row[-1] for row in self._rows()}

    def _change(self, edit: Callable[[list[list[str]]], list[list[str]]]) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with files.exclusive(self.path, wait=WAIT, holder=f"process {os.getpid()}"):
                text = io.StringIO(newline="")
                writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
                writer.writerow(HEADING)
                writer.writerows(edit(self._rows()))
                files.replace(self.path, text.getvalue().encode("utf-8-sig"))
        except OSError as error:
            raise JournalError(
                f"The hand-over file {scrub_path(self.path)} cannot be written: {error.strerror}. Mend that, then run "
                "again: nobody is made before the first password is on disk."
            ) from None
        except FeideProvError as locked:
            raise JournalError(str(locked)) from None

    def _rows(self) -> list[list[str]]:
        if not self.path.exists():
            return []
        try:
            text = self.path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise JournalError(
                f"The hand-over file {scrub_path(self.path)} cannot be read: {error.strerror}. Mend that, then "
                "run again."
            ) from None
        except UnicodeDecodeError:
            raise JournalError(
                f"The hand-over file {scrub_path(self.path)} is no UTF-8: another program has saved it. Move it away, "
                "then run again; a new one is begun."
            ) from None
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") if row]
        if rows and tuple(rows[0]) != HEADING:
            raise JournalError(
                f"The hand-over file {scrub_path(self.path)} has another heading than {';'.join(HEADING)}: another "
                "program has saved it. Move it away, then run again; a new one is begun."
            )
        return rows[1:]


class NoHandover:
    """Where users log in elsewhere, there is nothing to hand over."""

    def add(self, passwords: Iterable[FirstPassword]) -> None:
        """Nothing to do."""

    def remove(self, users: Iterable[str]) -> None:
        """Nothing to do."""

    def rename(self, names: Mapping[str, str]) -> None:
        """Nothing to do."""


def _row(password: FirstPassword) -> list[str]:
    return [password.user, defused(password.name), defused(password.school), password.password]
