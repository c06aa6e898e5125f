"""The entries of the two accounts, and of what is between them and the base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from feideprov.directory.dn import DN
from feideprov.errors import ConfigurationError, scrub
from feideprov.feide.organization import container
from feideprov.messages import Sentence
from feideprov.setup.step import SetupFile
from feideprov.setup.target import Account, Target

_CLASSES: Final = {
    "cn": ("organizationalRole", "simpleSecurityObject"),
    "uid": ("account", "simpleSecurityObject"),
}
"""The object classes of an account, by the attribute that names it."""


def account_entry(account: Account, stored_password: str) -> Mapping[str, Sequence[str]]:
    """The attributes of an account. Raises ConfigurationError for a name that an account cannot have."""
    name, value = account.dn.rdns[0][0]
    if len(account.dn.rdns[0]) > 1 or name.lower() not in _CLASSES:
        raise ConfigurationError(
            Sentence(
                "The account {dn} in bind_dn must be named by cn or uid, because setup creates it.",
                dn=scrub(str(account.dn)),
            )
        )
    return {
        "objectClass": _CLASSES[name.lower()],
        name: (value,),
        "userPassword": (stored_password,),
    }


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


def password_files(target: Target) -> Iterator[SetupFile]:
    """A file with the password of each account that gets a new one."""
    for account in (target.feideprov, target.feide):
        if account.password_file is not None:
            yield SetupFile(account.password_file, f"{account.password}\n", secret=True)
