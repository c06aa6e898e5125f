"""The worklist of the introduction register of 10,000 people beside json.loads of the same file: CPU time, alternating.

    .venv/bin/python tests/bench/worklist.py [--people N] [--rounds N]

The people are made here, and the file is written by the register itself. Prints the median of the ratios of each round:
reading the register / json.loads, and reading it with the worklist / json.loads; and how long the worklist takes for
each person. Exit code 1 when either ratio is more than its limit.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import process_time

from feideprov.client.client import Client
from feideprov.issues import Origin
from feideprov.nir import Permit, Person, Record, Scheme, Value, Vedtak, VedtakKind
from feideprov.nir.lists.participation import Participation
from feideprov.nir.lists.same_person import ListedRecord
from feideprov.testing import example_directory, example_settings

ON = date(2026, 11, 29)
MOST = {"read": 9.0, "worklist": 200.0}


def record(number: int) -> Record:
    """The record of a person: settled or not, with a decision, and what follows from it still missing."""
    decided = date(2026, 5, 1) + timedelta(days=number % 200)
    person = Person(
        key=f"p-{number}",
        permit=Permit(basis="28", granted=date(2026, 3, 10)),
        arrived=date(2026, 3, 1),
        settled=date(2026, 4, 1) if number % 7 else None,
    )
    vedtak = Vedtak(kind=VedtakKind.GRANT, date=decided, start=decided + timedelta(days=14))
    scheme = Scheme.INTRODUKSJONSPROGRAM if number % 2 else Scheme.NORSK
    values = {"vedtak": Value(content=vedtak, available_on=decided)}
    return Record(person=person, scheme=scheme, start=vedtak.start, values=values)


def client(folder: Path) -> Client:
    places = {"file": str(folder / "nir.json"), "key_file": str(folder / "nir.key"), "folder": str(folder)}
    settings = example_settings(folder, nir={"municipality": "9999", "retention": "P5Y", **places})
    return Client(settings, directory=example_directory(), on=ON)


def seconds(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun


def measure(folder: Path, people: int, rounds: int) -> list[dict[str, float]]:
    """The time of each piece of work in each round."""
    with client(folder) as feide:
        listed = tuple(ListedRecord(record(number), Origin("people.csv", number)) for number in range(people))
        feide.nir.record(Participation(listed, ()))
        assert len({item.person for item in feide.nir.worklist().items}) == people
        file = feide.nir.settings.path(feide.nir.section.file)
        work: dict[str, Callable[[], object]] = {
            "json.loads": lambda: json.loads(file.read_text(encoding="utf-8")),
            "read": feide.nir.register.read,
            "worklist": feide.nir.worklist,
        }
        return [{name: seconds(one) for name, one in work.items()} for _ in range(rounds)]


def main() -> int:
    """Measure and print; 1 when a ratio is more than its limit."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--people", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rounds = measure(Path(folder), given.people, given.rounds)
    late = 0
    for name in rounds[0]:
        taken = median(one[name] for one in rounds)
        print(f"  {name:12} {taken:.2f} s, {taken / given.people * 1000:.3f} ms for each person")
    for name, most in MOST.items():
        ratio = median(one[name] / one["json.loads"] for one in rounds)
        late |= ratio > most
        print(f"  {name} / json.loads: {ratio:.1f} (at most {most:.0f})")
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(f"  memory: {int(status.partition('VmHWM:')[2].split()[0]) // 1024} MB")
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
