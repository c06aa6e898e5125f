"""A federation that does not exist: its metadata, as large as wanted, and its signature.

Of a hundred entities forty are identity providers, and each further one in fifty asks for the number. Names, keys and
addresses are made from the seed; the addresses are of `example`, which nobody can have.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from html import escape
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from signxml import XMLSigner

DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
NUMBER = "urn:oid:1.3.6.1.4.1.2428.90.1.5"
OTHERS = ("0.9.2342.19200300.100.1.3", "1.3.6.1.4.1.5923.1.1.1.6", "2.5.4.42", "1.3.6.1.4.1.5923.1.1.1.9", "2.5.4.4")
LANGUAGES = ("en", "nb", "nn", "de", "sv", "fi")
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
  xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui" xmlns:mdrpi="urn:oasis:names:tc:SAML:metadata:rpi"
  xmlns:mdattr="urn:oasis:names:tc:SAML:metadata:attribute" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
  ID="federation-1" Name="https://federation.example/" validUntil="2049-01-01T00:00:00Z">
"""
TAIL = "</md:EntitiesDescriptor>\n"


@dataclass
class Federation:
    """`entities` of metadata, about 10 kB each, the same for the same seed."""

    entities: int
    seed: int = 2026

    @property
    def asking(self) -> list[str]:
        """The entityIDs that ask for the number, in the order of the file."""
        return [_entity_id(number) for number in range(self.entities) if _asks(number)]

    @property
    def providers(self) -> int:
        return sum(not _is_idp(number) for number in range(self.entities))

    def write(self, path: Path) -> Path:
        """The aggregate, not signed."""
        with path.open("w", encoding="utf-8") as file:
            file.write(HEAD)
            file.writelines(self.descriptors())
            file.write(TAIL)
        return path

    def descriptors(self) -> Iterator[str]:
        chance = random.Random(self.seed)
        for number in range(self.entities):
            yield _descriptor(number, chance)


@dataclass
class SigningKey:
    """A key, RSA unless a curve is named, and its own certificate from 2020 to 2049 unless other years are."""

    bits: int = 2048
    years: tuple[int, int] = (2020, 2049)
    curve: ec.EllipticCurve | None = None

    @cached_property
    def private(self) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
        if self.curve is not None:
            return ec.generate_private_key(self.curve)
        return rsa.generate_private_key(public_exponent=65537, key_size=self.bits)

    @cached_property
    def certificate(self) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "federation.example")])
        start, end = (datetime(year, 1, 1, tzinfo=UTC) for year in self.years)
        unsigned = x509.CertificateBuilder(name, name, self.private.public_key(), 1, start, end)
        return unsigned.sign(self.private, hashes.SHA256())

    def write_certificate(self, path: Path) -> Path:
        path.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        return path

    def sign(self, content: bytes, *, reference: str = "federation-1", form: str = EXCLUSIVE, **how: str) -> bytes:
        """The XML with a signature as the first child of its root, about the element with the ID `reference` or, where
        that is empty and the root has none, about the whole. `form` is the canonical one; `how`: `signature_algorithm`,
        `digest_algorithm`."""
        return self._signed_by(XMLSigner(c14n_algorithm=form, **how), content, reference)

    def sign_with_sha1(self, content: bytes) -> bytes:
        """A signature that was right until SHA-1 could be forged."""

        class OldSigner(XMLSigner):
            def check_deprecated_methods(self) -> None:
                """They are asked for."""

        signer = OldSigner(signature_algorithm="rsa-sha1", digest_algorithm="sha1", c14n_algorithm=EXCLUSIVE)
        return self._signed_by(signer, content, "federation-1")

    def _signed_by(self, signer: XMLSigner, content: bytes, reference: str) -> bytes:
        """Comments are not signed: a reference inside the document drops them (XML Signature 4.4.3.3), which signxml
        does not do itself."""
        root, without_comments = etree.fromstring(content), etree.fromstring(content)
        etree.strip_tags(without_comments, etree.Comment)
        for one in (root, without_comments):
            place = etree.Element(f"{{{DS}}}Signature", Id="placeholder", nsmap={"ds": DS})
            place.tail = "\n"
            one.insert(0, place)
        signed = signer.sign(
            without_comments, key=self.private, cert=[self.certificate], reference_uri=reference or None
        )
        root[0].addprevious(signed[0])
        root.remove(root[1])
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _is_idp(number: int) -> bool:
    return number % 10 < 4


