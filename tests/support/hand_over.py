"""Records, and what a hand-over rests on, as tests of the outbox need them; and packages with an adapter."""

from __future__ import annotations

import re
import sys
import tomllib
from datetime import date
from importlib import invalidate_caches
from pathlib import Path
from typing import Any

import pytest

from feideprov import MarkKey
from feideprov.nir import Law, Number, Permit, Person, Record, Scheme, Setting, Tiltak, Value, Vedtak
from feideprov.nir.outbox.outbox import GROUP
from feideprov.nir.outbox.selection import HandOver
from feideprov.nir.table.rules import Rules
from feideprov.testing.outbox_contract import MemoryOutbox

ROOT = Path(__file__).parents[2]
ON = date(2022, 6, 15)
DAY = date(2022, 5, 2)
D_NUMBER, BORN_NUMBER = "52829400197", "45840375084"  # Tenor's
KEY = MarkKey(b"a key for examples and nothing else")
BOTH_ROLES = ("kommuneintrobruker", "kommunenorskbruker")
SETTING = Setting(
    transfers=True,
    ready={law: (date(2022, 1, 1), "the vendor's letter") for law in Law if law is not Law.NOT_KNOWN},
    municipality="3999",
)
CONTENTS: dict[str, Any] = {
    "vedtak": Vedtak(date=DAY, start=date(2022, 5, 16), reason="a reason"),
    "tiltak": (Tiltak(kind="a measure", from_=date(2022, 5, 16)),),
    "sluttmaal": "a goal",
    "livsmestring_gjennomfoert": False,
}


def person(key: str = "ref-01", **fields: Any) -> Person:
    """A person under integreringsloven who is settled, with a D-number."""
    given: dict[str, Any] = {
        "permit": Permit(basis="28", granted=date(2022, 1, 10)),
        "arrived": date(2022, 2, 1),
        "settled": date(2022, 3, 1),
        "numbers": (Number(kind="dnr", value=D_NUMBER, source="letter"),),
    }
    return Person(key=key, **(given | fields))


def record(
    who: Person | None = None, contents: dict[str, Any] | None = None, scheme: str = "introduksjonsprogram"
) -> Record:
    """A record with these contents."""
    given = CONTENTS if contents is None else contents
    values = {
        name: one if isinstance(one, Value) else Value(content=one, available_on=DAY) for name, one in given.items()
    }
    return Record(person=who or person(), scheme=Scheme(scheme), values=values, start=date(2022, 5, 16))


def hand_over(adapter: Any = None, **fields: Any) -> HandOver:
    """What a hand-over rests on: everything can be sent by WS4, and the actor has both roles."""
    given: dict[str, Any] = {
        "adapter": adapter or MemoryOutbox(numbers=("dnr", "fnr")),
        "setting": SETTING,
        "rules": Rules.shipped(),
        "roles": BOTH_ROLES,
        "key": KEY,
        "on": ON,
    }
    return HandOver(**(given | fields))


def install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str, modules: dict[str, str] | None = None
) -> None:
    """Install a package with an adapter, as pip would do it: its modules, and its entry point."""
    packages = folder / "site-packages"
    about = packages / f"{re.sub(r'[^a-z]', '_', name)}_package-1.0.dist-info"
    about.mkdir(parents=True)
    about.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {about.name[:-14]}\nVersion: 1.0\n")
    about.joinpath("entry_points.txt").write_text(f"[{GROUP}]\n{name} = {place}\n")
    for module, text in (modules or {}).items():
        packages.joinpath(f"{module}.py").write_text(text, encoding="utf-8")
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.syspath_prepend(packages)
    invalidate_caches()


def our_entry_point() -> tuple[str, str]:
    """The adapter that pyproject.toml names: its name, and its place."""
    project = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text(encoding="utf-8"))["project"]
    [found] = project["entry-points"][GROUP].items()
    return found
