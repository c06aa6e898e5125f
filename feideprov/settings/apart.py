"""What is kept for the introduction register is no place of Feide: it has another purpose, and other people."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

from feideprov.errors import ConfigurationError
from feideprov.messages import Sentence
from feideprov.settings.handover_pattern import HandoverPattern
from feideprov.settings.nir import NirSection
from feideprov.settings.sections import (
    DirectorySection,
    JournalSection,
    OutputSection,
    ServicesSection,
    SmtpSection,
    WebhookSection,
)

_OUTPUT: Final = "[output] folder"
_HANDOVER: Final = "[journal] handover"


class Places(Protocol):
    """The settings that name files and folders."""

    @property
    def nir(self) -> NirSection | None: ...
    @property
    def journal(self) -> JournalSection: ...
    @property
    def directory(self) -> DirectorySection: ...
    @property
    def output(self) -> OutputSection: ...
    @property
    def services(self) -> ServicesSection: ...
    @property
    def smtp(self) -> SmtpSection: ...
    @property
    def webhook(self) -> WebhookSection: ...
    @property
    def database(self) -> Path | None: ...
    @property
    def folder(self) -> Path: ...


def require_nir_apart(settings: Places) -> None:
    """Raises ConfigurationError when a path of `[nir]` is one of Feide's, or in a folder of theirs (that of `[output]`,
    that of several hand-over files), or such a folder is in the one of `[nir]`."""
    if (nir := settings.nir) is None:
        return
    places = {"file": nir.file, "key_file": nir.key_file, "folder": nir.folder}
    own = {name: (settings.folder / path).resolve() for name, path in places.items()}
    if own["file"] == own["key_file"]:
        raise ConfigurationError(Sentence("[nir] has the same path in file and key_file. Give each its own."))
    folders = {_OUTPUT} if HandoverPattern(settings.journal.handover).is_one_file else {_OUTPUT, _HANDOVER}
    for key, path in _of_feide(settings).items():
        other = (settings.folder / path).resolve()
        for name, mine in own.items():
            within = key in folders and (
                mine.is_relative_to(other) or (name == "folder" and other.is_relative_to(mine))
            )
            if mine == other or within:
                raise ConfigurationError(
                    Sentence(
                        "[nir] {name} is the same place as {key}, or one is in the other. The introduction register "
                        "has another purpose and other people than Feide: give it a place of its own.",
                        name=name,
                        key=key,
                    )
                )


def _of_feide(settings: Places) -> dict[str, Path]:
    """The places of Feide, by the key that names each."""
    journal = settings.journal
    scheme, _, ldif = settings.directory.url.partition(":")
    places = {
        "[journal] key_file": journal.key_file,
        _HANDOVER: HandoverPattern(journal.handover).place,
        "[journal] mark_file": journal.mark_file or journal.key_file.with_name(f"{journal.key_file.name}.mark"),
        "[journal] url": settings.database,
        "[directory] url": Path(ldif) if scheme == "ldif" else None,
        "[directory] password_file": settings.directory.password_file,
        "[smtp] password_file": settings.smtp.password_file,
        "[webhook] secret_file": settings.webhook.secret_file,
        "[services] templates": settings.services.templates,
        _OUTPUT: settings.output.folder,
    }
    return {key: path for key, path in places.items() if path is not None}
