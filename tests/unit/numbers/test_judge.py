"""Every code, once at least, and the lines between them."""

from __future__ import annotations

import dataclasses
import inspect
from bisect import bisect_left
from datetime import date, datetime, timedelta

import pytest

from feideprov.numbers import (
    SENTENCES,
    Basis,
    Decision,
    Evidence,
    NumberKind,
    NumberPolicy,
    NumberText,
    basis_of,
    judge_number,
)
from feideprov.numbers.dates import D_TABLE, F_TABLE, first_issued, possible_years

ON = date(2026, 11, 22)
IN_2032 = date(2032, 1, 1)
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
LATER = Evidence("letter", "Kari Nordmann", date(2026, 11, 23))
TEST = NumberPolicy(test=True)
NIN = NumberPolicy(duf="nin")
TENOR = "12829499914"
BORN = date(2009, 3, 14)


def code(text, *, on=ON, **rest):
    return judge_number(text, on=on, **rest).code


# accept -----------------------------------------------------------------------------------------------------


def test_a_fodselsnummer_is_accepted(make):
    verdict = judge_number(make.f(BORN, range(500, 1000)), birth_date=BORN, on=ON)
    assert (verdict.decision, verdict.kind, verdict.code) == (
        Decision.ACCEPT,
        NumberKind.FODSELSNUMMER,
        "N-OK",
    )
    assert verdict.birth_dates == (BORN,)
    assert verdict.number.possible_birth_dates == (BORN,)
    assert verdict.number.kind is NumberKind.FODSELSNUMMER
    assert verdict.lifted is None


def test_a_d_number_is_accepted(make):
    number = make.d(BORN, range(500, 900))
    verdict = judge_number(number, birth_date=BORN, on=ON)
    assert (verdict.decision, verdict.kind, verdict.code) == (Decision.ACCEPT, NumberKind.D_NUMBER, "N-OK")
    assert verdict.number.reveal() == number


def test_a_d_number_means_what_either_table_says(make):
    number = make.d(BORN, range(200, 500))
    both = (date(1909, 3, 14), BORN)
    assert judge_number(number, on=ON).birth_dates == both
    in_2019 = date(2019, 12, 31)  # the older one is 110 years
    assert all(judge_number(number, birth_date=day, on=in_2019).code == "N-OK" for day in both)


@pytest.mark.parametrize(("function", "named"), [(judge_number, 4), (possible_years, 1), (first_issued, 2)])
def test_settings_are_given_by_name(function, named):
    kinds = [parameter.kind for parameter in inspect.signature(function).parameters.values()]
    assert kinds.count(inspect.Parameter.KEYWORD_ONLY) == named
    assert kinds.count(inspect.Parameter.POSITIONAL_OR_KEYWORD) == len(kinds) - named


def test_a_verdict_and_a_policy_are_values():
    for value in (judge_number("", on=ON), NumberPolicy()):
        assert not hasattr(value, "__dict__")
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, dataclasses.fields(value)[0].name, "other")


def test_gender_never_decides(make):
    made = list(make.every(BORN, range(500, 540)))
    assert {int(n[8]) % 2 for n in made} == {0, 1}
    assert {code(n) for n in made} == {"N-OK"}


def test_the_day_defaults_to_today(make):
    assert judge_number(make.f(BORN, range(500, 1000))).code == "N-OK"


@pytest.mark.parametrize(
    "wrong", [None, 12829499914, b"12829499914", ["12829499914"]], ids=["none", "int", "bytes", "list"]
)
def test_only_text_is_judged(wrong):
    with pytest.raises(TypeError, match=r"not (NoneType|int|bytes|list)\.$") as caught:
        judge_number(wrong)
    assert "12829" not in str(caught.value)


@pytest.mark.parametrize("field", ["on", "birth_date"])
def test_only_dates_are_days(make, field):
    days = {"on": ON} | {field: "2009-03-14"}
    with pytest.raises(TypeError, match="A day is a date, not str"):
        judge_number(make.f(BORN, range(500, 1000)), **days)


def test_datetimes_are_taken_as_their_day(make):
    number = make.f(BORN, range(500, 1000))
    verdict = judge_number(number, birth_date=datetime(2009, 3, 14, 12), on=datetime(2026, 11, 22, 8))
    assert verdict.code == "N-OK"


# how it is written ------------------------------------------------------------------------------------------

