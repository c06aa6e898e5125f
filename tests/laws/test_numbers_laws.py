"""Laws of the judge. Each name is the law; numbers are made from dates by the tests' own arithmetic."""

from __future__ import annotations

import pickle
import re
import traceback
from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from size import size

from feideprov.errors import InputError
from feideprov.numbers import (
    KINDS,
    SENTENCES,
    Decision,
    Evidence,
    NumberPolicy,
    NumberText,
    Verdict,
    judge_number,
    number_shaped,
)

ON = date(2026, 11, 22)
IN_2032 = date(2032, 1, 1)
SEEN = Evidence("register", "Kari Nordmann", date(2026, 11, 1))
lawful = settings(deadline=None, max_examples=size(100, 300))

# individual numbers, years (Skatteetaten's tables, rewritten here so that a slip in one copy shows)
F_TABLE = [
    ((500, 749), (1854, 1899)),
    ((0, 499), (1900, 1999)),
    ((900, 999), (1940, 1999)),
    ((500, 999), (2000, 2039)),
]
D_TABLE = [
    ((500, 599), (1858, 1899)),
    ((0, 199), (1900, 1939)),
    ((0, 499), (1940, 1999)),
    ((600, 999), (1940, 1999)),
    ((200, 999), (2000, 2039)),
]


def checked(nine: str, rest: int) -> str | None:
    k1 = (rest - sum(w * int(d) for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2), nine, strict=True))) % 11
    if k1 == 10:
        return None
    ten = f"{nine}{k1}"
    k2 = -sum(w * int(d) for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2), ten, strict=True)) % 11
    return None if k2 == 10 else f"{ten}{k2}"


def written(born: date, iii: int, *, plus_day: int = 0, plus_month: int = 0, rest: int = 0) -> str:
    first = f"{born.day + plus_day:02d}{born.month + plus_month:02d}{born.year % 100:02d}"
    number = checked(f"{first}{iii:03d}", rest)
    assume(number is not None)
    return number


@st.composite
def born_and_iii(draw, tables, until=ON):
    (low, high), (first, last) = draw(st.sampled_from(tables))
    born = draw(st.dates(date(first, 1, 1), min(date(last, 12, 31), until)))
    return born, draw(st.integers(low, high))


any_text = st.one_of(
    st.text(),
    st.text("0123456789 -.\u00a0'=\"０٣"),
    st.from_regex(r"[0-9]{9,13}", fullmatch=True),
    st.builds(lambda d, n: f"{d:%d%m%y}{n:05d}", st.dates(), st.integers(0, 99999)),
)
any_policy = st.builds(NumberPolicy, duf=st.sampled_from(["leave-out", "nin"]), test=st.booleans())
any_day = st.dates(date(1990, 1, 1), date(2110, 1, 1))
evidence_or_none = st.one_of(
    st.none(),
    st.builds(Evidence, st.just("card"), st.just("Kari"), st.dates(date(2020, 1, 1), date(2030, 1, 1))),
)


def check_never_refused(number: str, born: date, on: date) -> None:
    verdict = judge_number(number, birth_date=born, on=on)
    assert verdict.decision is not Decision.REFUSE
    assert born in verdict.birth_dates
    # The recorded date is one of the number's own, so it is never what is asked about.
    assert not verdict.code.startswith("N-DATE")
    seen = Evidence("register", "Kari Nordmann", on)
    assert judge_number(number, birth_date=born, on=on, evidence=seen).number.reveal() == number


@lawful
@given(born_and_iii(D_TABLE + F_TABLE))
def test_every_d_number_of_either_table_is_accepted_or_asks_for_evidence(made):
    born, iii = made
    check_never_refused(written(born, iii, plus_day=40), born, ON)


@lawful
@given(born_and_iii(F_TABLE))
def test_every_fodselsnummer_of_the_table_is_accepted_or_asks_for_evidence(made):
    born, iii = made
    check_never_refused(written(born, iii), born, ON)


@lawful
@given(
    st.dates(date(1854, 1, 1), date(2039, 12, 31)),
    st.integers(0, 999),
    st.sampled_from([0, 40]),
    st.integers(0, 3),
    st.dates(IN_2032, date(2060, 1, 1)),
)
def test_from_2032_every_number_by_the_new_rule_is_accepted_or_asks(born, iii, plus_day, rest, on):
    assume(born <= on)
    check_never_refused(written(born, iii, plus_day=plus_day, rest=rest), born, on)


@lawful
@given(
    st.dates(date(1854, 1, 1), ON),
    st.integers(0, 999),
    st.sampled_from([0, 40]),
    st.integers(1, 3),
    st.dates(ON, IN_2032 - timedelta(days=1)),
)
def test_before_2032_no_number_by_the_new_rule_alone_is_accepted(born, iii, plus_day, rest, on):
    number = written(born, iii, plus_day=plus_day, rest=rest)
    assert judge_number(number, on=on, evidence=SEEN).decision is Decision.REFUSE


