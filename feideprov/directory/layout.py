"""How a kind of directory lays out the entry of a user: its classes, its name, and what stands there beside the
attributes of Feide's model.

Active Directory: [MS-ADTS] 3.1.1.2.4 (classes), 3.1.1.5.2.2 and 3.1.1.5.3.1 (what it demands of a user),
2.2.16 (userAccountControl).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification, octets

_ACCOUNT_NAME, _LOGON_NAME, _CONTROL = "sAMAccountName", "userPrincipalName", "userAccountControl"
_NORMAL, _DISABLED = 512, 2

ACCOUNT_ATTRIBUTES: Final = (_ACCOUNT_NAME, _LOGON_NAME, _CONTROL)
"""What Active Directory keeps of an account beside Feide's attributes, and what a change of the login changes."""


@dataclass(frozen=True)
class Layout:
    """The usual one: an inetOrgPerson that is named by its uid, and can log in for as long as it has a password.

    Where a directory keeps `accounts`, an entry has account names beside Feide's, and the person's name stands in
    displayName alone, because `cn` is the name of the entry. A password cannot be taken away there, so a user is closed
    by disabling the account.
    """

    classes: tuple[str, ...] = ("top", "person", "organizationalPerson", "inetOrgPerson")
    named_by: str = "uid"
    password_attribute: str = "userPassword"
    accounts: bool = False
    longest_name: int | None = None
    """How many characters a user name may have, where the directory knows a limit."""

    def dn(self, people: DN, user_name: str) -> DN:
        """The name of a user's entry."""
        return people.child(self.named_by, user_name)

    def names(self, feide_name: str) -> dict[str, tuple[str, ...]]:
        """What holds the user's name, beside `uid` and `eduPersonPrincipalName`."""
        user_name = feide_name.partition("@")[0]
        if not self.accounts:
            return {}
        return {"cn": (user_name,), _ACCOUNT_NAME: (user_name,), _LOGON_NAME: (feide_name,)}

    def account(self, *, login: bool) -> dict[str, tuple[str, ...]]:
        """What a new user needs so that a password lets in or, without `login`, nothing does."""
        return {_CONTROL: (str(_NORMAL if login else _NORMAL | _DISABLED),)} if self.accounts else {}

    def renaming(self, entry: Entry, feide_name: str) -> tuple[Modification, ...]:
        """What gives an entry the names of `names`, the one in its DN aside."""
        new = self.names(feide_name).items()
        return tuple(step for name, (value,) in new if name != "cn" for step in _instead(entry, name, value))

    def closing(self, entry: Entry) -> tuple[Modification, ...]:
        """What keeps an entry from logging in."""
        if self.accounts:
            return tuple(_instead(entry, _CONTROL, str(_control(entry) | _DISABLED)))
        return (Modification("delete", self.password_attribute, ()),)

    def reopening(self, entry: Entry) -> tuple[Modification, ...]:
        """What lets it log in again, beside a new password."""
        return tuple(_instead(entry, _CONTROL, str(_control(entry) & ~_DISABLED))) if self.accounts else ()


USUAL: Final = Layout()
ACTIVE_DIRECTORY: Final = Layout(
    classes=("top", "person", "organizationalPerson", "user"),
    named_by="cn",
    password_attribute="unicodePwd",  # noqa: S106 - its name
    accounts=True,
    longest_name=20,
)


def layout_of(entry: Entry | Mapping[str, object]) -> Layout:
    """The layout that an entry has, or the attributes of one."""
    names = entry if isinstance(entry, Mapping) else [name for name, _ in entry.items()]
    return ACTIVE_DIRECTORY if any(name.lower() == _ACCOUNT_NAME.lower() for name in names) else USUAL


def is_disabled(entry: Entry) -> bool:
    """Is it an account that was disabled?"""
    return bool(_control(entry) & _DISABLED)


def _control(entry: Entry) -> int:
    text = entry.text(_CONTROL) or ""
    return int(text) if text.isdigit() else _NORMAL


def _instead(entry: Entry, name: str, value: str) -> Iterable[Modification]:
    """The value in place of the one that the entry is presumed to hold."""
    if held := entry.values(name):
        yield Modification("delete", name, held)
    yield Modification("add", name, (octets(value),))
