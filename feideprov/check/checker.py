"""A check of a whole directory: one pass over the users, page by page, with every rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from feideprov.check.catalogue import CATALOGUE
from feideprov.check.context import CheckContext
from feideprov.check.finding import Finding
from feideprov.check.person import PRESENT, READ, Person
from feideprov.check.rule import EntryRule, Hit, Rule, SharedRule, Who
from feideprov.check.rules.unit import Unit, units
from feideprov.settings import IgnoreSection
from feideprov.text import shown

_CLOSED = "The user was closed."


def check_directory(around: CheckContext, rules: Collection[Rule] = CATALOGUE) -> Iterator[Finding]:
    """What the rules find in the directory of the surroundings, in the directory's order.

    A finding that the configuration accepts is expected. Reads only; raises DirectoryError when the directory breaks
    off, or gives only a part of itself.
    """
    for finding in _findings(around, rules):
        yield accepted(finding, around.settings.check.ignore, around.on)


def _findings(around: CheckContext, rules: Collection[Rule]) -> Iterator[Finding]:
    for unit in units(around):
        yield from _looked(unit, Who(None, shown(str(unit.dn))), _looks(rules, Unit))
    looks = _looks(rules, Person)
    watches = [(rule, rule.watch(around)) for rule in rules if isinstance(rule, SharedRule)]
    for entry in around.directory.having(PRESENT, (*READ, around.source_id_attribute)):
        person = Person(entry, around)
        who = Who(person.shown_name, person.shown_dn)
        yield from _looked(person, who, looks, closed=person.closed)
        for rule, watch in watches:
            for hit, whom in watch.meet(person, who):
                yield rule.finding(hit, whom)
    for rule, watch in watches:
        for hit, whom in watch.end():
            yield rule.finding(hit, whom)


def _looks(rules: Collection[Rule], of: type) -> list[EntryRule[Any]]:
    return [rule for rule in rules if isinstance(rule, EntryRule) and rule.of is of]


def _looked(subject: object, who: Who, looks: Sequence[EntryRule[Any]], *, closed: bool = False) -> Iterator[Finding]:
    for rule in looks:
        answer = rule.look(subject)
        if not answer:
            continue
        hit = answer if isinstance(answer, Hit) else Hit()
        if closed and rule.closing and not hit.because:
            hit = Hit(hit.about, _CLOSED)
        yield rule.finding(hit, who)


def accepted(finding: Finding, ignored: Sequence[IgnoreSection], on: date) -> Finding:
    """The finding, expected where the configuration says so on that day ([[check.ignore]])."""
    for one in ignored if not finding.expected else ():
        if one.accepts(finding.code, finding.user, on):
            return replace(finding, expected=True, because=f"{one.reason} (decided on {one.on})")
    return finding
