"""A signature in a small file is verified by signxml, in a large one by our digest: both say the same of every file."""

from __future__ import annotations

import base64
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from federation import DS, EXCLUSIVE, SigningKey
from lxml import etree

from feideprov.errors import InputError
from feideprov.services.sources import saml_signature
from feideprov.services.sources.saml import read_metadata
from tests.extras.test_saml_signatures import END, entity, metadata, opening, root_of, signature_of

CASES = Path(__file__).parents[1] / "data" / "cases"
ON = date(2026, 11, 29)
COMMENTS = "#WithComments"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
FORMS = (EXCLUSIVE, EXCLUSIVE.removesuffix("#") + COMMENTS, INCLUSIVE, INCLUSIVE + COMMENTS)
WAYS = {"by signxml": 2**40, "by us": 0}
GOOD = ["saml:https://good.example"]


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey()


@pytest.fixture
def both(tmp_path: Path, key: SigningKey, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], list[object]]:
    """What is read of a file, or the sentence of its refusal, in each way."""
    certificate = key.write_certificate(tmp_path / "key.pem")

    def read(content: bytes) -> list[object]:
        (tmp_path / "feide.xml").write_bytes(content)
        said: list[object] = []
        for largest in WAYS.values():
            monkeypatch.setattr(saml_signature, "LARGEST_FOR_SIGNXML", largest)
            try:
                said.append([one.id for one in read_metadata(tmp_path / "feide.xml", certificate=certificate, on=ON)])
            except InputError as error:
                said.append(str(error))
        return said

    return read


Both = Callable[[bytes], list[object]]


