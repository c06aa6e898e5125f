"""The night in which nothing has changed: a full PIFU file of 5,000 people, planned against a private slapd.

    .venv/bin/python tests/bench/nightly.py [--people N] [--runs N]

The plan, beside only reading: the same file to person records, and the same directory with the attributes that the
planner reads. Each is a process of its own, they take turns, and the median of the ratios of each round counts. Exit
code 1 when the plan takes more than 1.5 times as long as both.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

sys.path.append(str(Path(__file__).parents[1] / "support"))

import contenders
from enterprise_file import SOURCE, EnterpriseFile
from town import ON, Town, organization_number
from writing import server

from feideprov.client.client import Client
from feideprov.feide.person import PersonRecord
from feideprov.intake.ims.model import Group, Membership, Person, SourcedId
from feideprov.intake.ims.vocabulary import GroupKind, RoleKind, UserId
from feideprov.intake.people import read_people
from feideprov.provision.plan.directory_state import DirectoryState
from feideprov.settings import Settings

MOST = 1.5
FILE = "nightly.xml"
EVIDENCE = {"evidence": "register", "confirmed_by": "Kari Nordmann", "confirmed_on": ON}


@dataclass(frozen=True)
class Job(contenders.Job):
    """The server and the file: a source whose files say who is there, as a municipality has it configured."""

    @property
    def settings(self) -> Settings:
        settings = super().settings
        sources = [{"name": SOURCE, "datasource": "visma-flyt@skotthyll.kommune.no", **EVIDENCE}]
        more = Settings.model_validate(settings.model_dump() | {"sources": sources, "protection": {"people": "none"}})
        more._folder = settings._folder
        return more

    @property
    def file(self) -> Path:
        return Path(self.folder, FILE)


def school_file(job: Job) -> EnterpriseFile:
    """Everybody, in a school, a grade, a class and a teaching group; nine of ten have a number."""
    town = Town(0)
    schools = [Group(_id(f"school{n}"), GroupKind.SCHOOL, f"Skole {n}", number=organization_number(n)) for n in (0, 1)]
    groups, people = {one.id: one for one in schools}, []
    members: dict[SourcedId, list[tuple[SourcedId, Membership]]] = {}
    for n, record in enumerate(job.people()):
        person = _person(record, town.number(record.birth_date) if n % 10 else "")
        people.append(person)
        role = RoleKind.PUPIL if record.grade else RoleKind.TEACHER
        for group in (groups[_id(f"school{n % 2}")], *_groups_of(f"school{n % 2}", record, n // 2)):
            groups.setdefault(group.id, group)
            members.setdefault(group.id, []).append((person.id, Membership(group.id, role)))
    return EnterpriseFile(people, tuple(groups.values()), members)


def _groups_of(school: str, record: PersonRecord, place: int) -> Iterator[Group]:
    grade, above = record.grade or "1", (_id(school),)
    yield Group(_id(f"{school}-t{grade}"), GroupKind.GRADE, f"{grade}. trinn", parents=above)
    yield Group(_id(f"{school}-b{grade}{place % 3}"), GroupKind.CLASS, f"{grade}{'ABC'[place % 3]}", parents=above)
    subject = _id(f"{school}-u{grade}{place % 5}")
    yield Group(subject, GroupKind.TEACHING, f"Fag {place % 5}", parents=above, codes=(f"NOR01-{grade:0>2}",))


def _person(record: PersonRecord, number: str) -> Person:
    return Person(
        _id(record.source_id),
        userids=((UserId.NUMBER, number),) if number else (),
        family=record.family_name,
        given=record.given_name,
        formatted=record.full_name,
        birth_date=str(record.birth_date),
        mail=record.mail,
        mobile=record.mobile,
        language=record.language,
    )


def _id(text: str) -> SourcedId:
    return SourcedId(SOURCE, text)


def fill(job: Job) -> int:
    """Everybody, created."""
    with Client(job.settings, on=ON) as feide:
        return feide.apply(feide.plan(job.file)).counts["created"]


def read_file(job: Job) -> int:
    with Client(job.settings, on=ON) as feide:
        return len(read_people(job.file, feide._context.reading(None, None, None)).records)


def read_directory(job: Job) -> int:
    """What the plan reads of each user, as entries."""
    with Client(job.settings, on=ON) as feide:
        return len(DirectoryState.read(feide._context.directory, "employeeNumber").entries)


def plan(job: Job) -> int:
    with Client(job.settings, on=ON) as feide:
        return feide.plan(job.file).unchanged


WORK: dict[str, Callable[[Job], int]] = {one.__name__: one for one in (fill, read_file, read_directory, plan)}


def run(name: str, job: Job) -> float:
    """The seconds of a process of its own, without its start. Everybody must have been in it."""
    command = [sys.executable, __file__, "--only", name, job.dumps()]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    seconds, count = json.loads(done.stdout)
    if count != job.users:
        raise SystemExit(f"{name} did {count} of {job.users} people.")
    return float(seconds)


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--people", type=int, default=5_000)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--only", nargs=2)
    given = options.parse_args()
    if given.only:
        name, text = given.only
        job = Job(**json.loads(text))
        begun = time.perf_counter()
        count = WORK[name](job)
        print(json.dumps([time.perf_counter() - begun, count]))
        return 0
    with server(given.people, sync=False) as job_of_writing:
        job = Job(**asdict(job_of_writing))
        with job.file.open("w", encoding="utf-8") as file:
            file.writelines(school_file(job).parts())
        run("fill", job)
        rounds = [{name: run(name, job) for name in ("read_file", "read_directory", "plan")} for _ in range(given.runs)]
    ratio = median(one["plan"] / (one["read_file"] + one["read_directory"]) for one in rounds)
    print(f"{given.people} people of a PIFU file, unchanged; median of {given.runs} alternating runs:")
    for name in rounds[0]:
        print(f"  {name:16} {median(one[name] for one in rounds):.2f} s")
    print(f"  {ratio:.2f} times as long as reading both (at most {MOST})")
    return int(ratio > MOST)


if __name__ == "__main__":
    sys.exit(main())
