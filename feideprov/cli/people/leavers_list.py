"""The list of those who may have left, for people who know; `close` reads it when it comes back."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from feideprov.cli.report import save
from feideprov.cli.session import Session
from feideprov.installation import missing_extra
from feideprov.messages import Sentence
from feideprov.provision.plan.leavers.leavers import Leavers
from feideprov.sheets import csv_sheet, defused

_COLUMNS: Final = ("source_id", "user", "school", "since", "reason", "last_day")
_WIDTHS: Final = (24, 36, 24, 12, 50, 12)


def save_leavers(path: Path, leavers: Leavers, session: Session) -> None:
    """Write the list: XLSX if the name of the file ends so, otherwise CSV. It has nobody's name, and no protected user.

    Raises InputError when it cannot be written, ConfigurationError when XLSX cannot.
    """
    rows = [
        (
            one.source_id,
            one.user,
            one.school,
            one.since.isoformat() if one.since else "",
            session.text(one.reason.sentence),
            "",
        )
        for one in leavers.listed
    ]
    is_xlsx = path.suffix.lower() == ".xlsx"
    save(path, _xlsx_sheet(rows) if is_xlsx else csv_sheet(_COLUMNS, rows))


def _xlsx_sheet(rows: Sequence[Sequence[str]]) -> bytes:
    """The list as XLSX, made in memory. Every cell is text, so that a spreadsheet changes no key."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise missing_extra("tables", Sentence("Writing a sheet in XLSX")) from None
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheet, text = book.add_worksheet("leavers"), book.add_format({"num_format": "@"})
        for place, width in enumerate(_WIDTHS):
            sheet.set_column(place, place, width, text)
        for number, cells in enumerate((_COLUMNS, *rows)):
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, defused(cell), text)
        sheet.freeze_panes(1, 0)
    return content.getvalue()
