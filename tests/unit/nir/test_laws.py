"""Which law applies to whom, on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feideprov.nir import law
from feideprov.nir.laws import law_row
from feideprov.nir.model import Law, Permit, Person, Scheme
from feideprov.nir.table.rules import LawRow, Rules

SHIPPED = Rules.shipped()
D = date.fromisoformat
OLD, NEW, KAP6A, NOT_KNOWN = Law.INTRODUKSJONSLOVEN, Law.INTEGRERINGSLOVEN, Law.KAP6A, Law.NOT_KNOWN


def person(granted: str | None = None, arrived: str | None = None, basis: str = "28") -> Person:
    permit = Permit(basis=basis, granted=D(granted)) if granted else None
    return Person(key="a", permit=permit, arrived=D(arrived) if arrived else None)


COLLECTIVE = person("2024-01-10", "2023-11-02", "34")


@pytest.mark.parametrize(
    ("granted", "arrived", "basis", "on", "expected", "row"),
    [
        ("2020-12-10", "2021-02-03", "28", "2022-01-10", NEW, "L-2020-arrived"),
        ("2020-12-10", "2020-12-20", "28", "2022-01-10", OLD, "L-2003"),
        ("2021-01-01", "2021-01-01", "28", "2022-01-10", NEW, "L-2020-permit"),
        ("2023-02-01", "2023-02-20", "family", "2023-05-02", NEW, "L-2020-permit"),
        ("2023-04-11", "2023-03-01", "§ 28", "2023-05-02", NEW, "L-2020-permit"),
        ("2022-03-11", "2022-03-05", "34", "2022-06-14", NEW, "L-2020-permit"),
        ("2022-03-11", "2022-03-05", "§ 34", "2022-06-15", KAP6A, "L-6A"),
        ("2024-01-10", "2023-11-02", "34", "2026-06-30", KAP6A, "L-6A"),
        ("2024-01-10", "2023-11-02", "34", "2026-07-01", NOT_KNOWN, "L-6A-end"),
        (None, "2020-11-01", "28", "2022-01-10", NOT_KNOWN, None),
        ("2022-03-10", "2022-03-05", "34", "2022-06-15", NEW, "L-2020-permit"),
        ("2020-12-31", None, "28", "2022-01-10", NOT_KNOWN, None),
        ("2021-01-01", None, "28", "2022-01-10", NEW, "L-2020-permit"),
        ("2020-12-31", "2020-12-31", "28", "2022-01-10", OLD, "L-2003"),
        ("2020-12-31", "2021-01-01", "28", "2022-01-10", NEW, "L-2020-arrived"),
    ],
)
def test_the_law_by_permit_arrival_and_day(granted, arrived, basis, on, expected, row):
    one = person(granted, arrived, basis)
    assert law(one, D(on)) is expected
    found = law_row(one, D(on), SHIPPED)
    assert (found.id if found else None) == row


@pytest.mark.parametrize("scheme", [Scheme.MOTTAK_OPPLAERING, Scheme.MOTTAK_KVALIFISERING])
def test_in_a_reception_centre_there_is_one_law(scheme):
    assert law(person(), D("2023-01-01"), scheme=scheme) is NEW
    assert law(person("2019-01-01", "2019-01-01"), D("2023-01-01"), scheme=scheme) is NEW
    assert law(person(), D("2020-12-31"), scheme=scheme) is NOT_KNOWN
    assert law(person(), D("2023-01-01")) is NOT_KNOWN
    assert law(person(), D("2023-01-01"), scheme=Scheme.NORSK) is NOT_KNOWN
    assert law(COLLECTIVE, D("2023-12-01"), scheme=scheme) is KAP6A, "a basis comes before a scheme"


def row(name: str, its_law: Law, **facts) -> LawRow:
    return LawRow(id=name, law=its_law, source="seed", **facts)


def with_rows(*rows: LawRow) -> Rules:
    return replace(SHIPPED, laws=(*SHIPPED.laws, *rows))


def test_a_row_of_ones_own_lifts_not_known():
    own = row("Own", NEW, basis="34", permit_from=D("2022-03-11"), from_=D("2026-07-01"), own=True)
    rules = with_rows(own)
    assert law(COLLECTIVE, D("2026-07-01"), rules) is NEW
    assert law_row(COLLECTIVE, D("2026-07-01"), rules) is own
    assert law(COLLECTIVE, D("2026-06-30"), rules) is KAP6A
    assert law(COLLECTIVE, D("2026-07-01")) is NOT_KNOWN


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((row("Own", OLD, own=True),), "Own"),
        ((row("Own", OLD, own=True), row("Other", NEW, own=True)), None),
        ((row("B", NEW), row("A", NEW)), "A"),
        ((row("Own", NOT_KNOWN, own=True),), "L-2020-permit"),
        ((row("Scheme", OLD, schemes=(Scheme.NORSK,)),), "Scheme"),
        ((row("Basis", OLD, basis="28"), row("Scheme", NEW, schemes=(Scheme.NORSK,), own=True)), "Basis"),
        ((row("Basis", NOT_KNOWN, basis="28"),), "Basis"),
        ((row("Other", OLD, arrived_until=D("2030-01-01")),), None),
    ],
)
def test_which_of_several_rows(rows, expected):
    found = law_row(person("2023-01-01", "2023-01-01"), D("2024-01-01"), with_rows(*rows), scheme=Scheme.NORSK)
    assert (found.id if found else None) == expected


DAYS = st.dates(D("2019-01-01"), D("2028-12-31"))
PEOPLE = st.builds(
    Person,
    key=st.just("a"),
    permit=st.none() | st.builds(Permit, basis=st.sampled_from(["34", "28", ""]), granted=DAYS),
    arrived=st.none() | DAYS,
)
OWN_ROWS = st.lists(
    st.builds(
        LawRow,
        id=st.sampled_from(["X", "Y", "Z"]),
        law=st.sampled_from(Law),
        source=st.just("seed"),
        basis=st.none() | st.sampled_from(["34", "28"]),
        schemes=st.sampled_from([(), (Scheme.NORSK,)]),
        permit_from=st.none() | DAYS,
        arrived_until=st.none() | DAYS,
        own=st.booleans(),
    ),
    max_size=3,
    unique_by=lambda one: one.id,
)


@given(PEOPLE, DAYS, OWN_ROWS, st.sampled_from([None, Scheme.NORSK]), st.data())
def test_the_order_of_rows_does_not_matter(one, on, own, scheme, data):
    rules = with_rows(*own)
    shuffled = replace(rules, laws=tuple(data.draw(st.permutations(rules.laws))))
    assert law_row(one, on, rules, scheme=scheme) == law_row(one, on, shuffled, scheme=scheme)


BOUNDS = [(one, key) for one in SHIPPED.laws for key in ("from_", "until") if getattr(one, key)]


@given(PEOPLE, DAYS, st.sampled_from(BOUNDS), DAYS, st.sampled_from([None, Scheme.MOTTAK_OPPLAERING]))
def test_another_day_in_a_row_changes_nothing_outside_the_two_days(one, on, bound, moved, scheme):
    changed, before = _moved(*bound, moved)
    if law(one, on, changed, scheme=scheme) is not law(one, on, scheme=scheme):
        assert min(moved, before) <= on < max(moved, before)


@given(st.sampled_from([("L-6A", "from_"), ("L-6A", "until")]), DAYS, DAYS)
def test_another_day_in_a_row_moves_the_law_between_the_two_days(bound, moved, on):
    name, key = bound
    changed, before = _moved(next(one for one in SHIPPED.laws if one.id == name), key, moved)
    between = min(moved, before) <= on < max(moved, before)
    assert (law(COLLECTIVE, on, changed) is not law(COLLECTIVE, on)) == between


def _moved(bound: LawRow, key: str, day: date) -> tuple[Rules, date]:
    """The rules with another day in one row, and the day before the change."""
    first, until = (day if key == name else getattr(bound, name) for name in ("from_", "until"))
    assume(not (first and until) or first < until)
    other = bound.model_copy(update={key: day})
    laws = tuple(other if one is bound else one for one in SHIPPED.laws)
    return replace(SHIPPED, laws=laws), getattr(bound, key)


@given(PEOPLE, DAYS)
def test_the_permit_decides_and_is_never_guessed(one, on):
    if one.permit is None:
        assert law(one, on) is NOT_KNOWN
    elif one.permit.basis != "34" and one.permit.granted >= D("2021-01-01"):
        assert law(one, on) is NEW


@given(DAYS)
def test_no_day_is_without_an_answer_for_collective_protection(on):
    expected = NEW if on < D("2022-06-15") else KAP6A if on < D("2026-07-01") else NOT_KNOWN
    assert law(COLLECTIVE, on) is expected
    assert law_row(COLLECTIVE, on + timedelta(0), SHIPPED) is not None
