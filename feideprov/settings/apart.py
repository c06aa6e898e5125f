"""What is kept for the introduction register is no place of Feide: it has another purpose, and other people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.errors import ConfigurationError
from feideprov.messages import Sentence

if TYPE_CHECKING:
    from feideprov.settings.loading import Settings


def require_nir_apart(settings: Settings) -> None:
    """Raises ConfigurationError when a path of `[nir]` is a file of Feide's, or in the folder of `[output]`, or that
    folder is in the one of `[nir]`."""
    if (nir := settings.nir) is None:
        return
    own = {name: settings.path(getattr(nir, name)).resolve() for name in ("file", "key_file", "folder")}
    if own["file"] == own["key_file"]:
        raise ConfigurationError(Sentence("[nir] has the same path in file and key_file. Give each its own."))
    for name, path in own.items():
        for key, other in _of_feide(settings):
            if path == other.resolve():
                raise _not_apart(name, key)
        if (output := settings.output.folder) is not None:
            folder = settings.path(output).resolve()
            if path.is_relative_to(folder) or (name == "folder" and folder.is_relative_to(path)):
                raise _not_apart(name, "[output] folder")


def _of_feide(settings: Settings) -> Iterator[tuple[str, Path]]:
    """The files of Feide, each with the key that names it."""
    journal = settings.journal
    mark = journal.mark_file or journal.key_file.with_name(f"{journal.key_file.name}.mark")
    yield "[journal] key_file", settings.path(journal.key_file)
    yield "[journal] handover", settings.path(journal.handover)
    yield "[journal] mark_file", settings.path(mark)
    if settings.database is not None:
        yield "[journal] url", settings.database
    scheme, _, rest = settings.directory.url.partition(":")
    if scheme == "ldif":
        yield "[directory] url", settings.path(Path(rest))
    if settings.file is not None:
        yield Sentence("the configuration"), settings.file


def _not_apart(name: str, key: str) -> ConfigurationError:
    return ConfigurationError(
        Sentence(
            "[nir] {name} is the same place as {key}, or one is in the other. The introduction register has another "
            "purpose and other people than Feide: give it a place of its own.",
            name=name,
            key=key,
        )
    )
