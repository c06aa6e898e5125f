"""A planned or carried-out change as it is shown: whom it is about, and what each value was and becomes.

Lines for a person, an object for `--json`, comments for LDIF.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from feideprov.messages import NOTHING, Sentence, joined
from feideprov.provision.plan.changes import Attach, Change, Create
from feideprov.provision.plan.people.changed_numbers import is_changed_number
from feideprov.provision.plan.people.school_year import school_year
from feideprov.provision.plan.shown_values import NOT_SHOWN, ChangedValues, changed_values
from feideprov.provision.plan.unit_changes import CreateUnit
from feideprov.text import shown


def plan_lines(changes: Sequence[Change]) -> Iterator[Sentence]:
    """The changes as a person reads them: one by one; then those that a new school year brings for many, in groups; and
    then numbers that changed."""
    year = school_year(changes)
    yield from _indented(line for one in year.others if not is_changed_number(one) for line in change_lines(one))
    if year.users:
        yield NOTHING
        yield Sentence(
            "A new school year, for {count} user (--json and --csv have each of them):",
            plural="A new school year, for {count} users (--json and --csv have each of them):",
            count=year.users,
        )
        yield from _indented(year.lines)
    if changed := [one for one in year.others if is_changed_number(one)]:
        yield NOTHING
        yield Sentence("Numbers that changed:")
        yield from _indented(line for one in changed for line in change_lines(one))


def _indented(lines: Iterable[Sentence]) -> Iterator[Sentence]:
    return (Sentence("  {line}", line=line) for line in lines)


def change_lines(change: Change) -> Iterator[Sentence]:
    """What would be done, and to whom; then a line for each value that goes or comes. The sentence says all of it where
    an entry or a number is added."""
    yield Sentence("{change} ({who})", change=change.sentence, who=who) if (who := whom(change)) else change.sentence
    if not isinstance(change, Create | CreateUnit | Attach):
        for values in changed_values(change):
            if {*values.was, *values.becomes} != {NOT_SHOWN}:
                yield from _value_lines(values)


def whom(change: Change) -> Sentence:
    """Whom a change is about: the name, unless the person is protected, the school, unless the sentence names it, and
    the row. Empty for an entry that is of no person."""
    school = "" if isinstance(change, Create) else shown(change.school)
    row = change.origin.place if change.origin else ""
    return joined([shown(change.name_to_show), school, row], ", ")


def change_details(change: Change) -> dict[str, Any]:
    """What `--json` says of a change beside its sentence."""
    values = changed_values(change)
    return {
        "name": shown(change.name_to_show) or None,
        "school": shown(change.school) or None,
        "source": change.origin.file if change.origin else None,
        "row": change.origin.row if change.origin else None,
        "was": {one.attribute: list(one.was) for one in values if one.was},
        "becomes": {one.attribute: list(one.becomes) for one in values if one.becomes},
    }


def _value_lines(values: ChangedValues) -> Iterator[Sentence]:
    name, was, becomes = values
    if len(was) == len(becomes) == 1 and not (_right_to_left(was[0]) and _right_to_left(becomes[0])):
        yield Sentence("  {attribute}: {was} → {becomes}", attribute=name, was=was[0], becomes=becomes[0])
        return
    for value in was:
        yield Sentence("  {attribute}: removed {value}", attribute=name, value=value)
    for value in becomes:
        yield Sentence("  {attribute}: added {value}", attribute=name, value=value)


def _right_to_left(text: str) -> bool:
    """Whether a text has Arabic or Hebrew letters: an arrow between two such texts would point the wrong way."""
    return not text.isascii() and any(unicodedata.bidirectional(c) in {"R", "AL"} for c in text)
