"""Sending notices, with a real mail server and a real webhook: what arrives, what is tried again, with which id."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from notice_scene import REALM, Scene, a_service, configuration, smtp, webhook, with_names
from one_day import one_day
from post_office import PostOffice
from receiver import SECRET, Receiver

from feideprov import ConfigurationError, Settings
from feideprov.services.notice_sender import SendingReport
from feideprov.services.outbox.deliveries import ATTEMPTS, SendResult
from feideprov.services.register.service import Dependency

KIKORA, CREAZA = "hjelp@lexin.example", "hjelp@creaza.example"
CHANNEL = '[services]\nchannel = "SFTP hos Skotthyll"'


class Clock:
    """A moment that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def _one_day() -> Iterator[None]:
    """The day of a change stands in the mail about it."""
    with one_day():
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[PostOffice]:
    with PostOffice(tmp_path) as office:
        yield office


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        yield server


@pytest.fixture
def scene(tmp_path: Path, post: PostOffice, receiver: Receiver) -> Iterator[Scene]:
    """Two providers that are owed a notice each, a mail server and a webhook."""
    lines = [CHANNEL, *smtp(post.port), *webhook(tmp_path, receiver.url, SECRET)]
    made = Scene(settings=Settings.load(configuration(tmp_path, *lines), environment=False))
    made.put(a_service("Kikora"), a_service("Salto"), a_service("Creaza", "Creaza AS"))
    made.change("attach", "olenkova", "Kikora", "Salto")
    made.change("attach", "tesfaase", "Kikora", "Creaza")
    with closing(made.journal):
        yield made


def counts(done: SendingReport) -> dict[str, int]:
    return {name: count for name, count in done.counts.items() if count}


def message_ids(post: PostOffice) -> list[str]:
    return [str(message["Message-ID"]) for message in post.messages]


def test_each_provider_gets_one_mail_and_the_webhook_every_notice(
    scene: Scene, post: PostOffice, receiver: Receiver
) -> None:
    done = scene.sender().send()
    assert (counts(done), done.exit_code) == ({"sent": 4}, 0)
    assert sorted(to for to, _ in post.taken) == [CREAZA, KIKORA]
    assert sorted(message_ids(post)) == sorted(f"<{one}@{REALM}>" for one in receiver.ids)
    assert counts(scene.sender().send()) == {}
    assert len(post.taken) == len(receiver.taken) == 2


def test_a_mail_says_service_date_and_count_and_asks_to_take_the_list(scene: Scene, post: PostOffice) -> None:
    scene.sender().send()
    [mail] = [message for message in post.messages if message["To"] == KIKORA]
    body = text(mail)
    assert mail["Subject"] == "Fødselsnummer i Feide: 2 registrert"
    assert "  - Kikora, 23. november 2026: 2 registrert\n" in body.replace(_today_in_words(), "23. november 2026")
    assert "SFTP hos Skotthyll" in body
    assert "Feide-navn" in body
    assert "olenkova" not in mail.as_string()
    assert not re.search(r"\d{5}", body)


def text(mail: EmailMessage) -> str:
    return str(mail.get_content()).replace("\r\n", "\n")


def _today_in_words() -> str:
    """The day on which the test runs, by which its changes were done."""
    from feideprov.pages.days import day_in_words
    from feideprov.tables.day import day_in_norway

    return day_in_words(day_in_norway(datetime.now(UTC).isoformat()), "nb")


def test_names_go_where_there_is_a_basis(scene: Scene, post: PostOffice, receiver: Receiver) -> None:
    scene.put(with_names(a_service("Salto")))
    scene.sender().send()
    [mail] = [message for message in post.messages if message["To"] == KIKORA]
    assert f"      registrert: olenkova@{REALM}\n" in text(mail)
    assert "tesfaase" not in text(mail)
    [content] = [one for one in receiver.contents if one["provider"]["name"] == "Lexin AS"]
    kikora, salto = content["changes"]
    assert "users" not in kikora
    assert salto["users"] == {"registered": [f"olenkova@{REALM}"]}
    assert (kikora["registered"], kikora["changed"], kikora["withdrawn"]) == (2, 0, 0)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_notice_is_written_in_each_language(tmp_path: Path, post: PostOffice, scene: Scene, language: str) -> None:
    section = f'[services]\nlanguage = "{language}"\nsignature = "Kari Nordmann\\nSkotthyll kommune"'
    scene.settings = Settings.load(configuration(tmp_path, section, *smtp(post.port)), environment=False)
    for kind in ("replace", "withdraw", "withdraw"):
        scene.change(kind, "rahifate", "Creaza")
    scene.sender().send()
    [mail] = [message for message in post.messages if message["To"] == CREAZA]
    assert mail["Content-Language"] == language
    counted = {
        "nb": "1 registrert, 1 endret, 2 fjernet",
        "nn": "1 registrert, 1 endra, 2 fjerna",
        "en": "1 registered, 1 changed, 2 withdrawn",
    }[language]
    assert counted in mail["Subject"]
    assert counted in text(mail)
    assert text(mail).endswith("\nKari Nordmann\nSkotthyll kommune\n")
    assert "\n\n\n" not in text(mail)
    assert max(map(len, text(mail).splitlines())) < 100


