"""The file of the introduction register: people and records, without numbers, and without contents that no rule reads.

It is a file of its own (`[nir] file`), private (mode 0600), and replaced as a whole: what is deleted is gone from it.
Numbers are kept as marks (HMAC) with a key of its own (`[nir] key_file`).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from feideprov import files
from feideprov.errors import ConfigurationError, InputError, JournalError, scrub_path
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.nir.register.content import Content
from feideprov.nir.register.stored import DAMAGE, AnotherVersionError, of_text, to_text
from feideprov.programs.calls import waiting
from feideprov.programs.gc_paused import gc_paused
from feideprov.system_errors import reason_of

WAIT: Final = 60.0
"""Seconds to wait while another process writes the file."""


class Register:
    """The file. `read` gives what it holds; `change` changes it under a lock, and returns the new content.

    Parameters:
        path: the file. Its folder is made when the file is first written, for this user alone.
        key: gives the key that makes the marks.
        keep: keeps a key that is not in its file yet; called before the file is written.

    Raises InputError when the file is damaged, ConfigurationError when its key is another one, and JournalError when it
    is locked, or cannot be read or written.
    """

    def __init__(self, path: Path, key: Callable[[], MarkKey], keep: Callable[[], object] | None = None) -> None:
        self._path, self._key, self._keep = path, key, keep

    @property
    def key(self) -> MarkKey:
        """The key that makes the marks of numbers."""
        return self._key()

    def mark(self, number: str) -> str:
        """The mark of a number of any kind, in any spelling."""
        return self.key.of_register_number(number)

    @gc_paused()
    def read(self) -> Content:
        """What the file holds; nothing where there is none yet."""
        if not files.is_there(self._path):
            return Content()
        try:
            written = files.content_of(self._path, files.Largest.LARGE_FILE)
        except OSError as error:
            raise self._failed(error, Sentence("read")) from None
        try:
            content, fingerprint = of_text(written.decode())
        except AnotherVersionError:
            raise InputError(
                Sentence(
                    "{file} was written by another version of feideprov. Install the version that wrote it, or a newer "
                    "one. Nothing was changed.",
                    file=scrub_path(self._path),
                )
            ) from None
        except DAMAGE:
            raise InputError(
                Sentence(
                    "{file} is damaged, or is no file of the introduction register. Put a copy of it back, or correct "
                    "file in the section [nir]. Nothing was changed.",
                    file=scrub_path(self._path),
                )
            ) from None
        if fingerprint != self.key.fingerprint:
            raise ConfigurationError(
                Sentence(
                    "{file} was made with another key than the one in key_file of [nir]. Put the right key file back. "
                    "Without it, nobody can find out which numbers the marks are about.",
                    file=scrub_path(self._path),
                )
            )
        return content

    @gc_paused()
    def change(self, changed: Callable[[Content], Content], *, dry_run: bool = False) -> Content:
        """Replace the content by what a function makes of it. Nothing is written when that is the same as before, or in
        a dry run."""
        if dry_run:
            return changed(self.read())
        try:
            files.make_folder(self._path.parent)
            with files.exclusive(self._path, wait=waiting(WAIT), holder=f"process {os.getpid()}"):
                before = self.read()
                content = changed(before)
                if content != before:
                    if self._keep is not None:
                        self._keep()
                    files.replace(self._path, to_text(content, self.key.fingerprint).encode())
                return content
        except OSError as error:
            raise self._failed(error, Sentence("written")) from None
        except files.Locked as locked:
            raise JournalError(locked.sentence) from None

    def _failed(self, error: OSError, done: Sentence) -> JournalError:
        return JournalError(
            Sentence(
                "{file}, the file of the introduction register, cannot be {done}: {reason}. Correct this, then run "
                "again.",
                file=scrub_path(self._path),
                done=done,
                reason=reason_of(error),
            )
        )
