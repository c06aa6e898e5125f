"""The methods of `Client.nir` that show the worklist: from the register, the rules and the days of numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from feideprov import Client
from feideprov.nir import municipality, work_items
from feideprov.nir.model import Person
from feideprov.nir.register.content import Content, Seen
from feideprov.nir.register.register import Register
from feideprov.nir.report import worklist
from feideprov.nir.table.rules import Rules
from feideprov.nir.work_items import ItemKind
from feideprov.testing import example_directory, example_settings

ON = date(2026, 11, 24)
CAME = date(2026, 11, 20)


@pytest.fixture
def content(monkeypatch):
    """What the register holds: four people, of whom one was not in the journal."""
    people = {key: Person(key=key) for key in ("Ref-1", "ref-2", "ref-3", "ref-4")}
    seen = {
        "ref-2": {"number": Seen("ref-2", CAME, "Kari")},
        "ref-3": {"number": Seen("ref-3", CAME - timedelta(1), "Kari"), "settled": Seen("ref-3", ON, "Kari")},
    }
    kept = [Content(people=people, seen_of_person=seen)]

    def change(_, changed):
        kept.append(changed(kept[-1]))
        return kept[-1]

    monkeypatch.setattr(Register, "read", lambda _: kept[-1])
    monkeypatch.setattr(Register, "change", change)
    monkeypatch.setattr(Rules, "source_of", lambda _, key: (key, ""))
    monkeypatch.setattr(worklist, "rows_of_a_year_ago", lambda rules, on: ())
    monkeypatch.setattr(
        municipality, "number_days", lambda _: dict.fromkeys(("ref-1", "ref-2", "ref-3", "skole:ref-4"), CAME)
    )
    monkeypatch.setattr(work_items, "verdicts", lambda record, rules, on: ())
    return kept


@pytest.fixture
def opened(tmp_path, content, journal):
    """Opens a client with more in its settings."""

    def open_client(nir=None, **sections):
        section = {"municipality": "9999", "retention": "P5Y", **(nir or {})}
        settings = example_settings(tmp_path, nir=section, **sections)
        return Client(settings, directory=example_directory(), journal=journal, on=ON)

    return open_client


def test_a_number_is_asked_about_until_somebody_has_seen_it_in_nir_since(opened) -> None:
    items = opened().nir.worklist().items
    assert [(item.person, item.kind, item.on) for item in items] == [
        ("Ref-1", ItemKind.NUMBER, CAME),
        ("ref-3", ItemKind.NUMBER, CAME),
    ]


def test_the_keys_of_a_source_stand_behind_its_name_where_there_are_several(opened) -> None:
    sources = [
        {"name": name, "evidence": "register", "confirmed_by": "Kari", "confirmed_on": "2026-08-01"}
        for name in ("skole", "annen")
    ]
    items = opened({"source": "skole"}, sources=sources).nir.worklist().items
    assert [item.person for item in items] == ["ref-4"]


def test_old_rules_are_told_once(opened, content, monkeypatch) -> None:
    rows = Rules.shipped().rules[:2]
    monkeypatch.setattr(worklist, "rows_of_a_year_ago", lambda rules, on: rows)
    nir = opened().nir
    found = nir.worklist()
    assert len(found.notes) == 1
    assert nir.worklist().notes == found.notes, "nobody has read it yet"
    nir.told(found)
    assert content[-1].told == {row.id for row in rows}
    assert nir.worklist().notes == ()
    nir.told(nir.worklist())
    assert len(content) == 2, "written once"


def test_the_page_and_the_day_are_of_the_worklist(opened) -> None:
    nir = opened().nir
    assert "Ref-1" in nir.page("en")
    assert [task.kind for task in nir.today().tasks] == ["number"]
    assert nir.today().counts == nir.worklist().counts
