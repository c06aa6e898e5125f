"""What the rules say of one field of a record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feideprov.messages import Sentence
from feideprov.nir.model import Law


class VerdictKind(StrEnum):
    """What is the matter with a field."""

    FORBIDDEN = "forbidden"
    """It must not be registered for this law. The record is not sent before it is gone."""
    MISSING = "missing"
    """It must be registered, and is not there."""
    QUESTION = "question"
    """No rule decides it: a person must."""
    BLOCKED = "blocked"
    """Something else must be done in NIR before it."""
    NOT_KNOWN = "not_known"
    """The sources end before this day: no rule is applied."""


class DueState(StrEnum):
    """Whether the last day has passed. On the last day itself it has not."""

    OPEN = "open"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Verdict:
    """A verdict on one field.

    Parameters:
        rule: the id of the rule, or of the row of the table, that says so.
        kind: what is the matter.
        field: the field; empty for a verdict on the whole record.
        due: the last day for registering it; None when it is not known since when it could be.
        state: whether that day has passed; None without a day.
        source: where the rule comes from: the name of a page, and its day.
        url: the address of the page, where there is one.
        sentence: the same for a person.
        law: the law that was applied.
        law_row: the id of the row that says that this law applies.
    """

    rule: str
    kind: VerdictKind
    field: str
    due: date | None
    state: DueState | None
    source: str
    url: str
    sentence: Sentence
    law: Law
    law_row: str = ""
