"""First passwords of an interrupted run: which of them are known to work, and new ones for users who have none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, SetPassword
from feideprov.directory.protocol import Directory
from feideprov.directory.second_look import carried_out
from feideprov.errors import DirectoryError
from feideprov.feide.first_password.at_school import AtSchool
from feideprov.feide.first_password.style import SYLLABLES, PasswordStyle
from feideprov.feide.initial_password import InitialPassword
from feideprov.journal.events import State
from feideprov.journal.journal import Event
from feideprov.messages import Sentence
from feideprov.provision.plan.login_changes import NewPassword
from feideprov.provision.plan.logins import first_password
from feideprov.provision.run.handover import HandoverFile
from feideprov.provision.run.password_sink import FirstPassword, PasswordSink


class LostPasswords:
    """What the hand-over file, or the sink of a program, has of the passwords that an interrupted run has set.

    The file is read. A sink cannot be read; it has what the run added to it, and a change that the directory had
    confirmed was made with that password. Whether another was made is not known, so it is made with a new password.
    """

    def __init__(self, directory: Directory, sink: PasswordSink, style: PasswordStyle = SYLLABLES) -> None:
        self._directory = directory
        self._sink = sink
        self._style = style
        self._file = sink if isinstance(sink, HandoverFile) else None

    @cached_property
    def _rows(self) -> dict[str, str]:
        """The passwords in the file; empty where it was erased."""
        return {row.user: row.password for row in self._file.rows()} if self._file else {}

    def login_state(self, event: Event, entry: Entry) -> State:
        """Whether a user was reopened, or got a new password. Passwords cannot be read: when only the password would
        show it, the change counts as not done, and making it again does no harm."""
        if self._file is None:  # a user who has a password already can be given another one
            done = event.state is not State.INTENDED or event.kind == NewPassword.kind
        else:
            password = self._rows.get(event.feide_name)
            done = bool(password) and self._directory.accepts_login(entry.dn, password or "")
        return State.DONE if done else State.NOT_DONE

    def outcome(self, state: State) -> Sentence | None:
        """What is said of such a change, when it is not what is said with a hand-over file."""
        return Sentence("done.") if self._file is None and state is State.DONE else None

    def give_new(
        self, made: Sequence[tuple[Event, Entry]], in_doubt: Collection[str]
    ) -> tuple[list[Sentence], dict[str, Sentence]]:
        """Gives new first passwords. `made` are the users that the run created, or gave a password. Returns sentences
        about who got one, and one for each user who was to get one and has none that works.

        A user has the password that was handed over, apart from those `in_doubt`: a login shows it. Only the first user
        of a run can have a password that the server does not verify: the executor sends no second one before a login
        has shown that it does.

        The rows are written last: a user who was given a password and has no row yet, because this was interrupted too,
        is given another one by the next run. A row written first would look like a password that works.
        """
        self.__dict__.pop("_rows", None)  # some were removed or renamed
        without = [(event, entry) for event, entry in made if not self._is_known(event, entry, in_doubt)]
        if made and made[0] not in without and self._directory.login_needs_proof and not self._is_proven(*made[0]):
            without.insert(0, made[0])
        sentences, failed, new_rows = list[Sentence](), dict[str, Sentence](), list[FirstPassword]()
        for event, entry in without:
            user = event.feide_name
            new = first_password(self._style, user, entry)
            if error := self._set(entry.dn, new):
                failed[user] = Sentence(
                    "{user} has no first password. {reason} Then run: feideprov password {user}",
                    user=user,
                    reason=error.sentence,
                )
            else:
                sentences.append(self._given(user))
                new_rows.append(self._row(event, entry, new))
        self._sink.add(new_rows)
        return sentences, failed

    def _row(self, event: Event, entry: Entry, password: InitialPassword) -> FirstPassword:
        if event.protected:
            return FirstPassword(event.feide_name, "", "", password.reveal())
        at, name = AtSchool.of(entry.texts), entry.text("displayName") or ""
        school = self._file.school_at(at.unit) if self._file else ""
        told = at.group, at.grade, at.language, at.unit
        return FirstPassword(event.feide_name, name, school, password.reveal(), *told)

    def _is_known(self, event: Event, entry: Entry, in_doubt: Collection[str]) -> bool:
        """Whether the user has the password that was handed over."""
        if self._file is None:
            return event.state is not State.INTENDED and event.feide_name not in in_doubt
        row = self._rows.get(event.feide_name)
        if row is None or event.feide_name not in in_doubt:
            return row is not None
        return bool(row) and self._directory.accepts_login(entry.dn, row)  # a bind without a password is no login

    def _is_proven(self, event: Event, entry: Entry) -> bool:
        password = self._rows.get(event.feide_name)
        return bool(password) and self._directory.confirm_login(entry.dn, password or "")

    def _given(self, user: str) -> Sentence:
        if self._file is None:
            return Sentence("{user} has a new first password.", user=user)
        return Sentence("{user} has a new first password. It is in the hand-over file.", user=user)

    def _set(self, dn: DN, password: InitialPassword) -> DirectoryError | None:
        [written] = carried_out(self._directory, [SetPassword(dn, password.reveal())])
        if written.error is None:
            self._directory.confirm_login(dn, password.reveal())
        return written.error
