"""The servers of one directory, and the one connection to one of them: opened when needed, and again when it broke."""

from __future__ import annotations

from typing import Any

import stamina

from feideprov.directory.ldap.server import (
    LdapAddress,
    ldap_errors,
    let_go,
    open_connection,
    refused_bind,
    worth_another_try,
)
from feideprov.directory.ldap.transport import Transport, line_over
from feideprov.errors import DirectoryError

_FIRST_TRIES = 3


class ServerConnection:
    """Servers that hold the same entries. They are tried in turn, beginning with the one that was spoken to last: what
    it took may not have come to the others yet.

    `pipelined=False`: one request at a time, through ldap3. `patience`: for how many seconds a server may be away, or
    busy, once it has been spoken to.
    """

    def __init__(
        self,
        servers: tuple[LdapAddress, ...],
        bind_dn: str | None,
        password: str | None,
        *,
        pipelined: bool = True,
        patience: float = 30.0,
    ) -> None:
        self.server = servers[0]
        self.patience = patience
        self._servers = servers
        self._bind_dn = bind_dn
        self._password = password
        self._pipelined = pipelined
        self._wire: Transport | None = None
        self._root: Any = None

    def wire(self) -> Transport:
        """The connection. Raises DirectoryError where none can be made: the first one after a few tries, another one in
        the midst of work after as many as the seconds of `patience` allow."""
        if self._wire is None:
            self._wire = self._opened(attempts=_FIRST_TRIES, timeout=20, wait_initial=0.2, wait_max=2.0)
        elif self._wire.broken is not None:
            self._wire = None  # who asks once more after this was in vain does not wait as long again
            try:
                self._wire = self._opened(attempts=None, timeout=self.patience, wait_initial=0.2, wait_max=5.0)
            except DirectoryError as error:  # whatever it is, something may have been written before
                raise DirectoryError(f"{error} What was done is in the journal: run again.", code=error.code) from None
        return self._wire

    @property
    def root(self) -> Any:
        """What the server says of itself (rootDSE), as ldap3 has read it."""
        self.wire()
        return self._root

    def close(self) -> None:
        """Let go of the connection."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def lost(self, wire: Transport) -> DirectoryError:
        """The error when an answer is lost with its connection."""
        return self.server.broken_off(wire.broken or "it was closed")

    def _opened(self, **tries: Any) -> Transport:
        for attempt in stamina.retry_context(on=worth_another_try, **tries):
            with attempt:
                return self._in_turn()
        raise AssertionError  # the last attempt raises what it failed with

    def _in_turn(self) -> Transport:
        at = self._servers.index(self.server)
        failed: list[DirectoryError] = []
        for server in (*self._servers[at:], *self._servers[:at]):
            try:
                wire = self._bound(server)
            except DirectoryError as error:
                failed.append(error)
            else:
                self.server = server
                return wire
        try:  # what another try may heal comes before what it does not
            raise next((error for error in failed if worth_another_try(error)), failed[0])
        finally:
            failed.clear()  # an error that is kept in its own frame keeps what ldap3 leaves open, too

    def _bound(self, server: LdapAddress) -> Transport:
        with ldap_errors(server):
            connection = open_connection(server, self._bind_dn, self._password)
            try:
                bound = connection.bind()
            except BaseException:
                let_go(connection)
                raise
        if not bound:
            let_go(connection)
            raise refused_bind(connection.result, self._bind_dn)
        self._root = connection.server.info
        if self._root is None:  # ldap3 does not say why
            let_go(connection)
            raise server.says_nothing()
        return Transport(line_over(connection, timeout=server.receive_timeout, pipelined=self._pipelined))
