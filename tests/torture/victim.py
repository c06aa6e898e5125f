"""A process that runs commands of feideprov one after the other, and shows at every moment where it is.

Its arguments: PLACE_FILE step|write N. It is given a JSON list of command lines, one line, when it is to begin.
nursery.py makes such processes.

Says `ready` before it begins. At the N-th step, or the N-th outcome of a write (0: never), it says `hit` and waits for
a line, so that whatever is to happen there happens exactly there. Ends at the first command that did not get through,
with its exit code. `PLACE_FILE` holds where it is (`apply/writing`) also when it has been killed.
"""

from __future__ import annotations

import functools
import inspect
import json
import mmap
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

PLACE_OCTETS = 64
PRINTED = "printed"
"""The file, in the folder where it runs, that has what the commands print."""
ILLS = "TORTURE_ILLS"
"""What a test makes worse for this process (`make_worse`), as JSON in the environment."""


class Place:
    """Where the process is, in a file that outlives it. Each change of it is a step."""

    def __init__(self, path: Path, hit_at: tuple[str, int], say: Callable[[str], None]) -> None:
        path.write_bytes(b" " * PLACE_OCTETS)
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), PLACE_OCTETS)
        self.hit_at = hit_at
        self.say = say
        self.passed = {"step": 0, "write": 0}
        self._shown = self._command = ""
        self._has_written = False
        self._within = ["begin"]

    def command(self, name: str) -> None:
        self._command, self._has_written, self._within = name, False, ["begin"]
        self.show()

    def enter(self, step: str) -> None:
        if step == "looking":
            step = "look after" if self._has_written else "look before"
        self._within.append(step)
        self.show()
        if step == "writing":
            self._has_written = True
            self._pass("write")

    def leave(self) -> None:
        self._within.pop()

    def show(self) -> None:
        within = self._within[-1]
        shown = f"{self._command}/{'end' if within == 'begin' and self._has_written else within}"
        if shown == self._shown:
            return
        self._shown = shown
        self._memory[:] = shown.encode().ljust(PLACE_OCTETS)
        self._pass("step")

    def _pass(self, what: str) -> None:
        self.passed[what] += 1
        if self.hit_at == (what, self.passed[what]):
            self.say("hit")
            sys.stdin.readline()


def watch(place: Place) -> None:
    """Let the parts of the program tell where it is."""
    from feideprov.directory.ldap.directory import LdapDirectory
    from feideprov.journal.journal import Journal
    from feideprov.provision.run.handover import HandoverFile

    steps: list[tuple[type, str, tuple[str, ...]]] = [
        (Journal, "journal", ("intend", "advance")),
        (HandoverFile, "hand-over", ("add", "remove")),
        (LdapDirectory, "looking", ("having", "matching", "read")),
        (LdapDirectory, "writing", ("write",)),
    ]
    for owner, step, names in steps:
        for name in names:
            setattr(owner, name, _telling(getattr(owner, name), step, place))


def _telling(method: Callable[..., Any], step: str, place: Place) -> Callable[..., Any]:
    @functools.wraps(method)
    def told(*arguments: Any, **named: Any) -> Any:
        place.enter(step)
        try:
            result = method(*arguments, **named)
        finally:
            place.leave()
            place.show()
        return _each(result, step, place) if isinstance(result, Iterator) else result

    return told


def _each(results: Iterator[Any], step: str, place: Place) -> Iterator[Any]:
    while True:
        place.enter(step)
        try:
            result = next(results)
        except StopIteration:
            return
        finally:
            place.leave()
        yield result


def make_worse(ills: dict[str, float]) -> None:
    """What a test brings about in this process: `file_size`, no file can grow beyond so many octets; `journal_pages`,
    so many more are free for the journal. And what is shorter than in earnest, in seconds: `journal_wait`; `silence`,
    for which a server may be silent; `patience`, for which it may be busy or away."""
    import resource

    import sqlalchemy as sa

    from feideprov.directory.ldap.directory import LdapDirectory
    from feideprov.journal import journal

    if "file_size" in ills:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(ills["file_size"]),) * 2)
    if "journal_pages" in ills:

        @sa.event.listens_for(sa.Engine, "connect")
        def fill(connection: Any, _: object) -> None:
            [pages] = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + int(ills['journal_pages'])}")

    journal.WAIT = ills.get("journal_wait", journal.WAIT)
    waits = inspect.unwrap(LdapDirectory.__init__).__kwdefaults__
    if "silence" in ills:
        os.environ["FEIDEPROV_DIRECTORY__TIMEOUT"] = str(ills["silence"])
    waits["patience"] = ills.get("patience", waits["patience"])


def imports() -> None:
    """Everything that commands use, so that no process need import it."""
    import sqlalchemy.dialects.sqlite  # noqa: F401

    import feideprov.cli.app
    import feideprov.client
    import feideprov.directory.ldap.directory
    import feideprov.provision.run.handover  # noqa: F401


def main() -> int:
    told = os.fdopen(os.dup(1), "w")

    def say(line: str) -> None:
        print(line, file=told, flush=True)

    place = Place(Path(sys.argv[1]), (sys.argv[2], int(sys.argv[3])), say)
    from feideprov.cli.app import run

    watch(place)
    make_worse(json.loads(os.environ.get(ILLS, "{}")))
    sys.stdout = Path(PRINTED).open("w", buffering=1)  # noqa: SIM115 - as long as the process
    say("ready")
    commands = json.loads(sys.stdin.readline())
    worst = 0
    for command in commands:
        place.command(command[2])
        worst = max(worst, run(command))
        if worst > 1:
            break
    else:
        place.command("all")
    say("passed " + json.dumps(place.passed))
    return worst
