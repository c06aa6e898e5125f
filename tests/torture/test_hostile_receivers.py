"""Mail servers and webhooks that answer wrongly or slowly, and certificates without a name: no notice is given up."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hostile_ldap import HostileLdap
from receiver import Receiver

from feideprov.cli.care import demo
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.server import LdapAddress
from feideprov.directory.ldap.tls_probe import Distrust, probe_tls
from feideprov.errors import ConfigurationError, DirectoryError, FeideProvError, JournalError
from feideprov.journal.databases import postgres
from feideprov.journal.journal import Journal
from feideprov.journal.keys import MarkKey
from feideprov.services.outbox.smtp import NotSent, Smtp
from feideprov.services.outbox.webhook import Webhook
from feideprov.settings import Settings
from feideprov.testing.certificates import make_certificates

EHLO = b"250-x\r\n250 AUTH CRAM-MD5 LOGIN PLAIN\r\n"


@contextmanager
def saying(*answers: bytes, drip: float = 0.0) -> Iterator[int]:
    """A server that says these, one to each line that it is told; with `drip` the last has no end."""
    ended = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                with client, suppress(OSError):
                    for left, answer in zip(reversed(range(len(answers))), answers, strict=True):
                        client.sendall(answer)
                        if not left and drip:
                            while not ended.wait(drip):
                                client.sendall(b"x")
                        client.recv(4096)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def settings(folder: Path, lines: str) -> Settings:
    (folder / "secret").write_text("a secret of this test")
    (folder / "secret").chmod(0o600)
    (folder / "feideprov.toml").write_text(demo.configuration('url = "ldif:catalogue.ldif"') + lines, encoding="utf-8")
    return Settings.load(folder / "feideprov.toml", environment=False)


def send_mail(folder: Path, port: int, more: str = "") -> FeideProvError:
    chosen = settings(folder, f'\n[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "off"\ntimeout = 0.2\n{more}')
    message = EmailMessage()
    message["To"] = "post@example.no"
    message.set_content("x")
    with pytest.raises(FeideProvError) as raised, Smtp(chosen) as smtp:
        smtp.send(message, at=datetime(2026, 11, 24, tzinfo=UTC))
    return raised.value


LOGIN = 'user = "x"\npassword_file = "secret"\n'


@pytest.mark.parametrize(
    ("answers", "more"),
    [
        ((b"554 no\r\n",), ""),
        pytest.param((b"220 x\r\n", b"554 no\r\n", b"554 no\r\n"), ""),
        pytest.param((b"220 x\r\n", EHLO, b"334 \xff=!a\r\n"), LOGIN),
        ((b"220 " + b"x" * 100_000 + b"\r\n",), ""),
        pytest.param((b"220 x\r\n", EHLO, b"250 " + b"x" * 100_000 + b"\r\n"), ""),
        ((b"what\r\n",), ""),
    ],
    ids=["greeting", "hello", "challenge", "long greeting", "long answer", "no code"],
)
def test_a_mail_server_that_is_wrong_gives_no_message_up(tmp_path: Path, answers: tuple[bytes, ...], more: str) -> None:
    with saying(*answers) as port:
        error = send_mail(tmp_path, port, more)
    assert isinstance(error, ConfigurationError) or not error.permanent  # type: ignore[attr-defined]


@pytest.mark.parametrize("answers", [(b"220-",), (b"220 x\r\n", b"250-")])
def test_a_mail_server_that_never_ends_its_answer(tmp_path: Path, answers: tuple[bytes, ...]) -> None:
    with saying(*answers, drip=0.05) as port:
        error = send_mail(tmp_path, port)
    assert "did not respond within" in str(error)


def test_a_webhook_that_never_ends_its_answer(tmp_path: Path) -> None:
    with saying(b"HTTP/1.1 2", drip=0.05) as port:
        lines = f'\n[webhook]\nurl = "http://127.0.0.1:{port}/"\nsecret_file = "secret"\ntimeout = 0.2\n'
        with pytest.raises(NotSent, match="did not respond within") as raised:
            Webhook(settings(tmp_path, lines)).send("x", {})
    assert not raised.value.permanent


READY = b"R\0\0\0\x08\0\0\0\0" + b"S\0\0\0\x19client_encoding\0UTF8\0" + b"Z\0\0\0\x05I"
"""What PostgreSQL says to a client that is let in."""


@pytest.mark.parametrize(
    ("answers", "drip"),
    [((b"",), 0.0), ((b"", b"R"), 0.05), ((b"", READY, b""), 0.0), ((b"", READY, b"D"), 0.05), ((b"", b"xx"), 0.0)],
    ids=["silence", "login without end", "silent request", "answer without end", "something else"],
)
def test_a_database_server_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, answers: tuple[bytes, ...], drip: float
) -> None:
    monkeypatch.setattr(postgres, "_LONGEST", 0.3)
    monkeypatch.setitem(postgres._CONNECTING, "connect_timeout", 2)  # less is not possible
    with saying(*answers, drip=drip or 100) as port:
        url = f"postgresql+psycopg://me@127.0.0.1:{port}/feide?sslmode=disable&gssencmode=disable"
        with pytest.raises(JournalError, match="cannot be used") as raised:
            Journal(url, "skotthyll.kommune.no", key=MarkKey(b"k" * 32), actor="Kari")
    assert raised.value.exit_code == 3


def test_a_certificate_with_its_name_in_the_common_name_alone_is_refused_by_all(tmp_path: Path) -> None:
    with Receiver(tmp_path, certificate="common-name") as receiver:
        url = receiver.url.replace("127.0.0.1", "localhost")
        lines = f'\n[webhook]\nurl = "{url}"\nsecret_file = "secret"\nca_file = "ca.pem"\n'
        with pytest.raises(ConfigurationError, match="not trusted"):
            Webhook(settings(tmp_path, lines)).send("x", {})
    make_certificates(tmp_path, "common-name")
    for tls in (True, False):
        with HostileLdap(lambda _, __: None, "nothing", tmp_path, tls) as server:
            url, ca_file = server.url.replace("127.0.0.1", "localhost"), str(tmp_path / "ca.pem")
            with pytest.raises(DirectoryError, match="is not for the name") as raised:
                LdapDirectory(url, base="dc=no", ca_file=ca_file).check()
            assert raised.value.exit_code == 2
            assert probe_tls(LdapAddress(url, ca_file)).distrust is Distrust.OTHER_NAME
            mail = f'host = "localhost"\nport = {server.port}\nsecurity = "tls"\nca_file = "ca.pem"\n'
            chosen = settings(tmp_path, f"\n[smtp]\n{mail}")
            if tls:
                with pytest.raises(ConfigurationError, match="not trusted"), Smtp(chosen) as smtp:
                    smtp._connected()
