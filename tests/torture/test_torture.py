"""One run of each kind that is hurt at a random moment, and two rounds of each race; `make torture`: 500, 600."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from races import race
from scene import SMALL
from size import size
from torture import RUNS, Bench, table

from feideprov.directory.entry import Entry
from feideprov.testing.slapd import PrivateSlapd

HURT, ROUNDS = size((1, 2), (3, 5))


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with Bench(SMALL) as bench:
        yield bench


@pytest.mark.parametrize("kind", RUNS)
def test_one_more_run_ends_as_if_nothing_had_happened(bench: Bench, kind: str) -> None:
    first = random.randrange(10**6)
    results = [bench.run(kind, first + n) for n in range(HURT)]
    print(table(results))
    assert [str(result) for result in results if result.faults] == []


def test_the_audit_sees_what_is_wrong(bench: Bench) -> None:
    left = bench.unhurt["directory"]
    [somebody, *others] = left.users.items()
    rows = left.rows
    broken = {
        "lost": replace(left, users=dict(others)),
        "twice": replace(left, users={**left.users, somebody[0]: [*somebody[1], *somebody[1]]}),
        "number": replace(left, users={**left.users, "a0": [_without(left.users["a0"][0], "norEduPersonNIN")]}),
        "half-written": replace(left, users={**left.users, somebody[0]: [_without(somebody[1][0], "displayName")]}),
        "hand-over": replace(left, rows=rows[1:]),
        "password": replace(left, rows=[(user, "wrong") for user, _ in rows]),
        "journal": replace(left, open=1),
        "notice": replace(left, owed=Counter()),
    }
    for kind, one in broken.items():
        assert kind in {found for found, _ in one.faults(left)}
    assert list(left.faults(left)) == []
    assert left.owed


def _without(entry: Entry, attribute: str) -> Entry:
    return Entry(entry.dn, {name: values for name, values in entry.items() if name != attribute})


@pytest.mark.parametrize(("unique", "far"), [(True, False), (False, True)], ids=["unique", "not-unique-and-far"])
def test_nobody_shares_what_is_ones_alone(tmp_path: Path, unique: bool, far: bool) -> None:
    with PrivateSlapd(unique=unique) as slapd:
        for result in race(slapd, ROUNDS, far=far):
            assert result.faults == []
