"""What a server shows in TLS handshakes: the version, its certificate, and whether it still accepts old versions.

Python's `ssl` is used and not ldap3, because it gives a code for why a certificate is not trusted.
"""

from __future__ import annotations

import socket
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from pyasn1.codec.der import decoder
from pyasn1.type.useful import GeneralizedTime, UTCTime

from feideprov.directory.ldap.server import LdapAddress, ldap_errors
from feideprov.directory.ldap.tls import OLDEST, start_tls, verified_context
from feideprov.errors import ConfigurationError, scrub, scrub_path
from feideprov.messages import Sentence

_COMMON_NAME, _ORGANIZATION = "2.5.4.3", "2.5.4.10"


class Distrust(StrEnum):
    """Why a certificate is not trusted."""

    NOT_YET = "not yet valid"
    EXPIRED = "expired"
    OTHER_NAME = "for another name"
    UNKNOWN_AUTHORITY = "from an unknown authority"
    SELF_SIGNED = "self-signed"
    WEAK = "too weak"
    OTHER = "not trusted"


_DISTRUST = {  # OpenSSL's X509_V_ERR_… codes, which are stable; its texts are not
    9: Distrust.NOT_YET,
    10: Distrust.EXPIRED,
    18: Distrust.SELF_SIGNED,
    **dict.fromkeys((2, 19, 20, 21), Distrust.UNKNOWN_AUTHORITY),
    **dict.fromkeys((62, 64), Distrust.OTHER_NAME),
    **dict.fromkeys((66, 67, 68), Distrust.WEAK),
}


@dataclass(frozen=True)
class Certificate:
    """What a certificate says, whether it is trusted or not. Times are in UTC."""

    issuer: str
    not_before: datetime
    not_after: datetime

    @classmethod
    def parse(cls, der: bytes) -> Self:
        """A certificate (RFC 5280, 4.1). The issuer comes just before the validity, which is two times."""
        parts = _parts(decoder.decode(der)[0][0])
        place = next(i for i, part in enumerate(parts) if _is_validity(part))
        names = {str(ava[0]): str(ava[1]) for rdn in _parts(parts[place - 1]) for ava in _parts(rdn)}
        issuer = names.get(_COMMON_NAME) or names.get(_ORGANIZATION)
        return cls(
            scrub(issuer) if issuer else Sentence("a certificate authority without a name"),
            *(time.asDateTime for time in _parts(parts[place])),
        )


@dataclass(frozen=True)
class TlsProbe:
    """What a server showed.

    `version` is the negotiated version, None when the server does not support TLS 1.2 or later. `public`: an authority
    that this machine trusts has signed the certificate, not only one in `ca_file`; None when that is not known. `old`
    is the newest version before TLS 1.2 that the server still accepts; None when it accepts none, or when this
    machine's OpenSSL does not support them (`old_known` False).
    """

    version: str | None
    certificate: Certificate | None = None
    distrust: Distrust | None = None
    public: bool | None = None
    old: str | None = None
    old_known: bool = True


def probe_tls(address: LdapAddress) -> TlsProbe:
    """A few handshakes with a server, without a bind.

    Raises DirectoryError when the server does not respond or does not offer StartTLS, ConfigurationError when `ca_file`
    cannot be read.
    """
    old, old_known = _old_version(address)
    distrust = None
    try:
        with _handshake(address, _verified_context(address.ca_file)) as tls:
            version, der = tls.version(), tls.getpeercert(binary_form=True)
    except ssl.SSLCertVerificationError as error:
        distrust = _DISTRUST.get(error.verify_code, Distrust.OTHER)
        with _handshake(address, _unverified_context(OLDEST)) as tls:
            version, der = tls.version(), tls.getpeercert(binary_form=True)
    except ssl.SSLError:
        return TlsProbe(None, old=old, old_known=old_known)
    certificate = Certificate.parse(der) if der else None
    return TlsProbe(version, certificate, distrust, _is_public(address, distrust), old, old_known)


def _parts(value: Any) -> list[Any]:
    """The elements of a decoded SEQUENCE or SET; iterating over one gives its keys."""
    return [value[i] for i in range(len(value))]


def _is_validity(part: Any) -> bool:
    return hasattr(part, "__getitem__") and len(part) == 2 and isinstance(part[0], UTCTime | GeneralizedTime)


@contextmanager
def _handshake(address: LdapAddress, context: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    """A connection over TLS. Raises SSLError when the handshake fails, also when the server closes the connection."""
    with ldap_errors(address), _connected(address) as plain:
        try:
            tls = context.wrap_socket(plain, server_hostname=address.host)
        except ssl.SSLError as error:
            failed: ssl.SSLError = error
        except ConnectionError:
            failed = ssl.SSLError("the server closed the connection")
        except TimeoutError:
            raise address.unreachable() from None
        else:
            with tls:
                yield tls
            return
    raise failed from None


@contextmanager
def _connected(address: LdapAddress) -> Iterator[socket.socket]:
    try:
        plain = socket.create_connection((address.host, address.port), address.connect_timeout)
    except OSError:
        raise address.unreachable() from None
    with plain:
        if address.starts_tls:
            start_tls(plain, address.connect_timeout)
        yield plain


def _verified_context(ca_file: str | None) -> ssl.SSLContext:
    try:
        return verified_context(ca_file)
    except OSError:
        raise ConfigurationError(
            Sentence("The file {file} (ca_file) contains no certificates that can be read.", file=scrub_path(ca_file))
        ) from None


def _unverified_context(
    oldest: ssl.TLSVersion, newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED
) -> ssl.SSLContext:
    """For the handshake only: nothing is sent over such a connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # at its default level OpenSSL 3 refuses TLS 1.1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are what is tested
        context.minimum_version, context.maximum_version = oldest, newest
    return context


def _old_version(address: LdapAddress) -> tuple[str | None, bool]:
    if not ssl.HAS_TLSv1_1:
        return None, False
    try:
        with _handshake(address, _unverified_context(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)) as tls:
            return tls.version(), True
    except ssl.SSLError:
        return None, True


def _is_public(address: LdapAddress, distrust: Distrust | None) -> bool | None:
    if distrust is not None or address.ca_file is None:
        return distrust is None or None
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or (paths.capath and any(Path(paths.capath).iterdir()))):
        return None
    try:
        with _handshake(address, _verified_context(None)):
            return True
    except ssl.SSLError:
        return False
