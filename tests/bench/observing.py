"""Observing a large directory behind whose back numbers were written: what is found, how long it takes.

    .venv/bin/python tests/bench/observing.py [--users 20000] [--seed 2026]

A private slapd holds a town that does not exist, one in ten without a number. `Client.observe` looks three times: at
first, after another hand wrote, changed and took away numbers, and when nothing was done since. Forty services depend
on the number. Then `Client.today` is asked. Exit status 1 when anything else is found than was done.

The numbers in the directory are made from the seed and can equal a living person's: they are never shown.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from checking import PASSWORD, _configuration
from town import ON, Town, User

from feideprov.client.client import Client
from feideprov.directory import ldif
from feideprov.directory.entry import Modification, Modify, Write
from feideprov.services.register.service import Answer, Dependency, Provider, Service, Way
from feideprov.testing.slapd import PrivateSlapd

NIN = "norEduPersonNIN"
ARRIVED, CHANGED, GONE = 0.05, 0.02, 0.01
"""The parts of the users whose numbers another hand writes, changes and takes away."""


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--users", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=2026)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name, PrivateSlapd() as slapd:
        os.environ[PASSWORD] = slapd.service_password
        return _observe(Path(name), slapd, Town(given.users, seed=given.seed))


def _observe(folder: Path, slapd: PrivateSlapd, town: Town) -> int:
    settings, users = town.settings(folder), list(town.users())
    for user in users[::10]:
        del user[NIN]
    dump = folder / "town.ldif"
    units = [unit for unit in town.units(settings) if str(unit.dn) not in (slapd.suffix, settings.directory.users_dn)]
    dump.write_text("".join(map(ldif.dump, [*units, *(user.entry for user in users)])), encoding="utf-8")
    slapd.load(dump)
    dump.unlink()
    with Client.open(_configuration(folder, settings, slapd), on=ON) as feide:
        feide.services.register.put(map(_service, range(40)))
        nothing = dict.fromkeys(("arrived", "changed", "gone", "refused", "held"), 0)
        good = _timed(feide, "first look", nothing)
        wanted = nothing | _another_hand(feide, town, users)
        good &= _timed(feide, "after another hand", wanted)
        good &= _timed(feide, "nothing since", nothing)
        begun = time.perf_counter()
        told = ", ".join(f"{count} {kind}" for kind, count in feide.today().counts.items())
        print(f"today in {time.perf_counter() - begun:.1f} s: {told}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    return int(not good)


def _timed(feide: Client, what: str, wanted: dict[str, int]) -> bool:
    begun = time.perf_counter()
    found = feide.observe(allow_changes=100_000)
    told = ", ".join(f"{count} {name}" for name, count in found.counts.items() if count) or "nothing"
    print(f"{what}: {found.users} users in {time.perf_counter() - begun:.1f} s: {told}; {found.owed} notices owed")
    return found.counts == wanted


def _another_hand(feide: Client, town: Town, users: list[User]) -> dict[str, int]:
    """Writes as no run of ours does, and gives what an observation must find."""
    without, having = users[::10], [user for user in users if NIN in user.attributes]
    arrived = without[: int(len(users) * ARRIVED)]
    changed, gone = having[: int(len(users) * CHANGED)], having[-int(len(users) * GONE) :]
    writes: list[Write] = [_write(user, None, town.number()) for user in arrived]
    writes += [_write(user, user[NIN], town.number()) for user in changed]
    writes += [_write(user, user[NIN], None) for user in gone]
    with feide.directory.writing():
        assert all(written.error is None for written in feide.directory.write(writes))
    return {"arrived": len(arrived), "changed": len(changed), "gone": len(gone)}


def _write(user: User, old: str | None, new: str | None) -> Modify:
    steps = [Modification("delete", NIN, (old.encode(),))] if old else []
    return Modify(user.entry.dn, (*steps, *([Modification("add", NIN, (new.encode(),))] if new else [])), ())


def _service(n: int) -> Service:
    state = (Dependency.CAN_SERVE, Dependency.CANNOT_SERVE)[n % 2]
    return Service(
        id=f"feide:{n}",
        names={"nb": f"Tjeneste {n}"},
        provider=Provider(id=str(n % 8), name=f"Leverandør {n % 8} AS"),
        ways=(Way.FEIDE,),
        activated=True,
        answer=Answer(state=state, on=ON, source="mail"),
    )


if __name__ == "__main__":
    sys.exit(main())
