"""Providers are asked alike whatever keeps the journal: memory, a file of SQLite's, a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from post_office import PostOffice

from feideprov import Client, Journal, JournalError, MarkKey
from feideprov.journal import journal as journal_module
from feideprov.services.outbox.deliveries import Channel, Deliveries
from feideprov.services.questions import SendResult
from feideprov.services.register.service import Contact, Provider, Service, Way
from feideprov.testing import example_directory, example_settings

if TYPE_CHECKING:
    from private_postgres import PrivatePostgres

REALM, ON = "skotthyll.kommune.no", date(2026, 11, 23)
KEY = MarkKey(b"a key for examples and nothing else")
SERVICE = Service(
    id="feide:1",
    names={"nb": "Les"},
    provider=Provider(id="7", name="Fabelskog"),
    ways=(Way.FEIDE,),
    activated=True,
    contacts=(Contact(mail="hjelp@fabelskog.example"),),
)


@pytest.fixture(params=["memory", "file", "postgres"])
def open_journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Journal]]:
    if request.param == "postgres":
        server: PrivatePostgres = request.getfixturevalue("postgres")
        url = server.database()
    else:
        url = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'journal.db'}"
    with ExitStack() as stack:
        yield lambda actor: stack.enter_context(closing(Journal(url, REALM, key=KEY, actor=actor)))


def test_a_question_is_sent_once_and_written_down(open_journal: Callable[[str], Journal], tmp_path: Path) -> None:
    with PostOffice(tmp_path) as office:
        smtp = {"host": "localhost", "port": office.port, "security": "off", "timeout": 5}
        settings = example_settings(tmp_path, smtp=smtp)
        client = Client(settings, directory=example_directory(), journal=open_journal("Kari"), keys=KEY, on=ON)
        client.services.register.put([SERVICE])
        office.at_rcpt["hjelp@fabelskog.example"] = ["450 4.2.0 Later"]
        asked = [client.services.ask(send=True) for _ in range(2)]
        asked += [client.services.ask(send=True, provider="7"), client.services.ask(send=True)]
    assert [one.result for each in asked for one in each.questions] == [
        SendResult.WAITING,
        SendResult.LATER,
        SendResult.SENT,
    ]
    assert len(office.taken) == 1
    [service] = client.services.all()
    assert (service.answer.state.value, service.asked_on) == ("asked", ON)


@pytest.mark.parametrize("open_journal", ["file", "postgres"], indirect=True)
def test_two_runs_do_not_send_one_message(
    open_journal: Callable[[str], Journal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "WAIT", 0.0)
    first, second = Deliveries(open_journal("Kari")), Deliveries(open_journal("Per"))
    with first.attempt("a", Channel.MAIL) as mine:
        assert mine is not None
        with pytest.raises(JournalError, match=r"in use by .*Kari"), second.attempt("a", Channel.MAIL):
            pass
        first.sent("a", Channel.MAIL)
    with second.attempt("a", Channel.MAIL) as theirs:
        assert theirs is None
