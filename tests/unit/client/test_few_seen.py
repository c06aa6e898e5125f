"""For programs: how many users were looked at, and a directory that shows too few of the users in the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from feideprov import Client, Evidence, Journal, MarkKey, PersonRecord, attach_d_number
from feideprov.directory.memory import MemoryDirectory
from feideprov.errors import DirectoryError
from feideprov.testing import example_directory, example_settings

REALM = "skotthyll.kommune.no"
NUMBER = "52829400197"  # Tenor
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
KEY = MarkKey(b"a key for examples and nothing else")
RECORDS = [
    PersonRecord(source_id=f"p{n}", given_name="Olena", family_name=name, school="hylla", role="pupil")
    for n, name in enumerate(("Kovalenko", "Berg", "Dahl", "Lie"))
]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal(f"sqlite:///{tmp_path / 'journal.db'}", REALM, key=KEY, actor="Kari")) as opened:
        yield opened


@pytest.fixture
def feide(tmp_path: Path, journal: Journal) -> Client:
    """Four users, made by this client."""
    client = Client(example_settings(tmp_path), directory=example_directory(), journal=journal, keys=KEY)
    assert len(client.apply(client.plan(RECORDS)).changes) == 4
    return client


@pytest.fixture
def cut(tmp_path: Path, journal: Journal, feide: Client) -> Client:
    """A client of the same journal whose directory shows one of them."""
    users = sorted(str(e.dn) for e in feide.directory.having(["uid"], ["uid"]))
    entries = [e for e in feide.directory.entries() if str(e.dn) not in users[1:]]
    assert len(users) == 4
    directory = MemoryDirectory(feide.directory.base, entries)
    return Client(example_settings(tmp_path), directory=directory, journal=journal, keys=KEY)


def user_in(client: Client) -> str:
    [user] = [e.text("eduPersonPrincipalName") for e in client.directory.having(["uid"], ["*"])]
    assert user is not None
    return user


JOBS: dict[str, Callable[[Client], object]] = {
    "plan": lambda client: client.plan(RECORDS),
    "attach": lambda client: client.attach(user_in(client), NUMBER, evidence=SEEN),
    "replace": lambda client: client.replace(user_in(client), NUMBER, NUMBER, evidence=SEEN),
    "withdraw": lambda client: client.withdraw(user_in(client), NUMBER),
    "attach without a client": lambda client: attach_d_number(
        client.directory, user_in(client), NUMBER, evidence=SEEN, journal=client._context.journal
    ),
    "password": lambda client: client.users.password(user_in(client)),
    "check": lambda client: client.check(),
    "observe": lambda client: client.observe(),
    "pending": lambda client: client.pending(),
    "verify": lambda client: client.journal.verify(),
    "today": lambda client: client.today(),
    "page": lambda client: client.services.situation(),
}


@pytest.mark.parametrize("job", JOBS)
def test_a_directory_that_shows_too_few_is_a_failure_of_the_directory(cut: Client, job: str):
    before = cut._context.journal.events(), list(cut.directory.entries())
    with pytest.raises(
        DirectoryError, match="The journal has 4 users, but the directory shows only 1 of them"
    ) as caught:
        JOBS[job](cut)
    assert caught.value.exit_code == 3
    assert (cut._context.journal.events(), list(cut.directory.entries())) == before


def test_lists_say_how_many_users_were_looked_at(feide: Client):
    assert (feide.check().users, feide.pending().users, feide.journal.verify().users, feide.observe().users) == (4,) * 4
    assert feide.journal.verify() == []


def test_a_client_records_who_is_gone(cut: Client, feide: Client):
    gone = cut.journal.gone()
    assert (len(gone), gone.users) == (3, 1)
    assert cut.journal.gone(record=True) == gone
    assert cut.journal.gone() == cut.journal.verify() == []
    assert cut.check().users == 1
    assert {event.kind for event in cut.users.history(gone[0])} == {"create", "gone"}
    assert feide.journal.gone() == []


def test_a_journal_that_knows_nobody_stops_nothing(tmp_path: Path, cut: Client):
    (tmp_path / "another").mkdir()
    stranger = Client(example_settings(tmp_path / "another"), directory=cut.directory)
    assert (stranger.check().users, stranger.pending().users, stranger.journal.verify().users) == (1, 1, 1)
    assert stranger.journal.gone() == []
    stranger._context.close()
