"""An LDAP server: its address, how a connection to it is opened, and what its errors mean.

ldap3's own logs are never switched on: they contain passwords and numbers. Its errors become DirectoryError here, with
the server's texts scrubbed, so that no module above uses ldap3.
"""

from __future__ import annotations

import ipaddress
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # ldap3 2.9.1 imports names that pyasn1 renamed
    import ldap3
    from ldap3.core import exceptions as ldap3_errors
    from ldap3.core.results import RESULT_CODES

from feideprov.directory.ldap.tls import Tls
from feideprov.directory.refusals import reason_of
from feideprov.directory.result_code import TEMPORARY, ResultCode
from feideprov.errors import ConfigurationError, DirectoryError, scrub, scrub_path
from feideprov.messages import Sentence
from feideprov.text import shown


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
    receive_timeout: int = 60  # whole seconds: ldap3 packs them into a socket option

    def __post_init__(self) -> None:
        if self.scheme not in ("ldap", "ldaps", "ldapi"):
            raise ConfigurationError(
                Sentence("{url} is not an LDAP address. Use ldaps://, ldap:// or ldapi://.", url=scrub(self.url))
            )
        if self.scheme != "ldapi" and not (self.host and self._has_valid_port):
            raise ConfigurationError(
                Sentence(
                    "{url} has no server name, or its port is not valid. Write ldaps://server or ldaps://server:636.",
                    url=scrub(self.url),
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

    def ldap3_server(self) -> ldap3.Server:
        """The server as ldap3 is given it."""
        common: dict[str, Any] = {"get_info": ldap3.DSA, "connect_timeout": self.connect_timeout}
        if self.scheme == "ldapi":
            path = unquote(self.url.partition("://")[2])
            return ldap3.Server("ldapi://" + path, **common)
        tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=self.ca_file) if self.tls else None
        return ldap3.Server(self.host, port=self.port, use_ssl=self.scheme == "ldaps", tls=tls, **common)


def addresses(
    url: str, *, ca_file: str | None = None, tls: bool = True, receive_timeout: int = 60
) -> tuple[LdapAddress, ...]:
    """The servers of one directory: several addresses are separated by spaces, as in OpenLDAP's URI.

    Raises ConfigurationError for an address that cannot be used.
    """
    return tuple(
        LdapAddress(one, ca_file=ca_file, tls=tls, receive_timeout=receive_timeout) for one in url.split() or [url]
    )


def open_connection(address: LdapAddress, bind_dn: str | None, password: str | None) -> Any:
    """An ldap3 connection that is open, over TLS unless the address says otherwise, and not bound yet.

    It will bind with the password; anonymously if `bind_dn` is empty or None, but with None over ldapi as the operating
    system's user (SASL EXTERNAL). ldap3's exceptions are not converted.
    """
    options: dict[str, Any] = {
        "raise_exceptions": False,
        "auto_referrals": False,
        "check_names": False,
        "receive_timeout": address.receive_timeout,
    }
    if bind_dn is None and address.scheme == "ldapi":
        options |= {
            "authentication": ldap3.SASL,
            "sasl_mechanism": ldap3.EXTERNAL,
            "sasl_credentials": "",  # the identity of the socket; ldap3 would send a tuple unchanged, which fails
        }
    elif bind_dn:
        options |= {"authentication": ldap3.SIMPLE, "user": bind_dn, "password": password or ""}
    connection = ldap3.Connection(address.ldap3_server(), **options)
    with warnings.catch_warnings():
        # ldap3 2.9.1 compares names of certificates by a function that Python deprecated; if warnings are errors,
        # it treats that as a server that does not respond
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            connection.open(read_server_info=False)
            if address.starts_tls and not connection.start_tls(read_server_info=False):
                raise address.no_start_tls()
        except BaseException:
            close_connection(connection)
            raise
    return connection


def close_connection(connection: Any) -> None:
    """Unbind and close. An unbind has no response; a connection that was lost is closed without it."""
    open_socket = connection.socket
    with suppress(ldap3_errors.LDAPException, OSError):
        connection.unbind()
    if open_socket is not None:  # ldap3 leaves it open if the unbind could not be sent
        with suppress(OSError):
            open_socket.close()


def server_error(code: int, diagnostic: str, *, hashed: bool = False) -> DirectoryError:
    """A result code as an error. The server's own text is scrubbed: OpenLDAP's `unique` overlay quotes numbers.

    `hashed`: the request had a password that was hashed here.
    """
    if code == ResultCode.CONSTRAINT_VIOLATION and "userPrincipalName" in diagnostic:
        code = ResultCode.ENTRY_ALREADY_EXISTS  # Active Directory: another account has that logon name
    name = RESULT_CODES.get(code, "unknown code")
    text = scrub(shown(diagnostic))  # 389's end with a line break
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


def bind_refused(result: dict[str, Any], bind_dn: str | None) -> DirectoryError:
    """Why a bind was refused, and what to correct."""
    code, user = result["result"], scrub(bind_dn) if bind_dn else Sentence("the anonymous user")
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
    reason = server_error(code, str(result.get("message") or "")).sentence
    return DirectoryError(
        Sentence("Binding as {user} failed. {reason}", user=user, reason=reason),
        code=code,
        before_writing=code not in TEMPORARY,
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
    """ldap3's exceptions as DirectoryError; their texts can contain what was sent, so only known causes are named."""
    try:
        yield
    except (ldap3_errors.LDAPException, OSError) as error:
        raise _converted(error, address) from None


_CLOSED_BY_SERVER: Final = ("eof occurred in violation of protocol", "connection reset by peer", "broken pipe")
"""OpenSSL's texts, and the operating system's, for a connection that the other side closed."""


def _converted(error: Exception, address: LdapAddress) -> DirectoryError:
    text = str(error).lower()
    if isinstance(error, ldap3_errors.LDAPCertificateError) or "certificate" in text:
        return DirectoryError(_certificate_problem(text, address), before_writing=True)
    if isinstance(error, ldap3_errors.LDAPInvalidCredentialsResult):
        return DirectoryError(
            Sentence("The directory refused the password."), code=ResultCode.INVALID_CREDENTIALS, before_writing=True
        )
    if address.ca_file and (isinstance(error, FileNotFoundError) or "ca public key file" in text):
        return DirectoryError(
            Sentence(
                "The file {file} (ca_file) cannot be read. Check the path, and that it contains certificates.",
                file=scrub_path(address.ca_file),
            ),
            before_writing=True,
        )
    no_tls = Sentence(
        "TLS with {server} could not be set up. Perhaps the server does not support TLS 1.2. For "
        "details, run: feideprov doctor",
        server=address.shown,
    )
    if any(words in text for words in _CLOSED_BY_SERVER):
        return _HandshakeClosedError(no_tls, before_writing=True) if address.is_encrypted else address.unreachable()
    wrong_version = "ssl wrapping" in text and "protocol" in text  # ldap3's words with OpenSSL's
    if wrong_version or isinstance(error, ldap3_errors.LDAPStartTLSError | ldap3_errors.LDAPSSLConfigurationError):
        return DirectoryError(no_tls, before_writing=True)
    if isinstance(error, ldap3_errors.LDAPSocketOpenError | ConnectionError | FileNotFoundError):
        return address.unreachable()
    return address.connection_lost(Sentence("{kind}", kind=type(error).__name__))


def _certificate_problem(text: str, address: LdapAddress) -> Sentence:
    if "expired" in text:
        return Sentence(
            "The certificate of {server} has expired. Renew the certificate on the server.", server=address.shown
        )
    if "match" in text or "hostname" in text:
        return Sentence(
            "The certificate of {server} is not for the name {host}. In url, use a name that is in the certificate.",
            server=address.shown,
            host=address.host,
        )
    return Sentence(
        "The certificate of {server} comes from a certificate authority that is not trusted here. Set "
        "ca_file to the certificate of that authority.",
        server=address.shown,
    )
