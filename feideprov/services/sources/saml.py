"""SAML metadata: one service provider, or a whole federation's aggregate, read without keeping it in memory.

Only service providers that ask for the number are kept, and those that the register knows already (they may have
stopped asking for it): a few of ten thousand entities. Metadata does not say which of them are activated here: a table
with the column `activated` does.

    for service in (found := read_metadata("feide.xml", certificate=Path("feide.pem"), on=date.today())):
        ...
    print(found.notes)

With a certificate, only what its signature covers is read, and nothing if the signature is not valid.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from feideprov.errors import InputError, scrub
from feideprov.files import Largest, opened
from feideprov.messages import Sentence, joined, listed
from feideprov.numbers import key_is_number
from feideprov.services.register.service import FactSource, Service
from feideprov.services.sources.saml_entity import label, misuses_friendly_name, service_of
from feideprov.services.sources.saml_file import AGGREGATE, MetadataFile
from feideprov.services.sources.saml_signature import SignatureVerifier
from feideprov.services.sources.xml_time import moment_of
from feideprov.system_errors import reason_of
from feideprov.tables.text_file import shown_name

SOURCE: Final = "SAML metadata"
_NAMED: Final = 3  # entities named in a note; the others are counted


def read_metadata(
    path: Path | str, *, certificate: Path | None = None, on: date, known: Container[str] = frozenset()
) -> Metadata:
    """The service providers in a file of SAML metadata that ask for the number, one after the other.

    `certificate` is the file with the certificate of the verifier; without it nothing is verified, and a note says so.
    `known` are ids of services that are returned even if they do not ask for the number any more. `on` is the day it is
    read: metadata that was valid until an earlier day (UTC) is not used (SAML 2.0 Metadata 2.3.1, 2.3.2).

    Raises InputError, here or while iterating, when the file cannot be read as SAML metadata, is no longer valid, has
    what only an attack has, or is not signed with the certificate; ConfigurationError when the extra `saml` is not
    installed.
    """
    return Metadata(Path(path), certificate=certificate, on=on, known=known)


class Metadata(Iterator[Service]):
    """The services of a metadata file. Iterate once; after that `notes` has what a person should know."""

    def __init__(self, path: Path, *, certificate: Path | None, on: date, known: Container[str]) -> None:
        self.notes: list[Sentence] = []
        self._name, self._midnight, self._known = shown_name(path), datetime.combine(on, time(), UTC), known
        self._stream = _opened(path, self._name)
        try:
            self._file = MetadataFile(self._stream, self._name)
            if certificate is not None:
                self._use_signed_content(SignatureVerifier(certificate, on))
            self._check_validity()
        except BaseException:
            self._stream.close()
            raise
        self.verified = certificate is not None
        self.complete = self._file.root.tag == AGGREGATE
        """Whether services that are not listed any more are gone: for an aggregate of which nothing was left out."""
        self.source = f"{SOURCE} {label(self._file.root.name)}".strip()
        """The name of the source in `said`. It has the aggregate's name, so that one aggregate does not end the
        services of another."""
        self._said = FactSource(source=self.source, on=on)
        self._services = self._read()

    def __next__(self) -> Service:
        return next(self._services)

    def _check_validity(self) -> None:
        if (until := self._expired(self._file.root.valid_until)) is not None:
            raise InputError(
                Sentence(
                    "{file} is no longer valid (it was valid until {day}). Download it again from the federation.",
                    file=self._name,
                    day=until.date(),
                )
            )

    def _expired(self, valid_until: str) -> datetime | None:
        """The time of a validUntil if it is before this day, or else None. An empty one is always valid."""
        if not valid_until:
            return None
        try:
            until = moment_of(valid_until)
        except ValueError:
            raise InputError(
                Sentence(
                    "{file} is not SAML metadata: its validUntil is not a time. Download it again from the federation.",
                    file=self._name,
                )
            ) from None
        return until if until < self._midnight else None

    def _use_signed_content(self, verifier: SignatureVerifier) -> None:
        """Read the signed content from here on, not the file."""
        for _ in self._file:  # checks every limit before another parser reads the file
            pass
        self._stream.seek(0)
        content = verifier.signed_content(self._stream, self._name)
        self._stream.close()
        self._stream = BytesIO(content)
        self._file = MetadataFile(self._stream, self._name)

    def _read(self) -> Iterator[Service]:
        count = _Count()
        given: set[str] = set()
        with self._stream:
            for entity in self._file:
                count.entities += 1
                if key_is_number(entity.id):
                    count.unusable += 1
                    continue
                if any(map(self._expired, entity.valid_until)):
                    count.expired.append(entity.id)
                    continue
                service = service_of(entity.id, entity.element, self._said)
                if service is None:
                    continue
                count.providers += 1
                if misuses_friendly_name(entity.element):
                    count.misnamed.append(entity.id)
                if not service.gets_number and service.id not in self._known:
                    continue
                if service.id in given:
                    raise InputError(
                        Sentence(
                            "{file} contains {entity} twice, so it is not known which of the two counts. Download "
                            "the file again from the federation.",
                            file=self._name,
                            entity=scrub(entity.id),
                        )
                    )
                given.add(service.id)
                count.asking += service.gets_number
                yield service
        count.known = len(given) - count.asking
        self.complete &= not count.expired and not count.unusable
        notes = count.notes(verified=self.verified)
        self.notes.extend(Sentence("{file}: {note}", file=self._name, note=note) for note in notes)


@dataclass
class _Count:
    """What was found in a file, for the notes."""

    entities: int = 0
    providers: int = 0
    asking: int = 0
    known: int = 0
    unusable: int = 0
    expired: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)

    def notes(self, *, verified: bool) -> Iterator[Sentence]:
        if not verified:
            yield Sentence(
                "The signature was not verified, so the file could be forged. Give the federation's certificate with "
                "--certificate FILE."
            )
        yield Sentence(
            "{entities:,} entities, {providers:,} of them service providers. Imported: {asking:,} that ask for "
            "the number, and {known:,} that do not ask for it but were already in the register.",
            entities=self.entities,
            providers=self.providers,
            asking=self.asking,
            known=self.known,
        )
        if self.unusable:
            yield Sentence(
                "{count:,} entity was left out, because its entityID looks like an identity number.",
                plural="{count:,} entities were left out, because their entityIDs look like identity numbers.",
                count=self.unusable,
            )
        if self.expired:
            yield Sentence(
                "{count:,} entity was left out, because it is no longer valid: {names}. Download the metadata again.",
                plural="{count:,} entities were left out, because they are no longer valid: {names}. Download the "
                "metadata again.",
                count=len(self.expired),
                names=_some(self.expired),
            )
        if self.misnamed:
            yield Sentence(
                "{count:,} entity uses the name norEduPersonNIN (FriendlyName) for another attribute: {names}. It is "
                "treated as not asking for the number. Ask the provider which attribute it wants.",
                plural="{count:,} entities use the name norEduPersonNIN (FriendlyName) for another attribute: "
                "{names}. They are treated as not asking for the number. Ask the providers which attribute "
                "they want.",
                count=len(self.misnamed),
                names=_some(self.misnamed),
            )


def _some(ids: list[str]) -> Sentence:
    names = [scrub(one) for one in ids[:_NAMED]]
    if len(ids) > _NAMED:
        return Sentence("{names} and {others:,} more", names=joined(names, ", "), others=len(ids) - _NAMED)
    return listed(names)


def _opened(path: Path, name: str) -> BinaryIO:
    try:
        return opened(path, Largest.LARGE_FILE)
    except FileNotFoundError:
        raise InputError(Sentence("There is no file {file}. Check the path.", file=name)) from None
    except OSError as error:
        raise InputError(
            Sentence("{file} cannot be read ({reason}). Check the path.", file=name, reason=reason_of(error))
        ) from None
