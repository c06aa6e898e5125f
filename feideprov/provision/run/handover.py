"""The hand-over files of first passwords: one row for each user in all of them, never overwritten by a new run."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from feideprov import files
from feideprov.directory.dn import DN
from feideprov.errors import FeideProvError, InputError, JournalError, scrub_path
from feideprov.feide.organization import School
from feideprov.files.names import file_name, same_file
from feideprov.messages import Sentence
from feideprov.programs.calls import waiting
from feideprov.provision.run.handover_row import HandoverRow
from feideprov.provision.run.handover_table import StoredRow, read_rows, sheet_of, unreadable
from feideprov.provision.run.password_sink import FirstPassword
from feideprov.settings.handover_pattern import HandoverPattern
from feideprov.system_errors import reason_of
from feideprov.tables.day import today_in_norway

__all__ = ["FirstPassword", "HandoverFile"]

WAIT = 60.0
"""Seconds to wait while another process writes the files."""
_OTHERS: Final = "andre"
"""“Others”, in bokmål and nynorsk: the name of the file for users without a school or class, and for protected people,
so that no name of a file tells of one."""

Rows = dict[str, StoredRow]
"""By Feide name."""


class HandoverFile:
    """The file, or files (mode 0600), that first passwords are written to; see `HandoverPattern`.

    They have one lock. All files are written before a method returns: first those that get rows, then those that lose
    them, so that a run that is killed in between leaves a row twice, and never none.

    Parameters:
        path: the path of the file, or the pattern of several.
        schools: those of the organization.
        on: the day that counts as today.

    The methods raise JournalError when a file cannot be read or written: then no user is created either.
    """

    def __init__(self, path: Path, schools: Sequence[School] = (), on: date | None = None) -> None:
        self.path = path
        self.pattern = HandoverPattern(path)
        self._schools = _Schools(schools)
        self._on = on
        self._replaced: Rows = {}

    def add(self, passwords: Iterable[FirstPassword]) -> None:
        """Add rows, on disk when this returns. A user's older row is replaced; all others stay."""
        new = {one.user: StoredRow(self._row(one)) for one in passwords}

        def edit(rows: Rows) -> Rows:
            self._replaced = {user: rows[user] for user in new if user in rows} | self._replaced
            return {user: row for user, row in rows.items() if user not in new} | new

        if new:
            self._change(edit)

    def remove(self, users: Iterable[str]) -> None:
        """Remove the rows of users who did not get these passwords after all. A row that was replaced comes back: its
        password still is the user's."""
        gone = set(users)
        back = {user: row for user, row in self._replaced.items() if user in gone}
        if gone:
            self._change(lambda rows: {user: row for user, row in rows.items() if user not in gone} | back)

    def rename(self, names: Mapping[str, str]) -> None:
        """Change the Feide names of users in their rows (old name: new name)."""

        def edit(rows: Rows) -> Rows:
            renamed = (replace(one, row=replace(one.row, user=names.get(user, user))) for user, one in rows.items())
            return _settled(renamed)

        if names:
            self._change(edit)

    def given(self, users: Collection[str], on: date) -> list[str]:
        """Note first passwords as given on a day: they are erased, and their rows are kept.

        Returns the users whose passwords were erased.
        """
        return self._erase(lambda row: row.user in users, given_on=on)

    def old(self, days: int) -> list[str]:
        """The users with a first password that was made more than so many days ago."""
        return [row.user for row in self.rows() if row.password and self._is_old(row, days)]

    def erase_old(self, days: int, *, but: Collection[str] = ()) -> list[str]:
        """Erase the first passwords that were made more than so many days ago, except those of the users in `but`.

        Returns the users whose passwords were erased.
        """
        return self._erase(lambda row: row.user not in but and self._is_old(row, days))

    def _is_old(self, row: HandoverRow, days: int) -> bool:
        return (row.made_on or self._today) < self._today - timedelta(days=days)

    def rows(self) -> list[HandoverRow]:
        """All rows, in the order of the files and of the rows in them."""
        return [one.row for one in _settled(one for _, rows in self._read() for one in rows).values()]

    def passwords(self) -> dict[str, str]:
        """The password of each Feide name that has one in its row."""
        return {row.user: row.password for row in self.rows() if row.password}

    def school_at(self, unit: str) -> str:
        """The name of the school with this DN; empty when it is none of the organization."""
        return self._schools.shown(self._schools.at(unit))

    @property
    def _today(self) -> date:
        return self._on or today_in_norway()

    def _row(self, password: FirstPassword) -> HandoverRow:
        school = self._schools.at(password.school_dn) or self._schools.named(password.school)
        told = password.user, password.name, school, password.group, password.grade, password.language
        return HandoverRow(*told, password.password, self._today)

    def _erase(self, which: Callable[[HandoverRow], bool], given_on: date | None = None) -> list[str]:
        def is_due(row: HandoverRow) -> bool:
            return bool(row.password) and which(row)

        def edit(rows: Rows) -> Rows:
            erased[:] = [user for user, one in rows.items() if is_due(one.row)]
            gone = {user: replace(rows[user].row, password="", given_on=given_on) for user in erased}
            return rows | {user: StoredRow(row) for user, row in gone.items()}

        erased: list[str] = []
        if any(map(is_due, self.rows())):  # without the lock: mostly there is nothing to erase
            self._change(edit)
        return erased

    def _change(self, edit: Callable[[Rows], Rows]) -> None:
        try:
            files.make_folder(self.pattern.locked.parent)
            with files.exclusive(self.pattern.locked, wait=waiting(WAIT), holder=f"process {os.getpid()}"):
                self._write(edit)
        except OSError as error:
            raise JournalError(
                Sentence(
                    "The hand-over file {file} cannot be written: {reason}. Correct this, then run again. No "
                    "user is created before the first password is saved.",
                    file=scrub_path(self.pattern.place),
                    reason=reason_of(error),
                )
            ) from None
        except JournalError:
            raise
        except FeideProvError as locked:
            raise JournalError(locked.sentence) from None

    def _write(self, edit: Callable[[Rows], Rows]) -> None:
        found = dict(self._read())
        before = _settled(one for rows in found.values() for one in rows)
        latest = max((one.order for rows in found.values() for one in rows), default=0) + 1
        after = {user: self._dated(one) for user, one in edit(dict(before)).items()}
        after = {user: one if before.get(user) == one else replace(one, order=latest) for user, one in after.items()}
        wanted: dict[Path, list[StoredRow]] = {path: [] for path in found}
        names = {same_file(str(path)): path for path in found}
        for one in after.values():
            path = self._place(one.row)
            wanted.setdefault(names.setdefault(same_file(str(path)), path), []).append(one)
        changed = [path for path, rows in wanted.items() if rows != found.get(path)]
        gaining = [path for path in changed if not set(wanted[path]) <= set(found.get(path, ()))]
        for path in dict.fromkeys([*gaining, *changed]):
            if wanted[path] or self.pattern.is_one_file:
                files.make_folder(path.parent)
                several = not self.pattern.is_one_file
                files.replace(path, sheet_of(wanted[path], self._schools.shown, ordered=several))
            else:
                files.remove(path)

    def _dated(self, stored: StoredRow) -> StoredRow:
        """A row of 0.2.0 has no day: its password counts as made today, so that it is erased in time."""
        if stored.row.made_on is not None or not stored.row.password:
            return stored
        return replace(stored, row=replace(stored.row, made_on=self._today))

    def _place(self, row: HandoverRow) -> Path:
        return self.pattern.of(self._schools.file_name(row.school), file_name(row.group) or _OTHERS)

    def _read(self) -> list[tuple[Path, list[StoredRow]]]:
        try:
            return [(path, read_rows(path, self._schools.named)) for path in self.pattern.files()]
        except OSError as error:
            raise unreadable(self.pattern.place, error) from None


