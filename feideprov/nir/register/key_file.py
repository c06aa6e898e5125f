"""The key of the introduction register, in a file of its own. It is made when the register is first written."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from feideprov.errors import ConfigurationError, scrub_path
from feideprov.files import is_there, make_folder
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence


class KeyFile:
    """The file of the key. Reading makes none: until `keep`, a key that is not there yet is only in memory."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def key(self) -> MarkKey:
        """The key, or what it is going to be. Raises ConfigurationError when the file cannot be used."""
        return MarkKey.from_file(self._path, make=False) if is_there(self._path) else MarkKey.fresh()

    def keep(self) -> None:
        """Make the file, if there is none. Raises ConfigurationError when it cannot be made, or when another run has
        made another key meanwhile, and OSError when its folder cannot be made."""
        make_folder(self._path.parent)
        kept = MarkKey.from_file(self._path, make=True, new=self.key)
        if kept.fingerprint != self.key.fingerprint:
            raise ConfigurationError(
                Sentence(
                    "Another run made the key file {path} meanwhile. Nothing was written. Run again.",
                    path=scrub_path(self._path),
                )
            )
