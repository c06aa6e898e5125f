"""Which law applies to a person on a day."""

from __future__ import annotations

from datetime import date

from feideprov.nir.model import Law, Person, Scheme
from feideprov.nir.rules import LawRow, Rules


def law(person: Person, on: date, rules: Rules | None = None, *, scheme: Scheme | None = None) -> Law:
    """The law under which a person's training is registered.

    Parameters:
        person: the person.
        on: the day of registering.
        rules: the rules; without them, those of the package.
        scheme: what is registered: in reception centres, one law holds for all.

    Returns: the law; `Law.NOT_KNOWN` when the permit is not known, or the sources end before that day.
    """
    row = law_row(person, on, rules or Rules.shipped(), scheme=scheme)
    return row.law if row else Law.NOT_KNOWN


def law_row(person: Person, on: date, rules: Rules, *, scheme: Scheme | None = None) -> LawRow | None:
    """The row that says which law applies; None when none does."""
    raise NotImplementedError
