"""Providers are asked: dry, as drafts, by mail; a run that is killed; and what no message may hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from post_office import PostOffice

from feideprov import Client
from feideprov.errors import scrub_path
from feideprov.numbers import number_shaped
from feideprov.services.register.service import Contact, Provider, Service, Way

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

PROVIDERS = ("Arkbu", "Blekkhus", "Fabelskog", "Lesefrø")


@pytest.fixture
def post(tmp_path: Path) -> Iterator[PostOffice]:
    with PostOffice(tmp_path) as opened:
        yield opened


@pytest.fixture
def asking(office: Office, post: PostOffice) -> Office:
    """An office with four providers, two services each, and a mail server."""
    text = office.config.read_text(encoding="utf-8")
    smtp = f'\n[smtp]\nhost = "localhost"\nport = {post.port}\nsecurity = "off"\ntimeout = 5\n'
    office.config.write_text(text + smtp, encoding="utf-8")
    register(office, *(service(provider, kind) for provider in PROVIDERS for kind in ("Les", "Regn")))
    return office


def service(called: str, kind: str, **fields: object) -> Service:
    given = {
        "names": {"nb": f"{called} {kind}"},
        "provider": Provider(id=called, name=called),
        "ways": (Way.FEIDE,),
        "activated": True,
        "contacts": (Contact(mail=address(called)),),
    }
    return Service(id=f"{called}:{kind}", **(given | fields))


def address(provider: str) -> str:
    return f"hjelp@{provider.lower().replace('ø', 'o')}.example"


def register(office: Office, *services: Service) -> None:
    with Client.open(office.config) as feide:
        feide.services.register.put(services)


def states(office: Office) -> Counter[str]:
    return Counter(one["state"] for one in office("services", "list", "--json").json["services"])


def test_without_send_it_shows_who_would_be_written_to_and_sends_nothing(asking: Office, post: PostOffice) -> None:
    shown = asking("services", "ask")
    assert shown.code == 0
    lines = shown.out.splitlines()
    assert lines[0].split("\t")[:4] == ["provider", "to", "message", "services"]
    assert lines[1].split("\t")[:5] == [
        "Arkbu",
        "hjelp@arkbu.example",
        "question",
        "Arkbu Les, Arkbu Regn",
        "to be sent",
    ]
    assert (
        "Nothing was sent. To send the messages, add --send. To save drafts for a mail program, add --drafts DIR"
    ) in lines
    assert asking("services", "ask", "--json").json["dry"]
    assert post.taken == []
    assert states(asking) == {"unknown": 8}


def test_one_provider_is_shown_with_the_whole_text(asking: Office) -> None:
    shown = asking("services", "ask", "--provider", "lesefrø", "--lang", "nn")
    assert (
        "To: hjelp@lesefro.example\nSubject: Elevar utan fødselsnummer: spørsmål om 2 av tenestene dykkar" in shown.out
    )
    assert "Venleg helsing" in shown.out


def test_the_same_day_sends_once(asking: Office, post: PostOffice) -> None:
    sent = asking("services", "ask", "--send", "--json")
    assert sent.code == 0
    assert sent.json["counts"]["sent"] == 4
    assert states(asking) == {"asked": 8}
    again = asking("services", "ask", "--send")
    assert (again.code, again.out) == (0, "No provider has to be asked today.\n")
    assert len(post.taken) == 4


def test_refused_and_unreachable_addresses_are_told_each_with_what_comes_next(asking: Office, post: PostOffice) -> None:
    register(asking, service("Arkbu", "Les", contacts=()), service("Arkbu", "Regn", contacts=()))
    post.at_rcpt[address("Blekkhus")] = ["550 5.1.1 No such user"]
    post.at_data[address("Fabelskog")] = ["451 4.3.0 Later"]
    said = asking("services", "ask", "--send", "--json")
    assert said.code == 3
    found = {one["name"]: (one["state"], one["sentence"] or "") for one in said.json["messages"]}
    assert {name: state for name, (state, _) in found.items()} == {
        "Arkbu": "unaddressed",
        "Blekkhus": "failed",
        "Fabelskog": "waiting",
        "Lesefrø": "sent",
    }
    assert "feideprov services import FILE" in found["Arkbu"][1]
    assert "Correct the mail address" in found["Blekkhus"][1]
    assert "Try again later" in found["Fabelskog"][1]
    assert states(asking) == {"asked": 2, "unknown": 6}


def test_drafts_lie_in_a_folder_one_for_each_provider(asking: Office, post: PostOffice, tmp_path: Path) -> None:
    made = asking("services", "ask", "--drafts", str(tmp_path / "drafts"), "--json")
    assert made.code == 0
    assert sorted(one["file"] for one in made.json["messages"]) == sorted(map(str, (tmp_path / "drafts").iterdir()))
    assert (len(made.json["messages"]), post.taken) == (4, [])
    assert states(asking) == {"asked": 8}


def test_send_and_drafts_do_not_go_together(asking: Office, one_sentence) -> None:
    said = asking("services", "ask", "--send", "--drafts", "x")
    assert said.code == 2
    assert one_sentence(said) == "Give --send or --drafts, not both."


def test_without_a_mail_server_the_sentence_names_the_drafts(office: Office, one_sentence) -> None:
    register(office, service("Arkbu", "Les"))
    said = office("services", "ask", "--send")
    assert said.code == 2
    assert "--drafts DIR" in one_sentence(said)


def test_a_mail_server_that_is_gone_ends_the_run_with_code_3(asking: Office, post: PostOffice) -> None:
    asking.set(f"port = {post.port}", "port = 1")
    said = asking("services", "ask", "--send")
    assert said.code == 3
    assert "Not all messages were sent: The mail server localhost refused the connection." in said.out
    assert states(asking) == {"unknown": 8}


@pytest.mark.parametrize("at", [1, 2, 4])
def test_a_run_that_is_killed_in_the_middle_of_sending_is_made_good(at: int, asking: Office, post: PostOffice) -> None:
    command = [sys.executable, "-m", "feideprov", "--config", str(asking.config), "services", "ask", "--send"]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill() -> None:
        if len(post.taken) == at:
            os.kill(run.pid, signal.SIGKILL)
            run.wait()

    post.on_taken = kill
    assert run.wait(timeout=300) == -signal.SIGKILL
    post.on_taken = lambda: None
    done = asking("services", "ask", "--send", "--json")
    assert done.code == 0
    assert states(asking) == {"asked": 8}
    received = Counter((to, str(message_from_bytes(raw)["Message-ID"])) for to, raw in post.taken)
    assert sorted(to for to, _ in received) == sorted(map(address, PROVIDERS))
    assert sorted(received.values()) == [1, 1, 1, 2]
    assert asking("services", "ask", "--send").out == "No provider has to be asked today.\n"


def test_no_number_and_no_other_receiver_comes_into_any_message(
    asking: Office, post: PostOffice, tmp_path: Path
) -> None:
    number = "57912075186"
    hostile = service(
        "Arkbu",
        "Les",
        names={"nb": f"Les {number}\r\nBcc: alle@example.no"},
        provider=Provider(id=f"Arkbu {number}", name=f"Arkbu\u2028Bcc: alle@example.no {number}"),
        contacts=(Contact(mail=f"hjelp@arkbu.example\r\nRCPT TO:<{number}@x.no>"), Contact(mail="ok@arkbu.example")),
        reason=number,
    )
    register(asking, hostile)
    post.at_rcpt["ok@arkbu.example"] = [f"550 {number} is unknown"]
    drafted = asking("services", "ask", "--drafts", str(tmp_path / number), "--provider", f"Arkbu {number}", "--json")
    register(asking, hostile)
    asking("services", "ask", "--send")
    sent = asking("services", "ask", "--send", "--provider", f"Arkbu {number}", "--json")
    assert sent.json["counts"]["sent"] == 1
    names = [path.name for path in (tmp_path / number).iterdir()]
    raw = [path.read_bytes() for path in (tmp_path / number).iterdir()] + [content for _, content in post.taken]
    assert len(raw) == 6
    for content in raw:
        message = message_from_bytes(content, policy=policy.default)
        assert "Bcc" not in message
        assert number.encode() not in content
        assert number not in message.get_content()
        assert not any(map(number_shaped, map(str, message.values())))
    assert {to for to, _ in post.taken} == {"ok@arkbu.example", *map(address, PROVIDERS)}
    assert not any(map(number_shaped, names))
    folder = str(tmp_path / number)  # that one is the person's own
    for said in (drafted.out.replace(scrub_path(folder), ""), drafted.err, sent.out, sent.err, *names):
        assert number not in said
