"""Sheets for people, in which no cell is a formula: CSV, and XLSX to be filled in (`workbook`, extra `tables`)."""

from __future__ import annotations

from feideprov.sheets.csv_file import csv_sheet, defused

__all__ = ["csv_sheet", "defused"]