@lawful
@given(any_text, st.none() | any_day, any_day, evidence_or_none, any_policy)
def test_no_text_raises_and_every_answer_is_whole(text, born, on, evidence, policy):
    verdict = judge_number(text, birth_date=born, on=on, evidence=evidence, policy=policy)
    assert isinstance(verdict, Verdict)
    assert verdict == judge_number(NumberText(text), birth_date=born, on=on, evidence=evidence, policy=policy)
    assert verdict.sentence == SENTENCES[verdict.code]
    assert (verdict.number is not None) is (verdict.decision is Decision.ACCEPT)
    assert (verdict.lifted is not None) is (verdict.code == "N-OK-EVIDENCE")
    assert verdict.birth_dates == tuple(sorted(set(verdict.birth_dates)))
    assert all(day <= on for day in verdict.birth_dates)


CODES_OF = {row.kind: row.codes for row in KINDS}


@lawful
@given(any_text, st.none() | any_day, any_day, evidence_or_none, any_policy)
def test_the_row_of_a_kind_names_every_code_that_its_numbers_get(text, born, on, evidence, policy):
    verdict = judge_number(text, birth_date=born, on=on, evidence=evidence, policy=policy)
    assert verdict.code in CODES_OF[verdict.kind]


@lawful
@given(any_text)
def test_number_shaped_never_raises_and_sees_whatever_could_be_accepted(text):
    shaped = number_shaped(text)
    for policy in (NumberPolicy(duf="nin"), NumberPolicy(test=True)):
        verdict = judge_number(text, on=IN_2032, policy=policy)
        if verdict.decision is Decision.ACCEPT:
            assert shaped


@lawful
@given(st.one_of(any_text, born_and_iii(F_TABLE + D_TABLE).map(lambda made: written(*made))), any_policy)
def test_nothing_that_is_shown_holds_five_digits_in_a_row(text, policy):
    held = NumberText(text)
    verdict = judge_number(held, on=ON, evidence=SEEN, policy=policy)
    shown = [verdict.sentence, verdict.code]
    for value in (held, verdict, verdict.number):
        shown += [repr(value), str(value), f"{value}", repr(pickle.loads(pickle.dumps(value)))]
        shown.append(re.sub(r"\\x[0-9a-f]{2}", "", repr(pickle.dumps(value))))
    for wrong in (lambda: Evidence(text, "Kari", ON), lambda: Evidence("card", f"{text} 12829", ON)):
        try:
            wrong()
        except InputError as error:
            shown.append("".join(traceback.format_exception_only(error)))
    assert [s for s in shown if re.search(r"\d{5}", s)] == []


@lawful
@given(
    born_and_iii(F_TABLE + D_TABLE),
    st.sampled_from([0, 40]),
    st.sampled_from([20, 40, 50, 60, 65, 80]),
    evidence_or_none,
)
def test_no_look_alike_by_its_month_is_accepted(made, plus_day, plus_month, evidence):
    number = written(*made, plus_day=plus_day, plus_month=plus_month)
    assert judge_number(number, birth_date=made[0], on=ON, evidence=evidence).decision is Decision.REFUSE


@lawful
@given(st.from_regex(r"[0-9]{11}", fullmatch=True), any_day, evidence_or_none, any_policy)
def test_no_eleven_digits_that_fail_both_rules_are_accepted(number, on, evidence, policy):
    assume(number not in {checked(number[:9], rest) for rest in range(4)})
    assert judge_number(number, on=on, evidence=evidence, policy=policy).decision is Decision.REFUSE


@lawful
@given(
    st.one_of(any_text, born_and_iii(F_TABLE + D_TABLE, date(2039, 12, 31)).map(lambda made: written(*made))),
    st.none() | any_day,
    any_day,
    any_policy,
)
def test_evidence_never_lifts_a_refusal(text, born, on, policy):
    before = judge_number(text, birth_date=born, on=on, policy=policy)
    after = judge_number(text, birth_date=born, on=on, policy=policy, evidence=Evidence("register", "Kari", on))
    if before.decision is Decision.REFUSE or before.decision is Decision.ACCEPT:
        assert after == before
    else:
        assert after.lifted == before.code or after.code == "N-DUF-NOT-WRITTEN"


@lawful
@given(born_and_iii(F_TABLE), st.sampled_from([0, 40]), evidence_or_none)
def test_tenor_numbers_are_taken_in_a_test_directory_only(made, plus_day, evidence):
    number = written(*made, plus_day=plus_day, plus_month=80)
    assert judge_number(number, on=ON, evidence=evidence).code == "N-TENOR"
    assert judge_number(number, on=ON, policy=NumberPolicy(test=True)).decision is not Decision.REFUSE


@lawful
@given(born_and_iii(F_TABLE + D_TABLE), evidence_or_none)
def test_no_real_number_is_taken_in_a_test_directory(made, evidence):
    number = written(*made)
    verdict = judge_number(number, on=ON, evidence=evidence, policy=NumberPolicy(test=True))
    assert verdict.decision is Decision.REFUSE