def _asks(number: int) -> bool:
    return number % 50 == 7


def _entity_id(number: int) -> str:
    return f"https://{'idp' if _is_idp(number) else 'sp'}-{number}.example/saml2"


def _descriptor(number: int, chance: random.Random) -> str:
    role = _idp(number, chance) if _is_idp(number) else _sp(number, chance)
    return f"""<md:EntityDescriptor entityID="{_entity_id(number)}">
  <md:Extensions>
    <mdrpi:RegistrationInfo registrationAuthority="https://federation-{number % 80}.example/"/>
    <mdattr:EntityAttributes><saml:Attribute Name="http://macedir.org/entity-category"
      NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri">
      <saml:AttributeValue>http://refeds.org/category/research-and-scholarship</saml:AttributeValue>
    </saml:Attribute></mdattr:EntityAttributes>
  </md:Extensions>
{role}
  <md:Organization>
{_in_languages("md:OrganizationName", f"Leverandør {number} & sønner")}
{_in_languages("md:OrganizationDisplayName", f"Leverandør {number}")}
    <md:OrganizationURL xml:lang="en">https://www-{number}.example/</md:OrganizationURL>
  </md:Organization>
{_contact("technical", number)}
{_contact("support", number)}
{_contact("administrative", number)}
</md:EntityDescriptor>
"""


def _idp(number: int, chance: random.Random) -> str:
    return f"""  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:Extensions>{_ui(f"Skole {number}")}</md:Extensions>
{_key(chance)}{_key(chance)}{_endpoints("SingleSignOnService", number, 4)}
  </md:IDPSSODescriptor>"""


def _sp(number: int, chance: random.Random) -> str:
    requested = [f'<md:RequestedAttribute Name="urn:oid:{oid}" isRequired="true"/>' for oid in OTHERS]
    if _asks(number):
        required = "true" if number % 100 == 7 else "false"
        name = f'Name="{NUMBER}" FriendlyName="norEduPersonNIN"'
        requested.append(f'<md:RequestedAttribute {name} isRequired="{required}"/>')
    return f"""  <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:Extensions>{_ui(f"Tjeneste {number}")}</md:Extensions>
{_key(chance)}{_key(chance)}{_endpoints("AssertionConsumerService", number, 6)}
    <md:AttributeConsumingService index="0">
{_in_languages("md:ServiceName", f"Tjeneste {number}")}
      {"".join(requested)}
    </md:AttributeConsumingService>
  </md:SPSSODescriptor>"""


def _ui(name: str) -> str:
    logo = f'<mdui:Logo height="60" width="80">data:image/png;base64,{"iVBORw0KGgo" * 40}</mdui:Logo>'
    description = _in_languages("mdui:Description", f"{name}: det som trengs for å lære, skrevet for mange. " * 2)
    return f"<mdui:UIInfo>\n{_in_languages('mdui:DisplayName', name)}\n{description}{logo}</mdui:UIInfo>"


def _in_languages(tag: str, text: str) -> str:
    return "\n".join(f'      <{tag} xml:lang="{one}">{escape(text)} ({one})</{tag}>' for one in LANGUAGES)


def _key(chance: random.Random) -> str:
    """As long as a certificate, and as little to be squeezed."""
    text = base64.encodebytes(chance.randbytes(1300)).decode()
    data = f"<ds:X509Data><ds:X509Certificate>\n{text}</ds:X509Certificate></ds:X509Data>"
    return f"    <md:KeyDescriptor><ds:KeyInfo>{data}</ds:KeyInfo></md:KeyDescriptor>\n"


def _endpoints(tag: str, number: int, count: int) -> str:
    binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    ends = f'Location="{_entity_id(number)}/{tag}"'
    return "\n".join(f'    <md:{tag} Binding="{binding}" {ends} index="{one}"/>' for one in range(count))


def _contact(kind: str, number: int) -> str:
    return f"""  <md:ContactPerson contactType="{kind}">
    <md:GivenName>Kari</md:GivenName><md:SurName>Nordmann</md:SurName>
    <md:EmailAddress>mailto:{kind}@www-{number}.example</md:EmailAddress></md:ContactPerson>"""
