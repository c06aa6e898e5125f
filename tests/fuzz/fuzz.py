"""Mutated inputs of every kind that is read. Each is read, or refused with a documented exception.

    python tests/fuzz/fuzz.py                              # 100,000 of each kind
    python tests/fuzz/fuzz.py --count 1000 --kind LDIF     # fewer, of one kind
    python tests/fuzz/fuzz.py --kind LDIF --number 17      # one again: the input, as small as it can be, and the error

One input in ten is left whole, and must be read. Exit code 1 if a whole input is refused, or another exception than
FeideProvError comes out, or a reader takes too much time or memory.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(Path(__file__).parent), str(_TESTS / "support"), str(_TESTS / "bench")]

from kinds import KINDS  # noqa: E402
from mutator import WHOLE_EVERY, mutated  # noqa: E402

from feideprov import FeideProvError  # noqa: E402

COUNT = 100_000
BATCH = 500
MOST_SECONDS = 30
MOST_MEMORY = 4_000_000_000
MOST_SHOWN = 2_000
IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


class TooSlowError(BaseException):
    """A reader took too much time."""


@dataclass
class Result:
    """What became of some inputs of one kind. `faults`: by the exception and its place, the first number."""

    read: int = 0
    whole: int = 0
    refused: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)
    """The most seconds of CPU that an input took, and its number."""
    memory: int = 0
    """The most memory of a process so far, in kB."""

    def add(self, other: Result) -> None:
        self.read, self.whole, self.refused = (
            self.read + other.read,
            self.whole + other.whole,
            self.refused + other.refused,
        )
        for what, number in other.faults.items():
            self.faults[what] = min(number, self.faults.get(what, number))
        self.counts += other.counts
        self.slowest, self.memory = max(self.slowest, other.slowest), max(self.memory, other.memory)


class Bench:
    """A kind and a folder in which its inputs are read."""

    def __init__(self, name: str) -> None:
        self.name, self.kind = name, KINDS[name]
        self._folder = tempfile.TemporaryDirectory(prefix="feideprov-fuzz-", dir=IN_MEMORY)
        self.path = Path(self._folder.name) / self.kind.file
        self.whole = self.kind.whole(Path(self._folder.name))

    def fault(self, content: bytes, *, is_whole: bool = False) -> str | None:
        """What is wrong with how this input is read: an exception and its place; None when nothing is. Empty: it was
        refused."""
        self.path.write_bytes(content)
        signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
        try:
            self.kind.read(self.path)
        except FeideProvError as error:
            return f"a whole input is refused: {error}" if is_whole else ""
        except (Exception, TooSlowError) as error:  # noqa: BLE001 - any other is what is looked for
            last = traceback.extract_tb(error.__traceback__)
            ours = next((one for one in reversed(last) if "feideprov/" in one.filename), last[-1])
            return f"{type(error).__name__} at {Path(ours.filename).name}:{ours.lineno} in {ours.name}"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        return None


def _stop(*_: object) -> None:
    raise TooSlowError


@cache
def bench(name: str) -> Bench:
    """One for each process."""
    signal.signal(signal.SIGALRM, _stop)
    return Bench(name)


def run(name: str, first: int, count: int) -> Result:
    """Read these inputs of a kind."""
    at, result = bench(name), Result()
    for number in range(first, first + count):
        is_whole = number % WHOLE_EVERY == 0
        content, before = mutated(at.whole, name, number), time.process_time()
        fault = at.fault(content, is_whole=is_whole)
        result.slowest = max(result.slowest, (time.process_time() - before, number))
        if fault:
            result.faults.setdefault(fault, number)
            result.counts[fault] += 1
        elif fault is None:
            result.whole += is_whole
            result.read += not is_whole
        else:
            result.refused += 1
    result.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return result


def smallest(at: Bench, content: bytes, fault: str) -> bytes:
    """An input that is as small as it can be, with the same fault."""
    size = len(content)
    while size := size // 2:
        start = 0
        while start < len(content):
            shorter = content[:start] + content[start + size :]
            if at.fault(shorter) == fault:
                content = shorter
            else:
                start += size
    return content


def _again(name: str, number: int) -> Iterator[str]:
    at = bench(name)
    content = mutated(at.whole, name, number)
    fault = at.fault(content)
    if not fault:
        yield "refused" if fault == "" else "read"
        return
    least = smallest(at, content, fault)
    yield f"{fault}\n{len(least)} octets: {least[:MOST_SHOWN]!r}"
    at.path.write_bytes(least)
    try:
        at.kind.read(at.path)
    except Exception:  # noqa: BLE001 - shown
        yield traceback.format_exc()


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--kind", action="append", choices=KINDS)
    parser.add_argument("--number", type=int)
    asked = parser.parse_args()
    names = asked.kind or list(KINDS)
    if asked.number is not None:
        print(*_again(names[0], asked.number), sep="\n")
        return 0
    wrong = 0
    with ProcessPoolExecutor(os.cpu_count(), initializer=_limited) as pool:
        for name in names:
            start, total = time.monotonic(), Result()
            starts = range(0, asked.count, BATCH)
            counts = [min(BATCH, asked.count - first) for first in starts]
            for result in pool.map(run, [name] * len(starts), starts, counts):
                total.add(result)
            wrong += sum(total.counts.values())
            print(
                f"{name:24} {total.whole:7,} whole and read, {total.read:7,} mutated and read, {total.refused:7,} "
                f"refused, {sum(total.counts.values()):5,} undocumented ({time.monotonic() - start:.0f} s; at most "
                f"{total.slowest[0]:.2f} s of CPU, number {total.slowest[1]}; {total.memory // 1000} MB)",
                flush=True,
            )
            for what, number in sorted(total.faults.items()):
                print(f"    {total.counts[what]} x {what}; again with: --kind '{name}' --number {number}", flush=True)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
