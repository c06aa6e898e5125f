"""Where files about the introduction register go: in its own folder, never among those for Feide."""

from __future__ import annotations

from pathlib import Path

from feideprov.errors import InputError, scrub_path
from feideprov.messages import Sentence
from feideprov.nir.facade import IntroductionRegister


def place_for_nir(register: IntroductionRegister, path: Path) -> Path:
    """A file as it is given, or in the folder of `[nir]` when it is given without one. That folder is made if it is
    missing (mode 0700). Raises InputError when it cannot be."""
    from feideprov import files

    if path.name != str(path):
        return path
    folder = register.settings.path(register.section.folder)
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
