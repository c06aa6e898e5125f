"""The judge: may this text be used as a person's national identity number?

No check of form can prove that a number was issued. So form classifies, evidence decides what form cannot,
and nothing is guessed. Refusing a genuine number keeps a child out of school; letting an invented one in
opens another person's data.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from feideprov.messages import Sentence
from feideprov.numbers.checks import ControlRule, control_rule
from feideprov.numbers.dates import OLDEST, first_issued
from feideprov.numbers.evidence import Basis, Evidence
from feideprov.numbers.forms import Form, form_of
from feideprov.numbers.kinds import NumberKind
from feideprov.numbers.number import NumberText, judged_number
from feideprov.numbers.reading import digits_of
from feideprov.numbers.sentences import SENTENCES
from feideprov.numbers.verdict import Decision, NumberPolicy, Verdict
from feideprov.programs.arguments import WrongKindError

PARENT_AGE: Final = range(15, 61)
"""How much older than the recorded person the number's owner is when it may be a parent's."""

DOUBTS_IN_ORDER: Final = (
    "N-EVIDENCE-FUTURE",
    "N-EVIDENCE-OLD",
    "N-FILLER-VALID",
    "N-DATE-PARENT",
    "N-DATE",
    "N-OLD",
    "N-D-900",
    "N-DUF-SWEDISH",
    "N-DUF-LOCAL",
    "N-DUF-CHECK",
)
"""When several hold, the first is reported: the one most likely to show a mistake. Evidence lifts all but the
first two, which are about the evidence itself."""

_ACCEPTING: Final = ("N-OK", "N-OK-EVIDENCE")
_DEFAULT_POLICY: Final = NumberPolicy()


def judge_number(
    text: str | NumberText,
    *,
    birth_date: date | None = None,
    on: date | None = None,
    evidence: Evidence | None = None,
    policy: NumberPolicy = _DEFAULT_POLICY,
) -> Verdict:
    """Judge whether a text may be used as a person's national identity number.

    Parameters:
        text: the number, as somebody wrote it.
        birth_date: the person's recorded birth date.
        on: the day on which the number is judged; without it, the day where the program runs.
        evidence: where the number was seen.
        policy: how the organization has set the judge.

    Returns: the verdict, for any text at all.

    Raises:
        InputError: `text` is not a text, a day is not a date, or another argument is of a wrong kind. It is a TypeError
            too, and does not quote the value.

    >>> judge_number("12829499914").code
    'N-TENOR'
    >>> verdict = judge_number("12829499914", policy=NumberPolicy(test=True))
    >>> verdict.decision, verdict.number
    (<Decision.ACCEPT: 'accept'>, <Tenor number>)
    """
    digits, unreadable = digits_of(text if isinstance(text, str) else _as_written(text))
    if unreadable is not None:
        return Verdict(Decision.REFUSE, NumberKind.LETTERS, unreadable)
    if not isinstance(policy, NumberPolicy) or not (evidence is None or isinstance(evidence, Evidence)):
        raise WrongKindError(Sentence("The evidence is an Evidence or None, and the policy is a NumberPolicy."))
    on = date.today() if on is None else _day_of(on)  # noqa: DTZ011 - the day where the program runs
    form = form_of(digits, on)
    kind, birth_dates = form.kind, form.birth_dates
    refusal = _refusal(form, policy)
    if refusal is not None:
        return Verdict(Decision.REFUSE, kind, refusal)
    recorded = None if birth_date is None else _day_of(birth_date)
    doubts = _doubts(form, recorded, on)
    if evidence is not None and (wrong := _wrong_evidence(evidence, digits, form, recorded, on)):
        return Verdict(Decision.NEEDS_EVIDENCE, kind, wrong, birth_dates)
    doubt = min(doubts, key=DOUBTS_IN_ORDER.index) if doubts else None
    if doubt is not None and evidence is None:
        return Verdict(Decision.NEEDS_EVIDENCE, kind, doubt, birth_dates)
    if kind is NumberKind.DUF and policy.duf == "leave-out":
        return Verdict(Decision.REFUSE, kind, "N-DUF-NOT-WRITTEN")
    code = "N-OK" if doubt is None else "N-OK-EVIDENCE"
    return Verdict(Decision.ACCEPT, kind, code, birth_dates, judged_number(digits, kind, birth_dates), doubt)


def basis_of(verdict: Verdict, *, birth_date: date | None, evidence: Evidence | None) -> Basis | None:
    """What counted for an accepted number in place of evidence; None when evidence did, or nothing.

    Parameters:
        verdict: what the judge said of the number.
        birth_date, evidence: what the number was judged with.

    Returns: the basis.

    Raises: nothing.
    """
    if evidence is not None or verdict.number is None:
        return None
    if verdict.kind is NumberKind.DUF:
        return Basis.NOT_NEEDED
    return Basis.BIRTH_DATE if birth_date is not None else None  # another birth date would have been a doubt


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


def _doubts(form: Form, recorded: date | None, on: date) -> tuple[str, ...]:
    """Every reason to ask for evidence."""
    doubts = form.doubts
    if form.birth_dates:
        if recorded is not None and recorded not in form.birth_dates:
            doubts = (*doubts, _date_doubt(form.birth_dates, recorded))
        # The dates are sorted: if the last is too old, all are. The recorded one decides, if the number allows it.
        born = recorded if recorded in form.birth_dates else form.birth_dates[-1]
        if on.year - born.year > OLDEST:
            doubts = (*doubts, "N-OLD")
    return doubts


def _date_doubt(possible: tuple[date, ...], recorded: date) -> str:
    if any(recorded.year - day.year in PARENT_AGE for day in possible):
        return "N-DATE-PARENT"
    return "N-DATE"


def _wrong_evidence(evidence: Evidence, digits: str, form: Form, recorded: date | None, on: date) -> str | None:
    """Why nobody can have seen this number on that day: a code; None when somebody can."""
    if evidence.seen_on > on:
        return "N-EVIDENCE-FUTURE"
    if not evidence.standing and evidence.seen_on < _first_day(digits, form, recorded):
        return "N-EVIDENCE-OLD"
    return None


def _first_day(digits: str, form: Form, recorded: date | None) -> date:
    """The first day on which the number can have existed, by the recorded birth date if the number allows it."""
    if form.kind is NumberKind.DUF:
        return date(int(digits[:4]), 1, 1)
    old_rule = control_rule(digits) is ControlRule.OLD
    born = (recorded,) if recorded in form.birth_dates else form.birth_dates
    return min(first_issued(day, int(digits[6:9]), d_number=digits[0] > "3", old_rule=old_rule) for day in born)


def _as_written(text: object) -> str:
    if isinstance(text, NumberText):
        return text.reveal()
    kind = type(text).__name__
    raise WrongKindError(Sentence("A number to judge is a str or a NumberText, not {kind}.", kind=kind))


def _day_of(moment: date) -> date:
    """A `datetime` is a `date` too, but never equals one."""
    if isinstance(moment, datetime):
        return moment.date()
    if isinstance(moment, date):
        return moment
    raise WrongKindError(Sentence("A day is a date, not {kind}.", kind=type(moment).__name__))


def decision_of(code: str) -> Decision:
    """The decision that a code means. Raises `KeyError` for an unknown code.

    >>> decision_of("N-TENOR")
    <Decision.REFUSE: 'refuse'>
    """
    if code not in SENTENCES:
        raise KeyError(code)
    if code in _ACCEPTING:
        return Decision.ACCEPT
    return Decision.NEEDS_EVIDENCE if code in DOUBTS_IN_ORDER else Decision.REFUSE
