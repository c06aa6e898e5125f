"""What an entry holds: whether it meets the preconditions of a change, and whether it is as a change would leave it.

Values are compared here, in memory, by the rules of the schema. So no number is in a filter.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.entry import Entry, Modification, Precondition, Value, octets
from feideprov.directory.rules import comparable


def holds(entry: Entry, attribute: str, value: Value) -> bool:
    """Has the attribute this value, as the server compares values?"""
    return comparable(attribute, octets(value)) in {comparable(attribute, one) for one in entry.values(attribute)}


def meets(entry: Entry, preconditions: Iterable[Precondition]) -> bool:
    """Is the entry as all the preconditions say?"""
    return all(
        not entry.values(one.attribute) if one.value is None else holds(entry, one.attribute, one.value)
        for one in preconditions
    )


def as_held(entry: Entry, steps: Iterable[Modification]) -> Iterator[Modification]:
    """The steps, with each value that they delete under the descriptions where the entry has it: a server deletes
    `cn: A` only from `cn`, not from `cn;lang-nb`."""
    for step in steps:
        if step.operation == "add":
            yield step
            continue
        key = attribute_key(step.attribute)
        held = [(name, values) for name, values in entry.items() if attribute_key(name) == key]
        if not step.values:
            yield from [Modification("delete", name, ()) for name, _ in held] or [step]
        left = list(step.values)
        for name, values in held:
            there = {comparable(name, value) for value in values}
            if found := [value for value in left if comparable(name, value) in there]:
                yield Modification("delete", name, tuple(found))
                left = [value for value in left if value not in found]
        if left:
            yield Modification("delete", step.attribute, tuple(left))


def satisfies(entry: Entry | None, steps: Iterable[Modification]) -> bool:
    """Is the entry as these steps would leave it? It has what they add, and nothing of what they delete; of several
    steps for one value the last one counts. An entry that is not there (None) satisfies nothing.

    Values are compared as the server does, since it may return one in other capitals; a value that is only rewritten
    in other capitals is compared exactly. Attributes that cannot be read (passwords) must not be among the steps.
    """
    if entry is None:
        return False
    changes: dict[str, _NetChange] = {}
    for step in steps:
        changes.setdefault(attribute_key(step.attribute), _NetChange(step.attribute)).apply(step)
    return all(change.is_done(entry) for change in changes.values())


class _NetChange:
    """What steps, one after the other, do to one attribute."""

    def __init__(self, attribute: str) -> None:
        self.attribute = attribute
        self.added: set[bytes] = set()
        self.deleted: set[Hashable] = set()
        """As the server compares them."""
        self.replaces = False
        """All former values are deleted."""

    def apply(self, step: Modification) -> None:
        if step.operation == "add":
            self.added |= set(step.values)
            return
        self.replaces = self.replaces or not step.values
        deleted = self._comparable(step.values or self.added)
        self.deleted |= deleted
        self.added -= self._of(self.added, deleted)

    def is_done(self, entry: Entry) -> bool:
        held = set(entry.values(self.attribute))
        rewritten = self._of(self.added, self.deleted)
        if self._of(held, self.deleted) != rewritten:
            return False
        there, added = self._comparable(held), self._comparable(self.added)
        return there == added if self.replaces else added <= there

    def _comparable(self, values: Iterable[bytes]) -> set[Hashable]:
        return {comparable(self.attribute, value) for value in values}

    def _of(self, values: Iterable[bytes], compared: set[Hashable]) -> set[bytes]:
        return {value for value in values if comparable(self.attribute, value) in compared}
