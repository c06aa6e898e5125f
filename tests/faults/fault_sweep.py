"""Every place at which a command writes, made to fail in every way, and the command run again: `make faults`.

    python tests/faults/fault_sweep.py                                   # all of it
    python tests/faults/fault_sweep.py --only attach --fault "write 17"  # places whose name begins so

A place is one write, fsync, rename, link, unlink, truncate, lock or creation of a file in the office, or one send over
a connection (shim.c). After the second run the directory, the hand-over file, the journal and all files must be what an
undisturbed run leaves (fault_state.py), and so must be the exit code. In the run that was disturbed: one sentence,
exit code 3 (2 only when nothing was written), or the exit code and the state of an undisturbed run.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

_TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(_TESTS / name) for name in ("faults", "torture", "support")]

from fault_commands import ROWS, Row  # noqa: E402
from fault_office import FileOffice, MailServer, Office, Said, ServerOffice  # noqa: E402
from fault_shim import KINDS, Fault, Shim, build, faults  # noqa: E402
from fault_state import State, differences, secrets_in  # noqa: E402
from scene import IN_MEMORY, Slapd  # noqa: E402
from victim import imports  # noqa: E402

ONLY_AT_THE_END = ("files", "journal verify")
"""Compared after the second run alone: SQLite's helper files stay where a database cannot be closed in order."""
_KILLED = -9


@dataclass
class Swept:
    """What came of one command."""

    name: str
    places: dict[str, int] = field(default_factory=dict)
    """Of each kind, how many an undisturbed run came by."""
    faults: int = 0
    codes: dict[str, int] = field(default_factory=dict)
    """How the disturbed runs ended."""
    wrong: list[str] = field(default_factory=list)
    """Each fault after which something was not as it should be."""


@dataclass
class Undisturbed:
    """A command that is run, and run once more, with nothing in its way."""

    places: dict[str, int]
    untouched: State
    codes: Sequence[int]
    states: Sequence[State]
    secrets: dict[str, set[bytes]]

    @classmethod
    def of(cls, office: Office, row: Row) -> Undisturbed:
        office.reset()
        untouched = office.state()
        office.reset()
        first = office.run(row.words)
        places = office.shim.passed
        assert first.code in (0, 1), (row.name, first)
        once, secrets = office.verified(), secrets_in(office.folder)
        second, twice = office.run_again(row)
        return cls(places, untouched, (first.code, second.code), (once, twice), secrets)


class Sweep:
    """One row: its places, and each fault at each of them."""

    def __init__(self, office: Office, row: Row) -> None:
        self.office, self.row = office, row
        office.prepare(row)
        self.undisturbed = Undisturbed.of(office, row)

    def faults(self) -> Iterator[Fault]:
        """All of them, kind by kind."""
        for kind in ("send",) if self.row.on_server else KINDS:
            for place in range(1, self.undisturbed.places[kind] + 1):
                yield from faults(kind, place)

    def wrong_after(self, fault: Fault) -> tuple[str, list[str]]:
        """How the disturbed run ended, and what is wrong with it and with the second one."""
        self.office.reset()
        first = self.office.run(self.row.words, fault=fault)
        if not self.office.shim.hit:
            return "not reached", ["the place was not reached"]
        wrong = [f"first run: {what}" for what in self._said(first, fault)]
        passwords = {text for found in secrets_in(self.office.folder).values() for text in found}
        if first.code == self.undisturbed.codes[0]:
            wrong += [
                f"exit code {first.code}, but {what}" for what in self._unlike(self.office.state(), ONLY_AT_THE_END)
            ]
        elif first.code == 2:
            now, then = self._written(self.office.state()), self._written(self.undisturbed.untouched)
            wrong += [f"exit code 2, but {what}" for what in differences(then | now, then)]
        second, state = self.office.run_again(self.row)
        wrong += [f"first run: {text!r} was said" for text in _secrets(first, passwords)]
        wrong += [f"second run: {what}" for what in self._said_again(second)]
        wrong += self._unlike(state)
        wrong += self._leaked()
        return str(first.code), wrong

    def _written(self, state: State) -> State:
        """Of a state, what a command with exit code 2 must not have changed."""
        return {name: what for name, what in state.items() if name.startswith(("entry", "hand-over", "journal change"))}

    def _said(self, said: Said, fault: Fault) -> Iterator[str]:
        """What is wrong with what the disturbed run said."""
        if "kill" in fault.mode:
            if said.code != _KILLED:
                yield f"exit code {said.code}, though it was killed"
        elif said.code not in (self.undisturbed.codes[0], 2, 3, *([1] if self.row.saves_last else [])):
            yield f"exit code {said.code}"
        if "Traceback" in said.text or "Something unexpected" in said.text:
            yield said.text.strip()[-400:]

    def _said_again(self, said: Said) -> Iterator[str]:
        if said.code not in self.undisturbed.codes:
            yield f"exit code {said.code}: {said.text.strip()[-300:]}"

    def _unlike(self, state: State, leave_out: Sequence[str] = ()) -> list[str]:
        """How it differs from what an undisturbed run leaves, or two of them."""
        return min((list(differences(*_without(leave_out, state, then))) for then in self.undisturbed.states), key=len)

    def _leaked(self) -> Iterator[str]:
        """Files with something in them that an undisturbed run leaves in no file of that name."""
        for name, found in secrets_in(self.office.folder).items():
            if name not in self.undisturbed.secrets:
                yield f"{len(found)} numbers or passwords are in {name}"


