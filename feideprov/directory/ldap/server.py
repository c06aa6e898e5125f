"""An LDAP server: its address, how a connection to it is opened, and what its errors mean.

ldap3's own logs are never switched on: they contain passwords and numbers. Its errors become DirectoryError here, with
the server's texts scrubbed, so that no module above uses ldap3.
"""

from __future__ import annotations

import ipaddress
import ssl
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from typing import Any, Final
from urllib.parse import unquote, urlsplit

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # ldap3 2.9.1 imports names that pyasn1 renamed
    import ldap3
    from ldap3.core import exceptions as ldap3_errors
    from ldap3.core.results import RESULT_CODES

from feideprov.directory.ldap.tls import ClearTextError, StartTlsRefusedError, start_tls, verified_context
from feideprov.directory.refusals import reason_of
from feideprov.directory.result_code import ResultCode
from feideprov.errors import (
    ConfigurationError,
    DirectoryError,
    certificates_shown,
    scrub,
    scrub_address,
    without_secrets,
)
from feideprov.messages import Sentence
from feideprov.text import shown

_LONGEST_TEXT: Final = 300  # characters of a server's own text in a sentence


@dataclass(frozen=True)
class LdapAddress:
    """The address of a server, and how to connect to it.

    `ldaps:` is TLS from the start, `ldap:` is StartTLS, `ldapi:` a Unix socket on this machine. Certificates are always
    verified. Timeouts are in seconds. Raises ConfigurationError for an address that cannot be used, and for `tls=False`
    with anything but loopback.
    """

    url: str
    ca_file: str | None = None
    tls: bool = True
    connect_timeout: int = 10
    receive_timeout: float = 60

    def __post_init__(self) -> None:
        if self.scheme not in ("ldap", "ldaps", "ldapi"):
            raise ConfigurationError(
                Sentence(
                    "{url} is not an LDAP address. Use ldaps://, ldap:// or ldapi://.",
                    url=scrub_address(self.url) if "://" in self.url else Sentence("[directory] url"),
                )
            )
        if self.scheme != "ldapi" and not (self.host and self._has_valid_port):
            raise ConfigurationError(
                Sentence(
                    "{url} has no server name, or its port is not valid. Write ldaps://server or ldaps://server:636.",
                    url=scrub_address(f"{self.scheme}://{self.host}"),  # what stands behind a colon may be a password
                )
            )
        if not self.tls and not self.is_local:
            raise ConfigurationError(
                Sentence(
                    "With tls = “off”, passwords and numbers are sent to {host} in clear text. This is allowed only "
                    "for a loopback address.",
                    host=self.host,
                )
            )

    @property
    def scheme(self) -> str:
        return urlsplit(self.url).scheme.lower()

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or (636 if self.scheme == "ldaps" else 389)

    @property
    def _has_valid_port(self) -> bool:
        try:
            return urlsplit(self.url).port != 0
        except ValueError:
            return False

    @property
    def is_local(self) -> bool:
        """Is it a Unix socket or a loopback address?"""
        if self.scheme == "ldapi" or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def starts_tls(self) -> bool:
        return self.scheme == "ldap" and self.tls

    @property
    def is_encrypted(self) -> bool:
        return self.scheme == "ldaps" or self.starts_tls

    @property
    def shown(self) -> str:
        """The server as messages name it."""
        return f"{self.scheme}://{self.host}" if self.host else self.url

    @property
    def host_and_port(self) -> str:
        """The server as errors name it to programs."""
        return f"{self.host}:{self.port}" if self.host else self.url

    def unreachable(self) -> DirectoryError:
        """No connection could be made."""
        return DirectoryError(
            Sentence(
                "The directory {server} does not respond. Is it running, and is the address correct?", server=self.shown
            )
        )

    def connection_lost(self, reason: Sentence) -> DirectoryError:
        """The connection was lost before the work was finished."""
        return DirectoryError(
            Sentence(
                "The connection to {server} was lost ({reason}). Run the same command again. The journal shows "
                "what was already done, so it continues from there.",
                server=self.shown,
                reason=reason,
            )
        )

    def no_root_dse(self) -> DirectoryError:
        """The server did not return its rootDSE, which is read first."""
        return DirectoryError(
            Sentence(
                "The directory {server} does not return its rootDSE. The server is busy, or the bind account has "
                "no right to read the rootDSE.",
                server=self.shown,
            )
        )

    def no_start_tls(self) -> DirectoryError:
        """The server refused StartTLS."""
        return DirectoryError(
            Sentence(
                "{host} does not offer StartTLS. Use ldaps://, or install a certificate on the server.", host=self.host
            ),
            before_writing=True,
        )

    def sent_clear_text(self) -> DirectoryError:
        """Data in clear text came where TLS must begin."""
        return DirectoryError(
            Sentence(
                "{server} sent data in clear text after it had agreed to StartTLS, so the data may be from somebody "
                "else on the network. Nothing of it was used. Use ldaps://, and tell who operates the network.",
                server=self.shown,
            ),
            before_writing=True,
        )

    def ldap3_server(self) -> ldap3.Server:
        """The server as ldap3 is given it, which only connects to it."""
        if self.scheme == "ldapi":
            path = unquote(self.url.partition("://")[2])
            return ldap3.Server("ldapi://" + path, get_info=ldap3.NONE, connect_timeout=self.connect_timeout)
        return ldap3.Server(self.host, port=self.port, get_info=ldap3.NONE, connect_timeout=self.connect_timeout)


