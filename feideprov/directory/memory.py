"""A directory in memory: for programs that try out the library, and for tests.

It behaves as a real server does, result codes included; the contract tests verify that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Self

from feideprov.directory import password as storage
from feideprov.directory import rules
from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.conditions import changed, descriptions, holds, meets, same_description
from feideprov.directory.dn import DN, Hex
from feideprov.directory.entry import (
    Add,
    Delete,
    Entry,
    Modify,
    Precondition,
    Rename,
    SetPassword,
    Write,
    WriteResult,
)
from feideprov.directory.layout import USUAL, Layout
from feideprov.directory.protocol import base_not_found, never_by_number, precondition_failed
from feideprov.directory.result_code import ResultCode
from feideprov.errors import DirectoryError, scrub
from feideprov.messages import Sentence
from feideprov.programs.arguments import checked


class MemoryDirectory:
    """A directory that exists as long as the object does.

    A Client that is given an empty one creates the organization's own entries in it.

    Parameters:
        base: the DN below which people are searched for.
        entries: what the directory has at first: at least the base itself, as on a server.
        password_scheme: how passwords are stored, `ssha` or `argon2`.

    Raises:
        InputError: the base is not a DN.
    """

    layout: Layout = USUAL
    login_needs_proof = False  # it verifies what it stored itself

    @checked
    def __init__(
        self, base: DN | str = "", entries: Iterable[Entry] = (), *, password_scheme: storage.Scheme = "ssha"
    ) -> None:
        self.base = DN.parse(base) if isinstance(base, str) else base
        self.password_scheme = password_scheme
        self._entries: dict[object, Entry] = {entry.dn.key: entry for entry in entries}

    def check(self) -> None:
        if self.read(self.base) is None:
            raise base_not_found(self.base)

    def read(self, dn: DN, attributes: Sequence[str] = ("*",)) -> Entry | None:
        entry = self._entries.get(dn.key)
        return entry.only(attributes) if entry else None

    def entries(self) -> Iterator[Entry]:
        """All entries.

        Returns: the entries, in the order in which they were added.

        Raises:
            DirectoryError: of an `LdifDirectory`: the file cannot be read.
        """
        return iter(tuple(self._entries.values()))

    def having(self, present: Sequence[str], attributes: Sequence[str]) -> Iterator[Entry]:
        for entry in self._below_base():
            if any(entry.values(name) for name in present):
                yield entry.only(attributes)

    def matching(self, attribute: str, values: Iterable[str], attributes: Sequence[str]) -> Iterator[Entry]:
        never_by_number(attribute)
        wanted = {rules.comparable(attribute, value.encode()) for value in values}
        for entry in self._below_base() if wanted else ():
            held = (rules.comparable(attribute, value) for value in entry.values(attribute))
            if not wanted.isdisjoint(held):
                yield entry.only(attributes)

    @contextmanager
    def writing(self) -> Iterator[None]:
        yield

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        for write in writes:
            yield self._carry_out(write)

    def stored_password(self, password: str) -> tuple[str, bytes]:
        return "userPassword", storage.stored(password, self.password_scheme)

    def accepts_login(self, dn: DN, password: str) -> bool:
        entry = self.read(dn)
        return entry is not None and any(storage.verify(password, v) for v in entry.values("userPassword"))

    def confirm_login(self, dn: DN, password: str) -> bool:
        return self.accepts_login(dn, password)

    def close(self) -> None:
        """Do nothing: there is nothing to close.

        Raises: nothing.
        """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _carry_out(self, write: Write) -> WriteResult:
        try:
            match write:
                case Add(entry):
                    self._add(entry)
                case Modify(dn, modifications, presumes):
                    self._entries[dn.key] = changed(self._checked(dn, presumes), modifications)
                case SetPassword(dn, password, also):
                    entry = changed(self._existing(dn), also)
                    attribute, value = self.stored_password(password)
                    values = {n: vs for n, vs in entry.items() if attribute_key(n) != attribute_key(attribute)}
                    self._entries[dn.key] = Entry(entry.dn, {**values, attribute: (value,)})
                case Delete(dn, presumes):
                    self._checked(dn, presumes)
                    self._delete(dn)
                case Rename(dn, to):
                    self._rename(dn, to)
        except DirectoryError as error:
            return WriteResult(write, error)
        return WriteResult(write)

    def _below_base(self) -> Iterator[Entry]:
        entries = tuple(self.entries())
        if self.base.key not in self._entries:
            raise base_not_found(self.base)
        return (entry for entry in entries if entry.dn.is_within(self.base))

    def _existing(self, dn: DN) -> Entry:
        entry = self._entries.get(dn.key)
        if entry is None:
            raise DirectoryError(Sentence("There is no entry {dn}.", dn=scrub(str(dn))), code=ResultCode.NO_SUCH_OBJECT)
        return entry

    def _checked(self, dn: DN, presumes: Sequence[Precondition]) -> Entry:
        entry = self._existing(dn)
        if not meets(entry, presumes):
            raise precondition_failed()
        return entry

    def _add(self, entry: Entry) -> None:
        if entry.dn.key in self._entries:
            raise _exists(entry.dn)
        if entry.dn != self.base and entry.dn.parent.key not in self._entries:
            raise DirectoryError(
                Sentence(
                    "There is no entry {dn}, so a new entry cannot be created below it.", dn=scrub(str(entry.dn.parent))
                ),
                code=ResultCode.NO_SUCH_OBJECT,
            )
        rules.check_entry(entry)
        for attribute, value in entry.dn.own:
            if not isinstance(value, Hex) and not holds(entry, attribute, value):
                raise DirectoryError(
                    Sentence("The entry must have the value of {attribute} that is in its DN.", attribute=attribute),
                    code=ResultCode.NAMING_VIOLATION,
                )
        self._entries[entry.dn.key] = entry

    def _delete(self, dn: DN) -> None:
        self._existing(dn)
        self._has_none_below(dn)
        del self._entries[dn.key]

    def _rename(self, dn: DN, to: DN) -> None:
        entry = self._existing(dn)
        self._has_none_below(dn)
        if to.key in self._entries and to != dn:
            raise _exists(to)
        renamed = _named(entry, to)
        self._entries = {
            new.dn.key: new for new in (renamed if old is entry else old for old in self._entries.values())
        }

    def _has_none_below(self, dn: DN) -> None:
        if any(entry.dn.parent == dn for entry in self._entries.values()):
            raise DirectoryError(
                Sentence("There are entries below {dn}. Delete or move these first.", dn=scrub(str(dn))),
                code=ResultCode.NOT_ALLOWED_ON_NON_LEAF,
            )


def _exists(dn: DN) -> DirectoryError:
    return DirectoryError(
        Sentence("The entry {dn} already exists.", dn=scrub(str(dn))), code=ResultCode.ENTRY_ALREADY_EXISTS
    )


def _named(entry: Entry, dn: DN) -> Entry:
    attributes = dict(entry.items())
    for attribute, text in entry.dn.own:
        for name in descriptions(attributes, attribute):
            leaving = rules.comparable(name, text.encode())
            attributes[name] = tuple(v for v in attributes[name] if rules.comparable(name, v) != leaving)
    for attribute, text in dn.own:
        name = same_description(attributes, attribute)
        values = attributes.get(name, ())
        if rules.comparable(name, text.encode()) not in {rules.comparable(name, v) for v in values}:
            attributes[name] = (*values, text.encode())
    renamed = Entry(dn, {name: values for name, values in attributes.items() if values})
    rules.check_change(entry, renamed, [attribute for attribute, _ in (*entry.dn.own, *dn.own)])
    return renamed
