"""The two accounts of OpenLDAP and 389, what is between them and the base, and the files of new passwords."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from feideprov.directory.dn import DN
from feideprov.directory.password import stored
from feideprov.errors import ConfigurationError, InputError, scrub
from feideprov.feide.organization import container
from feideprov.messages import Sentence
from feideprov.setup.change_record import addition
from feideprov.setup.step import SetupFile
from feideprov.setup.target import Account, Target

_CLASSES: Final = {
    "cn": ("organizationalRole", "simpleSecurityObject"),
    "uid": ("account", "simpleSecurityObject"),
}
"""The object classes of an account, by the attribute that names it."""


def account_records(target: Target) -> Iterator[str]:
    """The records that add both accounts, with hashes of their passwords. Raises ConfigurationError for a name that an
    account cannot have."""
    for account in (target.feideprov, target.feide):
        yield addition(str(account.dn), _account_entry(account))


def container_entry(dn: DN) -> Mapping[str, Sequence[str]]:
    """The attributes of an entry that only contains others. Raises InputError for a name that it cannot have."""
    entry = container(dn)
    return {name: entry.texts(name) for name, _ in entry.items()}


def containers(target: Target, top: DN | None = None) -> Iterator[DN]:
    """The entries above the accounts, the highest one first: from `top`, or else from below the base."""
    above = []
    dn = target.feideprov.dn.parent
    while dn.is_within(top or target.base) and dn not in (top, None if top else target.base):
        above.append(dn)
        dn = dn.parent
    return reversed([*above, top] if top else above)


def container_records(names: Iterable[DN], *, all_are_new: bool) -> Iterator[str]:
    """The records that add entries which only contain others. On a server that has some of them, one that setup cannot
    create is taken to be there; otherwise it raises InputError."""
    for dn in names:
        try:
            yield addition(str(dn), container_entry(dn))
        except InputError:
            if all_are_new:
                raise


def password_files(target: Target) -> Iterator[SetupFile]:
    """A file with the password of each account that gets a new one."""
    for account in (target.feideprov, target.feide):
        if account.password_file is not None:
            yield SetupFile(account.password_file, f"{account.password}\n", secret=True)


def _account_entry(account: Account) -> Mapping[str, Sequence[str | bytes]]:
    name, value = account.dn.own[0]
    if len(account.dn.own) > 1 or name not in _CLASSES:
        raise ConfigurationError(
            Sentence(
                "The account {dn} in bind_dn must be named by cn or uid, because setup creates it.",
                dn=scrub(str(account.dn)),
            )
        )
    return {
        "objectClass": _CLASSES[name],
        name: (value,),
        "userPassword": (stored(account.password, "ssha"),),
    }
