"""Encodings, and files that are something else."""

from __future__ import annotations

import codecs
import re
import zipfile

import pytest

from feideprov.errors import InputError
from feideprov.intake import read_person_list
from feideprov.tables.text_file import octets, read_text, shown_name

from .conftest import HEAD, OLENA, WRONG

LIST = f"{HEAD}\n{OLENA}\np2;Bjørn;Åsæther;;hylla;elev\n"


def names(path):
    return [record.full_name for record in read_person_list(path).records]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encodings_that_excel_writes(write, encoding):
    assert names(write(LIST, encoding=encoding)) == ["Olena Kovalenko", "Bjørn Åsæther"]


def test_other_scripts_in_utf_8(write):
    assert names(write(f"{HEAD}\np1;Олена;عبد;;hylla;elev\n")) == ["Олена عبد"]


def test_the_whole_of_windows_1252(write):
    assert names(write(f"{HEAD}\np1;Žofia;Œ’Š;;hylla;elev\n", encoding="cp1252")) == ["Žofia Œ’Š"]


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D], ids=hex)
def test_bytes_that_windows_1252_leaves_undefined(write, byte):
    with pytest.raises(InputError, match="not UTF-8 or Windows-1252"):
        read_text(octets(write(LIST.encode("cp1252") + bytes([byte]))), "people.csv")


def test_utf_8_with_one_wrong_byte_is_not_read_as_windows_1252(write):
    with pytest.raises(InputError, match="CSV UTF-8"):
        read_text(octets(write(LIST.encode() + b"\xe6")), "people.csv")
    with pytest.raises(InputError, match="CSV UTF-8"):
        read_text(octets(write(codecs.BOM_UTF8 + HEAD.encode() + b"\n\xe6")), "people.csv")


def archive_of(*names):
    """An archive whose members have these names: what it is stands in them."""

    def make(path):
        with zipfile.ZipFile(path, "w") as file:
            for name in names:
                file.writestr(name, "")

    return make


def other_zip(path):
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("list.csv", LIST)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (archive_of("xl/workbook.bin", "[Content_Types].xml"), r"XLSB.*save it as XLSX"),
        (archive_of("Index/Document.iwa"), "Numbers, export it as XLSX"),
        (archive_of("[Content_Types].xml", "word/document.xml"), "Word"),
        (other_zip, "Unpack"),
    ],
    ids=["xlsb", "numbers", "word", "zip"],
)
def test_a_csv_that_is_an_archive(tmp_path, make, words):
    make(tmp_path / "people.csv")
    with pytest.raises(InputError, match=words) as caught:
        read_person_list(tmp_path / "people.csv")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"\0\0\0\x18ftypheic", "a picture"),
        (
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>",
            "spreadsheet in XML",
        ),
        (b'{"doc_id": "x", "url": "https://docs.google.com/open"}', "a link to a spreadsheet at Google"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"{\\rtf1 text}", "RTF"),
        (b"<!DOCTYPE html><table>", "HTML"),
        (b"  <html>", "HTML"),
        (codecs.BOM_UTF8 + b"<?xml version='1.0'?><enterprise/>", "XML"),
        (LIST.encode("utf-16"), "UTF-16"),
        (LIST.encode("utf-16-le"), "UTF-16"),
        (b"source_id\0", "UTF-16"),
        (b"", "is empty"),
        (b" \r\n\t\n", "is empty"),
        (codecs.BOM_UTF8 + b"\n", "is empty"),
    ],
    ids=[
        "png",
        "jpeg",
        "heic",
        "xml-2003",
        "google",
        "pdf",
        "gzip",
        "rtf",
        "doctype",
        "html",
        "xml",
        "utf-16",
        "no-mark",
        "nul",
        "empty",
        "blank",
        "mark",
    ],
)
def test_files_that_are_something_else(write, content, words):
    with pytest.raises(InputError, match=words) as caught:
        read_person_list(write(content))
    assert str(caught.value).startswith("people.csv: ")
    assert str(caught.value).endswith(".")


def test_no_file(tmp_path):
    with pytest.raises(InputError, match=r"no file people\.csv"):
        read_person_list(tmp_path / "people.csv")


def test_a_folder(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        read_person_list(tmp_path)


def test_a_path_that_is_none():
    with pytest.raises(InputError, match="a character that is not allowed"):
        read_person_list("people\0.csv")


def test_a_file_without_read_access(write, monkeypatch):
    def refuse(self, largest):
        raise PermissionError(13, "Permission denied", str(self))  # root, who runs some of these tests, may read all

    path = write(LIST)
    monkeypatch.setattr("feideprov.tables.text_file.content_of", refuse)
    with pytest.raises(InputError, match="no right to read"):
        read_person_list(path)


def test_a_failing_disk(write, monkeypatch):
    def fail(self, largest):
        raise OSError(5, "Input/output error", str(self))

    path = write(LIST)
    monkeypatch.setattr("feideprov.tables.text_file.content_of", fail)
    with pytest.raises(InputError, match=r"cannot be read: Input/output error\.") as caught:
        read_person_list(path)
    assert caught.value.__context__ is None


def test_denied_without_being_denied(write, monkeypatch):
    def deny(self, largest):
        raise PermissionError(13, "Permission denied", str(self))

    path = write(LIST)
    monkeypatch.setattr("feideprov.tables.text_file.content_of", deny)
    with pytest.raises(InputError, match="no right to read"):
        read_person_list(path)


def test_the_name_of_a_file_shows_no_number_and_no_folder(tmp_path):
    assert shown_name(tmp_path / "elever 2026.csv") == "elever 2026.csv"
    assert shown_name(tmp_path / "20260801.csv") == "20260801.csv"
    assert re.search(r"\d", shown_name(tmp_path / f"{WRONG}.csv")) is None
    assert shown_name(tmp_path / "a\nb\udcff.csv") == "a b?.csv"
    with pytest.raises(InputError) as caught:
        read_person_list(tmp_path / f"elev {WRONG}.csv")
    assert "12345" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("name", ["~$people.xlsx", ".~lock.people.xlsx#"])
def test_the_file_of_a_list_that_is_open_elsewhere(write, name):
    with pytest.raises(InputError, match="is not the list: a spreadsheet program has made it"):
        read_person_list(write(LIST, name=name))


def test_a_csv_file_has_no_sheets(write):
    with pytest.raises(InputError, match="a CSV file, which has no sheets"):
        read_person_list(write(LIST), sheet="Elever")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_the_facts_of_a_csv_file(write, encoding):
    file = read_person_list(write(f"Elever;;\n\n{LIST}", encoding=encoding)).file
    assert (file.format, file.encoding, file.sheet, file.heading_row) == ("csv", encoding, "", 3)
    assert file.columns["given_name"] == "given_name"
