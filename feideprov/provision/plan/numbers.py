"""Numbers that arrive, follow others, or were wrong: from a number list to a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Protocol

from feideprov.directory.dn import fold
from feideprov.directory.entry import Entry
from feideprov.errors import Refused
from feideprov.feide.build import UsableNumber, judge
from feideprov.issues import Origin
from feideprov.numbers import Evidence, NumberPolicy, NumberText
from feideprov.provision.plan.builder import PlanBuilder, holds, name_of, usable_name_of
from feideprov.provision.plan.plan import Plan


class ListedNumber(Protocol):
    """One row of a number list: a number that has arrived or, in a list of withdrawals, that goes."""

    @property
    def user(self) -> str: ...
    @property
    def source_id(self) -> str: ...
    @property
    def national_number(self) -> NumberText: ...
    @property
    def old_number(self) -> NumberText | None: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def evidence(self) -> Evidence | None: ...
    @property
    def origin(self) -> Origin | None: ...


def plan_attaches(draft: PlanBuilder, arrivals: Iterable[ListedNumber], policy: NumberPolicy) -> Plan:
    """Each number to the user that its row names, or the reason why not."""
    return _planned(draft, arrivals, lambda arrival: _attach(draft, arrival, policy))


def plan_replacements(draft: PlanBuilder, arrivals: Iterable[ListedNumber], policy: NumberPolicy) -> Plan:
    """Each number in place of the one that its row names and the user holds, or the reason why not.

    What is done when follows Cerebrum's `fnr_update.py`: no number held, attach; the new one held, nothing; another
    than the row names, or one that somebody else holds, a person decides. Two people are never merged.
    """
    return _planned(draft, arrivals, lambda arrival: _replace(draft, arrival, policy))


def plan_withdrawals(draft: PlanBuilder, arrivals: Iterable[ListedNumber]) -> Plan:
    """Each number away from the user that its row names, if that is the very number held, or the reason why not."""
    return _planned(draft, arrivals, lambda arrival: _withdraw(draft, arrival))


def _planned(draft: PlanBuilder, arrivals: Iterable[ListedNumber], plan_one: Callable[[ListedNumber], None]) -> Plan:
    for arrival in arrivals:
        try:
            plan_one(arrival)
        except Refused as refused:
            draft.refuse(refused.code, str(refused), arrival.origin, arrival.user or None, held=refused.held)
    return draft.finished()


def _attach(draft: PlanBuilder, arrival: ListedNumber, policy: NumberPolicy) -> None:
    entry = _user_of(draft, arrival)
    if holds(entry, arrival.national_number):
        draft.unchanged += 1
    elif usable := _usable(draft, entry, arrival, policy):
        draft.attach(entry, usable, arrival.origin)


def _replace(draft: PlanBuilder, arrival: ListedNumber, policy: NumberPolicy) -> None:
    entry = _user_of(draft, arrival)
    if arrival.old_number is None:
        raise Refused("The number that the user has until now is needed (old_number).", code="R-NUMBER-MISSING")
    if holds(entry, arrival.national_number):
        draft.unchanged += 1
    elif usable := _usable(draft, entry, arrival, policy):
        draft.replace(entry, usable, arrival.old_number, arrival.origin)


def _withdraw(draft: PlanBuilder, arrival: ListedNumber) -> None:
    draft.withdraw(_user_of(draft, arrival), arrival.national_number, arrival.evidence, arrival.origin)


def _usable(draft: PlanBuilder, entry: Entry, arrival: ListedNumber, policy: NumberPolicy) -> UsableNumber | None:
    """The number of a row, judged; None, with the reason told, when it may not be written."""
    judged = judge(
        arrival.national_number,
        policy,
        birth_date=arrival.birth_date,
        evidence=arrival.evidence,
        on=draft.on,
    )
    if isinstance(judged, UsableNumber):
        return judged
    draft.refuse(judged.code, judged.sentence, arrival.origin, name_of(entry), held=judged.held)
    return None


def _user_of(draft: PlanBuilder, arrival: ListedNumber) -> Entry:
    """The user that a row means, by Feide name or source id; a row may give both, and then they must agree."""
    found, source_id = draft.found, fold(arrival.source_id)
    user = arrival.user.lower()
    by_name = (draft.nameless(user) or found.user(user)) if user else None
    by_id = found.by_source_id.get(source_id, []) if source_id else []
    linked = found.named(draft.answers.linked.get(source_id, ""))
    entries = {entry.dn: entry for entry in (by_name, *by_id, linked) if entry is not None}
    if len(entries) > 1:
        raise Refused("The row means more than one user: correct user or source_id.", code="R-TWO-USERS")
    if not entries:
        raise Refused("No user has that source id: correct source_id.", code="R-NO-USER")
    entry = next(iter(entries.values()))
    if not name_of(entry) and (closed := draft.answers.closed_user_at(entry.dn)):
        sentence = f"{closed} is closed, and has no Feide name. If the person is back: feideprov reopen {closed}, then "
        raise Refused(f"{sentence}run again.", code="R-CLOSED", held=True)
    if usable_name_of(entry) in found.doubled:
        raise Refused("More than one entry has that Feide name: correct the directory.", code="R-TWO-USERS", held=True)
    return entry
