"""What a plan is made of. The sentence stands on the change, so a dry run, a log and a real run say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Entry, Modification, Modify, Presumption, SetPassword, Value, Write, octets
from feideprov.directory.entry import Rename as RenameEntry
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.feide.initial_password import InitialPassword
from feideprov.feide.lin import LIN_ATTRIBUTE
from feideprov.feide.person import Origin
from feideprov.feide.user import FeideUser
from feideprov.numbers import Evidence, NationalNumber, NumberText

NAME_ATTRIBUTE = "eduPersonPrincipalName"
PRIOR_NAME_ATTRIBUTE = "eduPersonPrincipalNamePrior"


class _WithoutNumber:
    """A change that carries no number."""

    number: ClassVar[None] = None
    evidence: ClassVar[None] = None
    lifted: ClassVar[None] = None


class _OfUnit(_WithoutNumber):
    """A change of an entry that is no user's."""

    feide_name: ClassVar[str] = ""
    source_id: ClassVar[None] = None
    origin: ClassVar[None] = None


@dataclass(frozen=True)
class Create:
    """A new user."""

    kind: ClassVar[str] = "create"

    user: FeideUser
    school: str
    role: str
    protected: bool = False
    origin: Origin | None = None

    @property
    def feide_name(self) -> str:
        return self.user.feide_name

    @property
    def dn(self) -> DN:
        return self.user.dn

    @property
    def number(self) -> NationalNumber | None:
        """Only a number that was judged is ever written."""
        return self.user.number if isinstance(self.user.number, NationalNumber) else None

    @property
    def evidence(self) -> Evidence | None:
        return self.user.evidence

    @property
    def lifted(self) -> str | None:
        return self.user.lifted

    @property
    def name_to_show(self) -> str:
        """The person's name for lists; a protected person is in none with the name."""
        return "" if self.protected else self.user.values["displayName"][0]

    @property
    def source_id(self) -> str:
        return self.user.source_id

    @property
    def sentence(self) -> str:
        number = f"with {self.number}" if self.number else "without a number"
        return f"create {self.feide_name} ({self.role} at {self.school}), {number}"

    def write(self, stored_password: tuple[str, bytes] | None) -> Add:
        attributes: dict[str, Sequence[Value]] = dict(self.user.values)
        if self.number is not None:
            attributes[NUMBER_ATTRIBUTE] = (self.number.reveal(),)
        if stored_password is not None:
            attributes[stored_password[0]] = (stored_password[1],)
        return Add(Entry(self.dn, attributes))

    def without_number(self) -> Create:
        """The same user, pending."""
        return replace(self, user=self.user.without_number())

    @property
    def initial_password(self) -> InitialPassword | None:
        return self.user.initial_password


@dataclass(frozen=True)
class Update(_WithoutNumber):
    """Another school, role or name for a user of ours. It takes away what it presumes and adds what is wanted."""

    kind: ClassVar[str] = "update"

    feide_name: str
    dn: DN
    modifications: tuple[Modification, ...] = field(repr=False)
    source_id: str | None = None
    origin: Origin | None = None

    @property
    def sentence(self) -> str:
        names = dict.fromkeys(step.attribute for step in self.modifications)
        return f"update {self.feide_name}: {', '.join(names)}"

    def write(self) -> Modify:
        return Modify(self.dn, self.modifications, (Presumption(NAME_ATTRIBUTE, self.feide_name),))


@dataclass(frozen=True)
class Attach:
    """The number arrives. `instead_of` is the DUF number that stood in until now, `drops` the values of norEduPersonLIN
    that did."""

    kind: ClassVar[str] = "attach"

    feide_name: str
    dn: DN
    number: NationalNumber
    evidence: Evidence | None = field(default=None, repr=False)
    lifted: str | None = None
    instead_of: NumberText | None = None
    drops: tuple[NumberText, ...] = ()
    source_id: str | None = None
    origin: Origin | None = None

    @property
    def sentence(self) -> str:
        stood_in = ["the DUF number"] * bool(self.instead_of) + ["the local number"] * bool(self.drops)
        instead = f" in place of {' and '.join(stood_in)}" if stood_in else ""
        return f"attach {self.number} to {self.feide_name}{instead}"

    def write(self) -> Modify:
        steps = [Modification("add", NUMBER_ATTRIBUTE, (octets(self.number.reveal()),)), *self._local("delete")]
        if self.instead_of is None:
            return Modify(self.dn, tuple(steps), (Presumption(NUMBER_ATTRIBUTE, None),))
        steps.insert(0, Modification("delete", NUMBER_ATTRIBUTE, (octets(self.instead_of.reveal()),)))
        return Modify(self.dn, tuple(steps))

    def take_back(self) -> Modify:
        steps = [Modification("delete", NUMBER_ATTRIBUTE, (octets(self.number.reveal()),)), *self._local("add")]
        if self.instead_of is not None:
            steps.append(Modification("add", NUMBER_ATTRIBUTE, (octets(self.instead_of.reveal()),)))
        return Modify(self.dn, tuple(steps))

    def _local(self, operation: Literal["add", "delete"]) -> list[Modification]:
        values = tuple(octets(local.reveal()) for local in self.drops)
        return [Modification(operation, LIN_ATTRIBUTE, values)] if values else []


@dataclass(frozen=True)
class Protect(_WithoutNumber):
    """A user that a list calls protected from now on. Nothing in the directory changes; the name is in no list."""

    kind: ClassVar[str] = "protect"

    feide_name: str
    dn: DN
    source_id: str | None = None
    origin: Origin | None = None

    @property
    def sentence(self) -> str:
        return f"protect {self.feide_name}: the name is in no list from now on"


