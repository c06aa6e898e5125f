"""What is checked in a spreadsheet before a library opens it, and what its cells are as text."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov.no_value import MADE_DATE, NO_RESULT, no_value
from feideprov.tables import ods, xls, xlsx
from feideprov.tables.cells import text_of
from feideprov.tables.columns import Column
from feideprov.tables.sheet_size import column_letters, column_number
from feideprov.tables.unpacked import Unreadable, packed, unpacked

KEY, NUMBER, DAY = Column("source_id"), Column("national_number", holds_number=True), Column("on", holds_date=True)


@pytest.mark.parametrize(
    ("cell", "column", "text"),
    [
        ("31012345678.0", NUMBER, "31012345678.0"),
        (12345678901.0, NUMBER, "12345678901"),
        (1019912345.0, NUMBER, "1019912345.0"),
        (date(1931, 5, 4), NUMBER, "0.0"),
        (True, KEY, "true"),
        (40123.0, KEY, "40123"),
        (0.5, KEY, "0.5"),
        (1.234e18, KEY, "1.234E+18"),
        (float("inf"), KEY, "#NUM!"),
        (float("nan"), NUMBER, "#NUM!"),
        (date(2026, 2, 1), KEY, MADE_DATE),
        (date(2026, 2, 1), DAY, "2026-02-01"),
        (datetime(2026, 2, 1, 10, 30), DAY, "2026-02-01 10:30:00"),
        (time(6), DAY, "06:00:00"),
        (timedelta(days=1), DAY, "1 day, 0:00:00"),
    ],
)
def test_cells_as_text(cell, column, text):
    assert text_of(cell, column) == text


def test_what_stands_for_a_cell_that_says_nothing_is_no_value():
    assert no_value(MADE_DATE) is not None
    assert no_value(NO_RESULT) is not None
    assert no_value(text_of(float("nan"), KEY)) is not None


@given(st.integers(1, 10**6))
def test_columns_have_one_name_each(column):
    assert column_number(column_letters(column)) == column


def checked(cells):
    sheet = b"<worksheet><sheetData><row>%b</row></sheetData></worksheet>" % cells
    return xlsx.prepared({"xl/worksheets/sheet1.xml": sheet})["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="A1" t="s"><v>1</v></c>',
        b'<c r="BZ99999" s="4"><v>1</v></c>',
        b'<c r="A99" t="str"><f>""</f><v></v></c>',
        b'<c r="XFD1048576" s="1"/>',
        b'<c r="A1" vm="1"/><c r="B1" vm="1"/>',
        b"<c r='XFD1048576' s='1'></c>",
    ],
)
def test_a_cell_that_is_in_order_stays_as_it_is(cell):
    assert cell in checked(cell)


def test_an_error_and_a_formula_without_a_result_become_texts():
    assert b'<c r="A1" t="str"><v>#N/A</v></c>' in checked(b'<c r="A1" t="e"><v>#N/A</v></c>')
    for empty in (b"", b"<v/>", b"<v></v>", b"<v />"):
        found = checked(b'<c r="A1" s="1"><f>B1+1</f>%b</c><c r="B1"><v>1</v></c>' % empty)
        assert b'<c r="A1" s="1" t="str"><v>%b</v></c><c r="B1">' % NO_RESULT.encode() in found


def test_an_error_without_a_text_ends_where_its_tag_ends():
    assert checked(b'<c r="A1" t="e"/><c r="B1" t="e"/>').count(b"<c ") == 2
    with pytest.raises(Unreadable):
        checked(b'<c r="A1" t="e"><v>#N/A</v>')


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="XFD100000"><v>1</v></c>',
        b'<c s="1" r="XFD100000"><v>1</v></c>',
        b'<c r="xfd100000"><v>1</v></c>',
        b'<c r="A1" r="XFD100000"><v>1</v></c>',
        b'<c r="&#65;1"><v>1</v></c><c r="ABCD1"><v>1</v></c>',
        b"<c/>" * 3_000 + b'<c><v>1</v></c></row><row r="9999"><c><v>1</v></c>',
    ],
    ids=["far", "other order", "small letters", "two places", "no letters", "no places"],
)
def test_a_cell_that_is_too_far_away_however_it_is_written(cell):
    with pytest.raises(Unreadable):
        checked(cell)


def test_what_is_no_archive_no_xml_or_no_old_spreadsheet():
    for read, data in ((unpacked, b"PK\3\4"), (xls.marks, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))):
        with pytest.raises(Unreadable):
            read(data)
    for content in (b"", b"<a>", b"<a/>", b"<!DOCTYPE a><a/>"):
        with pytest.raises(Unreadable):
            ods.prepared({"content.xml": content})


def test_an_old_spreadsheet_whose_sectors_follow_each_other_in_a_ring_needs_no_memory():
    data = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40 * 512))
    struct.pack_into("<H", data, 30, 9)
    for further, count in ((0, 0), (0, 1000)):
        struct.pack_into("<II", data, 68, further, count)
        struct.pack_into("<109I", data, 76, 0, *[0xFFFFFFFF] * 108)
        tracemalloc.start()
        with pytest.raises(Unreadable):
            xls.marks(bytes(data))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 10 * len(data)


def archive_of(name, content=b"x"):
    octets = BytesIO()
    with zipfile.ZipFile(octets, "w") as archive:
        archive.writestr(name, content)
    return octets.getvalue()


@pytest.mark.parametrize("place", [2**40, 2**63, 2**64 - 1])
def test_a_member_that_begins_far_after_the_end_of_the_file(place):
    archive = bytearray(archive_of("a.xml"))
    directory, end = archive.index(b"PK\1\2"), archive.index(b"PK\5\6")
    large = struct.pack("<HHQ", 1, 8, place)  # APPNOTE.TXT 4.5.3
    struct.pack_into("<I", archive, end + 12, end - directory + len(large))
    struct.pack_into("<H", archive, directory + 30, len(large))
    struct.pack_into("<I", archive, directory + 42, 0xFFFFFFFF)
    archive[end:end] = large
    with pytest.raises(Unreadable):
        unpacked(bytes(archive))


def test_a_name_that_is_too_long_when_it_is_in_utf_8():
    with pytest.raises(Unreadable):
        unpacked(archive_of("a" * 40_000 + ".xml").replace(b"a" * 40_000, b"\xb0" * 40_000))


def test_an_archive_is_packed_as_it_was_checked():
    members = {"xl/workbook.xml": b"<a/>", "mimetype": b"b"}
    assert unpacked(packed(members, b"", {}).getvalue()) == members