class _Schools:
    """The schools of the organization, as the hand-over files name them."""

    def __init__(self, schools: Sequence[School]) -> None:
        names = [school.name for school in schools]
        self._ids = {school.dn: school.id for school in schools}
        self._shown = {
            school.id: school.name if names.count(school.name) == 1 else f"{school.name} ({school.id})"
            for school in schools
        }
        self._named = {shown: school_id for school_id, shown in self._shown.items()}
        self._files: dict[str, str] = {}
        taken = {_OTHERS}
        for school in schools:
            name = file_name(school.name) or _OTHERS
            if same_file(name) in taken:  # the id is another for each school
                name = file_name(f"{school.id} {school.name}")
            while same_file(name) in taken:
                name = f"{name}_"
            taken.add(same_file(name))
            self._files[school.id] = name

    def at(self, unit: str) -> str:
        """The id of the school with this DN; empty without one."""
        with suppress(InputError):
            return self._ids.get(DN.parse(unit), "") if unit else ""
        return ""

    def named(self, text: str) -> str:
        """The id of the school that a file names so; the text itself for a school that is not configured any more."""
        return self._named.get(text, text)

    def shown(self, school: str) -> str:
        """What a file has for a school."""
        return self._shown.get(school, school)

    def file_name(self, school: str) -> str:
        """The part of a name of a file that stands for a school."""
        return self._files.get(school) or file_name(school) or _OTHERS


def _settled(rows: Iterable[StoredRow]) -> Rows:
    """One row for each user: of several, the one that was written last."""
    settled: Rows = {}
    for one in rows:
        if (other := settled.get(one.row.user)) is None or one.order >= other.order:
            settled[one.row.user] = one
    return settled
