"""Runs that are hurt at a random moment, each followed by one more; then everything must be as if nothing had happened.

    python tests/torture/torture.py                       # 300 kills, 100 of slapd, 100 cuts
    python tests/torture/torture.py --only kill --seed 17 --runs 1     # one run again

*kill*: SIGKILL to our process. *slapd*: SIGKILL to slapd, which comes back. *cut*: the connection is cut by a proxy
between us and slapd; for a part of the runs nothing answers for a while. The moment is drawn evenly over the time of
an unhurt run (every second run), or over its steps, from one thing that the process does to the next, or its writes.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Self

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "support")]

from audit import Left  # noqa: E402
from proxy import Proxy  # noqa: E402
from scene import FULL, IN_MEMORY, Login, Scene, Size, Slapd, Victim, moments  # noqa: E402

RUNS = {"kill": 300, "slapd": 100, "cut": 100}
AWAY = 0.3  # seconds at most that a server is away
PATIENCE = 180.0
TOO_LATE = "too late"


@dataclass
class Result:
    """What became of one run."""

    kind: str
    seed: int
    login: str
    place: str
    """Where the process was when it was hit; `too late` when it had ended before."""
    first: int
    """Exit code of the run that was hit."""
    second: int = 0
    seconds: float = 0.0
    missed: int = 0
    """How many moments before it came too late: those runs ended unhurt, and do not count."""
    faults: list[tuple[str, str]] = field(default_factory=list)
    said: str = ""

    def __str__(self) -> str:
        told = "; ".join(f"{kind}: {what}" for kind, what in self.faults[:4])
        return f"{self.kind} --seed {self.seed} ({self.login}, hit at {self.place}, exit {self.first}): {told}"


class Bench:
    """A slapd, its scenes, and what unhurt runs of them leave."""

    def __init__(self, size: Size = FULL, logins: Sequence[Login] = ("directory", "entra")) -> None:
        self.size, self.logins = size, logins
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="torture-", dir=IN_MEMORY)))
        self.slapds: dict[str, Slapd] = {}
        self.scenes: dict[str, Scene] = {}
        self.unhurt: dict[str, Left] = {}
        self.seconds: dict[str, float] = {}
        self.passed: dict[str, dict[str, int]] = {}
        for login in self.logins:
            slapd = self._stack.enter_context(Slapd(folder=folder / f"{login}-slapd"))
            self.scenes[login] = Scene(slapd, folder, login, self.size)
            self._measure(login)
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def _measure(self, login: str) -> None:
        """An unhurt run: how long it takes, of how many steps and writes it is made, and what it leaves."""
        scene = self.scenes[login]
        scene.reset()
        with scene.victim() as victim:
            victim.begin(scene.commands)
            begun = time.perf_counter()
            code = victim.wait()
            self.seconds[login] = time.perf_counter() - begun
            assert code == 0, (code, victim.said)
            self.passed[login] = victim.passed
        self.unhurt[login] = Left.of(scene)

    def run(self, kind: str, seed: int) -> Result:
        """One run that is hurt, one more, and what they left. A moment that came too late is drawn again, after a look
        at how long an unhurt run takes by now: machines have other work too."""
        dice = moments(kind, seed)
        login = dice.choices(self.logins, [3, 1][: len(self.logins)])[0]
        begun, missed = time.perf_counter(), 0
        while (result := self._hurt_and_again(kind, seed, login, dice)).place == TOO_LATE and not result.faults:
            missed += 1
            assert missed < 20, "no moment is early enough"
            self._measure(login)
        result.missed, result.seconds = missed, time.perf_counter() - begun
        return result

    def _hurt_and_again(self, kind: str, seed: int, login: Login, dice: random.Random) -> Result:
        scene = self.scenes[login]
        by, at = dice.choice(["time", "time", "step", "write"]), dice.random()
        hit_at = ("step", 0) if by == "time" else (by, 1 + int(at * self.passed[login][by]))
        with ExitStack() as stack:
            hurt = _HURT[kind](scene, dice, stack)
            scene.reset(hurt.url)
            victim = stack.enter_context(scene.victim(hit_at))
            victim.begin(scene.commands)
            place = _in_time(victim, at * self.seconds[login]) if by == "time" else _at_its_hit(victim)
            hurt(victim)
            victim.let_go()
            try:
                first = victim.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                first = 99
            hurt.mend()
            result = Result(kind, seed, login, place, first, said=victim.said)
        self._once_more(scene, result, hurt)
        return result

    def _once_more(self, scene: Scene, result: Result, hurt: Hurt) -> None:
        scene.configure(scene.slapd.url)
        with scene.victim() as victim:
            victim.begin(scene.commands)
            try:
                result.second = victim.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                result.second = 99
            said = victim.said
        result.faults += Left.of(scene).faults(self.unhurt[result.login])
        if result.second not in (0, 1):
            result.faults.append(("second run", f"exit {result.second}: {said.strip().splitlines()[-1:]}"))
        if result.first == 0 and 0 not in hurt.codes:
            result.place = TOO_LATE  # it had ended before the signal reached it
        allowed = hurt.codes if result.place != TOO_LATE else (0, *hurt.codes)
        if result.first not in allowed:
            result.faults.append(("exit code", f"{result.first}: {result.said.strip().splitlines()[-1:]}"))
        for text in (result.said, said):
            if "Traceback" in text or "Something unexpected" in text:
                result.faults.append(("sentence", text.strip()[-300:]))


def _in_time(victim: Victim, seconds: float) -> str:
    """Where the process is after so many seconds."""
    try:
        victim.wait(seconds)
    except subprocess.TimeoutExpired:
        return _unless_over(victim.place)
    return TOO_LATE


def _at_its_hit(victim: Victim) -> str:
    """Where the process is when it says that its moment has come."""
    return _unless_over(victim.place) if victim.until("hit") else TOO_LATE


def _unless_over(place: str) -> str:
    """All commands are done, and the process is only about to end."""
    return TOO_LATE if place.startswith("all/") else place


class Hurt:
    """What is done to a run at the moment that was drawn."""

    codes: Sequence[int] = (0, 1, 3)
    """The exit codes that the run may end with: it may survive."""

    def __init__(self, scene: Scene, dice: random.Random, stack: ExitStack) -> None:
        self.scene, self.dice = scene, dice
        self.url: str | None = None
        """The address that the office reaches its directory at, when not slapd's own."""

    def __call__(self, victim: Victim) -> None:
        raise NotImplementedError

    def mend(self) -> None:
        """Before the next run."""

    def _away(self) -> float:
        """For how long nothing answers: half of them for no time at all."""
        return self.dice.uniform(0, AWAY) if self.dice.random() < 0.5 else 0.0


