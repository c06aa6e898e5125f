"""The number of one user: attached, replaced or withdrawn at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from feideprov.client.context import Context
from feideprov.client.plans import apply_to_one
from feideprov.look_alikes import visible
from feideprov.numbers import Evidence, NumberText
from feideprov.provision.attach import OneNumber
from feideprov.provision.plan.numbers import plan_attaches, plan_replacements, plan_withdrawals
from feideprov.provision.plan.plan import Outcome, Plan


def attach(
    context: Context, user: str, number_text: str, *, evidence: Evidence | None, birth_date: date | None
) -> Outcome:
    """See `Client.attach`."""
    one = OneNumber(_feide_name(user), NumberText(number_text), birth_date, evidence)
    return _apply(context, plan_attaches(context.builder(), [one], context.build_options.numbers))


def replace_number(
    context: Context,
    user: str,
    old_number_text: str,
    number_text: str,
    *,
    evidence: Evidence | None,
    birth_date: date | None,
) -> Outcome:
    """See `Client.replace`."""
    old = NumberText(old_number_text)
    one = OneNumber(_feide_name(user), NumberText(number_text), birth_date, evidence, old)
    return _apply(context, plan_replacements(context.builder(), [one], context.build_options.numbers))


def withdraw(context: Context, user: str, number_text: str, *, evidence: Evidence | None) -> Outcome:
    """See `Client.withdraw`."""
    one = OneNumber(_feide_name(user), NumberText(number_text), evidence=evidence)
    return _apply(context, plan_withdrawals(context.builder(), [one]))


def _feide_name(text: str) -> str:
    return visible(text).strip().lower()


def _apply(context: Context, plan: Plan) -> Outcome:
    """Apply a plan that nobody has seen: its notes become warnings of the outcome."""
    notes = context.notes_for(plan.changes)
    outcome = apply_to_one(context, plan)
    return replace(outcome, warnings=(*outcome.warnings, *notes))