WAYS = {
    "as is": "{0}",
    "white space around": "  {0}\n",
    "space": "{1} {2}",
    "no-break space": "{1}\N{NO-BREAK SPACE}{2}",
    "thin space": "{1}\N{THIN SPACE}{2}",
    "hyphen": "{1}-{2}",
    "en dash": "{1}\N{EN DASH}{2}",
    "minus": "{1}\N{MINUS SIGN}{2}",
    "dot": "{1}.{2}",
    "apostrophe": "'{0}",
    "curly apostrophe": "\N{RIGHT SINGLE QUOTATION MARK}{0}",
    "excel": '="{0}"',
    "excel with space": '="{1} {2}" ',
    "byte order mark": "\N{ZERO WIDTH NO-BREAK SPACE}{0}",
    "direction mark": "{0}\N{POP DIRECTIONAL FORMATTING}",
}


@pytest.mark.parametrize("way", WAYS)
def test_separators_people_write_are_taken_out(way):
    verdict = judge_number(WAYS[way].format(TENOR, TENOR[:6], TENOR[6:]), on=ON, policy=TEST)
    assert verdict.number.reveal() == TENOR


@pytest.mark.parametrize("zero", ["０", "٠", "𝟎"], ids=["full-width", "arabic-indic", "mathematical"])
def test_other_digits_become_ascii(zero):
    written = "".join(chr(ord(zero) + int(d)) for d in TENOR)
    assert judge_number(NumberText(written), on=ON, policy=TEST).number.reveal() == TENOR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "N-EMPTY"),
        (" - ", "N-EMPTY"),
        ("ukjent", "N-LETTERS"),
        ("1283949991O", "N-LETTERS"),
        ("12839499914²", "N-LETTERS"),
        ("1,28395E+10", "N-LETTERS"),
        ('="', "N-LETTERS"),
        ("12839499914.0", "N-DECIMAL"),
        ("1283949991.00", "N-DECIMAL"),
        ("1283949991", "N-TEN-DIGITS"),
        ("128394999", "N-LENGTH"),
        ("1", "N-LENGTH"),
        ("99999999999", "N-ALIKE"),
        ("00000000000", "N-ALIKE"),
        ("11111111111", "N-ALIKE"),
        ("111111111111", "N-ALIKE"),
        ("2222222222", "N-TEN-DIGITS"),
        ("0000000000", "N-TEN-DIGITS"),
        ("310299123456", "N-LENGTH"),
        ("280299123456", "N-LOCAL-LONG"),
        ("2802991234567", "N-LOCAL-LONG"),
        ("123456789012345", "N-LENGTH"),
    ],
    ids=lambda value: value if value.startswith("N-") else "",
)
def test_what_is_no_number_says_so(text, expected):
    verdict = judge_number(text, on=ON, evidence=SEEN)
    assert (verdict.decision, verdict.code) == (Decision.REFUSE, expected)
    assert verdict.number is None
    assert verdict.birth_dates == ()


# refused for what it is -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plus_month", "expected", "kind"),
    [
        (40, "N-H", NumberKind.H_NUMBER),
        (50, "N-S", NumberKind.S_NUMBER),
        (20, "N-NPID", NumberKind.NPID),
        (60, "N-NPID", NumberKind.NPID),
        (65, "N-NHN", NumberKind.NHN),
        (80, "N-TENOR", NumberKind.TENOR),
    ],
)
@pytest.mark.parametrize("plus_day", [0, 40])
@pytest.mark.parametrize("policy", [NumberPolicy(), TEST], ids=["real", "test"])
def test_look_alikes_are_refused(make, plus_month, expected, kind, plus_day, policy):
    number = next(make.every(date(2009, 5, 14), range(500, 900), plus_day=plus_day, plus_month=plus_month))
    verdict = judge_number(number, on=ON, evidence=SEEN, policy=policy)
    if policy.test and kind is NumberKind.TENOR:
        assert verdict.decision is Decision.ACCEPT
    else:
        assert (verdict.decision, verdict.code, verdict.kind) == (Decision.REFUSE, expected, kind)


@pytest.mark.parametrize(
    ("plus_month", "expected"),
    [(40, "N-H"), (50, "N-CHECK"), (20, "N-NPID"), (60, "N-NPID"), (65, "N-NHN"), (80, "N-TENOR")],
)
def test_a_student_number_alone_needs_its_check_digits_to_be_told(make, plus_month, expected):
    number = next(make.every(date(2009, 5, 14), range(500, 900), plus_month=plus_month))
    assert code(make.wrong(number)) == expected


