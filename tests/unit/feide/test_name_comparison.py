"""When two names are one name: spellings agree, other names do not."""

from __future__ import annotations

import csv
import itertools
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from feideprov.feide.name_comparison import ComparedName, agree, nearly_agree, share_word, skeleton

CASES = Path(__file__).parents[2] / "data" / "cases"


def people(file: str) -> dict[str, ComparedName]:
    with (CASES / file).open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter=";")
        return {row["source_id"]: ComparedName.of(row["given_name"], row["family_name"]) for row in rows}


def name(text: str) -> ComparedName:
    """`Given | Family | Legal`."""
    return ComparedName.of(*map(str.strip, text.split("|")))


@pytest.mark.parametrize("number", range(1, 10))
def test_the_same_person_in_two_lists_agrees(number):
    assert agree(people("same-people-1.csv")[f"q{number}"], people("same-people-2.csv")[f"r{number}"])


def test_different_people_in_two_lists_do_not():
    one, other = people("same-people-1.csv"), people("same-people-2.csv")
    for q, r in itertools.product(one, other):
        if q[1:] != r[1:]:
            assert not agree(one[q], other[r]), (q, r)
            assert not nearly_agree(one[q], other[r]), (q, r)


SPELLINGS = [
    ("O'Brien", "O’Brien", "OʼBrien", "O`Brien", "O´Brien", "O‘Brien", "O＇Brien", "OꞌBrien", "O′Brien", "oBRIEN"),
    ("Знам'янська", "Знамʼянська", "Знам’янська", "Знам`янська", "Знам´янська", "ЗНАМ'ЯНСЬКА", "Знамянська"),
    (
        "Anna-Maria",
        "Anna‐Maria",
        "Anna‑Maria",
        "Anna–Maria",
        "Anna—Maria",
        "Anna−Maria",
        "Anna\u00adMaria",
        "Annamaria",
    ),
    ("Yusuf", "Yu\u200bsuf", "Yusuf\u200e", "\ufeffYusuf", "Yus\u2060uf", "Yusu\u034ff", "Ｙｕｓｕｆ", "Yusuf\ufe0f"),
    ("Işık", "Isik", "IŞIK", "ışık", "İşik"),
    ("İbrahim", "Ibrahim", "IBRAHIM", "ibrahim", "ıbrahım", "i̇brahim"),
    ("Håkon", "Hakon", "HÅKON", "Ha\u030akon"),
    ("José", "Jose", "JOSÉ"),
    ("Bjørn", "Bjorn", "BJØRN"),
    ("Łukasz", "Lukasz"),
    ("Đorđe", "Dorde"),
    ("Nguyễn", "Nguyen"),
    ("Straße", "Strasse", "STRASSE", "STRAẞE"),
    ("Фёдор", "Федор", "ФЁДОР"),
    ("Iryna", "Irynа", "Irуna", "IRУNА"),
    ("Володимир", "Bолодимир", "Вoлoдимиp", "BОЛОДИМИР"),
    ("Наталя", "Hаталя", "НАТАЛЯ", "HATAЛЯ", "наtаля"),
    ("Ірина", "Iрина", "ірина", "IРИНА"),
    ("Νίκος", "Νικοσ", "NIKOΣ", "ΝΊΚΟΣ"),
    ("علی", "علي", "على"),
    ("رضایی", "رضايي", "رضایي"),
    ("کریمی", "كريمي"),
    ("علی‌رضا", "علیرضا", "عليرضا"),
    ("محمد", "مُحَمَّد", "محـمد", "محمـــد"),
    ("أحمد", "احمد", "اَحمد"),
    ("إبراهيم", "ابراهيم"),
    ("فاطمة", "فاطمه"),
    ("ﻣﺤﻤﺪ", "محمد"),
    ("דָּוִד", "דוד"),
]


