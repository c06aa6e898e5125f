"""What there is to register today, as one screen and one mail: each line with its next command.

The lines only count; the commands show whom they are about. So the mail holds no personal data.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from feideprov.forms.words import Language, Words
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
_SAID: Final[Mapping[str, tuple[Words, Words]]] = {
    "overdue": (
        Words("{n} line is overdue.", "{n} linje er over fristen.", "{n} linje er over fristen."),
        Words("{n} lines are overdue.", "{n} linjer er over fristen.", "{n} linjer er over fristen."),
    ),
    "settlement": (
        Words(
            "{n} person has arrived, and has no settlement day.",
            "{n} person er kommet, og har ingen bosettingsdato.",
            "{n} person er komen, og har ingen busetjingsdato.",
        ),
        Words(
            "{n} people have arrived, and have no settlement day.",
            "{n} personer er kommet, og har ingen bosettingsdato.",
            "{n} personar er komne, og har ingen busetjingsdato.",
        ),
    ),
    "soon": (
        Words(
            "{n} line is due in 14 days.", "{n} linje har frist innen 14 dager.", "{n} linje har frist innan 14 dagar."
        ),
        Words(
            "{n} lines are due in 14 days.",
            "{n} linjer har frist innen 14 dager.",
            "{n} linjer har frist innan 14 dagar.",
        ),
    ),
    "missing": (
        Words("{n} field is missing.", "{n} felt mangler.", "{n} felt manglar."),
        Words("{n} fields are missing.", "{n} felt mangler.", "{n} felt manglar."),
    ),
    "forbidden": (
        Words(
            "{n} field must not be registered.", "{n} felt skal ikke registreres.", "{n} felt skal ikkje registrerast."
        ),
        Words(
            "{n} fields must not be registered.", "{n} felt skal ikke registreres.", "{n} felt skal ikkje registrerast."
        ),
    ),
    "question": (
        Words("{n} question is open.", "{n} spørsmål er åpent.", "{n} spørsmål er ope."),
        Words("{n} questions are open.", "{n} spørsmål er åpne.", "{n} spørsmål er opne."),
    ),
    "blocked": (
        Words("{n} field must wait for another.", "{n} felt må vente på et annet.", "{n} felt må vente på eit anna."),
        Words("{n} fields must wait for another.", "{n} felt må vente på et annet.", "{n} felt må vente på eit anna."),
    ),
    "not_known": (
        Words(
            "For {n} record it is not known which law applies.",
            "For {n} post er det ikke kjent hvilken lov som gjelder.",
            "For {n} post er det ikkje kjent kva lov som gjeld.",
        ),
        Words(
            "For {n} records it is not known which law applies.",
            "For {n} poster er det ikke kjent hvilken lov som gjelder.",
            "For {n} postar er det ikkje kjent kva lov som gjeld.",
        ),
    ),
    "not_seen": (
        Words(
            "{n} record has fields that nobody has seen in NIR yet.",
            "{n} post har felt som ingen har sett i NIR ennå.",
            "{n} post har felt som ingen har sett i NIR enno.",
        ),
        Words(
            "{n} records have fields that nobody has seen in NIR yet.",
            "{n} poster har felt som ingen har sett i NIR ennå.",
            "{n} postar har felt som ingen har sett i NIR enno.",
        ),
    ),
    "number": (
        Words(
            "{n} person has a new number: check that NIR shows it.",
            "{n} person har fått nytt nummer: kontroller at NIR viser det.",
            "{n} person har fått nytt nummer: kontroller at NIR viser det.",
        ),
        Words(
            "{n} people have a new number: check that NIR shows it.",
            "{n} personer har fått nytt nummer: kontroller at NIR viser det.",
            "{n} personar har fått nytt nummer: kontroller at NIR viser det.",
        ),
    ),
    "without_reason": (
        Words(
            "{n} person ended the programme without a reason.",
            "{n} person avsluttet programmet uten årsak.",
            "{n} person avslutta programmet utan årsak.",
        ),
        Words(
            "{n} people ended the programme without a reason.",
            "{n} personer avsluttet programmet uten årsak.",
            "{n} personar avslutta programmet utan årsak.",
        ),
    ),
}
_SUBJECT: Final = Words(
    "{organization}, NIR on {day}: {what}", "{organization}, NIR {day}: {what}", "{organization}, NIR {day}: {what}"
)
_NOTHING: Final = Words("nothing to do", "ingenting å gjøre", "ingenting å gjere")
_SO_MUCH: Final = Words("{n} to do", "{n} å gjøre", "{n} å gjere")
_NOTHING_TODAY: Final = Words("Nothing to do today.", "Ingenting å gjøre i dag.", "Ingenting å gjere i dag.")


@dataclass(frozen=True)
class NirTask:
    """One thing to do: `kind` is that of `Worklist.counts`. `command` works from any folder."""

    kind: str
    count: int
    command: str

    def text(self, language: Language) -> str:
        """What there is to do, without the command."""
        return _SAID[self.kind][self.count != 1].in_language(language).format(n=self.count)


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
        so_much = _SO_MUCH.in_language(language).format(n=len(self.tasks))
        return _SUBJECT.in_language(language).format(
            organization=self.worklist.organization,
            day=day_in_words(self.on, language),
            what=so_much if self.tasks else _NOTHING.in_language(language),
        )

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
            yield PHRASES["year_end.day"].in_language(language).format(year=end.year, day=day)
            if end.computed:
                yield PHRASES["year_end.computed"].in_language(language)
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
