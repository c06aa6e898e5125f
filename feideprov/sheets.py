"""Sheets that are written for people: CSV that Excel opens as it is, and that runs nothing."""

from __future__ import annotations


def defused(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
