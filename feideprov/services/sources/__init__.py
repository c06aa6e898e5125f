"""Where services are read from: the Feide API, OIDC clients, SAML metadata, and tables that a person typed.

    read_services(path, organization=…, on=…) -> Listed     what one file says, whatever it is

A file that is not what it should be is an InputError, and nothing of it is taken. No sentence quotes what a file holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from feideprov.errors import InputError
from feideprov.feide.organization import HostOrganization
from feideprov.issues import Refusal
from feideprov.services.register.organizations import FeideOrganization
from feideprov.services.register.service import Service
from feideprov.services.sources import feide_api, oidc
from feideprov.services.sources.entry import Entry
from feideprov.services.sources.json_file import JsonFile, read_json
from feideprov.services.sources.table import read_service_table
from feideprov.tables.text_file import shown_name

Kind = Literal["feide", "oidc", "saml", "csv"]

_MOST_NOTES: Final = 5


@dataclass(frozen=True)
class Listed:
    """What one file says. `complete`: it lists all services that its source has. `origin`: what `said` calls that
    source."""

    file: str
    kind: Kind
    services: tuple[Service, ...]
    complete: bool
    notes: tuple[str, ...]
    origin: str
    organizations: tuple[FeideOrganization, ...] = ()
    refusals: tuple[Refusal, ...] = ()


def read_services(
    path: Path | str,
    *,
    organization: HostOrganization,
    on: date,
    kind: Kind | None = None,
    known: Mapping[str, Service] = MappingProxyType({}),
    certificate: Path | None = None,
) -> Listed:
    """What a file says of services. Its kind is seen by its content, unless `kind` tells.

    `on` is the day it is read. `known` are the services that are known already, by id: rows of a table may name them.
    `certificate` is that of the one who signs SAML metadata.

    Raises InputError, with file and place, when the file cannot be read or is of no known kind.
    """
    path = Path(path)
    kind = kind or _kind(path)
    match kind:
        case "csv":
            return _table(path, organization, on, known)
        case "saml":
            return _metadata(path, on, known, certificate)
        case _:
            file = read_json(path)
            return _clients(file, on) if (kind or _kind_of_json(file)) == "oidc" else _feide(file, on)


def is_table(path: Path) -> bool:
    """Whether a file is read as a table: whatever does not begin as JSON or XML does."""
    return _kind(path) == "csv"


def _kind(path: Path) -> Kind | None:
    """By how a file begins; None: JSON, which is looked at when it has been read."""
    try:
        with path.open("rb") as stream:
            head = stream.read(1024)
    except (OSError, ValueError):
        return "csv"  # whose reader has the words for it
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
        f"{file.name} is JSON, but neither services or organizations of the Feide API nor OIDC clients. If it is, say "
        "which: --kind feide or --kind oidc."
    )


def _feide(file: JsonFile, on: date) -> Listed:
    organizations = [entry for entry in file.entries if feide_api.is_organization(entry)]
    services = [entry for entry in file.entries if not feide_api.is_organization(entry)]
    read = tuple(feide_api.service(entry, on) for entry in services)
    found = tuple(feide_api.organization(entry, on) for entry in organizations)
    _refuse_twice(services, [one.id for one in read])
    _refuse_twice(organizations, [one.id for one in found])
    notes = (*_left_out(file), *_untold(file, read, "a list of attributes"))
    return Listed(file.name, "feide", read, file.whole and bool(read), notes, feide_api.SOURCE, found)


def _clients(file: JsonFile, on: date) -> Listed:
    read = tuple(oidc.service(entry, on) for entry in file.entries)
    _refuse_twice(file.entries, [one.id for one in read])
    notes = (*_left_out(file), *_untold(file, read, "scopes"))
    return Listed(file.name, "oidc", read, file.whole, notes, oidc.SOURCE)


def _table(path: Path, organization: HostOrganization, on: date, known: Mapping[str, Service]) -> Listed:
    typed = read_service_table(path, organization=organization, on=on, known=known)
    notes = (f"Columns that were not read: {', '.join(typed.ignored)}.",) if typed.ignored else ()
    name = shown_name(path)
    return Listed(name, "csv", typed.services, False, notes, typed.source, refusals=typed.refusals)


def _metadata(path: Path, on: date, known: Mapping[str, Service], certificate: Path | None) -> Listed:
    from feideprov.services.sources.saml import read_metadata

    metadata = read_metadata(path, certificate=certificate, on=on, known=known)
    services = tuple(metadata)
    return Listed(shown_name(path), "saml", services, metadata.complete, tuple(metadata.notes), metadata.source)


def _left_out(file: JsonFile) -> Iterable[str]:
    found = [sentence for entry in file.entries for sentence in dict.fromkeys(entry.left_out)]
    yield from found[:_MOST_NOTES]
    if len(found) > _MOST_NOTES:
        yield f"{file.name}: {len(found) - _MOST_NOTES} more values were left out for such reasons."


def _untold(file: JsonFile, services: Sequence[Service], what: str) -> Iterable[str]:
    if untold := sum("ways" not in service.said for service in services):
        yield (
            f"{file.name}: entries without {what}, so that it is not known from here whether they get the number: "
            f"{untold} of {len(services)}."
        )


def _refuse_twice(entries: Iterable[Entry], ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for entry, one in zip(entries, ids, strict=True):
        if one in seen:
            raise InputError(f"{entry.place}, id: an entry above has the same id. Check the file.")
        seen.add(one)
