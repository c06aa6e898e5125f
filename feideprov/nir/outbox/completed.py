"""Records as they were given, with what the file of the register still has of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feideprov.nir.contents import Given
from feideprov.nir.model import Record, Value
from feideprov.nir.register.content import Content, Place
from feideprov.nir.register.recorded import whole_content


@dataclass(frozen=True)
class Completed:
    """The records, and the fields of which only a part was kept: the part that rules read."""

    records: tuple[Record, ...]
    parts: frozenset[Place]


def completed(records: Iterable[Record], content: Content) -> Completed:
    """The records with all fields that the file has. It has no numbers, so those are the ones that were given; so are
    contents, and what was not given is taken from those that are kept for an adapter.

    Parameters:
        records: the records, which are in the file.
        content: what the file holds.
    """
    made, parts = [], set()
    for one in records:
        kept = content.records[one.person.key, one.scheme]
        values: dict[str, Value] = {}
        for name, value in kept.values.items():
            given = one.values[name].content if name in one.values else None
            if given is None or isinstance(given, Given):
                given = whole_content(content, one.person.key, one.scheme, name)
            if given is None and value.content is not None:
                parts.add((one.person.key, one.scheme, name))
            values[name] = value if given is None else value.model_copy(update={"content": given})
        person = kept.person.model_copy(update={"numbers": one.person.numbers})
        made.append(kept.model_copy(update={"person": person, "values": values}))
    return Completed(tuple(made), frozenset(parts))
