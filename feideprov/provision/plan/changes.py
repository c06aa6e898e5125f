"""What a plan is made of. Each change has its sentence, so a dry run, a log and a real run say the same.

Sentences are made when they are asked for: a plan may have tens of thousands of changes. They do not name persons,
because they are kept in logs too: `name_to_show` is the person's name for lists, empty for a protected person, and
`school` the name of the user's school.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Entry, Modification, Modify, Precondition, SetPassword, Value, octets
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE
from feideprov.feide.attributes import NAMES
from feideprov.feide.initial_password import InitialPassword
from feideprov.feide.lin import LIN_ATTRIBUTE
from feideprov.feide.person import Role
from feideprov.feide.user import FeideUser
from feideprov.issues import Origin
from feideprov.messages import Sentence
from feideprov.numbers import Basis, Evidence, NationalNumber, NumberText
from feideprov.provision.plan.linking.link_changes import Link, Release, WriteSourceId
from feideprov.provision.plan.login_changes import Close, NewPassword, Rename, Reopen
from feideprov.provision.plan.people.listed_person import Marked
from feideprov.provision.plan.unit_changes import CreateUnit, UpdateUnit, changed_attributes
from feideprov.provision.plan.without_number import WithoutNumber


@dataclass(frozen=True)
class Create:
    """A new user."""

    kind: ClassVar[str] = "create"

    user: FeideUser
    school: str
    role: str
    protected: bool = False
    origin: Origin | None = None
    person: Marked | None = field(default=None, repr=False)
    """Who the row says that the person is."""
    different_from: tuple[tuple[str, DN], ...] = ()
    """Users (Feide name and DN) with the same birth date and a name that agrees, who a person said are not this
    person."""

    @property
    def feide_name(self) -> str:
        return self.user.feide_name

    @property
    def dn(self) -> DN:
        return self.user.dn

    @property
    def number(self) -> NationalNumber | None:
        """The number, if it was judged: no other number is ever written."""
        return self.user.number if isinstance(self.user.number, NationalNumber) else None

    @property
    def evidence(self) -> Evidence | None:
        return self.user.evidence

    @property
    def lifted(self) -> str | None:
        return self.user.lifted

    @property
    def basis(self) -> Basis | None:
        return self.user.basis

    @property
    def name_to_show(self) -> str:
        """The person's name for lists; empty for a protected person."""
        return "" if self.protected else self.user.values["displayName"][0]

    @property
    def source_id(self) -> str:
        return self.user.source_id

    @property
    def sentence(self) -> Sentence:
        role = Role(self.role).said
        if self.number is None:
            return Sentence(
                "create {user} ({role} at {school}), without a number",
                user=self.feide_name,
                role=role,
                school=self.school,
            )
        return Sentence(
            "create {user} ({role} at {school}), with {number}",
            user=self.feide_name,
            role=role,
            school=self.school,
            number=str(self.number),
        )

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
class Update(WithoutNumber):
    """Another school, role or name for a user of ours. It deletes the values that it presumes and adds the new ones.
    `seen` are all values that the entry had, when the plan was made, of the attributes that it changes."""

    kind: ClassVar[str] = "update"

    feide_name: str
    dn: DN
    modifications: tuple[Modification, ...] = field(repr=False)
    source_id: str | None = None
    origin: Origin | None = None
    seen: tuple[tuple[str, tuple[bytes, ...]], ...] = field(repr=False, default=())
    name_to_show: str = field(repr=False, default="")
    school: str = ""
    to_school: str = ""
    """The name of the school that becomes the user's primary one; empty when it stays."""

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            "update {user}: {attributes}", user=self.feide_name, attributes=changed_attributes(self.modifications)
        )

    @property
    def changed(self) -> tuple[str, ...]:
        """The attributes that change, for the journal. Those of the person's name are one, `name`: nobody needs to know
        later which part of a name was another."""
        names = (step.attribute.partition(";")[0] for step in self.modifications)
        return tuple(dict.fromkeys("name" if attribute_key(name) in NAMES else name for name in names))

    def write(self) -> Modify:
        return Modify(self.dn, self.modifications, (Precondition(NAME_ATTRIBUTE, self.feide_name),))


