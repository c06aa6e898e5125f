"""The register of services of one organization, in the journal's database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from feideprov.errors import Refused, scrub
from feideprov.provision.journal import Journal
from feideprov.provision.journal_schema import service as _service
from feideprov.services.service import Service


class Register:
    """All services that the organization knows, by id."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ours = _service.c.realm == journal.realm

    def __iter__(self) -> Iterator[Service]:
        """All services, in the order of their ids."""
        with self._journal.reading() as connection:
            contents = connection.execute(sa.select(_service.c.content).where(self._ours).order_by(_service.c.id))
            services = [Service.model_validate_json(content) for content in contents.scalars()]
        return iter(services)

    def get(self, service_id: str) -> Service:
        """One service. Raises Refused (S-NO-SERVICE) when there is none with that id."""
        with self._journal.reading() as connection:
            query = sa.select(_service.c.content).where(self._ours, _service.c.id == service_id)
            content = connection.execute(query).scalar()
        if content is None:
            sentence = f"No service has the id {scrub(service_id)}. See: feideprov services list"
            raise Refused(sentence, code="S-NO-SERVICE")
        return Service.model_validate_json(content)

    def put(self, services: Iterable[Service]) -> None:
        """Write these services down, all or none, in place of what is known under their ids."""
        rows = [{"realm": self._journal.realm, "id": one.id, "content": one.model_dump_json()} for one in services]
        if not rows:
            return
        with self._journal.writing() as connection:
            ids = [row["id"] for row in rows]
            for start in range(0, len(ids), 500):
                connection.execute(_service.delete().where(self._ours, _service.c.id.in_(ids[start : start + 500])))
            connection.execute(_service.insert(), rows)
