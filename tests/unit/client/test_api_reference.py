"""docs/api.md is as the docstrings are, and every public function and method says all that a caller must know."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import feideprov
import feideprov.nir
from feideprov import Client
from feideprov.reference.api import PARTS, PUBLIC, PUBLIC_IN_NIR, members, page

ROOT = Path(__file__).parents[3]
NOT_YET = ("Journal",)
"""Classes whose methods do not say all of it yet."""
NAMES = [
    *((name, getattr(feideprov, name)) for name in PUBLIC),
    *((name, getattr(feideprov.nir, name)) for name in PUBLIC_IN_NIR),
]
CLASSES = [
    *(part for _, part in PARTS),
    *(public for name, public in NAMES if inspect.isclass(public) and name not in NOT_YET),
]
METHODS = [
    *((name, function) for name, public in NAMES if inspect.isfunction(function := inspect.unwrap(public))),
    *(
        (f"{part.__name__}.{name}", function)
        for part in dict.fromkeys(CLASSES)
        for name, member in members(part)
        if inspect.isfunction(function := getattr(member, "__func__", member))
    ),
]


def test_the_page_is_fresh() -> None:
    assert (ROOT / "docs" / "api.md").read_text(encoding="utf-8") == page(), "run: make docs"


@pytest.mark.parametrize(("name", "method"), METHODS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_method_says_parameters_returns_and_raises(name: str, method: Any) -> None:
    said = inspect.getdoc(method) or ""
    parameters = [one for one in inspect.signature(method).parameters if one not in ("self", "cls")]
    signature = inspect.signature(method)
    if parameters:
        told = said.partition("Parameters")[2]
        assert told, name
        assert ": as " in told or all(re.search(rf"\b{one}\b", told) for one in parameters), name
    if signature.return_annotation not in ("None", None):
        assert re.search(r"Returns|returns", said), name
    assert re.search(r"Raises|raises", said), name


def test_a_client_and_its_parts_have_at_most_twenty_methods() -> None:
    for part in (Client, *(part for _, part in PARTS)):
        assert len([name for name, member in members(part) if inspect.isfunction(member)]) <= 20, part
