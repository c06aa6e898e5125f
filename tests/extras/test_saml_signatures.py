"""Metadata with a certificate: only what was signed with its key is read, and nothing unless all of it stands.

The wrapped signatures are those of Somorovsky and others, “On Breaking SAML” (USENIX Security 2012), put into metadata.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from federation import NUMBER, SigningKey

from feideprov.errors import InputError
from feideprov.services.sources.saml import read_metadata

ON = date(2026, 11, 23)
ROOT = """<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
  xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui" ID="{id}" Name="https://federation.example/">"""
END = "</md:EntitiesDescriptor>"


def entity(host: str) -> str:
    return f"""<md:EntityDescriptor entityID="https://{host}"><md:SPSSODescriptor><md:Extensions><mdui:UIInfo>
      <mdui:DisplayName xml:lang="nb">Ord<!-- for alle -->banken</mdui:DisplayName></mdui:UIInfo></md:Extensions>
      <md:AttributeConsumingService><md:RequestedAttribute Name="{NUMBER}"/></md:AttributeConsumingService>
      </md:SPSSODescriptor></md:EntityDescriptor>"""


def metadata(*hosts: str, root_id: str = "federation-1") -> bytes:
    return f"{ROOT.format(id=root_id)}\n{''.join(map(entity, hosts))}\n{END}".encode()


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey()


@pytest.fixture(scope="module")
def signed(key: SigningKey) -> bytes:
    """What the federation published: one service, signed."""
    return key.sign(metadata("good.example"))


@pytest.fixture
def certificate(tmp_path: Path, key: SigningKey) -> Path:
    return key.write_certificate(tmp_path / "key.pem")


@pytest.fixture
def read(tmp_path: Path, certificate: Path) -> Callable[[bytes], list[str]]:
    """The ids of the services that are read with the federation's certificate."""

    def _read(content: bytes) -> list[str]:
        (tmp_path / "feide.xml").write_bytes(content)
        return [service.id for service in read_metadata(tmp_path / "feide.xml", certificate=certificate, on=ON)]

    return _read


@pytest.fixture
def refusal(read: Callable[[bytes], list[str]]) -> Callable[[bytes], str]:
    """The sentence with which content is refused."""

    def _refusal(content: bytes) -> str:
        with pytest.raises(InputError) as caught:
            read(content)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    return _refusal


Read = Callable[[bytes], list[str]]
Refusal = Callable[[bytes], str]
GOOD = ["saml:https://good.example"]
ABOUT_ELSE = (
    "feide.xml was not read: its signature does not cover the whole file. That can be an attack. "
    "Download it again from the federation."
)
CHANGED = "feide.xml was changed after it was signed, so it was not read. Download it again from the federation."
OTHER_KEY = (
    "feide.xml is not signed with the key of key.pem, so it was not read. Download both files again from "
    "the federation."
)
NOT_SIGNED = (
    "feide.xml has no signature of the whole file, so --certificate cannot verify it. Download signed "
    "metadata, or leave out --certificate to read the file without verifying it."
)


def signature_of(content: bytes) -> bytes:
    found = re.search(rb"<ds:Signature\b.*</ds:Signature>", content, re.DOTALL)
    assert found is not None
    return found[0]


def root_of(content: bytes) -> bytes:
    """The document without its XML declaration."""
    return content[content.index(b"<md:EntitiesDescriptor") :]


def opening(root_id: str) -> bytes:
    return ROOT.format(id=root_id).encode()


def test_what_the_federation_signed_is_read(read: Read, signed: bytes) -> None:
    assert read(signed) == GOOD


def test_no_note_says_that_it_was_not_verified(tmp_path: Path, signed: bytes, certificate: Path) -> None:
    (tmp_path / "feide.xml").write_bytes(signed)
    found = read_metadata(tmp_path / "feide.xml", certificate=certificate, on=ON)
    assert [service.name() for service in found] == ["Ordbanken"]  # the comment is no part of the name
    assert found.verified
    assert not any("not verified" in note for note in found.notes)


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
@pytest.mark.parametrize("method", ["rsa-sha256", "rsa-sha512", "sha256-rsa-MGF1"])
def test_the_methods_of_today_are_verified(read: Read, key: SigningKey, method: str, digest: str) -> None:
    assert read(key.sign(metadata("good.example"), signature_algorithm=method, digest_algorithm=digest)) == GOOD


