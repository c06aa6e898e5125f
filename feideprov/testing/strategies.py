"""Hypothesis strategies: synthetic people, and numbers that nobody has.

@given(person_lists(schools=["hylla", "berg"]))
def test_my_import(records): ...
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from hypothesis import strategies as st

from feideprov.directory.dn import fold
from feideprov.feide.entitlement import Group, GroupType
from feideprov.feide.person import PersonRecord, Role
from feideprov.numbers import Decision, Evidence, EvidenceSource, NumberPolicy, NumberText, judge_number

Born = tuple[str, date]
"""A number, and the birth date that it means."""

_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
SCRIPTS: Final = {
    "Latin": _LATIN + "éèüöçčšžłńô-’",
    "Norwegian": _LATIN + "æøåæøå",
    "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’",
    "Arabic": "ءآأؤإئابتثجحخدذرزسشصضطظعغفقكلمنهويىة",
    "Persian": "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
    "Tigrinya": "ሀለሐመሠረሰሸቀቐበተቸነኘአከኸወዐዘዠየደጀገጠጨጰጸፀፈፐሃላማራሳሻቃባታናኣካዋዛያዳጃጋጣጻፋስትንክርግ",
}
"""The letters that names are made of, by script."""

EARLIEST: Final = date(1950, 1, 1)
LATEST: Final = date(2020, 12, 31)

_TEST: Final = NumberPolicy(test=True)
_W1: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_W2: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def _sum(weights: Sequence[int], digits: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))


def _with_check_digits(nine: str) -> str | None:
    k1 = -_sum(_W1, nine) % 11
    k2 = -_sum(_W2, f"{nine}{k1}") % 11 if k1 < 10 else 10
    return f"{nine}{k1}{k2}" if k2 < 10 else None


def _written(born: date, first: int, *, plus_day: int, plus_month: int) -> str | None:
    """The first number with check digits from an individual number on."""
    prefix = f"{born.day + plus_day:02d}{born.month + plus_month:02d}{born.year % 100:02d}"
    numbers = (_with_check_digits(f"{prefix}{individual:03d}") for individual in range(first, 1000))
    return next((number for number in numbers if number is not None), None)


def _tenor(day: date, first: int, plus_day: int) -> Born:
    first += 500 if day.year >= 2000 else 0
    while True:
        number = _written(day, first, plus_day=plus_day, plus_month=80)
        if number is None:
            raise ValueError("Strategies make numbers for birth dates from 1940 on.")
        if judge_number(number, birth_date=day, policy=_TEST).decision is Decision.ACCEPT:
            return number, day
        first = int(number[6:9]) + 1


def birth_dates() -> st.SearchStrategy[date]:
    """Birth dates of people who go to school or work there."""
    return st.dates(EARLIEST, LATEST)


def tenor_d_numbers(born: st.SearchStrategy[date] | None = None) -> st.SearchStrategy[Born]:
    """Synthetic D-numbers (day + 40, month + 80), each with its birth date: accepted in a test directory only."""
    return st.builds(_tenor, born if born is not None else birth_dates(), st.integers(0, 380), st.just(40))


def tenor_fodselsnumre(born: st.SearchStrategy[date] | None = None) -> st.SearchStrategy[Born]:
    """Synthetic fødselsnumre (month + 80), each with its birth date: accepted in a test directory only."""
    return st.builds(_tenor, born if born is not None else birth_dates(), st.integers(0, 380), st.just(0))


@st.composite
def invented_numbers(draw: st.DrawFn) -> str:
    """What people put into a number field when there is no number: nothing that any directory takes.

    Right birth dates with five digits of one's own, fillers, local series (month + 40, + 50, + 60), cuts of DUF
    numbers, too few digits and too many, words.
    """
    day = draw(birth_dates())
    kind = draw(st.sampled_from(["random", "filler", "local", "cut", "length", "word"]))
    if kind == "random":
        number = _written(day, draw(st.integers(0, 900)), plus_day=draw(st.sampled_from([0, 40])), plus_month=0)
        wrong = (int((number or "0")[-1]) + draw(st.integers(1, 9))) % 10
        return f"{(number or '01010000000')[:-1]}{wrong}"
    if kind == "filler":
        return draw(st.sampled_from(["00000000000", "11111111111", "99999999999", f"{day:%d%m%y}00000"]))
    if kind == "local":
        plus = draw(st.sampled_from([40, 50, 60]))
        return _written(day, draw(st.integers(0, 900)), plus_day=0, plus_month=plus) or "01410000000"
    if kind == "cut":
        return f"20{draw(st.integers(10, 25))}{draw(st.integers(0, 9_999_999)):07d}"[:11]
    if kind == "length":
        return f"{day:%d%m%y}" + draw(st.text("0123456789", max_size=3))
    return draw(st.sampled_from(["mangler", "ukjent", "?", "n/a", "D-nummer"]))


def evidence(until: date | None = None) -> st.SearchStrategy[Evidence]:
    """Evidence of any source, seen on a day not after `until` (default: today)."""
    days = st.dates(date(2022, 2, 24), until or date.today())  # noqa: DTZ011 - a day in Norway
    return st.builds(Evidence, st.sampled_from(EvidenceSource), st.sampled_from(["Kari Nordmann", "Åse Lie"]), days)


def _words(letters: str) -> st.SearchStrategy[str]:
    first = st.sampled_from([letter for letter in letters if letter.isalpha()])
    return st.builds(lambda one, rest: one.upper() + rest, first, st.text(letters, max_size=9))


_NAMES: Final = st.builds(
    lambda words, between, around, form: unicodedata.normalize(form, around + between.join(words) + around),
    st.sampled_from(list(SCRIPTS.values())).flatmap(lambda letters: st.lists(_words(letters), min_size=1, max_size=2)),
    st.sampled_from([" ", "  ", "\N{NO-BREAK SPACE}", " \t "]),
    st.sampled_from(["", " ", "\N{RIGHT-TO-LEFT MARK}"]),
    st.sampled_from(["NFC", "NFD"]),
)


def names() -> st.SearchStrategy[str]:
    """One name, as a list may write it: any of `SCRIPTS`, doubled spaces, composed and decomposed letters."""
    return _NAMES


def _group(kind: GroupType, local_id: str, name: str, dates: tuple[date | None, date | None]) -> Group:
    return Group(kind, local_id, name, "NOR01-06" if kind == "u" else "", *dates)


def groups() -> st.SearchStrategy[Group]:
    """Classes, teaching groups and other groups, with and without dates."""
    letters = "abkABK0123Åøæ- ."
    return st.builds(
        _group,
        st.sampled_from(["a", "b", "u"]),
        st.text(letters, min_size=1, max_size=6).map(str.strip).filter(bool),
        st.sampled_from(["Klasse 6A", "Norsk som andrespråk", "Введення: 1", "100 % – kor/band"]),
        st.sampled_from([(None, None), (date(2026, 8, 17), date(2027, 6, 18))]),
    )


_WHOLE_NAMES: Final = st.tuples(names(), st.just("") | names()) | st.tuples(st.just(""), names())
_LEGAL_NAMES: Final = st.just("") | st.text(_LATIN, min_size=2, max_size=8).map(lambda n: f"{n.title()} Kovalenko")
_SOURCE_IDS: Final = st.integers(1, 9999).map(lambda n: f"p{n}")
_GRADES: Final = st.sampled_from(["", "1", "6", "10", "vg1"])
_MOBILES: Final = st.just("") | st.integers(40_000_000, 49_999_999).map(lambda n: f"+47{n}")
_MAILS: Final = st.sampled_from(["", "olena@example.no"])
_LANGUAGES: Final = st.sampled_from(["", "uk", "ar", "fa", "ti", "nb"])
_DIFFERENT_GROUPS: Final = st.lists(groups(), max_size=2, unique_by=lambda group: (group.type, group.id.lower()))
_SOME_HAVE_A_NUMBER: Final = st.none() | tenor_d_numbers() | tenor_fodselsnumre()


def person_records(
    schools: Sequence[str] = ("hylla",),
    *,
    source_ids: st.SearchStrategy[str] = _SOURCE_IDS,
    roles: Sequence[Role] = tuple(Role),
    numbers: st.SearchStrategy[Born | None] = _SOME_HAVE_A_NUMBER,
    protected: bool = False,
) -> st.SearchStrategy[PersonRecord]:
    """People as a municipality's own system may describe them.

    Names in the letters of `SCRIPTS`, one name only, doubled spaces; every role; grades and groups; one or two of
    `schools`; with and without birth date. `numbers` gives numbers with their birth dates, or None for a person who
    has none (default: a Tenor number or none).
    """
    return st.builds(
        _record,
        _WHOLE_NAMES,
        numbers,
        birth_date=st.none() | birth_dates(),
        source_id=source_ids,
        legal_name=_LEGAL_NAMES,
        school=st.lists(st.sampled_from(list(schools)), min_size=1, max_size=2, unique=True).map(tuple),
        role=st.sampled_from(list(roles)),
        grade=_GRADES,
        groups=_DIFFERENT_GROUPS.map(tuple),
        mobile=_MOBILES,
        mail=_MAILS,
        language=_LANGUAGES,
        protected=st.just(protected),
    )


def _record(name: tuple[str, str], number: Born | None, **fields: Any) -> PersonRecord:
    if number is not None:
        fields |= {"birth_date": number[1], "national_number": NumberText(number[0])}
    if fields["role"] not in (Role.PUPIL, Role.STUDENT):
        fields["grade"] = ""
    return PersonRecord(given_name=name[0], family_name=name[1], **fields)


def person_lists(
    schools: Sequence[str] = ("hylla",),
    *,
    min_size: int = 0,
    max_size: int = 8,
    roles: Sequence[Role] = tuple(Role),
    numbers: st.SearchStrategy[Born | None] = _SOME_HAVE_A_NUMBER,
) -> st.SearchStrategy[list[PersonRecord]]:
    """Lists of different people: no source id and no number twice, no two with one name and birth date."""
    return st.lists(
        person_records(schools, roles=roles, numbers=numbers),
        min_size=min_size,
        max_size=max_size,
        unique_by=(lambda record: fold(record.source_id), _number_or_self, _person_or_self),
    )


def _number_or_self(record: PersonRecord) -> object:
    return record.national_number or id(record)


def _person_or_self(record: PersonRecord) -> object:
    return (fold(record.full_name), record.birth_date) if record.birth_date else id(record)
