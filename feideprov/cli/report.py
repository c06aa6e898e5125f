"""The result of a command: one JSON object, or lines for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import typer

from feideprov.cli.call import Tone, call_in_force
from feideprov.cli.language import said
from feideprov.cli.screen import Toned, json_text, next_lines, remark, say
from feideprov.cli.session import Session
from feideprov.cli.streams import why_not_shown
from feideprov.errors import InputError, scrub, scrub_path
from feideprov.found import NOBODY
from feideprov.issues import Refusal
from feideprov.messages import Sentence, joined
from feideprov.system_errors import reason_of
from feideprov.text import shown

if TYPE_CHECKING:
    from feideprov.directory.dn import DN

_COUNTED: Final = {
    "created": Sentence("created"),
    "updated": Sentence("updated"),
    "unchanged": Sentence("unchanged"),
    "refused": Sentence("refused"),
    "held": Sentence("held"),
    "failed": Sentence("failed"),
    "attached": Sentence("attached"),
    "replaced": Sentence("replaced"),
    "withdrawn": Sentence("withdrawn"),
    "closed": Sentence("closed"),
    "reopened": Sentence("reopened"),
    "renewed": Sentence("renewed"),
    "renamed": Sentence("renamed"),
    "linked": Sentence("linked"),
    "released": Sentence("released"),
    "resolved": Sentence("resolved"),
    "marked": Sentence("marked"),
    "removed": Sentence("no longer marked"),
    "open": Sentence("without an answer"),
    "arrived": Sentence("number arrived", plural="numbers arrived", count=2),
    "changed": Sentence("number changed", plural="numbers changed", count=2),
    "gone": Sentence("number gone", plural="numbers gone", count=2),
    "organizations": Sentence("organization", plural="organizations", count=2),
}
"""What is counted; other names are shown as they are."""

_WOULD_BE: Final = {
    "created": Sentence("would be created"),
    "updated": Sentence("would be updated"),
    "closed": Sentence("would be closed"),
    "reopened": Sentence("would be reopened"),
    "renewed": Sentence("would be renewed"),
    "renamed": Sentence("would be renamed"),
    "linked": Sentence("would be linked"),
    "released": Sentence("would be released"),
    "resolved": Sentence("would be resolved"),
    "marked": Sentence("would be marked"),
    "removed": Sentence("would no longer be marked"),
}
"""The same in a dry run. Rows of lists are counted by `row_counts`."""

_NO_CHANGES: Final = Sentence("No changes.")


class ShownChange(Protocol):
    """What is shown of a change: planned, done, or found in the directory."""

    @property
    def kind(self) -> str: ...

    @property
    def feide_name(self) -> str: ...

    @property
    def dn(self) -> DN: ...

    @property
    def sentence(self) -> str: ...


def _sentences(changes: Sequence[Any]) -> Iterator[str]:
    return (Sentence("  {line}", line=change.sentence) for change in changes)


def _nothing(_: Any) -> dict[str, Any]:
    return {}


@dataclass
class Report:
    """The result of a command. `planned`: the command is about changes."""

    command: str
    session: Session
    counts: dict[str, int] = field(default_factory=dict)
    changes: Sequence[ShownChange] = ()
    refusals: Sequence[Refusal] = ()
    failures: Sequence[Refusal] = ()
    more: dict[str, Any] = field(default_factory=dict)
    planned: bool = False
    dry: bool = False
    """Nothing was written: it is said what would be."""
    rows: dict[str, int] = field(default_factory=dict)
    """What becomes of each row of the list (`row_counts`), where there is a list."""
    with_user: frozenset[int] = frozenset()
    """The rows of the list whose person is a user, or becomes one: what is refused in them leaves out a part."""
    seconds: float | None = None
    """How long a run took that wrote."""
    users: int | None = None
    """How many users the command looked at, if it looks at users."""
    nothing: Sentence = _NO_CHANGES
    """What is said where there is nothing to count."""
    numbers: dict[str, int] = field(default_factory=dict)
    """Where a list has people: how many numbers of users arrive (`attached`) or change (`replaced`)."""
    lines_of: Callable[[Sequence[Any]], Iterable[str]] = _sentences
    """What a person reads of the changes."""
    apart: Mapping[str, Sentence] = field(default_factory=dict)
    """The codes of refusals that are told apart, and the title of each."""
    done: bool = False
    """Something was done, and not only shown. Where `more` has `dry`, that says so."""
    control: bool = False
    """The command looks whether something is wrong: with `--quiet` it says nothing when nothing is."""
    next: Sequence[str] = ()
    """The words of the next command, after `feideprov`, where there is something to do next."""
    details_of: Callable[[Any], dict[str, Any]] = _nothing
    """What `--json` says of a change beside user, DN and sentence."""

    def show(self, *, as_json: bool, code: int, lines: Sequence[str | Toned] = (), headline: str = "") -> None:
        """Print the result and end the command with the exit code, which is not 0 if a file could not be saved."""
        code = code or int("error" in self.more)
        if as_json:
            typer.echo(json_text(self._object(code), indent=2))
        elif code or not (call_in_force().quiet and (self._wrote or self.control)):
            shown = [*self._lines(headline), *lines]
            for line in (*shown, *next_lines(self.next, apart=bool(shown))):
                say(line)
        if self._wrote and (reason := why_not_shown()):
            sentence = Sentence(
                "Standard output cannot be written: {reason}. The command has ended all the same; its exit code "
                "({code}) says what was done.",
                reason=reason,
                code=code,
            )
            warn([sentence], Tone.STOPS)
        raise typer.Exit(code)

    @property
    def _wrote(self) -> bool:
        return self.done or self.more.get("dry") is False

    @contextmanager
    def saving(self) -> Iterator[None]:
        """A file is saved. When it cannot be, that ends the command, unless something was done: then it is only said,
        because exit code 2 means that nothing was written."""
        try:
            yield
        except InputError as error:
            if not self._wrote:
                raise
            sentence = Sentence("{reason} What the command did is done.", reason=error.sentence)
            self.more["error"] = sentence
            warn([sentence], Tone.STOPS)

    def _object(self, code: int) -> dict[str, Any]:
        found: dict[str, Any] = {
            "command": self.command,
            "ok": code == 0,
            "language": self.session.lang,
            "counts": self.counts,
        }
        if self.users is not None:
            found["counts"] = self.counts | {"users": self.users}
        if self.planned:
            say = self.session.text
            found["changes"] = [
                {"kind": c.kind, "user": c.feide_name or None, "dn": scrub(str(c.dn)), "sentence": say(c.sentence)}
                | self.details_of(c)
                for c in self.changes
            ]
            found["refusals"] = [refusal_as_object(r, self.session) for r in (*self.refusals, *self.failures)]
        found |= self.more | ({"rows": self.rows} if self.rows else {})
        return found | ({"numbers": self.numbers} if self.numbers else {})

    def _lines(self, headline: str) -> list[str | Toned]:
        lines: list[str | Toned] = [headline] if headline else []
        lines += self.lines_of(self.changes)
        refusals = [r for r in self.refusals if r.code not in self.apart]
        in_part = [r for r in refusals if r.origin and r.origin.row in self.with_user]
        whole = [r for r in refusals if r not in in_part] if in_part else refusals
        for title, tone, some in (
            *((title, Tone.WAITS, [r for r in self.refusals if r.code == code]) for code, title in self.apart.items()),
            (Sentence("Used only in part:"), Tone.WAITS, in_part),
            (Sentence("Refused:"), Tone.STOPS, [r for r in whole if not r.held]),
            (Sentence("Held (a person must decide):"), Tone.WAITS, [r for r in whole if r.held]),
            (Sentence("Failed:"), Tone.STOPS, list(self.failures)),
        ):
            if some:
                told = (Sentence("  {line}", line=refusal_line(r, self.session)) for r in some)
                lines += ["", *(Toned(line, tone) for line in (title, *told))]
        if self.planned or self.command == "demo":
            seconds = self.seconds if self.changes else None
            lines += ["", *filter(None, self._sums(seconds))]
        if self.users is not None:
            lines.append(_looked_at(self.users))
        return lines

    def _sums(self, seconds: float | None) -> Iterable[str]:
        if self.rows:
            from feideprov.cli.row_counts import row_lines

            return row_lines(self.rows, dry=self.dry, seconds=seconds, numbers=self.numbers)
        if not any(self.counts.values()):
            return [self.nothing]
        return [counted(self.counts, seconds=seconds, dry=self.dry)]


def counted(counts: dict[str, int], *, seconds: float | None = None, dry: bool = False) -> Sentence:
    """Counts in a line: “3 created, 1 refused, in 0.2 s.” In a dry run: “3 would be created, 1 refused.”"""
    words = _COUNTED | _WOULD_BE if dry else _COUNTED
    parts = [
        Sentence("{number} {what}", number=count, what=words[name].with_values(count=count) if name in words else name)
        for name, count in counts.items()
        if count
    ]
    found = joined(parts, ", ")
    if seconds is None:
        return Sentence("{counts}.", counts=found)
    return Sentence("{counts}, in {seconds:.1f} s.", counts=found, seconds=seconds)


def refusal_as_object(refusal: Refusal, session: Session) -> dict[str, Any]:
    """A refusal as `--json` shows it."""
    return {
        "source": refusal.origin.file if refusal.origin else None,
        "row": refusal.origin.row if refusal.origin else None,
        "code": refusal.code,
        "sentence": session.text(refusal.sentence),
        "held": refusal.held,
        "user": refusal.user,
        "name": refusal.name or None,
    }


def refusal_line(refusal: Refusal, session: Session) -> Sentence:
    """A refusal in one line: where it was read, whom it is about, why, and the code."""
    said = Sentence("{sentence} [{code}]", sentence=session.text(refusal.sentence), code=refusal.code)
    places: list[str] = []
    if refusal.origin:
        places.append(refusal.origin.in_file)
    if refusal.name:
        places.append(shown(refusal.name))
    if refusal.user:
        places.append(refusal.user)
    return Sentence("{place}: {said}", place=joined(places, ", "), said=said) if places else said


def _looked_at(users: int) -> Sentence:
    """How many users a command looked at."""
    if users:
        return Sentence("Looked at {count} user.", plural="Looked at {count} users.", count=users)
    return NOBODY


def warn(sentences: Iterable[str], tone: Tone | None = None) -> None:
    """Print sentences on standard error; with `--quiet` only if they are about something that stops, or the exit code
    is not 0."""
    for sentence in sentences:
        remark(Toned(sentence, tone))


_ZIP: Final = b"PK"
"""What a file begins with that is XLSX."""


def is_xlsx(path: Path) -> bool:
    """Whether a sheet is to be written as XLSX: the end of its name says so. Otherwise it is CSV."""
    return path.suffix.lower() == ".xlsx"


def save(path: Path, content: bytes) -> None:
    """Write a file that the command line names. Raises InputError when it cannot be written, or is named as XLSX and is
    not."""
    from feideprov import files

    if is_xlsx(path) and not content.startswith(_ZIP):
        raise InputError(
            Sentence(
                "What is saved in {path} is not XLSX. Give the file another ending, such as .csv.",
                path=scrub_path(path),
            )
        )
    try:
        files.replace(path, content)
    except OSError as error:
        raise InputError(
            Sentence("{path} cannot be written: {reason}.", path=scrub_path(path), reason=reason_of(error))
        ) from None


def create(path: Path, content: bytes) -> None:
    """Write a new file that the command line names. Raises InputError when it exists already, or cannot be written."""
    from feideprov import files

    try:
        files.create(path, content)
    except FileExistsError:
        sentence = Sentence("{path} exists already. Give another name, or delete it first.", path=scrub_path(path))
    except OSError as error:
        sentence = Sentence("{path} cannot be written: {reason}.", path=scrub_path(path), reason=reason_of(error))
    else:
        return
    raise InputError(sentence)


def save_rows(path: Path | None, columns: Sequence[str], objects: Iterable[Mapping[str, Any]]) -> None:
    """Write what `--json` shows to the CSV file of `--csv`, if it was given: these columns, a row for each object.

    The headings, the codes and `yes` and `no` are those of JSON in every language, because programs read them."""
    if path is None:
        return
    from feideprov.sheets import csv_sheet

    save(path, csv_sheet(columns, ([_cell(one[name]) for name in columns] for one in objects)))


def _cell(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if isinstance(value, Mapping):
        return " ".join(map(_cell, value.values())).strip()
    if isinstance(value, list | tuple):
        return " | ".join(map(_cell, value))
    return said(value) if isinstance(value, str) else str(value)


def exit_code(counts: dict[str, int]) -> int:
    """0 all done; 1 something was refused or held; 3 something failed."""
    if counts.get("failed"):
        return 3
    return 1 if counts.get("refused") or counts.get("held") else 0
