"""The heading row: which column of the file is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from feideprov.encodings import DAMAGED, is_damaged
from feideprov.errors import InputError, scrub
from feideprov.look_alikes import told_apart
from feideprov.messages import Sentence, either, joined, listed
from feideprov.tables.columns import Column, Layout, heading_key, in_words
from feideprov.text import shown

_MOST_COLUMNS: Final = 16_384
"""As in Excel."""
HEADING_CELLS: Final = 100
"""In how many cells of a row the headings are looked for."""
_SHOWN_LENGTH: Final = 40
_MOST_DIGITS: Final = 9
"""More digits than this, in short runs, may be a number in pieces; a year and a class have fewer."""


def quoted(heading: str) -> str:
    """A heading of the file as messages quote it: one short line without a run of five digits."""
    text = scrub(shown(heading))
    if sum(c.isdigit() for c in text) >= _MOST_DIGITS:
        text = "".join("…" if c.isdigit() else c for c in text)
    return shown(text, _SHOWN_LENGTH)


@dataclass(frozen=True)
class Heading:
    """A heading row that was understood: by canonical name, the place of each column and its own heading."""

    places: Mapping[str, int]
    own: Mapping[str, str]
    ignored: tuple[str, ...]
    width: int
    """The place of the last column that has a heading, counted from 1."""

    def where(self, *names: str) -> Sentence:
        """How a message names columns: by the canonical name, and by the file's own heading.

        >>> Heading({}, {"mail": "E-post"}, (), 1).where("mail")
        'Column mail (“E-post”)'
        """
        present = [name for name in names if name in self.own] or list(names[:1])
        columns = listed(map(self._with_own, present))
        return Sentence("Column {columns}", plural="Columns {columns}", count=len(present), columns=columns)

    def _with_own(self, name: str) -> Sentence:
        own = self.own.get(name, name)
        return (
            Sentence("{name}", name=name)
            if own in (name, quoted(name))
            else Sentence("{name} (“{own}”)", name=in_words(name), own=own)
        )


class HeadingError(InputError):
    """The heading row is not that of such a list, or several sheets have one. `known`: how many columns of such a list
    it has."""

    def __init__(self, sentence: Sentence, known: int = 0) -> None:
        super().__init__(sentence)
        self.known = known


class HeadingReader:
    """Knows the headings of one layout. `mapped` are the configuration's own; None: it names none for this list."""

    def __init__(self, layout: Layout, mapped: Mapping[str, str] | None) -> None:
        self._layout, self._can_be_mapped = layout, mapped is not None and bool(layout.section)
        mapped = mapped or {}
        names = [column.name for column in layout.columns]
        self._mapped = {heading_key(mapped[name]): name for name in names if name in mapped}
        self._known = {heading_key(h): c.name for c in layout.columns for h in (c.name, *c.headings)}

    def known_in(self, cells: Sequence[str]) -> int:
        """How many of these cells are known headings: this decides what the separator is."""
        keys = map(heading_key, cells)
        return sum(key in self._mapped or key in self._known for key in keys)

    def is_complete(self, cells: Sequence[str]) -> bool:
        """Whether these cells have the headings of every required column."""
        keys = [heading_key(cell) for cell in cells[:HEADING_CELLS]]
        names = {self._mapped.get(key) or self._known.get(key) for key in keys}
        return all(not names.isdisjoint(group) for group in self._layout.required)

    def find(self, rows: Sequence[Sequence[str]]) -> int:
        """The place of the heading row among the first rows: of those with every required column, or else of all, the
        one with most known headings."""
        worth = [(self.is_complete(cells), self.known_in(cells[:HEADING_CELLS])) for cells in rows]
        return worth.index(max(worth))

    def read(self, cells: Sequence[str], file: str) -> Heading:
        """The columns that a heading row names.

        Raises InputError when a column is named twice, or is required and missing.
        """
        if len(cells) > _MOST_COLUMNS:
            raise InputError(
                Sentence(
                    "{file}: the first row has {columns} columns, which no spreadsheet has. Check the export.",
                    file=file,
                    columns=len(cells),
                )
            )
        if any(map(is_damaged, cells)):
            raise InputError(
                Sentence("{file}: the first row has a heading whose {what} Then run again.", file=file, what=DAMAGED)
            )
        if not self.known_in(cells):
            what = Sentence(
                "{file}: the first row has no known headings. Write these headings there: {wanted}.",
                file=file,
                wanted=joined((either(map(in_words, group)) for group in self._layout.required), ", "),
            )
            raise HeadingError(
                self._or_map(
                    what,
                    Sentence(
                        "Or add your own headings to {section} in the configuration.", section=self._layout.section
                    ),
                )
            )
        places = self._places(cells, file)
        self._check_required(places, file)
        own = {name: quoted(cells[place]) for name, place in places.items()}
        used = set(places.values())
        known = [text for column in self._layout.columns for text in (column.name, *column.headings)]
        ignored = tuple(
            Sentence("{heading}{apart}", heading=quoted(cell), apart=told_apart(cell.strip(), known))
            for i, cell in enumerate(cells)
            if i not in used and cell.strip()
        )
        width = max(i for i, cell in enumerate(cells) if cell.strip()) + 1
        return Heading(places, own, ignored, width)

    def _places(self, cells: Sequence[str], file: str) -> dict[str, int]:
        keys = [heading_key(cell) for cell in cells]
        # A heading that the configuration names counts for that column only, and goes before those that we know.
        places = self._placed({i: self._mapped[k] for i, k in enumerate(keys) if k in self._mapped}, cells, file)
        rest = {i: self._known[k] for i, k in enumerate(keys) if k in self._known and k not in self._mapped}
        return places | self._placed({i: name for i, name in rest.items() if name not in places}, cells, file)

    def _placed(self, names: Mapping[int, str], cells: Sequence[str], file: str) -> dict[str, int]:
        places: dict[str, int] = {}
        for i, name in names.items():
            if name in places:
                what = Sentence(
                    "{file}: the headings “{first}” (column {first_place}) and “{second}”{apart} (column "
                    "{second_place}) both mean {name}. Remove one of these columns.",
                    file=file,
                    first=quoted(cells[places[name]]),
                    first_place=places[name] + 1,
                    second=quoted(cells[i]),
                    apart=told_apart(cells[i].strip(), [cells[places[name]].strip()]),
                    second_place=i + 1,
                    name=in_words(name),
                )
                raise HeadingError(
                    self._or_map(
                        what,
                        Sentence(
                            "Or write the heading of the right column in {section} in the configuration.",
                            section=self._layout.section,
                        ),
                    ),
                    len(places),
                )
            places[name] = i
        return places

    def _check_required(self, places: Mapping[str, int], file: str) -> None:
        groups = self._layout.required
        if missing := [group for group in groups if not any(name in places for name in group)]:
            groups_in_words = (either(map(self._with_examples, group)) for group in missing)
            what = Sentence(
                "{file} lacks a column that every {what} must have: {columns}. Add the column.",
                plural="{file} lacks columns that every {what} must have: {columns}. Add the columns.",
                count=len(missing),
                file=file,
                what=self._layout.what,
                columns=joined(groups_in_words, "; "),
            )
            told = self._or_map(
                what,
                Sentence("Or add your own heading to {section} in the configuration.", section=self._layout.section),
            )
            raise HeadingError(
                joined([told, *(self._layout.advice[one] for one in missing if one in self._layout.advice)]),
                len(places),
            )

    def _or_map(self, sentence: Sentence, hint: Sentence) -> Sentence:
        return joined([sentence, hint]) if self._can_be_mapped else sentence

    def _with_examples(self, name: str) -> Sentence:
        column: Column = self._layout.column(name)
        if not column.headings:
            return Sentence("{name}", name=in_words(name))
        examples = ", ".join(f"“{heading}”" for heading in column.headings[:6])
        return Sentence("{name} (known headings: {examples})", name=in_words(name), examples=examples)
