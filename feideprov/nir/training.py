"""The time limits of the training itself, which are not those of registering it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feideprov.nir.model import Law, Record
from feideprov.nir.rules import Rules


@dataclass(frozen=True)
class TrainingLimit:
    """About when the training must be completed: whether the last day counts is not public.

    `rule` says which limit of the table it is.
    """

    about: date
    rule: str
    source: str


def training_limit(record: Record, law: Law, rules: Rules) -> TrainingLimit | None:
    """The limit of a record, later by the days of leave; None where the record does not say enough."""
    raise NotImplementedError
