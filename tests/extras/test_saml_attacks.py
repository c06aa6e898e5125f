"""Metadata that attacks its reader: each kind is refused in one sentence, quickly and in little memory."""

from __future__ import annotations

import itertools
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from federation import Federation, SigningKey

from feideprov.errors import InputError
from feideprov.services.sources import saml_file
from feideprov.services.sources.saml import read_metadata

ON = date(2026, 11, 23)
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
CANARY = "what-only-this-machine-knows"
ROOT = f'<md:EntitiesDescriptor xmlns:md="{MD}">'
ENTITY = f'{ROOT}<md:EntityDescriptor entityID="https://sp.example">'
ENDS = "</md:EntityDescriptor></md:EntitiesDescriptor>"
BOMB = "\n".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return SigningKey()


@contextmanager
def quickly() -> Iterator[None]:
    """Neither time nor memory goes up with what the attack would make of the file."""
    peak, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    yield
    assert time.process_time() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 30 * 1024  # kB


def write(path: Path, *pieces: str | tuple[str, int]) -> Path:
    """A file of texts, and of texts so many times over, which this process never holds."""
    with path.open("w") as file:
        for piece in pieces:
            text, times = (piece, 1) if isinstance(piece, str) else piece
            file.writelines(itertools.repeat(text, times))
    return path


def refusal(path: Path, certificate: Path | None = None) -> str:
    with quickly(), pytest.raises(InputError) as caught:
        list(read_metadata(path, certificate=certificate, on=ON))
    said = str(caught.value)
    assert "\n" not in said
    assert CANARY not in said
    return said


def doctypes(secret: Path) -> dict[str, str]:
    outside = f'"{secret.as_uri()}"'
    return {
        "billion laughs": f'<!DOCTYPE md [<!ENTITY l0 "ha">{BOMB}]>{ENTITY}&l29;{ENDS}',
        "quadratic blow-up": f'<!DOCTYPE md [<!ENTITY a "{"ha" * 50_000}">]>{ENTITY}{"&a;" * 50_000}{ENDS}',
        "entity in an attribute": f'<!DOCTYPE md [<!ENTITY a "b">]>{ROOT}<md:EntityDescriptor entityID="&a;"/></md:x>',
        "external entity": f"<!DOCTYPE md [<!ENTITY a SYSTEM {outside}>]>{ENTITY}&a;{ENDS}",
        "external parameter entity": f"<!DOCTYPE md [<!ENTITY % a SYSTEM {outside}> %a;]>{ENTITY}{ENDS}",
        "external document type": f"<!DOCTYPE md SYSTEM {outside}>{ENTITY}{ENDS}",
        "public document type": f'<!DOCTYPE md PUBLIC "-//X//DTD X//EN" "http://127.0.0.1:9/x.dtd">{ENTITY}{ENDS}',
        "attributes by default": f'<!DOCTYPE md [<!ATTLIST md a CDATA "b">]>{ENTITY}{ENDS}',
        "empty document type": f"<!DOCTYPE md>{ENTITY}{ENDS}",
    }


