"""SAML metadata: one service provider, or a whole federation's aggregate, read in passing.

Kept are the service providers that ask for the number, and those that the register knows already (they may ask for it
no more): of ten thousand entities a handful. Which of them are activated, no metadata tells: a table with
the column `activated` does.

    for service in (found := read_metadata("feide.xml", certificate=Path("feide.pem"), on=date.today())):
        ...
    print(found.notes)

With a certificate, only what its signature covers is read, and nothing unless all of it stands.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from feideprov.errors import InputError, scrub
from feideprov.numbers import number_shaped
from feideprov.services.register.service import Said, Service
from feideprov.services.sources.saml_entity import calls_another_attribute_so, label, service_of
from feideprov.services.sources.saml_file import AGGREGATE, MetadataFile
from feideprov.services.sources.saml_signature import Signer
from feideprov.tables.text_file import shown_name

SOURCE: Final = "SAML metadata"
_NAMED: Final = 3  # entities named in a note; the others are counted


def read_metadata(
    path: Path | str, *, certificate: Path | None = None, on: date, known: Container[str] = frozenset()
) -> Metadata:
    """The service providers in a file of SAML metadata that ask for the number, one after the other.

    `certificate` is the file of the one that signs the metadata; without it nothing is verified, and a note says so.
    `known` are ids of services that are given even if they ask for the number no more. `on` is the day it is read:
    metadata that was valid until a day before it is not used (SAML 2.0 Metadata 2.3.1, 2.3.2), by UTC.

    Raises InputError, here or while iterating, where the file cannot be read as SAML metadata, is no longer valid,
    holds what only an attack has, or is not signed as the certificate demands; ConfigurationError where the extra
    `saml` is not installed.
    """
    return Metadata(Path(path), certificate=certificate, on=on, known=known)


class Metadata(Iterator[Service]):
    """The services of a metadata file. Iterate once; after that `notes` tells what a person should know."""

    def __init__(self, path: Path, *, certificate: Path | None, on: date, known: Container[str]) -> None:
        self.notes: list[str] = []
        self._name, self._midnight, self._known = shown_name(path), datetime.combine(on, time(), UTC), known
        self._stream = _opened(path, self._name)
        try:
            self._file = MetadataFile(self._stream, self._name)
            if certificate is not None:
                self._take_what_is_signed(Signer(certificate, on))
            self._check_validity()
        except BaseException:
            self._stream.close()
            raise
        self.verified = certificate is not None
        self.complete = self._file.root.tag == AGGREGATE
        """Whether what an aggregate listed before and does not now is gone; not where something was left out."""
        self.source = f"{SOURCE} {label(self._file.root.name)}".strip()
        """What `said` calls the source: the aggregate's name is in it, so that one does not end what another lists."""
        self._said = Said(source=self.source, on=on)
        self._services = self._read()

    def __next__(self) -> Service:
        return next(self._services)

    def _check_validity(self) -> None:
        if (until := self._past(self._file.root.valid_until)) is not None:
            raise InputError(f"{self._name} was valid until {until:%Y-%m-%d}. Fetch it again from the federation.")

    def _past(self, valid_until: str) -> datetime | None:
        """The moment of a validUntil, if it was before this day; empty is always valid."""
        if not valid_until:
            return None
        try:
            until = datetime.fromisoformat(valid_until.strip())
        except ValueError:
            raise InputError(f"{self._name} has a validUntil that is no time, so it is not SAML metadata.") from None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return until if until < self._midnight else None

    def _take_what_is_signed(self, signer: Signer) -> None:
        """Go on with the signed content in place of the file."""
        for _ in self._file:  # every limit is kept before another parser sees the file
            pass
        self._stream.seek(0)
        content = signer.content(self._stream, self._name)
        self._stream.close()
        self._stream = BytesIO(content)
        self._file = MetadataFile(self._stream, self._name)

    def _read(self) -> Iterator[Service]:
        count = _Count()
        given: set[str] = set()
        with self._stream:
            for entity in self._file:
                count.entities += 1
                if number_shaped(entity.id):
                    count.unusable += 1
                    continue
                if any(map(self._past, entity.valid_until)):
                    count.past.append(entity.id)
                    continue
                service = service_of(entity.id, entity.element, self._said)
                if service is None:
                    continue
                count.providers += 1
                if calls_another_attribute_so(entity.element):
                    count.misnamed.append(entity.id)
                if not service.gets_number and service.id not in self._known:
                    continue
                if service.id in given:
                    raise InputError(f"{self._name} describes {scrub(entity.id)} twice, and cannot mean both.")
                given.add(service.id)
                count.asking += service.gets_number
                yield service
        count.known = len(given) - count.asking
        self.complete &= not count.past and not count.unusable
        self.notes.extend(f"{self._name}: {note}" for note in count.notes(verified=self.verified))


@dataclass
class _Count:
    """What there was in a file, for the notes."""

    entities: int = 0
    providers: int = 0
    asking: int = 0
    known: int = 0
    unusable: int = 0
    past: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)

    def notes(self, *, verified: bool) -> Iterator[str]:
        if not verified:
            yield (
                "the signature was not verified, so anybody could have written this. Give the federation's "
                "certificate with --certificate FILE."
            )
        yield (
            f"{self.entities:,} entities, {self.providers:,} of them service providers. Taken: {self.asking:,} that "
            f"ask for the number, {self.known:,} that were known and do not."
        )
        if self.unusable:
            yield f"{self.unusable:,} left out, because the entityID looks like an identity number."
        if self.past:
            yield f"{len(self.past):,} no longer valid, so left out: {_some(self.past)}. Fetch the metadata again."
        if self.misnamed:
            yield (
                f"{len(self.misnamed):,} with the friendly name norEduPersonNIN on another attribute, so not counted "
                f"as asking for the number: {_some(self.misnamed)}. Ask what is meant."
            )


def _some(ids: list[str]) -> str:
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return ", ".join(map(scrub, ids[:_NAMED])) + more


def _opened(path: Path, name: str) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise InputError(f"There is no {name}.") from None
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror}.") from None
