"""The judge: may this text be used as a person's national identity number?

No check of form can prove that a number was issued. So form classifies, evidence decides what form cannot,
and nothing is guessed. Refusing a genuine number keeps a child out of school; letting an invented one in
opens another person's data.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from feideprov.numbers.evidence import Evidence
from feideprov.numbers.forms import Form, form_of
from feideprov.numbers.kinds import NumberKind
from feideprov.numbers.number import NumberText, judged_number
from feideprov.numbers.reading import digits_of
from feideprov.numbers.verdict import Decision, NumberPolicy, Verdict

OLDEST: Final = 110
"""A number whose every possible birth year lies further back than this many years asks for evidence."""

PARENT_AGE: Final = range(15, 61)
"""How much older than the recorded person the number's owner is when it may be a parent's."""

DOUBTS_IN_ORDER: Final = (
    "N-EVIDENCE-FUTURE",
    "N-FILLER-VALID",
    "N-DATE-PARENT",
    "N-DATE",
    "N-OLD",
    "N-D-900",
    "N-DUF-LOCAL",
    "N-DUF-CHECK",
)
"""When several hold, the first is reported: the one most likely to show a mistake. Evidence lifts all."""

_DEFAULT_POLICY: Final = NumberPolicy()


def judge_number(
    text: str | NumberText,
    *,
    birth_date: date | None = None,
    on: date | None = None,
    evidence: Evidence | None = None,
    policy: NumberPolicy = _DEFAULT_POLICY,
) -> Verdict:
    """The verdict on one number.

    `text` is what somebody wrote; `birth_date` the recorded one; `on` the day it is judged (default: today);
    `evidence` who saw it where; `policy` the organization's settings. Never raises for any text.

    >>> judge_number("12829499914").code
    'N-TENOR'
    >>> verdict = judge_number("12829499914", policy=NumberPolicy(test=True))
    >>> verdict.decision, verdict.number
    (<Decision.ACCEPT: 'accept'>, <Tenor number>)
    """
    digits, unreadable = digits_of(text.reveal() if isinstance(text, NumberText) else text)
    if unreadable is not None:
        return Verdict(Decision.REFUSE, NumberKind.LETTERS, unreadable)
    on = date.today() if on is None else _day_of(on)  # noqa: DTZ011 - the day where the program runs
    form = form_of(digits, on)
    refusal = _refusal(form, policy)
    if refusal is not None:
        return Verdict(Decision.REFUSE, form.kind, refusal)
    doubt = _doubt(form, birth_date, on, evidence)
    if doubt is not None and (evidence is None or doubt == "N-EVIDENCE-FUTURE"):
        return Verdict(Decision.NEEDS_EVIDENCE, form.kind, doubt, form.birth_dates)
    if form.kind is NumberKind.DUF and policy.duf == "leave-out":
        return Verdict(Decision.REFUSE, form.kind, "N-DUF-NOT-WRITTEN")
    return Verdict(
        Decision.ACCEPT,
        form.kind,
        "N-OK" if doubt is None else "N-OK-EVIDENCE",
        form.birth_dates,
        judged_number(digits, form.kind, form.birth_dates),
        doubt,
    )


def _refusal(form: Form, policy: NumberPolicy) -> str | None:
    """What nothing lifts."""
    kind = form.kind
    if kind is NumberKind.TENOR and not policy.test:
        return "N-TENOR"
    if form.refusal is not None:
        return form.refusal
    if kind is NumberKind.DUF:
        # A genuine one that the settings keep out: evidence is not what is missing.
        return "N-DUF-NOT-WRITTEN" if policy.duf == "leave-out" and "N-DUF-CHECK" not in form.doubts else None
    if policy.test and kind is not NumberKind.TENOR:
        return "N-REAL-IN-TEST"
    return None


def _doubt(form: Form, birth_date: date | None, on: date, evidence: Evidence | None) -> str | None:
    """The most telling reason to ask for evidence."""
    doubts = form.doubts
    if evidence is not None and evidence.seen_on > on:
        return "N-EVIDENCE-FUTURE"
    if form.birth_dates:
        if birth_date is not None and _day_of(birth_date) not in form.birth_dates:
            doubts = (*doubts, _date_doubt(form.birth_dates, birth_date))
        # The dates are sorted: if the last is too old, all are.
        if on.year - form.birth_dates[-1].year > OLDEST:
            doubts = (*doubts, "N-OLD")
    if not doubts:
        return None
    return doubts[0] if len(doubts) == 1 else min(doubts, key=DOUBTS_IN_ORDER.index)


def _date_doubt(possible: tuple[date, ...], recorded: date) -> str:
    if any(recorded.year - day.year in PARENT_AGE for day in possible):
        return "N-DATE-PARENT"
    return "N-DATE"


def _day_of(moment: date) -> date:
    """A `datetime` is a `date` too, but never equals one."""
    return moment.date() if isinstance(moment, datetime) else moment
