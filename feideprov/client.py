"""The one object that programs use: an organization, its directory, its journal."""

from __future__ import annotations

import getpass
import shlex
from collections.abc import Collection, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self, overload
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feideprov.directory.dn import DN, fold
from feideprov.directory.entry import Add, Entry, Modification, Modify, Precondition, octets
from feideprov.directory.ldif_file import LdifDirectory, LdifExport
from feideprov.directory.memory import MemoryDirectory
from feideprov.directory.protocol import NAME_ATTRIBUTE, Directory
from feideprov.errors import ConfigurationError, InputError, Refused, scrub_path
from feideprov.feide.person import PersonRecord
from feideprov.intake.columns import NUMBER_LIST, REPLACEMENT_LIST, WITHDRAWAL_LIST
from feideprov.intake.listed_numbers import ListedNumbers
from feideprov.intake.number_list import NumberRow, read_number_list
from feideprov.intake.person_list import read_person_list
from feideprov.issues import Refusal
from feideprov.journal.checklist import Checklist, Item
from feideprov.journal.events import Kind
from feideprov.journal.held_rows import keep_held
from feideprov.journal.journal import Event, Journal, State
from feideprov.journal.users import KnownUsers
from feideprov.numbers import Evidence, NumberText, number_shaped
from feideprov.provision.attach import OneNumber, certain
from feideprov.provision.pending import PendingUser, pending_users
from feideprov.provision.plan import file as plan_file
from feideprov.provision.plan.builder import PlanBuilder, name_of, usable_name_of
from feideprov.provision.plan.changes import OfNumber
from feideprov.provision.plan.directory_state import DirectoryState
from feideprov.provision.plan.logins import LoginPlanner, plan_rename
from feideprov.provision.plan.numbers import plan_attaches, plan_replacements, plan_withdrawals
from feideprov.provision.plan.people import PersonPlanner
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.provision.plan.units import plan_units
from feideprov.provision.plan.user_names import NextNames
from feideprov.provision.run.executor import Executor
from feideprov.provision.run.gc_paused import gc_paused
from feideprov.provision.run.handover import HandoverFile, NoHandover
from feideprov.provision.run.writer import Progress, Stop
from feideprov.settings import Settings
from feideprov.tables.columns import Layout
from feideprov.wiring import (
    Keys,
    build_options_of,
    directory_of,
    fingerprint_of,
    key_of,
    ldif_path,
    organization_of,
    source_of,
)

if TYPE_CHECKING:
    from feideprov.check.examination import Examination
    from feideprov.check.finding import Finding
    from feideprov.directory.ldap.server import LdapAddress
    from feideprov.observe.observe import Observation
    from feideprov.services.facade import Services
    from feideprov.services.today import Today


