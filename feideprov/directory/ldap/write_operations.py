"""The requests of one write, and what follows from each response.

A write operation is a generator: it yields requests, is sent the exchange of each, and returns the error, or None when
the write was done. It knows nothing of connections, so any number of them run side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.conditions import as_held, holds, meets, satisfies
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
from feideprov.directory.ldap import requests
from feideprov.directory.ldap.requests import Request
from feideprov.directory.ldap.responses import read_entry
from feideprov.directory.ldap.server import server_error
from feideprov.directory.ldap.transport import Exchange
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, precondition_failed
from feideprov.directory.result_code import ResultCode
from feideprov.directory.second_look import MAY_BE_DONE, left_by
from feideprov.errors import DirectoryError
from feideprov.messages import Sentence

WriteOperation = Generator[Request, Exchange, DirectoryError | None]


@dataclass(frozen=True)
class WriteOperations:
    """How writes are sent to a server. `has_assertion`, `has_post_read`: it supports the controls of RFC 4528 and of
    RFC 4527. `classes_first`: it refuses a modify that adds an object class together with an attribute of it."""

    has_assertion: bool
    has_post_read: bool
    stored_password: Callable[[str], tuple[str, bytes]]
    classes_first: bool = False

    def carry_out(self, write: Write) -> WriteOperation:
        """A write that was not sent before."""
        match write:
            case Add(entry):
                numbers = [(NUMBER_ATTRIBUTE, entry.values(NUMBER_ATTRIBUTE))] if NUMBER_ATTRIBUTE in entry else []
                exchange = yield requests.add(str(entry.dn), entry.items(), self._controls(numbers))
                return _outcome(
                    exchange, numbers, passwords=(*entry.values("userPassword"), *entry.values("unicodePwd"))
                )
            case Modify():
                return (yield from self._modify_classes_first(write))
            case SetPassword(dn, password, also):
                attribute, value = self.stored_password(password)
                steps = [(requests.REPLACE, attribute, (value,)), *_steps(also)]
                return _refusal((yield requests.modify(str(dn), steps)), passwords=(value,))
            case Delete():
                return (yield from self._delete(write))
            case Rename(dn, to):
                return _refusal((yield requests.rename(str(dn), str(DN(to.rdns[:1])))))

    def carry_out_after_loss(self, write: Write) -> WriteOperation:
        """A write whose outcome is unknown: its connection was lost, or the server responded that it was busy.

        The entry is read, and the write is sent only if it is not done. The server may still be working on the first
        request, so the entry is read after a refusal too."""
        if (yield from _is_done(write)):
            return (yield from self._send_password_again(write))
        refused = yield from self.carry_out(write)
        if refused is not None and refused.code in MAY_BE_DONE and (yield from _is_done(write)):
            return (yield from self._send_password_again(write))
        return refused

    def _send_password_again(self, write: Write) -> WriteOperation:
        """Of a password change only the other steps can be seen to be done. Sent again, they would be refused; the
        password is not."""
        return (yield from self.carry_out(replace(write, also=()))) if isinstance(write, SetPassword) else None

    def _modify_classes_first(self, write: Modify) -> WriteOperation:
        """If the second request is refused, the class stays and does no harm: Feide's classes have no mandatory
        attributes."""
        classes = tuple(
            s for s in write.modifications if attribute_key(s.attribute) == "objectclass" and s.operation == "add"
        )
        rest = tuple(step for step in write.modifications if step not in classes)
        if self.classes_first and classes and rest:
            refused = yield from self._modify(replace(write, modifications=classes))
            if refused is not None and refused.code != ResultCode.ATTRIBUTE_OR_VALUE_EXISTS:
                return refused
            write = replace(write, modifications=rest)
        return (yield from self._modify(write))

    def _modify(self, write: Modify) -> WriteOperation:
        if (failed := (yield from self._check_preconditions(write))) is not None:
            return failed
        refused = yield from self._send(write)
        if refused is not None and refused.code == ResultCode.NO_SUCH_ATTRIBUTE:
            held = yield from _as_held(write)
            if held != write:
                return (yield from self._send(held))
        return refused

    def _send(self, write: Modify) -> WriteOperation:
        steps, assertion = _steps(write.modifications), self._assertion(write)
        added = [(m.attribute, m.values) for m in write.modifications if m.operation == "add"]
        exchange = yield requests.modify(str(write.dn), steps, self._controls(added, *assertion))
        if assertion and _code(exchange) == ResultCode.ASSERTION_FAILED and (yield from _meets_preconditions(write)):
            # OpenLDAP's `unique` overlay applies the assertion to its own search too, and so refuses changes that are
            # correct (seen with slapd 2.5.13). The values that are deleted and added still protect the change.
            exchange = yield requests.modify(str(write.dn), steps, self._controls(added))
        passwords = [value for name, values in added if name == "userPassword" for value in values]
        return _outcome(exchange, added, passwords=passwords)

    def _delete(self, write: Delete) -> WriteOperation:
        if (failed := (yield from self._check_preconditions(write))) is not None:
            return failed
        return _refusal((yield requests.delete(str(write.dn), requests.controls(*self._assertion(write)))))

    def _check_preconditions(self, write: Modify | Delete) -> WriteOperation:
        """Where the server cannot assert the preconditions of a write, they are checked just before it."""
        if self.has_assertion or not write.presumes or (yield from _meets_preconditions(write)):
            return None
        return precondition_failed()

    def _assertion(self, write: Modify | Delete) -> list[bytes]:
        """The control by which the server itself asserts the preconditions of a write."""
        asserted = self.has_assertion and write.presumes
        return [requests.assertion(requests.all_of(map(_condition, write.presumes)))] if asserted else []

    def _controls(self, written: Iterable[tuple[str, Sequence[bytes]]], *controls: bytes) -> bytes:
        """The controls of a write. If it writes a number, the server is asked to return that number."""
        if self.has_post_read and any(name.lower() == NUMBER_ATTRIBUTE.lower() for name, _ in written):
            controls = (*controls, requests.post_read([NUMBER_ATTRIBUTE]))
        return requests.controls(*controls)


_OPERATIONS: Final = {"add": requests.ADD, "delete": requests.DELETE}


def _steps(modifications: Iterable[Modification]) -> list[requests.Step]:
    return [(_OPERATIONS[m.operation], m.attribute, m.values) for m in modifications]


def _condition(precondition: Precondition) -> bytes:
    if precondition.value is None:
        return requests.negated(requests.present(precondition.attribute))
    return requests.equal(precondition.attribute, precondition.value)


def _code(exchange: Exchange) -> int | None:
    return exchange.response.code if exchange.response else None


def _is_hash(password: bytes) -> bool:
    """A hash begins with its scheme in braces (RFC 2307, 5.3); a first password in clear text begins with a letter."""
    return password.startswith(b"{")


def _as_text(password: bytes) -> str:
    """A stored password as a server may quote it. Active Directory's is in quotation marks and UTF-16."""
    in_utf_16 = password.endswith(b'"\0')
    return password.decode("utf-16-le" if in_utf_16 else "utf-8", "replace").strip('"')


