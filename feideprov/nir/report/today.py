"""What there is to register today, as one screen and one mail: each line with its next command.

The lines only count; the commands show whom they are about. So the mail holds no personal data.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from feideprov.messages import Language, Sentence, Template, filled
from feideprov.nir.report.page_words import PHRASES
from feideprov.nir.report.worklist import Worklist
from feideprov.pages.days import day_in_words

_SHEET: Final = ("worklist", "--sheet", "nir.csv")
_COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "overdue": ("worklist", "--overdue"),
    "settlement": ("worklist",),
    "soon": ("worklist",),
    "missing": ("worklist",),
    "forbidden": ("worklist",),
    "question": ("worklist",),
    "blocked": ("worklist",),
    "not_known": ("worklist",),
    "not_seen": _SHEET,
    "number": _SHEET,
    "without_reason": ("worklist", "--html", "nir.html"),
}
"""What is counted, in the order in which it is told, and the command that shows more."""
_SAID: Final[Mapping[str, Template]] = {
    "overdue": Template("{count} line is overdue.", "{count} lines are overdue."),
    "settlement": Template(
        "{count} person has arrived, and has no settlement day.",
        "{count} people have arrived, and have no settlement day.",
    ),
    "soon": Template("{count} line is due in 14 days.", "{count} lines are due in 14 days."),
    "missing": Template("{count} field is missing.", "{count} fields are missing."),
    "forbidden": Template("{count} field must not be registered.", "{count} fields must not be registered."),
    "question": Template("{count} question is open.", "{count} questions are open."),
    "blocked": Template("{count} field must wait for another.", "{count} fields must wait for another."),
    "not_known": Template(
        "For {count} record it is not known which law applies.",
        "For {count} records it is not known which law applies.",
    ),
    "not_seen": Template(
        "{count} record has fields that nobody has seen in NIR yet.",
        "{count} records have fields that nobody has seen in NIR yet.",
    ),
    "number": Template(
        "{count} person has a new number: check that NIR shows it.",
        "{count} people have a new number: check that NIR shows it.",
    ),
    "without_reason": Template(
        "{count} person ended the programme without a reason.", "{count} people ended the programme without a reason."
    ),
}
_SUBJECT: Final = Template("{organization}, NIR on {day}: {what}")
_NOTHING: Final = Sentence("nothing to do")
_SO_MUCH: Final = Template("{count} to do")
_NOTHING_TODAY: Final = Sentence("Nothing to do today.")


@dataclass(frozen=True)
class NirTask:
    """One thing to do: `kind` is that of `Worklist.counts`. `command` works from any folder."""

    kind: str
    count: int
    command: str

    def text(self, language: Language) -> str:
        """What there is to do, without the command."""
        return _SAID[self.kind].filled(count=self.count).in_language(language)


@dataclass(frozen=True)
class NirToday:
    """What there is to register on a day."""

    worklist: Worklist
    tasks: tuple[NirTask, ...]

    @property
    def on(self) -> date:
        """The day."""
        return self.worklist.on

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        return self.worklist.counts

    def subject(self, language: Language) -> str:
        """The subject of the mail, and the heading of the screen."""
        subject = _SUBJECT.filled(
            organization=self.worklist.organization,
            day=day_in_words(self.on, language),
            what=_SO_MUCH.filled(count=len(self.tasks)) if self.tasks else _NOTHING,
        )
        return subject.in_language(language)

    def body(self, language: Language) -> str:
        """The text below it; it ends with a line break."""
        return "\n".join((*self._lines(language), ""))

    def _lines(self, language: Language) -> Iterator[str]:
        for task in self.tasks:
            yield from (task.text(language), f"    {task.command}", "")
        if not self.tasks:
            yield from (_NOTHING_TODAY.in_language(language), "")
        for end in self.worklist.year_ends:
            day = day_in_words(end.last_day, language)
            yield filled(PHRASES["year_end.day"], year=end.year, day=day).in_language(language)
            if end.computed:
                yield filled(PHRASES["year_end.computed"]).in_language(language)
            yield ""
        for note in self.worklist.notes:
            yield from (note.in_language(language), "")


def nir_today(worklist: Worklist, config: str | None) -> NirToday:
    """What there is to do, by a worklist. `config` is the path of the configuration, for the commands."""
    counts = worklist.counts
    before = ["feideprov", *(["--config", config] if config else []), "nir"]
    tasks = (
        NirTask(kind, counts[kind], shlex.join([*before, *words])) for kind, words in _COMMANDS.items() if counts[kind]
    )
    return NirToday(worklist, tuple(tasks))
