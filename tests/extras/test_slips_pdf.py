"""Many slips as PDF: made in parts, so that a person sees how far it has come."""

from __future__ import annotations

import subprocess

from feideprov.progress import watched
from feideprov.slips.card import Card
from feideprov.slips.card_page import LoginFacts
from feideprov.slips.facade import FoundSlips
from feideprov.slips.roster import SchoolClass

CARDS = tuple(
    Card(f"user{n}@skotthyll.kommune.no", f"Bako-{n}-rime", "Anna", "", SchoolClass("", ""), "", ("nb",))
    for n in range(42)
)
FOUND = FoundSlips(CARDS, (), 0, 0, {}, LoginFacts("Skotthyll kommune"))


def test_whoever_watches_is_told_how_many_slips_are_in_the_pdf_and_none_is_lost() -> None:
    told = list[tuple[int, int | None]]()
    with watched(lambda work: told.append((work.done, work.total))):
        pdf = FOUND.pdf()
    assert told == [(20, 42), (40, 42), (42, 42), (42, 42)]
    said = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert [said.count(card.password) for card in CARDS] == [1] * len(CARDS)
    assert said.count("\f") == 11
