"""What an entry holds: whether it meets the preconditions of a change, whether it is as a change would leave it, and
how a change leaves it.

Values are compared here, in memory, by the rules of the schema. So no number is in a filter.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

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
        changes.setdefault(step.attribute.lower(), _NetChange(step.attribute)).apply(step)
    return all(change.is_done(entry) for change in changes.values())


def changed(entry: Entry, steps: Sequence[Modification], *, whole: bool = True) -> Entry:
    """The entry as a server leaves it after these steps.

    `whole`: all its attributes were read, or else only those that the steps change, and some others. Raises
    DirectoryError, with the result code, when a server would refuse the change.
    """
    attributes = dict(entry.items())
    spelling = {name.lower(): name for name in attributes}
    for step in steps:
        name = spelling.setdefault(step.attribute.lower(), step.attribute)
        attributes[name] = _values_after(step, name, attributes.get(name, ()))
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


def _values_after(step: Modification, name: str, values: tuple[bytes, ...]) -> tuple[bytes, ...]:
    held = list(values)
    if step.operation == "delete" and not step.values:
        if not held:
            raise DirectoryError(Sentence("{name} has no value.", name=name), code=ResultCode.NO_SUCH_ATTRIBUTE)
        return ()
    for value in step.values:
        same = [v for v in held if comparable(name, v) == comparable(name, value)]
        if step.operation == "add" and same:
            raise DirectoryError(
                Sentence("{name} already has that value.", name=name), code=ResultCode.ATTRIBUTE_OR_VALUE_EXISTS
            )
        if step.operation == "delete" and not same:
            raise DirectoryError(
                Sentence("{name} does not have that value.", name=name), code=ResultCode.NO_SUCH_ATTRIBUTE
            )
        if step.operation == "add":
            held.append(value)
        else:
            held.remove(same[0])
    return tuple(held)


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