@pytest.mark.parametrize(
    ("month", "check", "expected"),
    [
        (51, True, "N-H"),
        (52, True, "N-H"),
        (53, True, "N-S"),
        (60, False, "N-CHECK"),
        (61, True, "N-S"),
        (61, False, "N-NPID"),
        (62, True, "N-S"),
        (62, False, "N-NPID"),
        (63, True, "N-NPID"),
        (66, True, "N-NHN"),
        (72, True, "N-NHN"),
        (77, True, "N-NHN"),
        (32, True, "N-NPID"),
        (41, True, "N-H"),
        (92, True, "N-TENOR"),
        (33, True, "N-NO-DATE"),
        (78, True, "N-NO-DATE"),
        (80, True, "N-NO-DATE"),
        (93, True, "N-NO-DATE"),
        (13, True, "N-NO-DATE"),
        (20, True, "N-NO-DATE"),
        (0, True, "N-NO-DATE"),
    ],
)
def test_common_and_border_months(make, month, check, expected):
    number = next(make.every(date(2009, 1, 14), range(500, 900), plus_month=month - 1))
    assert code(number if check else make.wrong(number)) == expected


def test_an_fh_number_is_refused(make):
    number = next(make.every(date(2009, 3, 1), range(1000), plus_day=80))
    assert judge_number(number, on=ON).kind is NumberKind.FH_NUMBER
    assert code(number) == "N-FH"
    assert code(make.wrong(number)) == "N-CHECK"


def test_check_digits_dates_and_centuries(make):
    assert code(make.wrong(make.f(BORN, range(500, 1000)))) == "N-CHECK"
    assert code(next(make.every(date(2009, 3, 31), range(500, 900), plus_month=1))) == "N-NO-DATE"
    assert code(make.f(date(1996, 2, 29), range(500))) == "N-OK"
    assert code(next(make.every(date(2000, 2, 29), range(500)))) == "N-NO-DATE"  # 1900 had none
    assert code(make.f(date(1945, 3, 14), range(500, 900))) == "N-CENTURY"
    assert code(make.d(date(1945, 3, 14), range(500, 600))) == "N-CENTURY"


def test_a_birth_in_the_future_is_refused_until_its_day(make):
    number = make.f(date(2026, 11, 23), range(500, 1000))
    assert code(number) == "N-FUTURE"
    assert code(number, on=date(2026, 11, 23)) == "N-OK"


# the rule of 2032 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", [1, 2, 3])
def test_the_new_rule_counts_from_2032(make, rest):
    born = date(2027, 3, 14)
    number = make.f(born, range(100, 200), rest=rest)
    assert code(number, on=IN_2032 - timedelta(days=1)) == "N-2032"
    verdict = judge_number(number, on=IN_2032, birth_date=born)
    assert verdict.code == "N-OK"
    assert verdict.birth_dates == (date(1927, 3, 14), born)


def test_the_new_rule_has_no_fourth_rest(make):
    assert code(make.f(date(2027, 3, 14), rest=4), on=IN_2032) == "N-CHECK"


def test_old_numbers_live_on_beside_the_new(make):
    verdict = judge_number(make.f(BORN, range(500, 1000)), on=IN_2032, birth_date=BORN)
    assert verdict.code == "N-OK"
    assert verdict.birth_dates == (date(1909, 3, 14), BORN)


def test_a_new_number_tells_every_century_there_has_been(make):
    number = make.f(date(1860, 3, 14), rest=1)
    assert [d.year for d in judge_number(number, on=IN_2032).birth_dates] == [1860, 1960]
    assert [d.year for d in judge_number(number, on=date(2060, 3, 14)).birth_dates] == [1860, 1960, 2060]
    number = make.f(date(1853, 3, 14), rest=1)
    assert [d.year for d in judge_number(number, on=IN_2032).birth_dates] == [1953]


def test_a_county_number_keeps_the_old_rule(make):
    old = make.d(date(2027, 3, 14), range(900, 1000))
    new = make.d(date(2027, 3, 14), range(900, 1000), rest=2)
    assert code(old, on=IN_2032) == "N-D-900"
    assert code(new, on=IN_2032) == "N-OK"


# needs evidence ---------------------------------------------------------------------------------------------


def asks(verdict, expected):
    assert (verdict.decision, verdict.code) == (Decision.NEEDS_EVIDENCE, expected)
    assert verdict.number is None


