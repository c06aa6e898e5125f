"""The list of those who may have left, for people who know; `close` reads it when it comes back."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

from feideprov.cli.report import is_xlsx, save
from feideprov.cli.session import Session
from feideprov.errors import scrub_path
from feideprov.messages import Sentence
from feideprov.provision.plan.leavers.leavers import Leavers
from feideprov.sheets import csv_sheet

_COLUMNS: Final = ("source_id", "user", "reason", "last_day")
"""Key and Feide name only: where a shielded pupil goes to school must not stand in a list."""


def save_leavers(path: Path, leavers: Leavers, session: Session) -> None:
    """Write the list: XLSX if the name of the file ends so, otherwise CSV. It has no protected user.

    Raises InputError when it cannot be written, ConfigurationError when XLSX cannot.
    """
    from feideprov.forms.answer_columns import LEAVER_REASONS

    language = session.lang
    rows = [(one.source_id, one.user, LEAVER_REASONS[one.reason].in_language(language)) for one in leavers.listed]
    if not is_xlsx(path):
        save(path, csv_sheet(_COLUMNS, ([*row, ""] for row in rows)))
        return
    from feideprov.forms import leaver_form
    from feideprov.sheets.workbook import xlsx_sheet

    save(path, xlsx_sheet(leaver_form(language, rows)))


def about_leavers(path: Path, leavers: Leavers) -> Sentence:
    """Where the list is, and what to do with it."""
    file = scrub_path(path)
    if not leavers.listed:
        return Sentence("Nobody may have left. {file} has only the headings.", file=file)
    return Sentence(
        "{count} user who may have left is in {file}. Delete the row if the person has not left. Then run: "
        "feideprov close {argument}",
        plural="{count} users who may have left are in {file}. Delete the rows of those who have not. Then run: "
        "feideprov close {argument}",
        count=len(leavers.listed),
        file=file,
        argument=shlex.quote(file),
    )