@pytest.mark.parametrize("largest", WAYS.values(), ids=WAYS)
def test_a_reference_inside_the_document_drops_comments(largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """XML Signature 4.4.3.3; signed by xmlsec."""
    monkeypatch.setattr(saml_signature, "LARGEST_FOR_SIGNXML", largest)
    certificate = CASES / "signed-withcomments.cert.pem"
    read = read_metadata(CASES / "signed-withcomments.xml", certificate=certificate, on=ON)
    assert [one.id for one in read] == ["saml:https://sp.example.org/"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("reference", ["federation-1", ""])
def test_comments_come_and_go_in_each_canonical_form(both: Both, key: SigningKey, form: str, reference: str) -> None:
    content = metadata("good.example")
    if not reference:
        content = content.replace(b' ID="federation-1"', b"")
    signed = key.sign(content, reference=reference, form=form)
    assert both(signed) == [GOOD, GOOD]
    assert both(signed.replace(b"<!-- for alle -->", b"")) == [GOOD, GOOD]
    around = b"<!-- before -->" + root_of(signed).replace(b"</md:SPSSO", b"<!-- in -->\n</md:SPSSO".replace(b"\n", b""))
    assert both(around + b"<!-- after -->") == [GOOD, GOOD]


TELLING = """<md:ContactPerson contactType="support"><md:EmailAddress>help@<!-- signed -->good.example</md:EmailAddress>
      </md:ContactPerson></md:EntityDescriptor>"""
MAIL = ["help@good.example"]


@pytest.mark.parametrize("largest", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("form", FORMS)
def test_no_comment_cuts_off_what_was_signed(
    key: SigningKey, form: str, largest: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some parsers give only the text before a comment: “help@good.example<!-- -->.evil.example”."""
    monkeypatch.setattr(saml_signature, "LARGEST_FOR_SIGNXML", largest)
    certificate, path = key.write_certificate(tmp_path / "key.pem"), tmp_path / "feide.xml"
    signed = key.sign(metadata("good.example").replace(b"</md:EntityDescriptor>", TELLING.encode()), form=form)
    for one in (b"help@", b"he<!-- evil -->lp@", b"<!---->help<!-- e --><!-- vil -->@"):
        path.write_bytes(signed.replace(b"help@", one))
        [found] = read_metadata(path, certificate=certificate, on=ON)
        assert [contact.mail for contact in found.contacts] == MAIL
    path.write_bytes(signed.replace(b"help@", b"help@<?evil?>"))  # an instruction is signed
    with pytest.raises(InputError, match="was changed after it was signed"):
        read_metadata(path, certificate=certificate, on=ON)


@pytest.mark.parametrize("form", FORMS)
def test_comments_in_what_the_signature_says_count_by_its_own_form(both: Both, key: SigningKey, form: str) -> None:
    signed = key.sign(metadata("good.example"), form=form)
    first, second = both(signed.replace(b"<ds:SignedInfo>", b"<ds:SignedInfo><!-- new -->", 1))
    assert first == second
    assert (first == GOOD) is not form.endswith(COMMENTS)


WRONG: dict[str, Callable[[bytes], bytes]] = {
    "a word": lambda file: file.replace(b"banken", b"kassen"),
    "an entity more": lambda file: file.replace(END.encode(), entity("evil.example").encode() + END.encode()),
    "an instruction": lambda file: file.replace(b"</md:SPSSO", b"<?evil?></md:SPSSO"),
    "another digest": lambda file: file.replace(b"<ds:DigestValue>", b"<ds:DigestValue>AAAA"),
    "another reference": lambda file: file.replace(b'"#federation-1"', b'"#federation-2"'),
    "an xpointer": lambda file: file.replace(b'"#federation-1"', b'"#xpointer(/)"'),
    "another id": lambda file: file.replace(b' ID="federation-1"', b' ID="x" Id="federation-1"'),
    "an id twice": lambda file: file.replace(b"<md:EntityDescriptor", b'<md:EntityDescriptor ID="federation-1"'),
    "no transform": lambda file: file.replace(b"<ds:Transforms>", b"<!--").replace(b"</ds:Transforms>", b"-->"),
    "wrapped": lambda file: (
        opening("federation-1") + signature_of(file) + root_of(file).replace(signature_of(file), b"") + END.encode()
    ),
    "two signatures": lambda file: file.replace(signature_of(file), signature_of(file) * 2),
}


@pytest.mark.parametrize("form", [FORMS[0], FORMS[3]])
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_refused_with_the_same_sentence(both: Both, key: SigningKey, wrong: str, form: str) -> None:
    signed = key.sign(metadata("good.example"), form=form)
    changed = WRONG[wrong](signed)
    assert changed != signed
    first, second = both(changed)
    assert first == second
    assert isinstance(first, str)


@pytest.mark.parametrize("references", [["#xpointer(/)"], ["#xpointer(id('federation-1'))"], ["#federation-1"] * 2])
def test_a_reference_that_saml_does_not_have_is_told_as_that(
    both: Both, key: SigningKey, references: list[str]
) -> None:
    """SAML 2.0 Core 5.4.2: one reference, to the ID of the root. These are in files that somebody really signed."""
    root = etree.fromstring(key.sign(metadata("good.example")))
    info = root.find(f"{{{DS}}}Signature/{{{DS}}}SignedInfo")
    first = info.find(f"{{{DS}}}Reference")
    for uri in references:
        info.append(deepcopy(first))
        info[-1].set("URI", uri)
    info.remove(first)
    octets = etree.tostring(info, method="c14n", exclusive=True)
    signature = key.private.sign(octets, padding.PKCS1v15(), hashes.SHA256())
    root.find(f"{{{DS}}}Signature/{{{DS}}}SignatureValue").text = base64.b64encode(signature).decode()
    said = (
        "feide.xml was not read: its signature does not have the form that SAML requires. Download it again from the "
    )
    assert both(etree.tostring(root)) == [f"{said}federation."] * 2


@pytest.mark.parametrize("form", FORMS)
def test_the_octets_are_the_same(key: SigningKey, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = metadata("good.example").replace(
        b"<md:SPSSODescriptor", b'<md:SPSSODescriptor  xmlns="urn:x" b="1"\n a="&#xe6;"', 1
    )
    signed = key.sign(text, form=form)
    verifier = saml_signature.SignatureVerifier(key.write_certificate(tmp_path / "key.pem"), ON)
    (tmp_path / "feide.xml").write_bytes(signed)
    octets = []
    for largest in WAYS.values():
        monkeypatch.setattr(saml_signature, "LARGEST_FOR_SIGNXML", largest)
        with (tmp_path / "feide.xml").open("rb") as stream:
            octets.append(verifier.signed_content(stream, "feide.xml"))
    assert octets[0] == octets[1]
    assert b"<!--" not in octets[0]
    assert b"Signature" not in octets[0]


@pytest.mark.parametrize(
    ("years", "on"),
    [
        ((2030, 2031), date(2030, 6, 1)),
        ((2030, 2031), date(2030, 1, 1)),
        ((2030, 2031), date(2031, 1, 1)),
        ((2019, 2021), date(2020, 6, 1)),
    ],
)
def test_the_day_that_is_given_counts_and_not_the_clock(tmp_path: Path, years: tuple[int, int], on: date) -> None:
    of_then = SigningKey(years=years)
    certificate = of_then.write_certificate(tmp_path / "key.pem")
    (tmp_path / "feide.xml").write_bytes(of_then.sign(metadata("good.example")))
    assert [one.id for one in read_metadata(tmp_path / "feide.xml", certificate=certificate, on=on)] == GOOD
