"""What a file is that is no table is told by its beginning, and what to do about it is said."""

from __future__ import annotations

import pytest

from feideprov.errors import InputError
from feideprov.files.known_file import FileKind, known_file
from feideprov.intake import read_number_list, read_person_list

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
FILES = {
    "picture (PNG)": (PNG, FileKind.PICTURE, "this is a picture"),
    "picture (JPEG)": (b"\xff\xd8\xff\xe0\0\x10JFIF", FileKind.PICTURE, "this is a picture"),
    "picture (HEIC)": (b"\0\0\0\x18ftypheic\0", FileKind.PICTURE, "this is a picture"),
    "PDF": (b"%PDF-1.7\n", FileKind.DOCUMENT, "this is a PDF"),
    "RTF": (b"{\\rtf1 text}", FileKind.DOCUMENT, "RTF"),
    "gzip": (b"\x1f\x8b\x08", FileKind.COMPRESSED, "Unpack it"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\x04", FileKind.COMPRESSED, "Unpack it"),
    "SQLite": (b"SQLite format 3\0", FileKind.DATABASE, "this is a database"),
    "Access": (b"\0\x01\0\0Standard ACE DB\0", FileKind.DATABASE, "this is a database"),
    "web page": (b"\xef\xbb\xbf <!-- x --><!DOCTYPE html>", FileKind.WEB_PAGE, "web page"),
    "PIFU": (
        b"<?xml version='1.0'?>\n<!-- made by x -->\n<enterprise xmlns='http://pifu.no/xsd/pifu-ims_sas-1.1'>",
        FileKind.ENTERPRISE,
        "PIFU-IMS",
    ),
    "PIFU with a prefix": (b"<p:enterprise xmlns:p='x'>", FileKind.ENTERPRISE, "PIFU-IMS"),
    "PIFU in UTF-16": ("<?xml version='1.0'?><enterprise>".encode("utf-16"), FileKind.ENTERPRISE, "PIFU-IMS"),
    "SAML metadata": (b"<md:EntitiesDescriptor xmlns:md='x'>", FileKind.SAML, "feideprov services import"),
    "spreadsheet in XML": (
        b"<?xml version='1.0'?>\n<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
        FileKind.SHEET_XML,
        "save it as XLSX",
    ),
    "link": (b'{"url": "https://docs.google.com/x"}', FileKind.LINK, "download it as XLSX"),
    "another XML": (b"<html5/>", FileKind.XML, "this is XML"),
    "saved plan": (b'{\n  "feideprov_plan": 2,', FileKind.PLAN, "feideprov apply PLAN --yes"),
    "PIFU as JSON": (b'{"enterprise": {"person": [{"sourcedid": {}}]}}', FileKind.PIFU_JSON, "converted to JSON"),
    "persons of PIFU as JSON": (b'[{"sourcedid": {"id": 1}}]', FileKind.PIFU_JSON, "converted to JSON"),
    "another JSON": (b'[{"id": "x"}]', FileKind.JSON, "this is JSON"),
    "empty JSON": (b"{}\n", FileKind.JSON, "this is JSON"),
    "LDIF": (b"# export\nversion: 1\n\ndn: uid=x,dc=no\n", FileKind.LDIF, "feideprov check --ldif"),
    "LDIF without a version": (b"dn:: dWlkPXg=\n", FileKind.LDIF, "feideprov check --ldif"),
    "contacts": (b"BEGIN:VCARD\r\nVERSION:3.0\r\n", FileKind.CONTACTS, "vCard"),
    "calendar": (b"BEGIN:VCALENDAR\r\n", FileKind.CALENDAR, "calendar"),
    "certificate": (b"-----BEGIN CERTIFICATE-----\n", FileKind.CERTIFICATE, "certificate"),
}


@pytest.mark.parametrize("read", [read_person_list, read_number_list], ids=["people", "numbers"])
@pytest.mark.parametrize("name", FILES)
def test_what_a_file_is_and_the_next_step(tmp_path, name, read):
    content, kind, words = FILES[name]
    found = known_file(content)
    assert found is not None
    assert found.kind is kind
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"^list.xlsx: .*{words}"):
        read(path)


@pytest.mark.parametrize(
    "content",
    [b"", b"dn;name\n", b"[id];name\n", b'"id";"name"\n', b"version;x\n", b"{id};x\n", b"BM;x\n", b"#;name\ndnr;x\n"],
)
def test_what_may_be_a_table(content):
    assert known_file(content) is None


@pytest.mark.parametrize("part", [b"<!---->", b"<?x?>", b"# x\r\n", b"\n", b"version: 1\n", b"[", b'{"'])
def test_a_long_beginning_takes_no_time(part):
    known_file(part * 5_000)
