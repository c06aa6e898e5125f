"""A check of a large directory beside ldap3 that only reads it: what is found, how long it takes, how much memory.

    .venv/bin/python tests/bench/checking.py [--users 100000] [--runs 3] [--seed 2026]

A private slapd holds a town that does not exist. Each fault that a server can hold is planted on 1 % of its users, and
those of schools on one school each. Then two programs take turns, each a process of its own: ldap3's paged generator,
which reads every user attribute of the same entries and does nothing with them, and `Client.check`. Exit status 1 when
something planted is not found, or something else is.

The numbers in the directory are made from the seed and can equal a living person's: they are never shown.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults import FAULTS, UNIT_FAULTS, Found, Gardener
from town import BASE, ON, Town, User

from feideprov.client.client import Client
from feideprov.directory import ldif
from feideprov.directory.entry import Entry
from feideprov.settings import Settings
from feideprov.testing.slapd import PrivateSlapd

CHUNK = 1000
RATIO, MEMORY = 1.5, 200  # what is promised: times ldap3's, MB
SCHOOL_FAULTS = [fault for fault in UNIT_FAULTS if fault.of_school and not fault.file_only]
PASSWORD = "FEIDEPROV_BENCH_PASSWORD"


@dataclass
class Bench:
    """A slapd with a planted town, and the configuration for it. `planted`: what a check must find."""

    slapd: PrivateSlapd
    config: Path
    planted: Found


def planted_entries(town: Town, settings: Settings, planted: Found) -> Iterator[Entry]:
    """All entries of a town with 1 % of each fault, a thousand users at a time; `planted` is filled on the way."""
    faulty = {school.dn: fault for school, fault in zip(settings.schools[2:], SCHOOL_FAULTS, strict=False)}
    for unit in town.units(settings):
        dn = str(unit.dn)
        entry = faulty[dn].plant(unit) if dn in faulty else unit
        if entry is not None and dn not in (BASE, settings.directory.users_dn):  # slapd has those
            yield entry
    planted.update((fault.code, None, dn, False) for dn, fault in faulty.items())
    gardener = Gardener(town)
    for start in range(0, town.size, CHUNK):
        users = [town.user(n) for n in range(start, min(start + CHUNK, town.size))]
        _plant(gardener, users)
        yield from (user.entry for user in users)
    planted.update(gardener.expected)


def _plant(gardener: Gardener, users: list[User]) -> None:
    """Each fault on 1 % of the users; faults of different facets may meet in one user."""
    wanted = max(1, len(users) // 100)
    left: dict[str, list[User]] = {}
    for fault in FAULTS:
        if fault.file_only:
            continue
        if fault.facet not in left:
            of_facet = [user for user in users if fault.facet != "role" or user.is_pupil]
            gardener.random.shuffle(of_facet)
            left[fault.facet] = of_facet
        for _ in range(max(1, wanted // fault.found)):
            gardener.plant(fault, [left[fault.facet].pop() for _ in range(fault.users)])


def bench(folder: Path, slapd: PrivateSlapd, users: int, seed: int) -> Bench:
    """Fill a private slapd that is running, and write a configuration for it."""
    town = Town(users, schools=3 + len(SCHOOL_FAULTS), seed=seed)
    settings = town.settings(folder)
    planted: Found = Counter()
    path = folder / "town.ldif"
    with path.open("w", encoding="utf-8") as file:  # the folder is for its owner alone
        file.writelines(map(ldif.dump, planted_entries(town, settings, planted)))
    slapd.load(path)
    path.unlink()
    return Bench(slapd, _configuration(folder, settings, slapd), planted)


def _configuration(folder: Path, settings: Settings, slapd: PrivateSlapd) -> Path:
    directory = settings.directory.model_dump(mode="json", exclude_none=True)
    directory |= {"url": slapd.url, "tls": "off", "bind_dn": slapd.service_dn, "password_env": PASSWORD}
    content = settings.model_dump(mode="json", include={"organization", "schools", "numbers", "journal"})
    lines = [f"[{name}]\n{_keys(content[name])}" for name in ("organization", "numbers", "journal")]
    lines += [f"[directory]\n{_keys(directory)}", *(f"[[schools]]\n{_keys(school)}" for school in content["schools"])]
    path = folder / "feideprov.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _keys(section: dict[str, Any]) -> str:
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in section.items() if value not in (None, ""))


def run(who: str, bench: Bench) -> dict[str, Any]:
    """One program in a process of its own: seconds, memory and, from a check, the findings."""
    command = [sys.executable, __file__, "--as", who, str(bench.config), bench.slapd.url, bench.slapd.service_dn]
    environment = os.environ | {PASSWORD: bench.slapd.service_password}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _only_reads(url: str, bind_dn: str) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import ldap3

        connection = ldap3.Connection(ldap3.Server(url), bind_dn, os.environ[PASSWORD], auto_bind=True)
        found = connection.extend.standard.paged_search(
            BASE, "(objectClass=inetOrgPerson)", attributes=["*"], paged_size=500, generator=True
        )
        return [sum(1 for _ in found)]


def _checks(config: Path) -> list[Any]:
    with Client.open(config, on=ON) as client:
        return [(one.code, one.user, one.dn, one.expected) for one in client.check()]


def _child(who: str, config: str, url: str, bind_dn: str) -> None:
    started = time.perf_counter()
    answer = _only_reads(url, bind_dn) if who == "ldap3" else _checks(Path(config))
    seconds = time.perf_counter() - started
    [peak] = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
    json.dump({"seconds": seconds, "memory": int(peak) / 1024, "answer": answer}, sys.stdout)


def compare(planted: Found, answer: list[Any]) -> tuple[Found, Found]:
    """What was planted and not found, and what was found and not planted."""
    found: Found = Counter((code, user, dn, expected) for code, user, dn, expected in answer)
    return planted - found, found - planted


def main() -> int:
    parser = argparse.ArgumentParser(description="A check beside ldap3 that only reads.")
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--as", dest="who", nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.who:
        _child(*chosen.who)
        return 0
    with tempfile.TemporaryDirectory() as name, PrivateSlapd() as slapd:
        made = bench(Path(name), slapd, chosen.users, chosen.seed)
        answers = [(run("ldap3", made), run("check", made)) for _ in range(chosen.runs)]
    return report(made.planted, answers)


def report(planted: Found, answers: list[tuple[dict[str, Any], dict[str, Any]]]) -> int:
    check = answers[0][1]
    lost, besides = compare(planted, check["answer"])
    by_code = Counter(code for code, *_ in planted.elements())
    missed = Counter(code for code, *_ in lost.elements())
    print(f"{'code':50} {'planted':>8} {'found':>8}")
    for code, count in sorted(by_code.items()):
        print(f"{code:50} {count:8} {count - missed[code]:8}")
    print(f"{'all':50} {by_code.total():8} {by_code.total() - missed.total():8}")
    print(f"unexpected besides: {besides.total()}")
    for code, count in Counter(code for code, *_ in besides.elements()).items():
        print(f"    {code} {count}")
    ratio = statistics.median(b["seconds"] / a["seconds"] for a, b in answers)
    peak = max(b["memory"] for _, b in answers)
    for a, b in answers:
        both = (f"{one['seconds']:.1f} s, {one['memory']:.0f} MB" for one in (a, b))
        print("ldap3 only reading {}; check {}".format(*both))
    [entries] = answers[0][0]["answer"]
    print(f"{entries} entries: {ratio:.2f} times ldap3 (at most {RATIO}), {peak:.0f} MB (below {MEMORY})")
    return int(bool(lost or besides) or ratio > RATIO or peak >= MEMORY)


if __name__ == "__main__":
    sys.exit(main())
