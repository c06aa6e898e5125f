"""What the parts of a client share: the settings and what they name, each opened when it is first needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.client.beginning import JournalToBegin, KeyToKeep
from feideprov.client.one_organization import (
    check_directory,
    require_directory_of,
    require_journal_of,
    require_key_of,
    with_base,
)
from feideprov.directory.ldif_file import LdifDirectory
from feideprov.directory.memory import MemoryDirectory
from feideprov.directory.protocol import NAME_ATTRIBUTE, Directory
from feideprov.errors import ConfigurationError, scrub
from feideprov.feide.first_password.style import PasswordStyle
from feideprov.files import is_there, require_locks
from feideprov.intake.listed_numbers import ListedNumbers
from feideprov.intake.reading import Reading
from feideprov.issues import Refusal
from feideprov.journal.databases.database import Database
from feideprov.journal.high_water import HighWaterMark
from feideprov.journal.journal import Journal
from feideprov.journal.key_check import may_be_written, open_to_read
from feideprov.journal.keys import MarkKey
from feideprov.journal.people import KnownPeople
from feideprov.journal.presence import READ, Presence, expected_entries
from feideprov.journal.user.lockout import locks_users
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence
from feideprov.programs.calls import Calls
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.changes import Change, OfNumber
from feideprov.provision.plan.directory_state import DirectoryState
from feideprov.provision.plan.people.belonging_notes import teachers_without_groups
from feideprov.provision.plan.units import without_unusable_units
from feideprov.provision.run.password_sink import NoHandover, PasswordSink
from feideprov.settings import Settings
from feideprov.tables.day import today_in_norway
from feideprov.wiring import (
    Keys,
    build_options_of,
    directory_of,
    existing_key_of,
    fingerprint_of,
    handover_of,
    has_journal,
    key_of,
    ldif_path,
    mark_of,
    operating_system_user,
    organization_of,
)

if TYPE_CHECKING:
    from feideprov.check.files import Given
    from feideprov.provision.pending import PendingUsers
    from feideprov.services.facade import Services


class Context:
    """One organization, its directory and its journal. Nothing is connected to before it is needed."""

    def __init__(
        self,
        settings: Settings,
        *,
        directory: Directory | None,
        journal: Journal | None,
        keys: Keys | None,
        actor: str | None,
        on: date | None,
        handover: PasswordSink | None,
        wait: float | None,
    ) -> None:
        self.settings = settings
        self.organization = organization_of(settings)
        self.calls = Calls(self.organization.realm, wait)
        self.build_options = build_options_of(settings)
        self.actor = scrub(actor or operating_system_user())
        self.given_directory = directory
        self._given_journal = journal
        self._keys = keys
        self._on = on
        self._given_sink = handover
        if journal is not None:
            require_journal_of(self.organization, journal)
            require_key_of(self.organization.realm, journal, self._given_key())
        self.read_files: list[LdifDirectory] = []
        """The LDIF files that were read."""

    @property
    def on(self) -> date:
        """The day that counts as today."""
        return self._on or today_in_norway()

    @cached_property
    def directory(self) -> Directory:
        """The directory, after its checks: it can be reached, its base exists, its schema is loaded."""
        given = self.given_directory
        directory = given if given is not None else self._named_directory()
        try:
            check_directory(self.settings, self.organization, directory)
        except BaseException:
            if given is None:
                directory.close()
            raise
        return directory

    def unchecked_directory(self) -> AbstractContextManager[Directory]:
        """The directory without the checks, for what looks for errors in it. It is closed in the end, unless it was
        given."""
        if self.given_directory is not None:
            return nullcontext(with_base(self.settings, self.organization, self.given_directory))
        return with_base(self.settings, self.organization, self._named_directory())

    def _named_directory(self) -> Directory:
        """The directory that the settings name."""
        directory = directory_of(self.settings, self.organization)
        if isinstance(directory, LdifDirectory):
            self.read_files.append(directory)
        return directory

    def directory_to_set_up(self) -> AbstractContextManager[Directory]:
        """The same; an LDIF file that does not exist yet is an empty directory."""
        path = ldif_path(self.settings)
        absent = self.given_directory is None and path is not None and not is_there(path)
        return with_base(self.settings, self.organization, MemoryDirectory()) if absent else self.unchecked_directory()

    def _given_key(self) -> MarkKey | None:
        """The key that the program or the settings name, beside a journal that was given."""
        section = self.settings.journal
        if self._keys is None and not section.key_env and "key_file" not in section.model_fields_set:
            return None
        if self._keys is None and not section.key_env and not is_there(self.settings.path(section.key_file)):
            return None
        return existing_key_of(self.settings, self._keys)

    @cached_property
    def journal(self) -> Journal:
        """The journal. One that was not begun yet is empty, and is begun when something is written."""
        if self._given_journal is not None:
            return self._given_journal
        if has_journal(self.settings):
            return self._opened_journal()
        key = self.existing_key()
        return JournalToBegin(
            self.organization.realm,
            key=key or self._new_key,
            actor=self.actor,
            make=self._opened_journal,
            mark=self.mark if key is not None else None,
        )

    @cached_property
    def _new_key(self) -> KeyToKeep:
        """The key that is kept when the journal is begun: a plan that was made before has source ids made with it."""
        return KeyToKeep()

    def _kept_key(self) -> MarkKey:
        """The key of the journal, made if there is none yet."""
        new, key = self._new_key, key_of(self.settings, self._keys, new=self._new_key)
        if "journal" in self.__dict__:
            self.journal.key = key
        self.__dict__.pop("_new_key", None)  # it is kept, or another one is
        new.require(key)
        return key

    def _opened_journal(self) -> Journal:
        database, key = self.settings.database, self._kept_key()
        place: str | Database = f"sqlite:///{database}" if database else self.settings.journal.url
        if database is not None and not may_be_written(database):
            place = open_to_read(database)
        journal = Journal(place, self.organization.realm, key=key, actor=self.actor)
        journal.mark = self.mark
        return journal

    @property
    def mark(self) -> HighWaterMark | None:
        """How far the journal had come when the last run ended; None for a journal that a program gave."""
        return mark_of(self.settings, self._keys) if self._given_journal is None else None

    @property
    def existing_journal(self) -> Journal | None:
        """The journal, for what only reads; None where there is none yet, because reading creates none."""
        opened = self._given_journal is not None or "journal" in self.__dict__ or has_journal(self.settings)
        journal = self.journal if opened else None
        return journal if journal is not None and journal.is_begun else None

    @property
    def given(self) -> Given:
        """What `doctor` looks at in place of what the settings name."""
        from feideprov.check.files import Given

        return Given(self._given_journal, key=self._keys is not None, sink=self._given_sink is not None)

    def existing_key(self) -> MarkKey | None:
        """The key of the journal, for what only reads; None where neither was made yet."""
        given = self._given_journal
        return given.key if given is not None else existing_key_of(self.settings, self._keys)

    @property
    def password_sink(self) -> PasswordSink:
        """Where first passwords go."""
        if self.settings.login.by != "directory":
            return NoHandover()
        given = self._given_sink
        return given if given is not None else handover_of(self.settings, self.organization, self.on)

    @property
    def first_passwords(self) -> PasswordStyle:
        """What first passwords are made of, by the settings and what `doctor` has seen of the server."""
        return self.build_options.first_password.where(lambda: locks_users(self.existing_journal, self.on))

    @property
    def services(self) -> Services:
        """The services of the organization."""
        from feideprov.services.audience import Belonging, belongings
        from feideprov.services.facade import Services

        def checked() -> Mapping[str, Belonging]:
            presence = Presence(self.known_users())
            found = belongings(self.directory, presence)
            presence.check()
            return found

        return Services(self.settings, self.organization, self.journal, self.on, self.pending, checked, self.calls)

    @property
    def key(self) -> MarkKey:
        """The key that seals saved plans."""
        return self.journal.key

    def sealing_key(self) -> MarkKey:
        """The same, made if there is none yet: what is sealed with it is read later."""
        journal = self.journal
        return journal.key if journal.is_begun else self._kept_key()

    @property
    def key_is_kept(self) -> bool:
        """Whether the key outlives this program: until the journal is begun, there may be none yet."""
        return self.journal.is_begun or self.existing_key() is not None

    @property
    def fingerprint(self) -> str:
        """What must be equal in the configuration for a saved plan to be applied."""
        return fingerprint_of(self.settings)

    def reading(
        self, source: str | None, encoding: str | None, sheet: str | None, *, key: MarkKey | None = None
    ) -> Reading:
        """How a list is read, with what a person named for it. With `key` the journal is not opened."""
        settings, key = self.settings, key or self.journal.key
        return Reading(self.on, settings.columns, encoding, sheet, source, settings.sources, self.organization, key)

    def listed(self, path: Path, source: str | None, encoding: str | None, sheet: str | None) -> ListedNumbers:
        """The numbers of a person list, read again for a saved plan."""
        reading = self.reading(source, encoding, sheet)
        return ListedNumbers(path, self.organization, self.build_options.numbers, reading)

    def known_users(self) -> KnownUsers:
        """What the journal knows of users."""
        return KnownUsers.read(self.journal)

    def known_people(self) -> KnownPeople:
        """The marks of people that the journal holds."""
        return KnownPeople.read(self.journal)

    def builder(self) -> PlanBuilder:
        """The beginning of a plan: the directory and the journal as they are now.

        Raises DirectoryError when the directory cannot be read, or shows too few of the users that the journal knows.
        """
        expected = expected_entries(self.directory, self.journal)
        state = DirectoryState.read(self.directory, self.settings.directory.source_id_attribute, expected=expected)
        known_users = self.known_users()
        Presence.of(known_users, state.entries).check()
        require_directory_of(self.organization, state.entries)
        dropping = self.organization.realm if self.settings.numbers.drop_local_numbers else None
        return PlanBuilder(state, known_users, self.on, dropping, self.organization)

    def check_presence(self) -> KnownUsers:
        """The same check, for a saved plan, which was made from an earlier reading of the directory. Returns what the
        journal knows of users."""
        known_users = self.known_users()
        shown = list(self.directory.having([NAME_ATTRIBUTE], READ))
        Presence.of(known_users, shown).check()
        require_directory_of(self.organization, shown)
        return known_users

    def pending(self) -> PendingUsers:
        """The users without a number, those who have waited longest first.

        Raises ConfigurationError for the directory of another organization: its people are in no sheet of ours.
        """
        from feideprov.observe.known import Known
        from feideprov.provision.pending import pending_users

        journal = self.existing_journal
        found = pending_users(
            self.directory,
            Known.read(journal) if journal else Known(),
            source_id_attribute=self.settings.directory.source_id_attribute,
            on=self.on,
        )
        shown = (*found, *found.closed)
        if shown and not any(one.user.endswith(f"@{self.organization.realm}") for one in shown):
            require_directory_of(self.organization, self.directory.having([NAME_ATTRIBUTE], READ))
        return found

    def notes_for(self, changes: Iterable[Change]) -> tuple[str, ...]:
        """What to say before these changes: of new teachers without groups, and of services before numbers change."""
        changes = tuple(changes)
        teachers = teachers_without_groups(changes)
        if not any(isinstance(change, OfNumber) for change in changes):
            return teachers
        warning = self.services.warning(changes)
        return (*teachers, warning) if warning else teachers

    def without_unusable_units(self, changes: Sequence[Change]) -> tuple[tuple[Change, ...], tuple[Refusal, ...]]:
        """The changes that give users only units that are in the directory, and why the others are held."""
        return without_unusable_units(changes, self.organization, self.directory)

    def require_write_mode(self) -> None:
        """Raise ConfigurationError in mode watch, and on Windows."""
        require_locks()
        if self.settings.directory.mode == "watch":
            raise ConfigurationError(
                Sentence(
                    "[directory] mode is “watch”, so nothing is written: another system maintains the "
                    "directory. To write with this tool, set mode to “write”."
                )
            )

    def close(self) -> None:
        """Close the directory and the journal, unless they were given."""
        for name, given in (("directory", self.given_directory), ("journal", self._given_journal)):
            opened = self.__dict__.pop(name, given)
            if opened is not given and opened is not None:
                opened.close()
