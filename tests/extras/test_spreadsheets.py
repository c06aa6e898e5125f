"""Lists in XLSX, ODS and XLS: the sheet, the heading, the cells, and files that cannot be read."""

from __future__ import annotations

import random
import subprocess
import sys
import zipfile
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO

import pytest
import xlsxwriter
from size import size

from feideprov.errors import InputError
from feideprov.intake import read_number_list, read_person_list
from feideprov.progress import READING_ROWS, watched

ON = date(2026, 11, 22)
HEAD = ["Kilde-id", "Fornavn", "Etternavn", "Fødselsdato", "Skole", "Rolle", "Trinn", "Fødselsnummer"]
OLENA = ["p1", "Olena", "Kovalenko", datetime(2009, 3, 14), "hylla", "elev", 5]
DAMAGED = "is damaged, or only a part"


def write(path, sheets):
    """A spreadsheet; each sheet is its rows, or a function that writes it."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if callable(rows):
                rows(sheet)
                continue
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def changed(path, *, member="xl/worksheets/sheet1.xml", old, new):
    """A spreadsheet in which one member says something else."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    assert old in members[member]
    members[member] = members[member].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def converted(path, kind):
    """The same spreadsheet, as LibreOffice saves it."""
    profile = f"-env:UserInstallation=file://{path.parent}/office"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return path.with_suffix(f".{kind}")


@pytest.fixture
def people(tmp_path):
    return tmp_path / "people.xlsx"


def refused(path, **options):
    with pytest.raises(InputError) as caught:
        read_person_list(path, on=ON, **options)
    return str(caught.value)


def full(sheet):
    """A list with all that happens in spreadsheets: it begins at C4, and its cells are of every kind."""
    sheet.write(0, 2, "Elever ved Hylla skole")
    sheet.write_row(3, 2, HEAD)
    for row in range(4, 12):
        sheet.write_row(row, 2, [f"p{row}", *OLENA[1:]])
    sheet.set_row(5, None, None, {"hidden": True})
    sheet.write_number(4, 9, 1019912345)
    sheet.write_formula(5, 9, "=NA()", None, "#N/A")
    sheet.write_datetime(6, 9, datetime(1931, 5, 4))
    sheet.write_number(7, 9, 12345678901)
    sheet.write_formula(8, 2, "=NA()", None, "#N/A")
    sheet.write_datetime(9, 2, datetime(2026, 2, 1))
    sheet.write_number(10, 2, 1234567890123456789)
    sheet.write_number(11, 2, 40123)


def test_every_kind_of_cell_in_every_format(people):
    write(people, {"Elever": full, "Om skolen": [["Rektor", "Kari"]]})
    kinds = {"ods": converted(people, "ods"), "xls": converted(people, "xls"), "xlsx": people}
    for kind, path in kinds.items():
        check_full(path, kind)


def check_full(path, kind):
    path = path.rename(path.with_name("people.csv"))  # the name says nothing
    told = []
    with watched(lambda work: told.append((work.what, work.done, work.total))):
        found = read_person_list(path, on=ON)
    assert (READING_ROWS, 8, 8) in told
    assert (found.file.format, found.file.sheet, found.file.heading_row) == (kind, "Elever", 4)
    assert found.file.columns["source_id"] == "Kilde-id"
    assert [record.origin.row for record in found.records] == [5, 6, 7, 8, 12]
    assert {record.birth_date for record in found.records} == {date(2009, 3, 14)}
    assert {record.grade for record in found.records} == {"5"}
    assert found.records[-1].source_id == "40123"
    numbers = [record.national_number for record in found.records]
    assert [number.reveal() for number in numbers if number] == ["1019912345.0", "#N/A", "0.0", "12345678901"]
    assert [str(refusal.origin.in_file) for refusal in found.refusals] == [
        f"people.csv sheet Elever row {row}" for row in (9, 10, 11)
    ]
    assert {refusal.code for refusal in found.refusals} == {"R-SOURCE-ID"}
    for refusal, words in zip(found.refusals, ("found nothing", "made a date", "has shortened"), strict=True):
        assert words in refusal.sentence


def test_a_formula_without_a_result_is_told(people):
    def sheet(sheet):
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, OLENA)
        sheet.write_formula(1, 0, "=A9", None, "")
        sheet.write_row(2, 0, OLENA)
        sheet.write_formula(2, 7, "=A9", None, "")

    found = read_person_list(write(people, {"A": sheet}), on=ON)
    assert "without its result" in found.refusals[0].sentence
    assert found.records[0].national_number is not None  # the judge refuses it: N-NO-VALUE