@dataclass(frozen=True)
class Attach:
    """The number arrives. It replaces the DUF number `instead_of` and the local numbers `drops` (values of
    norEduPersonLIN), if there are any."""

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
    basis: Basis | None = None
    name_to_show: str = field(repr=False, default="")
    school: str = ""

    @property
    def sentence(self) -> Sentence:
        number, user = str(self.number), self.feide_name
        if self.instead_of and self.drops:
            return Sentence(
                "attach {number} to {user} in place of the DUF number and the local number", number=number, user=user
            )
        if self.instead_of:
            return Sentence("attach {number} to {user} in place of the DUF number", number=number, user=user)
        if self.drops:
            return Sentence("attach {number} to {user} in place of the local number", number=number, user=user)
        return Sentence("attach {number} to {user}", number=number, user=user)

    def write(self) -> Modify:
        steps = [_of_number("add", self.number), *self._local("delete")]
        if self.instead_of is None:
            return Modify(self.dn, tuple(steps), (Precondition(NUMBER_ATTRIBUTE, None),))
        steps.insert(0, _of_number("delete", self.instead_of))
        return Modify(self.dn, tuple(steps))

    def take_back(self) -> Modify:
        steps = [_of_number("delete", self.number), *self._local("add")]
        if self.instead_of is not None:
            steps.append(_of_number("add", self.instead_of))
        return Modify(self.dn, tuple(steps))

    def _local(self, operation: Literal["add", "delete"]) -> list[Modification]:
        values = tuple(octets(local.reveal()) for local in self.drops)
        return [Modification(operation, LIN_ATTRIBUTE, values)] if values else []


@dataclass(frozen=True)
class Replace:
    """Another number replaces the present one, `old`: a fødselsnummer a D-number, or the right number a wrong one.
    `old` is as the entry spells it, and is deleted in the write that adds the new one, so that the server itself
    refuses when the entry was changed meanwhile."""

    kind: ClassVar[str] = "replace"

    feide_name: str
    dn: DN
    number: NationalNumber
    old: NumberText
    evidence: Evidence | None = field(default=None, repr=False)
    lifted: str | None = None
    source_id: str | None = None
    origin: Origin | None = None
    basis: Basis | None = None
    name_to_show: str = field(repr=False, default="")
    school: str = ""
    listed_with_person: bool = False
    """A person list has the new number, so that nobody gave the old one: this counts in the caps."""

    @property
    def sentence(self) -> Sentence:
        return Sentence("replace the number of {user} with {number}", user=self.feide_name, number=str(self.number))

    def write(self) -> Modify:
        return Modify(self.dn, (_of_number("delete", self.old), _of_number("add", self.number)))

    def take_back(self) -> Modify:
        return Modify(self.dn, (_of_number("delete", self.number), _of_number("add", self.old)))


@dataclass(frozen=True)
class Withdraw:
    """The present number, `old`, was wrong: it is removed, and the user is pending again.

    `number` is the one that nobody else may have: there is none here.
    """

    kind: ClassVar[str] = "withdraw"
    number: ClassVar[None] = None
    lifted: ClassVar[None] = None
    basis: ClassVar[None] = None

    feide_name: str
    dn: DN
    old: NumberText
    evidence: Evidence | None = field(default=None, repr=False)
    source_id: str | None = None
    origin: Origin | None = None
    name_to_show: str = field(repr=False, default="")
    school: str = ""

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            "withdraw the number of {user}: the user stays, and waits for the right number", user=self.feide_name
        )

    def write(self) -> Modify:
        return Modify(self.dn, (_of_number("delete", self.old),))

    def take_back(self) -> Modify:
        return Modify(self.dn, (_of_number("add", self.old),))


def _of_number(operation: Literal["add", "delete"], number: NationalNumber | NumberText) -> Modification:
    return Modification(operation, NUMBER_ATTRIBUTE, (octets(number.reveal()),))


@dataclass(frozen=True)
class Protect(WithoutNumber):
    """A list marks the user as protected. Nothing changes in the directory; the name is left out of lists."""

    kind: ClassVar[str] = "protect"

    feide_name: str
    dn: DN
    source_id: str | None = None
    origin: Origin | None = None
    name_to_show: str = field(repr=False, default="")
    school: str = ""

    @property
    def sentence(self) -> Sentence:
        return Sentence("protect {user}: from now on, lists do not show the name", user=self.feide_name)


OfNumber = Attach | Replace | Withdraw
"""A change of a user's number alone."""
OfLogin = Close | Reopen | NewPassword | Rename
"""A change of how a user logs in."""
Writable = Create | Update | Attach | Replace | Withdraw | WriteSourceId | CreateUnit | UpdateUnit | OfLogin
"""A change of the directory."""
Noted = Protect | Link | Release
"""A change that is only written to the journal."""
Change = Writable | Noted
WithPassword = Create | Reopen | NewPassword
"""A change that can bring a first password."""


def steps_of(change: Change) -> tuple[Modification, ...]:
    """What a change does to an entry that is there, apart from its password, which cannot be read."""
    if isinstance(change, Create | CreateUnit | Noted):
        return ()
    match change.write():
        case Modify(modifications=steps) | SetPassword(also=steps):
            return tuple(step for step in steps if step.values)
        case _:
            return ()
