"""Which law applies to a person on a day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from feideprov.nir.model import Law, Person, Scheme, named
from feideprov.nir.table.rows import within
from feideprov.nir.table.rules import LawRow, Rules
from feideprov.programs.arguments import checked


@checked
def law(person: Person, on: date, rules: Rules | None = None, *, scheme: Scheme | str | None = None) -> Law:
    """The law under which a person's training is registered.

    Parameters:
        person: the person.
        on: the day of registering.
        rules: the rules; without them, those of the package.
        scheme: what is registered: in reception centres, one law holds for all.

    Returns: the law; `Law.NOT_KNOWN` when the permit is not known, or the sources end before that day.

    Raises:
        InputError: there is no such scheme, or an argument is of a wrong kind.
    """
    row = law_row(person, on, rules or Rules.shipped(), scheme=None if scheme is None else named(Scheme, scheme))
    return row.law if row else Law.NOT_KNOWN


def law_row(person: Person, on: date, rules: Rules, *, scheme: Scheme | None = None) -> LawRow | None:
    """The row that says which law applies; None when none does, or when rows of equal rank name different laws.

    Of the rows that fit, one that names a basis comes before one that names schemes, and that before any other; then
    one with a known law before one without; then the municipality's own.
    """
    fitting = [row for row in rules.laws if _fits(row, person, on, scheme)]
    best = _first(_first(_first(fitting, _rank), _is_not_known), _is_shipped)
    return min(best, key=lambda row: row.id) if len({row.law for row in best}) == 1 else None


def _first(rows: Sequence[LawRow], rank: Callable[[LawRow], int]) -> Sequence[LawRow]:
    """The rows that come first, by their rank: one or more, if there are any."""
    ranks = [rank(row) for row in rows]
    return [row for row, its in zip(rows, ranks, strict=True) if its == min(ranks)]


def _rank(row: LawRow) -> int:
    return 0 if row.basis is not None else 1 if row.schemes else 2


def _is_not_known(row: LawRow) -> bool:
    return row.law is Law.NOT_KNOWN


def _is_shipped(row: LawRow) -> bool:
    return not row.own


def _fits(row: LawRow, person: Person, on: date, scheme: Scheme | None) -> bool:
    permit = person.permit
    return (
        row.in_force(on)
        and (row.basis is None or (permit is not None and permit.is_under(row.basis)))
        and (not row.schemes or scheme in row.schemes)
        and _is_within(permit.granted if permit else None, row.permit_from, row.permit_until)
        and _is_within(person.arrived, row.arrived_from, row.arrived_until)
    )


def _is_within(day: date | None, first: date | None, until: date | None) -> bool:
    """Whether a day that may be unknown is within bounds; where there are none, it need not be known."""
    return (first is None and until is None) or (day is not None and within(day, first, until))
