"""Organizations as the Feide API knows them: how a provider is reached, and under which id our own one is known.

They are kept beside the register, because a list of services may come before the list of organizations or after it:
what a service lacks is joined to it whenever the other list is read.
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
from feideprov.journal.tables import feide_organization as _organization
from feideprov.services.register.register import parts
from feideprov.services.register.service import Contact, Said, Service

SUBSCRIBERS: Final = "subscribers"
"""Under this key of `Service.other` stand the ids of those who activated a service, until it is known which is ours."""
ORGANIZATIONS: Final = "Feide API, organizations"
"""What `said` calls the lists of organizations."""


class FeideOrganization(BaseModel):
    """One organization of the Feide API (`/2/org/`). `said`: where that comes from, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    realm: str = ""
    contacts: tuple[Contact, ...] = ()
    said: Said


class Organizations:
    """The organizations that were read, in the journal's database."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ours = _organization.c.realm == journal.realm

    def all(self) -> dict[str, FeideOrganization]:
        """By id."""
        with self._journal.reading() as connection:
            contents = connection.execute(sa.select(_organization.c.content).where(self._ours))
            found = [FeideOrganization.model_validate_json(content) for content in contents.scalars()]
        return {one.id: one for one in found}

    def put(self, organizations: Iterable[FeideOrganization]) -> None:
        """Write these down in place of what is known under their ids."""
        rows = [{"realm": self._journal.realm, "id": o.id, "content": o.model_dump_json()} for o in organizations]
        if not rows:
            return
        with self._journal.writing() as connection:
            ids = [row["id"] for row in rows]
            for some in parts(ids):
                connection.execute(_organization.delete().where(self._ours, _organization.c.id.in_(some)))
            connection.execute(_organization.insert(), rows)


@dataclass(frozen=True)
class Joining:
    """What organizations say about services: `ours` are the ids of our own one, empty when nobody has told."""

    organizations: Mapping[str, FeideOrganization]
    ours: frozenset[str]

    def __call__(self, service: Service, known: Service | None) -> Service:
        """The service with its provider's addresses, and whether it is activated here.

        Addresses that came from elsewhere, such as a table, stay: `known` is what the register has.
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
    """The ids of those who activated a service, where that is not settled yet. Only the Feide API tells: what other
    sources have under the same key is kept, not understood."""
    return service.other.get(SUBSCRIBERS) if service.id.startswith("feide:") else None


def ours_among(organizations: Mapping[str, FeideOrganization], realm: str) -> frozenset[str]:
    """The ids of our own organization: the one whose realm is ours. Empty when none has it."""
    return frozenset(one.id for one in organizations.values() if one.realm.casefold() == realm.casefold())


def named_ours(organizations: Mapping[str, FeideOrganization], named: str, realm: str, on: date) -> FeideOrganization:
    """Our own organization under the id that a person named, to be kept.

    Raises InputError when that id is known to be another organization's.
    """
    known = organizations.get(named)
    if known and known.realm and known.realm.casefold() != realm.casefold():
        raise InputError(
            f"--org-id names an organization whose realm is {scrub(known.realm)}, not {realm}. Look for the realm in "
            "the list of organizations (/2/org/), and name the id that stands beside it."
        )
    if known:
        return known.model_copy(update={"realm": realm})
    return FeideOrganization(id=named, realm=realm, said=Said(source="--org-id", on=on))


def _has_own_contacts(service: Service | None) -> bool:
    """Whether addresses came from elsewhere than a list of organizations."""
    said = service.said.get("contacts") if service else None
    return said is not None and said.source != ORGANIZATIONS