def _refusal(exchange: Exchange, *, passwords: Sequence[bytes] = ()) -> DirectoryError | None:
    """The error of a response that is not success. `passwords` are those in the request, as they are stored."""
    response = exchange.response
    if response is None or response.code == ResultCode.SUCCESS:
        return None
    hashed = any(map(_is_hash, passwords))
    return server_error(response.code, response.diagnostic, hashed=hashed, secrets=map(_as_text, passwords))


def _outcome(
    exchange: Exchange, written: Iterable[tuple[str, Sequence[bytes]]], *, passwords: Sequence[bytes] = ()
) -> DirectoryError | None:
    """The outcome of a write. If a server responds with success, but does not return the number that was written, the
    outcome is unknown, since the other steps may have been carried out: DirectoryError is raised."""
    returned = exchange.response.post_read if exchange.response else None
    if (refused := _refusal(exchange, passwords=passwords)) is not None or returned is None:
        return refused
    shown = Entry.received(DN(()), returned)
    numbers = (value for name, values in written if name.lower() == NUMBER_ATTRIBUTE.lower() for value in values)
    if all(holds(shown, NUMBER_ATTRIBUTE, number) for number in numbers):
        return None
    raise DirectoryError(
        Sentence(
            "The directory reported success, but {attribute} does not show what was written. Check the "
            "entry. To check that the bind account has the right to read the attribute, run: feideprov "
            "doctor. Then run the same command again.",
            attribute=NUMBER_ATTRIBUTE,
        )
    )


def _as_held(write: Modify) -> Generator[Request, Exchange, Modify]:
    """The change, with what it deletes under the options (`;lang-nb`) that it has in the entry."""
    deleted = [step.attribute for step in write.modifications if step.operation == "delete"]
    entry = yield from _read(write.dn, deleted)
    return replace(write, modifications=tuple(as_held(entry, write.modifications))) if entry else write


def _read(dn: DN, attributes: Sequence[str]) -> Generator[Request, Exchange, Entry | None]:
    exchange = yield requests.search(str(dn), requests.BASE, requests.present("objectClass"), attributes)
    if _code(exchange) == ResultCode.NO_SUCH_OBJECT:
        return None
    if (error := _refusal(exchange)) is not None:
        raise error
    return Entry.received(dn, read_entry(*exchange.entries[0])[1]) if exchange.entries else None


def _meets_preconditions(write: Modify | Delete) -> Generator[Request, Exchange, bool]:
    """Does the entry meet the preconditions, as far as a read just before the write can tell? If it is not there, the
    server says so itself."""
    entry = yield from _read(write.dn, [precondition.attribute for precondition in write.presumes])
    return entry is None or meets(entry, write.presumes)


def _is_done(write: Write) -> Generator[Request, Exchange, bool]:
    """Is the directory as the write would leave it? Numbers are compared here, never by the server. Passwords cannot be
    compared: to set one again does no harm. The steps that go with a password can be, and must not be sent again."""
    match write:
        case Delete(dn):
            return (yield from _read(dn, ["1.1"])) is None
        case Rename(dn, to):
            return dn != to and (yield from _read(dn, ["1.1"])) is None and (yield from _read(to, ["1.1"])) is not None
    dn, steps = left_by(write)
    return bool(steps) and satisfies((yield from _read(dn, [step.attribute for step in steps])), steps)
