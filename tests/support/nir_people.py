"""People and records of the introduction register: the smallest that a rule of the table is about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from feideprov.nir.contents import Tiltak
from feideprov.nir.model import Law, Permit, Person, Record, Scheme, Value
from feideprov.nir.table.rules import Rule, Rules

RULES = Rules.shipped()
A_DAY = timedelta(days=1)
PROGRAMME, NORSK = Scheme.INTRODUKSJONSPROGRAM, Scheme.NORSK
_PERMITS = {
    Law.INTRODUKSJONSLOVEN: ("28", date(2019, 5, 10)),
    Law.INTEGRERINGSLOVEN: ("28", date(2021, 2, 1)),
    Law.KAP6A: ("34", date(2022, 3, 11)),
}
_FIRST_DAYS = {Law.KAP6A: date(2022, 6, 15)}


def person(law: Law = Law.INTEGRERINGSLOVEN, **given: Any) -> Person:
    """Somebody to whom a law applies, settled on the day of the permit."""
    basis, granted = _PERMITS[law]
    usual = {"key": "p1", "permit": Permit(basis=basis, granted=granted), "arrived": granted, "settled": granted}
    return Person(**usual | given)


def record(
    scheme: Scheme, values: dict[str, Any] | None = None, law: Law = Law.INTEGRERINGSLOVEN, **given: Any
) -> Record:
    """A record; a value that is no `Value` is a content that was there since 2021-06-01."""
    since = date(2021, 6, 1)
    made = {k: v if isinstance(v, Value) else Value(content=v, available_on=since) for k, v in (values or {}).items()}
    return Record(**{"person": person(law), "scheme": scheme, "values": made} | given)


def first_day(rule: Rule) -> date:
    """The first day on which a rule decides something."""
    return max(RULES.scope_from, rule.from_ or RULES.scope_from, _FIRST_DAYS.get(rule.law, RULES.scope_from))


def about(rule: Rule, *, filled: bool, on: date, fact: bool = True) -> Record:
    """The record that a rule is about: with its fact, and with a value in its field or without one."""
    whole, _, kind = rule.field.partition(".")
    content = Tiltak(kind=kind, from_=on) if kind else "something"
    scheme = PROGRAMME if rule.scheme == "*" else Scheme(rule.scheme)
    facts = {rule.when} - {"always"} if fact else ()
    return record(scheme, {whole: Value(content=content, available_on=on)} if filled else {}, rule.law, facts=facts)
