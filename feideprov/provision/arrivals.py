"""Numbers that arrive: from a number list to a plan."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from feideprov.directory.dn import fold
from feideprov.directory.entry import Entry
from feideprov.errors import Refused
from feideprov.feide.build import judge
from feideprov.feide.person import Origin
from feideprov.feide.user import Concern
from feideprov.numbers import Evidence, NumberPolicy, NumberText
from feideprov.provision.draft import Draft, holds, name_of, usable_name_of
from feideprov.provision.outcome import Plan


class Arrival(Protocol):
    """A number that has arrived: one row of a number list."""

    @property
    def user(self) -> str: ...
    @property
    def source_id(self) -> str: ...
    @property
    def national_number(self) -> NumberText: ...
    @property
    def birth_date(self) -> date | None: ...
    @property
    def evidence(self) -> Evidence | None: ...
    @property
    def origin(self) -> Origin | None: ...


def plan_attaches(draft: Draft, arrivals: Iterable[Arrival], policy: NumberPolicy) -> Plan:
    """Each number to the user that its row names, or the reason why not."""
    for arrival in arrivals:
        try:
            _attach(draft, arrival, policy)
        except Refused as refused:
            draft.refuse(refused.code, str(refused), arrival.origin, arrival.user or None, held=refused.held)
    return draft.finished()


def _attach(draft: Draft, arrival: Arrival, policy: NumberPolicy) -> None:
    entry = _user_of(draft, arrival)
    if holds(entry, arrival.national_number):
        draft.unchanged += 1
        return
    judged = judge(
        arrival.national_number,
        policy,
        birth_date=arrival.birth_date,
        evidence=arrival.evidence,
        on=draft.on,
    )
    if isinstance(judged, Concern):
        draft.refuse(judged.code, judged.sentence, arrival.origin, name_of(entry), held=judged.held)
    else:
        draft.attach(entry, judged, arrival.origin)


def _user_of(draft: Draft, arrival: Arrival) -> Entry:
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
