"""Verifies that metadata is signed with the key of a certificate, and returns exactly what is signed.

A signature can be valid and yet cover something else than what is read: an attacker can wrap signed content, or put
other content beside it. Here the one signature must be directly below the root, its one reference must be the root, and
what is returned are the octets whose digest was signed. Nothing else is read after that, so nothing depends on how
another parser reads an ID or a canonical form. Sources: SAML 2.0 Core 5.4, SAML 2.0 Metadata 3, and Somorovsky and
others, “On Breaking SAML: Be Whoever You Want to Be” (USENIX Security 2012).

signxml verifies all of a small file. Of a large one it verifies the signature; the digest of the content is computed
here: signxml keeps three trees of the file at the same time, 17 times its size; one is enough. In both ways the content
has no comments, also in a canonical form with comments: a reference inside the document drops them before (XML
Signature 1.1, 4.4.3.3), which signxml does not do.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from feideprov.errors import InputError
from feideprov.files import Largest, content_of
from feideprov.installation import missing_extra
from feideprov.messages import Sentence
from feideprov.system_errors import reason_of
from feideprov.tables.text_file import shown_name

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_DS: Final = "{http://www.w3.org/2000/09/xmldsig#}"
_EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_WITH_COMMENTS: Final = "#WithComments"
_CANONICAL: Final = {
    _EXCLUSIVE: True,
    f"{_EXCLUSIVE[:-1]}{_WITH_COMMENTS}": True,
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": False,
    f"http://www.w3.org/TR/2001/REC-xml-c14n-20010315{_WITH_COMMENTS}": False,
}
"""The canonical forms of content before its digest is computed, and whether they are exclusive."""
_DIGESTS: Final = {
    "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_METHODS: Final = (
    *("RSA_SHA256", "RSA_SHA384", "RSA_SHA512"),
    *("SHA256_RSA_MGF1", "SHA384_RSA_MGF1", "SHA512_RSA_MGF1"),
    *("ECDSA_SHA256", "ECDSA_SHA384", "ECDSA_SHA512"),
)
LARGEST_FOR_SIGNXML: Final = 8 * 1024 * 1024
"""The most bytes of a file whose content signxml verifies. It takes 17 times as much memory, some 140 MB, which is less
than the 200 MB that an import may take in any case (tests/bench/metadata.py)."""
_SHORTEST_RSA_KEY: Final = 2048
_AGAIN: Final = Sentence("Download it again from the federation.")


class SignatureVerifier:
    """Verifies signatures with the certificate in a file.

    Raises InputError when the file has no certificate that is valid on the day `on`, ConfigurationError when signxml is
    not installed.
    """

    def __init__(self, path: Path, on: date) -> None:
        _check_installed()
        self._shown = shown_name(path)
        self._certificate = _certificate(path, self._shown, on)
        # the first moment of the day when the certificate is valid: the clock says nothing
        self._time = max(datetime.combine(on, time(), UTC), self._certificate.not_valid_before_utc)

    def signed_content(self, stream: BinaryIO, name: str) -> bytes:
        """The octets that are signed, without the signature itself.

        The stream is XML that has been checked for attacks on parsers. Raises InputError unless it is signed as a whole
        with this key, by a method that cannot be forged today.
        """
        from lxml import etree

        by_signxml = stream.seek(0, SEEK_END) <= LARGEST_FOR_SIGNXML
        stream.seek(0)
        try:
            root = etree.parse(stream, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
        except etree.LxmlError:
            raise InputError(
                Sentence("The signature in {file} cannot be verified. {again}", file=name, again=_AGAIN)
            ) from None
        signature = _signature(root, name)
        if by_signxml:
            return self._verified(root, root.get("ID"), name, follow=True).content
        reference = self._verified(signature, root.get("ID"), name, follow=False).reference
        content = _canonical(root, signature, reference)
        if hashlib.new(reference.digest, content).digest() != reference.value:
            raise _changed(name)
        return content

    def _verified(self, element: Any, root_id: str | None, name: str, *, follow: bool) -> _Verified:
        """What is signed, if the signature in the element is made with this key. `follow`: the element is the root, and
        its digest is verified too."""
        from cryptography.exceptions import UnsupportedAlgorithm
        from lxml.etree import LxmlError
        from signxml.algorithms import DigestAlgorithm, SignatureMethod
        from signxml.exceptions import InvalidDigest, InvalidSignature, SignXMLException
        from signxml.verifier import SignatureConfiguration

        expected = SignatureConfiguration(
            location="./",
            signature_methods=frozenset(SignatureMethod[method] for method in _METHODS),
            digest_algorithms=frozenset(map(DigestAlgorithm, _DIGESTS)),
            ignore_ambiguous_key_info=True,  # the given key counts, whatever the file says
            verification_time=self._time,
        )
        verifier = _verifier(root_id, name, follow=follow)
        try:
            result = verifier.verify(element, x509_cert=self._certificate, expect_config=expected)
        except InvalidDigest:
            raise _changed(name) from None
        except InvalidSignature:
            raise InputError(
                Sentence(
                    "{file} is not signed with the key of {certificate}, so it was not read. Download both files "
                    "again from the federation.",
                    file=name,
                    certificate=self._shown,
                )
            ) from None
        except (SignXMLException, LxmlError, UnsupportedAlgorithm, ValueError, TypeError):
            verifier.reference = None
        if verifier.reference is None:
            raise InputError(
                Sentence(
                    "{file} was not read: its signature does not have the form that SAML requires. {again}",
                    file=name,
                    again=_AGAIN,
                )
            )
        return _Verified(verifier.reference, result.signed_data if follow else b"")


class _Verified(NamedTuple):
    """What a signature with the right key says, and the octets that it covers, if these were verified too."""

    reference: _Reference
    content: bytes


def _verifier(root_id: str | None, name: str, *, follow: bool) -> Any:
    """signxml's verifier, for a reference to the root of the file alone."""
    from lxml import etree
    from signxml.verifier import XMLVerifier

    names = ("", f"#{root_id}") if root_id else ("",)  # empty: the document (XML Signature 4.4.3)

    class OfWholeFile(XMLVerifier):
        reference: _Reference | None = None

        def _verify_reference(self, reference: Any, *others: Any) -> Any:
            if self.reference is not None:
                raise ValueError  # SAML has one reference
            self.reference = _Reference.of(reference)
            if self.reference.uri not in names:
                raise InputError(
                    Sentence(
                        "{file} was not read: its signature does not cover the whole file. That can be an attack. "
                        "{again}",
                        file=name,
                        again=_AGAIN,
                    )
                )
            return super()._verify_reference(reference, *others) if follow else None  # type: ignore[no-untyped-call]

        def _resolve_reference(self, doc_root: Any, *_others: Any, **_more: Any) -> Any:
            """The root without comments, whatever else has its ID."""
            etree.strip_tags(doc_root, etree.Comment)
            return doc_root

    return OfWholeFile()


