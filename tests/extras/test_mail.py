"""The mail server: connections that are verified, and every failure as one sentence. Real servers on this machine."""

from __future__ import annotations

import base64
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from post_office import PostOffice

from feideprov.errors import ConfigurationError, FeideProvError
from feideprov.services.outbox.mail import compose
from feideprov.services.outbox.smtp import NotSent, Smtp
from feideprov.services.outbox.templates import Text
from feideprov.settings import Settings
from feideprov.testing import example_settings

AT = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
TO = "hjelp@fabelskog.example"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., PostOffice]]:
    """Opens a post office."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(PostOffice(tmp_path, **options))


def settings_for(folder: Path, office: PostOffice, **keys: Any) -> Settings:
    smtp = {"host": "localhost", "port": office.port, "security": "off", "timeout": 5} | keys
    return example_settings(folder, smtp=smtp)


def letter(settings: Settings, to: str = TO, body: str = "Hei!\n", message_id: str = "abc") -> EmailMessage:
    text = Text("Elever uten fødselsnummer", body)
    return compose(settings, to, text, message_id=message_id, language="nb")


def sent(settings: Settings, *messages: EmailMessage, **options: Any) -> None:
    with Smtp(settings, **options) as server:
        for message in messages or (letter(settings),):
            server.send(message, at=AT)


def test_a_message_arrives_as_it_was_written(opened, tmp_path) -> None:
    office = opened()
    body = "Hei på dere!\n.\n..to punktum\nFrom her\n" + "æ" * 1200 + "\n"
    settings = settings_for(tmp_path, office)
    sent(settings, letter(settings, body=body))
    [(to, _)], [message] = office.taken, office.messages
    assert to == message["To"] == TO
    assert message["From"] == "Skotthyll kommune <post@skotthyll.kommune.no>"
    assert message["Subject"] == "Elever uten fødselsnummer"
    assert message["Message-ID"] == "<abc@skotthyll.kommune.no>"
    assert message["Date"].datetime == AT
    assert message["Content-Language"] == "nb"
    assert message.get_content().replace("\r\n", "\n") == body
    assert message["Bcc"] is None


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_verified_connection_and_a_login(security: str, opened, tmp_path) -> None:
    office = opened(security=security, login=("kari", "hemmelig") if security == "starttls" else None)
    tmp_path.joinpath("password").write_text("hemmelig\n", encoding="utf-8")
    login = {"user": "kari", "password_file": "password"} if security == "starttls" else {}
    settings = settings_for(tmp_path, office, security=security, ca_file=str(office.ca_file), **login)
    settings._folder = tmp_path
    sent(settings)
    assert len(office.taken) == 1


@pytest.mark.parametrize("keys", [{}, {"user": ""}, {"user": "", "password_file": "not-there"}])
def test_a_relay_without_a_login_gets_mail_over_starttls(keys: dict[str, str], opened, tmp_path) -> None:
    office = opened(security="starttls")
    sent(settings_for(tmp_path, office, security="starttls", ca_file=str(office.ca_file), **keys))
    assert len(office.taken) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("certificate", ["expired", "foreign"])
def test_a_certificate_that_is_not_trusted_gets_nothing(security: str, certificate: str, opened, tmp_path) -> None:
    office = opened(security=security, certificate=certificate)
    settings = settings_for(tmp_path, office, security=security, ca_file=str(office.ca_file))
    with pytest.raises(ConfigurationError, match=r"The certificate of the mail server localhost is not trusted .*[.] "):
        sent(settings)
    assert office.taken == []


def test_a_certificate_for_another_name_is_not_trusted(opened, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = opened(security="tls")
    settings = settings_for(tmp_path, office, host="127.0.0.2", security="tls", ca_file=str(office.ca_file))
    with pytest.raises((ConfigurationError, NotSent)):
        sent(settings)
    assert office.taken == []


def test_a_server_without_starttls_gets_nothing(opened, tmp_path) -> None:
    settings = settings_for(tmp_path, opened(), security="starttls")
    with pytest.raises(ConfigurationError, match=r"does not offer STARTTLS[.] The message was not sent"):
        sent(settings)


def test_a_server_that_begins_with_tls_is_not_spoken_to_in_clear(opened, tmp_path) -> None:
    office = opened(security="tls")
    with pytest.raises(NotSent) as told:
        sent(settings_for(tmp_path, office, security="starttls", timeout=0.3))
    assert told.value.about_server
    assert not told.value.permanent


def test_clear_text_is_for_this_machine_alone(tmp_path) -> None:
    with pytest.raises(ConfigurationError, match="only allowed if the mail server is on this machine"):
        Smtp(example_settings(tmp_path, smtp={"host": "mail.skotthyll.no", "security": "off"}))


def test_without_a_host_there_is_the_way_of_drafts(tmp_path) -> None:
    with pytest.raises(ConfigurationError, match="--drafts DIR"):
        Smtp(example_settings(tmp_path))


def test_a_sender_that_is_no_address_is_told(tmp_path) -> None:
    with pytest.raises(ConfigurationError, match=r"\[smtp\] sender is not a mail address"):
        Smtp(example_settings(tmp_path, smtp={"host": "localhost", "sender": "Kari <k@x.no>, b@x.no"}))


def test_an_authority_file_that_cannot_be_read_is_named(tmp_path) -> None:
    tmp_path.joinpath("ca.pem").write_text("no certificate", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"ca\.pem \(\[smtp\] ca_file\) cannot be read"):
        Smtp(example_settings(tmp_path, smtp={"host": "localhost", "ca_file": str(tmp_path / "ca.pem")}))


def login_settings(folder: Path, office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setitem(os.environ, "MAIL_PASSWORD", "feil passord")
    login = {"user": "kari", "password_env": "MAIL_PASSWORD"}
    return settings_for(folder, office, security="starttls", ca_file=str(office.ca_file), **login)


def test_a_refused_login_is_the_set_ups_matter(opened, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = opened(security="starttls", login=("kari", "hemmelig"))
    with pytest.raises(ConfigurationError, match="refused the login") as told:
        sent(login_settings(tmp_path, office, monkeypatch))
    assert "feil passord" not in str(told.value)


def test_a_password_that_no_login_can_carry_is_told_before_it_is_tried(opened, tmp_path, monkeypatch) -> None:
    office = opened(security="starttls", login=("kari", "hemmelig"))
    settings = login_settings(tmp_path, office, monkeypatch)
    monkeypatch.setenv("MAIL_PASSWORD", "blåbær-og-fløte")
    with pytest.raises(ConfigurationError, match="ASCII") as told:
        sent(settings)
    assert "blåbær" not in f"{told.value} {told.value.__context__!r}"


@pytest.mark.parametrize("code", ["535", "454"])
def test_a_server_that_quotes_the_password_is_not_quoted(code: str, opened, tmp_path, monkeypatch) -> None:
    office = opened(security="starttls", login=("kari", "hemmelig"))
    in_base64 = base64.b64encode(b"\0kari\0feil passord").decode()
    office.login_answer = AuthResult(
        success=False, handled=False, message=f"{code} feil passord and {in_base64} are wrong"
    )
    with pytest.raises(FeideProvError, match="are wrong") as told:
        sent(login_settings(tmp_path, office, monkeypatch))
    assert "passord" not in str(told.value)
    assert in_base64 not in str(told.value)


def test_a_login_that_is_not_possible_now_is_tried_again(opened, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = opened(security="starttls", login=("kari", "hemmelig"))
    office.login_answer = AuthResult(success=False, handled=False, message="454 4.7.0 Temporary failure")
    with pytest.raises(NotSent, match="accepts no login at the moment") as told:
        sent(login_settings(tmp_path, office, monkeypatch))
    assert (told.value.permanent, told.value.about_server) == (False, True)


def test_a_sender_that_the_server_does_not_take_is_the_set_ups_matter(opened, tmp_path) -> None:
    office = opened(sender_answer="550 5.7.1 Not yours")
    with pytest.raises(
        ConfigurationError, match=r"accepts no mail from post@skotthyll.kommune.no \(550: 5.7.1 Not yours"
    ):
        sent(settings_for(tmp_path, office))


@pytest.mark.parametrize(
    ("reply", "permanent"),
    [("450 4.2.0 Greylisted, come back", False), ("452 4.2.2 Full", False), ("550 5.1.1 No such user", True)],
)
@pytest.mark.parametrize("stage", ["at_rcpt", "at_data"])
def test_the_first_digit_tells_whether_to_try_again(reply: str, permanent: bool, stage: str, opened, tmp_path) -> None:
    office = opened()
    getattr(office, stage)[TO] = [reply]
    settings = settings_for(tmp_path, office)
    with Smtp(settings) as server:
        with pytest.raises(NotSent) as told:
            server.send(letter(settings), at=AT)
        assert (told.value.permanent, told.value.about_server) == (permanent, False)
        assert f"({reply[:3]}: {reply[4:]})" in str(told.value)
        server.send(letter(settings), at=AT)
    assert len(office.taken) == 1
    assert office.connections == 1


@pytest.mark.parametrize("failing", ["drop", "silence", "take and drop"])
def test_a_connection_that_breaks_off_is_made_again(failing: str, opened, tmp_path) -> None:
    office = opened()
    office.at_data[TO] = [failing]
    settings = settings_for(tmp_path, office, timeout=1)
    with Smtp(settings) as server:
        with pytest.raises(NotSent, match=r"arrived[.] Try again later") as told:
            server.send(letter(settings), at=AT)
        assert (told.value.permanent, told.value.about_server) == (False, False)
        server.send(letter(settings), at=AT)
    assert len({message["Message-ID"] for message in office.messages}) == 1
    assert office.connections == 2


def test_a_server_that_sends_everybody_away_stops_the_run_for_now(opened, tmp_path) -> None:
    office = opened()
    office.at_rcpt[TO] = ["421 4.3.2 Going down"]
    settings = settings_for(tmp_path, office)
    with Smtp(settings) as server:
        with pytest.raises(NotSent, match="421"):
            server.send(letter(settings), at=AT)
        server.send(letter(settings), at=AT)
    assert office.connections == 2


def test_nobody_who_answers_is_a_matter_of_the_server(opened, tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        smtp = {"host": "127.0.0.1", "port": free.getsockname()[1], "security": "off"}
    with pytest.raises(NotSent, match=r"refused the connection[.] The message was not sent") as told:
        sent(example_settings(tmp_path, smtp=smtp))
    assert told.value.about_server


def test_a_name_that_nobody_has_is_a_matter_of_the_server(tmp_path) -> None:
    settings = example_settings(tmp_path, smtp={"host": "mail.invalid", "security": "tls", "timeout": 5})
    with pytest.raises(NotSent, match=r"mail[.]invalid cannot be (found|reached)") as told:
        sent(settings)
    assert told.value.about_server


def test_no_digits_of_the_servers_words_come_through(opened, tmp_path) -> None:
    office = opened()
    office.at_rcpt[TO] = ["550 5.1.1 57912075186 is not known \x1b[31m"]
    with pytest.raises(NotSent) as told:
        sent(settings_for(tmp_path, office))
    assert "57912" not in str(told.value)
    assert "\x1b" not in str(told.value)
    assert "is not known" in str(told.value)


def test_no_more_than_so_many_in_a_minute(opened, tmp_path) -> None:
    office, now, pauses = opened(), [100.0], list[float]()

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        now[0] += seconds

    settings = settings_for(tmp_path, office, per_minute=2)
    messages = [letter(settings, message_id=name) for name in "abcde"]
    sent(settings, *messages, pause=pause, clock=lambda: now[0])
    assert pauses == [60.0, 0.0, 60.0]
    assert len(office.taken) == 5
