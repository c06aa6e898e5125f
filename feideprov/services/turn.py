"""Whose turn it is with a service: its provider is asked, is reminded, or has given no answer in time."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from feideprov.services.register.service import Dependency, Service


class Turn(StrEnum):
    """What comes next. A question and a reminder are messages; silence becomes the state *no answer*."""

    ASK = "question"
    REMIND = "reminder"
    SILENT = "no-answer"


def turn_of(service: Service, on: date, answer_days: int, *, named: bool = False) -> Turn | None:
    """Whose turn it is with a service; None: nobody's, because it does not concern us, was answered, or has time left.

    `named`: a person wants its provider to be written to, so nothing is waited for but the next day.
    """
    state = service.answer.state
    if not service.concerns_us:
        return None
    if state is Dependency.UNKNOWN:
        return Turn.ASK
    last = service.reminded_on or service.asked_on or service.answer.on or date.min
    if state is Dependency.NO_ANSWER:
        return Turn.REMIND if named and last < on else None
    if state is not Dependency.ASKED:
        return None
    if named and last < on:
        return Turn.REMIND
    if (on - last).days < answer_days:
        return None
    return Turn.REMIND if service.reminded_on is None else Turn.SILENT