def lifted(verdict, expected):
    assert (verdict.decision, verdict.code, verdict.lifted) == (Decision.ACCEPT, "N-OK-EVIDENCE", expected)
    assert verdict.number is not None


@pytest.mark.parametrize("plus_day", [0, 40], ids=["F", "D"])
@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (date(2009, 3, 15), "N-DATE"),
        (date(2009, 4, 14), "N-DATE"),
        (date(2010, 3, 14), "N-DATE"),
        (date(2023, 3, 14), "N-DATE"),
        (date(2024, 3, 14), "N-DATE-PARENT"),
        (date(1995, 3, 14), "N-DATE"),
    ],
)
def test_another_birth_date_asks(make, plus_day, recorded, expected):
    number = next(make.every(BORN, range(600, 900), plus_day=plus_day))
    asks(judge_number(number, birth_date=recorded, on=ON), expected)
    lifted(judge_number(number, birth_date=recorded, on=ON, evidence=SEEN), expected)


@pytest.mark.parametrize(
    ("years", "expected"), [(14, "N-DATE"), (15, "N-DATE-PARENT"), (60, "N-DATE-PARENT"), (61, "N-DATE")]
)
def test_a_parent_is_fifteen_to_sixty_years_older(make, years, expected):
    number = make.f(date(1950, 3, 14), range(500))
    assert code(number, birth_date=date(1950 + years, 3, 14)) == expected


def test_more_than_110_years_asks(make):
    asks(judge_number(make.f(date(1915, 12, 31), range(500)), on=ON), "N-OLD")
    assert code(make.f(date(1916, 1, 1), range(500))) == "N-OK"
    lifted(judge_number(make.f(date(1915, 12, 31), range(500)), on=ON, evidence=SEEN), "N-OLD")


def test_a_d_number_in_the_countys_range_asks(make):
    number = make.d(BORN, range(900, 1000))
    asks(judge_number(number, birth_date=BORN, on=ON), "N-D-900")
    lifted(judge_number(number, birth_date=BORN, on=ON, evidence=SEEN), "N-D-900")
    assert judge_number(number, on=ON).kind is NumberKind.D_NUMBER
    assert code(make.d(BORN, range(899, 860, -1))) == "N-OK"
    assert code(make.f(BORN, range(900, 1000))) == "N-OK"


FILLERS = ["00000", "00100", "00200", "55555", "77777", "88888", "99999", *(f"00{x}00" for x in range(3, 10))]


@pytest.mark.parametrize("ending", FILLERS, ids=[f"ending {i}" for i in range(len(FILLERS))])
def test_a_filler_is_refused_unless_its_check_digits_hold(make, ending):
    days = [date(1960, 1, 1) + timedelta(days=n) for n in range(16000)]
    holding = (n for day in days for n in make.every(day, range(int(ending[:3]), int(ending[:3]) + 1)))
    number = make.first(holding, lambda n: n.endswith(ending) and code(n) not in ("N-CENTURY", "N-FILLER"))
    asks(judge_number(number, on=ON), "N-FILLER-VALID")
    lifted(judge_number(number, on=ON, evidence=SEEN), "N-FILLER-VALID")
    failing = next(
        f"{day:%d%m%y}{ending}" for day in days if f"{day:%d%m%y}{ending}" not in _holding(make, day, ending)
    )
    verdict = judge_number(failing, on=ON, evidence=SEEN)
    assert (verdict.code, verdict.kind) == ("N-FILLER", NumberKind.FILLER)


def _holding(make, day, ending):
    iii = int(ending[:3])
    return set(make.every(day, range(iii, iii + 1)))


def test_a_filler_needs_a_date():
    assert code("32139900000") == "N-CHECK"


@pytest.mark.parametrize("digit", "0123456789")
def test_one_digit_repeated_is_no_number_by_the_new_rule_either(digit):
    assert code(digit * 11, on=IN_2032) == "N-ALIKE"


def test_evidence_from_the_future_asks_for_an_accepted_number_too(make):
    number = make.f(BORN, range(500, 1000))
    asks(judge_number(number, on=ON, evidence=LATER), "N-EVIDENCE-FUTURE")
    asks(judge_number(number, birth_date=date(2010, 1, 1), on=ON, evidence=LATER), "N-EVIDENCE-FUTURE")
    assert code(number, on=LATER.seen_on, evidence=LATER) == "N-OK"


def seen_on(day, **more):
    return Evidence("letter", "Kari Nordmann", day, **more)


