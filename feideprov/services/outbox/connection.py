"""What mail and webhook share when they connect: trusted certificates, and why a connection failed."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException

from feideprov.errors import ConfigurationError, certificates_shown
from feideprov.messages import Sentence
from feideprov.services.outbox.templates import single_line
from feideprov.settings import Settings, SmtpSection, WebhookSection
from feideprov.system_errors import reason_of


def tls_context(settings: Settings, section: SmtpSection | WebhookSection, name: str) -> ssl.SSLContext:
    """TLS 1.2 or later with a verified certificate, by `ca_file` of the section or else by what the system trusts.

    `name` is the section's name, for messages. Raises ConfigurationError when the file cannot be used.
    """
    file = section.ca_file
    try:
        context = ssl.create_default_context(cafile=str(settings.path(file)) if file else None)
    except (OSError, ssl.SSLError):
        raise ConfigurationError(
            Sentence(
                "The file {file} ([{section}] ca_file) cannot be read, or contains no certificates. Check the path.",
                file=certificates_shown(file),
                section=name,
            )
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False  # the name of a server stands in subjectAltName (RFC 9525, 2)
    return context


@contextmanager
def ends_within(seconds: float, connected: Callable[[], socket.socket | None]) -> Iterator[None]:
    """A conversation that ends after this many seconds, however slowly the other side goes on: the timeout of a socket
    is for each read. `connected` gives the socket. Raises TimeoutError."""
    ended = threading.Event()

    def end() -> None:
        ended.set()
        if (open_socket := connected()) is not None:
            with suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException):  # of smtplib and http.client, when the connection is closed under them
        if ended.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


CONVERSATION = 5
"""How many times the timeout of one read a conversation may take: a login, or the sending of one message."""


def is_this_machine(host: str) -> bool:
    """Whether what is sent to this host stays on this machine."""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def connection_failure(server: Sentence, error: Exception, timeout: float) -> Sentence:
    """Why a connection failed. `server` begins the sentence; `timeout` is in seconds."""
    if isinstance(error, TimeoutError):
        return Sentence("{server} did not respond within {seconds:g} s.", server=server, seconds=timeout)
    if isinstance(error, socket.gaierror):
        return Sentence("{server} cannot be found: the host name is unknown.", server=server)
    if isinstance(error, ConnectionRefusedError):
        return Sentence("{server} refused the connection.", server=server)
    if isinstance(error, ssl.SSLError):
        return Sentence("{server} could not start an encrypted connection (TLS).", server=server)
    if isinstance(error, OSError) and not isinstance(error, ConnectionError) and error.strerror:
        known = reason_of(error)
        reason = known if isinstance(known, Sentence) else single_line(known)
        return Sentence("{server} cannot be reached ({reason}).", server=server, reason=reason)
    return Sentence("{server} closed the connection.", server=server)
