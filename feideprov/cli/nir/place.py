"""Where files about the introduction register go: in its own folder, never among those for Feide."""

from __future__ import annotations

from pathlib import Path

from feideprov.cli.session import Session
from feideprov.errors import ConfigurationError, InputError, scrub_path
from feideprov.messages import Sentence


def place_for_nir(session: Session, path: Path) -> Path:
    """A file as it is given, or in the folder of `[nir]` when it is given without one. That folder is made if it is
    missing (mode 0700). Raises InputError when it cannot be, ConfigurationError when there is no section `[nir]`."""
    from feideprov import files

    if path.name != str(path):
        return path
    if session.settings.nir is None:
        raise ConfigurationError(Sentence("The configuration has no section [nir]. Add it: see docs/nir.md."))
    folder = session.settings.path(session.settings.nir.folder)
    try:
        files.make_folder(folder)
    except OSError as error:
        raise InputError(
            Sentence(
                "[nir] folder: {path} cannot be made: {reason}. Correct the folder in the configuration.",
                path=scrub_path(folder),
                reason=error.strerror,
            )
        ) from None
    return folder / path