def _without(names: Sequence[str], *states: State) -> Iterator[State]:
    for state in states:
        yield {name: what for name, what in state.items() if name not in names}


def _secrets(said: Said, found: set[bytes]) -> set[str]:
    return {text.decode() for text in found if text.decode() in said.text}


def swept(rows: Sequence[tuple[Row, int]], part: int, parts: int, asked: str = "") -> Iterator[Swept]:
    """Each row and each n-th of its faults; of these, one of so many parts."""
    shim = Shim()
    imports()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-", dir=IN_MEMORY)))
        post = MailServer(folder)
        stack.callback(post.close)
        offices: dict[bool, Office] = {False: FileOffice(shim, folder, post)}
        if any(row.on_server for row, _ in rows):
            slapd = stack.enter_context(Slapd(folder=folder / "slapd"))
            (folder / "server").mkdir()
            offices[True] = ServerOffice(shim, folder / "server", post, slapd)
        for row, every in rows:
            sweep = Sweep(offices[row.on_server], row)
            result = Swept(row.name, sweep.undisturbed.places)
            codes: Counter[str] = Counter()
            todo = [fault for fault in sweep.faults() if str(fault).startswith(asked)][::every]
            for fault in todo[part::parts]:
                code, wrong = sweep.wrong_after(fault)
                codes[code] += 1
                result.wrong += [f"{row.name}, {fault}: {what}" for what in wrong[:6]]
            result.codes, result.faults = dict(codes), codes.total()
            yield result


def started(parts: int, arguments: Sequence[str]) -> Iterator[Swept]:
    """The same in processes of their own, which have the shim."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "LD_PRELOAD": str(build(Path(folder)))}
        command = [sys.executable, __file__, *arguments, "--parts", str(parts), "--part"]
        with ExitStack() as stack:
            children = []
            for part in range(parts):
                child = subprocess.Popen([*command, str(part)], env=environment, stdout=subprocess.PIPE, text=True)
                stack.enter_context(child)
                stack.callback(child.terminate)
                children.append(child)
            for lines in zip(*(child.stdout or () for child in children), strict=True):
                yield _summed([Swept(**json.loads(line)) for line in lines])
            assert [child.wait() for child in children] == [0] * parts


def _summed(parts: Sequence[Swept]) -> Swept:
    codes: Counter[str] = Counter()
    for part in parts:
        codes.update(part.codes)
    wrong = [what for part in parts for what in part.wrong]
    return Swept(parts[0].name, parts[0].places, sum(part.faults for part in parts), dict(codes), wrong)


def line(one: Swept) -> str:
    """A line of the table."""
    codes = ", ".join(f"{code}: {count}" for code, count in sorted(one.codes.items()))
    kinds = ", ".join(f"{kind} {count}" for kind, count in one.places.items() if count)
    bad = len({what.partition(":")[0] for what in one.wrong})
    return f"{one.name:24}{sum(one.places.values()):>6}{one.faults:>8}{bad:>7}   {kinds}   exit codes {codes}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only", action="append", default=[], help="NAME of a command in fault_commands.py, or NAME=N: each n-th fault"
    )
    parser.add_argument("--fault", default="", help="the beginning of the faults, as they are printed")
    parser.add_argument("--every", type=int, default=1, help="only each n-th fault")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--parts", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    only = dict(one.partition("=")[::2] for one in asked.only)
    rows = [(row, int(only.get(row.name) or asked.every)) for row in ROWS if not only or row.name in only]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no server is left behind
    if asked.part is not None:
        os.environ.pop("LD_PRELOAD", None)  # what is started from here needs no shim
        for one in swept(rows, asked.part, asked.parts, asked.fault):
            print(json.dumps(asdict(one)), flush=True)
        return 0
    print(f"{'':24}{'places':>6}{'faults':>8}{'wrong':>7}")
    done = []
    for one in started(asked.jobs, sys.argv[1:]):
        done.append(one)
        print(line(one), *one.wrong, sep="\n  ", flush=True)
    print(f"{len(done)} commands, {sum(sum(one.places.values()) for one in done)} places, ", end="")
    print(f"{sum(one.faults for one in done)} faults, {sum(len(one.wrong) for one in done)} differences")
    return int(any(one.wrong for one in done))


if __name__ == "__main__":
    sys.exit(main())
