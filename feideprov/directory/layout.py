"""How a kind of directory lays out the entry of a user: object classes, name, and the attributes beyond Feide's model.

Active Directory: [MS-ADTS] 3.1.1.2.4 (classes), 3.1.1.5.2.2 and 3.1.1.5.3.1 (requirements of a user),
2.2.16 (userAccountControl).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification, octets
from feideprov.tables.day import day_of

_ACCOUNT_NAME, _LOGON_NAME, _CONTROL = "sAMAccountName", "userPrincipalName", "userAccountControl"
_NORMAL, _DISABLED = 512, 2

ACCOUNT_ATTRIBUTES: Final = (_ACCOUNT_NAME, _LOGON_NAME, _CONTROL)
"""Active Directory's own attributes of an account, which a change of the login changes."""


CREATED: Final = ("createTimestamp", "whenCreated")
"""When an entry was created (RFC 4512, 3.4.2; Active Directory: [MS-ADA3] 2.371)."""


@dataclass(frozen=True)
class Layout:
    """By default an inetOrgPerson that is named by its uid, and can log in as long as it has a password.

    With `accounts` (Active Directory), an entry has account names in addition to the Feide name, and `cn` is the user
    name, because it names the entry: the person's name is in displayName only. A password cannot be deleted there, so a
    user is closed by disabling the account.
    """

    classes: tuple[str, ...] = ("top", "person", "organizationalPerson", "inetOrgPerson")
    named_by: str = "uid"
    password_attribute: str = "userPassword"
    accounts: bool = False
    longest_name: int | None = None
    """How many characters a user name may have, if the directory has a limit."""

    def dn(self, people: DN, user_name: str) -> DN:
        """The DN of a user's entry."""
        return people.child(self.named_by, user_name)

    def names(self, feide_name: str) -> dict[str, tuple[str, ...]]:
        """The attributes that contain the user's name, in addition to `uid` and `eduPersonPrincipalName`."""
        user_name = feide_name.partition("@")[0]
        if not self.accounts:
            return {}
        return {"cn": (user_name,), _ACCOUNT_NAME: (user_name,), _LOGON_NAME: (feide_name,)}

    def account(self, *, login: bool) -> dict[str, tuple[str, ...]]:
        """The attributes of a new user that can log in or, without `login`, cannot."""
        return {_CONTROL: (str(_NORMAL if login else _NORMAL | _DISABLED),)} if self.accounts else {}

    def renaming(self, entry: Entry, feide_name: str) -> tuple[Modification, ...]:
        """The steps that give an entry the values of `names`, except the one in its DN."""
        new = self.names(feide_name).items()
        return tuple(step for name, (value,) in new if name != "cn" for step in _replaced(entry, name, value))

    def closing(self, entry: Entry) -> tuple[Modification, ...]:
        """The steps after which a user cannot log in."""
        if self.accounts:
            return tuple(_replaced(entry, _CONTROL, str(_account_control(entry) | _DISABLED)))
        return (Modification("delete", self.password_attribute, ()),)

    def reopening(self, entry: Entry) -> tuple[Modification, ...]:
        """The steps after which the user can log in again, in addition to a new password."""
        return tuple(_replaced(entry, _CONTROL, str(_account_control(entry) & ~_DISABLED))) if self.accounts else ()


USUAL: Final = Layout()
ACTIVE_DIRECTORY: Final = Layout(
    classes=("top", "person", "organizationalPerson", "user"),
    named_by="cn",
    password_attribute="unicodePwd",  # noqa: S106 - its name
    accounts=True,
    longest_name=20,
)


def layout_of(entry: Entry | Mapping[str, object]) -> Layout:
    """The layout of an entry, or of its attributes."""
    names = entry if isinstance(entry, Mapping) else [name for name, _ in entry.items()]
    return ACTIVE_DIRECTORY if attribute_key(_ACCOUNT_NAME) in map(attribute_key, names) else USUAL


def created_on(entry: Entry) -> date | None:
    """The day in Norway on which an entry was created, as the server says; None when it does not."""
    return next((day for name in CREATED for text in entry.texts(name) if (day := day_of(text))), None)


def is_disabled(entry: Entry) -> bool:
    """Is the account disabled?"""
    return bool(_account_control(entry) & _DISABLED)


def _account_control(entry: Entry) -> int:
    text = entry.text(_CONTROL) or ""
    return int(text) if re.fullmatch(r"[0-9]{1,10}", text) else _NORMAL


def _replaced(entry: Entry, name: str, value: str) -> Iterable[Modification]:
    """The value in place of the one that the entry has."""
    if held := entry.values(name):
        yield Modification("delete", name, held)
    yield Modification("add", name, (octets(value),))
