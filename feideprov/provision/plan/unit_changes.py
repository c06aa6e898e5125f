"""Changes of entries that are no user's: the organization, its schools, and what they stand below."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Entry, Modification, Modify
from feideprov.provision.plan.unnumbered import WithoutNumber


class _OfUnit(WithoutNumber):
    """A change of an entry that is no user's."""

    feide_name: ClassVar[str] = ""
    source_id: ClassVar[None] = None
    origin: ClassVar[None] = None


@dataclass(frozen=True)
class CreateUnit(_OfUnit):
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
class UpdateUnit(_OfUnit):
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
