"""The register of services of one organization, in the journal's database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

import sqlalchemy as sa

from feideprov.directory.dn import same_key
from feideprov.errors import Refused, scrub
from feideprov.issues import code
from feideprov.journal.journal import Journal
from feideprov.journal.stored import understood
from feideprov.journal.tables import AT_ONCE
from feideprov.journal.tables import service as _service
from feideprov.look_alikes import told_apart, visible
from feideprov.messages import Sentence
from feideprov.services.register.service import Service

T = TypeVar("T")

NO_SERVICE: Final = code(
    "S-NO-SERVICE",
    Sentence("No service has this id or name."),
    Sentence("Look up the id with: feideprov services list --all"),
)
TWO_SERVICES: Final = code(
    "S-TWO-SERVICES", Sentence("More than one service has this name."), Sentence("Give the id of the service instead.")
)
NO_PROVIDER: Final = code(
    "S-NO-PROVIDER",
    Sentence("No provider with this id or name has a service that is activated here and gets the number."),
    Sentence("Look up the provider with: feideprov services list"),
)


class Register:
    """All services that the organization knows, by id."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._ours = _service.c.realm == journal.realm
        self._update = (
            _service.update()
            .where(self._ours, _service.c.id == sa.bindparam("new_id"))
            .values({name: sa.bindparam(f"new_{name}") for name in ("concerns_us", "content")})
        )

    def __iter__(self) -> Iterator[Service]:
        """All services, in the order of their ids."""
        with self.journal.reading() as connection:
            services = self._read(connection)
        return iter(services)

    def concerning_us(self) -> list[Service]:
        """The services that are asked about, shown and told (`Service.concerns_us`), in the order of their ids. The
        others, perhaps thousands of a federation, are not read."""
        with self.journal.reading() as connection:
            return self._read(connection, _service.c.concerns_us)

    def unanswered(self) -> list[Service]:
        """The services that concern us whose providers have not answered."""
        return [service for service in self.concerning_us() if not service.is_settled]

    def of_provider(self, text: str) -> list[Service]:
        """The services that concern us of the provider with this id or name. Raises Refused (S-NO-PROVIDER) when there
        is none."""
        services = self.concerning_us()
        found = [service for service in services if service.provider.is_called(text)]
        if not found:
            sentence = Sentence(
                "No provider with the id or name {text}{apart} has a service that is activated here and gets the "
                "number. See: feideprov services list",
                text=scrub(text),
                apart=told_apart(text, {one.provider.name for one in services}),
            )
            raise Refused(sentence, code=NO_PROVIDER)
        return found

    def get(self, service_id: str) -> Service:
        """One service. Raises Refused (S-NO-SERVICE) when none has that id."""
        with self.journal.reading() as connection:
            found = self._read(connection, _service.c.id == service_id)
        if not found:
            raise _no_service(service_id)
        return found[0]

    def called(self, text: str) -> Service:
        """The service with this id or, if none has it, with this name in any language.

        Raises Refused when there is none (S-NO-SERVICE), or several have the name (S-TWO-SERVICES).
        """
        wanted = " ".join(visible(text).split())
        with self.journal.reading() as connection:
            if found := self._read(connection, _service.c.id == wanted):
                return found[0]
        services = list(self)
        named = [one for one in services if same_key(wanted) in map(same_key, one.names.values())]
        if not named:
            raise _no_service(text, [name for one in services for name in (one.id, *one.names.values())])
        if len(named) > 1:
            sentence = Sentence(
                "{number} services have the name {name}. Give the id of the service instead. See: feideprov services "
                "list --all",
                number=len(named),
                name=scrub(text),
            )
            raise Refused(sentence, code=TWO_SERVICES)
        return named[0]

    def put(self, services: Iterable[Service]) -> None:
        """Write these services down, all or none. They replace the services with the same ids."""
        with self.journal.writing() as connection:
            self.write(connection, list(services))

    def revise(self, ids: Iterable[str], revise: Callable[[Service], Service]) -> list[Service]:
        """Read these services, revise each and write them down in one transaction, so that no other run's changes are
        lost. Returns the services as they are now. Unknown ids are skipped."""
        with self.journal.writing() as connection:
            revised = [revise(service) for service in self.read(connection, ids)]
            self.write(connection, revised)
        return revised

    def read(self, connection: sa.Connection, ids: Iterable[str]) -> list[Service]:
        """The services with these ids, in a transaction that is going to write them."""
        return [
            one for some in batches(list(ids)) for one in self._read(connection, _service.c.id.in_(some), lock=True)
        ]

    def ids(self, connection: sa.Connection) -> set[str]:
        """The ids of all services."""
        return set(connection.execute(sa.select(_service.c.id).where(self._ours)).scalars())

    def write(self, connection: sa.Connection, services: Sequence[Service]) -> None:
        """Write services down in a transaction. Existing rows are updated, not replaced: a run that waits to read such
        a row then reads its new content."""
        known = self.ids(connection)
        rows = [self._row(service) for service in services]
        if new := [row for row in rows if row["id"] not in known]:
            connection.execute(_service.insert(), new)
        if old := [{f"new_{name}": value for name, value in row.items()} for row in rows if row["id"] in known]:
            connection.execute(self._update, old)

    def _read(
        self, connection: sa.Connection, which: sa.ColumnElement[bool] | None = None, *, lock: bool = False
    ) -> list[Service]:
        query = sa.select(_service.c.content).where(self._ours).order_by(_service.c.id)
        query = query if which is None else query.where(which)
        contents = connection.execute(query.with_for_update() if lock else query)
        return [understood(Service.model_validate_json, content, "service.content") for content in contents.scalars()]

    def _row(self, service: Service) -> dict[str, object]:
        content = service.model_dump_json()
        return {
            "realm": self.journal.realm,
            "id": service.id,
            "concerns_us": service.concerns_us,
            "content": content,
        }


def batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    """Parts that are small enough for one SQL statement."""
    return (things[start : start + AT_ONCE] for start in range(0, len(things), AT_ONCE))


def _no_service(text: str, known: Iterable[str] = ()) -> Refused:
    sentence = Sentence(
        "No service has the id or name {text}{apart}. See: feideprov services list --all",
        text=scrub(text),
        apart=told_apart(text, known),
    )
    return Refused(sentence, code=NO_SERVICE)