def addresses(
    url: str, *, ca_file: str | None = None, tls: bool = True, receive_timeout: float = 60
) -> tuple[LdapAddress, ...]:
    """The servers of one directory: several addresses are separated by spaces, as in OpenLDAP's URI.

    Raises ConfigurationError for an address that cannot be used.
    """
    return tuple(
        LdapAddress(one, ca_file=ca_file, tls=tls, receive_timeout=receive_timeout) for one in url.split() or [url]
    )


def open_connection(address: LdapAddress) -> Any:
    """An ldap3 connection that is open, over TLS unless the address says otherwise, and not bound.

    The exceptions of ldap3, of `tls` and of Python's `ssl` are not converted.
    """
    context = _context(address) if address.is_encrypted else None
    connection = ldap3.Connection(address.ldap3_server(), receive_timeout=ceil(address.receive_timeout))
    try:
        connection.open(read_server_info=False)
        connection.socket.settimeout(address.receive_timeout)
        if address.starts_tls:
            start_tls(connection.socket, address.receive_timeout)
        if context is not None:
            connection.socket = context.wrap_socket(connection.socket, server_hostname=address.host)
    except BaseException:
        close_connection(connection)
        raise
    return connection


def _context(address: LdapAddress) -> ssl.SSLContext:
    try:
        return verified_context(address.ca_file)
    except OSError:
        raise DirectoryError(
            Sentence(
                "The file {file} (ca_file) cannot be read. Check the path, and that it contains certificates.",
                file=certificates_shown(address.ca_file),
            ),
            before_writing=True,
        ) from None


def close_connection(connection: Any) -> None:
    """Unbind and close. An unbind has no response; a connection that was lost is closed without it."""
    open_socket = connection.socket
    with suppress(ldap3_errors.LDAPException, OSError):
        connection.unbind()
    if open_socket is not None:  # ldap3 leaves it open if the unbind could not be sent
        with suppress(OSError):
            open_socket.close()


