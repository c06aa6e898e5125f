"""Laws of SAML metadata: nothing that was not signed comes through, and any octets at all end in one sentence."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from federation import HEAD, TAIL, Federation, SigningKey
from hypothesis import given
from hypothesis import strategies as st

from feideprov.errors import InputError
from feideprov.services.register.service import Service
from feideprov.services.sources.saml import read_metadata

ON = date(2026, 11, 23)
TOKENS = (
    *("<md:EntityDescriptor entityID='x'>", "</md:EntityDescriptor>", "<md:SPSSODescriptor>", "</md:SPSSODescriptor>"),
    *("<md:AttributeConsumingService>", "</md:AttributeConsumingService>", "<md:RequestedAttribute Name='a'/>"),
    *(
        "<md:EntitiesDescriptor>",
        "</md:EntitiesDescriptor>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "&x;",
        "<?x?>",
    ),
    *("<!DOCTYPE a>", "\x00", "\u202e", "<a b='", "'/>", " validUntil='x'", "<ds:Signature>", "</ds:Signature>", "]]>"),
)
EVIL = st.sampled_from([*TOKENS, TAIL]) | st.text(max_size=20)


@cache
def key() -> SigningKey:
    return SigningKey()


@cache
def signed() -> bytes:
    """A small federation, signed; the eighth entity asks for the number."""
    content = "".join((HEAD, *Federation(9).descriptors(), TAIL))
    return key().sign(content.encode())


def read(content: bytes, *, verified: bool) -> list[Service] | None:
    """The services; None where the content is refused."""
    with TemporaryDirectory() as name:
        path = Path(name, "feide.xml")
        path.write_bytes(content)
        certificate = key().write_certificate(Path(name, "key.pem")) if verified else None
        try:
            return list(read_metadata(path, certificate=certificate, on=ON))
        except InputError as error:
            sentence = str(error)
    assert sentence
    assert sentence.isprintable()
    return None


@cache
def what_was_signed() -> list[Service] | None:
    return read(signed(), verified=True)


def test_what_was_signed_is_read_at_all() -> None:
    assert what_was_signed()


@given(place=st.integers(0, len(signed()) - 1), octet=st.integers(0, 255))
def test_any_changed_octet_is_refused_or_changes_nothing(place: int, octet: int) -> None:
    """Nothing: in the signature's own white space, or in a certificate that is not looked at."""
    changed = signed()[:place] + bytes([octet]) + signed()[place + 1 :]
    assert read(changed, verified=True) in (None, what_was_signed())


@given(place=st.integers(0, len(signed())), evil=EVIL, taken=st.integers(0, 300))
def test_anything_put_in_or_taken_out_is_refused_or_changes_nothing(place: int, evil: str, taken: int) -> None:
    changed = signed()[:place] + evil.encode("utf-8", "surrogatepass") + signed()[place + taken :]
    assert read(changed, verified=True) in (None, what_was_signed())


@given(first=st.integers(0, len(signed())), length=st.integers(0, 5_000), to=st.integers(0, len(signed())))
def test_anything_repeated_elsewhere_is_refused_or_changes_nothing(first: int, length: int, to: int) -> None:
    changed = signed()[:to] + signed()[first : first + length] + signed()[to:]
    assert read(changed, verified=True) in (None, what_was_signed())


@given(pieces=st.lists(EVIL, max_size=30))
def test_any_metadata_is_read_or_refused_in_one_sentence(pieces: list[str]) -> None:
    read((HEAD + "".join(pieces) + TAIL).encode("utf-8", "surrogatepass"), verified=False)


@given(content=st.binary(max_size=300))
def test_any_octets_are_read_or_refused_in_one_sentence(content: bytes) -> None:
    read(content, verified=False)
    read(content, verified=True)
