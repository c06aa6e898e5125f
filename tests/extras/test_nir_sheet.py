"""The worklist as XLSX: what is there stands in it, and the two columns to fill in are empty."""

from __future__ import annotations

from io import BytesIO

import pytest
from nir_worklist import example_worklist
from python_calamine import CalamineWorkbook

from feideprov.nir.report.sheet import COLUMNS, worklist_xlsx


@pytest.mark.parametrize("language", ["en", "nb", "nn"])
def test_the_workbook_has_a_row_for_each_field_below_the_headings(language) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(worklist_xlsx(example_worklist(), language)))
    explanations, headings, *rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert all(explanations)
    assert headings == [column.heading.in_language(language) for column in COLUMNS]
    assert len(rows) == len(example_worklist().lines)
    assert rows[1][:3] == ["ref-3", "introduksjonsprogram", "vedtak"]
    assert {tuple(row[8:]) for row in rows} <= {("", ""), ()}
