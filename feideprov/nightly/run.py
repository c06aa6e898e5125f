"""A night from its beginning to its end: the steps, what is new, the mail, and the sign of life."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from feideprov.errors import ConfigurationError, DirectoryError, FeideProvError, InputError, JournalError
from feideprov.journal.journal import Journal
from feideprov.mail import mail_address
from feideprov.messages import NOTHING, Language, Sentence
from feideprov.nightly.alive import SignOfLife
from feideprov.nightly.kept import Nights
from feideprov.nightly.matter import Matter, compared, to_be_kept
from feideprov.nightly.night import Night, Step
from feideprov.nightly.past import PLACE, matters_of_nights, since_told
from feideprov.nightly.steps import JOURNAL, MAIL, RUN, NamedStep, Steps, Worker
from feideprov.nightly.summary import mail
from feideprov.services.outbox.smtp import Smtp

_UNEXPECTED: Final = Sentence(
    "Something unexpected happened, and nothing more was done. What the run printed has a line to report."
)


class NightRun:
    """One run of `nightly`. `open_journal` gives the journal, or raises why it cannot be used; `on` is the day that
    counts as today; `clock` gives the moment.

    Raises ConfigurationError for settings of `[nightly]` that cannot be used, InputError when `to` is no mail address.
    """

    def __init__(
        self,
        worker: Worker,
        open_journal: Callable[[], Journal],
        sources: Sequence[tuple[str, Path]],
        *,
        on: date,
        to: str | None,
        language: Language,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = worker.settings
        self._worker = worker
        self._open_journal = open_journal
        self._sources = sources
        self._on = on
        self._to = mail_address(to) if to is not None else None
        self._language = language
        self._clock = clock
        self._sign = SignOfLife(self._settings)
        if self._to is not None and not self._settings.smtp.host:
            raise ConfigurationError(
                Sentence("--mail needs a mail server. Write its name to [smtp] host, or leave out --mail.")
            )

    def run(self) -> Night:
        """The night. No other run of this tool writes at the same time, so a night without an end was interrupted.

        A step that is stopped stops no other one, unless the directory or the journal cannot be used: then nothing more
        is done. Raises JournalError when the journal cannot be used at the beginning or in the end, ConfigurationError
        when it must not be written. These, and an error that nobody expects, are told by mail too before they are
        raised: the mail may be all that a person looks at.
        """
        steps = list[Step]()
        try:
            night = self._night(self._open_journal(), steps)
        except FeideProvError as error:
            self._told(self._of(steps, Step.stopped(JOURNAL, error)))
            raise
        except BaseException as error:
            if isinstance(error, Exception):
                self._told(self._of(steps, Step(RUN, _UNEXPECTED, exit_code=3)))
            raise
        return replace(night, alive=self._sign.give() if not night.failed else NOTHING)

    def _night(self, journal: Journal, steps: list[Step]) -> Night:
        """The night, as far as the journal keeps it. Its steps are added to `steps`."""
        nights = Nights(journal)
        with journal.run():
            mark = journal.key.of_told
            began = nights.begin(self._clock())
            past = since_told(night for night in nights.all() if night.began < began)
            found = list(matters_of_nights(past, began, self._settings.nightly.every_days, mark))
            places = self._taken(Steps(self._worker, self._sources, mark), steps, found)
            new = compared(found, nights.told())
            night, told = self._told(replace(self._of(steps), new=new.new, remaining=new.remaining))
            marks = to_be_kept(found, (PLACE, *places)) if told else None
            nights.end(began, self._clock(), night.exit_code, marks)
        return night

    def _of(self, steps: Sequence[Step], *more: Step) -> Night:
        return Night(self._on, self._settings.organization.name, (*steps, *more))

    def _taken(self, named_steps: Iterable[NamedStep], steps: list[Step], found: list[Matter]) -> list[str]:
        """Take the steps, one after the other, and add them to `steps`, and what they have found to `found`. Returns
        the places where they looked."""
        places = list[str]()
        for name, take in named_steps:
            try:
                done = take()
            except (ConfigurationError, InputError) as error:
                steps.append(Step.stopped(name, error))
                continue
            except (DirectoryError, JournalError) as error:
                steps.append(Step.stopped(name, error))
                break
            if done.step is not None:
                steps.append(done.step)
            if done.place:
                places.append(done.place)
            found += done.matters
        return places

    def _told(self, night: Night) -> tuple[Night, bool]:
        """The night after its mail was sent, and whether a person is told what is new. A night with nothing to tell
        sends no mail. Without a mail, the caller tells."""
        if self._to is None or not night.exit_code:
            return night, True
        try:
            with Smtp(self._settings) as server:
                server.send(mail(night, self._settings, self._to, self._language), at=self._clock())
        except FeideProvError as error:
            return replace(night, steps=(*night.steps, Step.stopped(MAIL, error))), False
        sent = Step(MAIL, Sentence("Sent to {address}.", address=self._to))
        return replace(night, steps=(*night.steps, sent), mailed=True), True
