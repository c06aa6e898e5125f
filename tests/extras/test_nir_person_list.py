"""NIR's person list as a spreadsheet: read as the CSV file is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from xlsxwriter import Workbook

from feideprov import MarkKey
from feideprov.nir.lists.nir_person_list import reconcile
from feideprov.nir.model import Person
from feideprov.nir.register.content import Content
from feideprov.numbers import NumberText

KEY = MarkKey(b"a key for examples and nothing else")
COLUMNS = {"key": "Klientnr", "number": "Fnr", "ended": "Avsluttet", "reason": "Årsak"}
FNR, LOST_ZERO = "57912075186", 1091212345


def test_a_workbook_is_read_with_its_days_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "personliste.xlsx"
    with Workbook(path) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet = book.add_worksheet("Personer")
        sheet.write_row(0, 0, ["Personliste, skrevet ut 24.11.2026"])
        sheet.write_row(2, 0, ["Klientnr", "Navn", "Fnr", "Avsluttet", "Årsak"])
        sheet.write_row(3, 0, [4711, "Berg", int(FNR)])
        sheet.write_datetime(3, 3, date(2026, 6, 30), day)
        sheet.write_row(4, 0, ["a-2", "Dal", LOST_ZERO])
    content = Content(people={"4711": Person(key="4711"), "a-2": Person(key="a-2")})
    users = {"4711": NumberText(FNR), "a-2": None}
    found = reconcile(path, COLUMNS, content, users, KEY.of_register_number, on=date(2026, 11, 24))
    assert [(one.kind, one.person) for one in found.differences] == [("ending_without_reason", "4711")]
    [refused] = found.refusals
    assert (refused.code, refused.origin and refused.origin.row) == ("R-NIR-LISTED-NUMBER", 5)
    assert str(LOST_ZERO) not in refused.sentence


def test_the_sheet_that_is_named_is_read(tmp_path: Path) -> None:
    path = tmp_path / "personliste.xlsx"
    with Workbook(path) as book:
        for name in ("2025", "2026"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Klientnr"])
            sheet.write_row(1, 0, [f"a-{name}"])
    content = Content(people={"a-2026": Person(key="a-2026")})
    found = reconcile(path, {"key": "Klientnr"}, content, {"a-2026": None}, KEY.of_register_number, sheet="2026")
    assert (found.differences, found.agree) == ((), 1)
