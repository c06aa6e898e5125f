"""What each step of a night has found that a person must know or do, without the name of anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from feideprov.check.catalogue import CATALOGUE
from feideprov.check.finding import Finding
from feideprov.issues import REGISTERED, Refusal
from feideprov.messages import NOTHING, Sentence
from feideprov.nightly.matter import Matter
from feideprov.numbers import SENTENCES
from feideprov.services.task import Task

Mark = Callable[..., str]
"""Makes the mark of something, which is the same each night (`MarkKey.of_told`)."""
_T = TypeVar("_T", Refusal, Finding)
CHECK: Final = "check"
TODAY: Final = "today"


def matters_of_rows(source: str, refusals: Iterable[Refusal], command: str, mark: Mark) -> Iterator[Matter]:
    """The rows of a source's file that were held or refused, by code. A row is the same one while its person is: by the
    source id, or else the user, the name, or, of rows that say nobody, by how many they are."""
    place = f"source {source}"
    found: dict[tuple[bool, str], set[str]] = {}
    for refusal, who in _told_apart(refusals, lambda one: one.source_id or one.user or one.name):
        found.setdefault((refusal.held, refusal.code), set()).add(mark(place, refusal.code, who))
    for (held, code), marks in found.items():
        yield Matter(place, code, frozenset(marks), _of_rows(source, code, held=held), command)


def matters_of_findings(findings: Iterable[Finding], command_for: Callable[[str], str], mark: Mark) -> Iterator[Matter]:
    """The findings of `check` that are not known and accepted, by code."""
    found: dict[str, set[str]] = {}
    unexpected = (one for one in findings if not one.expected)
    for finding, who in _told_apart(unexpected, lambda one: one.user or one.dn or ""):
        found.setdefault(finding.code, set()).add(mark(CHECK, finding.code, who))
    for code, marks in found.items():
        yield Matter(CHECK, code, frozenset(marks), _of_findings(code), command_for(code))


def matters_of_tasks(tasks: Iterable[Task], leave_out: Collection[str], mark: Mark) -> Iterator[Matter]:
    """The tasks of `today`, without those whose command is one of `leave_out`: their rows are told otherwise."""
    for task in tasks:
        if task.command in leave_out:
            continue
        about = task.about or range(task.count)  # where only the count is known, one more is new
        listed = task.command if task.kind == "held" else ""
        marks = frozenset(mark(TODAY, task.kind, listed, str(one)) for one in about)
        yield Matter(TODAY, task.kind, marks, _of_task(task), task.command)


def _told_apart(things: Iterable[_T], who: Callable[[_T], str]) -> Iterator[tuple[_T, str]]:
    """Each with whom it is about; if there are several with one code about the same, also which of them it is."""
    seen = Counter[tuple[str, str]]()
    for thing in things:
        key = thing.code, who(thing)
        seen[key] += 1
        yield thing, key[1] if seen[key] == 1 else f"{key[1]} {seen[key]}"


def _of_rows(source: str, code: str, *, held: bool) -> Callable[[int], Sentence]:
    meaning = REGISTERED[code].meaning if code in REGISTERED else SENTENCES.get(code, NOTHING)

    def said(count: int) -> Sentence:
        if held:
            rows = Sentence(
                "{count} row of {source} is held for a person to decide",
                plural="{count} rows of {source} are held for a person to decide",
                count=count,
                source=source,
            )
        else:
            rows = Sentence(
                "{count} row of {source} is refused",
                plural="{count} rows of {source} are refused",
                count=count,
                source=source,
            )
        return Sentence("{what} ({code}). {meaning}", what=rows, code=code, meaning=meaning)

    return said


def _of_findings(code: str) -> Callable[[int], Sentence]:
    meaning = next((rule.sentence for rule in CATALOGUE if rule.code == code), NOTHING)

    def said(count: int) -> Sentence:
        found = Sentence("{count} finding", plural="{count} findings", count=count)
        return Sentence("{what} ({code}). {meaning}", what=found, code=code, meaning=meaning)

    return said


def _of_task(task: Task) -> Callable[[int], Sentence]:
    return lambda count: task.sentence if count == task.count else replace(task, count=count, days=None).sentence
