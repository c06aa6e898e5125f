"""The import of a federation's metadata as large as eduGAIN's: how much memory it takes, and how long.

    .venv/bin/python tests/bench/metadata.py [--entities 10000] [--seed 2026]

A federation that does not exist writes its aggregate, about 10 kB for each entity, and signs it. Then each import runs
in a process of its own, which takes the file into the register of a new journal: not verified, with less memory than
200 MB; verified, with less than 10 times the file. Exit status 1 when one takes more, or finds other services than ask
for the number.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))  # for a run by hand; pytest knows it

from federation import Federation, SigningKey

from feideprov.client.client import Client
from feideprov.testing import example_directory, example_settings

UNSIGNED, TIMES = 200, 10  # what is promised: MB; times the file
MB = 1024 * 1024


@dataclass(frozen=True)
class Imported:
    """What one import took: its peak of memory and what the process had before, in MB, and seconds."""

    size: float
    before: float
    peak: float
    seconds: float
    ids: list[str]

    @property
    def times(self) -> float:
        """The peak as a multiple of the file."""
        return self.peak / self.size


def make(folder: Path, federation: Federation) -> None:
    """The aggregate, the signed aggregate and the certificate, by a process of its own: signing takes much memory."""
    command = [sys.executable, __file__, "--make", str(folder), str(federation.entities), str(federation.seed)]
    subprocess.run(command, check=True)


def imported(folder: Path, *, verified: bool) -> Imported:
    """One import by a new process."""
    command = [sys.executable, __file__, "--import", str(folder), "signed" if verified else "unsigned"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Imported(**json.loads(done.stdout))


def _make(folder: Path, entities: int, seed: int) -> None:
    path = Federation(entities, seed).write(folder / "unsigned.xml")
    key = SigningKey()
    key.write_certificate(folder / "signed.pem")
    (folder / "signed.xml").write_bytes(key.sign(path.read_bytes()))


def _import(folder: Path, name: str) -> None:
    path = folder / f"{name}.xml"
    certificate = folder / "signed.pem" if name == "signed" else None
    of_import = folder / f"{name} import"
    of_import.mkdir()
    with Client(example_settings(of_import), directory=example_directory(), on=date(2026, 11, 23)) as feide:
        before, started = _peak(), time.perf_counter()
        feide.services.import_(path, certificate=certificate)
        seconds = time.perf_counter() - started
        ids = [service.id for service in feide.services.all()]
    figures = {"size": path.stat().st_size / MB, "before": before, "peak": _peak(), "seconds": seconds, "ids": ids}
    json.dump(figures, sys.stdout)


def _peak() -> float:
    """Of this process alone: ru_maxrss also counts what the parent had when it began this one."""
    [peak] = [line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line]
    return int(peak) / 1024


def report(federation: Federation, unsigned: Imported, signed: Imported) -> int:
    found = [sorted(f"saml:{one}" for one in federation.asking) == one.ids for one in (unsigned, signed)]
    print(f"{federation.entities:,} entities, {unsigned.size:.1f} MB; {len(unsigned.ids)} ask for the number")
    for name, one in (("not verified", unsigned), ("verified", signed)):
        print(f"{name:14} {one.seconds:6.1f} s {one.peak:7.0f} MB, {one.times:.1f} times the file")
    print(
        f"promised: below {UNSIGNED} MB, and below {TIMES} times the file; all found: {'yes' if all(found) else 'NO'}"
    )
    return int(not all(found) or unsigned.peak >= UNSIGNED or signed.times >= TIMES)


def main() -> int:
    parser = argparse.ArgumentParser(description="The import of a federation's metadata.")
    parser.add_argument("--entities", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--make", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--import", dest="take", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.make:
        folder, entities, seed = chosen.make
        _make(Path(folder), int(entities), int(seed))
        return 0
    if chosen.take:
        folder, name = chosen.take
        _import(Path(folder), name)
        return 0
    federation = Federation(chosen.entities, chosen.seed)
    with tempfile.TemporaryDirectory() as name:
        make(Path(name), federation)
        both = [imported(Path(name), verified=verified) for verified in (False, True)]
    return report(federation, *both)


if __name__ == "__main__":
    sys.exit(main())
