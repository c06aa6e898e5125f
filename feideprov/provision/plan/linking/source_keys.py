"""How the source ids of one source are written, beside those of other sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from feideprov.directory.dn import same_key


@dataclass(frozen=True)
class SourceKeys:
    """The source ids of one source."""

    prefix: str | None = None
    """What they begin with, before a colon; None where they are as the source has them."""
    others: frozenset[str] = frozenset()
    """What the source ids of other sources begin with."""
    bare_of_another: bool = False
    """Source ids without a prefix are those of another source, by its setting."""
    named: str | None = None
    """The source as a command names it; None where no command has to."""

    def has(self, source_id: str) -> bool:
        """Whether a source id is one of this source."""
        key = same_key(source_id)
        if self.prefix is not None:
            return key.startswith(same_key(f"{self.prefix}:"))
        return not any(key.startswith(same_key(f"{other}:")) for other in self.others)

    def without_prefix(self, source_id: str) -> str:
        """A source id as the source has it."""
        prefix, _, rest = source_id.partition(":")
        return rest if self.prefix is not None and rest and same_key(prefix) == same_key(self.prefix) else source_id

    def with_prefix(self, source_id: str) -> str:
        """A source id of the source as a user has it."""
        return source_id if self.prefix is None else f"{self.prefix}:{source_id}"


ONLY_SOURCE: Final = SourceKeys()
"""Those of the only source."""
