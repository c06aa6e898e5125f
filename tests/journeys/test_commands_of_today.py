"""Every command that `today` prints works from any folder, as it is printed."""

from __future__ import annotations

import contextlib
import shlex
from typing import TYPE_CHECKING

import pytest
from commands import here
from post_office import PostOffice

from feideprov import Client
from feideprov.journal.events import Event
from feideprov.services.register.service import Answer, Contact, Dependency, FactSource, Provider, Service, Way

if TYPE_CHECKING:
    from pathlib import Path

    from tests.journeys.conftest import Office

SEEN = ("--evidence", "letter", "--seen-by", "Kari Nordmann", "--seen-on", "2026-11-02")
TENOR = "52829400197"
TO = "feide@skotthyll.kommune.no"


@pytest.fixture
def busy(office: Office) -> Office:
    """An office with everything to do: held rows, waiting users, providers to ask and to tell, an open change."""
    office("apply", str(office.folder / "refugees.csv"), "--yes")
    with Client.open(office.config) as feide:
        services = [
            service("feide:1", feide.on, Answer()),
            service("feide:2", feide.on, Answer(state=Dependency.CAN_SERVE, on=feide.on, source="mail")),
            service("feide:3", feide.on, Answer(state=Dependency.NO_ANSWER, on=feide.on, source="mail")),
        ]
        feide.services.register.put(services)
        feide.attach(feide.pending()[-1].user, TENOR, evidence=evidence(feide))
    people = office.write(
        "my people's  list 20261129-0830.csv", office_heading("x-1;Anna;Berg;1994-02-11;hylla;pupil;52829400197")
    )
    office("apply", people, "--yes")
    office("apply", office.people("x-3;Semhar;Tesfay;;hylla;pupil;"), "--yes")  # no birth date, so no marks
    gone = office.write("gone.csv", office_heading("x-2;Per;Dahl;1994-02-11;hylla;pupil;52829400197"))
    office("apply", gone, "--yes")
    (office.folder / "gone.csv").unlink()
    with Client.open(office.config) as feide:
        feide._context.journal.intend([Event("update", "nobody@skotthyll.kommune.no", "uid=x,dc=no")])
    return office


def office_heading(row: str) -> str:
    return f"source_id;given_name;family_name;birth_date;school;role;national_number\n{row}\n"


def evidence(feide: Client):
    from feideprov import Evidence

    return Evidence("letter", "Kari Nordmann", feide.on)


def service(service_id: str, on, answer: Answer) -> Service:
    provider = Provider(id=service_id, name=f"Leverandør {service_id}")
    return Service(
        id=service_id,
        names={"nb": service_id},
        provider=provider,
        ways=(Way.FEIDE,),
        activated=True,
        said={"names": FactSource(source="Feide API", on=on)},
        answer=answer,
        contacts=(Contact(mail="hjelp@example.no"),),
    )


def commands(text: str) -> list[list[str]]:
    return [shlex.split(line) for line in text.splitlines() if line.startswith("    feideprov ")]


def test_every_command_that_today_prints_works_from_another_folder(busy: Office, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    said = busy("today")
    found = commands(said.out)
    tasks = busy("today", "--json").json["tasks"]
    assert found == [shlex.split(task["command"]) for task in tasks]
    kinds = {task["kind"] for task in tasks}
    assert kinds >= {"waiting", "held", "cut_off", "unmarked", "unasked", "silent", "notices", "unticked"}
    for words in found:
        code, out, err = here(elsewhere, *words[1:])
        assert code in {0, 1}, (words, out, err)  # 1: something is held or differs, which is what there is to do
    assert list(elsewhere.iterdir()) == []
    assert [task["kind"] for task in busy("today", "--json").json["tasks"]].count("held") == 2


def test_the_mail_for_cron_has_commands_for_whoever_reads_it(busy: Office, tmp_path: Path) -> None:
    with PostOffice(tmp_path) as post:
        text = busy.config.read_text(encoding="utf-8")
        smtp = f'\n[smtp]\nhost = "localhost"\nport = {post.port}\nsecurity = "off"\ntimeout = 5\n'
        busy.config.write_text(text + smtp, encoding="utf-8")
        with contextlib.chdir(busy.folder):
            assert here(busy.folder, "today", "--mail", TO)[0] == 0
        [message] = post.messages
    found = commands(message.get_content())
    assert found
    for words in found:
        assert words[1:3] == ["--config", str(busy.config.resolve())]
        assert not {"DIR", "LIST", "FILE"} & set(words)


def test_held_rows_that_were_solved_in_another_way_are_taken_away(busy: Office) -> None:
    assert busy("today", "--json").json["counts"]["held"] == 3
    said = busy("today", "--solved", str(busy.folder / "my people's  list 20261129-0830.csv"))
    assert (said.code, "1 held row is no longer shown." in said.out) == (0, True)
    again = busy("today", "--solved", str(busy.folder / "my people's  list 20261129-0830.csv"), "--json").json
    assert (again["counts"]["held"], again["solved"]) == (2, 0)


def test_pending_says_how_many_closed_users_are_left_out(office: Office) -> None:
    rows = ("r-1;Olena;Kovalenko;1994-02-12;hylla;pupil;", "r-2;Anna;Berg;2003-04-05;hylla;teacher;")
    assert office("apply", office.people(*rows), "--yes").code == 0
    user = office.entry("r-1").text("eduPersonPrincipalName")
    assert office("close", user, "--yes").code == 0
    said = office("pending", "--query-sheet", str(office.folder / "sheet.csv"))
    assert "1 user without a number." in said.out
    assert "1 closed user without a number is left out." in said.out
    assert user not in said.out
    assert user not in (office.folder / "sheet.csv").read_text(encoding="utf-8-sig")
    found = office("pending", "--json").json
    assert (found["counts"], found["closed"]) == ({"pending": 1, "users": 2}, 1)
    assert office("pending", "--role", "teacher", "--json").json.get("closed") is None
    assert office("close", office.entry("r-2").text("eduPersonPrincipalName"), "--yes").code == 0
    assert "Nobody waits for a number.\n2 closed users without a number are left out." in office("pending").out
    assert user not in office("today").out
