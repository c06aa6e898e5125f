"""Connections that end before they are open, as a real socket ends them."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from feideprov import DirectoryError
from feideprov.directory.ldap.server import LdapAddress, is_temporary, ldap_errors, open_connection


@contextmanager
def listener(*, reset: bool) -> Iterator[int]:
    """A port at which every connection is ended as soon as something is said: with a reset, or in order."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def serve() -> None:
            connection, _ = server.accept()
            connection.recv(1024)
            if reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("scheme", ["ldaps", "ldap"])
def test_a_connection_that_is_cut_in_a_handshake_is_temporary(scheme: str, reset: bool) -> None:
    with listener(reset=reset) as port:
        address = LdapAddress(f"{scheme}://localhost:{port}")
        with pytest.raises(DirectoryError) as told, ldap_errors(address):
            open_connection(address)
    assert is_temporary(told.value)
