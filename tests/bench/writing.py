"""Writing and planning beside what would be used instead: ldapadd, a plain ldap3 loop, python-ldap.

    .venv/bin/python tests/bench/writing.py [--users 5000 20000] [--runs 5] [--sizes 5000 20000 50000] [--only PART…]

Private slapds, each fresh, with the `unique` overlay on uid, Feide name and number; where writing is timed, each write
waits for the disk. Programs take turns, each a process of its own (`contenders.py`), and the medians of all rounds
count: the machine need not be quiet, but the figures of a busy one are worth less. Exit status 1 when something that
is promised does not hold. Parts: writing, cpu, plan, passwords.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any, get_args

from contenders import PASSWORD_FILE, Job, Names
from town import BASE, Town

from feideprov.directory import ldif
from feideprov.testing.slapd import PrivateSlapd

LDAPADD, LDAP3, FLAT, MEMORY, UNCHANGED, READING = 1.05, 0.40, 0.15, 6.0, 2.5, 1.0  # what is promised
CPU_NAMES = get_args(Names)
PARTS = ("writing", "cpu", "plan", "passwords")

Answer = dict[str, Any]


@dataclass
class Report:
    """The lines of a table, and whether each promise held."""

    kept: bool = True
    _title: str = field(default="", init=False)

    def title(self, text: str) -> None:
        print(f"\n{text}")

    def line(self, name: str, *figures: str) -> None:
        print(f"  {name:42}" + "".join(f"{figure:>16}" for figure in figures), flush=True)

    def promise(self, name: str, figure: float, most: float, unit: str = "") -> None:
        held = figure <= most
        self.kept &= held
        self.line(name, f"{figure:.2f}{unit}", f"at most {most:.2f}", "" if held else "TOO MUCH")


@contextmanager
def server(users: int, *, sync: bool) -> Iterator[Job]:
    """A fresh slapd with the organization and no users, and the job of filling it."""
    with tempfile.TemporaryDirectory() as name, PrivateSlapd(sync=sync) as slapd:
        folder = Path(name)
        job = Job(name, slapd.url, slapd.service_dn, users)
        (folder / PASSWORD_FILE).touch(mode=0o600)
        (folder / PASSWORD_FILE).write_text(slapd.service_password)
        units = [unit for unit in Town(0).units(job.settings) if str(unit.dn) not in (BASE, slapd.people_dn)]
        (folder / "units.ldif").write_text("".join(map(ldif.dump, units)), encoding="utf-8")
        slapd.load(folder / "units.ldif")
        yield job


def run(contender: str, job: Job) -> Answer:
    """One program, which must have done it for every user."""
    command = [sys.executable, str(Path(__file__).with_name("contenders.py")), contender, job.dumps()]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    answer: Answer = json.loads(done.stdout)
    if answer["count"] != job.users:
        raise SystemExit(f"{contender} did {answer['count']} of {job.users} users.")
    return answer


def ldapadd(job: Job, people: Path) -> Answer:
    """OpenLDAP's own program; the password from a file."""
    login = ["-x", "-H", job.url, "-D", job.bind_dn, "-y", str(Path(job.folder, PASSWORD_FILE))]
    started = time.perf_counter()
    subprocess.run(["ldapadd", *login, "-f", str(people)], stdout=subprocess.DEVNULL, check=True)
    return {"seconds": time.perf_counter() - started}


def seconds(answers: Sequence[Answer]) -> float:
    return median(answer["seconds"] for answer in answers)


def ratio(ours: Sequence[Answer], others: Sequence[Answer]) -> float:
    """The median of the ratios of each round: what slows the machine down for a minute slows both."""
    return median(one["seconds"] / other["seconds"] for one, other in zip(ours, others, strict=True))


def writing(report: Report, users: int, runs: int) -> None:
    """Creations beside ldapadd and ldap3, on the same entries, each in a directory of its own."""
    report.title(f"{users} creations, each on disk; median of {runs} alternating runs")
    took: dict[str, list[Answer]] = {"ldapadd": [], "ldap3": [], "feideprov": []}
    with tempfile.TemporaryDirectory() as name:
        people = Path(name, "people.ldif")
        run("write_ldif", Job(name, "ldap://127.0.0.1", "cn=nobody", users))
        for round_ in range(runs):
            order = list(took)
            for who in order[round_ % 3 :] + order[: round_ % 3]:
                with server(users, sync=True) as job:
                    took[who].append(ldapadd(job, people) if who == "ldapadd" else run(who, job))
    for who, answers in took.items():
        cpu = "" if who == "ldapadd" else f"{1e3 * median(a['cpu'] for a in answers) / users:.3f} ms CPU"
        report.line(who, f"{seconds(answers):.2f} s", cpu)
    report.promise("feideprov, as a multiple of ldapadd", ratio(took["feideprov"], took["ldapadd"]), LDAPADD)
    report.promise("feideprov, as a multiple of ldap3", ratio(took["feideprov"], took["ldap3"]), LDAP3)


