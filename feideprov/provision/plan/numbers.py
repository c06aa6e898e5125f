"""Numbers that arrive, replace others, or were wrong: from a number list to a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Protocol

from feideprov.directory.dn import same_key
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, name_of
from feideprov.errors import Refused
from feideprov.feide.build import R_NUMBER_MISSING, UsableNumber, judge
from feideprov.issues import Origin
from feideprov.look_alikes import visible
from feideprov.messages import Sentence
from feideprov.numbers import Evidence, NumberPolicy, NumberText
from feideprov.numbers.d_number import follows_d_number
from feideprov.provision.plan.builder import PlanBuilder, closed
from feideprov.provision.plan.directory_state import R_NO_USER, R_TWO_USERS, usable_name_of
from feideprov.provision.plan.holders import holds
from feideprov.provision.plan.people.hidden import hidden_person
from feideprov.provision.plan.plan import Plan


class NamedUser(Protocol):
    """A row of a list that names a user."""

    @property
    def user(self) -> str: ...
    @property
    def source_id(self) -> str: ...


class ListedNumber(NamedUser, Protocol):
    """One row of a number list: a number that has arrived or, in a list of withdrawals, one that is to be removed."""

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


def plan_attaches(builder: PlanBuilder, rows: Iterable[ListedNumber], policy: NumberPolicy) -> Plan:
    """Each number to the user that its row names, or the reason why not."""
    return _planned(builder, rows, lambda row: _attach(builder, row, policy))


def plan_replacements(builder: PlanBuilder, rows: Iterable[ListedNumber], policy: NumberPolicy) -> Plan:
    """Each number in place of the one that its row names and the user holds, or the reason why not.

    The cases are those of Cerebrum's `fnr_update.py`. The user has no number: attach. The user has the new one: nothing
    is done. The user has another than the row names, or somebody else has the new one: a person decides. Two people are
    never merged.
    """
    return _planned(builder, rows, lambda row: _replace(builder, row, policy))


def plan_withdrawals(builder: PlanBuilder, rows: Iterable[ListedNumber]) -> Plan:
    """Removes each number from the user that its row names, if the user has that very number, or the reason why not."""
    return _planned(builder, rows, lambda row: _withdraw(builder, row))


def _planned(builder: PlanBuilder, rows: Iterable[ListedNumber], plan_row: Callable[[ListedNumber], None]) -> Plan:
    for row in rows:
        builder.about = row.source_id
        try:
            plan_row(row)
        except Refused as refused:
            builder.refuse(refused.code, refused.sentence, row.origin, row.user or None, held=refused.held)
    return builder.finished()


def _attach(builder: PlanBuilder, row: ListedNumber, policy: NumberPolicy) -> None:
    entry = user_of(builder, row)
    if holds(entry, row.national_number):
        builder.unchanged += 1
    elif usable := _usable(builder, entry, row, policy):
        builder.attach(entry, usable, row.origin)


def _replace(builder: PlanBuilder, row: ListedNumber, policy: NumberPolicy) -> None:
    entry = user_of(builder, row)
    if holds(entry, row.national_number):
        builder.unchanged += 1
    elif usable := _usable(builder, entry, row, policy):
        old = row.old_number or _d_number_before(entry, usable, builder.on)
        builder.replace(entry, usable, old, row.origin)


def _d_number_before(entry: Entry, usable: UsableNumber, on: date) -> NumberText:
    """The D-number of a user that a fødselsnummer with evidence follows, which the row need not name.

    Raises Refused for another number, and without evidence.
    """
    held = entry.texts(NUMBER_ATTRIBUTE)
    if not held:
        return NumberText("")  # that the user has none is said by the builder
    if usable.evidence and len(held) == 1 and follows_d_number(usable.number, held[0], on):
        return NumberText(held[0])
    sentence = Sentence(
        "The old number is missing. It may be missing only where the user has a D-number and the new number is a "
        "fødselsnummer with evidence. Give a list that has the number of the user until now in the column old_number."
    )
    raise Refused(sentence, code=R_NUMBER_MISSING)


def _withdraw(builder: PlanBuilder, row: ListedNumber) -> None:
    builder.withdraw(user_of(builder, row), row.national_number, row.evidence, row.origin)


def _usable(builder: PlanBuilder, entry: Entry, row: ListedNumber, policy: NumberPolicy) -> UsableNumber | None:
    """The number of a row, judged; None, with the refusal recorded, when it may not be written."""
    judged = judge(
        row.national_number,
        policy,
        birth_date=row.birth_date,
        evidence=row.evidence,
        on=builder.on,
    )
    if isinstance(judged, UsableNumber):
        return judged
    builder.refuse(judged.code, judged.sentence, row.origin, name_of(entry), held=judged.held)
    return None


def user_of(builder: PlanBuilder, row: NamedUser) -> Entry:
    """The user that a row means, by Feide name or source id; a row may give both, and then they must agree. Raises
    Refused when there is no such user or more than one, and R-CLOSED for a closed user whose Feide name was moved
    away."""
    state, source_id = builder.state, same_key(row.source_id)
    user = visible(row.user).lower()
    by_name = (builder.entry_without_name(user) or builder.user(user)) if user else None
    by_id = state.by_source_id.get(source_id, []) if source_id else []
    linked = state.named(builder.known_users.linked.get(source_id, ""))
    entries = {entry.dn: entry for entry in (by_name, *by_id, linked) if entry is not None}
    if len(entries) > 1:
        raise Refused(
            Sentence(
                "More than one user fits: user and source_id in this row belong to different users, or several users "
                "have this source id. Correct the list or the directory."
            ),
            code=R_TWO_USERS,
        )
    if not entries:
        if source_id and (refused := hidden_person(state, builder.known_users, source_id)):
            raise refused
        apart = state.told_apart(source_id)
        raise Refused(
            Sentence("No user has this source id{apart}. Correct the column source_id.", apart=apart), code=R_NO_USER
        )
    entry = next(iter(entries.values()))
    if not name_of(entry) and (closed_user := builder.known_users.closed_user_at(entry.dn)):
        raise closed(closed_user)
    state.check_unique(usable_name_of(entry))
    return entry
