"""Sheets to fill in, as XLSX. Needs the extra `tables`.

Every cell is text, never a formula, a link or a number. The workbook is made in memory, so that no copy stays in a
temporary folder, and names nobody in its properties.
"""

from __future__ import annotations

import io
import math
import textwrap
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from feideprov.installation import missing_extra
from feideprov.messages import Sentence
from feideprov.sheets.csv_file import defused
from feideprov.sheets.form import Cells, Form, FormColumn

_OPTIONS: Final = {
    "in_memory": True,
    "constant_memory": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_EXPLANATION_ROW, _HEADING_ROW, _FIRST_ROW = 0, 1, 2
_LAST_ROW: Final = 1_048_575
"""As in Excel."""
_TEXT: Final = 49
"""The number of the built-in format “@”: a spreadsheet keeps what is typed."""
_DAY: Final = "yyyy-mm-dd"
"""LibreOffice saves a day in another format to CSV as its own locale has it, perhaps with the month first."""
_CHOICES: Final = "Choices"
"""The name of the hidden sheet whose columns are the lists to choose from: in the cell's own rule, such a list has
room for 255 characters, and no commas."""
_LINE_HEIGHT, _LINE_HEIGHT_BELOW = 13, 15
"""Points: of the explanations, and of the cells below the headings."""
_WIDEST_PAGE: Final = 300
"""Characters. What is wider is printed on several pages: on one, nobody could read it."""
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255
_NOT_BEFORE: Final = datetime(1900, 1, 1, tzinfo=UTC).date()


def xlsx_sheet(*forms: Form) -> bytes:
    """A workbook with these sheets: in each the explanations, below them the headings, below them the cells to fill in.

    Raises ConfigurationError when the extra is not installed.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise missing_extra("tables", Sentence("Writing a sheet in XLSX")) from None
    content = io.BytesIO()
    with Workbook(content, _OPTIONS) as book:
        formats = _Formats.of(book)
        sheets = [book.add_worksheet(form.title) for form in forms]
        choices, place = book.add_worksheet(_CHOICES), 0
        choices.hide()
        for form, sheet in zip(forms, sheets, strict=True):
            _write(form, sheet, formats)
            for number, column in enumerate(form.columns):
                for row, choice in enumerate(column.choices):
                    choices.write_string(row, place + number, choice, formats.text)
                rule = _rule(form, column, number, place + number)
                sheet.data_validation(_FIRST_ROW, number, _LAST_ROW, number, rule)
            place += len(form.columns)
    return content.getvalue()


@dataclass(frozen=True)
class _Formats:
    """How cells look: text, what is filled in already, days, headings, and the explanations above them."""

    text: Any
    filled: Any
    day: Any
    heading: Any
    above: Any

    @classmethod
    def of(cls, book: Any) -> _Formats:
        heading = book.add_format({"bold": True, "num_format": _TEXT, "bottom": 1, "bg_color": "#E7E6E6"})
        return cls(
            book.add_format({"num_format": _TEXT}),
            book.add_format({"num_format": _TEXT, "text_wrap": True, "valign": "top"}),
            book.add_format({"num_format": _DAY, "align": "left"}),
            heading,
            book.add_format({"italic": True, "font_size": 9, "text_wrap": True, "valign": "top"}),
        )


def _write(form: Form, sheet: Any, formats: _Formats) -> None:
    """Write the cells of a sheet, and how it is shown."""
    for place, column in enumerate(form.columns):
        of_cells = formats.text if column.cells is Cells.TEXT else formats.day
        sheet.set_column(place, place, column.width, of_cells)
        sheet.write_string(_EXPLANATION_ROW, place, column.explanation, formats.above)
        sheet.write_string(_HEADING_ROW, place, column.heading, formats.heading)
    for number, cells in enumerate(form.rows, _FIRST_ROW):
        if (lines := max(map(_lines, form.columns, cells))) > 1:
            sheet.set_row(number, _LINE_HEIGHT_BELOW * lines)
        for place, cell in enumerate(cells):
            if cell:
                sheet.write_string(number, place, defused(cell), formats.filled)
    sheet.set_row(_EXPLANATION_ROW, max(map(_height, form.columns)))
    sheet.set_landscape()
    pages = math.ceil(sum(column.width for column in form.columns) / _WIDEST_PAGE)
    sheet.freeze_panes(_FIRST_ROW, 1)
    sheet.fit_to_pages(pages, 0)
    if pages > 1:  # whom the row is about stays in sight
        sheet.repeat_columns(0)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_LAST_ROW + 1}"})


def _height(column: FormColumn) -> float:
    """How high the explanation is, in points: not every spreadsheet makes a row as high as its text."""
    return _LINE_HEIGHT * _lines(column, column.explanation)


def _lines(column: FormColumn, text: str | None) -> int:
    """How many lines a text takes in a column."""
    return len(textwrap.wrap(text or "", column.width))


def _rule(form: Form, column: FormColumn, number: int, place: int) -> dict[str, Any]:
    """What a spreadsheet shows and checks in the cells of a column; its choices are in column `place` of the hidden
    sheet."""
    rule: dict[str, Any] = {
        "validate": "any",
        "input_title": column.heading[:_LONGEST_TITLE],
        "input_message": column.explanation[:_LONGEST_MESSAGE],
        "error_title": column.heading[:_LONGEST_TITLE],
        "error_message": form.refused[:_LONGEST_MESSAGE],
    }
    if column.cells is not Cells.TEXT and column.word:
        rule |= {"validate": "custom", "value": _day_or_word(column, number)}
    elif column.cells is Cells.DATE:
        rule |= {"validate": "date", "criteria": "between", "minimum": _NOT_BEFORE, "maximum": "=TODAY()"}
    elif column.cells is Cells.ANY_DATE:
        rule |= {"validate": "date", "criteria": ">=", "value": _NOT_BEFORE}
    if column.choices:
        from xlsxwriter.utility import xl_range_abs

        cells = xl_range_abs(0, place, len(column.choices) - 1, place)
        rule |= {"validate": "list", "source": f"={_CHOICES}!{cells}", "show_error": not column.others}
    return rule


def _day_or_word(column: FormColumn, number: int) -> str:
    """The rule for a cell that takes a day, or one word."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    cell = xl_rowcol_to_cell(_FIRST_ROW, number)
    first = f"DATE({_NOT_BEFORE.year},{_NOT_BEFORE.month},{_NOT_BEFORE.day})"
    last = f",{cell}<TODAY()+1" if column.cells is Cells.DATE else ""
    return f'=IF(ISNUMBER({cell}),AND({cell}>={first}{last}),TRIM({cell})="{column.word}")'