def first_good_day(number, **rest):
    """The first day on which somebody can have seen the number."""
    days = [date(1900, 1, 1) + timedelta(days=n) for n in range(60000)]
    return days[bisect_left(days, 1, key=lambda d: code(number, evidence=seen_on(d), **rest) != "N-EVIDENCE-OLD")]


def test_evidence_older_than_the_number_asks_for_an_accepted_number_too(make):
    number = make.f(BORN, range(500, 1000))
    asks(judge_number(number, on=ON, evidence=seen_on(BORN - timedelta(days=1))), "N-EVIDENCE-OLD")
    assert code(number, evidence=seen_on(BORN)) == "N-OK"
    assert code(number, evidence=seen_on(date(1999, 1, 1), standing=True)) == "N-OK"
    asks(judge_number(number, on=ON, evidence=seen_on(date(2027, 1, 1), standing=True)), "N-EVIDENCE-FUTURE")
    # ... and before a doubt that good evidence would lift
    asks(judge_number(number, birth_date=date(2010, 1, 1), on=ON, evidence=seen_on(date(2009, 1, 1))), "N-EVIDENCE-OLD")


def test_a_number_can_be_as_old_as_the_table_that_explains_it(make):
    assert first_good_day(make.f(BORN, range(500, 1000))) == BORN
    assert first_good_day(make.d(BORN, range(500, 900))) == BORN  # the older table allows it
    both = make.d(BORN, range(200, 500))  # 1909 by either table, 2009 by that of 2021
    assert first_good_day(both) == date(1909, 3, 14)
    assert first_good_day(both, birth_date=date(1909, 3, 14)) == date(1909, 3, 14)
    assert first_good_day(both, birth_date=BORN) == date(2021, 11, 16)
    assert first_good_day(both, birth_date=date(2010, 1, 1)) == date(1909, 3, 14)  # not a date of the number's
    assert first_good_day(make.d(date(1970, 3, 14), range(750, 900))) == date(2021, 11, 16)
    born_since = make.d(date(2023, 3, 14), range(200, 500))
    assert first_good_day(born_since, birth_date=date(2023, 3, 14)) == date(2023, 3, 14)


def test_a_number_by_the_new_rule_alone_is_never_older_than_2032(make):
    late = {"on": date(2040, 1, 1)}
    assert first_good_day(make.f(BORN, range(500, 1000), rest=1), **late) == IN_2032
    assert first_good_day(make.d(BORN, range(500, 900), rest=1), **late) == IN_2032
    old_rule = make.f(BORN, range(500, 1000))
    assert first_good_day(old_rule, birth_date=BORN, **late) == BORN
    assert first_good_day(old_rule, birth_date=date(1909, 3, 14), **late) == IN_2032  # by no table
    no_d_number = make.f(BORN, range(200, 500))  # 2009 by the table of D-numbers alone
    assert first_good_day(no_d_number, birth_date=BORN, **late) == IN_2032
    on_the_30th = make.f(date(2009, 3, 30), range(200, 500))
    assert first_good_day(on_the_30th, birth_date=date(2009, 3, 30), **late) == IN_2032
    unborn = make.f(date(2033, 3, 14), range(100), rest=1)
    assert first_good_day(unborn, birth_date=date(2033, 3, 14), **late) == date(2033, 3, 14)


def test_a_duf_number_is_as_old_as_its_year(make):
    assert first_good_day(make.duf(2022, 586975), policy=NIN) == date(2022, 1, 1)


def test_a_tenor_number_is_as_old_as_its_date(make):
    number = make.d(BORN, range(500, 900), plus_month=80)
    assert first_good_day(number, policy=TEST) == BORN


def test_the_most_telling_doubt_is_reported(make):
    number = make.d(date(1945, 3, 14), range(900, 1000))
    assert code(number, birth_date=date(2009, 3, 14)) == "N-DATE"
    assert code(number, birth_date=date(1985, 3, 14)) == "N-DATE-PARENT"
    assert code(number, birth_date=date(1945, 3, 14)) == "N-D-900"
    old = make.f(date(1912, 3, 14), range(500))
    assert code(old, birth_date=date(1990, 3, 14)) == "N-DATE"
    assert code(old, birth_date=date(1912, 3, 14)) == "N-OLD"


# DUF --------------------------------------------------------------------------------------------------------


