"""The rows that were held in the last run of each list, so that nobody has to remember them.

The list, the row and the code are kept: nothing about a person. Only the list itself shows what has become of a row
since then, so the command that shows it again is kept too. A list is known by its place: however its path is written,
it is the same list.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from feideprov.errors import scrub_path
from feideprov.issues import Refusal
from feideprov.journal.events import stamp
from feideprov.journal.journal import Journal
from feideprov.journal.tables import held_row as _held_row
from feideprov.tables.day import day_in_norway

_KEPT = timedelta(days=30)
"""A list that was not run again for so long is last year's."""


@dataclass(frozen=True)
class HeldRows:
    """How many rows were held when a list was last carried out, and the command that shows them again. An older version
    kept the path of the list as it was typed."""

    listed: str
    on: date
    count: int
    rows: frozenset[tuple[int, str]] = frozenset()
    """The row and the code of each."""

    @property
    def command(self) -> str:
        """The command as it was kept."""
        return f"feideprov {self.listed}"

    @property
    def words(self) -> list[str]:
        """The words of the command: its name, the path of the list, options."""
        return shlex.split(self.listed)


def shown_by(
    command: str, listed: object, source: str | None = None, encoding: str | None = None, sheet: str | None = None
) -> str:
    """The command that shows the rows of a file again, from any folder; empty when they come from no file."""
    if not isinstance(listed, Path | str):
        return ""
    options = {"--source": source, "--encoding": encoding, "--sheet": sheet}
    words = [command, scrub_path(absolute(Path(listed)))]
    return shlex.join(words + [word for name, value in options.items() if value for word in (name, value)])


def absolute(path: Path) -> Path:
    """A path from the root. The last name stays as it is: a link that is set to another file each day is one list."""
    return path.parent.resolve() / path.name


def keep_held(
    journal: Journal, listed: str, refusals: Iterable[Refusal], only_rows: Collection[int] | None = None
) -> None:
    """Write down which rows of a list were held. They replace the rows of the list that were held before.

    `listed` is what `shown_by` gives. With `only_rows`, the run was about these rows alone, and the others stay.
    """
    now = datetime.now(UTC)
    same = {"realm": journal.realm, "listed": listed, "at": stamp(now)}
    rows = [same | {"input_row": one.origin.row if one.origin else 0, "code": one.code} for one in refusals if one.held]
    command, path, *_ = shlex.split(listed)
    with journal.writing() as connection:
        _delete(journal, connection, lambda kept: kept[0] == command and _is_list(kept[1], Path(path)), only_rows)
        old = _held_row.c.at < stamp(now - _KEPT)
        connection.execute(_held_row.delete().where(_held_row.c.realm == journal.realm, old))
        if rows:
            connection.execute(journal.insert_if_absent(_held_row), rows)


def forget_held(journal: Journal, path: Path) -> int:
    """Remove the held rows of a list, whatever the command. Returns how many rows there were."""
    listed = Path(scrub_path(absolute(path)))
    with journal.writing() as connection:
        return _delete(journal, connection, lambda kept: _is_list(kept[1], listed))


def lists_with(journal: Journal, codes: Collection[str]) -> list[str]:
    """The lists (`plan people.csv`) of which rows with one of these codes are held."""
    query = sa.select(_held_row.c.listed).where(_held_row.c.realm == journal.realm, _held_row.c.code.in_(list(codes)))
    with journal.reading() as connection:
        return sorted(set(connection.execute(query).scalars()))


def held_rows(journal: Journal) -> list[HeldRows]:
    """The rows that are held, by list."""
    query = sa.select(_held_row.c.listed, _held_row.c.at, _held_row.c.input_row, _held_row.c.code)
    with journal.reading() as connection:
        found = connection.execute(query.where(_held_row.c.realm == journal.realm).order_by(_held_row.c.listed)).all()
    lists: dict[tuple[str, str], str] = {}
    rows: dict[tuple[str, str], dict[int, str]] = {}
    codes: dict[tuple[str, str], set[tuple[int, str]]] = {}
    for listed, at, row, code in found:
        command, path, *_ = shlex.split(listed)
        key = command, os.path.normpath(path)
        lists[key] = listed
        rows.setdefault(key, {})[row] = at
        codes.setdefault(key, set()).add((row, code))
    return [
        HeldRows(listed, day_in_norway(min(max(rows[key].values()), stamp())), len(rows[key]), frozenset(codes[key]))
        for key, listed in lists.items()
    ]


def _delete(
    journal: Journal,
    connection: sa.Connection,
    is_meant: Callable[[list[str]], bool],
    only_rows: Collection[int] | None = None,
) -> int:
    """Delete the held rows of the lists whose command is meant. Returns how many rows there were."""
    ours = _held_row.c.realm == journal.realm
    kept = connection.execute(sa.select(_held_row.c.listed).where(ours).distinct()).scalars()
    which = [ours, _held_row.c.listed.in_([one for one in kept if is_meant(shlex.split(one))])]
    if only_rows is not None:
        which.append(_held_row.c.input_row.in_(only_rows))
    places = sa.select(_held_row.c.listed, _held_row.c.input_row).where(*which).distinct()
    count = len(connection.execute(places).all())
    connection.execute(_held_row.delete().where(*which))
    return count


def _is_list(kept: str, path: Path) -> bool:
    """Whether a path that was kept is that of a list, which is given from the root. An older version kept a path as it
    was typed, in a folder that nobody knows: then it is the list whose path ends with it."""
    if Path(kept).resolve() == path.resolve():
        return True
    if Path(kept).is_absolute():
        return absolute(Path(kept)) == path
    end = tuple(name for name in Path(os.path.normpath(kept)).parts if name != os.pardir)
    return path.parts[-len(end) :] == end
