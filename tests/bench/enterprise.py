"""A PIFU file of 100,000 people, 3,000 groups and 400,000 memberships: time and memory, beside lxml's iterparse.

    python tests/bench/enterprise.py [--people N] [--keep FILE]

lxml only walks through the file; we read it to person records. Both in processes of their own, one after the other, in
each of three rounds. Exit code 1 if we take more than three times as long, read fewer than 5,000 people a second, or
need 300 MB. `--keep` leaves the file, to validate it with the XSD (xmllint --noout --schema …).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

sys.path.append(str(Path(__file__).parents[1] / "support"))

from enterprise_file import SOURCE, EnterpriseFile

from feideprov.intake.ims.model import Group, Membership, Person, SourcedId
from feideprov.intake.ims.vocabulary import GroupKind, RoleKind, UserId

MOST_MEMORY = 300
MOST_RATIO = 3.0
LEAST_A_SECOND = 5_000
SCHOOLS = 40
GROUPS = 3_000
ROUNDS = 3
_LXML = """
from time import process_time
from lxml import etree
begun = process_time()
for _, element in etree.iterparse(PATH):
    element.clear(keep_tail=True)
print(json.dumps([process_time() - begun, 0]))
"""
_OURS = """
from datetime import date
from pathlib import Path
from time import process_time
from feideprov.intake.people import read_people
from feideprov.intake.reading import Reading
from feideprov.journal.keys import MarkKey
begun = process_time()
people = read_people(Path(PATH), Reading(date(2026, 11, 29), key=MarkKey.fresh()))
print(json.dumps([process_time() - begun, len(people.records)]))
"""
_MEMORY = "import resource, sys; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"


def _id(text: str) -> SourcedId:
    return SourcedId(SOURCE, text)


def town(count: int) -> EnterpriseFile:
    """Schools with classes, grades and teaching groups; each pupil is in the school, the grade, a class and a group."""
    owner = Group(_id("owner"), GroupKind.OWNER, "Skotthyll kommune", parents=(_id("owner"),), number="987654325")
    groups = [owner, *_schools()]
    of_school = max(1, (GROUPS - len(groups)) // SCHOOLS)
    members: dict[SourcedId, list[tuple[SourcedId, Membership]]] = {}
    for school in range(SCHOOLS):
        groups += _groups_of(school, of_school)
    people = []
    for number in range(count):
        school, place = number % SCHOOLS, number // SCHOOLS
        one = _person(number)
        people.append(one)
        role = RoleKind.TEACHER if place % 12 == 0 else RoleKind.PUPIL
        classes, teaching = range(10, of_school // 2), range(of_school // 2, of_school)
        for name in (
            f"s{school}",
            f"s{school}-{place % 10}",
            f"s{school}-{classes[place % len(classes)]}",
            f"s{school}-{teaching[place % len(teaching)]}",
        ):
            members.setdefault(_id(name), []).append((one.id, Membership(_id(name), role)))
    return EnterpriseFile(people, groups, members)


def _schools() -> Iterator[Group]:
    for number in range(SCHOOLS):
        yield Group(
            _id(f"s{number}"),
            GroupKind.SCHOOL,
            f"Skole {number}",
            parents=(_id("owner"),),
            number=f"{912345000 + number}",
        )


def _groups_of(school: int, count: int) -> Iterator[Group]:
    for number in range(count):
        kind = GroupKind.GRADE if number < 10 else GroupKind.CLASS if number < count // 2 else GroupKind.TEACHING
        name = f"{number + 1}. trinn" if kind is GroupKind.GRADE else f"Gruppe {number}"
        codes = ("NOR0214",) if kind is GroupKind.TEACHING else ()
        yield Group(_id(f"s{school}-{number}"), kind, name, parents=(_id(f"s{school}"),), codes=codes)


def _person(number: int) -> Person:
    return Person(
        _id(f"P-{number:06}"),
        userids=((UserId.NUMBER, f"{number % 28 + 1:02}8212{number % 100_000:05}"), (UserId.STUDENT, f"E{number}")),
        family=f"Etternavn{chr(97 + number % 26)}",
        given=f"Førenavn{chr(97 + number % 25)}",
        formatted="Førenavn Etternavn",
        birth_date=f"20{10 + number % 8:02}-{number % 12 + 1:02}-{number % 28 + 1:02}",
        mail=f"person{number}@skotthyll.kommune.no",
        mobile=f"+479{number % 10_000_000:07}",
        language="nb",
    )


def measured(code: str, path: Path) -> tuple[float, int, float]:
    """Seconds, people and the greatest memory in MB of a process."""
    whole = f"import json\nPATH = {str(path)!r}\n{code}\n{_MEMORY}"
    done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=True)
    seconds, people = json.loads(done.stdout)
    return seconds, people, int(done.stderr.split()[-1]) / 1024


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--people", type=int, default=100_000)
    options.add_argument("--keep", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder) / "pifu.xml"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(town(given.people).parts())
        rounds = [(measured(_LXML, path), measured(_OURS, path)) for _ in range(ROUNDS)]
        size = path.stat().st_size
    assert all(ours[1] == given.people for _, ours in rounds)
    ratio = median(ours[0] / lxml[0] for lxml, ours in rounds)
    rate = median(given.people / ours[0] for _, ours in rounds)
    memory = max(ours[2] for _, ours in rounds)
    print(f"{size / 1e6:.0f} MB, {given.people} people, {given.people * 4} memberships; median of {ROUNDS} rounds:")
    print(f"  {ratio:.2f} times as long as lxml's iterparse walks (at most {MOST_RATIO})")
    print(f"  {rate:.0f} people a second of processor time (at least {LEAST_A_SECOND})")
    print(f"  {memory:.0f} MB (at most {MOST_MEMORY})")
    return int(ratio > MOST_RATIO or rate < LEAST_A_SECOND or memory > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
