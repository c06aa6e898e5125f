"""A directory in an LDIF file: the default, and a form in which a whole directory can be exported."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from feideprov import files
from feideprov.directory import ldif
from feideprov.directory import password as storage
from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Write, WriteResult
from feideprov.directory.memory import MemoryDirectory
from feideprov.errors import DirectoryError, InputError, scrub_path
from feideprov.messages import Sentence, listed
from feideprov.programs.arguments import checked
from feideprov.programs.calls import waiting
from feideprov.schema import Syntax, attribute
from feideprov.system_errors import reason_of

LOCK_WAIT = 60.0
_NOT_TEXT: Final = {Syntax.BINARY, Syntax.CERTIFICATE, Syntax.JPEG}


def not_there(path: Path) -> Sentence:
    """What is said of a file that does not exist, and what to do."""
    return Sentence(
        "There is no LDIF directory {file}. Correct url. Or, to create the directory, run: feideprov init --directory",
        file=scrub_path(path),
    )


class LdifDirectory(MemoryDirectory):
    """The entries of one LDIF file.

    It is locked (`<file>.lock`) while it is changed. Each call of `write` replaces the file by a new one (mode 0600)
    before it yields a result. Entries that are not changed keep their octets and their order.

    Parameters:
        path: the file.
        base: the DN below which people are searched for; without it, the DN of the first entry of the file.
        password_scheme: how passwords are stored, `ssha` or `argon2`.

    Raises:
        DirectoryError: the file cannot be read.
        InputError: the base is not a DN.
    """

    @checked
    def __init__(
        self, path: Path | str, base: DN | str | None = None, *, password_scheme: storage.Scheme = "argon2"
    ) -> None:
        self.path = Path(path)
        self._records: list[ldif.Record] = []
        self._is_partial = False
        self._line_end = b"\n"
        self._read_at: tuple[int, int, int] | None = None
        self._locked = False
        super().__init__(base if base is not None else DN(()), password_scheme=password_scheme)
        self._load()
        if base is None:
            self.base = next(self.entries(), Entry(DN(()), {})).dn

    @staticmethod
    def begin(path: Path) -> None:
        """Create a file without entries (mode 0600), if there is none.

        Parameters:
            path: the file.

        Raises:
            DirectoryError: the file cannot be created.
        """
        try:
            if not path.exists():
                files.replace(path, b"version: 1\n\n")
        except OSError as error:
            raise DirectoryError(
                Sentence(
                    "The LDIF directory {file} cannot be created: {reason}.",
                    file=scrub_path(path),
                    reason=reason_of(error),
                ),
                before_writing=True,
            ) from None

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the file was not read, in sentences.

        Raises: nothing.
        """
        return tuple(_notes(self.path, self._records))

    def read(self, dn: DN, attributes: Sequence[str] = ("*",)) -> Entry | None:
        self._load()
        self._require_here(attributes)
        return super().read(dn, attributes)

    def having(self, present: Sequence[str], attributes: Sequence[str]) -> Iterator[Entry]:
        self._load()
        self._require_here((*present, *attributes))
        return super().having(present, attributes)

    def matching(self, attribute: str, values: Iterable[str], attributes: Sequence[str]) -> Iterator[Entry]:
        self._load()
        self._require_here((attribute, *attributes))
        return super().matching(attribute, values, attributes)

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
                holder, wait = f"process {os.getpid()}", waiting(LOCK_WAIT)
                stack.enter_context(files.exclusive(self.path, wait=wait, holder=holder))
            except files.Locked as locked:
                raise DirectoryError(locked.sentence) from None
            except OSError as error:
                raise DirectoryError(
                    Sentence(
                        "The LDIF directory {file} cannot be locked: {reason}. Nothing was changed.",
                        file=scrub_path(self.path),
                        reason=reason_of(error),
                    )
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
                self._read_at = None  # what is not in the file was not done
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
            content = files.content_of(self.path, files.Largest.DIRECTORY)
            self._records = list(ldif.records(content))
        except FileNotFoundError:
            raise DirectoryError(not_there(self.path), before_writing=not self._locked) from None
        except OSError as error:
            raise DirectoryError(
                Sentence(
                    "The LDIF directory {file} cannot be read: {reason}.",
                    file=scrub_path(self.path),
                    reason=reason_of(error),
                ),
                before_writing=not self._locked,
            ) from None
        except InputError as error:
            raise self._of_file(error.sentence) from None
        self._is_partial = any(r.elsewhere for r in self._records)
        self._entries = {r.entry.dn.key: r.entry for r in self._records if r.entry is not None}
        self._line_end = ldif.line_end(content)
        self._read_at = seen

    def _require_here(self, attributes: Sequence[str]) -> None:
        """Raise DirectoryError when a value of an attribute that is read is in another file. Of all (`*`), the text in
        Feide's model is read."""
        asked = set(map(attribute_key, attributes))
        for record in self._records if self._is_partial else ():
            for name, line in record.elsewhere:
                key = attribute_key(name)
                if key in asked or ("*" in asked and (known := attribute(key)) and known.syntax not in _NOT_TEXT):
                    raise self._of_file(ldif.needed_elsewhere(name, line))

    def _of_file(self, error: Sentence) -> DirectoryError:
        sentence = Sentence("{file}: {error}", file=scrub_path(self.path), error=error)
        return DirectoryError(sentence, before_writing=not self._locked)

    def _save(self) -> None:
        """Write the file: records that were not changed keep their octets, changed ones their place; new and renamed
        ones come last."""
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
        self._read_at = None  # whatever happens now, the file is read again
        try:
            files.replace(self.path, b"".join(parts))
        except OSError as error:
            raise DirectoryError(
                Sentence(
                    "The LDIF directory {file} cannot be written: {reason}. Nothing was changed.",
                    file=scrub_path(self.path),
                    reason=reason_of(error),
                )
            ) from None


class LdifExport(LdifDirectory):
    """An LDIF export of a directory, or of a part of one, for reading: every entry counts, whatever its DN."""

    def _below_base(self) -> Iterator[Entry]:
        return self.entries()


def _dumped(entry: Entry, end: bytes) -> bytes:
    return ldif.dump(entry).encode().replace(b"\n", end)  # no value in LDIF has a line break of its own


def _notes(path: Path, records: Iterable[ldif.Record]) -> Iterator[Sentence]:
    """What of these records was not read."""
    elsewhere = [name for record in records for name, _ in record.elsewhere]
    references = sum(record.references for record in records)
    conflicts = sum(record.is_conflict for record in records)
    if elsewhere:
        yield Sentence(
            "{file}: {count} value in another file (“attribute:< URL”) was not read: {attributes}.",
            plural="{file}: {count} values in other files (“attribute:< URL”) were not read: {attributes}.",
            file=scrub_path(path),
            count=len(elsewhere),
            attributes=listed(dict.fromkeys(elsewhere)),
        )
    if references:
        yield Sentence(
            "{file}: {count} reference (ref) to a part of Active Directory that has no users was set aside.",
            plural="{file}: {count} references (ref) to parts of Active Directory that have no users were set aside.",
            file=scrub_path(path),
            count=references,
        )
    if conflicts:
        yield Sentence(
            "{file}: {count} entry is a conflict of replication (nsds5ReplConflict) and was not read. To see and "
            "resolve it, run on the server: dsconf INSTANCE repl-conflict list SUFFIX",
            plural="{file}: {count} entries are conflicts of replication (nsds5ReplConflict) and were not read. To see "
            "and resolve them, run on the server: dsconf INSTANCE repl-conflict list SUFFIX",
            file=scrub_path(path),
            count=conflicts,
        )
