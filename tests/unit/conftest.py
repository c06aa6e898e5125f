"""The example organization, its directory in memory, and a journal on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from feideprov import Client, Journal, MarkKey, PersonRecord
from feideprov.testing import example_directory, example_settings

ON = date(2026, 11, 22)
REALM = "skotthyll.kommune.no"


@pytest.fixture
def key() -> MarkKey:
    return MarkKey(b"a key for examples and nothing else")


@pytest.fixture
def journal(tmp_path, key) -> Iterator[Journal]:
    log = Journal(f"sqlite:///{tmp_path / 'journal.db'}", REALM, key=key, actor="Kari")
    yield log
    log.close()


@pytest.fixture
def client(tmp_path, journal, key) -> Client:
    return Client(example_settings(tmp_path), directory=example_directory(), journal=journal, keys=key, on=ON)


@pytest.fixture
def person() -> Callable[..., PersonRecord]:
    def make(source_id: str = "p1", **fields: object) -> PersonRecord:
        given = {"given_name": "Олена", "family_name": "Коваленко", "school": "hylla", "role": "pupil"}
        return PersonRecord(source_id=source_id, **(given | fields))

    return make