def test_a_duf_number_is_kept_out_by_default_and_let_in_by_the_setting(make):
    number = make.duf(2022, 586975)
    verdict = judge_number(number, on=ON, evidence=SEEN)
    assert (verdict.decision, verdict.code) == (Decision.REFUSE, "N-DUF-NOT-WRITTEN")
    verdict = judge_number(number, on=ON, policy=NIN)
    assert (verdict.decision, verdict.kind, verdict.code) == (Decision.ACCEPT, NumberKind.DUF, "N-OK")
    assert verdict.number.reveal() == number
    assert code(number, policy=NumberPolicy(duf="nin", test=True)) == "N-OK"


def test_a_duf_number_needs_no_evidence_and_any_other_number_counts_by_its_birth_date(make):
    duf = judge_number(make.duf(2022, 586975), on=ON, policy=NIN)
    assert basis_of(duf, birth_date=date(2000, 1, 1), evidence=None) is Basis.NOT_NEEDED
    assert basis_of(duf, birth_date=None, evidence=SEEN) is None
    tenor = judge_number("52829400197", on=ON, policy=NumberPolicy(test=True))
    assert basis_of(tenor, birth_date=date(1994, 2, 12), evidence=None) is Basis.BIRTH_DATE
    assert basis_of(tenor, birth_date=None, evidence=None) is None
    assert basis_of(judge_number("", on=ON), birth_date=date(1994, 2, 12), evidence=None) is None


def test_a_duf_number_whose_check_fails_asks(make):
    number = make.duf(2022, 586975, off=1)
    for policy in (NumberPolicy(), NIN):
        asks(judge_number(number, on=ON, policy=policy), "N-DUF-CHECK")
        asks(judge_number(number, on=ON, policy=policy, evidence=LATER), "N-EVIDENCE-FUTURE")
    lifted(judge_number(number, on=ON, policy=NIN, evidence=SEEN), "N-DUF-CHECK")
    assert code(number, evidence=SEEN) == "N-DUF-NOT-WRITTEN"


def test_a_check_that_is_too_low_fails_like_one_that_is_too_high(make):
    for off in range(1, 11):
        assert code(make.duf(2022, 586975, off=off), policy=NIN) == "N-DUF-CHECK"


def test_a_duf_number_has_twelve_digits(make):
    assert code(make.duf(2022, 586975) + "1", policy=NIN) == "N-LENGTH"


def test_a_duf_number_that_reads_as_a_birth_date_asks(make):
    good, bad = make.duf(2008, 158697), make.duf(2008, 158697, off=1)  # also 20.08.15
    asks(judge_number(good, on=ON, policy=NIN), "N-DUF-LOCAL")
    asks(judge_number(bad, on=ON, policy=NIN), "N-DUF-LOCAL")
    asks(judge_number(bad, on=ON), "N-DUF-LOCAL")
    lifted(judge_number(good, on=ON, policy=NIN, evidence=SEEN), "N-DUF-LOCAL")
    assert code(good) == "N-DUF-NOT-WRITTEN"
    assert code(bad, evidence=SEEN) == "N-DUF-NOT-WRITTEN"


@pytest.mark.parametrize(("year", "expected"), [(1984, "N-LENGTH"), (1985, "N-OK"), (2026, "N-OK"), (2027, "N-LENGTH")])
def test_the_years_of_duf_numbers(make, year, expected):
    assert code(make.duf(year, 586975), policy=NIN) == expected


def test_a_duf_number_cut_to_eleven_digits_is_told(make):
    cut = make.duf(2022, 586975)[:11]
    assert judge_number(cut, on=ON).kind is NumberKind.DUF_CUT
    assert code(cut) == "N-DUF-CUT"
    assert code(cut[:-1] + "7") == "N-NPID"  # month 22: without the check digit it is not told
    assert code(make.duf(2008, 158697)[:11]) == "N-DUF-CUT"  # 20.08.15, the date of a fødselsnummer


def test_a_cut_duf_number_is_told_by_its_whole_check_digit(make):
    with_ten = next(d for d in (make.duf(2022, 586900 + n) for n in range(100)) if d.endswith("10"))
    assert code(with_ten[:11]) == "N-DUF-CUT"
    assert code(with_ten[:10] + "0") != "N-DUF-CUT"


def test_a_cut_duf_number_that_keeps_the_check_digits_is_judged_as_what_it_is(make):
    born_2015 = make.every(date(2015, 8, 20), range(500, 1000))
    assert code(make.first(born_2015, lambda n: make.duf(2008, int(n[4:10]))[:11] == n)) == "N-OK"


