"""Cards with first passwords for users, and the sheets for their teachers: the methods of `Client.slips`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from feideprov.directory.protocol import Directory
from feideprov.errors import ConfigurationError, InputError, scrub
from feideprov.feide.organization import HostOrganization
from feideprov.journal.events import Kind
from feideprov.journal.journal import Journal
from feideprov.journal.users import KnownUsers
from feideprov.look_alikes import visible
from feideprov.messages import Language, Sentence, joined, listed
from feideprov.programs.calls import Calls, public
from feideprov.provision.pending import PendingUsers
from feideprov.provision.run.handover import HandoverFile
from feideprov.provision.run.password_sink import PasswordSink
from feideprov.services.register.service import Service
from feideprov.settings import Settings
from feideprov.slips.card import Card, Choice, cards_of
from feideprov.slips.card_page import LoginFacts, PerPage, slips_page
from feideprov.slips.roster import Member, roster
from feideprov.slips.teacher import ARRIVALS, BEGINNINGS, NEW, TeacherSheets, changed_since, sheets_of
from feideprov.slips.teacher_page import teacher_page


@dataclass(frozen=True)
class FoundSlips:
    """The slips of the users that are meant, by school, class and name."""

    cards: tuple[Card, ...]
    protected: tuple[str, ...] = field(repr=False)
    """The Feide names of users with a first password who are protected, or may be: they get no slip."""
    given: int
    """Users whose first password was noted as given, or erased."""
    missing: int
    """Users with a first password who are closed, or whom the directory does not show."""
    not_reviewed: Mapping[str, int]
    """Languages whose text nobody has read, and how many slips are in bokmål and English for that."""
    facts: LoginFacts

    def html(self, *, per_page: PerPage = 4) -> str:
        """The slips as one HTML file.

        Parameters:
            per_page: 1 or 4 slips on an A4 page.

        Returns: the content of the file.

        Raises:
            ConfigurationError: Jinja2 is not installed (the extra `slips`).
        """
        return slips_page(self.cards, self.facts, per_page)

    def pdf(self, *, per_page: PerPage = 4) -> bytes:
        """The slips as PDF.

        Parameters:
            per_page: as for `html`.

        Returns: the content of the file.

        Raises:
            ConfigurationError: the extra `slips`, Pango or a font is not installed; it says how to install it.
            InputError: no font has a letter of a name.
        """
        from feideprov.slips.pdf import parts_of, pdf_of

        parts = parts_of(self.cards)
        return pdf_of([slips_page(part, self.facts, per_page) for part in parts], parts)


@dataclass(frozen=True)
class FoundSheets:
    """The teacher's sheet of each class."""

    sheets: TeacherSheets
    organization: str
    contact: str

    def html(self, language: Language = "nb") -> str:
        """The sheets as one HTML file, a page for each class.

        Parameters:
            language: `nb`, `nn` or `en`.

        Returns: the content of the file.

        Raises:
            ConfigurationError: Jinja2 is not installed (the extra `slips`).
        """
        return teacher_page(self.sheets, self.organization, self.contact, language)

    def pdf(self, language: Language = "nb") -> bytes:
        """The sheets as PDF.

        Parameters, returns and raises: as `html` and `FoundSlips.pdf`.
        """
        from feideprov.slips.pdf import parts_of, pdf_of

        parts = parts_of(self.sheets.sheets)
        made = [replace(self, sheets=replace(self.sheets, sheets=part)).html(language) for part in parts]
        return pdf_of(made, parts)


