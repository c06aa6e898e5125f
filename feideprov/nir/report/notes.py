"""What else the worklist says: rules that nobody has compared with their sources for a year, and
files that others than their owner can use."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from feideprov.errors import scrub_path
from feideprov.installation import page
from feideprov.messages import Sentence, Template
from feideprov.nir.table.rules import LawRow, Rule, Rules, compared_on, rows_of_a_year_ago

_FOR_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_OWN: Final = Template(
    "Your own row {row} of the rules was last compared with its source on {day}, more than a year ago. Look there: "
    "{source}. Then correct the row, or write the new day into its seen_on."
)
_PACKAGE: Final = Template(
    "The rules of feideprov were last compared with their sources on {day}, more than a year ago. Look for a newer "
    "version of feideprov, and in the sources: {page}."
)
_OPEN: Final = Template("{path} can be read or changed by others than its owner. Run: chmod 600 {quoted}")


def notes_on_old_rules(rules: Rules, on: date) -> Mapping[str, Sentence]:
    """A note on each old row of the municipality's own, and one on the rows of the package together.

    The key of a note is what is kept when it was told: the row with the day on which it was last compared. When
    somebody has compared the row again, and another year has passed, that is told again.
    """
    found: dict[str, Sentence] = {}
    for row in rows_of_a_year_ago(rules, on):
        day = compared_on(row, rules)
        if row.own:
            found[f"{row.id} {day}"] = _on_own(row, rules)
        else:
            found[f"{day}"] = _PACKAGE.filled(day=day, page=page("nir-rules.md", "Sources"))
    return found


def notes_on_open_files(paths: Iterable[Path]) -> Iterator[Sentence]:
    """A note on each file that others can read or change. `feideprov doctor` does not say it: it is about Feide, and
    for other people."""
    for path in paths:
        with suppress(OSError):
            if path.stat().st_mode & _FOR_OTHERS:
                shown = scrub_path(path)
                yield _OPEN.filled(path=shown, quoted=shlex.quote(shown))


def _on_own(row: Rule | LawRow, rules: Rules) -> Sentence:
    source, url = rules.source_of(row.source)
    return _OWN.filled(row=row.id, day=compared_on(row, rules), source=f"{source} ({url})" if url else source)
