"""`feide.users`: close, reopen and rename users, give them passwords, and say who is who."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.client.context import Context
from feideprov.client.linking.protection import ProtectedUsers
from feideprov.client.linking.taking_over import LinkedUsers
from feideprov.client.lists.closing_list import read_closing_list, read_user_list
from feideprov.client.plans import apply_to_one
from feideprov.client.who_is_who import (
    PlannedAnswer,
    entry_of,
    plan_different,
    plan_gone,
    plan_same_as,
    plan_second_account,
    plan_undo,
    write_down,
)
from feideprov.errors import ConfigurationError, InputError
from feideprov.journal.events import Event, Kind
from feideprov.journal.users import KnownUsers
from feideprov.look_alikes import visible
from feideprov.messages import Sentence
from feideprov.programs.calls import public
from feideprov.provision.plan.logins import LoginPlanner, plan_rename
from feideprov.provision.plan.plan import Outcome, Plan

if TYPE_CHECKING:
    from feideprov.client.question_sheet import QuestionSheet, SheetOutcome


@public
class Users(LinkedUsers, ProtectedUsers):
    """Single users, by Feide name. Only users that this tool created, or that were linked to it, are changed.

    Each change is also there as a plan (`plan_close` …), which writes nothing: give it to `Client.apply`.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def plan_close(
        self,
        users: Iterable[str] | Path,
        *,
        source: str | None = None,
        encoding: str | None = None,
        sheet: str | None = None,
    ) -> Plan:
        """Plan to close users, as `close` does.

        Parameters:
            users: Feide names, or the path of a list with `user` or `source_id`, and perhaps `last_day`, such as the
                one of `plan --leavers-list`. Who has a last day that is not over is not closed yet.
            source: the configured source whose source ids the list has: they may then stand without its prefix.
            encoding, sheet: as for `Client.plan`.

        Returns: the plan; users that cannot be closed are among its refusals.

        Raises:
            InputError: the file cannot be read.
            ConfigurationError: there is no such source.
            DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        if not isinstance(users, Path):
            return self._planner().close(users)
        listed = read_closing_list(self._context, users, source, encoding, sheet)
        return listed.finished(self._planner().close_listed(listed.rows))

    def close(self, user: str) -> Outcome:
        """Close a user, who cannot log in any more. The entry stays, and the name is never given to anybody else.

        Parameters:
            user: a Feide name.

        Returns: the outcome; unchanged when the user is closed already.

        Raises:
            Refused: there is no such user of ours; it has the code.
            ConfigurationError: the mode is watch.
            DirectoryError, JournalError: the directory or the journal cannot be used.
        """
        return apply_to_one(self._context, self.plan_close([user]))

    def plan_reopen(self, users: Iterable[str]) -> Plan:
        """Plan to let closed users log in again, as `reopen` does.

        Parameters, returns and raises: as `plan_close`.
        """
        return self._planner().reopen(users)

    def reopen(self, user: str) -> Outcome:
        """Let a closed user log in again. A new first password goes to the hand-over file.

        Parameters, returns and raises: as `close`.
        """
        return apply_to_one(self._context, self.plan_reopen([user]))

    def plan_password(self, users: Iterable[str] | Path) -> Plan:
        """Plan to give users a new first password, as `password` does.

        Parameters:
            users: Feide names, or the path of a list with `user` or `source_id`.

        Returns: the plan; users that cannot get one are among its refusals.

        Raises:
            InputError: the file cannot be read.
            ConfigurationError: users log in with Entra, so the directory has no passwords.
            DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        if self._context.settings.login.by != "directory":
            raise ConfigurationError(
                Sentence("[login] by is “entra”, so passwords are kept in Entra. Give the user a new password there.")
            )
        if isinstance(users, Path):
            listed = read_user_list(self._context, users, "password")
            return listed.finished(self._planner().new_passwords_listed(listed.rows))
        return self._planner().new_passwords(users)

    def password(self, user: str) -> Outcome:
        """Give a user who lost the password a new first one. It goes to the hand-over file.

        Parameters:
            user: a Feide name.

        Returns: the outcome.

        Raises:
            Refused: there is no such user of ours, or the user is closed; it has the code.
            ConfigurationError: users log in with Entra, or the mode is watch.
            DirectoryError, JournalError: the directory or the journal cannot be used.
        """
        return apply_to_one(self._context, self.plan_password([user]))

    def plan_rename(self, user: str, *, to: str | None = None) -> Plan:
        """Plan to give a user another Feide name, as `rename` does.

        Parameters:
            user: the Feide name now.
            to: the new user name or Feide name; without it, one is made from the names that the user has now.

        Returns: the plan.

        Raises:
            Refused: there is no such user of ours, or the new name may not be given; it has the code.
            DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        context = self._context
        names, realm = context.build_options.names, context.organization.realm
        context.journal.require_current()
        return plan_rename(context.builder(), names, realm, user, to=to)

    def rename(self, user: str, *, to: str | None = None) -> Outcome:
        """Give a user another Feide name. The old one is kept as a former name, and never given to anybody else.

        Parameters: as `plan_rename`.

        Returns: the outcome.

        Raises:
            Refused: there is no such user of ours, or the new name may not be given; it has the code.
            ConfigurationError: the mode is watch.
            DirectoryError, JournalError: the directory or the journal cannot be used.
        """
        return apply_to_one(self._context, self.plan_rename(user, to=to))

    def history(self, user: str) -> list[Event]:
        """What was done to a user, in order.

        Parameters:
            user: a Feide name, today's or a former one.

        Returns: the events of the journal. In `other`, users have the names that they have today: of a rename to a name
            that is not today's, it is only told that there was one.

        Raises:
            JournalError: the journal cannot be read.
        """
        journal, user = self._context.journal, visible(user).strip().lower()
        known = KnownUsers.of(journal.facts({Kind.RENAME}))
        return [_with_names_of_today(event, user, known) for event in journal.events(user)]

    def plan_resolve(
        self,
        user: str,
        *,
        same_as: str | None = None,
        different: bool | str = False,
        second_account_of: str | None = None,
        undo: bool | str = False,
        gone: bool = False,
    ) -> PlannedAnswer:
        """Plan to write down who a user is, as `resolve` does. `Client.apply` does not take this plan.

        Parameters: as `resolve`.

        Returns: what would be written down, with its sentence.

        Raises:
            InputError, Refused: as `resolve`.
            DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        if gone:
            return plan_gone(self._context, user)
        builder = self._context.builder()
        entry = entry_of(builder, user)
        if undo:
            return plan_undo(self._context, builder, entry, None if isinstance(undo, bool) else undo)
        if same_as is not None:
            return plan_same_as(builder, entry, same_as)
        if second_account_of is not None:
            return plan_second_account(builder, entry, second_account_of)
        if different:
            return plan_different(builder, entry, None if isinstance(different, bool) else different)
        raise InputError(Sentence("Give one of --same-as, --different, --second-account-of, --undo and --gone."))

    def resolve(
        self,
        user: str,
        *,
        same_as: str | None = None,
        different: bool | str = False,
        second_account_of: str | None = None,
        undo: bool | str = False,
        gone: bool = False,
    ) -> str:
        """Write down a person's decision about who a user is, so that rows that are held can go on.

        Parameters:
            user: a Feide name.
            same_as: the user is the person with this source id. It is written to the entry when that has none.
            different: the source id of the person that the user is not; or True: the user is not the person of any row
                that is alike in the next list that is applied.
            second_account_of: another Feide name; both users are accounts of one person.
            undo: take the last of these answers back, or the last one about this source id. A source id that was
                written to the entry for it is deleted there, if it still stands.
            gone: the user's entry was deleted from the directory on purpose, so a list creates the person again, with
                another Feide name.

        Returns: the sentence that says what was written down.

        Raises:
            InputError: none of these is given, or the source id looks like an identity number.
            Refused: there is no such user, another user has the source id, there is nothing to take back, or the
                directory shows the user who is said to be gone; it has the code.
            ConfigurationError: the mode is watch.
            DirectoryError, JournalError: the directory or the journal cannot be used.
        """
        self._context.require_write_mode()
        with self._context.journal.run():
            planned = self.plan_resolve(
                user, same_as=same_as, different=different, second_account_of=second_account_of, undo=undo, gone=gone
            )
            [error] = write_down(self._context, [planned])
        if error is not None:
            raise error
        return planned.recorded

    def questions(self, plan: Plan | None = None) -> QuestionSheet:
        """The questions about who is who that hold rows of the lists that were applied last. The lists are read again.

        Parameters:
            plan: the plan of one list; then the questions are those of this plan, and nothing is read again.

        Returns: the questions; `csv()` makes a sheet of them, to be filled in by people who know the answers.

        Raises:
            DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        from feideprov.client.question_sheet import open_questions, questions_of

        return open_questions(self._context) if plan is None else questions_of(self._context, plan)

    def plan_resolve_sheet(self, path: Path | str) -> SheetOutcome:
        """Plan what `resolve_sheet` does. Nothing is written.

        Parameters, returns and raises: as `resolve_sheet`.
        """
        from feideprov.client.question_sheet import SheetReader

        return SheetReader(self._context, Path(path)).read(carry_out=False)

    def resolve_sheet(self, path: Path | str) -> SheetOutcome:
        """Write down the answers in a sheet of questions: same (`resolve --same-as`), new (`resolve --different`).

        Parameters:
            path: the sheet (CSV).

        Returns: what was written down; lines that are refused, and those that stay open, are counted.

        Raises:
            InputError: the file cannot be read.
            ConfigurationError: the mode is watch.
            DirectoryError, JournalError: the directory or the journal cannot be used.
        """
        from feideprov.client.question_sheet import SheetReader

        self._context.require_write_mode()
        with self._context.journal.run():
            return SheetReader(self._context, Path(path)).read(carry_out=True)

    def _planner(self) -> LoginPlanner:
        by_directory = self._context.settings.login.by == "directory"
        self._context.journal.require_current()  # without it, nobody would be a user of ours
        return LoginPlanner(self._context.builder(), by_directory)


def _with_names_of_today(event: Event, user: str, known: KnownUsers) -> Event:
    if event.other is None:
        return event
    if event.kind is not Kind.RENAME:
        return replace(event, other=known.name_today(event.other))
    is_former = event.state.took_place and event.other.lower() != known.name_today(user)
    return replace(event, other=None) if is_former else event