def test_a_formula_whose_result_is_empty_is_an_empty_cell(people):
    def sheet(sheet):
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, OLENA)
        sheet.write_formula(1, 7, '=""', None, "")

    write(people, {"A": sheet})
    changed(people, old=b'<c r="H2">', new=b'<c r="H2" t="str">')
    assert read_person_list(people, on=ON).records[0].national_number is None


def test_days_of_1904_and_a_date_written_as_text(people):
    with xlsxwriter.Workbook(people, {"date_1904": True, "default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, OLENA)
        sheet.write_row(2, 0, ["p2", "Bjørn", "Åsæther", "14.03.2009", "hylla", "elev"])
    days = [record.birth_date for record in read_person_list(people, on=ON).records]
    assert days == [date(2009, 3, 14)] * 2


def test_several_lists_are_asked_about(people):
    rows = [HEAD, OLENA]
    write(people, {"Hylla": rows, "Om": [["x"]], "Fjell": [*rows, ["p2", *OLENA[1:]]]})
    said = refused(people)
    assert said == (
        "people.xlsx has several sheets with such a list: Hylla and Fjell. Run again with --sheet and the name of one."
    )
    assert len(read_person_list(people, on=ON, sheet="fjell ").records) == 2
    assert "has no sheet “Bygd” with content" in refused(people, sheet="Bygd")
    assert "sheet Om: the first row has no known headings" in refused(people, sheet="Om")
    assert "--encoding" in refused(people, encoding="cp850")


def test_a_list_that_lacks_a_column_says_so(people):
    said = refused(write(people, {"A": [["Elever"], [], HEAD[:5], OLENA[:5]]}))
    assert said.startswith("people.xlsx lacks a column that every person list must have: role")


def test_an_empty_spreadsheet(people):
    assert "is empty" in refused(write(people, {"A": [[]]}))


def test_number_lists_too(people):
    write(people, {"A": [["Liste"], ["Bruker", "Fødselsnummer"], ["olena@hylla.no", 12345678901]]})
    found = read_number_list(people, on=ON)
    assert (found.file.format, found.file.heading_row, found.rows[0].origin.row) == ("xlsx", 2, 3)


@pytest.mark.parametrize(
    ("cell", "far"),
    [
        ("A400001", b'<c r="XFD1"><v>1</v></c>'),
        ("A9", b'<c r="XFD400001" t="str"><v>x</v></c>'),
        ("A9", b'<c s="0" r="XFD400001"><v>1</v></c>'),
        (
            "A9",
            b'<x:c xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="ZZ900000"><x:v>1</x:v></x:c>',
        ),
    ],
    ids=["column", "text", "other order", "prefix"],
)
def test_a_cell_far_away_is_found_before_the_library_reads(people, cell, far):
    write(people, {"A": [HEAD, OLENA]})
    changed(people, old=b"</sheetData>", new=b'<row><c r="%b"><v>1</v></c>%b</row></sheetData>' % (cell.encode(), far))
    assert "has cells as far as row" in refused(people)


def test_a_sheet_whose_name_in_the_archive_is_of_no_sheet(people):
    """The library would read it, and it was not looked at: with a cell far away, the whole program would end."""
    write(people, {"Elever": [HEAD, OLENA]})
    with zipfile.ZipFile(people) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    far = b'<row r="400001"><c r="XFD400001" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    members["xl/worksheets/sheet1.bin"] = members["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", far)
    relations = "xl/_rels/workbook.xml.rels"
    members[relations] = members[relations].replace(b"sheet1.xml", b"sheet1.bin")
    with zipfile.ZipFile(people, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    code = f"""import resource
resource.setrlimit(resource.RLIMIT_AS, (3_000_000_000, 3_000_000_000))
from feideprov.intake import read_person_list
read_person_list({str(people)!r})"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=100)
    assert done.stderr.splitlines()[-1].startswith(
        "feideprov.errors.InputError: people.xlsx: the spreadsheet is damaged"
    )


def test_pictures_and_settings_of_a_printer_change_nothing(people):
    write(people, {"Elever": [HEAD, OLENA]})
    with zipfile.ZipFile(people, "a") as archive:
        archive.writestr("xl/media/image1.png", b"a picture")
    assert len(read_person_list(people, on=ON).records) == 1


def test_of_very_many_sheets_only_some_are_named(people):
    write(people, {f"Ark{number}": [HEAD, OLENA] for number in range(30)})
    with pytest.raises(InputError, match=r"Ark19 and …\. Run again with --sheet"):
        read_person_list(people, on=ON)


def test_a_cell_far_away_that_has_only_a_format_is_no_cell(people):
    write(people, {"A": [HEAD, OLENA]})
    changed(people, old=b"</sheetData>", new=b'<row><c r="XFD1048576" s="1"/></row></sheetData>')
    assert len(read_person_list(people, on=ON).records) == 1


def test_how_many_shared_texts_there_are_is_not_believed(people):
    write(people, {"A": [HEAD, OLENA]})
    changed(people, member="xl/sharedStrings.xml", old=b"uniqueCount=", new=b'uniqueCount="4000000000" x=')
    assert len(read_person_list(people, on=ON).records) == 1


def test_one_long_text_in_very_many_cells(people):
    write(people, {"A": [HEAD, OLENA]})
    changed(people, member="xl/sharedStrings.xml", old=b"<t>Olena</t>", new=b"<t>" + b"x" * 5_000_000 + b"</t>")
    cells = b"".join(b'<c r="A%d" t="s"><v>9</v></c>' % row for row in range(9, 500))
    changed(people, old=b"</sheetData>", new=b"<row>%b</row></sheetData>" % cells)
    assert "very long texts" in refused(people)


def test_archives_that_are_bombs_or_damaged(people, monkeypatch):
    monkeypatch.setattr("feideprov.tables.unpacked.LARGEST", 1_000_000)
    write(people, {"A": [HEAD, OLENA]})
    whole = people.read_bytes()
    with zipfile.ZipFile(people, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/more.xml", b" " * 1_000_000)
    assert "more content than 250 MB" in refused(people)
    with zipfile.ZipFile(BytesIO(whole)) as archive:
        first = archive.infolist()[0]
    place = whole.rindex(b"PK\1\2", 0, whole.index(first.filename.encode(), whole.index(b"PK\1\2")))
    people.write_bytes(whole[: place + 24] + b"\1\0\0\0" + whole[place + 28 :])  # the size that it says to have
    assert DAMAGED in refused(people)
    people.write_bytes(whole[: place + 8] + b"\1\0" + whole[place + 10 :])
    assert "has a password" in refused(people)


def test_a_spreadsheet_that_is_cut(people):
    whole = write(people, {"A": [HEAD, OLENA]}).read_bytes()
    for end in range(10, len(whole), max(1, len(whole) // size(20, 500))):
        people.write_bytes(whole[:end])
        refused(people)


def test_a_second_directory_in_the_archive_is_not_seen(people):
    write(people, {"A": [HEAD, OLENA]})
    people.write_bytes(people.read_bytes()[:-2] + b"\4\0more")
    assert len(read_person_list(people, on=ON).records) == 1


def test_passwords_of_office_and_of_libreoffice(people):
    people.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"))
    assert "has a password" in refused(people)
    with zipfile.ZipFile(people, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<m><manifest:encryption-data/></m>")
    assert "has a password" in refused(people)


def test_rows_of_ods_that_are_repeated(people):
    content = (
        '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><table:table table:name="A">'
        '<table:table-row><table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
        '</table:table-row><table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell office:value-type="string" table:number-columns-repeated="%d">'
        "<text:p>y</text:p></table:table-cell></table:table-row></table:table></office:document-content>"
    )
    for columns, words in ((16_384, "has cells as far as row"), (10**9, DAMAGED)):
        with zipfile.ZipFile(people, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("META-INF/manifest.xml", "<m/>")
            archive.writestr("content.xml", content % columns)
        assert words in refused(people)


def test_mutated_spreadsheets_are_read_or_refused(people, capfd):
    whole = write(people, {"Elever": full}).read_bytes()
    with zipfile.ZipFile(people) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(18)
    for _ in range(size(150, 5000)):
        damaged = dict(members)
        name = chance.choice([name for name in members if name.startswith("xl/")])
        content = bytearray(damaged[name])
        for _ in range(chance.randrange(1, 5)):
            place = chance.randrange(len(content))
            content[place : place + chance.randrange(6)] = bytes(
                chance.choices(b'0123456789<>/"&;cervst ', k=chance.randrange(6))
            )
        damaged[name] = bytes(content)
        with zipfile.ZipFile(people, "w") as archive:
            for one, text in damaged.items():
                archive.writestr(one, text)
        if chance.random() < 0.3:
            octets = bytearray(whole)
            octets[chance.randrange(len(octets))] = chance.randrange(256)
            people.write_bytes(octets)
        with suppress(InputError):
            read_person_list(people, on=ON)
    assert not capfd.readouterr().out
