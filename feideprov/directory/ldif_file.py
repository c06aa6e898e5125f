"""A directory in an LDIF file: the embedded default, and the form in which a whole directory can be handed on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from feideprov import files as durable
from feideprov.directory import ldif
from feideprov.directory import password as storage
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Write, WriteResult
from feideprov.directory.memory import MemoryDirectory
from feideprov.errors import DirectoryError, InputError, scrub_path

LOCK_WAIT = 60.0


class LdifDirectory(MemoryDirectory):
    """The entries of one LDIF file.

    Locked (`<file>.lock`) from the read to the rename; every call of `write` puts one whole new file (mode 0600) in
    place of the old one before it says that anything is done. Entries that are not written to keep their octets and
    their order, whatever is in them.

    `base` defaults to the first entry of the file. Raises DirectoryError when the file cannot be read or written.
    """

    def __init__(
        self, path: Path | str, base: DN | str | None = None, *, password_scheme: storage.Scheme = "argon2"
    ) -> None:
        self.path = Path(path)
        self._records: list[ldif.Record] = []
        self._line_end = b"\n"
        self._read_at: tuple[int, int, int] | None = None
        self._locked = False
        super().__init__(base if base is not None else DN(()), password_scheme=password_scheme)
        self._load()
        if base is None:
            self.base = next(self.entries(), Entry(DN(()), {})).dn

    @staticmethod
    def begin(path: Path) -> None:
        """A new file without entries (mode 0600), where there is none. Raises DirectoryError when it cannot be made."""
        try:
            if not path.exists():
                durable.replace(path, b"version: 1\n\n")
        except OSError as error:
            raise DirectoryError(
                f"The LDIF directory {scrub_path(path)} cannot be made: {error.strerror}.", before_writing=True
            ) from None

    def read(self, dn: DN, attributes: Sequence[str] = ("*",)) -> Entry | None:
        self._load()
        return super().read(dn, attributes)

    def entries(self) -> Iterator[Entry]:
        self._load()
        return super().entries()

    @contextmanager
    def writing(self) -> Iterator[None]:
        if self._locked:
            yield
            return
        with ExitStack() as stack:
            try:
                stack.enter_context(durable.exclusive(self.path, wait=LOCK_WAIT, holder=f"process {os.getpid()}"))
            except durable.Locked as locked:
                raise DirectoryError(str(locked)) from None
            except OSError as error:
                raise DirectoryError(
                    f"The LDIF directory {self.path} cannot be locked: {error.strerror}. Nothing was changed."
                ) from None
            self._locked = True
            try:
                self._load()
                yield
            finally:
                self._locked = False

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        with self.writing():
            try:
                written = list(super().write(writes))
            except BaseException:
                self._read_at = None  # what has not come into the file was not done
                raise
            if any(one.error is None for one in written):
                self._save()
        yield from written

    def _load(self) -> None:
        try:
            state = self.path.stat()
            seen = (state.st_ino, state.st_mtime_ns, state.st_size)
            if seen == self._read_at:
                return
            content = self.path.read_bytes()
            self._records = list(ldif.records(content))
        except FileNotFoundError:
            raise DirectoryError(
                f"There is no LDIF directory {scrub_path(self.path)}. Correct url, or begin one with: feideprov init "
                "--directory",
                before_writing=not self._locked,
            ) from None
        except OSError as error:
            raise DirectoryError(
                f"The LDIF directory {scrub_path(self.path)} cannot be read: {error.strerror}.",
                before_writing=not self._locked,
            ) from None
        except InputError as error:
            raise DirectoryError(f"{scrub_path(self.path)}: {error}", before_writing=not self._locked) from None
        self._entries = {r.entry.dn.key: r.entry for r in self._records if r.entry is not None}
        self._line_end = ldif.line_end(content)
        self._read_at = seen

    def _save(self) -> None:
        """Untouched records as they were, changed ones in their place, deleted ones gone, new and renamed ones last."""
        left, end = dict(self._entries), self._line_end
        parts = []
        for record in self._records:
            key = record.entry.dn.key if record.entry else None
            now = left.pop(key, None) if key is not None else None
            if record.entry is None or now is record.entry:
                parts.append(record.source.rstrip(b"\r\n") + end + end)
            elif now is not None:
                parts.append(record.preamble + _dumped(now, end))
            elif record.version:
                parts.append(record.version + end)
        parts += [_dumped(entry, end) for entry in left.values()]
        self._read_at = None  # whatever happens now, what is in the file decides
        try:
            durable.replace(self.path, b"".join(parts))
        except OSError as error:
            raise DirectoryError(
                f"The LDIF directory {scrub_path(self.path)} cannot be written: {error.strerror}. Nothing was changed."
            ) from None


class LdifExport(LdifDirectory):
    """An LDIF export of a directory, or of a part of one, to be read: every entry counts, wherever it stands."""

    def _below_base(self) -> Iterator[Entry]:
        return self.entries()


def _dumped(entry: Entry, end: bytes) -> bytes:
    return ldif.dump(entry).encode().replace(b"\n", end)  # no value has a bare line end in LDIF
