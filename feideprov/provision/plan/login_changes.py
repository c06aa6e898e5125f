"""Changes of whether, and under which name, a user logs in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from feideprov.directory.dn import DN, renamed_dn
from feideprov.directory.entry import Modification, Modify, Precondition, SetPassword, Write
from feideprov.directory.entry import Rename as RenameEntry
from feideprov.directory.protocol import NAME_ATTRIBUTE
from feideprov.directory.result_code import ResultCode
from feideprov.feide.initial_password import InitialPassword
from feideprov.issues import Origin
from feideprov.provision.plan.unnumbered import WithoutNumber


@dataclass(frozen=True)
class Close(WithoutNumber):
    """No login any more. The entry and the number stay, and so nobody else gets the name."""

    kind: ClassVar[str] = "close"

    feide_name: str
    dn: DN
    modifications: tuple[Modification, ...] = field(repr=False)
    source_id: str | None = None
    origin: Origin | None = None

    @property
    def sentence(self) -> str:
        return f"close {self.feide_name}: no login any more, the name stays reserved"

    def write(self) -> Modify:
        return Modify(self.dn, self.modifications, (Precondition(NAME_ATTRIBUTE, self.feide_name),))

    def is_done_all_the_same(self, code: int | None) -> bool:
        """Whether this refusal says that there is no password to take away: then nobody could log in before either."""
        return code == ResultCode.NO_SUCH_ATTRIBUTE and not any(step.values for step in self.modifications)


@dataclass(frozen=True)
class Reopen(WithoutNumber):
    """Login again: with a new first password or, where that is somebody else's matter, with the Feide name put back."""

    kind: ClassVar[str] = "reopen"

    feide_name: str
    dn: DN
    modifications: tuple[Modification, ...] = field(repr=False, default=())
    initial_password: InitialPassword | None = None
    name_to_show: str = field(repr=False, default="")
    school: str = ""
    source_id: str | None = None
    origin: Origin | None = None

    @property
    def sentence(self) -> str:
        return f"reopen {self.feide_name}" + (", with a new first password" if self.initial_password else "")

    def write(self) -> Modify | SetPassword:
        if self.initial_password is not None:
            return SetPassword(self.dn, self.initial_password.reveal(), self.modifications)
        return Modify(self.dn, self.modifications)


@dataclass(frozen=True)
class NewPassword(WithoutNumber):
    """A first password in place of one that was lost."""

    kind: ClassVar[str] = "password"

    feide_name: str
    dn: DN
    initial_password: InitialPassword
    name_to_show: str = field(repr=False, default="")
    school: str = ""
    source_id: str | None = None
    origin: Origin | None = None

    @property
    def sentence(self) -> str:
        return f"new first password for {self.feide_name}"

    def write(self) -> SetPassword:
        return SetPassword(self.dn, self.initial_password.reveal())


@dataclass(frozen=True)
class Rename(WithoutNumber):
    """Another Feide name, `to`. The old one is kept as a former name, and so nobody else gets it.

    Two writes, because LDAP takes no less: the attributes, then the name of the entry. After each of them there is a
    whole user, who can log in.
    """

    kind: ClassVar[str] = "rename"

    feide_name: str
    dn: DN
    to: str
    modifications: tuple[Modification, ...] = field(repr=False)
    source_id: str | None = None
    origin: Origin | None = None

    @property
    def sentence(self) -> str:
        return f"rename {self.feide_name} to {self.to}: from now on this is the name to log in with"

    @property
    def new_dn(self) -> DN:
        """The entry's name afterwards; the same where it has no user name in it."""
        return renamed_dn(self.dn, self.feide_name, self.to)

    def write(self) -> Modify:
        return Modify(self.dn, self.modifications)

    def follow(self) -> tuple[RenameEntry, ...]:
        """What is left to do after `write`."""
        return (RenameEntry(self.dn, self.new_dn),) if self.new_dn != self.dn else ()

    def take_back(self) -> Modify:
        """Undoes `write`."""
        return Modify(self.dn, _opposite(self.modifications))

    def take_all_back(self) -> tuple[Write, ...]:
        """Undoes both writes. The user name goes with the entry's name, where it stands in that."""
        if not self.follow():
            return (self.take_back(),)
        return RenameEntry(self.new_dn, self.dn), Modify(self.dn, _opposite(self.names))

    @property
    def names(self) -> tuple[Modification, ...]:
        """What becomes of the names, but for the one that goes with the entry's own."""
        in_dn = {kind.lower() for kind, _ in self.dn.rdns[0]}
        return tuple(step for step in self.modifications if step.attribute.lower() not in in_dn)


def _opposite(steps: tuple[Modification, ...]) -> tuple[Modification, ...]:
    operations: dict[str, Literal["add", "delete"]] = {"add": "delete", "delete": "add"}
    return tuple(Modification(operations[s.operation], s.attribute, s.values) for s in reversed(steps))