def server_error(
    code: int, diagnostic: str, *, hashed: bool = False, secrets: Iterable[str | None] = ()
) -> DirectoryError:
    """A result code as an error. The server's own text is scrubbed: OpenLDAP's `unique` overlay quotes numbers.

    `hashed`: the request had a password that was hashed here. `secrets` are the passwords in the request, which the
    server may quote.
    """
    if code == ResultCode.CONSTRAINT_VIOLATION and "userPrincipalName" in diagnostic:
        code = ResultCode.ENTRY_ALREADY_EXISTS  # Active Directory: another account has that logon name
    name = RESULT_CODES.get(code, "unknown code")
    text = scrub(shown(without_secrets(diagnostic, *secrets), _LONGEST_TEXT))  # 389's end with a line break
    reason = reason_of(code, text, windows_code=diagnostic[:8], hashed=hashed) or name
    return DirectoryError(
        Sentence("The directory responded {name} ({code}): {reason}.", name=name, code=int(code), reason=reason),
        code=code,
    )


def run_again(error: DirectoryError) -> DirectoryError:
    """The error of a run that may have written something: exit code 3, and what to do."""
    return DirectoryError(
        Sentence(
            "{error} Run the same command again. The journal shows what was already done, so it continues from there.",
            error=error.sentence,
        ),
        code=error.code,
        server=error.server,
    )


class _HandshakeClosedError(DirectoryError):
    """The server closed the connection during the TLS handshake: it is too old for TLS 1.2, or was just stopped. So it
    is tried again."""


def is_temporary(error: Exception) -> bool:
    """May another attempt succeed? The set-up (a certificate, a password) does not change by itself."""
    if isinstance(error, _HandshakeClosedError):
        return True
    return isinstance(error, DirectoryError) and error.exit_code != ConfigurationError.exit_code


@contextmanager
def ldap_errors(address: LdapAddress) -> Iterator[None]:
    """What can go wrong while a connection is opened, as DirectoryError. The texts of exceptions can contain what was
    sent, so only known causes are named."""
    try:
        yield
    except (ldap3_errors.LDAPException, OSError, StartTlsRefusedError, ClearTextError) as error:
        raise _converted(error, address) from None


def _converted(error: Exception, address: LdapAddress) -> DirectoryError:
    match error:
        case ssl.SSLCertVerificationError():
            return DirectoryError(_certificate_problem(error.verify_code, address), before_writing=True)
        case StartTlsRefusedError():
            return address.no_start_tls()
        case ClearTextError():
            return address.sent_clear_text()
        case ssl.SSLEOFError() | ConnectionResetError() | BrokenPipeError() if address.is_encrypted:
            return _HandshakeClosedError(_no_tls(address), before_writing=True)
        case ssl.SSLError():
            return DirectoryError(_no_tls(address), before_writing=True)
        case ldap3_errors.LDAPSocketOpenError() | ConnectionError() | FileNotFoundError():
            return address.unreachable()
        case TimeoutError():
            return address.connection_lost(
                Sentence("no response in {seconds:g} seconds", seconds=address.receive_timeout)
            )
    return address.connection_lost(Sentence("{kind}", kind=type(error).__name__))


def _no_tls(address: LdapAddress) -> Sentence:
    return Sentence(
        "TLS with {server} could not be set up. Perhaps the server does not support TLS 1.2. For "
        "details, run: feideprov doctor",
        server=address.shown,
    )


_EXPIRED: Final = 10
_OTHER_NAMES: Final = (62, 64)
"""OpenSSL's X509_V_ERR_… codes, which are stable; its texts are not."""


def _certificate_problem(code: int, address: LdapAddress) -> Sentence:
    if code == _EXPIRED:
        return Sentence(
            "The certificate of {server} has expired. Renew the certificate on the server.", server=address.shown
        )
    if code in _OTHER_NAMES:
        return Sentence(
            "The certificate of {server} is not for the name {host}. In url, use a name "
            "that is in the certificate (subjectAltName).",
            server=address.shown,
            host=address.host,
        )
    return Sentence(
        "The certificate of {server} comes from a certificate authority that is not trusted here. Set "
        "ca_file to the certificate of that authority.",
        server=address.shown,
    )