@pytest.mark.parametrize(
    "form",
    [
        "http://www.w3.org/2001/10/xml-exc-c14n#",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    ],
)
def test_each_canonical_form_is_verified(read: Read, key: SigningKey, form: str) -> None:
    around = b"<!-- made at night -->\n" + key.sign(metadata("good.example"), form=form) + b"\n<!-- the end -->"
    assert read(around.replace(b"<?xml version='1.0' encoding='UTF-8'?>", b"")) == GOOD


def test_a_signature_on_an_elliptic_curve_is_verified(tmp_path: Path) -> None:
    key = SigningKey(curve=ec.SECP256R1())
    (tmp_path / "feide.xml").write_bytes(key.sign(metadata("good.example"), signature_algorithm="ecdsa-sha256"))
    certificate = key.write_certificate(tmp_path / "key.pem")
    assert len(list(read_metadata(tmp_path / "feide.xml", certificate=certificate, on=ON))) == 1


def test_a_reference_to_the_whole_document_is_one_to_the_root(read: Read, key: SigningKey) -> None:
    without_id = metadata("good.example").replace(b' ID="federation-1"', b"")
    signed = key.sign(without_id, reference="")
    assert b'URI=""' in signed
    assert read(signed) == GOOD


def test_a_certificate_in_der_is_known_too(tmp_path: Path, signed: bytes, key: SigningKey) -> None:
    (tmp_path / "feide.xml").write_bytes(signed)
    (tmp_path / "key.der").write_bytes(key.certificate.public_bytes(Encoding.DER))
    assert len(list(read_metadata(tmp_path / "feide.xml", certificate=tmp_path / "key.der", on=ON))) == 1


def test_metadata_that_is_not_signed_is_refused(refusal: Refusal) -> None:
    assert refusal(metadata("good.example")) == NOT_SIGNED


def test_a_changed_word_is_refused(refusal: Refusal, signed: bytes) -> None:
    assert refusal(signed.replace(b"good.example", b"evil.example")) == CHANGED


def test_an_added_entity_is_refused(refusal: Refusal, signed: bytes) -> None:
    assert refusal(signed.replace(END.encode(), entity("evil.example").encode() + END.encode())) == CHANGED


def test_a_signature_with_another_key_is_refused(refusal: Refusal) -> None:
    assert refusal(SigningKey().sign(metadata("evil.example"))) == OTHER_KEY


def test_a_certificate_inside_the_file_proves_nothing(refusal: Refusal, key: SigningKey) -> None:
    """The attacker signs with his own key, and writes the federation's certificate beside it."""
    attacker = SigningKey()
    forged = attacker.sign(metadata("evil.example"))
    theirs, ours = (
        b"\n".join(one.certificate.public_bytes(Encoding.PEM).splitlines()[1:-1]) for one in (attacker, key)
    )
    assert theirs in forged
    assert refusal(forged.replace(theirs, ours)) == OTHER_KEY


def test_a_signature_made_with_the_public_key_as_a_secret_is_refused(refusal: Refusal, signed: bytes) -> None:
    forged = signed.replace(b"xmldsig-more#rsa-sha256", b"xmldsig-more#hmac-sha256")
    assert "does not have the form that SAML requires" in refusal(forged)


