"""A check of a whole directory: one pass over the users, page by page, with every rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from feideprov.check.catalogue import CATALOGUE
from feideprov.check.context import CheckContext
from feideprov.check.finding import Finding
from feideprov.check.person import PRESENT, READ, Person
from feideprov.check.rule import EntryRef, EntryRule, Match, Rule, SharedRule
from feideprov.check.rules.unit import Unit, units
from feideprov.journal.user.protection import Protection
from feideprov.messages import Sentence
from feideprov.progress import CHECKING_USERS, steps
from feideprov.settings import IgnoreSection
from feideprov.text import Addresses, shown

_CLOSED = Sentence("The user was closed.")


def check_directory(context: CheckContext, rules: Collection[Rule] = CATALOGUE) -> Iterator[Finding]:
    """What the rules find in the directory of `context`, in the directory's order.

    A finding that the configuration accepts is expected. Reads only. Raises DirectoryError when the connection breaks
    or the server returns only a part of the entries.
    """
    for finding in _findings(context, rules):
        yield accepted(finding, context.settings.check.ignore, context.on)


def _findings(context: CheckContext, rules: Collection[Rule]) -> Iterator[Finding]:
    for unit in units(context):
        for finding in _findings_about(unit, EntryRef(None, shown(str(unit.dn))), _rules_for(Unit, rules)):
            yield replace(finding, sentence=Sentence("{unit}: {sentence}", unit=unit.name, sentence=finding.sentence))
    person_rules = _rules_for(Person, rules)
    comparisons = [(rule, rule.comparison(context)) for rule in rules if isinstance(rule, SharedRule)]
    entries = context.directory.having(PRESENT, (*READ, context.source_id_attribute))
    for entry in steps(entries, CHECKING_USERS, total=context.expected):
        context.users += 1
        context.presence.add(entry)
        context.protection.add(entry)
        person = Person(entry, context)
        ref = EntryRef(person.shown_name, person.shown_dn)
        yield from _findings_about(person, ref, person_rules, closed=person.closed)
        for rule, comparison in comparisons:
            for match, found in comparison.add(person, ref):
                yield rule.finding(match, found)
    for rule, comparison in comparisons:
        for match, found in comparison.finish():
            yield rule.finding(match, found)


def with_protection(findings: Iterable[Finding], protection: Protection) -> Iterator[Finding]:
    """The findings, each with whether it names a protected person's user, or one who may be. Ask when every entry was
    read: only then is it known of each."""
    findings = list(findings)
    names, places = Addresses(protection.shown_names), protection.shown_dns
    for one in findings:
        hidden = one.dn in places or names.stand_in(f"{one.user} {one.sentence}".lower())
        yield replace(one, protected=True) if hidden else one


def _rules_for(subject: type, rules: Collection[Rule]) -> list[EntryRule[Any]]:
    return [rule for rule in rules if isinstance(rule, EntryRule) and rule.subject is subject]


def _findings_about(
    subject: object, ref: EntryRef, rules: Sequence[EntryRule[Any]], *, closed: bool = False
) -> Iterator[Finding]:
    for rule in rules:
        result = rule.check(subject)
        if not result:
            continue
        match = result if isinstance(result, Match) else Match()
        if closed and rule.closing and not match.because:
            match = Match(match.about, _CLOSED)
        yield rule.finding(match, ref)


def accepted(finding: Finding, ignored: Sequence[IgnoreSection], on: date) -> Finding:
    """The finding, expected where the configuration accepts it on that day ([[check.ignore]])."""
    for one in ignored if not finding.expected else ():
        if one.accepts(finding.code, finding.user, on):
            because = Sentence("{reason} (decided on {day})", reason=one.reason, day=one.on)
            return replace(finding, expected=True, because=because)
    return finding
