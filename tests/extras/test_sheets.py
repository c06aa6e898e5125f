"""Sheets to fill in, as XLSX: text cells in columns of text, lists to choose from, and no trace of anybody."""

from __future__ import annotations

import getpass
import re
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from feideprov import Client, InputError
from feideprov.forms import number_form
from feideprov.sheets.form import Cells, Form, FormColumn
from feideprov.sheets.workbook import xlsx_sheet
from feideprov.testing import example_directory, example_settings

LAST_ROW = 1_048_576


@pytest.fixture
def feide(tmp_path: Path) -> Client:
    return Client(example_settings(tmp_path), directory=example_directory())


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def rows(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


@pytest.mark.parametrize("kind", ["people", "numbers", "services"])
def test_the_explanations_stand_above_the_headings(feide: Client, kind: Any) -> None:
    explanations, headings, *filled_in = rows(feide.sheet(kind, language="nb", keys=3))
    assert all(explanations)
    assert {"people": "Kilde-ID", "numbers": "Kilde-ID", "services": "Tjeneste-ID"}[kind] == headings[0]
    assert len(filled_in) == (3 if kind == "people" else 0)


def test_every_column_is_text_or_a_date_down_to_the_last_row(feide: Client) -> None:
    content = feide.sheet("people", language="nb")
    sheet, styles = part(content, "xl/worksheets/sheet1.xml"), part(content, "xl/styles.xml")
    formats = re.findall(r'<xf numFmtId="(\d+)"', re.search(r"<cellXfs.*?</cellXfs>", styles, re.DOTALL)[0])
    of_columns = [
        formats[int(style)]
        for first, last, style in re.findall(r'<col min="(\d+)" max="(\d+)" [^>]*style="(\d+)"', sheet)
        for _ in range(int(first), int(last) + 1)
    ]
    own = re.search(r'<numFmt numFmtId="(\d+)" formatCode="yyyy-mm-dd"/>', styles)
    assert own
    assert of_columns.count("49") == 13  # 49 is “@”, which is text
    assert of_columns.count(own[1]) == 1
    assert all(f'sqref="{letter}3:{letter}{LAST_ROW}"' in sheet for letter in "ABCDEFGHIJKLMN")  # the rules too
    assert f'<ignoredError sqref="A1:XFD{LAST_ROW}" numberStoredAsText="1"/>' in sheet


def test_words_are_chosen_from_lists(feide: Client) -> None:
    content = feide.sheet("people", language="nb")
    rules = {
        letter: rule
        for rule, letter in re.findall(
            r'(<dataValidation [^>]*sqref="(\w)3:.*?(?:/>|</dataValidation>))',
            part(content, "xl/worksheets/sheet1.xml"),
        )
    }
    choices = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(1).to_python(skip_empty_area=False)
    lists = {
        letter: [cell for row in choices if (cell := row["ABCDEFGHIJKLMN".index(letter)])]
        for letter, rule in rules.items()
        if f"Choices!${letter}$1" in rule
    }
    assert lists["F"] == ["elev", "deltaker", "lærer", "ansatt"]
    assert lists["E"] == [school.name for school in feide.organization.schools]
    assert lists["L"] == lists["M"] == ["har ikke nummer ennå"]
    assert lists["N"] == ["ja", "nei"]
    strict = {letter for letter, rule in rules.items() if 'showErrorMessage="1"' in rule}
    assert {"D", "F", "G", "N"} <= strict
    assert strict.isdisjoint("ELM")  # several schools, and numbers


def test_every_cell_is_text_and_none_is_a_formula_a_link_or_a_number(feide: Client) -> None:
    names = ["=1+1", "@SUM(A1)", "+4", "-5", " =1+1", "＝1+1", "https://feide.no", "0042"]
    form = number_form("en", [[name, "u@x.no", name, name, "2008-12-31"] for name in names])
    content = xlsx_sheet(form)
    sheet = part(content, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert set(re.findall(r"<c [^>]*>", sheet)) == set(re.findall(r'<c [^>]*t="s"[^>]*>', sheet))
    _, _, *filled_in = rows(content)
    assert [row[0] for row in filled_in] == [
        "'=1+1",
        "'@SUM(A1)",
        "'+4",
        "'-5",
        "' =1+1",
        "'＝1+1",
        "https://feide.no",
        "0042",
    ]
    assert {row[4] for row in filled_in} == {"2008-12-31"}


def test_nothing_is_written_to_a_temporary_folder(
    feide: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no such folder"))
    assert feide.sheet("people", keys=5_000)


def test_the_properties_of_the_file_name_nobody(feide: Client) -> None:
    form = Form("People", [FormColumn("Name", "As it is.", cells=Cells.DATE)], "No.", [["Olena Kovalenko"]])
    with zipfile.ZipFile(BytesIO(xlsx_sheet(form))) as archive:
        told = "".join(archive.read(name).decode() for name in archive.namelist() if name.startswith("docProps"))
    assert "Olena" not in told
    assert getpass.getuser() not in re.findall(r">([^<]+)<", told)
    assert "<dc:creator></dc:creator>" in told


def test_there_is_no_other_kind_of_sheet(feide: Client) -> None:
    for wrong in ({"kind": "peopl"}, {"kind": "people", "language": "de"}):
        with pytest.raises(InputError):
            feide.sheet(**wrong)  # type: ignore[arg-type]
