"""A text that should be something else."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov.numbers import number_shaped

BORN = date(2009, 3, 14)


@pytest.mark.parametrize(
    "pattern",
    ["{0}", "ola{0}x", "a.{0}@b.no", "{1} {2}", "{1}-{2}", "{1}.{2}", "x {1} - {2} y", "7 {0}", "{0}-2024"],
    ids=lambda p: "pattern",
)
def test_a_number_is_seen_inside_other_text(make, pattern):
    number = make.f(BORN, range(500, 900))
    assert number_shaped(pattern.format(number, number[:6], number[6:]))


@pytest.mark.parametrize("plus_month", [0, 20, 40, 50, 60, 65, 80])
@pytest.mark.parametrize("plus_day", [0, 40])
def test_every_date_shape_counts_with_or_without_check_digits(make, plus_day, plus_month):
    number = next(make.every(BORN, range(500, 900), plus_day=plus_day, plus_month=plus_month))
    assert number_shaped(number)
    assert number_shaped(make.wrong(number))
    assert number_shaped(number + "7")


def test_check_digits_count_without_a_date(make):
    fh = next(make.every(date(2009, 3, 1), range(1000), plus_day=80))
    assert number_shaped(fh)
    assert not number_shaped(make.wrong(fh))
    assert number_shaped(make.duf(2099, 586975))
    assert not any(number_shaped(make.duf(2099, 586975 + n, off=off)) for n in range(5) for off in range(1, 11))
    assert number_shaped(make.duf(2100, 586975))
    assert not number_shaped(make.duf(2113, 586975))


def test_ten_digits_count_when_a_zero_makes_them_a_number(make):
    number = make.f(date(2009, 3, 4), range(500, 900))
    assert number[0] == "0"
    assert number_shaped(number[1:])
    assert not number_shaped(make.wrong(number)[1:])


def test_other_digits_and_repeats_count(make):
    assert number_shaped("5" * 11)
    assert number_shaped("0" * 12)
    assert number_shaped("１２８２９４９９９１４")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10000000001",
        "elev-10000000001",
        "40123",
        "45990000001",
        "2026-11-22",
        "5" * 10,
        "5" * 13,
        "1" + "0" * 11,
        "12829/49914",
    ],
    ids=lambda t: "text",
)
def test_other_texts_do_not(text):
    assert not number_shaped(text)
