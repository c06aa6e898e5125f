"""A night from its beginning to its end: the steps, what is new, the mail, and the sign of life."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from feideprov.errors import ConfigurationError, DirectoryError, FeideProvError, InputError, JournalError
from feideprov.journal.journal import Journal
from feideprov.mail import mail_address
from feideprov.messages import NOTHING, Language, Sentence
from feideprov.nightly.alive import SignOfLife
from feideprov.nightly.kept import Nights
from feideprov.nightly.matter import Matter, compared, to_be_kept
from feideprov.nightly.night import Night, Step
from feideprov.nightly.past import PLACE, matters_of_nights, since_told
from feideprov.nightly.steps import MAIL, Steps, Worker
from feideprov.nightly.summary import mail
from feideprov.services.outbox.smtp import Smtp


class NightRun:
    """One run of `nightly`. `on` is the day that counts as today; `clock` gives the moment.

    Raises ConfigurationError for settings of `[nightly]` that cannot be used, InputError when `to` is no mail address.
    """

    def __init__(
        self,
        worker: Worker,
        journal: Journal,
        sources: Sequence[tuple[str, Path]],
        *,
        on: date,
        to: str | None,
        language: Language,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = worker.settings
        self._journal = journal
        self._nights = Nights(journal)
        self._steps = Steps(worker, sources, journal.key.of_told)
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
        when it must not be written.
        """
        with self._journal.run():
            began = self._nights.begin(self._clock())
            past = since_told(night for night in self._nights.all() if night.began < began)
            found = list(matters_of_nights(past, began, self._settings.nightly.every_days, self._journal.key.of_told))
            steps, places = self._taken(found)
            new = compared(found, self._nights.told())
            night = Night(self._on, self._settings.organization.name, tuple(steps), new.new, new.remaining)
            night, told = self._told(night)
            marks = to_be_kept(found, (PLACE, *places)) if told else None
            self._nights.end(began, self._clock(), night.exit_code, marks)
        return replace(night, alive=self._sign.give() if not night.failed else NOTHING)

    def _taken(self, found: list[Matter]) -> tuple[list[Step], list[str]]:
        """The steps, one after the other, and the places where they looked. What they have found is added to
        `found`."""
        steps, places = list[Step](), list[str]()
        for name, take in self._steps:
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
        return steps, places

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