class Kill(Hurt):
    codes = (-9,)

    def __call__(self, victim: Victim) -> None:
        victim.kill()


class KillSlapd(Hurt):
    def __call__(self, victim: Victim) -> None:
        self.scene.slapd.kill()
        victim.let_go()
        time.sleep(self._away())
        self.scene.slapd.restart()


class Cut(Hurt):
    def __init__(self, scene: Scene, dice: random.Random, stack: ExitStack) -> None:
        super().__init__(scene, dice, stack)
        tls = dice.random() < 0.5
        self.proxy = stack.enter_context(Proxy.before(scene.slapd.ldaps if tls else scene.slapd.url))
        self.proxy.reset = dice.random() < 0.5
        self.url = self.proxy.ldaps if tls else self.proxy.url

    def __call__(self, victim: Victim) -> None:
        if away := self._away():
            self.proxy.refuse()
            victim.let_go()
            time.sleep(away)
            self.proxy.accept()
        else:
            self.proxy.cut()


_HURT: dict[str, Callable[[Scene, random.Random, ExitStack], Hurt]] = {"kill": Kill, "slapd": KillSlapd, "cut": Cut}


def results(todo: Sequence[tuple[str, int]], jobs: int) -> Iterator[Result]:
    """All runs; in so many processes, with a slapd for each."""
    if jobs < 2:
        with Bench() as bench:
            for kind, seed in todo:
                yield bench.run(kind, seed)
        return
    parts = [todo[n::jobs] for n in range(jobs)]
    children = [
        subprocess.Popen([sys.executable, __file__, "--part", json.dumps(part)], stdout=subprocess.PIPE, text=True)
        for part in parts
    ]
    lines: Queue[str | None] = Queue()
    threads = [Thread(target=_read, args=(child, lines), daemon=True) for child in children]
    try:
        for thread in threads:
            thread.start()
        for _ in children:
            while line := lines.get():
                yield Result(**json.loads(line))
    finally:
        for child in children:
            child.terminate()
            child.wait()
    if any(child.returncode > 0 for child in children):
        raise SystemExit("A part of the runs broke off: see above.")


def _read(child: subprocess.Popen[str], lines: Queue[str | None]) -> None:
    for line in child.stdout or ():
        lines.put(line)
    child.wait()
    lines.put(None)


def table(all_results: Sequence[Result]) -> str:
    """What is to be told: how many runs, where they were hit, what was wrong afterwards."""
    kinds = list(dict.fromkeys(result.kind for result in all_results))
    lines = [f"{'':32}" + "".join(f"{kind:>10}" for kind in kinds)]

    def row(title: str, count: Callable[[Result], int]) -> None:
        counts = [sum(count(r) for r in all_results if r.kind == kind) for kind in kinds]
        if any(counts) or title.startswith("runs"):
            lines.append(f"{title:32}" + "".join(f"{n:>10}" for n in counts))

    row("runs", lambda _: 1)
    for place in sorted({r.place.partition("/")[2] or r.place for r in all_results}):
        row(f"  hit: {place}", lambda r, place=place: (r.place.partition("/")[2] or r.place) == place)
    for code in sorted({r.first for r in all_results}):
        row(f"  exit code {code}", lambda r, code=code: r.first == code)
    row("  (moments that came too late)", lambda r: r.missed)
    row("with faults", lambda r: bool(r.faults))
    for kind, count in Counter(kind for r in all_results for kind, _ in r.faults).items():
        lines.append(f"  {kind}: {count}")
    lines.append(f"seconds a run: {sum(r.seconds for r in all_results) / len(all_results):.1f}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=list(RUNS), help="one kind of hit")
    parser.add_argument("--runs", type=int, help="so many of each kind")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--part", type=json.loads, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no slapd is left behind
    if asked.part:
        for result in results(asked.part, 1):
            print(json.dumps(asdict(result)), flush=True)
        return 0
    kinds = {asked.only: RUNS[asked.only]} if asked.only else RUNS
    todo = [(kind, asked.seed + n) for kind, runs in kinds.items() for n in range(asked.runs or runs)]
    todo.sort(key=lambda one: one[1])  # a part of them tells of every kind
    done = []
    for result in results(todo, min(asked.jobs, len(todo))):
        done.append(result)
        if result.faults:
            print(result, flush=True)
        if len(done) % 50 == 0:
            print(table(done), flush=True)
    print(table(done))
    return int(any(result.faults for result in done))


if __name__ == "__main__":
    sys.exit(main())
