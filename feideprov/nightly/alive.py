"""The sign of life in the end of a good night: a file whose time is set, or an address that is asked for.

Another program of the organization looks whether the sign is given each night: a run that never began can tell nobody.
The address is the organization's own: it must lead to this machine or to an address that is not reached from the
internet (RFC 1918, RFC 4193). Where it leads is found out once, and that is where the request goes.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from feideprov.errors import ConfigurationError, scrub_path
from feideprov.messages import NOTHING, Sentence, joined
from feideprov.services.outbox.connection import connection_failure, ends_within
from feideprov.services.outbox.templates import single_line
from feideprov.settings import Settings
from feideprov.system_errors import reason_of

_TIMEOUT: Final = 10.0
_PORTS: Final = {"http": 80, "https": 443}
_NOT_OURS: Final = Sentence(
    "[nightly] alive_url leads to an address on the internet. It must be on this machine or in the organization's own "
    "network. Correct the address."
)


class SignOfLife:
    """The sign of life of the settings. Raises ConfigurationError for an address that cannot be used."""

    def __init__(self, settings: Settings, *, timeout: float = _TIMEOUT) -> None:
        section = settings.nightly
        self._file = settings.path(section.alive_file) if section.alive_file is not None else None
        self._url = _address(section.alive_url) if section.alive_url else None
        self._timeout = timeout

    def give(self) -> Sentence:
        """Give it. Returns why it could not be given; nothing when it was, or when none is configured."""
        failures = [
            self._touched(self._file) if self._file else NOTHING,
            self._asked(self._url) if self._url else NOTHING,
        ]
        return joined(failures) if any(failures) else NOTHING

    def _touched(self, path: Path) -> Sentence:
        try:
            path.touch(mode=0o644)
        except OSError as error:
            return Sentence(
                "The file {path} ([nightly] alive_file) cannot be written: {reason}.",
                path=scrub_path(path),
                reason=reason_of(error),
            )
        return NOTHING

    def _asked(self, url: SplitResult) -> Sentence:
        host = url.hostname or ""
        server = Sentence("The address in [nightly] alive_url ({host})", host=single_line(host))
        try:
            place = _own_address(host, url.port or _PORTS[url.scheme])
            if place is None:
                return _NOT_OURS
            with self._connected(url, place) as opened, ends_within(self._timeout, lambda: opened):
                status = _status(url, opened)
        except (OSError, HTTPException, UnicodeError) as error:
            return connection_failure(server, error, self._timeout)
        if not 200 <= status < 300:
            return Sentence("{server} answered with status {status}.", server=server, status=status)
        return NOTHING

    def _connected(self, url: SplitResult, place: tuple[str, int]) -> socket.socket:
        """A connection to a place, encrypted if the address says so."""
        opened = socket.create_connection(place, self._timeout)
        if url.scheme == "http":
            return opened
        try:
            return ssl.create_default_context().wrap_socket(opened, server_hostname=url.hostname)
        except BaseException:
            opened.close()
            raise


def _status(url: SplitResult, opened: socket.socket) -> int:
    """The status of the answer. No redirect is followed."""
    connection = HTTPConnection(url.hostname or "")
    connection.sock = opened  # what is asked goes to the address that was looked at, whatever the name leads to now
    path = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection.request("GET", path, headers={"Host": url.netloc, "User-Agent": "feideprov"})
    return connection.getresponse().status


def _own_address(host: str, port: int) -> tuple[str, int] | None:
    """Where a host is; None when one of its addresses is on the internet. Raises OSError when it is not known."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    places = [str(place[0]) for *_, place in found]
    return (places[0], port) if places and all(map(_is_own, places)) else None


def _is_own(text: str) -> bool:
    """Whether an IP address is this machine's or of a network that is not reached from the internet."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped if mapped is not None else address
    return address.is_private and not (address.is_link_local or address.is_unspecified)


def _address(url: str) -> SplitResult:
    """The parts of the address. Raises ConfigurationError, which does not quote it: there may be a secret in it."""
    try:
        found = urlsplit(url)
        host, _ = found.hostname, found.port
    except ValueError:
        host = None
    if not host or found.scheme not in _PORTS or not all("!" <= letter <= "~" for letter in url):
        raise ConfigurationError(
            Sentence("[nightly] alive_url is not a web address. Write it in this form: http://HOST/PATH")
        )
    if found.username is not None:
        raise ConfigurationError(
            Sentence("[nightly] alive_url contains a user name or a password, which is not used. Delete it.")
        )
    with suppress(ValueError):
        ipaddress.ip_address(host)
        if not _is_own(host):
            raise ConfigurationError(_NOT_OURS)
    return found
