"""notify: an administrator tells providers, by mail, by drafts and to the organization's own system."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from notice_scene import REALM, a_service, smtp, webhook
from post_office import PostOffice
from receiver import SECRET, Receiver

from feideprov import Client
from feideprov.services.register.service import Dependency

if TYPE_CHECKING:
    from tests.journeys.conftest import Answer, Office

KIKORA, CREAZA = "hjelp@lexin.example", "hjelp@creaza.example"


@pytest.fixture
def post(office: Office) -> Iterator[PostOffice]:
    with PostOffice(office.folder) as server:
        yield server


@pytest.fixture
def told(office: Office, post: PostOffice) -> Office:
    """The office after the whole story: numbers were registered, and two providers are owed a notice."""
    with Client.open(office.config) as feide:
        services = (a_service("Kikora"), a_service("Salto"), a_service("Creaza", "Creaza AS"))
        independent = a_service("Rask", "Rask AS", state=Dependency.INDEPENDENT)
        feide.services.register.put([*services, independent])
    set_up(office, *smtp(post.port))
    assert office("apply", str(office.folder / "refugees.csv"), "--yes").code == 1
    assert office("attach", str(office.folder / "numbers.csv"), "--yes").code in (0, 1)
    return office


def set_up(office: Office, *lines: str) -> None:
    office.config.write_text(office.config.read_text(encoding="utf-8") + "\n" + "\n".join(lines) + "\n")


def test_a_count_stands_apart_from_the_name_of_the_service(told: Office) -> None:
    lines = told("notify").out.splitlines()
    [creaza] = [line for line in lines if line.startswith("  Creaza AS")]
    assert re.fullmatch(r"  Creaza AS, by mail: Creaza: \d+ registered on \d{4}-\d\d-\d\d", creaza)


def test_looking_shows_what_is_due_and_changes_nothing(told: Office, post: PostOffice) -> None:
    before = told.state()
    shown = told("notify")
    assert shown.code == 0
    assert "These would be sent (add --send to send them, or --drafts DIR to save drafts):" in shown.out
    assert "  Creaza AS, by mail: Creaza: " in shown.out
    assert "Rask" not in shown.out
    assert told("notify", "--json").json["counts"]["due"] == 2
    assert told.state() == before
    assert post.taken == []


def test_sending_tells_each_provider_once(told: Office, post: PostOffice) -> None:
    sent = told("notify", "--send", "--json")
    assert (sent.code, sent.json["ok"], sent.json["counts"]["sent"], sent.json["dry"]) == (0, True, 2, False)
    assert sorted(to for to, _ in post.taken) == [CREAZA, KIKORA]
    ids = {notice["id"] for notice in sent.json["notices"]}
    assert {str(message["Message-ID"]) for message in post.messages} == {f"<{one}@{REALM}>" for one in ids}
    assert {notice["state"] for notice in sent.json["notices"]} == {"sent"}
    again = told("notify", "--send")
    assert (again.code, again.out) == (0, "No notice is due.\n")
    assert len(post.taken) == 2


def test_a_server_that_is_away_is_tried_again_later(
    told: Office, post: PostOffice, one_sentence: Callable[[Answer], str]
) -> None:
    told.set(f"port = {post.port}", "port = 1")
    away = told("notify", "--send")
    assert away.code == 3
    assert "refused the connection" in one_sentence(away)
    assert told("notify", "--send", "--json").json["error"].endswith("Try again later.")
    told.set("port = 1", f"port = {post.port}")
    assert told("notify", "--send").code == 0
    assert len(post.taken) == 2


def test_what_is_refused_comes_back_or_was_given_up_is_for_a_person(told: Office, post: PostOffice) -> None:
    post.at_rcpt[KIKORA] = ["550 no such user"]
    sent = told("notify", "--send", "--json")
    assert (sent.code, sent.json["counts"]["failed"]) == (1, 1)
    by_provider = {notice["provider"]: notice["id"] for notice in sent.json["notices"]}
    came_back = told("notify", "--bounced", by_provider["Creaza AS"])
    assert came_back.code == 0
    shown = told("notify")
    assert shown.code == 1
    assert "Given up. Correct the cause, then run: feideprov notify --again ID" in shown.out
    assert "Came back. Correct the mail address, then run: feideprov notify --again ID" in shown.out
    for notice in by_provider.values():
        assert told("notify", "--again", notice).code == 0
    assert told("notify", "--send").code == 0
    assert [to for to, _ in post.taken].count(CREAZA) == 2
    assert [to for to, _ in post.taken].count(KIKORA) == 1


def test_drafts_are_files_for_a_person_to_send(told: Office, post: PostOffice) -> None:
    folder = told.folder / "drafts"
    made = told("notify", "--drafts", str(folder), "--json")
    assert (made.code, made.json["counts"]["drafted"]) == (0, 2)
    assert sorted(made.json["drafts"]) == sorted(str(path) for path in folder.iterdir())
    assert all(path.suffix == ".eml" for path in folder.iterdir())
    assert told("notify").out == "No notice is due.\n"
    assert post.taken == []


def test_a_provider_without_an_address_is_named(told: Office) -> None:
    with Client.open(told.config) as feide:
        feide.services.register.put([a_service("Creaza", "Creaza AS", contacts=())])
    sent = told("notify", "--send")
    assert sent.code == 1
    assert "Creaza AS: Creaza: " in sent.out
    assert "has no mail address" in sent.out


def test_the_organizations_own_system_is_told_too(told: Office, post: PostOffice) -> None:
    with Receiver() as receiver:
        set_up(told, *webhook(told.folder, receiver.url, SECRET))
        assert told("notify", "--send").code == 0
        assert len(receiver.taken) == len(post.taken) == 2
        assert {content["organization"]["realm"] for content in receiver.contents} == {REALM}


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--bounced", "abc"), 1, "No notice has the id abc. To see the ids, run: feideprov notify"),
        (("--again", "15108695077"), 1, "No notice has the id …. To see the ids, run: feideprov notify"),
        (("--send", "--drafts", "x"), 2, "Give only one of --send, --drafts, --bounced and --again."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    told: Office, one_sentence: Callable[[Answer], str], words: tuple[str, ...], code: int, sentence: str
) -> None:
    answer = told("notify", *words)
    assert (answer.code, one_sentence(answer)) == (code, sentence)


def test_without_a_mail_server_it_is_said_what_to_do(office: Office, one_sentence: Callable[[Answer], str]) -> None:
    answer = office("notify", "--send")
    assert answer.code == 2
    assert one_sentence(answer).startswith("[smtp] host is missing")
