"""The workbook of participation records: a sheet for each scheme, and all of them are read back."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import reduce
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from feideprov import Client, InputError
from feideprov.nir import Rules, Scheme, Setting
from feideprov.nir.lists.participation import Participation, read_participation
from feideprov.nir.lists.participation_form import participation_forms
from feideprov.nir.words import SCHEMES
from feideprov.testing import example_directory, example_settings

ON: Final = date(2026, 11, 23)
LANGUAGES: Final[tuple[Literal["en", "nb", "nn"], ...]] = ("en", "nb", "nn")
Rows = Mapping[str, list[list[Any]]]


def read(path: Path, **how: Any) -> Participation:
    return read_participation(path, Setting(), Rules.shipped(), ON, columns={}, test=True, **how)


def workbook(path: Path, sheets: Rows) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write(number, place, cell)
    return path


@pytest.fixture
def feide(tmp_path: Path) -> Client:
    return Client(example_settings(tmp_path), directory=example_directory(), on=ON)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_workbook_has_a_sheet_for_each_scheme(
    feide: Client, tmp_path: Path, language: Literal["en", "nb", "nn"]
) -> None:
    content = feide.sheet("nir", language=language)
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names == [*(words.in_language(language) for words in SCHEMES.values()), "Choices"]
    for place, form in enumerate(participation_forms(language, Rules.shipped(), {})):
        rows = book.get_sheet_by_index(place).to_python(skip_empty_area=False)
        headings = [column.heading for column in form.columns]
        assert rows == [[column.explanation for column in form.columns], headings]
    path = tmp_path / "empty.xlsx"
    path.write_bytes(content)
    found = read(path)
    assert (found.records, found.refusals, found.notes, found.ignored_columns) == ((), (), (), ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sheet_is_read_and_its_name_says_the_scheme(tmp_path: Path, language: Literal["en", "nb", "nn"]) -> None:
    sheets = {
        form.title: [
            [column.explanation for column in form.columns],
            [column.heading for column in form.columns],
            [f"a-{place}"],
        ]
        for place, form in enumerate(participation_forms(language, Rules.shipped(), {}))
    }
    found = read(workbook(tmp_path / "list.xlsx", sheets))
    assert [(one.record.person.key, one.record.scheme) for one in found.records] == [
        (f"a-{place}", scheme) for place, scheme in enumerate(SCHEMES)
    ]
    assert [(one.origin.sheet, one.origin.row) for one in found.records] == [(title, 3) for title in sheets]
    [one] = read(tmp_path / "list.xlsx", sheet=list(sheets)[2].upper()).records
    assert one.record.scheme is Scheme.MOTTAK_OPPLAERING


def test_cells_of_every_type(tmp_path: Path) -> None:
    heading = [
        "key",
        "Passnummer",
        "Ankomst",
        "Timer norsk",
        "Permisjon",
        "Kommune i Folkeregisteret",
        "morsmaal_in_nir",
    ]
    row = [4711, 123456789, date(2026, 1, 5), 37.5, date(2026, 2, 1), 301, "5.3.2026"]
    found = read(workbook(tmp_path / "list.xlsx", {"Norsk og samfunnskunnskap": [heading, row]}))
    assert found.refusals == ()
    [listed] = found.records
    person, values = listed.record.person, listed.record.values
    assert (person.key, person.arrived, person.register_municipality) == ("4711", date(2026, 1, 5), "0301")
    assert [one.value.get_secret_value() for one in person.numbers] == ["123456789"]
    assert (str(values["timer_norsk"].content), values["permisjon"].available_on) == ("37.5", date(2026, 2, 1))
    assert values["morsmaal"].seen_in_nir is not None


def test_people_who_contradict_themselves_in_several_sheets(tmp_path: Path) -> None:
    sheets = {
        "Introduksjonsprogram": [["Nøkkel", "Ankomst"], ["a-1", "2026-01-01"]],
        "Norsk og samfunnskunnskap": [["Nøkkel", "Ankomst"], ["a-1", "2026-01-02"]],
        "Notater": [["Møte", "på fredag"], ["x", "y"]],
    }
    found = read(workbook(tmp_path / "list.xlsx", sheets))
    assert len(found.records) == 2
    assert [(one.code, one.origin and one.origin.sheet) for one in found.refusals] == [
        ("R-NIR-PERSON", "Introduksjonsprogram"),
        ("R-NIR-PERSON", "Norsk og samfunnskunnskap"),
    ]
    assert "sheet Norsk og samfunnskunnskap row 2" in found.refusals[0].sentence


def test_a_row_may_not_say_another_scheme_than_its_sheet(tmp_path: Path) -> None:
    rows = [["key", "scheme"], ["a-1", "mottak_opplaering"], ["a-2", "introduksjonsprogram"], ["a-3", ""]]
    found = read(workbook(tmp_path / "list.xlsx", {"Introduksjonsprogram": rows}))
    assert [(one.code, one.origin and one.origin.row) for one in found.refusals] == [("R-NIR-SCHEME", 2)]
    assert [one.record.person.key for one in found.records] == ["a-2", "a-3"]


def test_a_sheet_that_says_no_scheme_needs_one(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", {"Ark1": [["key"], ["a-1"]]})
    with pytest.raises(InputError, match="sheet Ark1 does not say of which scheme it is"):
        read(path)
    assert [one.record.scheme for one in read(path, scheme=Scheme.NORSK).records] == [Scheme.NORSK]


def test_each_cell_offers_the_words_of_its_own_column(feide: Client) -> None:
    content = feide.sheet("nir", language="nb")
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    lists = list(zip(*book.get_sheet_by_name("Choices").to_python(skip_empty_area=False), strict=True))
    for place, form in enumerate(participation_forms("nb", Rules.shipped(), {})):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            sheet = archive.read(f"xl/worksheets/sheet{place + 1}.xml").decode()
        rules = re.findall(r'<dataValidation type="list"[^>]*sqref="([A-Z]+)3:.*?Choices!\$([A-Z]+)\$1', sheet)
        offered = {_place(cell): tuple(filter(None, lists[_place(choices)])) for cell, choices in rules}
        assert offered == {number: one.choices for number, one in enumerate(form.columns) if one.choices}


def test_a_column_of_days_takes_the_word_that_takes_back(feide: Client) -> None:
    with zipfile.ZipFile(BytesIO(feide.sheet("nir", language="nn"))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    [settled] = re.findall(r'<dataValidation type="custom"[^>]*sqref="K3:[^>]*><formula1>(.*?)</formula1>', sheet)
    assert settled.count("K3") == 4
    assert (settled.count("TODAY()"), 'TRIM(K3)="fjern"' in settled.replace("&quot;", '"')) == (1, True)
    assert '<pane xSplit="1" ySplit="2"' in sheet  # the key of the person stays in sight


def _place(letters: str) -> int:
    return reduce(lambda place, letter: place * 26 + ord(letter) - 64, letters, 0) - 1


def test_a_sheet_of_a_scheme_without_keys_is_not_left_out_in_silence(tmp_path: Path) -> None:
    good = [["Nøkkel", "Ankomst"], ["a-1", "2025-01-10"]]
    others = {
        "Notater": [["Husk å ringe"]],
        SCHEMES[Scheme.NORSK].in_language("nb"): [["Elev-ID", "Ankomst"], ["a-2", "2025-01-10"]],
    }
    path = workbook(tmp_path / "mixed.xlsx", {SCHEMES[Scheme.INTRODUKSJONSPROGRAM].in_language("nb"): good, **others})
    with pytest.raises(
        InputError, match=f"sheet {SCHEMES[Scheme.NORSK].in_language('nb')} has the name of a scheme, but no heading"
    ):
        read(path)
    one = read(path, sheet=SCHEMES[Scheme.INTRODUKSJONSPROGRAM].in_language("nb"))
    assert [listed.record.person.key for listed in one.records] == ["a-1"]
