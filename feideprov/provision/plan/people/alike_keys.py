"""Source ids that look the same but are two: a letter of another alphabet, or another hyphen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.look_alikes import look, told_apart
from feideprov.messages import NOTHING, Sentence, joined
from feideprov.text import shown

_MOST_SHOWN: Final = 5


def alike_keys(listed: Iterable[str], in_directory: Iterable[str]) -> tuple[Sentence, ...]:
    """A note about the source ids of a list that look like others, of the list or of the directory.

    They may be two people, so nothing is held. In most lists no source id has other letters than a to z, and nothing is
    compared.
    """
    keys = dict.fromkeys(map(same_key, listed))
    everybody = {**keys, **dict.fromkeys(in_directory)}
    foreign = [key for key in everybody if not key.isascii()]
    if not foreign:
        return ()
    by_look: defaultdict[str, list[str]] = defaultdict(list)
    for key in everybody:
        by_look[look(key)].append(key)
    alike = [
        Sentence("“{one}”{apart} and “{other}”", one=shown(key), apart=told_apart(key, [other]), other=shown(other))
        for key in foreign
        for other in by_look[look(key)]
        if other != key and (key in keys or other in keys) and (other.isascii() or key < other)
    ]
    if not alike:
        return ()
    more = len(alike) - _MOST_SHOWN
    others = Sentence("; and {count} more", plural="; and {count} more", count=more) if more > 0 else NOTHING
    return (
        Sentence(
            "Source ids that look the same are counted as those of different people: {pairs}{others}. If they are of "
            "one person, correct the list or the directory.",
            pairs=joined(alike[:_MOST_SHOWN], "; "),
            others=others,
        ),
    )
