"""What is said about cells with characters that cannot be seen: one note for each column of a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from feideprov.look_alikes import INVISIBLE, named
from feideprov.messages import Sentence, listed
from feideprov.tables.columns import Column
from feideprov.tables.heading import Heading

_MOST_ROWS: Final = 5


@dataclass
class Unseen:
    """Remembers where such characters are, apart from names and numbers."""

    columns: Mapping[str, Column]
    _rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _first: dict[str, str] = field(default_factory=dict)

    def look_at(self, row: int, cells: Mapping[str, str]) -> None:
        """Look at the cells of a row, as they are written in the file."""
        if not INVISIBLE.search("".join(cells.values())):
            return
        for name, cell in cells.items():
            column = self.columns[name]
            if column.holds_name or column.holds_number:
                continue
            if found := INVISIBLE.search(cell):
                self._rows[name].append(row)
                self._first.setdefault(name, found[0])

    def notes(self, heading: Heading, file: str) -> Iterator[Sentence]:
        """One note for each column."""
        for name, rows in self._rows.items():
            yield Sentence(
                "{file} row {rows}: {column}: there are characters that cannot be seen, such as {character}. They are "
                "set aside, and the rest is used. Remove them where the list comes from.",
                plural="{file} rows {rows}: {column}: there are characters that cannot be seen, such as {character}. "
                "They are set aside, and the rest is used. Remove them where the list comes from.",
                count=len(rows),
                file=file,
                rows=listed(rows, most=_MOST_ROWS),
                column=heading.where(name),
                character=named(self._first[name]),
            )
