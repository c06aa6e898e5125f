"""TLS as ldap3 makes it, without what ldap3 2.9.1 leaves open."""

from __future__ import annotations

import warnings
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # ldap3 2.9.1 imports names that pyasn1 renamed
    import ldap3
    from ldap3.core.tls import check_hostname


class Tls(ldap3.Tls):
    """Closes the socket of a connection that fails: ldap3 loses it when the certificate is for another host."""

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        super().wrap_socket(connection, do_handshake=False)
        try:
            if do_handshake:
                connection.socket.do_handshake()
                check_hostname(connection.socket, connection.server.host, self.valid_names)
        except BaseException:
            connection.socket.close()
            raise
