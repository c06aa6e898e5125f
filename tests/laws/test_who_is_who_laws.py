"""Two lists of the same people and of different people: never two users for one person without a question, and never
one user for two persons.

Each person has names that agree with nobody else's, so that who is who is known here; the lists are what an office
makes of them: keys kept, changed, swapped or given to somebody else, names spelled otherwise.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import NumberText, PersonRecord
from feideprov.feide.name_comparison import ComparedName, share_word
from feideprov.testing.strategies import with_birth_date

lawful = settings(deadline=None, max_examples=size(12, 400))

NAMES = (
    *(
        ("Olena", "Kovalenko"),
        ("Siobhan", "O'Brien"),
        ("Anna-Maria", "Lie"),
        ("Håkon", "Bjørnstad"),
        ("Thi Ha", "Nguyen"),
    ),
    *(("علی", "رضایی"), ("كريم", "حداد"), ("Наталя", "Знам'янська"), ("Юрій", "Соловйов"), ("ሰላም", "ተስፋይ")),
    *(("Straße", "Weiß"), ("İbrahim", "Işık"), ("Yusuf", "Warsame"), ("Mohammed", "Haddad"), ("Γιώργος", "Παππάς")),
)
"""No two of them have a word in common."""
SPELLINGS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    lambda name: name.replace("'", "’"),
    lambda name: name.replace("'", "\u02bc"),
    lambda name: name.replace("-", " "),
    lambda name: name.replace("-", "\u2011"),
    lambda name: name.replace("ی", "ي").replace("ك", "ک"),
    lambda name: name.replace("ß", "ss"),
    lambda name: name.replace("İ", "I").replace("ı", "i"),
    lambda name: name[0] + "\u200d" + name[1:],
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: name.replace("a", "а").replace("о", "o"),  # a Cyrillic a, a Latin o
    lambda name: f"{name} {name}son" if name.isascii() and name.isalpha() else name,
)
"""The last one writes a further name beside it."""


@dataclass(frozen=True)
class Somebody:
    """One person, whoever writes down what."""

    given: str
    family: str
    born: date

    def row(self, key: str, **fields: object) -> PersonRecord:
        names = {"given_name": self.given, "family_name": self.family, "birth_date": self.born}
        return PersonRecord(source_id=key, **({"school": "hylla", "role": "pupil"} | names | fields))


def test_no_two_of_the_people_have_a_word_in_common() -> None:
    names = [ComparedName.of(*name) for name in NAMES]
    assert not any(share_word(one, other) for one in names for other in names if one is not other)


@st.composite
def somebodies(draw: st.DrawFn, least: int = 2) -> list[Somebody]:
    """Different people, some with the same birth date."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=least, max_size=5))
    days = st.integers(0, 3).map(lambda n: date(2012, 3, 4) + timedelta(days=n))
    return [Somebody(*name, draw(days)) for name in names]


@st.composite
def spelled(draw: st.DrawFn, person: Somebody) -> Somebody:
    given, family = (draw(st.sampled_from(SPELLINGS))(name) for name in (person.given, person.family))
    person = replace(person, given=given, family=family)
    return replace(person, given=family, family=given) if draw(st.integers(0, 4)) == 0 else person


def owners(h) -> dict[str, str]:
    """Who each user is: the family name that was first written, by Feide name."""
    return {entry.text("eduPersonPrincipalName"): entry.text("sn") for entry in h.users()}


@lawful
@given(st.data())
def test_nobody_gets_a_second_user_under_another_key_without_a_question(house, data):
    people = data.draw(somebodies())
    with house() as h:
        h.apply([person.row(f"q{n}") for n, person in enumerate(people)])
        before = h.state()
        again = [data.draw(spelled(person)).row(f"r{n}") for n, person in enumerate(people)]
        outcome = h.apply(data.draw(st.permutations(again)))
        assert {refusal.code for refusal in outcome.held} == {"R-SAME-PERSON"}
        assert len(outcome.held) == len(people)
        assert h.state() == before


@lawful
@given(st.data())
def test_nobody_gets_the_user_of_somebody_else(house, data):
    """Keys that go to others: swapped, shifted by one row, given to somebody who is new. Nobody's user changes."""
    people = data.draw(somebodies(least=3))
    *known, new = people
    keys = [f"q{n}" for n in range(len(known))]
    with house() as h:
        h.apply([person.row(key) for key, person in zip(keys, known, strict=True)])
        before = h.state()
        shift = data.draw(st.integers(1, len(known) - 1))
        later = [*known[shift:], *known[:shift]]
        if data.draw(st.booleans()):
            later[data.draw(st.integers(0, len(later) - 1))] = new
        if data.draw(st.booleans()):  # one column sorted without the others: the birth dates stay with the keys
            later = [replace(person, born=own.born) for person, own in zip(later, known, strict=True)]
            later = [
                own if person == new or person.family == new.family else person
                for person, own in zip(later, known, strict=True)
            ]
        h.apply([person.row(key) for key, person in zip(keys, later, strict=True)])
        assert h.state() == before


@lawful
@given(st.data())
def test_a_person_whose_key_stays_keeps_the_user(house, data):
    """Marriage, another spelling, a corrected birth date, and a number that is followed by another."""
    people = data.draw(somebodies())
    with house() as h:
        h.apply([person.row(f"q{n}") for n, person in enumerate(people)])
        users = set(owners(h))
        later = []
        for n, person in enumerate(people):
            match data.draw(st.integers(0, 3)):
                case 0:
                    now = replace(person, family=f"Nordmann{'abcde'[n]}")
                case 1:
                    now = data.draw(spelled(person))
                case 2:
                    now = replace(person, born=person.born + timedelta(days=1))
                case _:
                    now = replace(person, given="Ny", family=f"Nordmann{'abcde'[n]}")  # adopted: the date stays
            later.append(now.row(f"q{n}"))
        outcome = h.apply(later)
        assert outcome.held == ()
        assert set(owners(h)) == users
        assert h.apply(later).changes == ()


@lawful
@given(st.data())
def test_a_number_that_is_followed_by_another_is_no_other_person(house, data):
    """D-number, then fødselsnummer, of one birth date, with another name: the row is not held for its person."""
    (first, born), (second, _) = data.draw(with_birth_date()), data.draw(with_birth_date())
    olena = Somebody("Olena", "Kovalenko", born)
    with house() as h:
        h.apply([olena.row("q1", birth_date=born, national_number=NumberText(first))])
        later = replace(olena, given="Ny", family="Nordmann").row(
            "q1", birth_date=born, national_number=NumberText(second)
        )
        assert "R-OTHER-PERSON" not in {refusal.code for refusal in h.apply([later]).held}


@lawful
@given(st.data())
def test_without_birth_dates_it_is_told_and_cannot_be_known(house, data):
    """Rows without birth dates under other keys make a second user for each person, with a note at the same school: it
    cannot be known that they are the same. A key that goes to somebody else renames the user."""
    people = data.draw(somebodies())
    with house() as h:
        h.apply([person.row(f"q{n}", birth_date=None) for n, person in enumerate(people)])
        elsewhere = data.draw(st.booleans())
        again = [
            person.row(f"r{n}", birth_date=None, school="berg" if elsewhere else "hylla")
            for n, person in enumerate(people)
        ]
        plan = h.client.plan(again)
        assert plan.counts["created"] == len(people)
        assert len(plan.notes) == (0 if elsewhere else len(people))
        [renamed] = h.client.plan(
            [replace(people[0], given="Ny", family="Nordmann").row("q0", birth_date=None)]
        ).updates
        assert renamed.source_id == "q0"
