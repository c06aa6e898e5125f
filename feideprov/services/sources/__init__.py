"""The sources of services: the Feide API, OIDC clients, SAML metadata, and tables that a person typed.

    read_services(path, organization=…, on=…) -> ServiceFile     the content of one file of any kind

A file that cannot be read as what it should be is an InputError, and nothing of it is used. Errors quote nothing of it.
An entry whose id is an identity number is refused alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, TypeVar

from feideprov.errors import InputError
from feideprov.feide.organization import HostOrganization
from feideprov.files import beginning_of
from feideprov.files.known_file import FileKind, known_file
from feideprov.intake.file_facts import FileFacts, Format
from feideprov.issues import Refusal
from feideprov.messages import Sentence, joined
from feideprov.progress import READING_SERVICES, steps
from feideprov.services.register.organizations import FeideOrganization
from feideprov.services.register.service import Service
from feideprov.services.sources import feide_api, oidc
from feideprov.services.sources.entry import Entry, NumberAsIdError
from feideprov.services.sources.json_file import JsonFile, read_json
from feideprov.services.sources.table import NUMBER_MISPLACED, read_service_table
from feideprov.tables.text_file import require_no_choice, shown_name

Kind = Literal["feide", "oidc", "saml", "csv"]
_T = TypeVar("_T", Service, FeideOrganization)

_MOST_NOTES: Final = 5
_NO_SERVICES: Final = frozenset(
    (FileKind.ENTERPRISE, FileKind.PLAN, FileKind.PIFU_JSON, FileKind.SHEET_XML, FileKind.LINK)
)
"""What begins like JSON or XML of services and is something else."""


@dataclass(frozen=True)
class ServiceFile:
    """The content of one file. `complete`: it lists all services of its source. `origin`: the name of that source in
    `said`."""

    file: str
    kind: Kind
    services: tuple[Service, ...]
    complete: bool
    notes: tuple[Sentence, ...]
    origin: str
    organizations: tuple[FeideOrganization, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    facts: FileFacts = field(default_factory=FileFacts)
    """What was understood of the file as a whole."""


def read_services(
    path: Path | str,
    *,
    organization: HostOrganization,
    on: date,
    kind: Kind | None = None,
    known: Mapping[str, Service] = MappingProxyType({}),
    certificate: Path | None = None,
    sheet: str | None = None,
) -> ServiceFile:
    """The content of a file of services. Its kind is recognized by its content, unless `kind` is given.

    `on` is the day it is read. `known` are the services of the register by id: rows of a table may name them.
    `certificate` is the certificate of the signer of SAML metadata, `sheet` the sheet of a spreadsheet.

    Raises InputError, with file and place, when the file cannot be read or its kind is not known.
    """
    path = Path(path)
    kind = kind or _kind(path)
    match kind:
        case "csv":
            return _table(path, organization, on, known, sheet)
        case "saml":
            require_no_choice(path, sheet=sheet)
            return replace(_metadata(path, on, known, certificate), facts=FileFacts(Format.SAML))
        case _:
            require_no_choice(path, sheet=sheet)
            file = read_json(path)
            read = _clients(file, on) if (kind or _kind_of_json(file)) == "oidc" else _feide(file, on)
            return replace(read, facts=FileFacts(Format.JSON))


def is_table(path: Path) -> bool:
    """Whether a file is read as a table: it begins neither like JSON nor like XML."""
    return _kind(path) == "csv"


def _kind(path: Path) -> Kind | None:
    """The kind by the start of a file. None: JSON, whose kind is known when it has been read."""
    head = beginning_of(path)
    known = known_file(head)
    if known is not None and known.kind in _NO_SERVICES:
        return "csv"  # its reader says what the file is
    text = head.decode(json.detect_encoding(head), "replace").lstrip("\ufeff \t\r\n").lower()
    if text.startswith(("{", "[")):
        return None
    return "saml" if text.startswith("<") and not text.startswith(("<!doctype html", "<html")) else "csv"


def _kind_of_json(file: JsonFile) -> Kind:
    if any(map(oidc.is_client, file.entries)):
        return "oidc"
    if any(feide_api.is_service(entry) or feide_api.is_organization(entry) for entry in file.entries):
        return "feide"
    raise InputError(
        Sentence(
            "It is not clear what the JSON file {file} contains. If it was made with ?fields=, download it again "
            "without ?fields=. If it has OIDC clients, add: --kind oidc",
            file=file.name,
        )
    )


def _feide(file: JsonFile, on: date) -> ServiceFile:
    services, organizations = feide_api.divided(file)
    feide_api.require(file, file.entries, "id")
    read, refused = _read_each(services, lambda entry: feide_api.service(entry, on))
    found, refused_too = _read_each(organizations, lambda entry: feide_api.organization(entry, on))
    feide_api.require(file, services, "name", "provider")
    feide_api.require(file, organizations, "realm")
    filtered = tuple(feide_api.left_out_by_filter(file, services, organizations))
    notes = (*_left_out(file), *(filtered or _without_attributes(file, read)))
    complete = file.whole and bool(read) and not refused
    refusals = (*refused, *refused_too)
    return ServiceFile(file.name, "feide", read, complete, notes, feide_api.SOURCE, found, refusals)


def _clients(file: JsonFile, on: date) -> ServiceFile:
    read, refused = _read_each(file.entries, lambda entry: oidc.service(entry, on))
    notes = (*_left_out(file), *_without_scopes(file, read))
    return ServiceFile(file.name, "oidc", read, file.whole and not refused, notes, oidc.SOURCE, refusals=refused)


def _table(
    path: Path, organization: HostOrganization, on: date, known: Mapping[str, Service], sheet: str | None
) -> ServiceFile:
    typed = read_service_table(path, organization=organization, on=on, known=known, sheet=sheet)
    ignored = joined(typed.ignored, ", ")
    notes = (
        *([Sentence("These columns were not read: {columns}.", columns=ignored)] if typed.ignored else []),
        *typed.notes,
    )
    name = shown_name(path)
    return ServiceFile(
        name, "csv", typed.services, False, notes, typed.source, refusals=typed.refusals, facts=typed.facts
    )


def _metadata(path: Path, on: date, known: Mapping[str, Service], certificate: Path | None) -> ServiceFile:
    from feideprov.services.sources.saml import read_metadata

    metadata = read_metadata(path, certificate=certificate, on=on, known=known)
    services = tuple(metadata)
    return ServiceFile(shown_name(path), "saml", services, metadata.complete, tuple(metadata.notes), metadata.source)


def _left_out(file: JsonFile) -> Iterable[Sentence]:
    found = [sentence for entry in file.entries for sentence in dict.fromkeys(entry.left_out)]
    yield from found[:_MOST_NOTES]
    if len(found) > _MOST_NOTES:
        yield Sentence(
            "{file}: {count} more value was left out for a reason like these.",
            plural="{file}: {count} more values were left out for reasons like these.",
            file=file.name,
            count=len(found) - _MOST_NOTES,
        )


def _without_attributes(file: JsonFile, services: Sequence[Service]) -> Iterable[Sentence]:
    if without := sum("ways" not in service.said for service in services):
        yield Sentence(
            "{file}: {count} of {number} entries has no list of attributes, so the file does not say whether "
            "this service gets the number.",
            plural="{file}: {count} of {number} entries have no list of attributes, so the file does not say whether "
            "these services get the number.",
            file=file.name,
            count=without,
            number=len(services),
        )


def _without_scopes(file: JsonFile, services: Sequence[Service]) -> Iterable[Sentence]:
    if without := sum("ways" not in service.said for service in services):
        yield Sentence(
            "{file}: {count} of {number} entries has no scopes, so the file does not say whether this service "
            "gets the number.",
            plural="{file}: {count} of {number} entries have no scopes, so the file does not say whether these "
            "services get the number.",
            file=file.name,
            count=without,
            number=len(services),
        )


def _read_each(entries: Iterable[Entry], read: Callable[[Entry], _T]) -> tuple[tuple[_T, ...], tuple[Refusal, ...]]:
    """What each entry says, and a refusal for each whose id is an identity number.

    Raises InputError for an entry that cannot be read, or has the id of another.
    """
    found: dict[str, _T] = {}
    refusals = []
    for entry in steps(entries, READING_SERVICES):
        try:
            one = read(entry)
        except NumberAsIdError as error:
            refusals.append(Refusal(NUMBER_MISPLACED, error.sentence))
            continue
        if one.id in found:
            raise entry.error("id", Sentence("an entry above has the same id. Check the file."))
        found[one.id] = one
    return tuple(found.values()), tuple(refusals)
