"""One small story through every command: what a municipality types in a week, and what the program says to it.

`python tests/goldens/record.py` writes what it says to `transcript.txt`; `test_goldens.py` tells it again and compares.
The day and the user of the operating system are always the same. What is different at every run (times of day, first
passwords, ids, seals) stands as a word in angle brackets.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import time_machine

from feideprov.cli.app import run
from feideprov.installation import FOLDER

HERE = Path(__file__).parent
DAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
REALM = "skotthyll.kommune.no"
OLENA, DMYTRO, SELAM = (f"{name}@{REALM}" for name in ("olenkova", "dmitkova", "selatesf"))


@dataclass(frozen=True)
class Step:
    """One command line, with what is given on standard input."""

    words: tuple[str, ...]
    stdin: str = ""

    @property
    def title(self) -> str:
        return " ".join(("$ feideprov", *self.words))


@dataclass(frozen=True)
class Said:
    """What the program said to a step."""

    step: Step
    code: int
    out: str
    err: str

    @property
    def section(self) -> str:
        """The step and what was said, as the transcript has it."""
        parts = [self.step.title, f"exit code {self.code}"]
        parts += [
            f"--- {name}\n{text.rstrip()}" for name, text in (("out", self.out), ("err", self.err)) if text.strip()
        ]
        return "\n".join(parts)


def twice(*words: str) -> list[Step]:
    """A command that shows something: as a screen and as JSON."""
    return [Step(words), Step((*words, "--json"))]


def dry_then_done(*words: str) -> list[Step]:
    """A command that writes: a dry run as screen and JSON, then really."""
    return [Step(words), Step((*words, "--json")), Step((*words, "--yes"))]


NUMBERS = "52829400197,1994-02-12\n01091254321\n52829400197,1994-02-13\n50846202355\n201017238203\nnot a number\n"

STEPS = [
    Step(("--version",)),
    *twice("demo", "--dir", "demo-screen")[:1],
    Step(("demo", "--dir", "demo-json", "--json")),
    Step(("--config", "new.toml", "init")),
    Step(("--config", "new.toml", "init", "--json")),
    *dry_then_done("init", "--directory"),
    *twice("doctor"),
    *twice("judge"),
    *twice("--lang", "nb", "judge"),
    *twice("plan", "people.csv"),
    Step(("plan", "people.csv", "--exit-code", "-o", "plan.json", "--ldif", "plan.ldif")),
    Step(("apply", "plan.json")),
    Step(("apply", "plan.json", "--yes", "--json")),
    *dry_then_done("apply", "people.csv", "--only", "ref-12"),
    *dry_then_done("apply", "people-changed.csv"),
    *twice("pending"),
    *twice("pending", "--school", "hylla", "--role", "pupil", "--query-sheet", "sheet.csv"),
    *twice("services", "import", "services.csv"),
    *twice("services", "list"),
    *twice("services", "ask"),
    Step(("services", "ask", "--drafts", "drafts")),
    *twice("services", "answer", "answers.csv"),
    Step(("services", "answer", "Kart", "cannot-serve", "--source", "mail", "--on", "19.11.2026", "--json")),
    *twice("services", "matrix"),
    Step(("services", "matrix", "--html", "matrix.html", "--csv", "matrix.csv")),
    *dry_then_done("attach", "numbers.csv"),
    *dry_then_done("replace", "replace.csv"),
    *dry_then_done("withdraw", "withdraw.csv"),
    *twice("notify"),
    Step(("notify", "--drafts", "notices")),
    *twice("checklist"),
    Step(("checklist", OLENA, "--done", "Visma")),
    *dry_then_done("close", DMYTRO),
    *dry_then_done("reopen", DMYTRO),
    *dry_then_done("password", DMYTRO),
    *dry_then_done("rename", DMYTRO, "--to", "dima"),
    *dry_then_done("resolve", SELAM, "--same-as", "ref-05b"),
    Step(("resolve", SELAM, "--different", "--yes")),
    Step(("resolve", SELAM, "--second-account-of", OLENA, "--yes")),
    *twice("observe"),
    *twice("check"),
    *twice("check", "--ldif", "catalogue.ldif"),
    *twice("today"),
    *twice("history", OLENA),
    Step(("history", OLENA, "--about"), "52829400197\n"),
    *twice("journal", "verify"),
    *dry_then_done("journal", "gone"),
    *twice("journal", "begin"),
    # what goes wrong
    *twice("plan", "nobody.csv"),
    *twice("plan", "numbers.csv"),
    *twice("--config", "nothing.toml", "pending"),
    *twice("--config", "wrong-key.toml", "pending"),
    *twice("check", "--only", "P-NOTHING"),
    *twice("close", "nobody@skotthyll.kommune.no"),
    *twice("resolve", SELAM),
    *twice("pending", "--role", "king"),
    *twice("attach", "numbers.csv", "--evidence", "rumour"),
    *twice("history", "nobody@skotthyll.kommune.no"),
    *twice("plan"),
    *twice("nothing"),
    Step(("--help",)),
    *[Step((*words, "--help")) for words in (
        ("demo",), ("init",), ("setup",), ("doctor",), ("plan",), ("apply",), ("pending",), ("resolve",), ("history",),
        ("attach",), ("replace",), ("withdraw",), ("observe",), ("checklist",), ("check",), ("close",), ("reopen",),
        ("password",), ("rename",), ("judge",), ("notify",), ("today",), ("services",), ("services", "list"),
        ("services", "ask"), ("services", "answer"), ("services", "import"), ("services", "matrix"), ("journal",),
        ("journal", "verify"), ("journal", "gone"), ("journal", "begin"),
    )],
]  # fmt: skip

AFTERWARDS = [
    *twice("pending"),
    *twice("services", "list"),
    *twice("notify"),
    *twice("checklist"),
    *twice("today"),
    *twice("check"),
    *twice("history", OLENA),
    *twice("history", f"dima@{REALM}"),
    Step(("history", OLENA, "--about"), "52829400197\n"),
    *twice("journal", "verify"),
    *twice("password", f"dima@{REALM}", "--yes"),
]
"""What is asked of a journal that an earlier version wrote."""

_UNLIKE = (
    (re.compile(r"2026-11-20(T09|[ ]10):30:\d\d(\.\d+)?(\+0[01]:00|Z)?"), "<moment>"),
    (re.compile(r"in \d+\.\d s"), "in <time>"),
    (re.compile(r"(?<=feideprov )\d+\.\d+\.\d+"), "<version>"),
    (re.compile(r"\bu[b-df-hj-np-tv-xz]{7}\b"), "<name that says nothing>"),
    (re.compile(r"\b[a-z]{26}\b"), "<id>"),
    (re.compile(rf"\s+{re.escape(FOLDER)}\b"), " docs"),  # perhaps long, and then in a line of its own
)


def alike(text: str) -> str:
    """The text without what is different at every run."""
    text = text.replace(str(Path.cwd()), "<folder>")
    for pattern, word in _UNLIKE:
        text = pattern.sub(word, text)
    return "\n".join(line.rstrip() for line in text.splitlines())


@contextlib.contextmanager
def stage(files: Path, folder: Path) -> Iterator[None]:
    """The place of the story: a folder with these files, on its day, for its user."""
    shutil.copytree(files, folder, dirs_exist_ok=True)
    for secret in ("feideprov.key", "feideprov.db", "passwords.csv"):
        if (folder / secret).exists():
            (folder / secret).chmod(0o600)
    quiet = {name: value for name, value in os.environ.items() if not name.upper().startswith("FEIDEPROV_")}
    quiet |= {"LOGNAME": "kari", "COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}
    before = Path.cwd()
    os.chdir(folder)
    try:
        with mock.patch.dict(os.environ, quiet, clear=True), time_machine.travel(DAY, tick=False):
            yield
    finally:
        os.chdir(before)


def say(step: Step) -> Said:
    """Carry out one step of the story."""
    out, err = io.StringIO(), io.StringIO()
    stdin = (step.stdin or (NUMBERS if "judge" in step.words else "")).encode()
    with (
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = run(step.words)
    return Said(step, code, alike(out.getvalue()), alike(err.getvalue()))


def tell(folder: Path) -> list[Said]:
    """The whole story, from the beginning."""
    with stage(HERE / "story", folder):
        return [say(step) for step in STEPS]


def transcript(told: list[Said]) -> str:
    """What was said, section by section."""
    return "\n\n".join(one.section for one in told) + "\n"