@dataclass(frozen=True)
class _Reference:
    """What a signature says about the content: its place, its canonical form, its digest."""

    uri: str
    exclusive: bool
    prefixes: tuple[str, ...]
    """Prefixes that an exclusive form treats as an inclusive one does."""
    digest: str
    value: bytes

    @classmethod
    def of(cls, element: Any) -> _Reference:
        """Raises ValueError for anything but what SAML requires: no XPointer (Core 5.4.2); the signature removed, then
        one canonical form (5.4.4)."""
        enveloped, canonical = element.findall(f"{_DS}Transforms/{_DS}Transform")
        method = canonical.get("Algorithm")
        digest = _DIGESTS.get(element.find(f"{_DS}DigestMethod").get("Algorithm"))
        if element.get("URI", "").startswith("#xpointer("):
            raise ValueError
        if enveloped.get("Algorithm") != _ENVELOPED or method not in _CANONICAL or digest is None:
            raise ValueError
        inclusive = canonical.find(f"{{{_EXCLUSIVE}}}InclusiveNamespaces")
        return cls(
            uri=element.get("URI", "missing"),
            exclusive=_CANONICAL[method],
            prefixes=tuple(inclusive.get("PrefixList", "").split()) if inclusive is not None else (),
            digest=digest,
            value=base64.b64decode(element.findtext(f"{_DS}DigestValue")),
        )


