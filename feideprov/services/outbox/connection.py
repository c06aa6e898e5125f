"""What mail and webhook have in common when they connect: whom they trust, and why they did not get through."""

from __future__ import annotations

import ipaddress
import socket
import ssl

from feideprov.errors import ConfigurationError, scrub_path
from feideprov.services.outbox.templates import single_line
from feideprov.settings import Settings, SmtpSection, WebhookSection


def trust(settings: Settings, section: SmtpSection | WebhookSection, name: str) -> ssl.SSLContext:
    """TLS 1.2 or later, with a certificate that is verified: by `ca_file` of the section, or else by what the system
    trusts. Raises ConfigurationError when that file cannot be used."""
    file = section.ca_file
    try:
        context = ssl.create_default_context(cafile=str(settings.path(file)) if file else None)
    except (OSError, ssl.SSLError):
        raise ConfigurationError(
            f"The file {scrub_path(file)} ([{name}] ca_file) cannot be read as certificates."
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def is_this_machine(host: str) -> bool:
    """Does what is sent there stay on this machine?"""
    try:
        return host.lower() == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def why(error: Exception, timeout: float) -> str:
    """Why a connection was of no use, in words that follow on the server's name."""
    if isinstance(error, TimeoutError):
        return f"did not answer within {timeout:g} s"
    if isinstance(error, socket.gaierror):
        return "is not found by that name"
    if isinstance(error, ConnectionRefusedError):
        return "takes no connection"
    if isinstance(error, ssl.SSLError):
        return "does not speak TLS as we do"
    if isinstance(error, OSError) and not isinstance(error, ConnectionError) and error.strerror:
        return f"cannot be reached ({single_line(error.strerror)})"
    return "broke the connection off"
