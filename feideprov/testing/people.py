"""Hypothesis strategies: people, and lists of them and of their numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from hypothesis import strategies as st

from feideprov.directory.dn import fold, same_key
from feideprov.feide.entitlement import GroupType
from feideprov.feide.group import Group
from feideprov.feide.person import PersonRecord, Role
from feideprov.intake.number_list import NumberRow
from feideprov.issues import Origin
from feideprov.numbers import Evidence, EvidenceSource, NumberText
from feideprov.testing.numbers import Born, birth_dates, with_birth_date

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
    """One name, as a list may write it: any of `SCRIPTS`, double spaces, composed and decomposed letters."""
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
_NUMBERS: Final = with_birth_date()
_SOME_HAVE_A_NUMBER: Final = st.none() | _NUMBERS


def person_records(
    schools: Sequence[str] = ("hylla",),
    *,
    source_ids: st.SearchStrategy[str] = _SOURCE_IDS,
    roles: Sequence[Role] = tuple(Role),
    numbers: st.SearchStrategy[Born | None] = _SOME_HAVE_A_NUMBER,
    protected: bool = False,
) -> st.SearchStrategy[PersonRecord]:
    """People as a municipality's own system may describe them.

    Names in the letters of `SCRIPTS`, one name only, double spaces; every role; grades and groups; one or two of
    `schools`; with and without a birth date. `numbers` makes numbers with their birth dates, or None for a person
    without one (default: a Tenor number or none).
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
    """Lists of different people: no source id and no number twice, no two with the same name and birth date."""
    return st.lists(
        person_records(schools, roles=roles, numbers=numbers),
        min_size=min_size,
        max_size=max_size,
        unique_by=(lambda record: same_key(record.source_id), _number_or_self, _person_or_self),
    )


def _number_or_self(record: PersonRecord) -> object:
    return record.national_number or id(record)


def _person_or_self(record: PersonRecord) -> object:
    return (fold(record.full_name), record.birth_date) if record.birth_date else id(record)


def number_lists(
    *,
    min_size: int = 0,
    max_size: int = 8,
    source_ids: st.SearchStrategy[str] = _SOURCE_IDS,
    users: st.SearchStrategy[str] | None = None,
    numbers: st.SearchStrategy[Born] = _NUMBERS,
    seen: st.SearchStrategy[Evidence] | None = None,
) -> st.SearchStrategy[list[NumberRow]]:
    """Numbers that have arrived, as `read_number_list` reads them: no person and no number twice.

    Each row has what a plan requires: the birth date in the number, or evidence, or both. It names the person by a
    source id or, when `users` is given, by a Feide name. The numbers are synthetic (`with_birth_date()`), so they are
    accepted in a test directory. `seen` is the evidence (default: `evidence()`); if its date is before the birth date,
    the birth date is used instead.
    """
    person = st.tuples(source_ids, st.just("")) if users is None else st.tuples(st.just(""), users)
    proofs = st.sampled_from([(True, False), (False, True), (True, True)])
    row = st.builds(_number_row, person, numbers, evidence() if seen is None else seen, proofs)
    return _in_a_file(
        st.lists(
            row,
            min_size=min_size,
            max_size=max_size,
            unique_by=(lambda row: (same_key(row.source_id), row.user), lambda row: row.national_number),
        )
    )


@st.composite
def _in_a_file(draw: st.DrawFn, lists: st.SearchStrategy[list[NumberRow]]) -> list[NumberRow]:
    """With row numbers as in a file, whose first row is the heading.

    A composite, because Hypothesis shows its values by their repr, which has no digit, and not by how they were made.
    """
    return [replace(row, origin=Origin("numbers.csv", n)) for n, row in enumerate(draw(lists), 2)]


def _number_row(person: tuple[str, str], made: Born, seen: Evidence, proofs: tuple[bool, bool]) -> NumberRow:
    (source_id, user), (number, born), (dated, proven) = person, made, proofs
    return NumberRow(
        NumberText(number),
        Origin("", 0),
        source_id=source_id,
        user=user.lower(),
        birth_date=born if dated else None,
        evidence=replace(seen, seen_on=max(seen.seen_on, born)) if proven else None,
    )
