"""What is said of rows of the rules that nobody has compared with their sources for a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from feideprov.installation import page
from feideprov.messages import NOTHING, Sentence
from feideprov.nir.table.rules import LawRow, Rule, Rules, compared_on, rows_of_a_year_ago


def notes_on_old_rules(rules: Rules, on: date) -> Mapping[str, Sentence]:
    """A sentence on each old row of the municipality's own, and one on the rows of the package together.

    The key of a sentence is what is kept when it was told: the row with the day on which it was last compared. When
    somebody has compared the row again, and another year has passed, that is told again.
    """
    found: dict[str, Sentence] = {}
    for row in rows_of_a_year_ago(rules, on):
        day = compared_on(row, rules)
        if row.own:
            found[f"{row.id} {day}"] = _on_own(row, rules)
        else:
            found[f"{day}"] = _ON_THE_PACKAGE.with_values(day=day, page=page("nir-rules.md", "Sources"))
    return found


_ON_THE_PACKAGE = Sentence(
    "The rules of feideprov were last compared with their sources on {day}, more than a year ago. Look for a newer "
    "version of feideprov, and in the sources: {page}.",
    day="",
    page="",
)


def _on_own(row: Rule | LawRow, rules: Rules) -> Sentence:
    source, url = rules.source_of(row.source)
    return Sentence(
        "Your own row {row} of the rules was last compared with its source on {day}, more than a year ago. Look there: "
        "{source}{address}. Then correct the row, or write the new day into its seen_on.",
        row=row.id,
        day=compared_on(row, rules),
        source=source,
        address=Sentence(" ({url})", url=url) if url else NOTHING,
    )
