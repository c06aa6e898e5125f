"""The generated tables of docs/, and the codes: each registered once, each literal known, each code of a page real."""

from __future__ import annotations

import ast
import re
import runpy
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sources import PACKAGE, Trees

from feideprov import issues
from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.reference.__main__ import PAGES, WHOLE, write_pages
from feideprov.reference.codes import LETTERS, every_code
from feideprov.reference.pages import page_with_tables

DOCS = PACKAGE.parent / "docs"
CODE = re.compile(rf"\b[{LETTERS}]-[A-Z0-9]+(?:-[A-Z0-9]+)*\b(?!-)")
NO_CODES = {"P-256", "D-YEAR", "P-NICKNAME-FORM"}
"""Names of other things: of an elliptic curve, and of what the recipes for contributors add."""


@pytest.mark.parametrize("name", PAGES)
def test_the_tables_of_a_page_are_what_the_code_says(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    assert page_with_tables(page, PAGES[name]) == page, "make docs"


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_made_as_a_whole_is_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == WHOLE[name](), "make docs"


def test_the_module_writes_the_tables_into_the_pages_of_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(DOCS, tmp_path, dirs_exist_ok=True)
    page = tmp_path / "codes.md"
    page.write_text(page.read_text(encoding="utf-8").replace("| `D-INDEX` |", "| gone |"), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["reference", str(tmp_path)])
    monkeypatch.delitem(sys.modules, "feideprov.reference.__main__")
    runpy.run_module("feideprov.reference", run_name="__main__")
    names = (*PAGES, *WHOLE)
    assert all((tmp_path / name).read_text("utf-8") == (DOCS / name).read_text("utf-8") for name in names)


def test_a_page_without_marks_is_refused(tmp_path: Path) -> None:
    for name in PAGES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    with pytest.raises(InputError, match="“N-”"):
        write_pages(tmp_path)


def test_no_code_is_registered_twice(trees: Trees) -> None:
    assert [code for code, times in Counter(row.code for row in every_code()).items() if times > 1] == []
    registered = [code for tree in trees.values() for code in registered_in(tree)]
    assert [code for code, times in Counter(registered).items() if times > 1] == []


def test_a_code_cannot_be_registered_with_two_meanings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issues, "REGISTERED", {})
    one, other = Sentence("One."), Sentence("Another.")
    assert issues.code("D-TRIED", one, one) == issues.code("D-TRIED", one, one) == "D-TRIED"
    with pytest.raises(ValueError, match="D-TRIED"):
        issues.code("D-TRIED", other, one)


def test_every_code_in_the_source_is_registered(trees: Trees) -> None:
    known = {row.code for row in every_code()}
    for path, node in ((path, node) for path, tree in trees.items() for node in ast.walk(tree)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
            assert node.value in known, f"{path}, line {node.lineno}: {node.value}"


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=lambda path: path.name)
def test_every_code_that_a_page_names_is_registered(path: Path) -> None:
    named = set(CODE.findall(path.read_text(encoding="utf-8")))
    assert named - NO_CODES - {row.code for row in every_code()} == set()


def test_every_code_has_a_meaning_and_an_action() -> None:
    for row in every_code():
        assert CODE.fullmatch(row.code)
        assert row.meaning.endswith((".", "?")), row.code
        assert row.action or row.code in ("N-OK", "N-OK-EVIDENCE"), row.code


def registered_in(tree: ast.Module) -> Iterator[str]:
    """The codes that a module registers: the first argument of each call of `code`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "code":
            yield from (arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant))
