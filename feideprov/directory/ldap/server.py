"""An LDAP server: where it is, how a connection to it is opened, and what its errors mean.

ldap3's own logs are never switched on: they hold passwords and numbers. Its errors are turned into DirectoryError
here, with server texts scrubbed, so that nobody above needs to know ldap3.
"""

from __future__ import annotations

import ipaddress
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # ldap3 2.9.1 imports names that pyasn1 renamed
    import ldap3
    from ldap3.core import exceptions as ldap3_errors
    from ldap3.core.results import RESULT_CODES

from feideprov.errors import ConfigurationError, DirectoryError, scrub
from feideprov.text import shown

_BY_WINDOWS_CODE = {
    "0000052D": "the password policy of the domain does not take the password",
    "0000001F": "passwords are taken over TLS alone",
    "000020B5": "an attribute names an entry that is not there (the organization, a school?)",
}
"""What Active Directory's answers begin with ([MS-ERREF] 2.2), where LDAP's own code says less."""
NOT_NOW = (51, 52)  # busy, unavailable: what else goes wrong with a bind is wrong in the configuration
REFERRAL = 10


@dataclass(frozen=True)
class LdapAddress:
    """Where a server is and how it is spoken to.

    `ldaps:` is TLS from the start, `ldap:` is StartTLS, `ldapi:` a socket on this machine. Certificates are always
    verified. `tls=False` is for loopback alone; anything else raises ConfigurationError.
    """

    url: str
    ca_file: str | None = None
    tls: bool = True
    connect_timeout: int = 10
    receive_timeout: int = 60  # whole seconds: ldap3 packs them into a socket option

    def __post_init__(self) -> None:
        if self.scheme not in ("ldap", "ldaps", "ldapi"):
            raise ConfigurationError(f"{scrub(self.url)} is no LDAP address: use ldaps://, ldap:// or ldapi://.")
        if self.scheme != "ldapi" and not (self.host and self._port_is_one):
            raise ConfigurationError(
                f"{scrub(self.url)} names no server, or a port that is none: write ldaps://server or ldaps://server:636."
            )
        if not self.tls and not self.is_local:
            raise ConfigurationError(
                f"tls = “off” sends passwords and numbers in clear text to {self.host}: it is for loopback only."
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
    def _port_is_one(self) -> bool:
        try:
            return urlsplit(self.url).port != 0
        except ValueError:
            return False

    @property
    def is_local(self) -> bool:
        """A socket or a loopback address."""
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

    def unreachable(self) -> DirectoryError:
        """What is said when nothing answers."""
        return DirectoryError(f"The directory {self.shown} does not answer. Is it running, and is the address right?")

    def broken_off(self, why: str) -> DirectoryError:
        """What is said when a connection ended before the work did."""
        return DirectoryError(
            f"The connection to {self.shown} broke off ({why}). What was done is in the journal: run again."
        )

    def says_nothing(self) -> DirectoryError:
        """What is said when a server does not answer the first question of all."""
        return DirectoryError(
            f"The directory {self.shown} says nothing of itself (rootDSE). It is busy, or does not let the bind "
            "account read that."
        )

    def no_start_tls(self) -> DirectoryError:
        """What is said when the server does not begin TLS where it was asked to."""
        return DirectoryError(
            f"{self.host} does not offer StartTLS. Use ldaps://, or give the server a certificate.", before_writing=True
        )

    def server(self) -> ldap3.Server:
        common: dict[str, Any] = {"get_info": ldap3.DSA, "connect_timeout": self.connect_timeout}
        if self.scheme == "ldapi":
            path = unquote(self.url.partition("://")[2])
            return ldap3.Server("ldapi://" + path, **common)
        tls = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=self.ca_file) if self.tls else None
        return ldap3.Server(self.host, port=self.port, use_ssl=self.scheme == "ldaps", tls=tls, **common)


def addresses(
    url: str, *, ca_file: str | None = None, tls: bool = True, receive_timeout: int = 60
) -> tuple[LdapAddress, ...]:
    """The servers of one cluster: several addresses are parted by spaces, as in OpenLDAP's URI.

    Raises ConfigurationError for one that cannot be used.
    """
    return tuple(
        LdapAddress(one, ca_file=ca_file, tls=tls, receive_timeout=receive_timeout) for one in url.split() or [url]
    )


