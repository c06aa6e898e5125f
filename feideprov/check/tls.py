"""The connection to the server: does it respond, and are TLS and the certificate as Feide requires?

Feide connects over LDAPS with TLS 1.2, and requires a certificate from a public authority (docs.feide.no,
reference/tls-requirements-ldap).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from feideprov.check.examination import Check, error, good, note, noted, skipped, unknown, warning, wrong
from feideprov.check.finding import Finding
from feideprov.directory.ldap.server import LdapAddress
from feideprov.directory.ldap.tls_probe import Certificate, Distrust, TlsProbe, probe_tls
from feideprov.installation import page
from feideprov.issues import code
from feideprov.messages import NOTHING, Sentence

CONNECTION, VERSION, OLD = "connection", "TLS version", "old TLS versions"
CERTIFICATE, AUTHORITY = "certificate", "public authority"
_RENEW_WITHIN = 30  # days

NOT_LDAPS = code(
    "D-NOT-LDAPS",
    Sentence("Note: Feide connects over LDAPS, but this program does not, so LDAPS was not checked."),
    Sentence("Run feideprov doctor also with the address that Feide uses (ldaps://)."),
)
TLS_OLD = code(
    "D-TLS-OLD",
    Sentence("The server does not support TLS 1.2 or newer. Exit code 2."),
    Sentence("Update the TLS library of the server, or allow TLS 1.2 in the configuration of the server."),
)
TLS_NONE = code(
    "D-TLS-NONE",
    Sentence("The server does not start TLS. Exit code 2."),
    Sentence("Install a certificate and its key on the server, and check that url has the port for TLS (636)."),
)
TLS_WEAK = code(
    "D-TLS-WEAK",
    Sentence("Warning: the server also accepts versions older than TLS 1.2."),
    Sentence("Switch off all versions older than TLS 1.2 on the server ({page}).", page=page("doctor.md")),
)
CERT_EXPIRED = code(
    "D-CERT-EXPIRED",
    Sentence("The certificate has expired. Exit code 2."),
    Sentence("Renew the certificate, and restart the server."),
)
CERT_EXPIRES = code(
    "D-CERT-EXPIRES",
    Sentence("Warning: the certificate expires in less than 30 days."),
    Sentence("Renew the certificate before it expires. When it has expired, nobody can log in."),
)
CERT_NOT_YET = code(
    "D-CERT-NOT-YET",
    Sentence("The certificate is not valid yet. Exit code 2."),
    Sentence("Correct the clock of this machine, or get a certificate that is valid now."),
)
CERT_NAME = code(
    "D-CERT-NAME",
    Sentence("The certificate is for another server name. Exit code 2."),
    Sentence("Write the name in the certificate to url, or get a certificate for the name that is in url."),
)
CERT_UNTRUSTED = code(
    "D-CERT-UNTRUSTED",
    Sentence(
        "This machine does not trust the certificate authority, or the server does not send the "
        "intermediate certificates. Exit code 2."
    ),
    Sentence(
        "Set ca_file to the certificate of the certificate authority, or let the server send the "
        "intermediate certificates."
    ),
)
CERT_WEAK = code(
    "D-CERT-WEAK",
    Sentence("OpenSSL on this machine refuses the certificate: its key or signature is too weak. Exit code 2."),
    Sentence("Get a new certificate with an RSA key of at least 2048 bits or a P-256 key, signed with SHA-256."),
)
CERT_PRIVATE = code(
    "D-CERT-PRIVATE",
    Sentence(
        "Warning: the certificate is not from a public certificate authority that this machine knows. For "
        "a loopback address this finding is only a note, because Feide does not use such an address."
    ),
    Sentence(
        "On the server that Feide connects to, install a certificate from a public certificate authority, "
        "with its intermediate certificates."
    ),
)

_DISTRUSTED = {
    Distrust.EXPIRED: (
        CERT_EXPIRED,
        Sentence(
            "The certificate of {server} expired on {until}, so Feide and this program cannot connect.",
            server="",
            until="",
        ),
        NOTHING,
    ),
    Distrust.NOT_YET: (
        CERT_NOT_YET,
        Sentence(
            "The certificate of {server} is not valid before {since}, so Feide and this program cannot connect.",
            server="",
            since="",
        ),
        NOTHING,
    ),
    Distrust.OTHER_NAME: (
        CERT_NAME,
        Sentence("The certificate of {server} is not for the name {host}.", server="", host=""),
        NOTHING,
    ),
    Distrust.SELF_SIGNED: (
        CERT_UNTRUSTED,
        Sentence(
            "The certificate of {server} is self-signed. Feide requires a certificate from a public "
            "certificate authority.",
            server="",
        ),
        Sentence(
            "Get a certificate from a public certificate authority. If only this program shall connect, not "
            "Feide, set ca_file to the self-signed certificate."
        ),
    ),
    Distrust.UNKNOWN_AUTHORITY: (
        CERT_UNTRUSTED,
        Sentence(
            "The certificate of {server} is from “{issuer}”. This machine does not trust this certificate authority.",
            server="",
            issuer="",
        ),
        NOTHING,
    ),
    Distrust.WEAK: (
        CERT_WEAK,
        Sentence(
            "The certificate of {server} has a key that is too short, or a signature that is too weak.", server=""
        ),
        NOTHING,
    ),
    Distrust.OTHER: (
        CERT_UNTRUSTED,
        Sentence("This machine does not trust the certificate of {server}.", server=""),
        Sentence("Look at the certificate. Run: openssl s_client -connect {host}:{port}", host="", port=""),
    ),
}
"""The code, the sentence, and what to do if that differs from the code's action. The values are those of a server."""


