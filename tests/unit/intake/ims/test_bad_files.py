"""Files that cannot be read: one sentence, with the file, the line and the element, and nothing of half a file."""

from __future__ import annotations

import pytest
from enterprise_file import NAMESPACES

from feideprov.errors import InputError
from feideprov.intake.ims.recognition import is_enterprise

from .conftest import file_of, person

WHOLE = file_of(person(), roles=[("p1", "hylla", "pupil")]).text()
PIFU = f'<enterprise xmlns="{NAMESPACES["1.3"]}">'


def bomb() -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 9}">' for n in range(1, 9))
    return f'<!DOCTYPE enterprise [<!ENTITY e0 "lol">{entities}]><enterprise>&e8;</enterprise>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE enterprise SYSTEM "ims_epv1p1.dtd"><enterprise/>', "document type"),
        (bomb(), "document type"),
        ('<enterprise xmlns="urn:somebody:else"/>', "namespace of another format"),
        (f"{PIFU}<person>{'<x>' * 10_000}", "100 levels"),
        (f"{PIFU}<person><name><n><given>{'x' * 20_000}</given></n></name></person></enterprise>", "10,000 characters"),
        (f'{PIFU}<person x="{"y" * 2_000_000}">', "1,024 kB"),
        (f"{PIFU}{''.join(f'<x{n}/>' for n in range(20_000))}", "1,000 names"),
        (f"{PIFU}<person>{'<email>x</email>' * 6_000}</person></enterprise>", "5,000 elements"),
        (f"{PIFU}<person><email>&x;</email>", "cut or is not valid XML"),
        ('<?xml version="1.0" encoding="klingon"?><enterprise/>', "encoding"),
    ],
    ids=lambda value: value[:20],
)
def test_what_only_an_attack_has_is_refused(read, text, words):
    with pytest.raises(InputError) as refused:
        read(text)
    assert words in str(refused.value)
    assert "eksport.xml was not read, and nothing of it is used (line 1" in str(refused.value)


@pytest.mark.parametrize("at", range(60, len(WHOLE) - 15, 97))
def test_a_cut_file_is_refused(read, at):
    with pytest.raises(InputError, match="is cut or is not valid XML"):
        read(WHOLE[:at])


def test_the_element_is_named(read):
    with pytest.raises(InputError, match=r"line 4, in the element person"):
        read(WHOLE[: WHOLE.index("<adr>")])


def test_letters_that_are_not_in_the_encoding_are_refused(read):
    with pytest.raises(InputError, match="not in the encoding"):
        read(WHOLE.replace("Kovalenko", "Bjørn").encode("latin-1"))


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252", "utf-8-sig"])
def test_other_encodings_are_read(read, encoding):
    text = WHOLE.replace("UTF-8", encoding.removesuffix("-sig")).replace("Kovalenko", "Bjørn")
    assert [one.family_name for one in read(text.encode(encoding)).records] == ["Bjørn"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("<enterprise>", True),
        ("\ufeff <?xml version='1.0'?>\n<!-- x -->\n<ims:enterprise xmlns:ims='x'>", True),
        ("<!DOCTYPE enterprise SYSTEM 'x'>", True),
        ("<!-- a long comment", True),
        ("<enterprises>", False),
        ("<html>", False),
        ("source_id;given_name", False),
        ("", False),
    ],
)
def test_a_file_is_told_by_how_it_begins(head, expected):
    assert is_enterprise(head.encode()) is expected
    assert is_enterprise(head.removeprefix("\ufeff").encode("utf-16")) is expected


@pytest.mark.parametrize(
    ("root", "words"),
    [
        ('<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"/>', "SAML metadata"),
        ("<html/>", "web page"),
        ("<people/>", "“people”"),
    ],
)
def test_other_xml_is_named(tmp_path, root, words):
    from feideprov.intake.ims.collector import read_model

    path = tmp_path / "x.xml"
    path.write_text(root, encoding="utf-8")
    with path.open("rb") as stream, pytest.raises(InputError, match=words):
        read_model(stream, "x.xml")
