"""The servers of one directory, and the connection to one of them: opened when needed, and again when it was lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stamina

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.ldap import requests
from feideprov.directory.ldap.responses import Response, read_entry
from feideprov.directory.ldap.server import (
    LdapAddress,
    is_temporary,
    ldap_errors,
    open_connection,
    run_again,
    server_error,
)
from feideprov.directory.ldap.transport import Exchange, SocketStream, Transport
from feideprov.directory.result_code import TEMPORARY, ResultCode
from feideprov.errors import ConfigurationError, DirectoryError, scrub
from feideprov.messages import Sentence
from feideprov.programs.forks import tell_after_fork

_FIRST_ATTEMPTS = 3
_OF_ROOT = (
    *("namingContexts", "supportedControl", "supportedFeatures", "supportedCapabilities"),
    *("vendorName", "subschemaSubentry"),
)
"""What is read of the rootDSE."""


def open_and_bind(
    address: LdapAddress, bind_dn: str | None, password: str | None, controls: bytes = b""
) -> tuple[Transport, Response]:
    """A new connection, and the response to its bind: with the password; anonymously if `bind_dn` is empty or None, but
    with None over ldapi as the operating system's user (SASL EXTERNAL).

    Raises DirectoryError when there is no response, and ConfigurationError when there is no password: servers take a
    bind without one for an anonymous one (RFC 4513, 5.1.2).
    """
    if bind_dn and not password:
        raise ConfigurationError(
            Sentence("There is no password for bind_dn. Set password_file or password_env in [directory].")
        )
    with ldap_errors(address):
        connection = open_connection(address)
    transport = Transport(SocketStream(connection), address.receive_timeout)
    external = bind_dn is None and address.scheme == "ldapi"
    request = requests.bind_external() if external else requests.bind(bind_dn or "", password or "", controls)
    return transport, finished(address, transport, transport.submit(request)).response or Response(0)


def finished(address: LdapAddress, transport: Transport, exchange: Exchange) -> Exchange:
    """The exchange when it has its response. Raises DirectoryError when the connection is lost before."""
    if transport.wait_for(exchange).response is None:
        raise address.connection_lost(transport.lost_because or Sentence("it was closed"))
    return exchange


def bind_refused(response: Response, bind_dn: str | None, password: str | None) -> DirectoryError:
    """Why a bind was refused, and what to correct."""
    code, user = response.code, scrub(bind_dn) if bind_dn else Sentence("the anonymous user")
    if code == ResultCode.INVALID_CREDENTIALS:
        return DirectoryError(
            Sentence(
                "The directory refused the password of {user}. Correct the password (password_file or "
                "password_env) or bind_dn.",
                user=user,
            ),
            code=code,
            before_writing=True,
        )
    reason = server_error(code, response.diagnostic, secrets=(password,)).sentence
    return DirectoryError(
        Sentence("Binding as {user} failed. {reason}", user=user, reason=reason),
        code=code,
        before_writing=code not in TEMPORARY,
    )


class ServerConnection:
    """A connection to one of several servers that hold the same entries. They are tried in turn, beginning with the one
    that was used last: what it took may not have been replicated to the others yet.

    `patience`: for how many seconds a server may be away, or busy, after the first connection was made.
    """

    def __init__(
        self,
        servers: tuple[LdapAddress, ...],
        bind_dn: str | None,
        password: str | None,
        *,
        patience: float = 30.0,
    ) -> None:
        self.server = servers[0]
        self.patience = patience
        self._servers = servers
        self._bind_dn = bind_dn
        self._password = password
        self._transport: Transport | None = None
        self._was_open = False
        self._root_dse = Entry(DN(()), {})
        tell_after_fork(self)

    def transport(self) -> Transport:
        """The connection, opened if there is none. Raises DirectoryError when that fails: the first time after a few
        attempts, later after as many as `patience` allows."""
        before, self._transport = self._transport, None
        if before is not None and before.lost_because is None:
            self._transport = before
        elif before is not None:  # a caller that tries again after this failed does not wait as long again
            self._transport = self._open_again(attempts=None, timeout=self.patience, wait_initial=0.2, wait_max=5.0)
        else:
            opening = self._open_again if self._was_open else self._open
            self._transport = opening(attempts=_FIRST_ATTEMPTS, timeout=20, wait_initial=0.2, wait_max=2.0)
        self._was_open = True
        return self._transport

    @property
    def root_dse(self) -> Entry:
        """The server's rootDSE (RFC 4512, 5.1): what this program needs of it."""
        self.transport()
        return self._root_dse

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def lost(self, transport: Transport) -> DirectoryError:
        """The error when a response is lost with its connection."""
        return self.server.connection_lost(transport.lost_because or Sentence("it was closed"))

    def _open_again(self, **retries: Any) -> Transport:
        try:
            return self._open(**retries)
        except DirectoryError as error:  # exit code 3, whatever it is: something may have been written before
            raise run_again(error) from None

    @contextmanager
    def naming_server(self) -> Iterator[None]:
        """A block whose errors have the host and port of the server."""
        try:
            yield
        except DirectoryError as error:
            error.server = error.server or self.server.host_and_port
            raise

    def after_fork(self) -> None:
        """Leave the connection to the parent: nothing is sent over it from here, not even an unbind."""
        self._transport = None

    def _open(self, **retries: Any) -> Transport:
        for attempt in stamina.retry_context(on=is_temporary, **retries):
            with attempt:
                return self._open_any()
        raise AssertionError  # the last attempt raises what it failed with

    def _open_any(self) -> Transport:
        at = self._servers.index(self.server)
        errors: list[DirectoryError] = []
        for server in (*self._servers[at:], *self._servers[:at]):
            try:
                transport = self._open_one(server)
            except DirectoryError as error:
                error.server = error.server or server.host_and_port
                errors.append(error)
            else:
                self.server = server
                return transport
        try:  # an error after which another attempt may succeed is preferred
            raise next((error for error in errors if is_temporary(error)), errors[0])
        finally:
            errors.clear()  # an error that its own frame refers to would keep the sockets in memory, too

    def _open_one(self, server: LdapAddress) -> Transport:
        transport, response = open_and_bind(server, self._bind_dn, self._password)
        try:
            if response.code != ResultCode.SUCCESS:
                raise bind_refused(response, self._bind_dn, self._password)
            search = requests.search("", requests.BASE, requests.present("objectClass"), _OF_ROOT)
            exchange = finished(server, transport, transport.submit(search))
            if not exchange.entries:  # the code does not tell why
                raise server.no_root_dse()
            self._root_dse = Entry.received(DN(()), read_entry(*exchange.entries[0])[1])
        except BaseException:
            transport.close()
            raise
        return transport
