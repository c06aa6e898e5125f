"""A mail server on this machine for tests: off, STARTTLS or TLS, with or without a login, that refuses, hangs up or
keeps silent as it is told. What it takes lies in `taken`."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from feideprov.testing.certificates import Certificate, make_certificates

Answer = str | Literal["drop", "silence", "take and drop"]
"""An SMTP reply, or what the server does in its place. `take and drop`: it takes the message and never says so."""


class PostOffice:
    """As a context manager: a server that runs until the end of the block. `answers` tells what it says at RCPT or DATA
    to an address, one after the other; then, and for every other address, it takes the message."""

    def __init__(
        self,
        folder: Path,
        *,
        security: Literal["starttls", "tls", "off"] = "off",
        certificate: Certificate = "good",
        login: tuple[str, str] | None = None,
        sender_answer: str | None = None,
    ) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.connections = 0
        self.at_rcpt: dict[str, list[str]] = {}
        self.at_data: dict[str, list[str]] = {}
        self.sender_answer = sender_answer
        self.login_answer: AuthResult | None = None
        self.on_recipient: Callable[[], None] = lambda: None
        self.on_taken: Callable[[], None] = lambda: None
        self._login = login
        options: dict[str, Any] = {"auth_required": login is not None}
        if login:
            options |= {"authenticator": self._authenticate, "auth_require_tls": security == "starttls"}
        context = None
        if security != "off":
            make_certificates(folder, certificate)
            self.ca_file = folder / "ca.pem"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "server.pem", folder / "server.key")
        if security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
            context = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._controller = Controller(self, "127.0.0.1", self.port, ssl_context=context, **options)

    def __enter__(self) -> Self:
        self._controller.start()
        self.connections = 0  # the controller looks whether it answers
        return self

    def __exit__(self, *exc: object) -> None:
        self._controller.stop()

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.default) for _, content in self.taken]

    def _authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        if self.login_answer is not None:
            return self.login_answer
        assert isinstance(data, LoginPassword)
        right = (data.login.decode(), data.password.decode()) == self._login
        return AuthResult(success=right, handled=False)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if not (self._controller.SMTP_kwargs.get("tls_context") and session.ssl is None):
            self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_answer:
            return self.sender_answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.on_recipient()
        if answers := self.at_rcpt.get(address):
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        [to] = envelope.rcpt_tos
        answer = self.at_data[to].pop(0) if self.at_data.get(to) else "250 taken"
        if answer in ("250 taken", "take and drop"):
            assert isinstance(envelope.content, bytes)
            self.taken.append((to, envelope.content))
            self.on_taken()
        if answer.endswith("drop"):
            assert server.transport is not None
            server.transport.abort()
        if answer == "silence":
            await asyncio.Event().wait()
        return answer if answer[0].isdigit() else "250 nobody hears this"
