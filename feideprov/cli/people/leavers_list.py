"""The list of those who may have left, for people who know; `close` reads it when it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from feideprov.cli.report import save
from feideprov.cli.session import Session
from feideprov.messages import Sentence
from feideprov.provision.plan.leavers.leavers import Leavers
from feideprov.sheets import csv_sheet
from feideprov.sheets.form import Form, FormColumn

_COLUMNS: Final[Mapping[str, tuple[int, Sentence]]] = {
    "source_id": (
        24,
        Sentence(
            "The key in your own system. Remove the rows of those who have not left, then give the list to close."
        ),
    ),
    "user": (36, Sentence("The Feide name.")),
    "reason": (
        50,
        Sentence(
            "Why the user is here. A shielded pupil is taken out of the export by hand: that somebody is missing is "
            "no proof that the person has left."
        ),
    ),
    "last_day": (12, Sentence("May be empty: the last day on which the user is to log in, as YYYY-MM-DD.")),
}
"""Key and Feide name only: where a shielded pupil goes to school must not stand in a list."""


def save_leavers(path: Path, leavers: Leavers, session: Session) -> None:
    """Write the list: XLSX if the name of the file ends so, otherwise CSV. It has no protected user.

    Raises InputError when it cannot be written, ConfigurationError when XLSX cannot.
    """
    rows = [(one.source_id, one.user, session.text(one.reason.sentence), "") for one in leavers.listed]
    if path.suffix.lower() != ".xlsx":
        save(path, csv_sheet(tuple(_COLUMNS), rows))
        return
    from feideprov.sheets.workbook import xlsx_sheet

    columns = [FormColumn(name, session.text(text), width) for name, (width, text) in _COLUMNS.items()]
    save(path, xlsx_sheet(Form("leavers", columns, "", rows)))