@pytest.mark.parametrize(
    ("method", "weak"),
    [
        (b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", b"http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        (b"http://www.w3.org/2001/04/xmlenc#sha256", b"http://www.w3.org/2000/09/xmldsig#sha1"),
        (b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", b"http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
    ],
)
def test_weak_methods_are_refused_by_name(refusal: Refusal, signed: bytes, method: bytes, weak: bytes) -> None:
    assert refusal(signed.replace(method, weak)) == (
        "feide.xml has a signature that can be forged (SHA-1 or MD5). Ask the federation for metadata signed "
        "with SHA-256."
    )


def test_a_true_signature_with_sha_1_is_refused(refusal: Refusal, key: SigningKey) -> None:
    assert "SHA-1" in refusal(key.sign_with_sha1(metadata("good.example")))


def test_wrapped_by_a_new_root_with_another_id(refusal: Refusal, signed: bytes) -> None:
    """The signed document stands inside the attacker's, its signature taken out to where it is looked for."""
    inside = root_of(signed).replace(signature_of(signed), b"")
    wrapped = opening("evil") + signature_of(signed) + entity("evil.example").encode() + inside + END.encode()
    assert refusal(wrapped) == ABOUT_ELSE


def test_wrapped_by_a_new_root_with_the_same_id(refusal: Refusal, signed: bytes) -> None:
    inside = root_of(signed).replace(signature_of(signed), b"")
    wrapped = opening("federation-1") + signature_of(signed) + inside + entity("evil.example").encode() + END.encode()
    assert refusal(wrapped) == CHANGED


def test_wrapped_with_the_signature_left_inside(refusal: Refusal, signed: bytes) -> None:
    wrapped = opening("evil") + entity("evil.example").encode() + root_of(signed) + END.encode()
    assert refusal(wrapped) == NOT_SIGNED


def test_wrapped_in_extensions(refusal: Refusal, signed: bytes) -> None:
    hidden = b"<md:Extensions>" + root_of(signed) + b"</md:Extensions>"
    assert refusal(opening("federation-1") + hidden + entity("evil.example").encode() + END.encode()) == NOT_SIGNED


@pytest.mark.parametrize("root_id", ["evil", "federation-1"])
def test_the_signed_root_moved_into_the_signature(refusal: Refusal, signed: bytes, root_id: str) -> None:
    """XML Signature lets anything stand in an Object, and the enveloped form leaves it out of the digest."""
    inside = root_of(signed).replace(signature_of(signed), b"")
    moved = signature_of(signed).replace(b"</ds:Signature>", b"<ds:Object>" + inside + b"</ds:Object></ds:Signature>")
    wrapped = opening(root_id) + moved + entity("evil.example").encode() + END.encode()
    assert refusal(wrapped) == (ABOUT_ELSE if root_id == "evil" else CHANGED)


def test_an_entity_hidden_in_the_signature_is_not_read(read: Read, signed: bytes) -> None:
    """It is not signed, so it may be there; it is read by nobody."""
    hidden = b"<ds:Object>" + entity("evil.example").encode() + b"</ds:Object></ds:Signature>"
    assert read(signed.replace(b"</ds:Signature>", hidden)) == GOOD


def test_signed_metadata_that_is_valid_no_more_is_not_read(refusal: Refusal, key: SigningKey) -> None:
    old = metadata("good.example").replace(b' ID="', b' validUntil="2026-01-01T00:00:00Z" ID="', 1)
    assert refusal(key.sign(old)) == (
        "feide.xml is no longer valid (it was valid until 2026-01-01). Download it again from the federation."
    )


def test_two_signatures_are_refused(refusal: Refusal, signed: bytes) -> None:
    twice = signed.replace(signature_of(signed), signature_of(signed) * 2)
    assert "more than one signature" in refusal(twice)


def test_the_signature_of_one_entity_does_not_vouch_for_the_file(refusal: Refusal, key: SigningKey) -> None:
    one = entity("good.example").replace("<md:EntityDescriptor ", '<md:EntityDescriptor ID="one" ').encode()
    namespaces = b'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"'
    signed = key.sign(
        one.replace(b"<md:EntityDescriptor ", b"<md:EntityDescriptor " + namespaces + b" "), reference="one"
    )
    inside = signed[signed.index(b"<md:EntityDescriptor") :]
    assert refusal(opening("federation-1") + inside + entity("evil.example").encode() + END.encode()) == NOT_SIGNED


@pytest.mark.parametrize("spelling", ["Id", "id", "xml:id"])
def test_another_spelling_of_id_turns_no_reference_round(refusal: Refusal, signed: bytes, spelling: str) -> None:
    """signxml and others look for several; the root is the root, whatever they would find."""
    inside = root_of(signed).replace(signature_of(signed), b"")
    root = opening("evil").replace(b"ID=", f'{spelling}="federation-1" ID='.encode())
    wrapped = root + signature_of(signed) + entity("evil.example").encode() + inside + END.encode()
    assert refusal(wrapped) == ABOUT_ELSE


def test_a_comment_does_not_cut_a_name_short(read: Read, signed: bytes) -> None:
    """Comments may be added to what is signed without them, and change nothing."""
    assert read(signed.replace(b"</md:S", b"<!-- evil --></md:S").replace(b"bank", b"b<!-- x -->ank")) == GOOD


def test_a_processing_instruction_is_a_change(refusal: Refusal, signed: bytes) -> None:
    assert refusal(signed.replace(b"</md:SPSSO", b"<?evil?></md:SPSSO")) == CHANGED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<ds:SignedInfo>", b"<ds:SignedInfo><ds:Reference/>"),
        (
            b"</ds:Transforms>",
            b'<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/></ds:Transforms>',
        ),
        (b"<ds:DigestValue>", b"<ds:DigestValue>!"),
        (b"#federation-1", b"#federation-2"),
        (b"#federation-1", b"file:///etc/hostname"),
        (b"#federation-1", b"#xpointer(/)"),
        (b"#federation-1", b""),
    ],
)
def test_what_the_signature_says_of_itself_cannot_be_changed(
    refusal: Refusal, signed: bytes, before: bytes, after: bytes
) -> None:
    assert "feide.xml" in refusal(signed.replace(before, after, 1))


