"""Laws of the strategies that users of the library test with. Each name is the law."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from functools import partial

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from one_day import one_day
from size import size

from feideprov import Evidence, InputError
from feideprov.numbers import Decision, NumberKind, NumberPolicy, judge_number, number_shaped
from feideprov.numbers.dates import D_TABLE, F_TABLE
from feideprov.testing import strategies
from feideprov.testing.look_alikes import FORMS
from feideprov.testing.strategies import (
    d_numbers,
    duf_numbers,
    fodselsnumre,
    invented_numbers,
    look_alikes,
    number_lists,
    person_lists,
    person_records,
    with_birth_date,
)

TODAY = date.today()
"""The last day of the strategies. It does not end while their laws run."""
TEST = NumberPolicy(test=True)
DUF = NumberPolicy(duf="nin")
POLICIES = [NumberPolicy(duf=duf, test=test) for duf in ("leave-out", "nin") for test in (False, True)]
SEEN = Evidence("register", "Kari Nordmann", TODAY)
ISSUED = {NumberKind.FODSELSNUMMER, NumberKind.D_NUMBER, NumberKind.DUF}
LOOK_ALIKES = [kind for kind in NumberKind if kind not in ISSUED]
CODES = {  # rewritten here, so that a slip in the table of kinds shows
    NumberKind.H_NUMBER: {"N-H"},
    NumberKind.NAV_TEST: {"N-H"},
    NumberKind.S_NUMBER: {"N-S"},
    NumberKind.NHN: {"N-NHN"},
    NumberKind.NPID: {"N-NPID"},
    NumberKind.TENOR: {"N-TENOR"},
    NumberKind.FH_NUMBER: {"N-FH"},
    NumberKind.COUNTY: {"N-D-900"},
    NumberKind.FILLER: {"N-FILLER"},
    NumberKind.REPEATED: {"N-ALIKE"},
    NumberKind.DUF_CUT: {"N-DUF-CUT"},
    NumberKind.LOCAL_LONG: {"N-LOCAL-LONG"},
    NumberKind.TEN_DIGITS: {"N-TEN-DIGITS"},
    NumberKind.RNOKPP: {"N-RNOKPP"},
    NumberKind.SWEDISH: {"N-SWEDISH"},
    NumberKind.DANISH: {"N-DANISH"},
    NumberKind.LETTERS: {"N-LETTERS", "N-DECIMAL"},
    NumberKind.WRONG_LENGTH: {"N-LENGTH"},
    NumberKind.UNKNOWN: {"N-CHECK", "N-NO-DATE"},
}

lawful = settings(deadline=None, max_examples=size(12, 200))
few = settings(deadline=None, max_examples=size(8, 25))
births_of_the_tables = st.dates(date(1854, 1, 1), TODAY)
real_fodselsnumre = partial(fodselsnumre, synthetic=False)
real_d_numbers = partial(d_numbers, synthetic=False)


@pytest.fixture(autouse=True, scope="module")
def _one_day() -> Iterator[None]:
    """It is TODAY, also after midnight."""
    with one_day(datetime.combine(TODAY, time(9, 30), UTC)):
        yield


def drawn(strategy: st.SearchStrategy, examples: int = 1000) -> list:
    """The same examples every time."""
    examples_drawn = []

    @settings(max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def collect(example):
        examples_drawn.append(example)

    collect()
    return examples_drawn


@lawful
@given(with_birth_date())
def test_a_synthetic_number_is_accepted_in_a_test_directory_and_is_nobodys_elsewhere(made):
    number, born = made
    assert re.fullmatch("[0-9]{11}", number)
    alone = judge_number(number, policy=TEST)
    dated = judge_number(number, birth_date=born, policy=TEST)
    assert (alone.code, dated.code, dated.kind) == ("N-OK", "N-OK", NumberKind.TENOR)
    assert born in dated.birth_dates
    assert {judge_number(number, policy=policy, evidence=SEEN).code for policy in POLICIES if not policy.test} == {
        "N-TENOR"
    }


@lawful
@given(with_birth_date(real_fodselsnumre, births_of_the_tables), st.booleans())
def test_a_fodselsnummer_of_the_real_form_is_never_refused(made, dated):
    check_real(*made, NumberKind.FODSELSNUMMER, dated)


@lawful
@given(with_birth_date(real_d_numbers, births_of_the_tables), st.booleans())
def test_a_d_number_of_the_real_form_is_never_refused(made, dated):
    check_real(*made, NumberKind.D_NUMBER, dated)


def check_real(number: str, born: date, kind: NumberKind, dated: bool) -> None:
    verdict = judge_number(number, birth_date=born if dated else None)
    assert verdict.kind is kind
    assert verdict.decision is not Decision.REFUSE
    assert born in verdict.birth_dates
    assert judge_number(number, birth_date=born, evidence=SEEN).decision is Decision.ACCEPT
    assert judge_number(number, birth_date=born, policy=TEST).decision is Decision.REFUSE


@pytest.mark.parametrize("numbers", [fodselsnumre, d_numbers], ids=["fodselsnumre", "d-numbers"])
@pytest.mark.parametrize("synthetic", [True, False], ids=["synthetic", "real-form"])
def test_every_row_of_every_table_is_reached_from_end_to_end(numbers, synthetic):
    tables = F_TABLE if numbers is fodselsnumre else F_TABLE + D_TABLE
    made = drawn(with_birth_date(partial(numbers, synthetic=synthetic), births_of_the_tables), 2000)
    for row in tables:
        serials = [int(number[6:9]) for number, day in made if day.year - row.century in row.yy]
        inside = sorted(serial for serial in serials if serial in row.iii)
        tenth = len(row.iii) / 10
        assert inside[0] < row.iii[0] + tenth
        assert inside[-1] > row.iii[-1] - tenth
    months = {int(number[2:4]) for number, _ in made}
    assert months == {month + 80 * synthetic for month in range(1, 13)}


@pytest.mark.parametrize("numbers", [fodselsnumre, d_numbers])
@pytest.mark.parametrize("born", [date(1853, 12, 31), date(2040, 1, 1)], ids=["before", "after"])
def test_no_number_is_made_for_a_birth_date_that_no_table_knows(numbers, born):
    with pytest.raises(InputError, match="1854 to 2039"):
        find(numbers(st.just(born)), lambda _: True)


@pytest.mark.parametrize("numbers", [fodselsnumre, d_numbers, real_fodselsnumre, real_d_numbers])
def test_a_number_shrinks_to_the_first_of_its_series(numbers):
    smallest = find(numbers(), lambda _: True, settings=settings(database=None))
    assert int(smallest[6:9]) % 100 < 5


@lawful
@given(duf_numbers())
def test_a_duf_number_is_accepted_where_the_policy_takes_it_and_left_out_by_default(number):
    assert re.fullmatch("[0-9]{12}", number)
    verdict = judge_number(number, policy=DUF)
    assert (verdict.kind, verdict.code) == (NumberKind.DUF, "N-OK")
    assert judge_number(number).code == "N-DUF-NOT-WRITTEN"
    assert int(number[4:10]) >= 900_000


@lawful
@given(duf_numbers(st.integers(2001, 2012)))
def test_a_duf_number_that_can_be_a_date_needs_evidence(number):
    codes = {judge_number(number, policy=DUF).code, judge_number(number, policy=DUF, evidence=SEEN).code}
    assert codes <= {"N-OK", "N-DUF-LOCAL", "N-OK-EVIDENCE"}


@pytest.mark.parametrize("kind", LOOK_ALIKES)
@settings(deadline=None)
@given(data=st.data())
def test_a_look_alike_is_told_as_its_kind(kind, data):
    text = data.draw(look_alikes(kind))
    for evidence in (None, SEEN):
        verdict = judge_number(text, evidence=evidence)
        if kind is NumberKind.COUNTY and evidence:
            assert (verdict.code, verdict.lifted) == ("N-OK-EVIDENCE", "N-D-900")
        else:
            assert verdict.code in CODES[kind]
            assert verdict.decision is (Decision.NEEDS_EVIDENCE if kind is NumberKind.COUNTY else Decision.REFUSE)
    told_as = {NumberKind.COUNTY: NumberKind.D_NUMBER, NumberKind.NAV_TEST: NumberKind.H_NUMBER}
    assert verdict.kind is told_as.get(kind, kind)


@pytest.mark.parametrize("kind", LOOK_ALIKES)
def test_every_code_of_a_look_alike_is_reached_and_hardly_a_draw_is_wasted(kind):
    told = [judge_number(text) for text in drawn(FORMS[kind], 500)]
    codes = [verdict.code for verdict in told]
    assert set(codes) >= CODES[kind]
    assert sum(code in CODES[kind] for code in codes) > 0.8 * len(codes)


@pytest.mark.parametrize("kind", sorted(ISSUED))
def test_what_authorities_issue_is_no_look_alike(kind):
    with pytest.raises(InputError, match="no look-alikes"):
        look_alikes(kind)


@pytest.mark.parametrize(
    ("kind", "months"),
    [
        (NumberKind.H_NUMBER, range(41, 53)),
        (NumberKind.S_NUMBER, range(53, 63)),
        (NumberKind.NHN, range(66, 78)),
        (NumberKind.NPID, [*range(21, 33), 63, 64, 65]),
        (NumberKind.TENOR, range(81, 93)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_look_alike_told_by_its_month_has_every_month_and_both_kinds_of_day(kind, months):
    made = drawn(look_alikes(kind), 500)
    assert {int(text[2:4]) for text in made} == set(months)
    assert {int(text[:2]) > 40 for text in made} == {True, False}


@lawful
@given(invented_numbers(), st.none() | st.just(SEEN), st.sampled_from(POLICIES), st.data())
def test_an_invented_number_is_refused_by_every_policy_whatever_the_evidence(text, evidence, policy, data):
    born = data.draw(st.none() | strategies.birth_dates())
    verdict = judge_number(text, birth_date=born, evidence=evidence, policy=policy)
    assert verdict.decision is Decision.REFUSE


def test_inventions_of_every_kind_are_drawn():
    told = {judge_number(text).kind for text in drawn(invented_numbers(), 600)}
    assert told == set(LOOK_ALIKES) - {NumberKind.TENOR, NumberKind.COUNTY, NumberKind.NAV_TEST}


@lawful
@given(number_lists())
def test_no_row_of_a_number_list_is_refused_in_a_test_directory_and_no_person_or_number_comes_twice(rows):
    for number, row in enumerate(rows, 2):
        assert row.birth_date or row.evidence
        verdict = judge_number(row.national_number, birth_date=row.birth_date, evidence=row.evidence, policy=TEST)
        assert verdict.decision is Decision.ACCEPT
        assert (row.origin.row, row.user, row.old_number) == (number, "", None)
        assert row.source_id
        assert not number_shaped(row.source_id)
    assert len({row.source_id for row in rows}) == len({row.national_number for row in rows}) == len(rows)


@few
@given(number_lists(users=st.sampled_from(["Olena@skotthyll.kommune.no", "omar@skotthyll.kommune.no"]), min_size=1))
def test_a_number_list_can_name_users(rows):
    users = [row.user for row in rows]
    assert set(users) <= {"olena@skotthyll.kommune.no", "omar@skotthyll.kommune.no"}
    assert len(set(users)) == len(users)
    assert not any(row.source_id for row in rows)


@few
@given(number_lists(numbers=with_birth_date(d_numbers, st.just(TODAY)), min_size=1))
def test_nobody_has_seen_a_number_before_its_person_was_born(rows):
    assert all(row.evidence.seen_on == TODAY for row in rows if row.evidence)


@few
@given(person_lists(min_size=1, max_size=5, numbers=st.none()), st.data())
def test_a_number_list_reaches_the_people_that_it_names(house, people, data):
    ids = st.sampled_from([person.source_id for person in people])
    with house() as h:
        seen = strategies.evidence(until=h.on)
        rows = data.draw(number_lists(source_ids=ids, seen=seen, max_size=len(people)))
        h.apply(people)
        outcome = h.client.apply(h.client.numbers.plan_attach(rows), allow_changes=100)
        assert outcome.attach_counts == {"attached": len(rows), "unchanged": 0, "refused": 0, "held": 0, "failed": 0}
        held = {entry.text("employeeNumber"): entry.text("norEduPersonNIN") for entry in h.users()}
        assert {row.source_id: row.national_number.reveal() for row in rows}.items() <= held.items()
        assert sum(number is not None for number in held.values()) == len(rows)


@pytest.mark.parametrize(
    "strategy",
    [
        person_records(numbers=with_birth_date(real_d_numbers)),
        person_lists(numbers=with_birth_date(real_d_numbers), min_size=2),
        number_lists(numbers=with_birth_date(real_d_numbers), min_size=2),
    ],
    ids=["records", "people", "number-lists"],
)
def test_a_failing_example_shows_no_digit_of_a_number(strategy):
    @settings(database=None, deadline=None, max_examples=5, phases=[Phase.generate])
    @given(strategy)
    def fails(rows):
        pytest.fail("as it should", pytrace=False)

    with pytest.raises(pytest.fail.Exception) as failure:
        fails()
    shown = "".join(failure.value.__notes__)
    assert "rows=" in shown
    assert not re.search(r"\d{6}", shown)


@pytest.mark.parametrize("name", strategies.__all__)
def test_every_strategy_can_be_imported_and_says_what_it_makes(name):
    made = getattr(strategies, name)
    assert made.__doc__