def test_what_is_refused_for_now_is_sent_later_with_the_same_id(
    scene: Scene, post: PostOffice, receiver: Receiver, clock: Clock
) -> None:
    post.at_rcpt[KIKORA] = ["451 greylisted"]
    post.at_data[CREAZA] = ["take and drop"]
    receiver.answers = [503, 503]
    first = scene.sender(clock=clock).send()
    assert (counts(first), first.exit_code) == ({"waiting": 4}, 3)
    taken = message_ids(post)
    assert len(taken) == 1
    again = scene.sender(clock=clock).send()
    assert (counts(again), again.exit_code) == ({"later": 4}, 3)
    clock.now += timedelta(minutes=6)
    third = scene.sender(clock=clock).send()
    assert (counts(third), third.exit_code) == ({"sent": 4}, 0)
    assert sorted(to for to, _ in post.taken) == [CREAZA, CREAZA, KIKORA]
    assert message_ids(post).count(taken[0]) == 2
    tried = [headers["Feideprov-Id"] for headers, _ in receiver.requests]
    assert sorted(tried) == sorted(receiver.ids * 2)


def test_what_is_refused_for_good_is_given_up_and_sent_again_when_somebody_says_so(
    scene: Scene, post: PostOffice
) -> None:
    post.at_rcpt[KIKORA] = ["550 no such user"]
    done = scene.sender().send()
    assert (counts(done), done.exit_code) == ({"sent": 3, "failed": 1}, 1)
    [failed] = [attempt for attempt in done.attempts if attempt.result is SendResult.FAILED]
    assert counts(scene.sender().send()) == {}
    assert (counts(scene.sender().preview()), scene.sender().preview().exit_code) == ({"failed": 1}, 1)
    scene.notices.again(failed.notice.id)
    assert counts(scene.sender().send()) == {"sent": 1}
    assert f"<{failed.notice.id}@{REALM}>" in message_ids(post)


def test_what_never_gets_through_is_given_up_in_the_end(scene: Scene, receiver: Receiver, clock: Clock) -> None:
    receiver.answers = [500] * 2 * ATTEMPTS
    ends = []
    for _ in range(ATTEMPTS):
        ends.append(counts(scene.sender(clock=clock).send()))
        clock.now += timedelta(hours=25)
    assert ends[0] == {"sent": 2, "waiting": 2}
    assert ends[1:-1] == [{"waiting": 2}] * (ATTEMPTS - 2)
    assert ends[-1] == {"failed": 2}


def test_a_mail_server_that_is_away_stops_the_mails_and_not_the_webhook(
    tmp_path: Path, scene: Scene, post: PostOffice, receiver: Receiver
) -> None:
    lines = [*smtp(1), *webhook(tmp_path, receiver.url, SECRET)]
    away = Settings.load(configuration(tmp_path, *lines), environment=False)
    settings, scene.settings = scene.settings, away
    done = scene.sender().send()
    assert (counts(done), done.exit_code) == ({"sent": 2, "waiting": 2}, 3)
    [stopped] = done.stopped.values()
    assert "refused the connection" in str(stopped)
    scene.settings = settings
    assert counts(scene.sender().send()) == {"sent": 2}
    assert sorted(message_ids(post)) == sorted(f"<{one}@{REALM}>" for one in receiver.ids)


def test_a_webhook_that_is_away_stops_itself_alone(scene: Scene, post: PostOffice, receiver: Receiver) -> None:
    receiver.__exit__()
    done = scene.sender().send()
    assert (counts(done), done.exit_code) == ({"sent": 2, "waiting": 2}, 3)
    assert "refused the connection" in str(next(iter(done.stopped.values())))


def test_a_provider_without_an_address_is_told_and_the_others_are_sent(scene: Scene, post: PostOffice) -> None:
    scene.put(a_service("Creaza", "Creaza AS", contacts=()))
    done = scene.sender().send()
    assert (counts(done), done.exit_code) == ({"sent": 3, "unaddressed": 1}, 1)
    assert "Creaza AS has no mail address (services: Creaza)" in next(p.sentence for p in done.attempts if p.sentence)
    scene.put(a_service("Creaza", "Creaza AS"))
    assert counts(scene.sender().send()) == {"sent": 1}