# other countries' numbers -----------------------------------------------------------------------------------


def refused(text, *, on=ON, **rest):
    verdict = judge_number(text, on=on, evidence=SEEN, **rest)
    assert (verdict.decision, verdict.birth_dates, verdict.number) == (Decision.REFUSE, (), None)
    return verdict.code, verdict.kind


def test_a_ukrainian_number_is_told_by_its_date_and_check_digit(make):
    assert refused(make.rnokpp(BORN)) == ("N-RNOKPP", NumberKind.RNOKPP)
    assert code(make.wrong(make.rnokpp(BORN))) == "N-TEN-DIGITS"
    assert code(make.rnokpp(ON)) == "N-RNOKPP"
    assert code(make.rnokpp(ON + timedelta(days=1))) == "N-TEN-DIGITS"
    assert code(make.rnokpp(date(1916, 1, 1))) == "N-RNOKPP"
    assert code(make.rnokpp(date(1915, 12, 31))) == "N-TEN-DIGITS"


def test_a_swedish_number_is_told_by_its_date_and_luhns_check(make):
    swedish = ("N-SWEDISH", NumberKind.SWEDISH)
    assert refused(make.swedish(BORN)[2:]) == swedish
    assert refused(make.swedish(date(1988, 3, 20))[2:]) == swedish
    assert refused(make.swedish(BORN, plus_day=60)[2:]) == swedish
    assert refused(make.swedish(date(1988, 3, 1), plus_day=60)[2:]) == swedish
    assert refused("-".join((make.swedish(BORN)[2:8], make.swedish(BORN)[8:]))) == swedish
    assert refused(make.swedish(date(1984, 12, 31))) == swedish
    assert refused(make.swedish(date(1984, 12, 31), plus_day=60)) == swedish
    assert refused(make.swedish(date(1944, 10, 19))) == swedish  # 19.10.19 and six digits, too
    assert code(make.wrong(make.swedish(BORN)[2:])) == "N-TEN-DIGITS"
    assert code(make.swedish(date(1988, 3, 1), plus_day=40)[2:]) == "N-TEN-DIGITS"
    assert code(make.swedish_of("19880290")[2:]) == "N-TEN-DIGITS"  # 30 February + 60
    assert {code(f"880320123456{last}") for last in range(10)} == {"N-LENGTH"}
    assert code(make.wrong(make.swedish(date(1984, 12, 31)))) == "N-LENGTH"
    assert code(make.swedish(date(1915, 12, 31))) == "N-LENGTH"


def test_a_swedish_number_of_twelve_digits_asks_where_it_has_the_form_of_a_duf_number(make):
    number = make.swedish(BORN)
    for policy in (NumberPolicy(), NIN):
        asks(judge_number(number, on=ON, policy=policy), "N-DUF-SWEDISH")
    assert judge_number(number, on=ON).kind is NumberKind.DUF
    lifted(judge_number(number, on=ON, policy=NIN, evidence=SEEN), "N-DUF-SWEDISH")
    both = make.first(
        (make.duf(2009, serial) for serial in range(31400, 31500)), lambda n: make.swedish(BORN, n[8:11]) == n
    )
    asks(judge_number(both, on=ON, policy=NIN), "N-DUF-SWEDISH")
    assert code(both) == "N-DUF-NOT-WRITTEN"
    assert code(make.swedish(date(1985, 1, 1))) == "N-DUF-SWEDISH"
    assert code(make.swedish(ON + timedelta(days=1))) == "N-DUF-CHECK"


def test_a_danish_number_is_told_by_its_date(make):
    assert refused(make.danish(date(1985, 3, 14), "0")) == ("N-DANISH", NumberKind.DANISH)
    assert refused(make.danish(BORN, "4")) == ("N-DANISH", NumberKind.DANISH)
    assert code(make.danish(date(1915, 12, 31), "0")) == "N-TEN-DIGITS"
    assert code(make.danish(date(2036, 3, 14), "4")) == "N-TEN-DIGITS"
    assert code(make.danish(date(2009, 3, 1), "4", plus_day=31)) == "N-TEN-DIGITS"


def test_a_lost_zero_is_told_before_other_countries_numbers(make):
    lost = [n[1:] for n in make.every(date(2009, 3, 4), range(500, 1000))]
    assert any(make.rnokpp_holds(n) for n in lost)
    assert {code(n) for n in lost} == {"N-TEN-DIGITS"}
    tenor = next(make.every(date(2009, 3, 4), range(500, 1000), plus_month=80))
    assert judge_number(tenor[1:], on=ON).kind is NumberKind.TEN_DIGITS


