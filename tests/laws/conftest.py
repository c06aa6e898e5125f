"""A house for each example: an organization, its directory, its journal and its hand-over file, then gone again."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

import pytest

from feideprov import Client, Entry, Journal, MarkKey, MemoryDirectory, Outcome
from feideprov.testing import example_directory, example_settings

ON = date(2026, 11, 22)
KEY = MarkKey(b"a key for examples and nothing else")

State = dict[str, dict[str, list[bytes]]]


class House:
    """What one example works with. `client` is the program; everything else is what it has left behind."""

    on = ON

    def __init__(self, folder: Path, directory: MemoryDirectory, journal: Journal, **sections: object) -> None:
        self.folder, self.directory, self.journal = folder, directory, journal
        self.settings = example_settings(folder, **sections)
        self.client = Client(self.settings, directory=directory, journal=journal, keys=KEY, actor="laws", on=ON)

    def apply(self, people: list) -> Outcome:
        return self.client.apply(self.client.plan(people), allow_changes=1000)

    def users(self) -> list[Entry]:
        return [entry for entry in self.directory.entries() if entry.values("uid")]

    def state(self, *, without: tuple[str, ...] = ()) -> State:
        """Every entry, values in order apart from sets; `without` leaves attributes out."""
        left_out = {name.lower() for name in without}
        return {
            str(entry.dn): {name: sorted(values) for name, values in entry.items() if name.lower() not in left_out}
            for entry in self.directory.entries()
        }

    def passwords(self) -> dict[str, str]:
        """The hand-over file: Feide name and first password."""
        path = self.folder / "passwords.csv"
        if not path.exists():
            return {}
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        assert len({row["user"] for row in rows}) == len(rows)
        return {row["user"]: row["password"] for row in rows}


@contextmanager
def _house(
    directory: MemoryDirectory | Callable[[Path], MemoryDirectory] | None = None,
    journal: type[Journal] = Journal,
    **sections: object,
) -> Iterator[House]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        where = directory(folder) if callable(directory) else directory
        log = journal("sqlite://", "skotthyll.kommune.no", key=KEY, actor="laws")
        try:
            yield House(folder, where or example_directory(), log, **sections)
        finally:
            log.close()


@pytest.fixture(scope="session")
def house() -> Callable[..., AbstractContextManager[House]]:
    """Opens a house: `with house() as h: h.apply(people)`."""
    return _house
