"""An XLSX of 100,000 rows beside python-calamine, which only reads its cells: CPU time in the same run, alternating.

    .venv/bin/python tests/bench/spreadsheet.py [--rows N] [--rounds N]

The file is made here, of ten columns, and holds nobody. Prints the median of the ratios of each round: the cells of the
sheet that has the headings / python-calamine's cells; and how much memory a process of its own needs for each.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import process_time

import xlsxwriter
from python_calamine import CalamineWorkbook

from feideprov.intake.columns import PERSON_LIST
from feideprov.tables.heading import HeadingReader
from feideprov.tables.spreadsheet import read_spreadsheet
from feideprov.tables.table import read_table

HEADINGS = (
    "source_id",
    "given_name",
    "family_name",
    "birth_date",
    "school",
    "role",
    "grade",
    "groups",
    "mobile",
    "mail",
)
MOST = 1.5


def write(path: Path, rows: int) -> None:
    """A person list of so many rows."""
    with xlsxwriter.Workbook(path, {"constant_memory": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for n in range(1, rows + 1):
            grade = n % 10 + 1
            names = (f"p{n}", f"Fornavn{n % 5000}", f"Etternavn{n % 7000}", "2010-03-04")
            sheet.write_row(n, 0, [*names, "hylla", "elev", str(grade), f"{grade}A", "40000000", f"p{n}@example.no"])


def of_library(path: Path) -> int:
    """How many rows python-calamine reads."""
    return sum(1 for _ in CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())


def of_cells(path: Path) -> int:
    """The same, looked at before, with the heading found."""
    reader = HeadingReader(PERSON_LIST, {})
    data = path.read_bytes()
    [found] = read_spreadsheet(data, "xlsx", reader, path.name, sheet=None, encoding=None, can_be_told=True)
    return sum(1 for _ in found.records) + 1


def of_table(path: Path) -> int:
    """The same, with each cell as clean text."""
    return len(read_table(path, PERSON_LIST, mapped={}).rows) + 1


WORK = {"python-calamine": of_library, "cells": of_cells, "table": of_table}


def seconds(name: str, path: Path) -> float:
    begun = process_time()
    WORK[name](path)
    return process_time() - begun


def megabytes(name: str, path: Path) -> int:
    """The largest memory of a process that does only this."""
    made = subprocess.run([sys.executable, __file__, "--only", name, path], check=True, capture_output=True, text=True)
    return int(made.stdout)


def main() -> int:
    """Measure and print; 1 when the cells take more than 1.5 times python-calamine's time."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", nargs=2)
    given = options.parse_args()
    if given.only:
        WORK[given.only[0]](Path(given.only[1]))
        status = Path("/proc/self/status").read_text(encoding="ascii")
        print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.xlsx"
        write(path, given.rows)
        rounds = [{name: seconds(name, path) for name in WORK} for _ in range(given.rounds)]
        ratios = sorted(one["cells"] / one["python-calamine"] for one in rounds)
        print(f"{given.rows} rows of ten cells, {path.stat().st_size // 1000} kB, median of {given.rounds} rounds:")
        for name in WORK:
            taken = median(one[name] for one in rounds)
            print(f"  {name:16} {taken:.2f} s, {megabytes(name, path)} MB")
    print(f"  cells / python-calamine: {median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}; at most {MOST})")
    return int(median(ratios) > MOST)


if __name__ == "__main__":
    sys.exit(main())
