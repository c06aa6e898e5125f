"""`feide.users`: close, reopen and rename users, give them passwords, and say who is who."""

from __future__ import annotations

from collections.abc import Iterable

from feideprov.client.context import Context
from feideprov.client.plans import apply_to_one
from feideprov.directory.dn import same_key
from feideprov.directory.entry import Entry, Modification, Modify, Precondition, octets
from feideprov.directory.protocol import NAME_ATTRIBUTE
from feideprov.errors import ConfigurationError, InputError, Refused
from feideprov.journal.events import Event, Kind, State
from feideprov.look_alikes import visible
from feideprov.messages import Sentence, listed
from feideprov.numbers import key_is_number
from feideprov.provision.plan.builder import PlanBuilder, name_of, usable_name_of
from feideprov.provision.plan.directory_state import R_NO_USER, R_TWO_USERS, DirectoryState
from feideprov.provision.plan.logins import LoginPlanner, plan_rename
from feideprov.provision.plan.plan import Outcome, Plan


class Users:
    """Single users, by Feide name. Only users that this tool created, or that were linked to it, are changed.

    Each change is also there as a plan (`plan_close` …), which writes nothing: give it to `Client.apply`.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def plan_close(self, users: Iterable[str]) -> Plan:
        """Plan to close users, as `close` does.

        Parameters:
            users: Feide names.

        Returns: the plan; users that cannot be closed are among its refusals.

        Raises:
            DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        return self._planner().close(users)

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

    def plan_password(self, users: Iterable[str]) -> Plan:
        """Plan to give users a new first password, as `password` does.

        Parameters and returns: as `plan_close`.

        Raises:
            ConfigurationError: users log in with Entra, so the directory has no passwords.
            DirectoryError, JournalError: the directory or the journal cannot be read.
        """
        if self._context.settings.login.by != "directory":
            raise ConfigurationError(
                Sentence("[login] by is “entra”, so passwords are kept in Entra. Give the user a new password there.")
            )
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
            user: a Feide name.

        Returns: the events of the journal.

        Raises:
            JournalError: the journal cannot be read.
        """
        return self._context.journal.events(visible(user).strip().lower())

    def resolve(
        self,
        user: str,
        *,
        same_as: str | None = None,
        different: bool | str = False,
        second_account_of: str | None = None,
    ) -> str:
        """Write down a person's decision about who a user is, so that rows that are held can go on.

        Parameters:
            user: a Feide name.
            same_as: the user is the person with this source id. It is written to the entry when that has none.
            different: the source id of the person that the user is not; or True: the user is not the person of any row
                that is alike in the next list that is applied.
            second_account_of: another Feide name; both users are accounts of one person.

        Returns: the sentence that says what was written down.

        Raises:
            InputError: none of the three is given, or the source id looks like an identity number.
            Refused: there is no such user, or another user has the source id; it has the code.
            ConfigurationError: the mode is watch.
            DirectoryError, JournalError: the directory or the journal cannot be used.
        """
        context = self._context
        context.require_write_mode()
        user = visible(user).strip().lower()
        with context.journal.run():
            builder = context.builder()
            state = builder.state
            entry = _entry_of(state, user)
            if same_as is not None:
                return self._link(builder, entry, same_as.strip())
            if second_account_of is not None:
                other = name_of(_entry_of(state, visible(second_account_of).strip().lower()))
                if other == user:
                    raise Refused(Sentence("Both names are the same user. Give two different users."), code=R_NO_USER)
                context.journal.note(Event(Kind.SECOND_ACCOUNT, user, str(entry.dn), other=other))
                return Sentence("Recorded: {user} and {other} are two accounts of one person.", user=user, other=other)
            if different:
                return self._different(entry, different)
        raise InputError(Sentence("Give one of --same-as, --different and --second-account-of."))

    def _planner(self) -> LoginPlanner:
        by_directory = self._context.settings.login.by == "directory"
        return LoginPlanner(self._context.builder(), self._context.organization, by_directory)

    def _different(self, entry: Entry, different: str | bool) -> Sentence:
        user, dn = name_of(entry), str(entry.dn)
        if isinstance(different, bool):
            self._context.journal.note(Event(Kind.DIFFERENT, user, dn))
            return Sentence(
                "Recorded: {user} is another person than those in the next list that is applied, even if name and "
                "birth date are the same.",
                user=user,
            )
        source_id = _usable_source_id(different)
        self._context.journal.note(Event(Kind.DIFFERENT, user, dn, source_id=source_id))
        return Sentence(
            "Recorded: {user} is not the person with source id {source_id}.", user=user, source_id=source_id
        )

    def _link(self, builder: PlanBuilder, entry: Entry, source_id: str) -> str:
        context, user = self._context, name_of(entry)
        attribute = context.settings.directory.source_id_attribute
        source_id = _usable_source_id(source_id)
        if entry.dn in builder.state.with_number_as_source_id:
            raise builder.state.number_as_source_id(entry.dn)
        others = {name_of(e) for e in builder.state.by_source_id.get(same_key(source_id), [])} - {user}
        others |= {builder.known_users.linked.get(same_key(source_id), user)} - {user}
        if others:
            sentence = Sentence(
                "{users} has this source id already. Find out whose source id it is.",
                plural="{users} have this source id already. Find out whose source id it is.",
                count=len(others),
                users=listed(sorted(others)),
            )
            raise Refused(sentence, code=R_TWO_USERS, held=True)
        ids = context.journal.intend([Event(Kind.LINK, user, str(entry.dn), source_id=source_id)])
        if not entry.values(attribute):
            step = Modification("add", attribute, (octets(source_id),))
            unchanged = Precondition(NAME_ATTRIBUTE, user)
            with context.directory.writing():
                for result in context.directory.write([Modify(entry.dn, (step,), (unchanged,))]):
                    if result.error is not None:
                        context.journal.advance(ids, State.REFUSED)
                        raise result.error
        context.journal.advance(ids, State.DONE)
        return Sentence(
            "Recorded: {user} is the person with source id {source_id}. From now on, this tool updates the user.",
            user=user,
            source_id=source_id,
        )


def _usable_source_id(text: str) -> str:
    source_id = visible(text).strip()
    if not source_id or key_is_number(source_id):
        raise InputError(
            Sentence(
                "The source id is empty or looks like an identity number. Use the municipality's own id of the person."
            )
        )
    return source_id


def _entry_of(state: DirectoryState, user: str) -> Entry:
    entry = state.user(user)
    usable_name_of(entry)  # raises Refused when the name cannot be written down
    return entry
