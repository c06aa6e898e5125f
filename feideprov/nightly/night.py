"""One night: its steps, what is new and what remains, and the exit code that says whether a person must look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from feideprov.errors import FeideProvError
from feideprov.messages import NOTHING, Sentence
from feideprov.nightly.matter import Matter


@dataclass(frozen=True)
class Step:
    """One thing that a night does, and its result. `name` is a source with its file, or what is done.

    `exit_code`: 0 when it was done, also with rows that were held or refused; 2 or 3 when it was stopped or failed.
    `written`: something was changed or sent. `notes` may name users: they are for a screen, not for a mail.
    """

    name: Sentence
    sentence: str
    exit_code: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    written: bool = False
    notes: tuple[str, ...] = ()

    @classmethod
    def stopped(cls, name: Sentence, error: FeideProvError) -> Step:
        """A step that an error stopped.

        Parameters:
            name: what it is called.
            error: what stopped it.

        Returns: the step.

        Raises: nothing.
        """
        return cls(name, error.sentence, error.exit_code)

    @property
    def line(self) -> Sentence:
        """The step in one line."""
        return Sentence("{name}: {sentence}", name=self.name, sentence=self.sentence)


@dataclass(frozen=True)
class Night:
    """A run of `nightly`. `new` is what nobody was told before, `remaining` what a person was told and must still do.

    `mailed`: it was sent by mail. `alive` says why the sign of life could not be given; empty when it was, or when none
    is configured.
    """

    on: date
    organization: str
    steps: tuple[Step, ...]
    new: tuple[Matter, ...] = ()
    remaining: tuple[Matter, ...] = ()
    mailed: bool = False
    alive: Sentence = NOTHING

    @property
    def exit_code(self) -> int:
        """0: there is nothing that nobody was told before. 1: there is. 2 or 3: a step was stopped or failed; 2 only if
        nothing was written and nothing was sent."""
        worst = max((step.exit_code for step in self.steps), default=0)
        if worst == 2 and any(step.written for step in self.steps):
            return 3
        return worst or int(bool(self.new))

    @property
    def failed(self) -> tuple[Step, ...]:
        """The steps that were stopped or failed."""
        return tuple(step for step in self.steps if step.exit_code)

    @property
    def counts(self) -> dict[str, int]:
        """How much is new, how much remains, and how many steps failed."""
        return {
            "new": sum(matter.count for matter in self.new),
            "remaining": sum(matter.count for matter in self.remaining),
            "failed": len(self.failed),
        }

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """The night for JSON.

        Parameters:
            language: `nb`, `nn` or `en`.

        Returns: `on`, `steps`, `new`, `remaining`, `mailed` and `alive`.

        Raises: nothing.
        """
        say = Sentence("{text}", text="").with_values
        return {
            "on": self.on.isoformat(),
            "steps": [
                {
                    "name": say(text=step.name).in_language(language),
                    "sentence": say(text=step.sentence).in_language(language),
                    "exit_code": step.exit_code,
                    "counts": dict(step.counts),
                }
                for step in self.steps
            ],
            **{name: [_object(one, language) for one in getattr(self, name)] for name in ("new", "remaining")},
            "mailed": self.mailed,
            "alive": self.alive.in_language(language) or None,
        }


def _object(matter: Matter, language: str) -> dict[str, Any]:
    return {
        "place": matter.place,
        "kind": matter.kind,
        "count": matter.count,
        "sentence": matter.sentence.in_language(language),
        "command": matter.command or None,
    }
