"""Files of services taken into the register: read all, join what belongs together, then write.

Which services are activated here is told by the API in `subscribers`, as ids of organizations; which of them is ours,
by the list of organizations (the one with our realm) or by a person. Neither list need come first: what was read of
organizations is kept, and services that wait for it are looked at again.
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
from feideprov.numbers import number_shaped
from feideprov.services.register.merging import FACTS, Imported, merge
from feideprov.services.register.organizations import (
    ORGANIZATIONS,
    FeideOrganization,
    Joining,
    Organizations,
    named_ours,
    ours_among,
    subscribers_of,
)
from feideprov.services.register.register import Register
from feideprov.services.register.service import Service
from feideprov.services.register.successor import hand_over
from feideprov.services.sources import Kind, Listed, is_table, read_services
from feideprov.services.sources.table import is_typed

_STRONGEST: Final = ("new", "newly", "gone", "changed")
"""What is said of a service of which several files of one import tell."""
_TYPED: Final = ("contacts", "reason")
"""What a person knows better than a source: whom to write to, and what was said there."""


@dataclass(frozen=True)
class Import(Imported):
    """What became of the files: `refusals` are rows of tables that were not taken, `notes` what a person should know.
    `read` counts the services that the files tell of, `organizations` those of the list of organizations."""

    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    read: int = 0
    organizations: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {"read": self.read, "organizations": self.organizations, **super().counts, "refused": len(self.refusals)}


@dataclass(frozen=True)
class Importer:
    """Takes files into the register of one organization. `on` is the day they are read."""

    register: Register
    organizations: Organizations
    organization: HostOrganization
    on: date

    def import_files(
        self,
        paths: Sequence[Path],
        *,
        kind: Kind | None = None,
        part: bool = False,
        org_id: str | None = None,
        certificate: Path | None = None,
    ) -> Import:
        """What `Services.import_` says. Every file is read before anything is written."""
        known = {service.id: service for service in self.register}
        files = self._read(paths, known, kind, certificate)
        joined, ours = self._organizations(files, org_id)
        join = Joining(joined, ours)
        merged = []
        for origin in dict.fromkeys(file.origin for file in files if file.services):
            of_origin = [file for file in files if file.origin == origin]
            services = [_joined(join, service, known) for file in of_origin for service in file.services]
            complete = not part and any(file.complete for file in of_origin)
            merged.append(merge(self.register, services, source=origin, on=self.on, complete=complete))
        if org_id is not None or any(file.organizations for file in files):
            merged.append(self._join_again(join))
        merged.append(hand_over(self.register, self.on))
        return self._summed(files, merged, ours, known)

    def _read(
        self, paths: Sequence[Path], known: Mapping[str, Service], kind: Kind | None, certificate: Path | None
    ) -> list[Listed]:
        """Tables last: their rows may name services by what the other files call them."""
        files: list[Listed] = []
        so_far = dict(known)
        of_tables = {path: kind == "csv" or (kind is None and is_table(path)) for path in paths}
        for path in sorted(of_tables, key=lambda path: of_tables[path]):
            file = read_services(
                path,
                organization=self.organization,
                on=self.on,
                kind="csv" if of_tables[path] else kind,
                known=so_far,
                certificate=certificate,
            )
            files.append(file)
            so_far |= {service.id: _as_listed(service, so_far.get(service.id)) for service in file.services}
        if certificate is not None and not any(file.kind == "saml" for file in files):
            raise InputError("--certificate is for SAML metadata, and no file is any. Leave it out.")
        return files

    def _organizations(
        self, files: Iterable[Listed], org_id: str | None
    ) -> tuple[dict[str, FeideOrganization], frozenset[str]]:
        """All that is known of organizations, with what the files tell, and the ids that are ours."""
        listed = {one.id: one for file in files for one in file.organizations}
        known = self.organizations.all()
        if org_id is not None:
            if number_shaped(org_id) or not org_id.strip():
                raise InputError("--org-id is the id of our organization in the Feide API (/2/org/), a few digits.")
            org_id = org_id.strip()
            listed[org_id] = named_ours(known | listed, org_id, self.organization.realm, self.on)
        self.organizations.put(listed.values())
        known |= listed
        return known, ours_among(known, self.organization.realm)

    def _join_again(self, join: Joining) -> Imported:
        """Services that were read before what is known of organizations now."""
        joined = [(service, join(service, service)) for service in self.register if service.gone_on is None]
        changed = [now for before, now in joined if now != before]
        return merge(self.register, changed, source=ORGANIZATIONS, on=self.on, complete=False)

    def _summed(
        self,
        files: Sequence[Listed],
        merged: Sequence[Imported],
        ours: frozenset[str],
        before: Mapping[str, Service],
    ) -> Import:
        """Each service once, under the strongest that is said of it, as it is in the register now."""
        in_register = {service.id: service for service in self.register}
        what = {service.id: name for name in reversed(_STRONGEST) for one in merged for service in getattr(one, name)}
        for one in [one for one, name in what.items() if name == "changed" and _same(before[one], in_register[one])]:
            del what[one]  # one file said something else than another, as they did before
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

    def _open_questions(self, services: Iterable[Service], ours: frozenset[str]) -> Iterable[str]:
        """What only a person can tell, about services that get the number."""
        open_ones = [one for one in services if one.gets_number and one.activated is None and one.gone_on is None]
        waiting = sum(subscribers_of(service) is not None for service in open_ones)
        if waiting and not ours:
            yield (
                f"Services that get the number and name their subscribers, while nobody has told which of these is "
                f"{self.organization.realm}: {waiting}. Import the list of organizations (/2/org/) too, or name our id "
                "in it with --org-id. Until then they count as not activated."
            )
        if untold := len(open_ones) - waiting:
            yield (
                f"Services that get the number, of which no source tells whether they are activated here: {untold}. "
                "Say it in a table with the columns id and activated, and import that too. Until then they count as "
                "not activated."
            )
        if len(ours) > 1:
            yield (
                f"{len(ours)} organizations of the Feide API have our realm {self.organization.realm}: what one of "
                "them has activated counts as activated."
            )


def _as_listed(service: Service, known: Service | None) -> Service:
    """A service that was listed just now, as a row of a table may name it."""
    if known is None:
        return service
    fresh = {"names": service.names, "provider": service.provider, "gone_on": None}
    return known.model_copy(update={**fresh, "said": {**known.said, **service.said}})


def _same(before: Service, now: Service) -> bool:
    return all(getattr(before, fact) == getattr(now, fact) for fact in (*FACTS, "gone_on"))


def _joined(join: Joining, service: Service, known: Mapping[str, Service]) -> Service:
    """The service with what belongs to it; what a person typed stays typed, until a table says otherwise."""
    before = known.get(service.id)
    typed = {
        fact: getattr(before, fact)
        for fact in _TYPED
        if before and is_typed(before.said.get(fact)) and not is_typed(service.said.get(fact))
    }
    if before and typed:
        said = {**service.said, **{fact: before.said[fact] for fact in typed}}
        service = service.model_copy(update={**typed, "said": said})
    return join(service, before)