# test directories -------------------------------------------------------------------------------------------


def test_tenor_numbers_only_in_a_test_directory():
    assert code(TENOR, evidence=SEEN) == "N-TENOR"
    verdict = judge_number(TENOR, on=ON, policy=TEST)
    assert (verdict.decision, verdict.kind) == (Decision.ACCEPT, NumberKind.TENOR)
    assert verdict.birth_dates == (date(1994, 2, 12),)


def test_tenor_numbers_follow_the_rules_of_dates_and_check_digits(make):
    assert code(make.wrong(TENOR), policy=TEST) == "N-CHECK"
    assert code(TENOR, policy=TEST, birth_date=date(1994, 2, 13)) == "N-DATE"
    assert code(make.f(date(2027, 2, 12), range(500, 900), plus_month=80), policy=TEST) == "N-FUTURE"
    assert code(make.f(date(1897, 2, 12), range(500, 700), plus_month=80), policy=TEST) == "N-OLD"
    assert code(make.f(date(1945, 2, 12), range(500, 900), plus_month=80), policy=TEST) == "N-CENTURY"
    new = make.f(date(1994, 2, 12), rest=1, plus_month=80)
    assert code(new, policy=TEST) == "N-2032"
    assert code(new, policy=TEST, on=IN_2032) == "N-OK"
    assert code(make.d(BORN, range(900, 1000), plus_month=80), policy=TEST) == "N-OK"
    assert judge_number(make.d(BORN, range(200, 500), plus_month=80), on=ON, policy=TEST).birth_dates == (
        date(1909, 3, 14),
        BORN,
    )


def test_real_numbers_are_refused_in_a_test_directory(make):
    for number in (make.f(BORN, range(500, 1000)), make.d(BORN), make.d(BORN, range(900, 1000))):
        verdict = judge_number(number, on=ON, policy=TEST, evidence=SEEN)
        assert (verdict.decision, verdict.code) == (Decision.REFUSE, "N-REAL-IN-TEST")


# what the tests above have met ------------------------------------------------------------------------------


def test_every_code_is_met_by_name_in_this_file():
    text = __import__("pathlib").Path(__file__).read_text(encoding="utf-8")
    assert [c for c in SENTENCES if f'"{c}"' not in text] == []


def test_a_reading_in_the_future_is_dropped_and_the_other_kept(make):
    number = make.d(date(2035, 3, 14), range(200, 500))
    assert judge_number(number, on=ON).birth_dates == (date(1935, 3, 14),)
    assert judge_number(number, on=date(2036, 1, 1)).birth_dates == (date(1935, 3, 14), date(2035, 3, 14))


def test_the_tables_are_those_of_skatteetaten():
    # Row by row: the union of the two would hide a slip in one.
    assert [(r.iii[0], r.iii[-1], r.century + r.yy[0], r.century + r.yy[-1]) for r in F_TABLE] == [
        (500, 749, 1854, 1899),
        (0, 499, 1900, 1999),
        (900, 999, 1940, 1999),
        (500, 999, 2000, 2039),
    ]
    assert [(r.iii[0], r.iii[-1], r.century + r.yy[0], r.century + r.yy[-1]) for r in D_TABLE] == [
        (500, 599, 1858, 1899),
        (0, 199, 1900, 1939),
        (0, 499, 1940, 1999),
        (600, 999, 1940, 1999),
        (200, 999, 2000, 2039),
    ]


@pytest.mark.parametrize("on", [ON, IN_2032])
def test_the_recorded_birth_date_decides_the_age_too(make, on):
    number = make.d(BORN, range(200, 500))
    old = BORN.replace(year=1909)
    assert code(number, on=on) == code(number, on=on, birth_date=BORN) == "N-OK"
    asks(judge_number(number, on=on, birth_date=old), "N-OLD")
    lifted(judge_number(number, on=on, birth_date=old, evidence=SEEN), "N-OLD")
    assert code(number, on=date(2019, 12, 31), birth_date=old) == "N-OK"


@pytest.mark.parametrize("text", ["#I/T", '="#N/A"', "'#REF!", "Err:502", "NULL", "None", "(null)", "n/a", " #NAVN? "])
def test_a_spreadsheets_error_has_a_verdict_of_its_own(text):
    assert judge_number(text).code == "N-NO-VALUE"
