"""The servers of one directory, and the connection to one of them: opened when needed, and again when it was lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import stamina

from feideprov.directory.ldap.server import (
    LdapAddress,
    bind_refused,
    close_connection,
    is_temporary,
    ldap_errors,
    open_connection,
    run_again,
)
from feideprov.directory.ldap.transport import SocketStream, Transport
from feideprov.errors import DirectoryError
from feideprov.messages import Sentence
from feideprov.programs.forks import tell_after_fork

_FIRST_ATTEMPTS = 3


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
        self._root_dse: Any = None
        tell_after_fork(self)

    def transport(self) -> Transport:
        """The connection, opened if there is none. Raises DirectoryError when that fails: the first time after a few
        attempts, later after as many as `patience` allows."""
        if self._transport is None:
            self._transport = self._open(attempts=_FIRST_ATTEMPTS, timeout=20, wait_initial=0.2, wait_max=2.0)
        elif self._transport.lost_because is not None:
            self._transport = None  # a caller that tries again after this failed does not wait as long again
            try:
                self._transport = self._open(attempts=None, timeout=self.patience, wait_initial=0.2, wait_max=5.0)
            except DirectoryError as error:  # exit code 3, whatever it is: something may have been written before
                raise run_again(error) from None
        return self._transport

    @property
    def root_dse(self) -> Any:
        """The server's rootDSE (RFC 4512, 5.1), as ldap3 has read it."""
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
            errors.clear()  # an error that its own frame refers to would keep ldap3's sockets in memory, too

    def _open_one(self, server: LdapAddress) -> Transport:
        with ldap_errors(server):
            connection = open_connection(server, self._bind_dn, self._password)
            try:
                bound = connection.bind()
            except BaseException:
                close_connection(connection)
                raise
        if not bound:
            close_connection(connection)
            raise bind_refused(connection.result, self._bind_dn)
        self._root_dse = connection.server.info
        if self._root_dse is None:  # ldap3 does not say why
            close_connection(connection)
            raise server.no_root_dse()
        return Transport(SocketStream(connection, timeout=server.receive_timeout))