def cpu(report: Report, sizes: Sequence[int], runs: int) -> None:
    """Our own work for each user, and memory, on otherwise empty directories."""
    report.title(f"Our CPU for each user (plan and apply); median of {runs} runs, those of each size in turn")
    report.line("users", *map(str, sizes))
    peaks: dict[int, list[int]] = {size: [] for size in sizes}
    spread = 0.0
    for names in CPU_NAMES:
        took: dict[int, list[Answer]] = {size: [] for size in sizes}
        for _ in range(runs):
            for size, answers in took.items():
                with server(size, sync=False) as job:
                    answers.append(run("feideprov_measured", replace(job, names=names)))
                peaks[size].append(answers[-1]["memory"])
        each = [median(1e3 * answer["cpu"] / size for answer in answers) for size, answers in took.items()]
        report.line(f"{names}, ms", *(f"{one:.3f}" for one in each))
        lengths = [median(a["cpu"] / a["yardstick"] / size for a in answers) for size, answers in took.items()]
        report.line(f"{names}, yardsticks", *(f"{one:.2f}" for one in lengths))
        spread = max(spread, *(abs(one / lengths[0] - 1) for one in lengths))
    report.promise("away from the smallest size, by yardsticks", spread, FLAT)
    report.line("peak memory, MB (ru_maxrss)", *(f"{median(peaks[size]) / 1024:.0f}" for size in sizes))
    least, most = min(sizes), max(sizes)
    if most > least:
        more = (median(peaks[most]) - median(peaks[least])) / (most - least)
        report.promise("memory for each further user", more, MEMORY, " KB")


def plan(report: Report, users: int, runs: int) -> None:
    """A night in which nothing has changed, and reading, beside python-ldap."""
    report.title(f"A directory of {users} users of ours; median of {runs} alternating runs")
    took: dict[str, list[Answer]] = {"python_ldap": [], "reading": [], "unchanged": []}
    with server(users, sync=False) as job:
        run("feideprov", job)
        for _ in range(runs):
            for who, answers in took.items():
                answers.append(run(who, job))
    for who, name in (("python_ldap", "python-ldap reads"), ("reading", "we read"), ("unchanged", "we plan")):
        report.line(name, f"{seconds(took[who]):.2f} s")
    report.promise("reading, as a multiple of python-ldap", ratio(took["reading"], took["python_ldap"]), READING)
    report.promise("planning, as a multiple of python-ldap", ratio(took["unchanged"], took["python_ldap"]), UNCHANGED)


def passwords(report: Report, users: int, runs: int) -> None:
    """What first passwords cost."""
    report.title(f"{users} creations with and without first passwords, each on disk; median of {runs} runs")
    took: dict[str, list[Answer]] = {"none": [], "ssha": [], "argon2": []}
    for _ in range(runs):
        for hashed, answers in took.items():
            with server(users, sync=True) as job:
                login = {} if hashed == "none" else {"login": "directory", "password_hash": hashed}
                answers.append(run("feideprov", replace(job, **login)))
    bare = seconds(took["none"])
    for hashed, answers in took.items():
        more = 1e3 * (seconds(answers) - bare) / users
        report.line(hashed, f"{seconds(answers):.2f} s", "" if hashed == "none" else f"{more:+.2f} ms a user")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, nargs="+", default=[5000, 20_000], help="creations beside the others")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", type=int, nargs="+", default=[5000, 20_000, 50_000], help="for CPU and memory")
    parser.add_argument("--planned", type=int, default=20_000, help="unchanged users of a plan")
    parser.add_argument("--with-passwords", type=int, default=500, help="creations with first passwords")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    chosen, report = parser.parse_args(), Report()
    if "writing" in chosen.only:
        for users in chosen.users:
            writing(report, users, chosen.runs)
    if "plan" in chosen.only:
        if importlib.util.find_spec("ldap"):
            plan(report, chosen.planned, chosen.runs)
        else:
            print(
                "python-ldap is not here: apt-get install libldap2-dev libsasl2-dev gcc, then pip install -e .[bench]"
            )
    if "cpu" in chosen.only:
        cpu(report, chosen.sizes, chosen.runs)
    if "passwords" in chosen.only:
        passwords(report, chosen.with_passwords, chosen.runs)
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())
