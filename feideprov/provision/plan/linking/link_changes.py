"""Changes of whose users they are: which source id belongs to a user, and users that are taken over and handed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from feideprov.directory.dn import DN
from feideprov.directory.entry import Modification, Modify, Precondition, octets
from feideprov.directory.protocol import NAME_ATTRIBUTE
from feideprov.issues import Origin
from feideprov.messages import Sentence
from feideprov.provision.plan.without_number import WithoutNumber


@dataclass(frozen=True)
class Link(WithoutNumber):
    """The person of a user has another source id now. Nothing changes in the directory: the journal keeps it."""

    kind: ClassVar[str] = "link"

    feide_name: str
    dn: DN
    source_id: str
    origin: Origin | None = None
    name_to_show: str = field(repr=False, default="")
    school: str = ""

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            "link {user} to the source id {source_id}: the key of this person has changed in the source",
            user=self.feide_name,
            source_id=self.source_id,
        )


class TakeOver(Link):
    """A user who is there becomes ours. Nothing changes in the directory: the journal keeps it."""

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            "link {user} to the source id {source_id}: from now on, this tool updates the user",
            user=self.feide_name,
            source_id=self.source_id,
        )


@dataclass(frozen=True)
class WriteSourceId(WithoutNumber):
    """The source id of a link is written to the user's entry, which has none."""

    kind: ClassVar[str] = "source-id"

    feide_name: str
    dn: DN
    source_id: str
    attribute: str
    origin: Origin | None = None
    name_to_show: str = field(repr=False, default="")
    school: str = ""

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            "write the source id {source_id} to the entry of {user}", user=self.feide_name, source_id=self.source_id
        )

    def write(self) -> Modify:
        step = Modification("add", self.attribute, (octets(self.source_id),))
        return Modify(self.dn, (step,), (Precondition(NAME_ATTRIBUTE, self.feide_name),))


@dataclass(frozen=True)
class Release(WithoutNumber):
    """A user is handed to another system. Nothing changes in the directory: the user is no longer ours."""

    kind: ClassVar[str] = "release"

    feide_name: str
    dn: DN
    source_id: str | None = None
    origin: Origin | None = None
    name_to_show: str = field(repr=False, default="")
    school: str = ""

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            "release {user}: from now on, this tool does not change the user, and does not give the name to anybody "
            "else",
            user=self.feide_name,
        )
