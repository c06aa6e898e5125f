"""Does a full file have the keys of its source? When most of them are new, it is asked once, of the file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.errors import ConfigurationError
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.linking.source_keys import SourceKeys

_FEW: Final = 2
"""So many new keys say nothing of a file."""


def require_known_keys(
    builder: PlanBuilder,
    source_ids: Collection[str],
    last: Collection[str],
    *,
    key: MarkKey,
    keys: SourceKeys,
    former_keys: Mapping[str, str],
    file: str,
) -> None:
    """Raise ConfigurationError when more than half of the source ids of a full file are new, although the source has
    users already. `last` are the marks of the source ids of its last full file. A source id that a user has, or that
    follows one in the file's own words, is not new."""
    state, linked, known = builder.state, builder.known_users.linked, frozenset(last)

    def is_known(source_id: str) -> bool:
        folded = same_key(source_id)
        return folded in state.by_source_id or folded in linked or key.of_listed_key(source_id) in known

    def is_new(source_id: str) -> bool:
        return not is_known(source_id) and not (source_id in former_keys and is_known(former_keys[source_id]))

    new = sum(map(is_new, source_ids)) if known else 0
    if new <= _FEW or new * 2 <= len(source_ids) or not _has_users(builder, keys):
        return
    raise ConfigurationError(
        Sentence(
            "{file}: {new} of {count} keys are new, although this source has users already. Have the keys of the "
            "source been exchanged, or the settings key and prefix of [[sources]]? If the people are the same, nothing "
            "is to be applied yet: first run feideprov link LIST, which finds them by number and name, and answer its "
            "questions. If the people are new, run again with --new-keys.",
            file=file,
            new=new,
            count=len(source_ids),
        )
    )


def _has_users(builder: PlanBuilder, keys: SourceKeys) -> bool:
    """Whether a user of ours has a source id of the source."""
    ours: Iterable[str] = builder.known_users.ours
    found = (builder.state.by_feide_name.get(name) for name in ours)
    attribute = builder.state.source_id_attribute
    return any(keys.has(text) for entry in found if entry is not None for text in entry.texts(attribute))
