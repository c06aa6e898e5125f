"""New first passwords for users of a run that was cut off who have none that works."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, SetPassword
from feideprov.directory.protocol import Directory
from feideprov.feide.initial_password import InitialPassword
from feideprov.provision.handover import FirstPassword, HandoverFile
from feideprov.provision.journal import Event


def new_passwords(directory: Directory, made: Sequence[tuple[Event, Entry]], handover: HandoverFile) -> list[str]:
    """Gives sentences about who got one.

    Who has a hand-over row has the password in it. Only the first user of a run can have one that the server does not
    verify: the executor sends no second one before a login has shown that it does.
    """
    rows = handover.passwords()
    without = [(event, entry) for event, entry in made if event.feide_name not in rows]
    if made and directory.login_needs_proof:
        event, entry = made[0]
        password = rows.get(event.feide_name)
        if password and not directory.confirm_login(entry.dn, password):
            without.insert(0, (event, entry))
    new = [(event.feide_name, entry.dn, _password(event, entry)) for event, entry in without]
    names = ("" if event.protected else entry.text("displayName") or "" for event, entry in without)
    handover.add(FirstPassword(user, name, "", p.reveal()) for (user, _, p), name in zip(new, names, strict=True))
    return list(_set(directory, new))


def _password(event: Event, entry: Entry) -> InitialPassword:
    return InitialPassword.new(entry.text("displayName") or "", event.feide_name.partition("@")[0])


def _set(directory: Directory, new: Iterable[tuple[str, DN, InitialPassword]]) -> Iterable[str]:
    for user, dn, password in new:
        for written in directory.write([SetPassword(dn, password.reveal())]):
            told = "has a new first password" if written.error is None else f"has no password: {written.error}"
            yield f"{user} {told}."
        directory.confirm_login(dn, password.reveal())
