"""New first passwords for users of an interrupted run who have none that works."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, SetPassword
from feideprov.directory.protocol import Directory
from feideprov.directory.second_look import carried_out
from feideprov.errors import DirectoryError
from feideprov.feide.initial_password import InitialPassword
from feideprov.journal.journal import Event
from feideprov.messages import Sentence
from feideprov.provision.run.handover import FirstPassword, HandoverFile


def new_passwords(
    directory: Directory, made: Sequence[tuple[Event, Entry]], handover: HandoverFile, in_doubt: Collection[str]
) -> tuple[list[Sentence], dict[str, Sentence]]:
    """Gives new first passwords. `made` are the users that the run created. Returns sentences about who got one, and
    one for each user who was to get one and has none that works.

    A user with a row in the hand-over file has the password that is in it, apart from those `in_doubt`: a login shows
    it. Only the first user of a run can have one
    that the server does not verify: the executor sends no second one before a login has shown that it does.

    The rows are written last: a user who was given a password and has no row yet, because this was interrupted too, is
    given another one by the next run. A row written first would look like a password that works.
    """
    rows = handover.passwords()

    def has_password(user: str, entry: Entry) -> bool:
        row = rows.get(user)
        return row is not None and (user not in in_doubt or directory.accepts_login(entry.dn, row))

    without = [(event, entry) for event, entry in made if not has_password(event.feide_name, entry)]
    if made and directory.login_needs_proof:
        event, entry = made[0]
        password = rows.get(event.feide_name)
        if password and made[0] not in without and not directory.confirm_login(entry.dn, password):
            without.insert(0, (event, entry))
    sentences, failed, new_rows = list[Sentence](), dict[str, Sentence](), list[FirstPassword]()
    for event, entry in without:
        user, name = event.feide_name, entry.text("displayName") or ""
        new = InitialPassword.new(name, user.partition("@")[0])
        if error := _set(directory, entry.dn, new):
            failed[user] = Sentence(
                "{user} has no first password. {reason} Then run: feideprov password {user}",
                user=user,
                reason=error.sentence,
            )
        else:
            sentences.append(Sentence("{user} has a new first password. It is in the hand-over file.", user=user))
            new_rows.append(FirstPassword(user, "" if event.protected else name, "", new.reveal()))
    handover.add(new_rows)
    return sentences, failed


def _set(directory: Directory, dn: DN, password: InitialPassword) -> DirectoryError | None:
    [written] = carried_out(directory, [SetPassword(dn, password.reveal())])
    if written.error is None:
        directory.confirm_login(dn, password.reveal())
    return written.error