class Client:
    """One host organization. Use one for each thread, and as a context manager.

    `directory`, `journal` and `keys` take the place of what the settings name: a directory layer of your own, a
    journal shared by several workers, a key from a vault. `actor` is who is written down as having done things
    (default: the operating system's user). `on` is the day that is reckoned from (default: today in Norway).

    Raises ConfigurationError when the settings do not fit together. Nothing is connected to before it is needed.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        directory: Directory | None = None,
        journal: Journal | None = None,
        keys: Keys | None = None,
        actor: str | None = None,
        on: date | None = None,
    ) -> None:
        self.settings = settings
        self.organization = organization_of(settings)
        self.actor = actor or _operating_system_user()
        self._on = on
        self._keys = keys
        self._given_directory = directory
        self._given_journal = journal
        self._habits = build_options_of(settings)

    @classmethod
    def open(cls, path: Path | str = "feideprov.toml", *, actor: str | None = None, on: date | None = None) -> Self:
        """The client for a configuration file."""
        return cls(Settings.load(path), actor=actor, on=on)

    @property
    def _journal_so_far(self) -> Journal | None:
        """The change log, for what only reads; None where none was begun, because reading begins none."""
        database = self.settings.database
        begun = self._given_journal is not None or "journal" in self.__dict__ or database is None or database.exists()
        return self.journal if begun else None

    @property
    def on(self) -> date:
        """The day that is reckoned from."""
        return self._on or _today_in_norway()

    @cached_property
    def directory(self) -> Directory:
        """The directory, checked: reachable, its base there, its schema loaded."""
        directory = self._given_directory or directory_of(self.settings, self.organization)
        try:
            self._look_over(directory)
        except BaseException:
            if self._given_directory is None:
                directory.close()
            raise
        return directory

    def _look_over(self, directory: Directory) -> None:
        if type(directory) is MemoryDirectory and not any(directory.entries()):
            # to try the library out takes no more than an empty directory in memory
            _make(directory, self.organization.entries(self._unfurnished().base))
        directory.check()
        longest, allowed = directory.layout.longest_name, self.settings.names.max_length
        if longest is not None and allowed > longest:
            raise ConfigurationError(
                f"[names] max_length is {allowed}, but in Active Directory a user name (sAMAccountName) has at most "
                f"{longest} characters. Set it to {longest} or less."
            )
        places = {"organization.dn": self.organization.dn, "directory.users_dn": self.organization.people}
        places |= {f"schools.dn of {s.id}": s.dn for s in self.organization.schools}
        for name, dn in places.items():
            if not dn.is_within(directory.base):
                raise ConfigurationError(f"{name} ({dn}) does not lie within the directory's base {directory.base}.")
        if directory.read(self.organization.people, ("objectClass",)) is None:
            raise ConfigurationError(
                f"The directory has no entry {self.organization.people}, where users are to stand. Create it, or "
                "correct users_dn."
            )

    @cached_property
    def journal(self) -> Journal:
        """The change log."""
        if self._given_journal is not None:
            return self._given_journal
        database = self.settings.database
        url = f"sqlite:///{database}" if database else self.settings.journal.url
        return Journal(url, self.organization.realm, key=key_of(self.settings, self._keys), actor=self.actor)

    @property
    def services(self) -> Services:
        """The services that the organization's users meet: who needs the number, who was asked, who must be told."""
        from feideprov.services.audience import belongings
        from feideprov.services.facade import Services

        return Services(
            self.settings, self.organization, self.journal, self.on, self.pending, lambda: belongings(self.directory)
        )

    @gc_paused()
    def plan(
        self,
        records: Iterable[PersonRecord] | Path | str,
        *,
        source: str | None = None,
        evidence: Evidence | None = None,
        only: str | None = None,
    ) -> Plan:
        """What would be done for these people: person records, or the path of a person list. Nothing is written.

        `source` is the configured source that the records come from, whose evidence then holds for their numbers;
        `evidence`, if given, holds instead. `only` picks one person by source id; only so a protected person is made.
        Raises InputError when a file cannot be read.
        """
        refusals: tuple[Refusal, ...] = ()
        notes: tuple[str, ...] = ()
        given = records
        if isinstance(records, Path | str):
            listed = read_person_list(Path(records), columns=self.settings.columns, on=self.on)
            records, refusals, notes = listed.records, listed.refusals, _ignored(listed.ignored_columns)
        of_source, prefix = source_of(self.settings, source)
        people = list(records)
        if prefix:
            people = [person.model_copy(update={"source_id": f"{prefix}:{person.source_id}"}) for person in people]
            only = f"{prefix}:{only}" if only is not None else None
        if only is not None and fold(only) not in {fold(person.source_id) for person in people}:
            raise InputError("No row has that source id (--only).")
        planner = PersonPlanner(
            self.organization,
            self._draft(),
            replace(self._habits, layout=self.directory.layout),
            evidence=evidence or of_source,
            source=prefix,
        )
        plan = planner.plan(people, only=only)
        plan = replace(plan, refusals=(*(refusals if only is None else ()), *plan.refusals), notes=notes)
        plan = replace(plan, listed=_shown_by("plan", given) if only is None else "")
        return self._warned(plan)

    def plan_attach(
        self,
        numbers: Iterable[NumberRow] | Path | str,
        *,
        source: str | None = None,
        evidence: Evidence | None = None,
    ) -> Plan:
        """What would be done for these numbers: rows, or the path of a number list. Nothing is written.

        A row without evidence of its own has `evidence`, or else that of the configured `source`, which its source
        ids then belong to. Raises InputError when a file cannot be read.
        """
        listed = self._number_rows(numbers, NUMBER_LIST, source, evidence)
        return self._warned(listed.told_of(plan_attaches(self._draft(), listed.rows, self._habits.numbers)))

    def plan_replace(
        self,
        numbers: Iterable[NumberRow] | Path | str,
        *,
        source: str | None = None,
        evidence: Evidence | None = None,
    ) -> Plan:
        """What would be done for numbers that follow others: rows with `old_number` too, or the path of such a list.

        As `plan_attach` in everything else.
        """
        listed = self._number_rows(numbers, REPLACEMENT_LIST, source, evidence)
        return self._warned(listed.told_of(plan_replacements(self._draft(), listed.rows, self._habits.numbers)))

    def plan_withdraw(
        self,
        numbers: Iterable[NumberRow] | Path | str,
        *,
        source: str | None = None,
        evidence: Evidence | None = None,
    ) -> Plan:
        """What would be done for wrong numbers: rows whose `national_number` goes, or the path of such a list.

        As `plan_attach`, but evidence need not be there, and a configured source is none: it says that numbers are
        right.
        """
        listed = self._number_rows(numbers, WITHDRAWAL_LIST, source, evidence)
        return self._warned(listed.told_of(plan_withdrawals(self._draft(), listed.rows)))

    @gc_paused()
    def apply(
        self,
        plan: Plan,
        *,
        allow_changes: int | None = None,
        progress: Progress | None = None,
        stop: Stop | None = None,
    ) -> Outcome:
        """Carry out a plan. First passwords go to the hand-over file.

        `progress` is told now and then how many changes the directory has answered, and of how many. `stop`, such as a
        `threading.Event`, ends the run when it is set: what is under way is heard to its end, nothing more is sent, and
        `Outcome.stopped` says how to go on.

        Raises ConfigurationError, with nothing written, in mode watch and when the plan changes more users than the
        caps allow (`allow_changes` allows that many).
        """
        self.check_allowed(plan, allow_changes=allow_changes)
        realm = self.organization.realm
        with self.journal.run():  # what persons and providers have answered stays as it is read here until the end
            answers = self._answers()
            executor = Executor(
                self.directory,
                self.journal,
                answers,
                self.settings.directory.source_id_attribute,
                self._handover(),
                None if plan.exact else NextNames(plan, self._habits.names, self.directory, answers.issued, realm),
                debts=self.services.debts(plan.updates),
                progress=progress,
                stop=stop,
            )
            outcome = executor.apply(plan)
            if plan.listed:
                keep_held(self.journal, plan.listed, outcome.refusals)
            return outcome

    def check_allowed(self, plan: Plan, *, allow_changes: int | None = None) -> None:
        """Whether `apply` would carry this plan out: raises what it would raise, and writes nothing."""
        self._may_write()
        caps, updates = self.settings.caps, len(plan.updates) + len(plan.closes)
        over = updates > caps.changes and updates * 100 > caps.percent * plan.ours
        if over and (allow_changes is None or updates > allow_changes):
            raise ConfigurationError(
                f"The plan changes {updates} of {plan.ours} users, more than the caps allow. Look at the plan; if it "
                f"is right: --allow-changes {updates}."
            )

    def attach(
        self,
        user: str,
        number_text: str,
        *,
        evidence: Evidence | None = None,
        birth_date: date | None = None,
    ) -> Outcome:
        """Register the number of one user, by Feide name.

        Raises Refused, with the code, when the number is refused, needs evidence, or is held by somebody else.
        """
        one = OneNumber(user.strip().lower(), NumberText(number_text), birth_date, evidence)
        return self._of_one(plan_attaches(self._draft(), [one], self._habits.numbers))

    def replace(
        self,
        user: str,
        old_number_text: str,
        number_text: str,
        *,
        evidence: Evidence | None = None,
        birth_date: date | None = None,
    ) -> Outcome:
        """Another number for one user, by Feide name, in place of the old one, which the user must hold.

        Raises Refused, with the code, when the user holds another number or none, or as `attach`.
        """
        old = NumberText(old_number_text)
        one = OneNumber(user.strip().lower(), NumberText(number_text), birth_date, evidence, old)
        return self._of_one(plan_replacements(self._draft(), [one], self._habits.numbers))

    def withdraw(self, user: str, number_text: str, *, evidence: Evidence | None = None) -> Outcome:
        """Take a wrong number away from one user, by Feide name, who waits for the right one from then on.

        Raises Refused, with the code, when the user holds another number.
        """
        one = OneNumber(user.strip().lower(), NumberText(number_text), evidence=evidence)
        return self._of_one(plan_withdrawals(self._draft(), [one]))

    def pending(self) -> list[PendingUser]:
        """The users without a number, those who have waited longest first."""
        users = pending_users(
            self.directory,
            self._journal_so_far.events() if self._journal_so_far else (),
            source_id_attribute=self.settings.directory.source_id_attribute,
            on=self.on,
        )
        return sorted(users, key=lambda user: (-(user.days or 0), user.user))

    def check(
        self, *, ldif: Path | str | None = None, only: Collection[str] = (), ignore: Collection[str] = ()
    ) -> list[Finding]:
        """What is wrong in the directory or, with `ldif`, in an export of it: errors first. Nothing is written.

        `only` and `ignore` are codes of findings. What is known and accepted is there too, as expected. Raises
        InputError for a code that there is not.
        """
        from feideprov.check.catalogue import chosen, unknown
        from feideprov.check.checker import check_directory
        from feideprov.check.context import CheckContext

        people = [one.code for one in self.settings.check.ignore if not one.code.startswith("D-")]  # those are doctor's
        if wrong := next(filter(None, map(unknown, people)), None):
            raise ConfigurationError(f"[[check.ignore]]: {wrong}")
        if ldif is not None and not Path(ldif).exists():
            raise InputError(f"There is no {scrub_path(ldif)}. Make an export with ldapsearch or slapcat.")
        rules, journal = chosen(only, ignore), self._journal_so_far
        with self._as_it_is() if ldif is None else LdifExport(Path(ldif)) as directory:
            around = CheckContext(
                self.organization,
                directory,
                self.settings,
                on=self.on,
                events=journal.events() if journal else (),
                key=journal.key if journal else None,
            )
            return sorted(check_directory(around, rules), key=lambda one: one.order)

    def observe(
        self,
        *,
        ldif: Path | str | None = None,
        source: str | None = None,
        evidence: Evidence | None = None,
        allow_changes: int | None = None,
    ) -> Observation:
        """What changed since last time, by anyone's hand, in the directory or, with `ldif`, in an export of it: numbers
        that arrived, changed or went.

        It goes to the journal, with the notices that are owed for it; the directory is only read. Numbers that arrived
        are judged, by `evidence` or that of the configured `source` too; of one that is refused or held nobody is told.
        The first time there is only the journal to compare with. Raises InputError for an export that cannot be used;
        DirectoryError and ConfigurationError where so many numbers seem to have gone that the account may not be
        allowed to read them (`allow_changes`: as many as may have gone).
        """
        from feideprov.observe.observe import Observer
        from feideprov.observe.scan import Criteria
        from feideprov.services.audience import belongings

        if ldif is not None and not Path(ldif).exists():
            raise InputError(f"There is no {scrub_path(ldif)}. Make an export with ldapsearch or slapcat.")
        made = datetime.fromtimestamp(Path(ldif).stat().st_mtime, UTC) if ldif is not None else None
        of_source = source_of(self.settings, source)[0] if source is not None else None
        criteria = Criteria(self.on, self._habits.numbers, evidence or of_source, self._accepts)
        caps = self.settings.caps
        with LdifExport(Path(ldif)) if ldif is not None else nullcontext(self.directory) as directory:
            services = replace(self.services, belongings=lambda: belongings(directory))
            with self.journal.run():  # as in `apply`
                observer = Observer(directory, self.journal, criteria, services.debts(), made)
                observer.changes, observer.percent, observer.allowed = caps.changes, caps.percent, allow_changes
                return observer.observe()

    def checklist(self, user: str | None = None) -> list[Item]:
        """Where else the numbers that have changed must be changed on the same day: for everybody where that is not
        ticked, or for one user (a Feide name). The places are the organization's own list (`[checklist]`).

        Raises Refused (R-NO-CHANGE) when the journal knows of no change of that user's number.
        """
        return self._checklist.items(user) if self._journal_so_far or user is not None else []

    def tick(self, *places: str, user: str | None = None) -> list[Item]:
        """Write down that a number was changed in these places too (`all`: in every one): one user's or, without a
        user, everybody's who is on the list. Gives what was ticked, as it is now.

        Raises InputError for a place that is not in the list, Refused as `checklist`.
        """
        return self._checklist.tick(places, user)

    @property
    def _checklist(self) -> Checklist:
        return Checklist(self.journal, self.settings.checklist.places)

    def _accepts(self, user: str, verdict_code: str) -> bool:
        """Does the configuration accept a doubt about a user's number ([[check.ignore]])?"""
        code = verdict_code.replace("N-", "P-NIN-", 1)
        return any(one.accepts(code, user, self.on) for one in self.settings.check.ignore)

    def today(self) -> Today:
        """What there is to do today: who waits, what is held, whom to ask, what to send and what to tick.

        Raises DirectoryError when the directory cannot be read.
        """
        from feideprov.services.today import today

        return today(self.services, self.checklist())

    def doctor(self, user: str | None = None, password: str | None = None) -> Examination:
        """Look at the whole set-up, and rehearse Feide's login of `user`, a Feide name. Nothing is written.

        Without `password` the rehearsal leaves the login itself out. Raises InputError for a name that holds a number.
        """
        from feideprov.check.doctor import Doctor

        return Doctor(self.settings, self.organization, self._address(), self._unfurnished).examine(user, password)

    def history(self, user: str) -> list[Event]:
        """What was done to a user, in order."""
        return self.journal.events(user.strip().lower())

    def is_about(self, event: Event, number_text: str) -> bool:
        """Whether an event of the journal, and the evidence in it, is about this number.

        The journal holds no number, only marks made with the organization's key.
        """
        return self.journal.key.of_number(number_text) in (event.number_mark, event.old_number_mark)

    def verify(self) -> list[Finding]:
        """Where the directory and the journal differ: errors first. Nothing is written, and no run is waited for."""
        from feideprov.check.agreement import differences

        if (journal := self._journal_so_far) is None:
            return []
        section, by = self.settings.directory, self.settings.login.by
        found = differences(
            journal,
            self.directory,
            source_id_attribute=section.source_id_attribute,
            password=by == "directory",
        )
        return sorted(found, key=lambda one: one.order)

    def resolve(
        self,
        user: str,
        *,
        same_as: str | None = None,
        different: bool = False,
        second_account_of: str | None = None,
    ) -> str:
        """A person's answer to a question about people. Gives the sentence that was written down.

        `same_as`: the user is the person with this source id; the source id is written to the entry when it has
        none. `different`: the user is nobody else, however alike. `second_account_of`: both users are one person's.
        """
        self._may_write()
        user = user.strip().lower()
        with self.journal.run():
            found = DirectoryState.read(self.directory, self.settings.directory.source_id_attribute)
            entry = self._the_user(found, user)
            if same_as is not None:
                return self._link(found, entry, same_as.strip())
            if second_account_of is not None:
                other = name_of(self._the_user(found, second_account_of.strip().lower()))
                if other == user:
                    raise Refused("A user is not the second account of itself.", code="R-NO-USER")
                self.journal.note(Event(Kind.SECOND_ACCOUNT, user, str(entry.dn), other=other))
                return f"{user} and {other} are two accounts of one person."
            if different:
                self.journal.note(Event(Kind.DIFFERENT, user, str(entry.dn)))
                return f"{user} is nobody else."
        raise InputError("Say --same-as, --different or --second-account-of.")

    def plan_units(self) -> Plan:
        """What the directory's entries of the organization and its schools lack, by the configuration.

        Raises DirectoryError when the server's schema has no such entries.
        """
        from feideprov.directory.ldap.directory import LdapDirectory

        with self._unfurnished() as directory:
            if isinstance(directory, LdapDirectory):
                directory.check_schema()
            return plan_units(self.organization, directory)

    def furnish(self) -> Outcome:
        """Make and update the entries of the organization and its schools, and what they stand below.

        An LDIF file that is not there is begun. What the configuration says nothing about is left as it is.
        """
        self._may_write()
        if self._given_directory is None and (path := ldif_path(self.settings)):
            LdifDirectory.begin(path)
        plan = self.plan_units()
        with self.journal.run(), self._unfurnished() as directory:
            # with nothing to furnish, what an earlier run left open is found out, also about numbers
            debts = None if plan.changes else self.services.debts()
            return Executor(directory, self.journal, self._answers(), debts=debts).apply(plan)

    def plan_close(self, users: Iterable[str]) -> Plan:
        """What would be done to close these users (Feide names): only ours are."""
        return self._logins().close(users)

    def plan_reopen(self, users: Iterable[str]) -> Plan:
        """What would be done to let closed users log in again."""
        return self._logins().reopen(users)

    def plan_passwords(self, users: Iterable[str]) -> Plan:
        """What would be done to give these users a new first password.

        Raises ConfigurationError where users log in with Entra: there is no password here.
        """
        if self.settings.login.by != "directory":
            raise ConfigurationError("[login] by is “entra”: passwords are kept there. Give a new one in Entra.")
        return self._logins().new_passwords(users)

    def plan_rename(self, user: str, *, to: str | None = None) -> Plan:
        """What would be done to give a user another Feide name: one made from the names that the user has now, or `to`.

        Raises Refused, with the code, when there is no such user of ours, or `to` is no name that may be given.
        """
        return plan_rename(self._draft(), self._habits.names, self.organization.realm, user, to=to)

    def rename(self, user: str, *, to: str | None = None) -> Outcome:
        """Give a user another Feide name. The old one is kept as a former name, and never given to anybody else.

        Raises as `plan_rename`.
        """
        return certain(self.apply(self.plan_rename(user, to=to)))

    def reopen(self, user: str) -> Outcome:
        """Let a closed user log in again. A new first password goes to the hand-over file.

        Raises Refused, with the code, when there is no such user of ours.
        """
        return certain(self.apply(self.plan_reopen([user])))

    def password(self, user: str) -> Outcome:
        """A new first password for a user who lost it; it goes to the hand-over file.

        Raises Refused, with the code, when there is no such user of ours, or the user is closed.
        """
        return certain(self.apply(self.plan_passwords([user])))

    def _unfurnished(self) -> Directory:
        """The directory as it is; a file that is not there yet is an empty directory."""
        path = ldif_path(self.settings)
        absent = self._given_directory is None and path is not None and not path.exists()
        return self._based(MemoryDirectory()) if absent else self._as_it_is()

    def _as_it_is(self) -> Directory:
        """The directory, without the checks that a furnished one passes."""
        return self._based(self._given_directory or directory_of(self.settings, self.organization))

    def _based(self, directory: Directory) -> Directory:
        if not directory.base.rdns:
            base = self.settings.directory.base_dn
            directory.base = DN.parse(base) if base else self.organization.people.parent
        return directory

    def _address(self) -> LdapAddress | None:
        """Where the LDAP server is; None for another kind of directory."""
        from feideprov.directory.ldap.directory import LdapDirectory
        from feideprov.directory.ldap.server import addresses

        section, given = self.settings.directory, self._given_directory
        if given is not None:
            return given.address if isinstance(given, LdapDirectory) else None
        if ldif_path(self.settings):
            return None
        ca_file = str(self.settings.path(section.ca_file)) if section.ca_file else None
        return addresses(section.url, ca_file=ca_file, tls=section.tls == "on")[0]

    def save_plan(self, plan: Plan, path: Path, *, source: Path) -> None:
        """Write a plan to a file (.json), to be applied later as it stands. Raises InputError when it cannot be."""
        try:
            plan_file.save(plan, path, key=self.journal.key, fingerprint=fingerprint_of(self.settings), source=source)
        except OSError as error:
            raise InputError(f"The plan {scrub_path(path)} cannot be written: {error.strerror}.") from None

    def load_plan(self, path: Path) -> Plan | None:
        """The plan in a file, or None when the file is no plan. What the directory has moved under is held, alone.

        Raises InputError when it was altered, or made with another key or configuration.
        """
        content = plan_file.read(path, key=self.journal.key, fingerprint=fingerprint_of(self.settings))
        if content is None:
            return None
        listed = ListedNumbers(
            plan_file.input_of(content),
            self.organization,
            self._habits.numbers,
            self.on,
            self.settings.columns,
            [source.name for source in self.settings.sources],
        )
        plan = plan_file.load(content, key=self.journal.key, directory=self.directory, listed=listed)
        return self._warned(replace(plan, listed=_shown_by("plan", plan_file.input_of(content))))

    @overload
    def close(self) -> None: ...
    @overload
    def close(self, user: str) -> Outcome: ...
    def close(self, user: str | None = None) -> Outcome | None:
        """With a Feide name: that user cannot log in any more, and the name stays reserved. Without: let go of
        directory and journal, unless they were given.

        Raises Refused, with the code, when there is no such user of ours.
        """
        if user is not None:
            return certain(self.apply(self.plan_close([user])))
        for name, given in (("directory", self._given_directory), ("journal", self._given_journal)):
            ours = self.__dict__.pop(name, given)
            if ours is not given and ours is not None:
                ours.close()
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _number_rows(
        self,
        numbers: Iterable[NumberRow] | Path | str,
        layout: Layout,
        source: str | None,
        evidence: Evidence | None,
    ) -> _Listed:
        """The rows of a number list, each with its evidence, and with source ids as the directory has them."""
        refusals: tuple[Refusal, ...] = ()
        notes: tuple[str, ...] = ()
        given = numbers
        if isinstance(numbers, Path | str):
            listed = read_number_list(Path(numbers), columns=self.settings.columns, on=self.on, layout=layout)
            unanswered = (f"{listed.unanswered} rows have no number yet.",) if listed.unanswered else ()
            numbers, refusals = listed.rows, listed.refusals
            notes = (*_ignored(listed.ignored_columns), *unanswered)
        command = "withdraw" if layout is WITHDRAWAL_LIST else "replace" if layout is REPLACEMENT_LIST else "attach"
        of_source, prefix = source_of(self.settings, source) if source is not None else (None, None)
        evidence = evidence or (None if layout is WITHDRAWAL_LIST else of_source)
        rows = [replace(row, evidence=row.evidence or evidence) for row in numbers]
        if prefix:
            rows = [replace(row, source_id=row.source_id and f"{prefix}:{row.source_id}") for row in rows]
        return _Listed(rows, refusals, notes, _shown_by(command, given))

    def _warned(self, plan: Plan) -> Plan:
        """The plan, with what there is to say about services where numbers change."""
        about_numbers = any(isinstance(change, OfNumber) for change in plan.changes)
        sentence = self.services.warning() if about_numbers else None
        return replace(plan, notes=(*plan.notes, sentence)) if sentence else plan

    def _of_one(self, plan: Plan) -> Outcome:
        """The outcome of one change of a number, which nobody has seen a plan of."""
        outcome = certain(self.apply(plan))
        return replace(outcome, warnings=(*outcome.warnings, *self._warned(plan).notes))

    def _logins(self) -> LoginPlanner:
        return LoginPlanner(self._draft(), self.organization, self.settings.login.by == "directory")

    def _handover(self) -> HandoverFile | NoHandover:
        if self.settings.login.by != "directory":
            return NoHandover()
        return HandoverFile(self.settings.path(self.settings.journal.handover))

    def _draft(self) -> PlanBuilder:
        found = DirectoryState.read(self.directory, self.settings.directory.source_id_attribute)
        dropping = self.organization.realm if self.settings.numbers.drop_local_numbers else None
        return PlanBuilder(found, self._answers(), self.on, dropping)

    def _answers(self) -> KnownUsers:
        return KnownUsers.read(self.journal)

    def _may_write(self) -> None:
        if self.settings.directory.mode == "watch":
            raise ConfigurationError(
                "[directory] mode is “watch”: this never writes. Another system keeps the directory."
            )

    def _the_user(self, found: DirectoryState, user: str) -> Entry:
        entry = found.user(user)
        usable_name_of(entry)
        return entry

    def _link(self, found: DirectoryState, entry: Entry, source_id: str) -> str:
        attribute, user = self.settings.directory.source_id_attribute, name_of(entry)
        if not source_id or number_shaped(source_id):
            raise InputError("A source id is the municipality's own key of the person, never an identity number.")
        others = {name_of(e) for e in found.by_source_id.get(fold(source_id), [])} - {user}
        others |= {self._answers().linked.get(fold(source_id), user)} - {user}
        if others:
            sentence = f"{' and '.join(sorted(others))} has this source id already. Find out whose it is."
            raise Refused(sentence, code="R-TWO-USERS", held=True)
        ids = self.journal.intend([Event(Kind.LINK, user, str(entry.dn), source_id=source_id)])
        if not entry.values(attribute):
            step = Modification("add", attribute, (octets(source_id),))
            with self.directory.writing():
                for written in self.directory.write([Modify(entry.dn, (step,), (Precondition(NAME_ATTRIBUTE, user),))]):
                    if written.error is not None:
                        self.journal.advance(ids, State.REFUSED)
                        raise written.error
        self.journal.advance(ids, State.DONE)
        return f"{user} is the person with source id {source_id}, and is ours from now on."


@dataclass(frozen=True)
class _Listed:
    """The rows of a number list, and what there is to say about the others and about the list."""

    rows: Sequence[NumberRow]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...]
    shown_by: str = ""

    def told_of(self, plan: Plan) -> Plan:
        """The plan for the rows, with that added."""
        refusals = (*self.refusals, *plan.refusals)
        return replace(plan, refusals=refusals, notes=self.notes, listed=self.shown_by)


def _shown_by(command: str, listed: object) -> str:
    """The command that shows a file's rows again; empty for what comes from no file."""
    return f"{command} {shlex.quote(scrub_path(listed))}" if isinstance(listed, Path | str) else ""


def _ignored(columns: Sequence[str]) -> tuple[str, ...]:
    return (f"These columns are not known and were not read: {', '.join(columns)}.",) if columns else ()


def _make(directory: Directory, entries: Sequence[Entry]) -> None:
    with directory.writing():
        for written in directory.write([Add(entry) for entry in entries]):
            if written.error is not None:
                raise written.error


def _operating_system_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _today_in_norway() -> date:
    try:
        return datetime.now(ZoneInfo("Europe/Oslo")).date()
    except ZoneInfoNotFoundError:  # a machine without time zones
        return datetime.now().astimezone().date()
