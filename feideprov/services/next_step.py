"""The next step with a service: ask its provider, remind it, or note that no answer came in time."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from feideprov.services.register.service import Dependency, Service

_TOMORROW = timedelta(days=1)


class NextStep(StrEnum):
    """What comes next. A question and a reminder are messages; if no answer comes, the state becomes *no answer*."""

    ASK = "question"
    REMIND = "reminder"
    NO_ANSWER = "no-answer"


def next_step(service: Service, on: date, answer_days: int, *, named: bool = False) -> NextStep | None:
    """The next step with a service. None: there is none, because the service does not concern us, its provider has
    answered, or still has time to answer.

    `answer_days` is the time to answer, in days. `named`: a person asks to write to this provider, so a message is due
    on any day after the last one.
    """
    state = service.answer.state
    if not service.concerns_us:
        return None
    if state is Dependency.UNKNOWN:
        return NextStep.ASK
    last = service.reminded_on or service.asked_on or service.answer.on or date.min
    if last > on + _TOMORROW:  # written by a clock that was wrong: it must not delay the reminder for years
        last = date.min
    if state is Dependency.NO_ANSWER:
        return NextStep.REMIND if named and last < on else None
    if state is not Dependency.ASKED:
        return None
    if named and last < on:
        return NextStep.REMIND
    if (on - last).days < answer_days:
        return None
    return NextStep.REMIND if service.reminded_on is None else NextStep.NO_ANSWER
