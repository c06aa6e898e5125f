"""What is forbidden, missing or asked in a record, under the law that applies to the person."""

from __future__ import annotations

from datetime import date

from feideprov.nir.checks.case import Case
from feideprov.nir.checks.extended_training import verdicts_on_extended_training
from feideprov.nir.checks.fields import verdicts_on_fields
from feideprov.nir.checks.person import verdicts_on_person
from feideprov.nir.checks.unknown_law import law_not_known
from feideprov.nir.laws import law_row
from feideprov.nir.model import Law, Record
from feideprov.nir.table.rules import Rules
from feideprov.nir.verdict import Verdict
from feideprov.programs.arguments import checked


@checked
def verdicts(record: Record, rules: Rules, on: date) -> tuple[Verdict, ...]:
    """The verdicts on a record.

    Parameters:
        record: one person in one scheme.
        rules: the rules.
        on: the day of registering.

    Returns: the verdicts, the earliest last day first, then by field. Before the day on which the rules begin there are
        none; a record whose law is not known has a single one that says so.

    Raises:
        InputError: an argument is of a wrong kind.
    """
    if on < rules.scope_from:
        return ()
    row = law_row(record.person, on, rules, scheme=record.scheme)
    case = Case(record, rules, on, row.law if row else Law.NOT_KNOWN, row.id if row else "")
    if case.law is Law.NOT_KNOWN:
        return (law_not_known(case, row),)
    found = (*verdicts_on_fields(case), *verdicts_on_person(case), *verdicts_on_extended_training(case))
    return tuple(sorted(found, key=_order))


def _order(verdict: Verdict) -> tuple[date, str, str, str]:
    return verdict.due or date.max, verdict.field, verdict.kind, verdict.rule
