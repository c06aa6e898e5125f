"""New first passwords for users of a run that was cut off who have none that works."""

from __future__ import annotations

from collections.abc import Sequence

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, SetPassword
from feideprov.directory.protocol import Directory
from feideprov.errors import DirectoryError
from feideprov.feide.initial_password import InitialPassword
from feideprov.journal.journal import Event
from feideprov.provision.run.handover import FirstPassword, HandoverFile


def new_passwords(directory: Directory, made: Sequence[tuple[Event, Entry]], handover: HandoverFile) -> list[str]:
    """Gives sentences about who got one.

    Who has a hand-over row has the password in it. Only the first user of a run can have one that the server does not
    verify: the executor sends no second one before a login has shown that it does.

    The rows come last: who was given a password and has no row yet, because this was cut off too, is given another
    by the next run. A row that came first would be taken for a password that works.
    """
    rows = handover.passwords()
    without = [(event, entry) for event, entry in made if event.feide_name not in rows]
    if made and directory.login_needs_proof:
        event, entry = made[0]
        password = rows.get(event.feide_name)
        if password and not directory.confirm_login(entry.dn, password):
            without.insert(0, (event, entry))
    sentences, rows_to_come = list[str](), list[FirstPassword]()
    for event, entry in without:
        user, name = event.feide_name, entry.text("displayName") or ""
        new = InitialPassword.new(name, user.partition("@")[0])
        if error := _set(directory, entry.dn, new):
            sentences.append(f"{user} has no password: {error}.")
        else:
            sentences.append(f"{user} has a new first password.")
            rows_to_come.append(FirstPassword(user, "" if event.protected else name, "", new.reveal()))
    handover.add(rows_to_come)
    return sentences


def _set(directory: Directory, dn: DN, password: InitialPassword) -> DirectoryError | None:
    [written] = directory.write([SetPassword(dn, password.reveal())])
    if written.error is None:
        directory.confirm_login(dn, password.reveal())
    return written.error