def test_who_answers_meanwhile_that_it_does_not_depend_is_not_told(
    scene: Scene, post: PostOffice, receiver: Receiver, clock: Clock
) -> None:
    post.at_rcpt[KIKORA] = ["451 later"]
    receiver.answers = [500, 500]
    scene.sender(clock=clock).send()
    scene.put(a_service("Kikora", state=Dependency.INDEPENDENT))
    clock.now += timedelta(minutes=6)
    scene.sender(clock=clock).send()
    [mail] = [message for message in post.messages if message["To"] == KIKORA]
    assert "Salto" in text(mail)
    assert "Kikora" not in text(mail)


def test_an_answer_that_comes_while_others_are_sent_is_heeded(scene: Scene, post: PostOffice) -> None:
    def answer() -> None:
        still = {to for to, _ in post.taken}
        if CREAZA not in still:
            scene.put(a_service("Creaza", "Creaza AS", state=Dependency.INDEPENDENT))
        if KIKORA not in still:
            scene.put(*(a_service(name, state=Dependency.INDEPENDENT) for name in ("Kikora", "Salto")))

    post.on_taken = answer
    scene.sender().send()
    assert len(post.taken) == 1


def test_drafts_are_made_once_and_then_it_is_a_persons_matter(
    tmp_path: Path, scene: Scene, post: PostOffice, receiver: Receiver
) -> None:
    done = scene.sender().draft(tmp_path / "drafts")
    assert (counts(done), done.exit_code) == ({"drafted": 2}, 0)
    assert sorted(done.drafts) == sorted((tmp_path / "drafts").iterdir())
    assert counts(scene.sender().draft(tmp_path / "drafts")) == {}
    assert counts(scene.sender().send()) == {"sent": 2}  # to the webhook
    assert post.taken == []
    assert len(receiver.taken) == 2


def test_without_a_mail_server_the_webhook_alone_is_told(tmp_path: Path, scene: Scene, receiver: Receiver) -> None:
    lines = webhook(tmp_path, receiver.url, SECRET)
    scene.settings = Settings.load(configuration(tmp_path, *lines), environment=False)
    assert counts(scene.sender().send()) == {"sent": 2}
    assert scene.notices.unfinished() == []


def test_a_webhook_that_is_no_longer_named_keeps_nobody_waiting_in_silence(
    tmp_path: Path, scene: Scene, post: PostOffice, receiver: Receiver
) -> None:
    receiver.answers = [500, 500]
    assert counts(scene.sender().send()) == {"sent": 2, "waiting": 2}
    scene.settings = Settings.load(configuration(tmp_path, *smtp(post.port)), environment=False)
    done = scene.sender().send()
    assert (counts(done), done.exit_code) == ({"later": 2}, 3)
    assert {attempt.sentence for attempt in done.attempts} == {
        "[webhook] url is missing. Write the address that notices are sent to."
    }


def test_without_a_way_to_send_by_nothing_is_gathered(tmp_path: Path, scene: Scene) -> None:
    scene.settings = Settings.load(configuration(tmp_path), environment=False)
    with pytest.raises(ConfigurationError, match=r"\[smtp\] host is missing"):
        scene.sender().send()
    assert [one.id for one in scene.notices.all()] == ["", ""]


def test_an_untrusted_webhook_is_said_and_the_mails_go(tmp_path: Path, scene: Scene, post: PostOffice) -> None:
    with Receiver(tmp_path) as other:
        lines = [*smtp(post.port), *webhook(tmp_path, other.url, SECRET)]
        scene.settings = Settings.load(configuration(tmp_path, *lines), environment=False)
        done = scene.sender().send()
    assert (counts(done), done.exit_code) == ({"sent": 2, "waiting": 2}, 3)
    assert "certificate that is not trusted" in str(next(iter(done.stopped.values())))


def test_hostile_names_make_no_headings_and_no_lines(scene: Scene, post: PostOffice, receiver: Receiver) -> None:
    hostile = "Kikora\r\nBcc: all@example.no\r\n\r\nHei"
    scene.put(a_service("Kikora", names={"nb": hostile, "": "15108695077"}), a_service("Creaza", "Creaza AS"))
    scene.sender().send()
    [mail] = [message for message in post.messages if message["To"] == KIKORA]
    assert mail["Bcc"] is None
    assert "\nBcc" not in text(mail)
    assert "\r\nBcc" not in json.dumps(receiver.contents)