def checks(address: LdapAddress, now: datetime) -> Iterator[Check]:
    """The checks of one server, from the first packet to the certificate.

    Raises DirectoryError when the server does not respond.
    """
    if address.scheme == "ldapi" or not address.tls:
        yield noted(CONNECTION, _not_ldaps(address))
        yield skipped(VERSION, Sentence("This program uses no TLS on {server}.", server=address.shown))
        return
    yield from checks_of_probe(probe_tls(address), address, now)


def checks_of_probe(probe: TlsProbe, address: LdapAddress, now: datetime) -> Iterator[Check]:
    """What was found out about a server, compared with Feide's requirements."""
    if address.starts_tls:
        yield noted(CONNECTION, _not_ldaps(address))
    else:
        yield good(CONNECTION, Sentence("{server} responds.", server=address.shown))
    yield _version(probe, address)
    if probe.version is None:
        return
    yield _old_versions(probe)
    if probe.certificate is not None:
        yield from _certificate(probe, probe.certificate, address, now)


def _not_ldaps(address: LdapAddress) -> Finding:
    if address.starts_tls:
        sentence = Sentence(
            "This program uses StartTLS on {server}. Feide connects over LDAPS, which was not checked.",
            server=address.shown,
        )
    else:
        sentence = Sentence(
            "This program uses no TLS on {server}. Feide connects over LDAPS, which was not checked.",
            server=address.shown,
        )
    return note(NOT_LDAPS, sentence)


def _version(probe: TlsProbe, address: LdapAddress) -> Check:
    if probe.version is not None:
        version = _readable_version(probe.version)
        return good(VERSION, Sentence("The server uses {version}. Feide requires TLS 1.2 or newer.", version=version))
    if probe.old is not None:
        sentence = Sentence(
            "{server} supports only {version} or older. Feide requires TLS 1.2 or newer.",
            server=address.shown,
            version=_readable_version(probe.old),
        )
        return wrong(VERSION, error(TLS_OLD, sentence), 2)
    sentence = Sentence("{server} does not start TLS.", server=address.shown)
    return wrong(VERSION, error(TLS_NONE, sentence), 2)


def _old_versions(probe: TlsProbe) -> Check:
    if not probe.old_known:
        sentence = Sentence(
            "It is not known whether the server accepts TLS 1.1, because OpenSSL on this machine does not "
            "support TLS 1.1."
        )
        return unknown(OLD, sentence)
    if probe.old is None:
        return good(OLD, Sentence("The server does not accept versions older than TLS 1.2."))
    sentence = Sentence(
        "The server still accepts {version}, which is not safe (RFC 8996).", version=_readable_version(probe.old)
    )
    return wrong(OLD, warning(TLS_WEAK, sentence))


def _certificate(probe: TlsProbe, certificate: Certificate, address: LdapAddress, now: datetime) -> Iterator[Check]:
    until = certificate.not_after.date()
    if probe.distrust is not None:
        distrusted, sentence, action = _DISTRUSTED[probe.distrust]
        values = {
            "server": address.shown,
            "since": certificate.not_before.date(),
            "until": until,
            "issuer": certificate.issuer,
            "host": address.host,
            "port": address.port,
        }
        yield wrong(CERTIFICATE, error(distrusted, sentence.with_values(**values), action.with_values(**values)), 2)
        return
    left = (certificate.not_after - now).days
    if left < _RENEW_WITHIN:
        sentence = Sentence(
            "The certificate of {server} expires on {until}, in {count} day.",
            plural="The certificate of {server} expires on {until}, in {count} days.",
            server=address.shown,
            until=until,
            count=left,
        )
        yield wrong(CERTIFICATE, warning(CERT_EXPIRES, sentence))
    else:
        sentence = Sentence(
            "The certificate is for {host}. It is trusted, and valid until {until}.", host=address.host, until=until
        )
        yield good(CERTIFICATE, sentence)
    yield _authority(probe, certificate, address)


def _authority(probe: TlsProbe, certificate: Certificate, address: LdapAddress) -> Check:
    if probe.public:
        return good(
            AUTHORITY, Sentence("The certificate is from a public certificate authority that this machine knows.")
        )
    if probe.public is None:
        return unknown(
            AUTHORITY,
            Sentence(
                "This machine has no list of public certificate authorities, so this was not checked. Install the "
                "package ca-certificates."
            ),
        )
    sentence = Sentence(
        "The certificate is from “{issuer}”. This is not a public certificate authority that this machine "
        "knows, but Feide requires one.",
        issuer=certificate.issuer,
    )
    if address.is_local:
        return noted(AUTHORITY, note(CERT_PRIVATE, sentence))  # Feide never uses a loopback address
    return wrong(AUTHORITY, warning(CERT_PRIVATE, sentence))


def _readable_version(version: str) -> str:
    return "TLS 1.0" if version == "TLSv1" else version.replace("TLSv", "TLS ")
