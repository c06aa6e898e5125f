"""What is said to an LDAP server for one write: a request, and what follows from the answer to it.

A conversation yields requests, is sent what came of each, and returns the refusal, or None when the write was done. It
knows nothing of connections, so any number of them run side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from feideprov.directory.dn import DN
from feideprov.directory.entry import (
    Add,
    Delete,
    Entry,
    Modification,
    Modify,
    Precondition,
    Rename,
    SetPassword,
    Write,
)
from feideprov.directory.ldap import requests as request
from feideprov.directory.ldap.requests import Request
from feideprov.directory.ldap.responses import search_entry
from feideprov.directory.ldap.server import server_error
from feideprov.directory.ldap.transport import Exchange
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.directory.rules import comparable
from feideprov.errors import DirectoryError

WriteOperation = Generator[Request, Exchange, DirectoryError | None]

NO_SUCH_ENTRY, ASSERTION_FAILED = 32, 122
_THERE_ALREADY = 20
_DONE_MEANWHILE = {16, 19, 20, NO_SUCH_ENTRY, 68, ASSERTION_FAILED}
"""Refusals of a write that was sent once before: they can mean that it was done in between."""
_UNREADABLE = {"userpassword", "unicodepwd"}


@dataclass(frozen=True)
class WriteOperations:
    """How writes are put to a server. `asserts`, `shows`: it knows the controls of RFC 4528 and of RFC 4527.
    `classes_first`: it takes no class together with an attribute of it."""

    asserts: bool
    shows: bool
    stored_password: Callable[[str], tuple[str, bytes]]
    classes_first: bool = False

    def carry_out(self, write: Write) -> WriteOperation:
        """A write that was not sent before."""
        match write:
            case Add(entry):
                numbers = [(NUMBER_ATTRIBUTE, entry.values(NUMBER_ATTRIBUTE))] if NUMBER_ATTRIBUTE in entry else []
                answered = yield request.add(str(entry.dn), entry.items(), self._showing(numbers))
                return _outcome(answered, numbers)
            case Modify():
                return (yield from self._classes_first(write))
            case SetPassword(dn, password, also):
                attribute, value = self.stored_password(password)
                steps = [(request.REPLACE, attribute, (value,)), *_steps(also)]
                return refusal((yield request.modify(str(dn), steps)))
            case Delete():
                return (yield from self._delete(write))
            case Rename(dn, to):
                return refusal((yield request.rename(str(dn), str(DN(to.rdns[:1])))))

    def carry_out_after_loss(self, write: Write) -> WriteOperation:
        """A write of which nobody knows whether the server did it. It is looked up, and sent only where it does not
        stand. The server may still be at work on the first one then, so a refusal is looked up too."""
        if (yield from _stands(write)):
            return (yield from self._password_again(write))
        refused = yield from self.carry_out(write)
        if refused is not None and refused.code in _DONE_MEANWHILE and (yield from _stands(write)):
            return (yield from self._password_again(write))
        return refused

    def _password_again(self, write: Write) -> WriteOperation:
        """Of a password only what went with it can be seen to stand. That would be refused now; the password is not."""
        return (yield from self.carry_out(replace(write, also=()))) if isinstance(write, SetPassword) else None

    def _classes_first(self, write: Modify) -> WriteOperation:
        """A class that nothing follows on, because the rest is refused, does no harm: those of Feide demand nothing."""
        classes = tuple(s for s in write.modifications if s.attribute.lower() == "objectclass" and s.operation == "add")
        rest = tuple(step for step in write.modifications if step not in classes)
        if self.classes_first and classes and rest:
            refused = yield from self._modify(replace(write, modifications=classes))
            if refused is not None and refused.code != _THERE_ALREADY:
                return refused
            write = replace(write, modifications=rest)
        return (yield from self._modify(write))

    def _modify(self, write: Modify) -> WriteOperation:
        if (moved := (yield from self._moved(write))) is not None:
            return moved
        steps, condition = _steps(write.modifications), self._condition(write)
        added = [(m.attribute, m.values) for m in write.modifications if m.operation == "add"]
        answered = yield request.modify(str(write.dn), steps, self._showing(added, *condition))
        if condition and _code(answered) == ASSERTION_FAILED and (yield from _holds(write)):
            # OpenLDAP's `unique` overlay asks the same of the entry that it searches from, and so refuses what is in
            # order (seen with slapd 2.5.13). The values that are taken away and added still guard the change.
            answered = yield request.modify(str(write.dn), steps, self._showing(added))
        return _outcome(answered, added)

    def _delete(self, write: Delete) -> WriteOperation:
        if (moved := (yield from self._moved(write))) is not None:
            return moved
        return refusal((yield request.delete(str(write.dn), request.controls(*self._condition(write)))))

    def _moved(self, write: Modify | Delete) -> WriteOperation:
        """Where the server cannot assert what a write presumes, a look just before it has to do."""
        if self.asserts or not write.presumes or (yield from _holds(write)):
            return None
        return DirectoryError("The entry is no longer as presumed.", code=ASSERTION_FAILED)

    def _condition(self, write: Modify | Delete) -> list[bytes]:
        """The control by which the server itself asserts what a write presumes."""
        asserted = self.asserts and write.presumes
        return [request.assertion(request.every(map(_term, write.presumes)))] if asserted else []

    def _showing(self, written: Iterable[tuple[str, Sequence[bytes]]], *controls: bytes) -> bytes:
        """The controls of a write. Where it writes a number, the server is asked to show that number in its answer."""
        if self.shows and any(name.lower() == NUMBER_ATTRIBUTE.lower() for name, _ in written):
            controls = (*controls, request.post_read([NUMBER_ATTRIBUTE]))
        return request.controls(*controls)


_OPERATIONS = {"add": request.ADD, "delete": request.DELETE}


def _steps(modifications: Iterable[Modification]) -> list[request.Step]:
    return [(_OPERATIONS[m.operation], m.attribute, m.values) for m in modifications]


def refusal(answered: Exchange) -> DirectoryError | None:
    """What an answer says when it is no success."""
    found = answered.answer
    return None if found is None or found.code == 0 else server_error(found.code, found.said)


def _code(answered: Exchange) -> int | None:
    return answered.answer.code if answered.answer else None


def _outcome(answered: Exchange, written: Iterable[tuple[str, Sequence[bytes]]]) -> DirectoryError | None:
    """What became of a write. A server that answers “success”, but does not show the number that was written, is not
    believed; nor is it taken for a refusal, since the rest may stand. Raises DirectoryError then: nobody knows."""
    left = answered.answer.left if answered.answer else None
    if (refused := refusal(answered)) is not None or left is None:
        return refused
    shown = {comparable(NUMBER_ATTRIBUTE, value) for value in left.get(NUMBER_ATTRIBUTE.lower(), ("", ()))[1]}
    numbers = (value for name, values in written if name.lower() == NUMBER_ATTRIBUTE.lower() for value in values)
    if all(comparable(NUMBER_ATTRIBUTE, number) in shown for number in numbers):
        return None
    raise DirectoryError(
        f"The directory answered success, but does not show in {NUMBER_ATTRIBUTE} what was written. Look at the entry, "
        "and whether the bind account may read that attribute (feideprov doctor); then run again."
    )


def _read(dn: DN, attributes: Sequence[str]) -> Generator[Request, Exchange, Entry | None]:
    answered = yield request.search(str(dn), request.BASE, request.present("objectClass"), attributes)
    if _code(answered) == NO_SUCH_ENTRY:
        return None
    if (error := refusal(answered)) is not None:
        raise error
    return Entry.received(dn, search_entry(*answered.found[0])[1]) if answered.found else None


def _holds(write: Modify | Delete) -> Generator[Request, Exchange, bool]:
    """Is the entry as presumed, as far as a look just before the write can tell? Of one that is not there, the server
    says so itself."""
    entry = yield from _read(write.dn, [p.attribute for p in write.presumes])
    return entry is None or all(
        not entry.values(p.attribute)
        if p.value is None
        else comparable(p.attribute, p.value.encode()) in _held(entry, p.attribute)
        for p in write.presumes
    )


def _stands(write: Write) -> Generator[Request, Exchange, bool]:
    """Is the entry as the write would have left it? Numbers are compared here, never by the server; passwords cannot
    be: to set one again does no harm. What goes with a password can, and must not be sent again."""
    match write:
        case Add(entry):
            sent = {name: values for name, values in entry.items() if name.lower() not in _UNREADABLE}
            found = yield from _read(entry.dn, list(sent))
            return found is not None and all(
                {comparable(name, value) for value in values} <= _held(found, name) for name, values in sent.items()
            )
        case Modify(dn, steps):
            readable = [step for step in steps if step.attribute.lower() not in _UNREADABLE]
            if not readable:
                return False
            found = yield from _read(dn, [step.attribute for step in readable])
            return found is not None and _shows(found, readable)
        case SetPassword(dn, _, also):
            return (yield from _stands(Modify(dn, also)))
        case Delete(dn):
            return (yield from _read(dn, ["1.1"])) is None
        case Rename(dn, to):
            return dn != to and (yield from _read(dn, ["1.1"])) is None and (yield from _read(to, ["1.1"])) is not None


def _shows(entry: Entry, steps: Sequence[Modification]) -> bool:
    """Does the entry hold what the steps add, and nothing of what they take away?"""
    there: dict[str, set[Hashable]] = {}
    gone: dict[str, set[Hashable]] = {}
    alone: set[str] = set()
    for step in steps:
        name = step.attribute.lower()
        values = {comparable(name, value) for value in step.values}
        added, taken = there.setdefault(name, set()), gone.setdefault(name, set())
        if step.operation == "add":
            added |= values
            taken -= values
        elif values:
            taken |= values
            added -= values
        else:
            alone.add(name)
            added.clear()
    return all(
        held >= there[name] and not held & gone[name] and (name not in alone or held == there[name])
        for name in there
        for held in [_held(entry, name)]
    )


def _held(entry: Entry, attribute: str) -> set[Hashable]:
    return {comparable(attribute, value) for value in entry.values(attribute)}


def _term(presumed: Precondition) -> bytes:
    if presumed.value is None:
        return request.negation(request.present(presumed.attribute))
    return request.equal(presumed.attribute, presumed.value)
