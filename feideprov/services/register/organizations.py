"""Organizations in the Feide API: the mail addresses of providers, and the id of our own organization.

They are kept beside the register, because the list of services may be read before or after the list of organizations:
what a service lacks is added to it when the other list is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from feideprov.errors import InputError, scrub
from feideprov.journal.journal import Journal
from feideprov.journal.stored import understood
from feideprov.journal.tables import feide_organization as _organization
from feideprov.messages import Sentence
from feideprov.services.register.register import batches
from feideprov.services.register.service import Contact, FactSource, Service

SUBSCRIBERS: Final = "subscribers"
"""The key of `Service.other` with the ids of the organizations that activated a service, until it is known which is
ours."""
ORGANIZATIONS: Final = "Feide API, organizations"
"""The source of facts from lists of organizations, in `said`."""


class FeideOrganization(BaseModel):
    """One organization of the Feide API (`/2/org/`). `said`: where it comes from, and when it was read. `contacts` is
    None if that does not say; what is written down has the earlier ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    realm: str = ""
    contacts: tuple[Contact, ...] | None = ()
    said: FactSource

    def after(self, known: FeideOrganization | None) -> FeideOrganization:
        """The organization as it is from now on: what it does not say stays as it was."""
        earlier = (known.contacts if known else None) or ()
        return self if self.contacts is not None else self.model_copy(update={"contacts": earlier})


class Organizations:
    """The organizations that were read, in the journal's database."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ours = _organization.c.realm == journal.realm

    def all(self) -> dict[str, FeideOrganization]:
        """By id."""
        with self._journal.reading() as connection:
            contents = connection.execute(sa.select(_organization.c.content).where(self._ours))
            read = FeideOrganization.model_validate_json
            found = [understood(read, content, "feide_organization.content") for content in contents.scalars()]
        return {one.id: one for one in found}

    def put(self, organizations: Iterable[FeideOrganization]) -> None:
        """Write these down. They replace the organizations with the same ids."""
        rows = [{"realm": self._journal.realm, "id": o.id, "content": o.model_dump_json()} for o in organizations]
        if not rows:
            return
        with self._journal.writing() as connection:
            ids = [row["id"] for row in rows]
            for some in batches(ids):
                connection.execute(_organization.delete().where(self._ours, _organization.c.id.in_(some)))
            connection.execute(_organization.insert(), rows)


@dataclass(frozen=True)
class OrganizationData:
    """What organizations say about services. `ours` are the ids of our own one, empty when they are not known."""

    organizations: Mapping[str, FeideOrganization]
    ours: frozenset[str]

    def add_to(self, service: Service, known: Service | None) -> Service:
        """The service with the provider's addresses, and whether it is activated here.

        Addresses from elsewhere, such as a table, stay. `known` is the service in the register.
        """
        update: dict[str, object] = {}
        said = dict(service.said)
        organization = self.organizations.get(service.provider.id) if service.id.startswith("feide:") else None
        if organization and organization.contacts and not (_has_own_contacts(service) or _has_own_contacts(known)):
            update["contacts"], said["contacts"] = organization.contacts, organization.said
        subscribers = subscribers_of(service)
        if self.ours and subscribers is not None:
            update["activated"] = not self.ours.isdisjoint(subscribers)
            update["other"] = {key: value for key, value in service.other.items() if key != SUBSCRIBERS}
            said["activated"] = said["other"]
        return service.model_copy(update={**update, "said": said}) if update else service


def subscribers_of(service: Service) -> Sequence[str] | None:
    """The ids of the organizations that activated a service, until it is known which is ours. Only the Feide API has
    them: what other sources have under the same key is not used."""
    return service.other.get(SUBSCRIBERS) if service.id.startswith("feide:") else None


def own_ids(organizations: Mapping[str, FeideOrganization], realm: str) -> frozenset[str]:
    """The ids of our own organization, the one with our realm. Empty when there is none."""
    return frozenset(one.id for one in organizations.values() if one.realm.casefold() == realm.casefold())


def own_organization(
    organizations: Mapping[str, FeideOrganization], named: str, realm: str, on: date
) -> FeideOrganization:
    """Our own organization, with the id that a person gave.

    Raises InputError when another organization or a provider has that id.
    """
    known = organizations.get(named)
    if known and known.realm and known.realm.casefold() != realm.casefold():
        raise InputError(
            Sentence(
                "--org-id is the id of an organization with the realm {other}, not {realm}. Look up the id of "
                "{realm} in the list of organizations (/2/org/).",
                other=scrub(known.realm),
                realm=realm,
            )
        )
    if known and not known.realm and known.said.source == ORGANIZATIONS:
        raise InputError(
            Sentence(
                "--org-id is the id of a provider: the organization has no realm. Look up the id of {realm} in the "
                "list of organizations (/2/org/).",
                realm=realm,
            )
        )
    if known:
        return known.model_copy(update={"realm": realm})
    return FeideOrganization(id=named, realm=realm, said=FactSource(source="--org-id", on=on))


def _has_own_contacts(service: Service | None) -> bool:
    """Whether its addresses came from elsewhere than a list of organizations."""
    said = service.said.get("contacts") if service else None
    return said is not None and said.source != ORGANIZATIONS
