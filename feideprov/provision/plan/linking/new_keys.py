"""Does a full file have the keys of its source? When most of them are new, it is asked once, of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.errors import ConfigurationError
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.linking.source_keys import SourceKeys

_FEW: Final = 2
"""So few new keys do not stop a file."""


@dataclass(frozen=True)
class KeysOfFile:
    """What tells whether a source id of a full file is new. `last` are the marks of the source ids of the last full
    file of its source. A source id is not new when a user has it, or has the one that it follows in the file
    (`former_keys`)."""

    builder: PlanBuilder
    key: MarkKey
    keys: SourceKeys
    former_keys: Mapping[str, str]
    last: frozenset[str]

    def require_known(self, source_ids: Sequence[str], file: str) -> None:
        """Raise ConfigurationError when more than half of the source ids are new, although the source has users."""
        new = sum(map(self._is_new, source_ids)) if self.last else 0
        if new <= _FEW or new * 2 <= len(source_ids) or not self._has_users():
            return
        raise ConfigurationError(
            Sentence(
                "{file}: {new} of {total} keys are new, although this source has users already. Have the keys of the "
                "source been exchanged, or the settings key and prefix of [[sources]]? If the people are the same, "
                "nothing is to be applied yet: first run feideprov link LIST, which finds them by number and name, and "
                "answer its questions. If the people are new, run again with --new-keys.",
                file=file,
                new=new,
                total=len(source_ids),
            )
        )

    def _is_new(self, source_id: str) -> bool:
        return not any(map(self._is_known, filter(None, (source_id, self.former_keys.get(source_id)))))

    def _is_known(self, source_id: str) -> bool:
        folded, builder = same_key(source_id), self.builder
        linked = builder.known_users.linked
        return (
            folded in builder.state.by_source_id or folded in linked or self.key.of_listed_key(source_id) in self.last
        )

    def _has_users(self) -> bool:
        """Whether a user of ours has a source id of the source."""
        state = self.builder.state
        found = (state.by_feide_name.get(name) for name in self.builder.known_users.ours)
        texts = (text for entry in found if entry is not None for text in entry.texts(state.source_id_attribute))
        return any(map(self.keys.has, texts))
