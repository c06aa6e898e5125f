"""Imports files of services into the register: reads all, combines what belongs together, then writes.

Whether a service is activated here is known from `subscribers` of the API, which are ids of organizations. Which of
them is ours is known from the list of organizations (the one with our realm), or a person says it. Either list may be
read first: organizations are kept, and services that lack them are completed later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from feideprov.errors import InputError
from feideprov.feide.organization import HostOrganization
from feideprov.issues import Refusal
from feideprov.messages import Sentence
from feideprov.numbers import key_is_number
from feideprov.services.register.merging import FACTS, Imported, merge
from feideprov.services.register.organizations import (
    ORGANIZATIONS,
    SUBSCRIBERS,
    OrganizationData,
    Organizations,
    own_ids,
    own_organization,
    subscribers_of,
)
from feideprov.services.register.register import Register
from feideprov.services.register.service import Service
from feideprov.services.sources import Kind, ServiceFile, is_table, read_services
from feideprov.services.sources.successor import merge_typed_services
from feideprov.services.sources.table import is_typed

_STRONGEST: Final = ("new", "newly", "gone", "changed")
"""If several files of one import are about a service, the first of these groups that it is in counts."""
_TYPED: Final = ("contacts", "reason")
"""What a person knows better than a source: whom to write to, and why the service needs the number."""


@dataclass(frozen=True)
class Import(Imported):
    """The result of an import of files: `refusals` are rows of tables that were not imported, `notes` what a person
    should know. `read` counts the services in the files, `organizations` those in the list of organizations."""

    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    read: int = 0
    organizations: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {"read": self.read, "organizations": self.organizations, **super().counts, "refused": len(self.refusals)}


@dataclass(frozen=True)
class Importer:
    """Imports files into the register of one organization. `on` is the day they are read; `certificate` and `sheet` are
    as for `read_services`."""

    register: Register
    organizations: Organizations
    organization: HostOrganization
    on: date
    certificate: Path | None = None
    sheet: str | None = None

    def import_files(
        self,
        paths: Sequence[Path],
        *,
        kind: Kind | None = None,
        part: bool = False,
        org_id: str | None = None,
    ) -> Import:
        """As `Services.import_`. All files are read before anything is written."""
        known = {service.id: service for service in self.register}
        files = self._read(paths, known, kind)
        data = self._organizations(files, org_id)
        merged = []
        for origin in dict.fromkeys(file.origin for file in files if file.services):
            of_origin = [file for file in files if file.origin == origin]
            services = [_completed(data, service, known) for file in of_origin for service in file.services]
            complete = not part and any(file.complete for file in of_origin)
            merged.append(merge(self.register, services, source=origin, on=self.on, complete=complete))
        if org_id is not None or any(file.organizations for file in files):
            merged.append(self._complete_registered(data))
        merged.append(merge_typed_services(self.register, self.on))
        return self._summary(files, merged, data.ours, known)

    def _read(self, paths: Sequence[Path], known: Mapping[str, Service], kind: Kind | None) -> list[ServiceFile]:
        """The content of each file. Tables are read last: their rows may name services of the other files."""
        files: list[ServiceFile] = []
        so_far = dict(known)
        of_tables = {path: kind == "csv" or (kind is None and is_table(path)) for path in paths}
        for path in sorted(of_tables, key=lambda path: of_tables[path]):
            file = read_services(
                path,
                organization=self.organization,
                on=self.on,
                kind="csv" if of_tables[path] else kind,
                known=so_far,
                certificate=self.certificate,
                sheet=self.sheet,
            )
            files.append(file)
            so_far |= {service.id: _as_listed(service, so_far.get(service.id)) for service in file.services}
        if self.certificate is not None and not any(file.kind == "saml" for file in files):
            raise InputError(
                Sentence(
                    "Leave out --certificate: it is only for SAML metadata, and none of the files is SAML metadata."
                )
            )
        return files

    def _organizations(self, files: Iterable[ServiceFile], org_id: str | None) -> OrganizationData:
        """All known organizations, with those of the files, and the ids of ours. Those of the files are written
        down."""
        known = self.organizations.all()
        listed = {one.id: one.after(known.get(one.id)) for file in files for one in file.organizations}
        if org_id is not None:
            if key_is_number(org_id) or not org_id.strip():
                raise InputError(
                    Sentence("--org-id must be the id of our organization in the Feide API (/2/org/): a few digits.")
                )
            org_id = org_id.strip()
            listed[org_id] = own_organization(known | listed, org_id, self.organization.realm, self.on)
        self.organizations.put(listed.values())
        known |= listed
        return OrganizationData(known, own_ids(known, self.organization.realm))

    def _complete_registered(self, data: OrganizationData) -> Imported:
        """Add what is now known of organizations to services that were read before."""
        completed = [(one, data.add_to(one, one)) for one in self.register if one.gone_on is None]
        changed = [now for before, now in completed if now != before]
        return merge(self.register, changed, source=ORGANIZATIONS, on=self.on, complete=False)

    def _summary(
        self,
        files: Sequence[ServiceFile],
        merged: Sequence[Imported],
        ours: frozenset[str],
        before: Mapping[str, Service],
    ) -> Import:
        """Each service once, in the first of `_STRONGEST` that it is in, as it is in the register now."""
        in_register = {service.id: service for service in self.register}
        what = {service.id: name for name in reversed(_STRONGEST) for one in merged for service in getattr(one, name)}
        for one in [one for one, name in what.items() if name == "changed" and _same(before[one], in_register[one])]:
            del what[one]  # two files differ from each other as they did before
        listed = {service.id for file in files for service in file.services}
        of = {name: tuple(in_register[i] for i in sorted(what) if what[i] == name) for name in _STRONGEST}
        return Import(
            **of,
            unchanged=len(listed - what.keys()),
            refusals=tuple(refusal for file in files for refusal in file.refusals),
            notes=(*(note for file in files for note in file.notes), *self._open_questions(in_register.values(), ours)),
            read=len(listed),
            organizations=len({one.id for file in files for one in file.organizations}),
        )

    def _open_questions(self, services: Iterable[Service], ours: frozenset[str]) -> Iterable[Sentence]:
        """What only a person can say about services that get the number."""
        open_ones = [one for one in services if one.gets_number and one.activated is None and one.gone_on is None]
        waiting = sum(subscribers_of(service) is not None for service in open_ones)
        if waiting and not ours:
            yield Sentence(
                "It is not known whether {count} service that gets the number is activated here. The file names "
                "organizations by id, and the id of {realm} is not known. Import the list of organizations of the "
                "Feide API (/2/org/) too, or give the id of {realm} with --org-id. Until then, the service counts as "
                "not activated.",
                plural="It is not known whether {count} services that get the number are activated here. The file "
                "names organizations by id, and the id of {realm} is not known. Import the list of organizations of "
                "the Feide API (/2/org/) too, or give the id of {realm} with --org-id. Until then, these services "
                "count as not activated.",
                count=waiting,
                realm=self.organization.realm,
            )
        if unknown := len(open_ones) - waiting:
            yield Sentence(
                "No source says whether {count} service that gets the number is activated here. Write the service "
                "into a table with the columns id and activated, and import the table. Until then the service counts "
                "as not activated.",
                plural="No source says whether {count} services that get the number are activated here. Write the "
                "services into a table with the columns id and activated, and import the table. Until then "
                "the services count as not activated.",
                count=unknown,
            )
        if len(ours) > 1:
            yield Sentence(
                "{number} organizations in the Feide API have our realm {realm}. A service counts as activated if one "
                "of them has activated it.",
                number=len(ours),
                realm=self.organization.realm,
            )


def _as_listed(service: Service, known: Service | None) -> Service:
    """A service of a file that was just read, for the rows of tables that name it."""
    if known is None:
        return service
    fresh = {"names": service.names, "provider": service.provider, "gone_on": None}
    return known.model_copy(update={**fresh, "said": {**known.said, **service.said}})


def _same(before: Service, now: Service) -> bool:
    return all(getattr(before, fact) == getattr(now, fact) for fact in (*FACTS, "gone_on"))


def _completed(data: OrganizationData, service: Service, known: Mapping[str, Service]) -> Service:
    """The service with the data of organizations. What a person typed stays until a table says otherwise, and who has
    activated the service until the Feide API says otherwise."""
    before = known.get(service.id)
    activated_by = subscribers_of(before) if before else None
    if activated_by is not None and "other" in service.said:
        service = service.model_copy(update={"other": {SUBSCRIBERS: activated_by, **service.other}})
    typed = {
        fact: getattr(before, fact)
        for fact in _TYPED
        if before and is_typed(before.said.get(fact)) and not is_typed(service.said.get(fact))
    }
    if before and typed:
        said = {**service.said, **{fact: before.said[fact] for fact in typed}}
        service = service.model_copy(update={**typed, "said": said})
    return data.add_to(service, before)
