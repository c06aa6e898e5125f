"""The one object that programs use: an organization, its directory, its journal."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from feideprov.client import plans
from feideprov.client.parts import ClientParts
from feideprov.feide.person import PersonRecord
from feideprov.found import Found
from feideprov.numbers import Evidence
from feideprov.programs.arguments import checked
from feideprov.programs.calls import public
from feideprov.programs.gc_paused import gc_paused
from feideprov.provision.pending import PendingUsers
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.settings import Settings

if TYPE_CHECKING:
    from feideprov.check.finding import Finding
    from feideprov.nightly.night import Night
    from feideprov.observe.observe import Observation
    from feideprov.provision.run.writer import Progress, Stop


@public
class Client(ClientParts):
    """One host organization. Use it as a context manager.

    Parameters:
        settings: the configuration.
        directory: replaces the directory that the settings name, such as a directory layer of your own.
        journal: replaces the journal that the settings name.
        keys: the key of the journal, or a provider that fetches it, in place of the key file.
        actor: who the journal says did things; without it, the operating system's user.
        on: the day that counts as today; without it, today in Norway.
        handover: takes first passwords, in place of the hand-over file.
        wait: how many seconds a call waits for another run that uses the journal or a file, before it is a JournalError
            or DirectoryError; 0: not at all. Without it, 60 seconds.

    Nothing is connected to before it is needed. Several threads may use a client: its calls are carried out one after
    the other. For calls at the same time, use one client for each thread. After a fork it connects anew.

    What is given to a client stays the program's: no method closes it. `doctor` looks at it in place of what the
    settings name.

    Settings, journal, key, directory and plan must be those of one organization, or ConfigurationError names both. An
    error that comes out of a client has the realm of its organization. An argument of a wrong kind is an InputError.

    Raises:
        ConfigurationError: the settings do not fit together.
    """

    @classmethod
    @checked
    def open(cls, path: Path | str = "feideprov.toml", *, actor: str | None = None, on: date | None = None) -> Self:
        """The client for a configuration file.

        Parameters:
            path: the configuration file.
            actor, on: as for `Client`.

        Returns: the client.

        Raises:
            ConfigurationError: the file cannot be read, or is wrong.
        """
        return cls(Settings.load(path), actor=actor, on=on)

    @gc_paused()
    def plan(
        self,
        records: Iterable[PersonRecord] | Path | str,
        *,
        source: str | None = None,
        evidence: Evidence | None = None,
        only: str | None = None,
        new_person: bool = False,
        same_person: bool = False,
        encoding: str | None = None,
        sheet: str | None = None,
        replace: bool = False,
        new_keys: bool = False,
        leavers: bool = False,
    ) -> Plan:
        """Plan to create and update users. Nothing is written.

        Parameters:
            records: person records, or the path of a person list, of any format (see docs/files.md).
            source: the configured source (`[[sources]]`) of the records: its evidence holds for their numbers.
            evidence: evidence for all the numbers; it replaces that of the source.
            only: the source id of one person. This is the only way to create a protected person.
            new_person: with `only`: a person said that it is nobody who is a user already (R-SAME-PERSON).
            same_person: with `only`: a person said that it is still the person who has this source id
                (R-OTHER-PERSON, R-NAMES-SWAPPED).
            encoding: the encoding of the list: utf-8, cp1252, cp850 or cp865; without it, UTF-8 or Windows-1252.
            sheet: the sheet of a spreadsheet; without it, the one that has known headings.
            replace: D-numbers whose persons have got a fødselsnummer are replaced, where there is evidence for it
                (R-NUMBER-CHANGED).
            new_keys: the people of a full file are new, as more than half of its source ids are.
            leavers: close the users who are missing in two full files (PIFU, IMS) of different days, as
                `[[sources]] leavers` does. Who is not in the list is in `Plan.leavers`, for every list in a file.

        Returns: the plan: changes, refusals and notes.

        Raises:
            InputError: the file cannot be read, no row has the source id `only`, or an answer is given without it.
            ConfigurationError: there is no such source, the settings do not fit the directory, or more than half of the
                source ids of a full file are new.
            DirectoryError: the directory cannot be read, or shows fewer than half of the users in the journal.
            JournalError: the journal cannot be read.
        """
        answer = plans.answer_of(new_person=new_person, same_person=same_person)
        return plans.plan_people(
            self._context,
            records,
            source=source,
            evidence=evidence,
            only=only,
            answer=answer,
            encoding=encoding,
            sheet=sheet,
            replace_numbers=replace,
            new_keys=new_keys,
            leavers=leavers,
        )

    @gc_paused()
    def apply(
        self,
        plan: Plan,
        *,
        allow_changes: int | None = None,
        allow_fewer: int | None = None,
        progress: Progress | None = None,
        stop: Stop | None = None,
    ) -> Outcome:
        """Carry out a plan. First passwords go to the hand-over file, or to the sink that was given.

        Parameters:
            plan: a plan of this client.
            allow_changes: how many users may be changed, where `[caps]` allows fewer.
            allow_fewer: how few people a full file may have, where `[caps]` wants more.
            progress: a function that is called now and then with the number of finished changes, and of all changes.
            stop: an object with `is_set()`, such as a `threading.Event`. Once it is set, changes that were sent are
                finished and no others are sent; `Outcome.stopped` then says how to go on.

        Returns: the outcome.

        Raises:
            ConfigurationError: the mode is watch, or the plan changes more users than allowed; nothing was written.
            DirectoryError, JournalError: the directory or the journal cannot be used. Apply a new plan to go on.
        """
        return plans.apply(
            self._context, plan, allow_changes=allow_changes, allow_fewer=allow_fewer, progress=progress, stop=stop
        )

    def check_allowed(self, plan: Plan, *, allow_changes: int | None = None, allow_fewer: int | None = None) -> None:
        """Check whether `apply` would carry out this plan. Nothing is written.

        Parameters:
            plan, allow_changes, allow_fewer: as for `apply`.

        Raises:
            ConfigurationError: the mode is watch, the plan changes more users than allowed, or its full file has too
                few people.
        """
        plans.check_allowed(self._context, plan, allow_changes, allow_fewer)

    def attach(
        self, user: str, number_text: str, *, evidence: Evidence | None = None, birth_date: date | None = None
    ) -> Outcome:
        """Register the number of one user.

        Parameters:
            user: a Feide name.
            number_text: the number, as text.
            evidence: where the number was seen.
            birth_date: the person's birth date; one that equals the number's replaces evidence.

        Returns: the outcome; unchanged when the user has the number already.

        Raises:
            Refused: the number is refused, needs evidence, or another user holds it; it has the code.
            ConfigurationError: the mode is watch.
            DirectoryError, JournalError: the directory or the journal cannot be used.
        """
        from feideprov.client import one_number

        return one_number.attach(self._context, user, number_text, evidence=evidence, birth_date=birth_date)

    def replace(
        self,
        user: str,
        old_number_text: str,
        number_text: str,
        *,
        evidence: Evidence | None = None,
        birth_date: date | None = None,
    ) -> Outcome:
        """Replace the number of one user by another.

        Parameters:
            user: a Feide name.
            old_number_text: the number that the user has now.
            number_text, evidence, birth_date: as for `attach`.

        Returns: the outcome; unchanged when the user has the new number already.

        Raises:
            Refused: the user has another number or none, or as `attach`; it has the code.
            ConfigurationError, DirectoryError, JournalError: as `attach`.
        """
        from feideprov.client import one_number

        return one_number.replace_number(
            self._context, user, old_number_text, number_text, evidence=evidence, birth_date=birth_date
        )

    def withdraw(self, user: str, number_text: str, *, evidence: Evidence | None = None) -> Outcome:
        """Remove a wrong number from one user, who waits for the right one from then on.

        Parameters:
            user: a Feide name.
            number_text: the wrong number.
            evidence: where it was seen that the number is wrong; not required.

        Returns: the outcome; unchanged when the user has no number.

        Raises:
            Refused: the user has another number; it has the code.
            ConfigurationError, DirectoryError, JournalError: as `attach`.
        """
        from feideprov.client import one_number

        return one_number.withdraw(self._context, user, number_text, evidence=evidence)

    def pending(self) -> PendingUsers:
        """The users without a number.

        Returns: the users, those who have waited longest first. Its `users` is how many users were looked at; its
            `closed` are the closed users without a number, who are not among those who wait. `hidden_numbers` and
            `hidden_users` say how many are left out because the directory does not show the number, or the user.

        Raises:
            ConfigurationError, DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        return self._context.pending()

    def check(
        self,
        *,
        ldif: Path | str | None = None,
        part: bool = False,
        only: Collection[str] = (),
        ignore: Collection[str] = (),
    ) -> Found[Finding]:
        """Find what is wrong with users, organization and schools. Nothing is written.

        Parameters:
            ldif: an LDIF export to check in place of the directory.
            part: the export is meant to be a part of the directory, so most users of the journal may be missing.
            only: codes of findings; others are left out.
            ignore: codes of findings to leave out.

        Returns: the findings, errors first. What is known and accepted is marked as expected. Its `users` is how many
            users were looked at; if that is 0, an empty list says nothing.

        Raises:
            InputError: a code does not exist, or the export cannot be read or contains no user.
            DirectoryError: the directory cannot be read, or it or the export shows fewer than half of the users in the
                journal.
            ConfigurationError, JournalError: the directory or the journal cannot be read.
        """
        from feideprov.client import inspection

        return inspection.check(self._context, ldif=ldif, part=part, only=only, ignore=ignore)

    def observe(
        self,
        *,
        ldif: Path | str | None = None,
        part: bool = False,
        source: str | None = None,
        evidence: Evidence | None = None,
        allow_changes: int | None = None,
    ) -> Observation:
        """Find numbers that were added, changed or removed outside this tool since the last observation.

        They are written to the journal, with the notices that are owed for them. The directory is only read. The first
        observation compares with the journal alone.

        Parameters:
            ldif: an LDIF export to read in place of the directory.
            part: as for `check`.
            source: the configured source whose system writes the numbers: its evidence holds for them.
            evidence: evidence for all new numbers; it replaces that of the source.
            allow_changes: how many numbers may be missing, where `[caps]` allows fewer; also those that are not
                shown any more although nobody seems to have changed the entries (J-HIDDEN): they were removed.

        Returns: the observation. A number that is refused or held is reported, and no notice is owed for it.

        Raises:
            InputError: the export cannot be used.
            ConfigurationError, DirectoryError: so many numbers are missing, or so few of the users in the journal are
                shown, that the account may not be allowed to read them; or the directory cannot be read.
            JournalError: the journal cannot be used.
        """
        from feideprov.client import inspection

        return inspection.observe(
            self._context, ldif=ldif, part=part, source=source, evidence=evidence, allow_changes=allow_changes
        )

    def nightly(
        self,
        sources: Iterable[tuple[str, Path | str]] = (),
        *,
        mail: str | None = None,
        language: Literal["en", "nb", "nn"] | None = None,
    ) -> Night:
        """Do what a night needs: apply files within the caps, observe, check, send notices, and tell what is new.

        Parameters:
            sources: the files, each with the name of its configured source. The settings of the source decide about
                leavers; the caps and the guards of `apply` hold, and stop this file only.
            mail: the mail address that gets the summary when there is something to tell. Without it, the caller tells.
            language: the language of the mail; without it, `[services] language`.

        Returns: the night. Its `exit_code` is 0 when nothing is new since a person was told the last time.

        Raises:
            ConfigurationError: `[nightly]` or the mail server is configured wrongly, or the journal may not be written.
            InputError: `mail` is not a mail address.
            JournalError: the journal cannot be used.
        """
        from feideprov.nightly.run import NightRun

        files = [(name, Path(path)) for name, path in sources]
        language = language or self.settings.services.language
        return NightRun(self, lambda: self._context.journal, files, on=self.on, to=mail, language=language).run()
