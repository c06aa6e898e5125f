"""The way to the server: does it answer, and are TLS and the certificate as Feide requires?

Feide comes over LDAPS with TLS 1.2, and wants a certificate of a public authority (docs.feide.no,
reference/tls-requirements-ldap).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from feideprov.check.examination import Check, error, good, note, noted, skipped, unknown, warning, wrong
from feideprov.check.finding import Finding
from feideprov.directory.ldap.server import LdapAddress
from feideprov.directory.ldap.tls_probe import Certificate, Distrust, TlsProbe, probe_tls

CONNECTION, VERSION, OLD = "connection", "TLS version", "old TLS versions"
CERTIFICATE, AUTHORITY = "certificate", "public authority"
_RENEW_WITHIN = 30  # days

_DISTRUSTED = {
    Distrust.EXPIRED: (
        "D-CERT-EXPIRED",
        "expired on {until:%Y-%m-%d}: neither Feide nor this program connects",
        "Renew it, and restart the server.",
    ),
    Distrust.NOT_YET: (
        "D-CERT-NOT-YET",
        "is valid from {since:%Y-%m-%d} on: neither Feide nor this program connects",
        "Set the clock of this machine right, or get a certificate that is valid now.",
    ),
    Distrust.OTHER_NAME: (
        "D-CERT-NAME",
        "is not for {host}",
        "Use the name that it was made for in url, or get one for {host}.",
    ),
    Distrust.SELF_SIGNED: (
        "D-CERT-UNTRUSTED",
        "is signed by itself, and Feide requires one of a public authority",
        "Get a certificate of a public authority. To go on without Feide, set ca_file to this one.",
    ),
    Distrust.UNKNOWN_AUTHORITY: (
        "D-CERT-UNTRUSTED",
        "comes from “{issuer}”, which is not trusted here",
        "Set ca_file to the authority's certificate, or let the server send the intermediate certificates as well.",
    ),
    Distrust.WEAK: (
        "D-CERT-WEAK",
        "has too short a key, or a signature that is too weak",
        "Get a new one: RSA of at least 2048 bits or a P-256 key, signed with SHA-256.",
    ),
    Distrust.OTHER: (
        "D-CERT-UNTRUSTED",
        "is not trusted here",
        "Look at it with: openssl s_client -connect {host}:{port}",
    ),
}


def checks(address: LdapAddress, now: datetime) -> Iterator[Check]:
    """The looks at one server, from the first packet to the certificate. Raises DirectoryError when nothing answers."""
    if address.scheme == "ldapi" or not address.tls:
        yield noted(CONNECTION, _not_ldaps(address))
        yield skipped(VERSION, f"There is no TLS on {address.shown}.")
        return
    yield from checks_of_probe(probe_tls(address), address, now)


def checks_of_probe(look: TlsProbe, address: LdapAddress, now: datetime) -> Iterator[Check]:
    """What was seen of a server, held to Feide's requirements."""
    if address.starts_tls:
        yield noted(CONNECTION, _not_ldaps(address))
    else:
        yield good(CONNECTION, f"{address.shown} answers.")
    yield _version(look, address)
    if look.version is None:
        return
    yield _old_versions(look)
    if look.certificate is not None:
        yield from _certificate(look, look.certificate, address, now)


def _not_ldaps(address: LdapAddress) -> Finding:
    how = "StartTLS" if address.starts_tls else "no TLS"
    return note(
        "D-NOT-LDAPS",
        f"This program uses {how} on {address.shown}; Feide comes over LDAPS, which was not looked at.",
        "Run the doctor with the ldaps:// address that Feide uses, too.",
    )


def _version(look: TlsProbe, address: LdapAddress) -> Check:
    if look.version is not None:
        return good(VERSION, f"{_in_words(look.version)} was agreed on; Feide requires TLS 1.2.")
    if look.old is not None:
        finding = error(
            "D-TLS-OLD",
            f"{address.shown} speaks only {_in_words(look.old)} or older; Feide requires TLS 1.2.",
            "Update the server's TLS library, or let its configuration allow TLS 1.2.",
        )
    else:
        finding = error(
            "D-TLS-NONE",
            f"TLS could not be begun on {address.shown}.",
            "Give the server a certificate and its key, and see that url has the port for TLS (636).",
        )
    return wrong(VERSION, finding, 2)


def _old_versions(look: TlsProbe) -> Check:
    if not look.old_known:
        return unknown(OLD, "Whether TLS 1.1 is still accepted is not known: this machine's OpenSSL does not speak it.")
    if look.old is None:
        return good(OLD, "Nothing older than TLS 1.2 is accepted.")
    finding = warning(
        "D-TLS-WEAK",
        f"The server still accepts {_in_words(look.old)}, which is no longer safe (RFC 8996).",
        "Switch off what is older than TLS 1.2: docs/doctor.md says how.",
    )
    return wrong(OLD, finding)


def _certificate(look: TlsProbe, certificate: Certificate, address: LdapAddress, now: datetime) -> Iterator[Check]:
    if look.distrust is not None:
        code, sentence, action = _DISTRUSTED[look.distrust]
        words = {
            "since": certificate.not_before,
            "until": certificate.not_after,
            "issuer": certificate.issuer,
            "host": address.host,
            "port": address.port,
        }
        said = f"The certificate of {address.shown} {sentence.format(**words)}."
        yield wrong(CERTIFICATE, error(code, said, action.format(**words)), 2)
        return
    left = (certificate.not_after - now).days
    if left < _RENEW_WITHIN:
        said = f"The certificate of {address.shown} expires on {certificate.not_after:%Y-%m-%d}, in {left} days."
        yield wrong(CERTIFICATE, warning("D-CERT-EXPIRES", said, "Renew it in time: without it nobody logs in."))
    else:
        yield good(CERTIFICATE, f"It is for {address.host}, trusted, and valid until {certificate.not_after:%Y-%m-%d}.")
    yield _authority(look, certificate, address)


def _authority(look: TlsProbe, certificate: Certificate, address: LdapAddress) -> Check:
    if look.public:
        return good(AUTHORITY, "This machine's list of public authorities vouches for the certificate.")
    if look.public is None:
        return unknown(AUTHORITY, "This machine has no list of public authorities to ask.")
    said = (
        f"The certificate comes from “{certificate.issuer}”, for which this machine's list of public authorities does "
        "not vouch; Feide requires a public authority."
    )
    action = "Give the server that Feide meets such a certificate, together with its intermediate certificates."
    if address.is_local:
        return noted(AUTHORITY, note("D-CERT-PRIVATE", said, action))  # Feide never meets a loopback address
    return wrong(AUTHORITY, warning("D-CERT-PRIVATE", said, action))


def _in_words(version: str) -> str:
    return "TLS 1.0" if version == "TLSv1" else version.replace("TLSv", "TLS ")
