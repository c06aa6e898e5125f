"""The heading row: which column of the file is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from feideprov.errors import InputError, scrub
from feideprov.tables.columns import Column, Layout, heading_key
from feideprov.text import shown

_SHOWN_LENGTH: Final = 40
_MOST_DIGITS: Final = 9
"""More of them, in short runs, may still be a number in pieces; a year and a class are fewer."""


def quoted(heading: str) -> str:
    """A heading of the file as messages quote it: one line, not long, without a run of five digits."""
    text = scrub(shown(heading))
    if sum(c.isdigit() for c in text) >= _MOST_DIGITS:
        text = "".join("…" if c.isdigit() else c for c in text)
    return shown(text, _SHOWN_LENGTH)


@dataclass(frozen=True)
class Heading:
    """A heading row that was understood. `places` and `own` go by canonical name."""

    places: Mapping[str, int]
    own: Mapping[str, str]
    ignored: tuple[str, ...]
    width: int
    """How many columns have a heading, up to the last one that has."""

    def where(self, *names: str) -> str:
        """How a message names columns: canonical, and as the file calls them.

        >>> Heading({}, {"mail": "E-post"}, (), 1).where("mail")
        'Column mail (“E-post”)'
        """
        present = [name for name in names if name in self.own] or list(names[:1])
        label = "Column" if len(present) == 1 else "Columns"
        return f"{label} {' and '.join(map(self._with_own, present))}"

    def _with_own(self, name: str) -> str:
        own = self.own.get(name, name)
        return name if own == name else f"{name} (“{own}”)"


class HeadingReader:
    """Knows the headings of one layout, with the configuration's own in front; None: it can name none for this list."""

    def __init__(self, layout: Layout, mapped: Mapping[str, str] | None) -> None:
        self._layout, self._can_be_mapped = layout, mapped is not None
        mapped = mapped or {}
        names = [column.name for column in layout.columns]
        self._mapped = {heading_key(mapped[name]): name for name in names if name in mapped}
        self._known = {heading_key(h): c.name for c in layout.columns for h in (c.name, *c.headings)}

    def known_in(self, cells: Sequence[str]) -> int:
        """How many of these cells are headings that are known: what tells a separator."""
        keys = map(heading_key, cells)
        return sum(key in self._mapped or key in self._known for key in keys)

    def read(self, cells: Sequence[str], file: str) -> Heading:
        """The columns that a heading row names.

        Raises InputError for a column that is named twice or is required and missing.
        """
        if not self.known_in(cells):
            raise InputError(
                f"{file}: the first row holds none of the known headings. Put them there: {self._wanted()}"
                + self._or_map("; or name your own under [columns] in the configuration")
                + "."
            )
        places = self._places(cells, file)
        self._check_required(places, file)
        own = {name: quoted(cells[place]) for name, place in places.items()}
        used = set(places.values())
        ignored = tuple(quoted(cell) for i, cell in enumerate(cells) if i not in used and cell.strip())
        width = max(i for i, cell in enumerate(cells) if cell.strip()) + 1
        return Heading(places, own, ignored, width)

    def _places(self, cells: Sequence[str], file: str) -> dict[str, int]:
        keys = [heading_key(cell) for cell in cells]
        # A heading that the configuration names counts for that column only, and before any that we know.
        places = self._placed({i: self._mapped[k] for i, k in enumerate(keys) if k in self._mapped}, cells, file)
        rest = {i: self._known[k] for i, k in enumerate(keys) if k in self._known and k not in self._mapped}
        return places | self._placed({i: name for i, name in rest.items() if name not in places}, cells, file)

    def _placed(self, names: Mapping[int, str], cells: Sequence[str], file: str) -> dict[str, int]:
        places: dict[str, int] = {}
        for i, name in names.items():
            if name in places:
                raise InputError(
                    f"{file}: the headings “{quoted(cells[places[name]])}” and “{quoted(cells[i])}” (columns "
                    f"{places[name] + 1} and {i + 1}) both mean {name}. Take one away"
                    + self._or_map(", or say under [columns] in the configuration which one counts")
                    + "."
                )
            places[name] = i
        return places

    def _check_required(self, places: Mapping[str, int], file: str) -> None:
        groups = self._layout.required
        if missing := [group for group in groups if not any(name in places for name in group)]:
            columns = "; ".join(" or ".join(map(self._with_examples, group)) for group in missing)
            raise InputError(
                f"{file} is no {self._layout.what} yet: it has no column {columns}. Add it"
                + self._or_map(", or name your own heading for it under [columns] in the configuration")
                + "."
            )

    def _or_map(self, hint: str) -> str:
        return hint if self._can_be_mapped else ""

    def _with_examples(self, name: str) -> str:
        column: Column = self._layout.column(name)
        examples = ", ".join(f"“{heading}”" for heading in column.headings[:6])
        return f"{name} (known: {examples})" if examples else name

    def _wanted(self) -> str:
        return ", ".join(" or ".join(group) for group in self._layout.required)
