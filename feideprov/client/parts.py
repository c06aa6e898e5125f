"""What a client consists of: its settings, its directory, and its parts by subject."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn, Self

from feideprov.client.context import Context
from feideprov.directory.protocol import Directory
from feideprov.errors import ConfigurationError
from feideprov.feide.organization import HostOrganization
from feideprov.journal.journal import Journal
from feideprov.messages import Sentence
from feideprov.programs.arguments import checked
from feideprov.programs.calls import public
from feideprov.provision.run.password_sink import PasswordSink
from feideprov.settings import Settings
from feideprov.wiring import Keys

if TYPE_CHECKING:
    from feideprov.client.checklist import SameDayChecklist
    from feideprov.client.journal import ChangeLog
    from feideprov.client.numbers import Numbers
    from feideprov.client.organization_units import OrganizationUnits
    from feideprov.client.reading.file import ReadFile
    from feideprov.client.users import Users
    from feideprov.nir.facade import IntroductionRegister
    from feideprov.services.facade import Services
    from feideprov.slips.facade import Slips


@public
class ClientParts:
    """The parts of `Client`. Each is imported when it is first used."""

    @checked
    def __init__(
        self,
        settings: Settings,
        *,
        directory: Directory | None = None,
        journal: Journal | None = None,
        keys: Keys | None = None,
        actor: str | None = None,
        on: date | None = None,
        handover: PasswordSink | None = None,
        wait: float | None = None,
    ) -> None:
        self._context = Context(
            settings,
            directory=directory,
            journal=journal,
            keys=keys,
            actor=actor,
            on=on,
            handover=handover,
            wait=wait,
        )

    def __reduce__(self) -> NoReturn:
        """Raises ConfigurationError: connections and locks cannot be sent."""
        raise ConfigurationError(
            Sentence("A client cannot be sent to another process. Send its settings, and make a client there.")
        )

    def close(self) -> None:
        """Close the directory and the journal, unless they were given to the client.

        Raises: nothing.
        """
        self._context.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def settings(self) -> Settings:
        """The configuration."""
        return self._context.settings

    @property
    def organization(self) -> HostOrganization:
        """The host organization, with its schools."""
        return self._context.organization

    @property
    def actor(self) -> str:
        """Who the journal says did things."""
        return self._context.actor

    @property
    def on(self) -> date:
        """The day that counts as today."""
        return self._context.on

    @property
    def directory(self) -> Directory:
        """The directory, after its checks: it can be reached, its base exists, its schema is loaded.

        Raises ConfigurationError or DirectoryError when it does not pass them.
        """
        return self._context.directory

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the LDIF files that were read was not read, in sentences; nothing for a directory on a server."""
        return tuple(dict.fromkeys(note for file in self._context.read_files for note in file.notes))

    def read(
        self,
        path: Path | str,
        *,
        source: str | None = None,
        encoding: str | None = None,
        sheet: str | None = None,
        kind: str | None = None,
    ) -> ReadFile:
        """Find out what a file is understood as, before anything is planned. The directory is not read, and nothing is
        written.

        Parameters:
            path: a list of people, numbers, services or leavers, of any format (see docs/files.md).
            source, encoding, sheet: as for `plan`.
            kind: what the file is a list of: `people`, `numbers`, `replacements`, `withdrawals`, `services` or
                `leavers`, or `nir` (participation records); without it, its content decides.

        Returns: what the file is, its columns, its people or numbers, and the rows that will be refused.

        Raises:
            InputError: the file cannot be read as a list.
            ConfigurationError: there is no such source, or the configuration's own headings cannot be used.
        """
        from feideprov.client.reading import reader

        return reader.read(self._context, Path(path), source=source, encoding=encoding, sheet=sheet, kind=kind)

    @cached_property
    def users(self) -> Users:
        """Single users: close, reopen, password, rename, resolve, history."""
        from feideprov.client.users import Users

        return Users(self._context)

    @cached_property
    def numbers(self) -> Numbers:
        """Lists of numbers: plans to attach, replace and withdraw them."""
        from feideprov.client.numbers import Numbers

        return Numbers(self._context)

    @cached_property
    def organization_units(self) -> OrganizationUnits:
        """The entries of the organization and its schools."""
        from feideprov.client.organization_units import OrganizationUnits

        return OrganizationUnits(self._context)

    @cached_property
    def journal(self) -> ChangeLog:
        """The journal: events, and a comparison with the directory."""
        from feideprov.client.journal import ChangeLog

        return ChangeLog(self._context)

    @cached_property
    def checklist(self) -> SameDayChecklist:
        """Where else numbers must be changed on the same day."""
        from feideprov.client.checklist import SameDayChecklist

        return SameDayChecklist(self._context)

    @property
    def services(self) -> Services:
        """The services that users log in to: which need the number, whose providers were asked or must be told."""
        return self._context.services

    @property
    def slips(self) -> Slips:
        """Slips with first passwords for users, and the sheets for their teachers."""
        from feideprov.slips.facade import Slips

        context = self._context
        return Slips(
            context.settings,
            context.organization,
            context.on,
            context.password_sink,
            directory=lambda: context.directory,
            known_users=context.known_users,
            journal=lambda: context.existing_journal,
            pending=context.pending,
            services=lambda: context.services.all(),  # noqa: PLW0108  # the journal is opened when they are asked for
            calls=context.calls,
        )

    @cached_property
    def nir(self) -> IntroductionRegister:
        """The introduction register (NIR): which channel, which fields, by when, who may, what is missing."""
        from feideprov.client.nir import introduction_register

        return introduction_register(self._context)

    @checked
    def sheet(
        self,
        kind: Literal["people", "numbers", "services", "nir"],
        *,
        language: Literal["en", "nb", "nn"] = "en",
        keys: int = 200,
    ) -> bytes:
        """A sheet to fill in (XLSX), with headings and words that the readers know, and the schools to choose from.

        Parameters:
            kind: `people`, `numbers` or `services`; `nir`: participation records, a sheet for each scheme of the
                introduction register.
            language: the language of the headings and words: `en`, `nb` or `nn`.
            keys: how many rows of a sheet of people have a new random key. Rows in which nobody is written count as
                empty.

        Returns: the content of the file.

        Raises:
            ConfigurationError: the extra `tables` is not installed, or the rules in `[nir]` cannot be used.
        """
        from feideprov.forms import FormKind, form_of
        from feideprov.sheets.workbook import xlsx_sheet

        if kind == "nir":
            from feideprov.client.nir import participation_sheets

            return xlsx_sheet(*participation_sheets(self._context.settings, language))
        return xlsx_sheet(form_of(FormKind(kind), self.organization, language, keys=keys))

    @property
    def plan_context(self) -> Context:
        """What `Plan.save` and `Plan.load` need of the client."""
        return self._context
