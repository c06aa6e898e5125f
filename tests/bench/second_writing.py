"""One person, written in a second way: the ways that a clerk, a keyboard or another school system has.

`WAYS` is a model: of 100 second registrations of a person, how many are written so (`share`). The shares are assumed:
no statistics were found. The ways are those of the lists in `tests/data/cases`, and of passports.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from anyascii import anyascii


class Person(NamedTuple):
    given: str
    family: str
    born: date


NAMES = [
    ("Олена", "Коваленко"),
    ("Наталія", "Знам'янська"),
    ("Володимир", "Соловйов"),
    ("Софія", "Мельник"),
    ("Olena", "Kovalenko"),
    ("Oleksandr", "Solomianskyi"),
    ("Anna-Maria", "Lie"),
    ("Siobhan", "O'Brien"),
    ("José Luis", "Núñez"),
    ("Jürgen", "Weiß"),
    ("İbrahim", "Işık"),
    ("Mohammed", "Al-Haddad"),
    ("Yousef", "Hussein"),
    ("Fatima", "Hassan"),
    ("Abdirahman", "Ali"),
    ("Selam", "Tesfay"),
    ("Thi Ha", "Nguyễn"),
    ("محمد", "الأحمد"),
    ("زهرا", "کریمی"),
    ("علی‌رضا", "رضایی"),
    ("ሰላም", "ተስፋይ"),
]
"""Names with what is difficult in them: apostrophes, hyphens, accents, several words, seven scripts."""

TRANSLITERATED = [
    ("Olena", "Elena"),
    ("Oleksandr", "Aleksandr"),
    ("Oleksandr", "Alexander"),
    ("Serhii", "Sergey"),
    ("Serhii", "Serhiy"),
    ("Andrii", "Andriy"),
    ("Andrii", "Andrei"),
    ("Nataliia", "Natalia"),
    ("Nataliia", "Nataliya"),
    ("Yuliia", "Julia"),
    ("Iryna", "Irina"),
    ("Yevhen", "Evgeny"),
    ("Kateryna", "Katerina"),
    ("Mykola", "Nikolai"),
    ("Mohammed", "Mohamed"),
    ("Mohammed", "Muhammad"),
    ("Ahmed", "Ahmad"),
    ("Yousef", "Yusuf"),
    ("Hussein", "Hussain"),
    ("Khaled", "Khalid"),
    ("Hassan", "Hasan"),
    ("Abdullah", "Abdallah"),
    ("Mahmoud", "Mahmud"),
    ("Fatima", "Fatma"),
    ("Fatima", "Fatemeh"),
    ("Aisha", "Aysha"),
    ("Omar", "Umar"),
    ("Noor", "Nour"),
    ("Yonas", "Jonas"),
    ("Tesfay", "Tesfai"),
]

Way = Callable[[Person, random.Random], Person]
_KEYBOARDS = [("'", "’ʼ`´"), ("-", " ‐‑–"), ("ی", "ي"), ("ک", "ك"), ("أ", "ا"), ("\u200c", ["", " "]), ("ß", ["ss"])]
_LOOK_ALIKE = dict(zip("аеорсухіАВЕКМНОРСТУХІ", "aeopcyxiABEKMHOPCTYXI", strict=True))


def same(person: Person, _: random.Random) -> Person:
    return person


def keyboard(person: Person, rng: random.Random) -> Person:
    """Other apostrophes, hyphens, Persian or Arabic letters; perhaps no accents, capitals, a mark that is not seen."""

    def written(text: str) -> str:
        for sign, others in _KEYBOARDS:
            text = text.replace(sign, rng.choice(list(others)))
        if rng.random() < 0.3:
            text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
        if rng.random() < 0.3:
            text = text.upper()
        return text + rng.choice(["", "", "\u200b", "\u00a0"])

    return person._replace(given=written(person.given), family=written(person.family))


def look_alike(person: Person, rng: random.Random) -> Person:
    def letter(c: str) -> str:
        return _LOOK_ALIKE.get(c, c) if rng.random() < 0.5 else c

    return person._replace(given="".join(map(letter, person.given)), family="".join(map(letter, person.family)))


def further_name(person: Person, rng: random.Random) -> Person:
    return person._replace(given=f"{person.given} {rng.choice(['Ivanivna', 'Іванівна', 'Ali', 'Marie', 'احمد'])}")


def one_of_two(person: Person, rng: random.Random) -> Person:
    return person._replace(given=rng.choice(person.given.replace("-", " ").split()))


def swapped(person: Person, _: random.Random) -> Person:
    return person._replace(given=person.family, family=person.given)


def one_column(person: Person, _: random.Random) -> Person:
    return person._replace(given=f"{person.given} {person.family}", family="")


def doubled(person: Person, rng: random.Random) -> Person:
    at = rng.randrange(len(person.given))
    return person._replace(given=person.given[:at] + person.given[at] + person.given[at:])


def _mistyped(text: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(text))
    letter = rng.choice([c for c in text.lower() if c.isalpha()])
    return rng.choice([text[:at] + text[at + 1 :], text[:at] + letter + text[at + 1 :], text[:at] + letter + text[at:]])


def mistyped_given(person: Person, rng: random.Random) -> Person:
    return person._replace(given=_mistyped(person.given, rng))


def mistyped_family(person: Person, rng: random.Random) -> Person:
    return person._replace(family=_mistyped(person.family, rng))


def transliterated(person: Person, rng: random.Random) -> tuple[Person, Person]:
    one, other = rng.choice(TRANSLITERATED)
    return person._replace(given=one), person._replace(given=other)


def other_family(person: Person, rng: random.Random) -> Person:
    return person._replace(family=rng.choice(["Hansen", "Kovalchuk", "Ibrahim"]))


def other_alphabet(person: Person, _: random.Random) -> Person:
    if unicodedata.name(person.given[0]).startswith("LATIN"):
        return person
    return person._replace(given=anyascii(person.given).title(), family=anyascii(person.family).title())


def day_and_month(person: Person, _: random.Random) -> Person:
    born = person.born
    return person._replace(born=born.replace(day=born.month, month=born.day) if born.day <= 12 else born)


def first_of_january(person: Person, _: random.Random) -> Person:
    return person._replace(born=person.born.replace(month=1, day=1))


class Writing(NamedTuple):
    name: str
    share: int
    way: Callable[[Person, random.Random], Person | tuple[Person, Person]]


WAYS = (
    Writing("the same", 40, same),
    Writing("another keyboard: apostrophes, hyphens, accents, capitals, Persian letters", 15, keyboard),
    Writing("Latin letters in a Cyrillic name", 2, look_alike),
    Writing("a further given name or patronymic", 8, further_name),
    Writing("one of two given names", 4, one_of_two),
    Writing("given and family name swapped", 4, swapped),
    Writing("both names in one column", 2, one_column),
    Writing("a letter of the given name doubled", 2, doubled),
    Writing("a mistyped given name", 4, mistyped_given),
    Writing("a mistyped family name", 3, mistyped_family),
    Writing("the given name transliterated otherwise (Olena, Elena)", 7, transliterated),
    Writing("another family name (of the other parent, of a spouse)", 2, other_family),
    Writing("Latin letters in one list, another alphabet in the other", 3, other_alphabet),
    Writing("day and month of birth swapped", 2, day_and_month),
    Writing("1 January in place of the birth date", 2, first_of_january),
)