def test_a_value_that_is_none_is_refused(refusal: Refusal, signed: bytes) -> None:
    without = re.sub(rb"<ds:SignatureValue>.*</ds:SignatureValue>", b"<ds:SignatureValue/>", signed, flags=re.DOTALL)
    assert "does not have the form that SAML requires" in refusal(without)


@pytest.mark.parametrize("on", [ON, date(2025, 6, 1), date(2031, 6, 1)])
@pytest.mark.parametrize("years", [(2020, 2025), (2027, 2031)])
def test_a_certificate_of_another_time_is_refused(
    tmp_path: Path, signed: bytes, years: tuple[int, int], on: date
) -> None:
    (tmp_path / "feide.xml").write_bytes(signed)
    certificate = SigningKey(years=years).write_certificate(tmp_path / "key.pem")
    with pytest.raises(InputError) as caught:
        read_metadata(tmp_path / "feide.xml", certificate=certificate, on=on)
    assert str(caught.value) == (
        f"The certificate in key.pem is not valid on {on}, only from {years[0]}-01-01 to {years[1]}-01-01. Download "
        "the certificate that the federation uses on that day."
    )


def test_a_short_key_is_refused(tmp_path: Path, signed: bytes) -> None:
    (tmp_path / "feide.xml").write_bytes(signed)
    certificate = SigningKey(bits=1024).write_certificate(tmp_path / "key.pem")
    with pytest.raises(InputError, match=r"The key in key.pem is not secure enough"):
        read_metadata(tmp_path / "feide.xml", certificate=certificate, on=ON)


def test_a_key_of_a_kind_that_is_not_known_is_refused(tmp_path: Path, signed: bytes) -> None:
    (tmp_path / "feide.xml").write_bytes(signed)
    certificate = SigningKey(curve=ec.SECP256R1()).certificate.public_bytes(Encoding.DER)
    p_256, nobody = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d03017f")
    (tmp_path / "key.der").write_bytes(certificate.replace(p_256, nobody))
    with pytest.raises(InputError, match=r"key\.der is not a certificate"):
        read_metadata(tmp_path / "feide.xml", certificate=tmp_path / "key.der", on=ON)


def test_a_library_that_follows_the_reference_itself_fails_closed(
    refusal: Refusal, signed: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from signxml.verifier import VerifyResult, XMLVerifier

    def verify(*_: object, **__: object) -> VerifyResult:
        return VerifyResult(b"", None, None, b"")

    monkeypatch.setattr(XMLVerifier, "verify", verify)
    assert "does not have the form that SAML requires" in refusal(signed)


def test_what_is_no_certificate_is_refused(tmp_path: Path, signed: bytes, key: SigningKey) -> None:
    (tmp_path / "feide.xml").write_bytes(signed)
    secret = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem = key.certificate.public_bytes(Encoding.PEM)
    for content, words in [
        (b"", "is not a certificate"),
        (secret, "is not a certificate"),
        (pem * 2, "has 2 certificates"),
    ]:
        (tmp_path / "key.pem").write_bytes(content)
        with pytest.raises(InputError, match=words):
            read_metadata(tmp_path / "feide.xml", certificate=tmp_path / "key.pem", on=ON)
    with pytest.raises(InputError, match="There is no file away"):
        read_metadata(tmp_path / "feide.xml", certificate=tmp_path / "away.pem", on=ON)