def open_connection(address: LdapAddress, bind_dn: str | None, password: str | None) -> Any:
    """A connection that is open, over TLS where the address wants it, and not bound yet.

    Without `bind_dn` over ldapi it will bind as the operating system's user (SASL EXTERNAL). ldap3's exceptions pass.
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
            "sasl_credentials": "",  # the identity that the socket tells; a tuple is sent as it stands, and fails
        }
    elif bind_dn is not None:
        options |= {"authentication": ldap3.SIMPLE, "user": bind_dn, "password": password or ""}
    connection = ldap3.Connection(address.server(), **options)
    with warnings.catch_warnings():
        # ldap3 2.9.1 compares names of certificates by a function that Python deprecated; where warnings are
        # errors, it would take that for a server that does not answer
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            connection.open(read_server_info=False)
            if address.starts_tls and not connection.start_tls(read_server_info=False):
                raise address.no_start_tls()
        except BaseException:
            let_go(connection)
            raise
    return connection


def let_go(connection: Any) -> None:
    """Unbind and close. An unbind asks for no answer; a connection that has broken off is gone without it."""
    open_socket = connection.socket
    with suppress(ldap3_errors.LDAPException, OSError):
        connection.unbind()
    if open_socket is not None:  # ldap3 leaves it open where the unbind could not be sent
        with suppress(OSError):
            open_socket.close()


def server_error(code: int, said: str) -> DirectoryError:
    """A result as an error. The server's own words are scrubbed: OpenLDAP's `unique` overlay quotes numbers."""
    if code == 19 and "userPrincipalName" in said:  # Active Directory: another account logs in by that name
        code = 68
    name = RESULT_CODES.get(code, "a code that is not known")
    words = _BY_WINDOWS_CODE.get(said[:8]) or {
        REFERRAL: "another server takes this, and that is not followed. Set url to the server that takes writes",
        16: "the value to take away is no longer there",
        20: "the value is there already",
        50: "the bind account has no right to do that",
        51: "the server is busy",
        52: "the server is unavailable",
        53: "the server is not willing to do that (is it read-only?)",
        68: "there is an entry of that name already",
        122: "the entry is no longer as presumed",
    }.get(code, scrub(shown(said)) or name)  # 389's ends with a line break
    return DirectoryError(f"The directory answered {name} ({code}): {words}.", code=code)


def refused_bind(result: dict[str, Any], bind_dn: str | None) -> DirectoryError:
    """Why a bind was refused, and what to correct."""
    who = bind_dn or "the anonymous user"
    if result["result"] == 49:
        return DirectoryError(
            f"The directory refused the password of {scrub(who)}. Correct password_file (or password_env) or bind_dn.",
            code=49,
            before_writing=True,
        )
    return DirectoryError(
        f"Binding as {scrub(who)} failed. {server_error(result['result'], str(result.get('message') or ''))}",
        code=result["result"],
        before_writing=result["result"] not in NOT_NOW,
    )


class _HandshakeCutError(DirectoryError):
    """The server ended a handshake: because it is too old for it, or because it was just stopped. So it is tried
    again."""


def worth_another_try(error: Exception) -> bool:
    """Is this a server that does not answer right now? A certificate does not get better by itself."""
    if isinstance(error, _HandshakeCutError):
        return True
    return isinstance(error, DirectoryError) and error.exit_code != ConfigurationError.exit_code


@contextmanager
def ldap_errors(address: LdapAddress) -> Iterator[None]:
    """ldap3's exceptions as DirectoryError; their texts can hold what was sent, so only known causes are quoted."""
    try:
        yield
    except (ldap3_errors.LDAPException, OSError) as error:
        raise _translated(error, address) from None


def _no_tls(where: str) -> str:
    sentence = f"TLS with {where} could not be set up: the server may be older than TLS 1.2."
    return f"{sentence} Look closer with: feideprov doctor"


_CUT_OFF = ("eof occurred in violation of protocol", "connection reset by peer", "broken pipe")
"""OpenSSL's words, and the operating system's, for a connection that the other side ended."""


def _translated(error: Exception, address: LdapAddress) -> DirectoryError:
    text, where = str(error).lower(), address.shown
    if isinstance(error, ldap3_errors.LDAPCertificateError) or "certificate" in text:
        if "expired" in text:
            cause = "has expired: it must be renewed"
        elif "match" in text or "hostname" in text:
            cause = f"is not for {address.host}: use the name that it was made for"
        else:
            cause = "comes from an authority that is not trusted here: set ca_file to the authority's certificate"
        return DirectoryError(f"The certificate of {where} {cause}.", before_writing=True)
    if isinstance(error, ldap3_errors.LDAPInvalidCredentialsResult):
        return DirectoryError("The directory refused the password.", code=49, before_writing=True)
    if address.ca_file and (isinstance(error, FileNotFoundError) or "ca public key file" in text):
        return DirectoryError(f"The file {address.ca_file} (ca_file) cannot be read.", before_writing=True)
    if any(words in text for words in _CUT_OFF):
        return (
            _HandshakeCutError(_no_tls(where), before_writing=True) if address.is_encrypted else address.unreachable()
        )
    no_handshake = "ssl wrapping" in text and "protocol" in text  # in ldap3's words; OpenSSL's for a version
    if no_handshake or isinstance(error, ldap3_errors.LDAPStartTLSError | ldap3_errors.LDAPSSLConfigurationError):
        return DirectoryError(_no_tls(where), before_writing=True)
    if isinstance(error, ldap3_errors.LDAPSocketOpenError | ConnectionError | FileNotFoundError):
        return address.unreachable()
    return address.broken_off(type(error).__name__)
