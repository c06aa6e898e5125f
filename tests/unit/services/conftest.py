"""The example organization with three users and its register of services, and services as tests need them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from feideprov import Client, Evidence, Journal, MarkKey, PersonRecord
from feideprov.services.register.service import Answer, Dependency, FactSource, Provider, Service, Way
from feideprov.testing import example_directory, example_settings

ON = date(2026, 11, 22)
REALM = "skotthyll.kommune.no"
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 2))
D_NUMBER, FOLLOWS = "52829400197", "45840375084"  # Tenor's


def service(service_id: str = "feide:1", state: Dependency = Dependency.UNKNOWN, **fields: object) -> Service:
    """A service that gets the number and is activated here, in a state that its provider has told."""
    given = {
        "names": {"nb": f"Tjeneste {service_id}"},
        "provider": Provider(id="7", name="Leverandør AS"),
        "ways": (Way.FEIDE,),
        "activated": True,
        "said": {"names": FactSource(source="Feide API", on=ON)},
        "answer": Answer() if state is Dependency.UNKNOWN else Answer(state=state, on=ON, source="mail"),
    }
    return Service(id=service_id, **(given | fields))


@pytest.fixture
def journal(tmp_path) -> Iterator[Journal]:
    key = MarkKey(b"a key for examples and nothing else")
    log = Journal(f"sqlite:///{tmp_path / 'journal.db'}", REALM, key=key, actor="Kari")
    yield log
    log.close()


@pytest.fixture
def client(tmp_path, journal) -> Client:
    """With three users: a pupil and a teacher at Hylla, and a student at Berg."""
    client = Client(example_settings(tmp_path), directory=example_directory(), journal=journal, keys=journal.key, on=ON)
    people = (("p1", "Olena", "hylla", "pupil"), ("p2", "Kari", "hylla", "teacher"), ("p3", "Yusuf", "berg", "student"))
    client.apply(
        client.plan(
            PersonRecord(source_id=one, given_name=name, family_name="Demir", school=school, role=role)
            for one, name, school, role in people
        )
    )
    return client


@pytest.fixture
def user_of(client) -> Callable[[str], str]:
    """The Feide name of the user with a source id."""

    def name(source_id: str) -> str:
        return next(user.user for user in client.pending() if user.source_id == source_id)

    return name


@pytest.fixture
def owed(journal) -> Callable[[], list[tuple[str, str]]]:
    """What is owed: the kind of the change and the service."""

    def found() -> list[tuple[str, str]]:
        kinds = {event.id: event.kind for event in journal.events()}
        return sorted((kinds[one.change], one.service) for one in journal.owed())

    return found
