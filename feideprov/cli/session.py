"""What all commands share: the configuration, the language, and how results are shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

import typer

from feideprov.client.client import Client
from feideprov.directory.dn import DN
from feideprov.errors import scrub
from feideprov.issues import Refusal
from feideprov.numbers import SENTENCES, Verdict

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output.")]
Yes = Annotated[
    bool, typer.Option("--yes", help="Really do it. Without this, the plan is shown and nothing is written.")
]
AllowChanges = Annotated[
    int | None, typer.Option("--allow-changes", metavar="N", help="Let the plan change up to N users.")
]
DEFAULT_CONFIG = Path("feideprov.toml")


@dataclass(frozen=True)
class Session:
    """One call of the program."""

    config: Path
    lang: Literal["en", "nb", "nn"]

    def client(self) -> Client:
        """The client for the configuration."""
        return Client.open(self.config)

    def say(self, code: str, sentence: str) -> str:
        """A sentence in the chosen language: so far those about numbers have been translated."""
        return str(getattr(SENTENCES[code], self.lang)) if code in SENTENCES else sentence

    def verdict(self, verdict: Verdict) -> str:
        return verdict.say(self.lang)


class Shown(Protocol):
    """What is shown of a change: one that is planned or done here, or one by another hand."""

    @property
    def kind(self) -> str: ...

    @property
    def feide_name(self) -> str: ...

    @property
    def dn(self) -> DN: ...

    @property
    def sentence(self) -> str: ...


@dataclass
class Report:
    """The result of a command: one JSON object, or lines for a person. `planned`: it is about changes."""

    command: str
    session: Session
    counts: dict[str, int] = field(default_factory=dict)
    changes: Sequence[Shown] = ()
    refusals: Sequence[Refusal] = ()
    failures: Sequence[Refusal] = ()
    more: dict[str, Any] = field(default_factory=dict)
    planned: bool = False
    took: float | None = None
    """Seconds, of a run that wrote."""

    def show(self, *, as_json: bool, code: int, lines: Sequence[str] = (), headline: str = "") -> None:
        """Print the result and end the command with the exit code."""
        if as_json:
            typer.echo(json.dumps(self._object(code), ensure_ascii=False, indent=2))
        else:
            for line in self._lines(headline):
                typer.echo(line)
            for line in lines:
                typer.echo(line)
        raise typer.Exit(code)

    def _object(self, code: int) -> dict[str, Any]:
        found: dict[str, Any] = {"command": self.command, "ok": code == 0, "counts": self.counts}
        if self.planned:
            found["changes"] = [
                {"kind": c.kind, "user": c.feide_name or None, "dn": scrub(str(c.dn)), "sentence": c.sentence}
                for c in self.changes
            ]
            found["refusals"] = [
                {
                    "source": r.origin.file if r.origin else None,
                    "row": r.origin.row if r.origin else None,
                    "code": r.code,
                    "sentence": self.session.say(r.code, r.sentence),
                    "held": r.held,
                    "user": r.user,
                }
                for r in (*self.refusals, *self.failures)
            ]
        return found | self.more

    def _lines(self, headline: str) -> list[str]:
        lines = [headline] if headline else []
        lines += [f"  {change.sentence}" for change in self.changes]
        for title, some in (
            ("Refused", [r for r in self.refusals if not r.held]),
            ("Held, for a person to decide", [r for r in self.refusals if r.held]),
            ("Failed", list(self.failures)),
        ):
            if some:
                lines += ["", f"{title}:"]
                lines += [f"  {_where(r)}{self.session.say(r.code, r.sentence)} [{r.code}]" for r in some]
        if self.planned or self.command == "demo":
            counted = ", ".join(f"{count} {name}" for name, count in self.counts.items() if count)
            time = f", in {self.took:.1f} s" if self.took is not None and self.changes else ""
            lines += ["", (counted or "nothing to do") + time + "."]
        return lines


def _where(refusal: Refusal) -> str:
    row = f"{refusal.origin.file} row {refusal.origin.row}" if refusal.origin else ""
    place = ", ".join(filter(None, (row, refusal.user)))
    return f"{place}: " if place else ""


def exit_code(counts: dict[str, int]) -> int:
    """0 all done; 1 something was refused or held; 3 something failed."""
    if counts.get("failed"):
        return 3
    return 1 if counts.get("refused") or counts.get("held") else 0
