"""Changes of whether a user can log in, and with which name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN, renamed_dn
from feideprov.directory.entry import Modification, Modify, Precondition, SetPassword, Write
from feideprov.directory.entry import Rename as RenameEntry
from feideprov.directory.protocol import NAME_ATTRIBUTE
from feideprov.directory.result_code import ResultCode
from feideprov.feide.first_password.at_school import AtSchool
from feideprov.feide.initial_password import InitialPassword
from feideprov.issues import Origin
from feideprov.messages import Sentence
from feideprov.provision.plan.without_number import WithoutNumber


@dataclass(frozen=True)
class Close(WithoutNumber):
    """The user cannot log in any more. The entry and the number stay, so nobody else gets the name."""

    kind: ClassVar[str] = "close"

    feide_name: str
    dn: DN
    modifications: tuple[Modification, ...] = field(repr=False)
    source_id: str | None = None
    origin: Origin | None = None
    name_to_show: str = field(repr=False, default="")
    school: str = ""

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            "close {user}: the user cannot log in any more, and the name stays reserved", user=self.feide_name
        )

    def write(self) -> Modify:
        return Modify(self.dn, self.modifications, (Precondition(NAME_ATTRIBUTE, self.feide_name),))

    def is_done_despite(self, code: int | None) -> bool:
        """Does this result code say that there is no password to remove? Then nobody could log in before either."""
        return code == ResultCode.NO_SUCH_ATTRIBUTE and not any(step.values for step in self.modifications)


@dataclass(frozen=True)
class Reopen(WithoutNumber):
    """The user can log in again: with a new first password or, when passwords are kept elsewhere, with the Feide name
    back in its attribute."""

    kind: ClassVar[str] = "reopen"

    feide_name: str
    dn: DN
    modifications: tuple[Modification, ...] = field(repr=False, default=())
    initial_password: InitialPassword | None = None
    name_to_show: str = field(repr=False, default="")
    school: str = ""
    source_id: str | None = None
    origin: Origin | None = None
    at_school: AtSchool = field(repr=False, default=AtSchool())

    @property
    def sentence(self) -> Sentence:
        if self.initial_password is not None:
            return Sentence("reopen {user}, with a new first password", user=self.feide_name)
        return Sentence("reopen {user}", user=self.feide_name)

    def write(self) -> Modify | SetPassword:
        if self.initial_password is not None:
            return SetPassword(self.dn, self.initial_password.reveal(), self.modifications)
        return Modify(self.dn, self.modifications)


@dataclass(frozen=True)
class NewPassword(WithoutNumber):
    """A first password that replaces one that was lost."""

    kind: ClassVar[str] = "password"

    feide_name: str
    dn: DN
    initial_password: InitialPassword
    name_to_show: str = field(repr=False, default="")
    school: str = ""
    source_id: str | None = None
    origin: Origin | None = None
    at_school: AtSchool = field(repr=False, default=AtSchool())

    @property
    def sentence(self) -> Sentence:
        return Sentence("new first password for {user}", user=self.feide_name)

    def write(self) -> SetPassword:
        return SetPassword(self.dn, self.initial_password.reveal())


@dataclass(frozen=True)
class Rename(WithoutNumber):
    """Another Feide name, `to`. The old one is kept as a former name, so nobody else gets it.

    LDAP needs two writes: the attributes, then the name of the entry. After each of them the user is complete and can
    log in.
    """

    kind: ClassVar[str] = "rename"

    feide_name: str
    dn: DN
    to: str
    modifications: tuple[Modification, ...] = field(repr=False)
    source_id: str | None = None
    origin: Origin | None = None
    name_to_show: str = field(repr=False, default="")
    school: str = ""

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            "rename {user} to {name}: from now on, the user logs in with the new name",
            user=self.feide_name,
            name=self.to,
        )

    @property
    def new_dn(self) -> DN:
        """The DN afterwards; the same when the DN does not contain the user name."""
        return renamed_dn(self.dn, self.feide_name, self.to)

    def write(self) -> Modify:
        return Modify(self.dn, self.modifications)

    def second_write(self) -> tuple[RenameEntry, ...]:
        """The write after `write`, of the DN; empty when the DN stays."""
        return (RenameEntry(self.dn, self.new_dn),) if self.new_dn != self.dn else ()

    def take_back(self) -> Modify:
        """Undoes `write`."""
        return Modify(self.dn, _opposite(self.modifications))

    def take_all_back(self) -> tuple[Write, ...]:
        """Undoes both writes. A user name that is part of the DN changes with the DN."""
        if not self.second_write():
            return (self.take_back(),)
        return RenameEntry(self.new_dn, self.dn), Modify(self.dn, _opposite(self.names))

    @property
    def names(self) -> tuple[Modification, ...]:
        """The changes of the names, except of one that is part of the DN."""
        in_dn = dict(self.dn.own)
        return tuple(step for step in self.modifications if attribute_key(step.attribute) not in in_dn)


def _opposite(steps: tuple[Modification, ...]) -> tuple[Modification, ...]:
    operations: dict[str, Literal["add", "delete"]] = {"add": "delete", "delete": "add"}
    return tuple(Modification(operations[s.operation], s.attribute, s.values) for s in reversed(steps))
