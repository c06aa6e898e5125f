"""The webhook: what is sent is signed; who is not the receiver gets nothing; every failure is one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from notice_scene import configuration, webhook
from receiver import SECRET, Receiver, genuine

from feideprov import ConfigurationError, Settings
from feideprov.services.outbox.smtp import NotSent
from feideprov.services.outbox.webhook import Webhook, signature

ID, CONTENT = "kqzvbyhwmtrxoeugpdlscjnafi", {"id": "kqzvbyhwmtrxoeugpdlscjnafi", "provider": {"name": "Læring AS"}}


def hook(folder: Path, url: str, **keys: Any) -> Webhook:
    return Webhook(Settings.load(configuration(folder, *webhook(folder, url, SECRET, **keys)), environment=False))


def refusal(folder: Path, url: str, **keys: Any) -> NotSent:
    with pytest.raises(NotSent) as error:
        hook(folder, url, **keys).send(ID, CONTENT)
    return error.value


def test_what_is_sent_is_signed_and_any_change_of_it_is_seen(tmp_path: Path) -> None:
    with Receiver() as receiver:
        hook(tmp_path, receiver.url).send(ID, CONTENT)
        [(headers, body)] = receiver.taken
    assert receiver.contents == [CONTENT]
    assert headers["Feideprov-Id"] == ID
    assert genuine(headers, body)
    assert not genuine(headers, body + b" ")
    assert not genuine(headers | {"Feideprov-Timestamp": str(int(headers["Feideprov-Timestamp"]) + 1)}, body)


def test_the_signature_is_an_hmac_over_timestamp_and_body() -> None:
    """By OpenSSL: printf '1795441234.{}' | openssl dgst -sha256 -hmac 'key'"""
    said = signature(b"key", "1795441234", b"{}")
    assert said == "sha256=e5a29f04d7d75fc08da885f815bef5076d451a7ba43ef2be760f11ff4b1cbbb9"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirection_is_not_followed(tmp_path: Path, status: int) -> None:
    with Receiver() as receiver, Receiver() as elsewhere:
        receiver.answers, receiver.location = [status], elsewhere.url
        failure = refusal(tmp_path, receiver.url)
    assert elsewhere.requests == []
    assert len(receiver.requests) == 1
    assert (failure.permanent, failure.about_server) == (False, False)
    assert failure.sentence == (
        f"The webhook at 127.0.0.1 redirects to another address (status {status}). This program does not follow "
        "redirects. Write the right address to [webhook] url."
    )


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
def test_another_answer_is_worth_trying_again(tmp_path: Path, status: int) -> None:
    with Receiver() as receiver:
        receiver.answers = [status]
        failure = refusal(tmp_path, receiver.url)
    assert failure.sentence == f"The webhook at 127.0.0.1 refused the notice (status {status})."
    assert (failure.permanent, failure.about_server) == (False, False)


def test_a_receiver_that_hangs_up_or_keeps_silent_fails_for_this_message(tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers = ["drop", "silence"]
        dropped = refusal(tmp_path, receiver.url)
        silent = refusal(tmp_path, receiver.url, timeout=0.2)
    assert dropped.sentence == "The webhook at 127.0.0.1 closed the connection."
    assert silent.sentence == "The webhook at 127.0.0.1 did not respond within 0.2 s."
    assert not dropped.about_server
    assert not silent.about_server


def test_a_receiver_that_is_not_there_fails_for_all_messages(tmp_path: Path) -> None:
    with Receiver() as receiver:
        url = receiver.url
    failure = refusal(tmp_path, url)
    assert failure.about_server
    assert failure.sentence == "The webhook at 127.0.0.1 refused the connection."


def test_over_tls_the_certificate_is_verified(tmp_path: Path) -> None:
    with Receiver(tmp_path) as receiver:
        hook(tmp_path, receiver.url, ca_file=receiver.ca_file).send(ID, CONTENT)
        assert receiver.ids == [ID]
        with pytest.raises(ConfigurationError, match=r"certificate that is not trusted .*\[webhook\] ca_file"):
            hook(tmp_path, receiver.url).send(ID, CONTENT)
        assert len(receiver.requests) == 1


@pytest.mark.parametrize("certificate", ["foreign", "expired"])
def test_a_certificate_of_another_authority_or_time_is_not_trusted(tmp_path: Path, certificate: Any) -> None:
    with Receiver(tmp_path, certificate=certificate) as receiver:
        with pytest.raises(ConfigurationError, match="certificate that is not trusted"):
            hook(tmp_path, receiver.url, ca_file=receiver.ca_file).send(ID, CONTENT)
        assert receiver.requests == []


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://skotthyll.example/feide", "begins with http://"),
        ("http://127.0.0.1.example/feide", "begins with http://"),
        ("http://0.0.0.0/feide", "begins with http://"),
        ("ftp://127.0.0.1/feide", "is not a web address"),
        ("file:///etc/passwd", "is not a web address"),
        ("https://", "is not a web address"),
        ("skotthyll.example", "is not a web address"),
        ("https://skotthyll.example/a b", "is not a web address"),
        ("https://skotthyll.example:99999/", "is not a web address"),
        ("https://[::1/", "is not a web address"),
        ("https://kari:secret@skotthyll.example/", "a user name or a password"),
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused(tmp_path: Path, url: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence) as error:
        hook(tmp_path, url)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("url", ["http://localhost:1/", "http://[::1]:1/", "http://127.0.0.2:1/", "https://a.example"])
def test_plain_http_is_for_this_machine(tmp_path: Path, url: str) -> None:
    hook(tmp_path, url)


def test_an_authority_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="contains no certificates"):
        hook(tmp_path, "https://skotthyll.example", ca_file="absent.pem")


def test_no_message_holds_more_than_the_host(tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers = [500]
        failure = refusal(tmp_path, receiver.url + "?token=very-secret")
    assert "very-secret" not in failure.sentence
    assert "token" not in str(failure)