@pytest.mark.parametrize("spellings", SPELLINGS, ids=lambda spellings: unicodedata.name(spellings[0][0]))
def test_spellings_of_a_word_have_one_skeleton(spellings):
    assert len({skeleton(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("Hina", "Nina", "Mina", "Lina", "Iina"),
        ("Ali", "All", "AIi2"),
        ("Arne", "Ame"),
        ("Vidar", "Widar", "Uidar"),
        ("Olena", "Олена", "Оlеnа2", "Elena"),
        ("Ola", "Olav", "Oła2"),
        ("Mohammed", "Mohamed", "Muhammad"),
        ("Іван", "Иван", "Ян"),
        ("Рита", "Вита", "Рима", "Риса"),
        ("علی", "علا", "عالی"),
        ("سعید", "صعید"),
        ("मीना", "मानी", "मुना", "मेना"),
        ("สมชาย", "สมชัย", "สุมชาย"),
        ("ሰላም", "ሰለሞን", "ሳላም"),
        ("はな", "ばな"),
        ("李", "王"),
        ("ꓐ", "B"),
    ],
    ids=lambda words: words[0],
)
def test_other_names_keep_their_own_skeleton(words):
    assert len({skeleton(word) for word in words}) == len(words)


@pytest.mark.parametrize(
    "alphabet",
    [
        "abcdefghijklmnopqrstuvwxyzæ",
        "абвгґдеєжзиіклмнопрстуфхцчшщьюяъыэђћљњџјѕһ",
        "αβγδεζηθικλμνξοπρστυφχψω",
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
        "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
        "ابتثجحخدذرزسشصضطظعغفقكلمنهوءپچژگ",
        "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    ],
)
def test_two_letters_of_one_alphabet_are_never_the_same(alphabet):
    assert len({skeleton(letter) for letter in alphabet}) == len(alphabet)


def test_every_apostrophe_and_hyphen_is_set_aside():
    hyphens = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) == "Pd"]
    assert len(hyphens) > 20
    assert {skeleton(f"Anna{sign}Maria") for sign in [*hyphens, "\u2212"]} == {"annamaria"}
    assert {name(f"Anna{sign}Maria | Lie").words for sign in [*hyphens, "\u2212"]} == {name("Anna Maria | Lie").words}
    apostrophes = "'‘’‚‛ʻʼʽʹˈʾʿ`´′՚׳＇Ꞌꞌˊˋ"
    assert {name(f"O{sign}Brien | Lie").given for sign in apostrophes} == {frozenset({"obrien"})}


AGREEING = [
    ("Olena | Kovalenko", "Olena Ivanivna | Kovalenko"),
    ("Olena | Kovalenko", "Olena | Ivanivna Kovalenko"),
    ("Olena | Kovalenko", "KOVALENKO | OLENA"),
    ("Olena | Kovalenko", "Olena Kovalenko |"),
    ("Olena | Kovalenko", "| Kovalenko Olena"),
    ("Anna-Maria | Lie", "Anna Maria | Lie"),
    ("Anna-Maria | Lie", "Annamaria | Lie"),
    ("Anna-Maria | Lie", "Anna | Lie"),
    ("Anna | Lie-Berg", "Anna | Berg"),
    ("Omar | Al Haddad", "Omar | Alhaddad"),
    ("Omar | Al-Haddad", "Omar | Alhaddad"),
    ("Omar | Al Haddad", "Omar | Haddad"),
    ("Omar | El-Haddad", "Omar | Al Haddad"),
    ("Maria | de la Cruz", "Maria | Delacruz"),
    ("Siobhan | O Brien", "Siobhan | O'Brien"),
    ("Thi Ha | Nguyen", "Thi-Ha | Nguyễn"),
    ("Bjørn | Ødegård", "Bjorn | Odegard"),
    ("Олена | Коваленко", "Olena | Kovalenko | Олена Коваленко"),
    ("Lena | Kovalenko | Olena Ivanivna Kovalenko", "Olena | Kovalenko"),
    ("Olena | | Olena Kovalenko", "Olena | Kovalenko"),
    ("Mohammad |", "| Mohammad"),
    ("Mohammad | Mohammad", "Mohammad |"),
    ("Ali | Ali", "Ali |"),
    ("Li | Wu", "Wu | Li"),
    ("ሳራ | ተስፋይ", "ሳራ ሃይለ ማርያም | ተስፋይ"),
    ("J. R. | Lie", "J R | Lie"),
    ("Жан.Поль | Мартен", "Жан-Поль | Мартен"),
]


