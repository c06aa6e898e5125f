"""today, as an administrator begins the day with it, and as cron sends it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from post_office import PostOffice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.conftest import Office

USER = "olenkova@skotthyll.kommune.no"
TO = "feide@skotthyll.kommune.no"


@pytest.fixture
def post(tmp_path: Path) -> Iterator[PostOffice]:
    with PostOffice(tmp_path) as opened:
        yield opened


@pytest.fixture
def waiting(office: Office, post: PostOffice) -> Office:
    text = office.config.read_text(encoding="utf-8")
    smtp = f'\n[smtp]\nhost = "localhost"\nport = {post.port}\nsecurity = "off"\ntimeout = 5\n'
    office.config.write_text(text + smtp, encoding="utf-8")
    assert office("apply", office.people("ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;"), "--yes").code == 0
    return office


def test_the_screen_tells_what_there_is_to_do_and_writes_nothing(waiting: Office) -> None:
    before = waiting.state()
    said = waiting("today")
    assert said.code == 0
    assert "1 user waits for a number" in said.out
    command = shlex.join(["feideprov", "--config", str(waiting.config), "pending"])
    assert f"    {command}" in said.out
    assert USER in said.out
    found = waiting("today", "--json").json
    assert found["counts"] == {"waiting": 1}
    assert found["tasks"] == [{"kind": "waiting", "count": 1, "command": command, "days": 0}]
    assert waiting.state() == before


def test_the_mail_for_cron_names_nobody_and_is_quiet(waiting: Office, post: PostOffice) -> None:
    said = waiting("--lang", "nb", "today", "--mail", TO)
    assert (said.code, said.out, said.err) == (0, "", "")
    [message] = post.messages
    assert message["To"] == TO
    assert "1 å gjøre" in message["Subject"]
    assert "1 bruker venter på nummer" in message.get_content()
    assert USER not in message.as_string() + message.get_content()


def test_a_mail_that_cannot_be_sent_is_told(waiting: Office, post: PostOffice) -> None:
    assert waiting("today", "--mail", "no address").code == 2
    waiting.set(f"port = {post.port}", "port = 1")
    said = waiting("today", "--mail", TO)
    assert (said.code, "refused the connection" in said.err) == (3, True)


@pytest.mark.parametrize("words", [(), ("--json",)], ids=["words", "json"])
def test_without_a_mail_server_the_sentence_names_what_today_has(office: Office, words: tuple[str, ...]) -> None:
    said = office("today", "--mail", TO, *words)
    sentence = (
        "[smtp] host is missing. Write the name of the mail server there, or run the command without --mail to see the "
        "same on the screen."
    )
    assert (said.code, said.err.strip()) == (2, sentence)
    for command in (("services", "ask"), ("notify",)):
        assert "save drafts for a mail program with --drafts DIR" in office(*command, "--send").err


def test_a_user_whose_birth_date_no_list_had_is_counted(waiting: Office) -> None:
    assert waiting("apply", waiting.people("ref-2;Semhar;Tesfay;;hylla;pupil;"), "--yes").code == 0
    assert "the journal has no marks of name and birth date yet" in waiting("today").out
    tasks = waiting("today", "--json").json["tasks"]
    [command] = [task["command"] for task in tasks if task["kind"] == "unmarked"]
    assert command.endswith(" apply --help")


def test_a_day_without_anything_to_do_says_so(office: Office) -> None:
    people = office.people("ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;52829400197")
    seen = ("--evidence", "letter", "--seen-by", "Kari Nordmann", "--seen-on", "2026-11-02")
    assert office("apply", people, *seen, "--yes").code == 0
    assert office("checklist", "--done", "all").code == 0
    assert "Nothing to do today." in office("today").out