@pytest.mark.parametrize("attack", doctypes(Path("/nowhere")))
@pytest.mark.parametrize("signed", [False, True], ids=["unsigned", "with a certificate"])
def test_a_document_type_is_refused_whatever_is_in_it(
    tmp_path: Path, attack: str, signed: bool, key: SigningKey
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    path = tmp_path / "feide.xml"
    path.write_text(doctypes(secret)[attack])
    certificate = key.write_certificate(tmp_path / "key.pem") if signed else None
    assert refusal(path, certificate) == (
        "feide.xml was not read: it has a document type (DOCTYPE), and that can be an attack. SAML metadata "
        "does not need a document type. Download the file again from the federation."
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("attack", ["billion laughs", "external entity", "external document type"])
def test_no_encoding_hides_a_document_type(tmp_path: Path, attack: str, encoding: str) -> None:
    """UTF-16 without a byte order mark too: the parser detects it by the first “<”."""
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    path = tmp_path / "feide.xml"
    path.write_bytes(doctypes(secret)[attack].encode(encoding))
    assert "document type (DOCTYPE)" in refusal(path)


def test_an_encoding_that_could_hide_a_document_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feide.xml"
    hidden = "+ADwAIQ-DOCTYPE md+AD4-"  # “<!DOCTYPE md>” in UTF-7
    path.write_bytes(f'<?xml version="1.0" encoding="utf-7"?>{hidden}{ENTITY}{ENDS}'.encode())
    assert refusal(path) == "feide.xml has an encoding that cannot be read. Save it as UTF-8."


def test_an_entity_that_the_file_does_not_declare_is_no_xml(tmp_path: Path) -> None:
    path = tmp_path / "feide.xml"
    path.write_text(f"{ENTITY}&l29;{ENDS}")
    assert "is not valid XML" in refusal(path)


TOO_MUCH: dict[str, tuple[str, tuple[str | tuple[str, int], ...]]] = {
    "deep nesting": ("elements more than 64 levels deep", (ROOT, ("<md:Extensions>", 500_000))),
    "deep groups": ("elements more than 64 levels deep", ((ROOT, 500_000),)),
    "deep in an entity": ("elements more than 64 levels deep", (ENTITY, ("<md:Extensions>", 500_000))),
    "an attribute of 100 kB": ("attributes of more than 64 kB", (ENTITY, "<md:X a='", ("x", 100_000), f"'/>{ENDS}")),
    "nine thousand attributes": (
        "attributes of more than 64 kB",
        (ENTITY, "<md:X ", *(f"attribute{n}='x' " for n in range(9_000)), f"/>{ENDS}"),
    ),
    "an attribute of 50 MB": ("a tag or a comment of more", (ENTITY, "<md:X a='", ("x" * 50, 10**6), f"'/>{ENDS}")),
    "an attribute without end": ("a tag or a comment of more", (ENTITY, "<md:X a='", ("x" * 50, 10**5))),
    "a comment of 50 MB": ("a tag or a comment of more", (ENTITY, "<!--", ("x" * 50, 10**6), f"-->{ENDS}")),
    "a name of 50 MB": ("a tag or a comment of more", (ENTITY, "<", ("x" * 50, 10**6), f"/>{ENDS}")),
    "ever new names": ("more than 10,000 names", (ENTITY, *(f"<a{n}/>" for n in range(50_000)), ENDS)),
    "ever new attributes": ("more than 10,000 names", (ENTITY, *(f"<a b{n}=''/>" for n in range(50_000)), ENDS)),
    "ever new namespaces": ("more than 10,000 names", (ENTITY, *(f"<a xmlns='x:{n}'/>" for n in range(50_000)), ENDS)),
    "an entity of 50 MB": (
        "more than 8 MB about one entity",
        (ENTITY, "<md:Organization><md:OrganizationName>", ("x" * 50, 10**6)),
    ),
    "an entity of empty elements": ("more than 8 MB about one entity", (ENTITY, ("<md:Organization/>", 10**6), ENDS)),
}


@pytest.mark.parametrize("attack", TOO_MUCH)
@pytest.mark.parametrize("signed", [False, True], ids=["unsigned", "with a certificate"])
def test_what_no_metadata_has_is_refused(tmp_path: Path, attack: str, signed: bool, key: SigningKey) -> None:
    """With a certificate too it is found before any other parser sees the file."""
    words, pieces = TOO_MUCH[attack]
    certificate = key.write_certificate(tmp_path / "key.pem") if signed else None
    said = refusal(write(tmp_path / "feide.xml", *pieces), certificate)
    assert said.startswith("feide.xml was not read, because SAML metadata never has this: ")
    assert words in said
    assert said.endswith(" (line 1). Download the file again from the federation.")


def test_text_that_is_not_about_a_service_may_be_long_and_is_not_kept(tmp_path: Path) -> None:
    pieces = (ROOT, (" " * 50, 10**5), "<md:Logo>", ("x" * 50, 10**6), "</md:Logo><?pi x?></md:EntitiesDescriptor>")
    path = write(tmp_path / "feide.xml", *pieces)
    with quickly():
        assert list(read_metadata(path, on=ON)) == []


def test_an_entity_is_let_go_before_the_next(tmp_path: Path) -> None:
    entity = '<md:EntityDescriptor entityID="https://sp.example"><md:Organization>'
    pieces = (entity, ("x" * 50, 100_000), "</md:Organization></md:EntityDescriptor>")
    path = write(tmp_path / "feide.xml", ROOT, *(pieces * 20), "</md:EntitiesDescriptor>")
    with quickly():
        assert list(read_metadata(path, on=ON)) == []


@pytest.mark.parametrize("node", ["<a/>", "<!---->", "<?a?>", "<a b='' c=''/>"])
def test_a_file_of_very_many_pieces_is_refused(tmp_path: Path, node: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saml_file, "NODES", 100_000)
    said = refusal(write(tmp_path / "feide.xml", ROOT, (node, 100_000), "</md:EntitiesDescriptor>"))
    assert "more than 100,000 elements, attributes and comments" in said


def test_the_limits_are_far_from_what_metadata_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entities as a federation publishes them, with a quarter of what is allowed."""
    for limit in ("LEVELS", "ATTRIBUTES", "PIECE", "PART", "NAMES"):
        monkeypatch.setattr(saml_file, limit, getattr(saml_file, limit) // 4)
    monkeypatch.setattr(saml_file, "NODES", saml_file.NODES // 4 // 100)
    federation = Federation(100)
    path = federation.write(tmp_path / "feide.xml")
    assert len(list(read_metadata(path, on=ON))) == len(federation.asking)
