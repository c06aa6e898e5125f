"""Numbers that changed: a person list has a fødselsnummer for a user who has a D-number.

They are planned with every guard that other numbers have. Then they are held, unless a person asked for them
(`--replace`) or the source of the list is followed (`[[sources]] follow`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeGuard

from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, name_of
from feideprov.feide.build import UsableNumber
from feideprov.feide.person import PersonRecord
from feideprov.issues import Refusal, code, in_row_order
from feideprov.messages import Sentence
from feideprov.numbers import NumberText
from feideprov.numbers.d_number import follows_d_number
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.changes import Replace
from feideprov.provision.plan.holders import R_OTHER_NUMBER
from feideprov.provision.plan.plan import Plan

R_NUMBER_CHANGED: Final = code(
    "R-NUMBER-CHANGED",
    Sentence("Held: the number has changed. The user has a D-number, and the list has a fødselsnummer."),
    Sentence(
        "To replace the D-numbers of a list, run: feideprov apply LIST --replace --yes. To do so for every list of a "
        "source, write follow = true in its [[sources]]."
    ),
)


def plan_number(builder: PlanBuilder, record: PersonRecord, entry: Entry, usable: UsableNumber) -> None:
    """Plan the number of a row for its user: it arrives, or follows the D-number that the user has."""
    held = entry.texts(NUMBER_ATTRIBUTE)
    if len(held) != 1 or not follows_d_number(usable.number, held[0], builder.on):
        builder.attach(entry, usable, record.origin, record.source_id)
        return
    user, origin = name_of(entry), record.origin
    if usable.evidence is None:
        sentence = Sentence(
            "{user} already has a different number, a D-number, and there is no evidence for the fødselsnummer in the "
            "list. Find out which number is right. If the person has got a new number, run again with --replace, and "
            "with --source, or with --evidence, --seen-by and --seen-on.",
            user=user,
        )
        builder.refuse(R_OTHER_NUMBER, sentence, origin, user)
    elif not builder.kept_back(usable, user, entry.dn, record.source_id, origin):
        seen = usable.evidence, usable.lifted, record.source_id, origin, usable.basis
        old = NumberText(held[0])
        builder.changes.append(Replace(user, entry.dn, usable.number, old, *seen, listed_with_person=True))


def is_changed_number(change: object) -> TypeGuard[Replace]:
    """Whether a change replaces a number by that of a person list."""
    return isinstance(change, Replace) and change.listed_with_person


def held_for_a_person(plan: Plan) -> Plan:
    """The plan in which numbers that changed are held."""
    changed = [_held(change) for change in plan.changes if is_changed_number(change)]
    if not changed:
        return plan
    others = tuple(change for change in plan.changes if not is_changed_number(change))
    return replace(plan, changes=others, refusals=in_row_order((*plan.refusals, *changed)))


def _held(change: Replace) -> Refusal:
    sentence = Sentence(
        "The number has changed: {user} has a D-number, and the list has a fødselsnummer. To replace it, run again "
        "with --replace.",
        user=change.feide_name,
    )
    return Refusal(R_NUMBER_CHANGED, sentence, True, change.origin, change.feide_name, change.name_to_show)
