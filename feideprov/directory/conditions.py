"""What an entry holds: whether it meets the preconditions of a change, whether it is as a change would leave it, and
how a change leaves it.

Values are compared here, in memory, by the rules of the schema. So no number is in a filter.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from feideprov.directory.attribute_description import attribute_key, description_key
from feideprov.directory.entry import Entry, Modification, Precondition, Value, octets
from feideprov.directory.result_code import ResultCode
from feideprov.directory.rules import attribute_rule, check_change, comparable
from feideprov.errors import DirectoryError
from feideprov.messages import Sentence


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


def changed(entry: Entry, steps: Sequence[Modification], *, whole: bool = True) -> Entry:
    """The entry as a server leaves it after these steps.

    `whole`: all its attributes were read, or else only those that the steps change, and some others. Raises
    DirectoryError, with the result code, when a server would refuse the change.
    """
    attributes = dict(entry.items())
    for step in steps:
        if step.operation == "add":
            name = same_description(attributes, step.attribute)
            attributes[name] = _with_values(name, attributes.get(name, ()), step.values)
        elif step.values:
            for value in step.values:
                _delete_value(attributes, step.attribute, value)
        elif names := descriptions(attributes, step.attribute):
            attributes |= dict.fromkeys(names, ())
        else:
            raise DirectoryError(
                Sentence("{name} has no value.", name=step.attribute), code=ResultCode.NO_SUCH_ATTRIBUTE
            )
    after = Entry(entry.dn, {name: values for name, values in attributes.items() if values})
    for attribute, named in entry.dn.own:
        rule = attribute_rule(attribute)
        if rule and rule.single and len(after.values(attribute)) > 1:
            raise DirectoryError(
                Sentence(
                    "{attribute} is in the entry's DN and allows only one value, so it cannot be changed.",
                    attribute=rule.name,
                ),
                code=ResultCode.CONSTRAINT_VIOLATION,
            )
        if holds(entry, attribute, named) and not holds(after, attribute, named):
            raise DirectoryError(
                Sentence("The value of {attribute} that is in the entry's DN cannot be deleted.", attribute=attribute),
                code=ResultCode.NOT_ALLOWED_ON_RDN,
            )
    check_change(entry, after, [step.attribute for step in steps], whole=whole)
    return after


def descriptions(attributes: Mapping[str, tuple[bytes, ...]], attribute: str) -> list[str]:
    """Under which descriptions an attribute has values, those without options first."""
    key = attribute_key(attribute)
    return sorted((n for n, held in attributes.items() if held and attribute_key(n) == key), key=lambda n: ";" in n)


def same_description(attributes: Iterable[str], description: str) -> str:
    """The description as the entry writes it, perhaps by another name of the attribute."""
    key = description_key(description)
    return next((name for name in attributes if description_key(name) == key), description)


def _with_values(name: str, held: tuple[bytes, ...], added: Sequence[bytes]) -> tuple[bytes, ...]:
    for value in added:
        if comparable(name, value) in {comparable(name, one) for one in held}:
            raise DirectoryError(
                Sentence("{name} already has that value.", name=name), code=ResultCode.ATTRIBUTE_OR_VALUE_EXISTS
            )
        held = (*held, value)
    return held


def _delete_value(attributes: dict[str, tuple[bytes, ...]], attribute: str, value: bytes) -> None:
    """Delete a value where it stands."""
    for name in descriptions(attributes, attribute):
        held = attributes[name]
        same = [one for one in held if comparable(name, one) == comparable(name, value)]
        if same:
            attributes[name] = tuple(one for one in held if one is not same[0])
            return
    raise DirectoryError(
        Sentence("{name} does not have that value.", name=attribute), code=ResultCode.NO_SUCH_ATTRIBUTE
    )


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