@public
@dataclass
class Slips:
    """Slips for the users whose first passwords are in the hand-over file. Protected people never get one.

    `on` is today's date. `sink` is where first passwords go; the functions return the directory, what the journal knows
    of users, the journal if there is one, the users without a number, and all services. A program gets this object from
    `Client.slips`.
    """

    settings: Settings
    organization: HostOrganization
    on: date
    sink: PasswordSink
    directory: Callable[[], Directory]
    known_users: Callable[[], KnownUsers]
    journal: Callable[[], Journal | None]
    pending: Callable[[], PendingUsers]
    services: Callable[[], Iterable[Service]]
    calls: Calls

    def find(
        self,
        *,
        school: str | None = None,
        group: str | None = None,
        users: Iterable[str] | None = None,
        made_until: date | None = None,
    ) -> FoundSlips:
        """The slips of the users whose first password was not given yet. Nothing is written.

        Parameters:
            school: the id, name, number or DN of a school; without it, all schools.
            group: the name of a class; without it, all classes.
            users: Feide names; without them, all users.
            made_until: leave out passwords that were made on a later day.

        Returns: the slips, and how many users have none.

        Raises:
            InputError: there is no such school.
            ConfigurationError: users log in with Entra, first passwords go to the program's own sink, or a setting of
                `[slips]` is wrong.
            DirectoryError, JournalError: the directory, the journal or the hand-over file cannot be read.
        """
        settings, organization = self.settings, self.organization
        choice = self._choice(school, group, users, made_until)
        found = cards_of(self._file.rows(), self._members(), organization, settings.slips, choice)
        facts = LoginFacts(self.organization.name, settings.slips.login_url, settings.login.change_password_url)
        return FoundSlips(found.cards, found.protected, found.given, found.missing, found.not_reviewed, facts)

    def teacher_sheets(
        self, *, school: str | None = None, group: str | None = None, since: date | None = None
    ) -> FoundSheets:
        """The sheet for the teacher of each class: who is new, what works today, what waits for the number. With
        `since`: whose number has come since that day, and what works from now on. Nothing is written.

        Parameters:
            school, group: as for `find`.
            since: a day.

        Returns: the sheets.

        Raises: as `find`.
        """
        choice = self._choice(school, group, None, None)
        new, affected = frozenset[str](), frozenset(user.user.lower() for user in self.pending())
        if since is not None:
            affected = self._changed(ARRIVALS, since) - affected
        else:
            new = self._changed(BEGINNINGS, self.on - NEW)
        sheets = sheets_of(
            self._members(),
            self.organization,
            self.services(),
            choice,
            affected=affected,
            on=self.on,
            new=new,
            since=since,
        )
        contact = self.settings.slips.contact_at(choice.school or "")
        return FoundSheets(sheets, self.organization.name, contact)

    def require_printing(self) -> None:
        """Check that slips can be printed as PDF on this machine, before first passwords are made for them.

        Raises:
            ConfigurationError: as `FoundSlips.pdf`.
        """
        from feideprov.slips.languages import CHECKED
        from feideprov.slips.pdf import require_printing
        from feideprov.slips.texts import texts_in

        languages = (*CHECKED, *self.settings.slips.reviewed_by)
        require_printing("".join(text for language in languages for text in texts_in(language).values()))

    def _members(self) -> dict[str, Member]:
        key = self.settings.directory.source_id_attribute
        return roster(self.directory(), self.known_users(), self.organization, source_id_attribute=key, on=self.on)

    def _changed(self, kinds: frozenset[Kind], since: date) -> frozenset[str]:
        """The users with changes of these kinds since a day, by the names that they have today."""
        journal = self.journal()
        changed = changed_since(journal.facts(kinds) if journal is not None else [], kinds, since)
        by_name = self.known_users().by_name
        return frozenset(by_name[user].feide_name for user in changed if user in by_name)

    @property
    def _file(self) -> HandoverFile:
        if isinstance(self.sink, HandoverFile):
            return self.sink
        if self.settings.login.by != "directory":
            raise ConfigurationError(
                Sentence("[login] by is “entra”, so passwords are kept in Entra, and there are no slips with them.")
            )
        raise ConfigurationError(
            Sentence("First passwords go to a program of your own, not to the hand-over file, so there are no slips.")
        )

    def _choice(
        self, school: str | None, group: str | None, users: Iterable[str] | None, made_until: date | None
    ) -> Choice:
        organization = self.organization
        ids = [one.id for one in organization.schools]
        if unknown := [name for name in self.settings.slips.contacts if name not in ids]:
            raise ConfigurationError(
                Sentence(
                    "[slips.contacts] has {unknown}, which is the id of no school. The schools are {schools}.",
                    unknown=listed(map(scrub, unknown)),
                    schools=listed(ids),
                )
            )
        meant = organization.school(school) if school is not None else None
        if school is not None and meant is None:
            raise InputError(
                Sentence(
                    "There is no school “{school}”. The schools are {schools}.",
                    school=scrub(school),
                    schools=joined(ids, ", "),
                )
            )
        names = None if users is None else frozenset(visible(user).strip().lower() for user in users)
        return Choice(meant.id if meant is not None else None, group, names, made_until)
