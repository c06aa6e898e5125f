"""A sheet that a person fills in: with LibreOffice, which saves it in other formats, or as Excel saves it."""

from __future__ import annotations

import csv
import io
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

Cells = Mapping[tuple[int, int], str | date]
"""What is written, by row and column; the first is 1."""

_CSV = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false"
"""Separated by semicolons, in UTF-8, each cell as it is shown."""
_TABLE, _OFFICE, _TEXT = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("table", "office", "text"))


def converted(files: Sequence[Path], to: str, folder: Path, profile: Path) -> list[Path]:
    """The files, saved by LibreOffice as `xlsx`, `ods` or `csv`."""
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to"),
            *(_CSV if to == "csv" else to, "--outdir", str(folder), *map(str, files)),
        ],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return [folder / f"{file.stem}.{to}" for file in files]


def fill_in(ods: Path, cells: Cells) -> None:
    """Write cells into the first sheet of an ODS file, in the columns' own formats."""
    with zipfile.ZipFile(ods) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for prefix, uri in (("table", _TABLE), ("office", _OFFICE), ("text", _TEXT)):
        ET.register_namespace(prefix, uri)
    content = ET.fromstring(parts["content.xml"])
    table = next(content.iter(f"{{{_TABLE}}}table"))
    rows = _apart(table, "table-row", max(row for row, _ in cells))
    for row in {row for row, _ in cells}:
        of_row = _apart(rows[row - 1], "table-cell", max(column for _, column in cells))
        for (_, column), value in ((place, value) for place, value in cells.items() if place[0] == row):
            _write(of_row[column - 1], value)
    parts["content.xml"] = ET.tostring(content)
    with zipfile.ZipFile(ods, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def filled_in(sheet: Path, made: Path, cells: Cells, *, encoding: str = "utf-8-sig") -> str:
    """The first sheet with these cells, as Excel saves it: XLSX or, separated by semicolons, CSV. Gives its path."""
    from python_calamine import CalamineWorkbook

    read = CalamineWorkbook.from_path(str(sheet)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    rows: list[list[Any]] = [list(row) for row in read]
    rows += [[""] * len(rows[0]) for _ in range(max(row for row, _ in cells) - len(rows))]
    for (row, column), value in cells.items():
        rows[row - 1][column - 1] = value
    if made.suffix == ".xlsx":
        _save(made, rows)
    else:
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
        made.write_bytes(text.getvalue().encode(encoding))
    return str(made)


def _save(made: Path, rows: Sequence[Sequence[Any]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("Ark1")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell)
                elif cell != "":
                    sheet.write_string(number, place, cell)


def _apart(parent: ET.Element, kind: str, count: int) -> list[ET.Element]:
    """The first rows or cells, each an element of its own: several that are equal are one element."""
    repeated = f"{{{_TABLE}}}number-{'rows' if kind == 'table-row' else 'columns'}-repeated"
    found: list[ET.Element] = []
    for element in parent.findall(f"{{{_TABLE}}}{kind}"):
        if len(found) >= count:
            break
        times, place = int(element.attrib.pop(repeated, 1)), list(parent).index(element)
        single = min(times, count - len(found))
        copies = [ET.fromstring(ET.tostring(element)) for _ in range(single - 1)]
        for copy in copies:
            parent.insert(place, copy)
        if times > single:
            rest = ET.fromstring(ET.tostring(element))
            rest.set(repeated, str(times - single))
            parent.insert(place + single, rest)
        found += [*copies, element]
    return found


def _write(cell: ET.Element, value: str | date) -> None:
    for inner in list(cell):
        cell.remove(inner)
    if isinstance(value, date):
        cell.set(f"{{{_OFFICE}}}value-type", "date")
        cell.set(f"{{{_OFFICE}}}date-value", value.isoformat())
    else:
        cell.set(f"{{{_OFFICE}}}value-type", "string")
    ET.SubElement(cell, f"{{{_TEXT}}}p").text = str(value)
