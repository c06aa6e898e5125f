"""TLS: whom it trusts, and StartTLS (RFC 4511, 4.14).

A certificate must have its server's name in subjectAltName; the common name is not a name of a server (RFC 9525, 2).
"""

from __future__ import annotations

import socket
import ssl
from time import monotonic

from feideprov.directory.ldap import ber
from feideprov.directory.ldap.responses import EXTENDED, read_header, read_response
from feideprov.directory.result_code import ResultCode

OLDEST = ssl.TLSVersion.TLSv1_2
"""The oldest version that Feide uses (docs.feide.no, reference/tls-requirements-ldap)."""
_START_TLS = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x16" + b"1.3.6.1.4.1.1466.20037"  # message 1
_LONGEST = 65_536


class StartTlsRefusedError(Exception):
    """The server refuses StartTLS, or answers with something else."""


class ClearTextError(Exception):
    """The server agreed to StartTLS, and sent more in clear text behind its response. What comes before the handshake
    may be anybody's, so nothing of it is read."""


def verified_context(ca_file: str | None) -> ssl.SSLContext:
    """TLS 1.2 or later with a verified certificate, by the authorities in a file or else those of the system.

    Raises OSError, of which SSLError is a kind, when the file cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = OLDEST
    context.hostname_checks_common_name = False
    if ca_file is None:
        context.load_default_certs()
    else:
        context.load_verify_locations(ca_file)
    return context


def start_tls(plain: socket.socket, seconds: float) -> None:
    """Let a server begin TLS on a connection; the handshake must follow.

    Raises StartTlsRefusedError, ClearTextError, and OSError when the connection breaks or the whole response does not
    come in this many seconds.
    """
    deadline = monotonic() + seconds
    plain.sendall(_START_TLS)
    received = bytearray()
    while not (end := ber.message_end(received, 0)) or len(received) < end:
        if end > _LONGEST or len(received) > _LONGEST:
            raise StartTlsRefusedError
        plain.settimeout(max(deadline - monotonic(), 0.001))
        octets = plain.recv(4096)
        if monotonic() > deadline:
            raise TimeoutError
        if not octets:
            raise ConnectionResetError("connection reset by peer")
        received += octets
    if not _agrees(bytes(received[:end])):
        raise StartTlsRefusedError
    if len(received) > end:
        raise ClearTextError
    plain.settimeout(seconds)


def _agrees(message: bytes) -> bool:
    try:
        number, kind, at = read_header(message)
        return (number, kind, read_response(message, at).code) == (1, EXTENDED, ResultCode.SUCCESS)
    except (IndexError, ValueError):
        return False
