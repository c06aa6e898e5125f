"""Changes of entries that are not of users: the organization, its schools, and the entries above them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Entry, Modification, Modify
from feideprov.messages import Sentence
from feideprov.provision.plan.without_number import WithoutNumber


def changed_attributes(steps: Iterable[Modification]) -> str:
    """The names of the attributes that these steps change, each once."""
    return ", ".join(dict.fromkeys(step.attribute for step in steps))


class _OfUnit(WithoutNumber):
    """A change of an entry that is not of a user. `school` is the name of the school whose entry it is; `name_to_show`
    that of the organization."""

    feide_name: ClassVar[str] = ""
    source_id: ClassVar[None] = None
    origin: ClassVar[None] = None


@dataclass(frozen=True)
class CreateUnit(_OfUnit):
    """An entry that the directory lacks: of the organization, of a school, or one that only contains others."""

    kind: ClassVar[str] = "furnish"

    entry: Entry
    name_to_show: str = ""
    school: str = ""

    @property
    def dn(self) -> DN:
        return self.entry.dn

    @property
    def sentence(self) -> Sentence:
        return Sentence("create {dn}", dn=str(self.dn))

    def write(self) -> Add:
        return Add(self.entry)


@dataclass(frozen=True)
class UpdateUnit(_OfUnit):
    """The entry of the organization or a school gets the values of the configuration. `seen` as in an `Update`."""

    kind: ClassVar[str] = "amend"

    dn: DN
    modifications: tuple[Modification, ...] = field(repr=False)
    name_to_show: str = ""
    school: str = ""
    seen: tuple[tuple[str, tuple[bytes, ...]], ...] = field(repr=False, default=())

    @property
    def sentence(self) -> Sentence:
        return Sentence("update {dn}: {attributes}", dn=str(self.dn), attributes=changed_attributes(self.modifications))

    def write(self) -> Modify:
        return Modify(self.dn, self.modifications)
