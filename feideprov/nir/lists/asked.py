"""The cells of one row of participation records: what they mean, and what is asked about those that cannot be read.

A cell that is asked about counts as empty: nothing is guessed. No sentence quotes a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from feideprov.intake.cells import MISPLACED, R_NUMBER_MISPLACED, YES_NO
from feideprov.issues import Refusal, code
from feideprov.messages import Sentence
from feideprov.nir.lists.columns import REMOVE, removes
from feideprov.tables.day import R_DATE, as_date
from feideprov.tables.heading import Heading
from feideprov.tables.table import Row
from feideprov.text import holds_number

R_NIR_CODE: Final = code(
    "R-NIR-CODE",
    Sentence("A word in a list of participation records is not mapped to a code. The rest of the row is used."),
    Sentence(
        "Add the word to [nir.codes.FIELD] in the configuration, with the code that it stands for, or correct the cell."
    ),
)
R_NIR_CELL: Final = code(
    "R-NIR-CELL",
    Sentence(
        "A cell in a list of participation records cannot be read: it must be yes or no, days, hours or a number of a "
        "municipality, depending on the column. The rest of the row is used."
    ),
    Sentence("Correct the cell as the message says."),
)
R_NIR_ORDER: Final = code(
    "R-NIR-ORDER",
    Sentence(
        "Two days in a row of participation records are in the wrong order: the end is before the start, or the "
        "settlement before the arrival. Neither is used, and the rest of the row is."
    ),
    Sentence("Find out which of the two days is wrong, and correct it."),
)
NUMBER_COLUMNS: Final = ("national_number", "duf_number", "reception_number", "passport_number")
_NO_SIGN: Final = re.compile(r"[\W_]+")
_LEAST: Final = 5
"""A shorter number may be a part of something else."""
_DIGITS_OF_A_NUMBER: Final = 5
_YEARS_AHEAD: Final = 20
DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}"
"""A day in a cell that has more than a day, as a regular expression."""
_DAYS: Final = re.compile(rf"(?<![0-9])(?:{DAY})(?![0-9])")
"""Several days in a cell have as many digits as a number."""


@dataclass
class Cells:
    """The cells of a row. `codes`: by field, the municipality's words and what they stand for. `asked`: what must be
    asked or is refused, so far."""

    row: Row
    heading: Heading
    on: date
    codes: Mapping[str, Mapping[str, str]]
    asked: list[Refusal] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)
    """The columns in which the row says that what was written down is to be taken away."""

    def ask(self, code: str, words: str, *columns: str, held: bool = True) -> None:
        """Say what is wrong with a cell, or with several that belong together."""
        sentence = Sentence("{where}: {words}", where=self.heading.where(*columns), words=words)
        asked = Refusal(code, sentence, held, self.row.origin)
        if asked not in self.asked:
            self.asked.append(asked)

    def removes(self, column: str) -> bool:
        """Whether a cell has the word that takes away what was written down."""
        if word_key(self.row[column]) not in _REMOVE or column == "scheme":
            return False
        if not removes(column):
            self.ask(R_NIR_CELL, Sentence("this cannot be removed by itself. Write what is right."), column)
        else:
            self.removed.add(column)
        return True

    def text(self, column: str) -> str:
        """A cell; empty where it holds no value, the word that removes one, or what looks like an identity number."""
        cell = self.row[column]
        if not cell or self.removes(column):
            return ""
        if meaning := self.row.without_value.get(column):
            self.ask(R_NIR_CELL, meaning, column)
        elif holds_number(_DAYS.sub("x", cell)) or self._has_own_number(column, cell):
            self.ask(R_NUMBER_MISPLACED, MISPLACED, column, held=False)
        else:
            return cell
        return ""

    def _has_own_number(self, column: str, cell: str) -> bool:
        """Whether a number of the row stands in a column for something else. One of a passport or a reception centre
        has no form of its own."""
        if column in NUMBER_COLUMNS or not self._numbers:
            return False
        text = _DAYS.sub(" ", cell)
        return self.is_own_number(text) or any(map(self.is_own_number, _NO_SIGN.split(text)))

    @cached_property
    def _numbers(self) -> frozenset[str]:
        written = (_NO_SIGN.sub("", self.row[column]).upper() for column in NUMBER_COLUMNS)
        return frozenset(number for number in written if len(number) >= _LEAST and any(map(str.isdigit, number)))

    def is_own_number(self, text: str) -> bool:
        """Whether a text is a number of the row."""
        return _NO_SIGN.sub("", text).upper() in self._numbers

    def source(self, column: str) -> str:
        """Where something was seen, in words: what may be a number is not kept with a person."""
        text = self.text(column)
        if sum(map(str.isdigit, _DAYS.sub("", text))) < _DIGITS_OF_A_NUMBER:
            return text
        self.ask(R_NIR_CELL, Sentence("this may be a number. Write in words where the numbers were seen."), column)
        return ""

    def day(self, column: str, *, planned: bool = False) -> date | None:
        """A day: one that has been, unless it may be planned."""
        text = self.text(column)
        return self.day_of(text, column, planned=planned) if text else None

    def day_of(self, text: str, column: str, *, planned: bool = False) -> date | None:
        """The day of a part of a cell."""
        meant = as_date(text, self._last if planned else self.on)
        if isinstance(meant, date):
            return meant
        self.ask(R_DATE, meant, column)
        return None

    def days_in_order(self, first: str, last: str, *, planned: bool = False) -> tuple[date | None, date | None]:
        """The days of two columns; neither, when the second is before the first."""
        begins, ends = self.day(first, planned=planned), self.day(last, planned=planned)
        if begins is None or ends is None or begins <= ends:
            return begins, ends
        self.ask(R_NIR_ORDER, Sentence("the second day is before the first one. Correct one of them."), first, last)
        return None, None

    def yes_no(self, column: str) -> bool | None:
        """Yes or no; None for an empty cell."""
        text = self.text(column)
        meant = YES_NO.get(text.casefold())
        if text and meant is None:
            self.ask(R_NIR_CELL, Sentence("this is neither yes nor no. Write yes (ja) or no (nei)."), column)
        return meant

    def since(self, column: str) -> bool | date | None:
        """A day since when something is so, or only whether it is."""
        text = self.text(column)
        if text and any(map(str.isdigit, text)) and text not in YES_NO:
            return self.day_of(text, column)
        return self.yes_no(column)

    def code(self, text: str, column: str, known: Iterable[str] = ()) -> str | None:
        """What a word of the municipality stands for; None when nobody has said it, which is asked.

        `known` are codes that the rules themselves have.
        """
        mapped = self.codes.get(column, {})
        meanings = {word_key(one): one for one in (*known, *mapped.values())}
        meanings |= {word_key(word): meant for word, meant in mapped.items()}
        meant = meanings.get(word_key(text))
        if meant is None:
            words = Sentence(
                "this word is not mapped. Add it to [nir.codes.{field}] in the configuration, with the code that it "
                "stands for, or correct the cell.",
                field=column,
            )
            self.ask(R_NIR_CODE, words, column)
        return meant

    @property
    def _last(self) -> date:
        return date(min(self.on.year + _YEARS_AHEAD, date.max.year), 12, 31)


def word_key(text: str) -> str:
    """What two ways of writing one word have in common: neither capitals nor spaces make a difference."""
    return " ".join(text.split()).casefold()


_REMOVE: Final = frozenset(map(word_key, REMOVE.in_every_language()))