@pytest.mark.parametrize(("one", "other"), AGREEING)
def test_names_agree(one, other):
    assert agree(name(one), name(other))
    assert agree(name(other), name(one))
    assert share_word(name(one), name(other))
    assert not nearly_agree(name(one), name(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Olena | Kovalenko", "Olena | Shevchenko"),
        ("Olena | Kovalenko", "Iryna | Kovalenko"),
        ("Olena | Kovalenko", "Oksana Ivanivna | Kovalenko"),
        ("Олена | Коваленко", "Olena | Kovalenko"),
        ("Omar | Al Haddad", "Omar | Al Masri"),
        ("Thi Ha | Nguyen", "Van Ha | Nguyen"),
        ("Mohammad |", "Mohammad | Ahmadi"),
        ("Mohammad |", "Ali |"),
        ("Ahmad Mohammad | Masri", "Ahmad Mohammad | Haddad"),
        ("— | ·", "— | ·"),
    ],
)
def test_names_do_not_agree(one, other):
    assert not agree(name(one), name(other))
    assert not agree(name(other), name(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed | Haddad", "Mohamed | Haddad"),
        ("Mohamad | Haddad", "Mohammed | Haddad"),
        ("Oleksandr | Kovalenko", "Aleksandr | Kovalenko"),
        ("Olena | Kovalenko", "Elena | Kovalenko"),
        ("Natalia | Kovalenko", "Natalya | Kovalenko"),
        ("Nataliia | Kovalenko", "Natalia | Kovalenko"),
        ("Olena | Kovalenko", "Olenka | Kovalenko"),
        ("Kovalenko | Elena", "Olena | Kovalenko"),
        ("Yousuf | Al Haddad", "Yusuf | Alhaddad"),
        ("Elena Kovalenko |", "Olena | Kovalenko"),
        ("Elena Ivanivna | Kovalenko", "Olena | Kovalenko"),
        ("Наталя | Коваленко", "Наталія | Коваленко"),
        ("محمود | كريمي", "محمد | کریمی"),
    ],
)
def test_names_nearly_agree(one, other):
    assert nearly_agree(name(one), name(other))
    assert nearly_agree(name(other), name(one))
    assert not agree(name(one), name(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ali | Haddad", "Alia | Haddad"),
        ("Omar | Haddad", "Oma | Haddad"),
        ("Ida | Lie", "Eda | Lie"),
        ("Mohammed | Haddad", "Muhammad | Haddad"),
        ("Olena | Kovalenko", "Elena | Kovalenka"),
        ("Olena | Kovalenko", "Iryna | Kovalenko"),
        ("Olena | Kovalenko", "Oleksandra | Kovalenko"),
        ("Olena | Kovalenko", "Leona | Kovalenko"),
    ],
)
def test_names_are_further_apart(one, other):
    assert not nearly_agree(name(one), name(other))
    assert not nearly_agree(name(other), name(one))


def test_names_that_share_one_word_only():
    assert share_word(name("Olena | Kovalenko"), name("Olena | Shevchenko"))
    assert share_word(name("Olena | Kovalenko"), name("Ivan | Olena"))
    assert not share_word(name("Omar | Al Haddad"), name("Yusuf | Al Masri"))


def test_the_whole_name_is_the_same_in_any_order():
    assert name("Olena Ivanivna | Kovalenko").whole == name("KOVALENKO | Ivanivna Olena").whole
    assert name("Olena | Kovalenko").whole != name("Olena Ivanivna | Kovalenko").whole
    assert name("Omar | Al Haddad").whole == name("Al-Haddad | Omar").whole
    assert name("Olena | Kovalenko | Lena Shevchenko").whole == name("Olena | Kovalenko").whole


def test_a_pair_says_which_words_and_not_in_which_order():
    assert name("Olena | Kovalenko").pairs == name("Kovalenko | Olena").pairs == {"kovalenko olena"}
    assert name("Olena | Kovalenko | Olena Kovalenko").pairs == {"kovalenko olena"}
    assert name("Mohammad |").pairs == {"mohammad mohammad"}
    assert name("|").pairs == frozenset()


def test_a_compared_name_shows_nothing_of_the_name():
    assert "olena" not in repr(name("Olena | Kovalenko")).lower()


def test_the_data_of_letters_is_read_only_when_a_name_needs_it():
    program = (
        "import sys\n"
        "from feideprov.feide.name_comparison import ComparedName\n"
        "ComparedName.of('Olena', 'Kovalenko')\n"
        "assert not any('confusable' in name for name in sys.modules)\n"
        "ComparedName.of('Олена', 'Коваленко')\n"
        "assert any('confusable' in name for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