@dataclass(frozen=True)
class Furnish(_OfUnit):
    """An entry that the directory lacks: the organization's, a school's, or one that only holds others."""

    kind: ClassVar[str] = "furnish"

    entry: Entry

    @property
    def dn(self) -> DN:
        return self.entry.dn

    @property
    def sentence(self) -> str:
        return f"create {self.dn}"

    def write(self) -> Add:
        return Add(self.entry)


@dataclass(frozen=True)
class Amend(_OfUnit):
    """The entry of the organization or a school, made to say what the configuration says."""

    kind: ClassVar[str] = "amend"

    dn: DN
    modifications: tuple[Modification, ...] = field(repr=False)

    @property
    def sentence(self) -> str:
        names = dict.fromkeys(step.attribute for step in self.modifications)
        return f"update {self.dn}: {', '.join(names)}"

    def write(self) -> Modify:
        return Modify(self.dn, self.modifications)


@dataclass(frozen=True)
class Close(_WithoutNumber):
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
        return Modify(self.dn, self.modifications, (Presumption(NAME_ATTRIBUTE, self.feide_name),))


@dataclass(frozen=True)
class Reopen(_WithoutNumber):
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
            return SetPassword(self.dn, self.initial_password.reveal())
        return Modify(self.dn, self.modifications)


@dataclass(frozen=True)
class NewPassword(_WithoutNumber):
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
class Rename(_WithoutNumber):
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
        return renamed_dn(self.dn, self.to)

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
        """What becomes of the Feide names."""
        return tuple(step for step in self.modifications if step.attribute != "uid")


def _opposite(steps: tuple[Modification, ...]) -> tuple[Modification, ...]:
    operations: dict[str, Literal["add", "delete"]] = {"add": "delete", "delete": "add"}
    return tuple(Modification(operations[s.operation], s.attribute, s.values) for s in reversed(steps))


def renamed_dn(dn: DN, feide_name: str) -> DN:
    """The name of an entry whose user name is another one from now on."""
    user_name = feide_name.partition("@")[0]
    first = tuple((kind, user_name if kind.lower() == "uid" else value) for kind, value in dn.rdns[0])
    return DN((first, *dn.rdns[1:]))


Writable = Create | Update | Attach | Furnish | Amend | Close | Reopen | NewPassword | Rename
"""A change of the directory; the others are written to the journal alone."""
Change = Writable | Protect
WithPassword = Create | Reopen | NewPassword
"""A change that can bring a first password."""


@dataclass(frozen=True)
class Refusal:
    """A row, or one thing in it, that was refused, or is held for a person to decide."""

    code: str
    sentence: str
    held: bool = False
    origin: Origin | None = None
    user: str | None = None


@dataclass(frozen=True)
class Plan:
    """What would be changed, and what would not and why. Nothing has been written."""

    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    unchanged: int = 0
    ours: int = 0
    """How many users of ours were found: what the cap on updates is measured against."""
    notes: tuple[str, ...] = ()
    """Sentences about the list as a whole: columns that were not read, rows without an answer."""
    exact: bool = False
    """A plan that was signed off: a user name that was taken meanwhile is not replaced by the next."""

    @property
    def creates(self) -> tuple[Create, ...]:
        return tuple(c for c in self.changes if isinstance(c, Create))

    @property
    def updates(self) -> tuple[Update, ...]:
        return tuple(c for c in self.changes if isinstance(c, Update))

    @property
    def attaches(self) -> tuple[Attach, ...]:
        return tuple(c for c in self.changes if isinstance(c, Attach))

    @property
    def closes(self) -> tuple[Close, ...]:
        return tuple(c for c in self.changes if isinstance(c, Close))

    @property
    def counts(self) -> dict[str, int]:
        """As `apply` counts: what would become of each row."""
        return {
            "created": sum(isinstance(c, Create | Furnish) for c in self.changes),
            "updated": len({c.dn for c in self.changes if not isinstance(c, Create | Furnish)}),
            "unchanged": self.unchanged,
            "refused": sum(not r.held for r in self.refusals),
            "held": sum(r.held for r in self.refusals),
            "failed": 0,
        }


@dataclass(frozen=True)
class Outcome:
    """What was done. `refused` and `held` say why the rest was not; `failures` what the directory would not do."""

    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    failures: tuple[Refusal, ...] = ()
    unchanged: int = 0
    recovered: tuple[str, ...] = ()
    """Sentences about what an earlier run, which was cut off, had done or not done."""
    warnings: tuple[str, ...] = ()

    @property
    def held(self) -> tuple[Refusal, ...]:
        return tuple(r for r in self.refusals if r.held)

    @property
    def refused(self) -> tuple[Refusal, ...]:
        return tuple(r for r in self.refusals if not r.held)

    @property
    def counts(self) -> dict[str, int]:
        done = Plan(self.changes, self.refusals, self.unchanged).counts
        return done | {"failed": len(self.failures)}

    @property
    def attach_counts(self) -> dict[str, int]:
        """As `attach` counts."""
        return self.counts_as("attached")

    def counts_as(self, done: str) -> dict[str, int]:
        """As a command counts that does one thing only: `attached`, `closed`, …"""
        counts = self.counts
        return {done: counts["updated"]} | {k: counts[k] for k in ("unchanged", "refused", "held", "failed")}
