"""Writes whose response leaves open whether they were carried out: the entry is read before anything is decided.

A server, or what stands between it and us, can respond “busy” to a write that it carries out all the same, and can
refuse a request that was carried out because it was sent twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.conditions import satisfies
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete, Modification, Modify, Rename, SetPassword, Write, WriteResult
from feideprov.directory.protocol import Directory
from feideprov.directory.result_code import CHANGED_MEANWHILE, ResultCode, is_unclear
from feideprov.errors import DirectoryError

MAY_BE_DONE: Final = CHANGED_MEANWHILE | {
    ResultCode.CONSTRAINT_VIOLATION,
    ResultCode.NO_SUCH_OBJECT,
    ResultCode.ENTRY_ALREADY_EXISTS,
}
"""Refusals of a write that was sent before: they can mean that the first request was carried out meanwhile."""
_UNREADABLE: Final = {"userpassword", "unicodepwd"}


def carried_out(directory: Directory, writes: Iterable[Write]) -> Iterator[WriteResult]:
    """Carry out writes, as `Directory.write` does. Where a response leaves open whether a write was carried out, and
    the directory shows that it was, its result has no error.

    Raises DirectoryError also when the entry cannot be read: then the outcome is unknown.
    """
    for written in directory.write(writes):
        yield WriteResult(written.write) if was_done(directory, written.write, written.error) else written


def was_done(directory: Directory, write: Write, error: DirectoryError | None, password: str | None = None) -> bool:
    """Was a write carried out, although the directory responded with this error?

    `password` is that of a new entry, in clear text. Where the server says that there is such an entry already, the
    entry is ours only if it has this password: another run may have made the same user.
    """
    if error is None:
        return True
    if is_unclear(error.code):
        return is_done(directory, write)
    if error.code not in MAY_BE_DONE or isinstance(write, SetPassword | Delete | Rename):
        return False
    if error.code == ResultCode.ENTRY_ALREADY_EXISTS and password is None:
        return False  # who made it cannot be told
    return is_done(directory, write) and (password is None or directory.accepts_login(write.dn, password))


def is_done(directory: Directory, write: Write) -> bool:
    """Is the directory as the write would leave it? Numbers are compared here, never by the server."""
    match write:
        case Delete(dn):
            return directory.read(dn, ["1.1"]) is None
        case Rename(dn, to):
            return dn != to and directory.read(dn, ["1.1"]) is None and directory.read(to, ["1.1"]) is not None
    dn, steps = left_by(write)
    seen = not steps or satisfies(directory.read(dn, [step.attribute for step in steps]), steps)
    if isinstance(write, SetPassword):
        return seen and directory.accepts_login(dn, write.password)
    return seen and bool(steps)


def left_by(write: Add | Modify | SetPassword) -> tuple[DN, Sequence[Modification]]:
    """The entry of a write, and those of its steps that can be seen there afterwards: passwords cannot be read."""
    match write:
        case Add(entry):
            steps: Iterable[Modification] = (Modification("add", name, values) for name, values in entry.items())
        case Modify(_, modifications):
            steps = modifications
        case SetPassword(_, _, also):
            steps = also
    return write.dn, [step for step in steps if attribute_key(step.attribute) not in _UNREADABLE]