def _signature(root: Any, name: str) -> Any:
    """The one signature directly below the root. Raises InputError when it is missing or can be forged."""
    signatures = root.findall(f"{_DS}Signature")
    if not signatures:
        raise InputError(
            Sentence(
                "{file} has no signature of the whole file, so --certificate cannot verify it. Download signed "
                "metadata, or leave out --certificate to read the file without verifying it.",
                file=name,
            )
        )
    if len(signatures) > 1:
        raise InputError(
            Sentence(
                "{file} was not read: it has more than one signature. That can be an attack. {again}",
                file=name,
                again=_AGAIN,
            )
        )
    [signature] = signatures
    info = f"{_DS}SignedInfo/{_DS}"
    algorithms = [
        *signature.findall(f"{info}SignatureMethod"),
        *signature.findall(f"{info}Reference/{_DS}DigestMethod"),
    ]
    if any(one.get("Algorithm", "").casefold().endswith(("sha1", "md5", "sha1-rsa-mgf1")) for one in algorithms):
        raise InputError(
            Sentence(
                "{file} has a signature that can be forged (SHA-1 or MD5). Ask the federation for metadata signed "
                "with SHA-256.",
                file=name,
            )
        )
    return signature


def _changed(name: str) -> InputError:
    return InputError(
        Sentence("{file} was changed after it was signed, so it was not read. {again}", file=name, again=_AGAIN)
    )


def _canonical(root: Any, signature: Any, reference: _Reference) -> bytes:
    """The octets of the root without the signature. The tree cannot be used after that."""
    from lxml import etree

    aside = etree.Element("aside")
    for outside in [
        *root.itersiblings(preceding=True),
        *root.itersiblings(),
    ]:  # comments, which are not part of the root
        aside.append(outside)
    _remove(signature)
    content = BytesIO()
    root.getroottree().write_c14n(
        content,
        exclusive=reference.exclusive,
        with_comments=False,
        inclusive_ns_prefixes=reference.prefixes or None,
    )
    return content.getvalue()


def _remove(element: Any) -> None:
    """Remove an element, and keep the text that follows it."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _check_installed() -> None:
    try:
        import signxml  # noqa: F401
    except ImportError:
        raise missing_extra("saml", Sentence("Verifying a signature")) from None


def _certificate(path: Path, shown: str, on: date) -> Certificate:
    """The certificate in a file, in PEM or DER. Raises InputError unless there is exactly one, and it can be used."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    try:
        content = content_of(path, Largest.CONFIGURATION)
    except FileNotFoundError:
        sentence = Sentence("There is no file {file}. Download the federation's signing certificate.", file=shown)
        raise InputError(sentence) from None
    except OSError as error:
        sentence = Sentence("{file} cannot be read ({reason}). Check the path.", file=shown, reason=reason_of(error))
        raise InputError(sentence) from None
    try:
        pem = b"-----BEGIN" in content
        found = x509.load_pem_x509_certificates(content) if pem else [x509.load_der_x509_certificate(content)]
        key = found[0].public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        sentence = Sentence(
            "{file} is not a certificate. Give a certificate file in the format PEM or DER.", file=shown
        )
        raise InputError(sentence) from None
    if len(found) > 1:
        raise InputError(
            Sentence(
                "{file} has {number} certificates. Give a file with only the certificate that the metadata is signed "
                "with.",
                file=shown,
                number=len(found),
            )
        )
    start, end = found[0].not_valid_before_utc.date(), found[0].not_valid_after_utc.date()
    if not start <= on <= end:
        raise InputError(
            Sentence(
                "The certificate in {file} is not valid on {day}, only from {start} to {end}. Download the certificate "
                "that the federation uses on that day.",
                file=shown,
                day=on,
                start=start,
                end=end,
            )
        )
    short = isinstance(key, rsa.RSAPublicKey) and key.key_size < _SHORTEST_RSA_KEY
    if short or not isinstance(key, (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)):
        raise InputError(
            Sentence(
                "The key in {file} is not secure enough. It must be an RSA key with at least 2,048 bits, or an "
                "elliptic-curve key.",
                file=shown,
            )
        )
    return found[0]
