"""Result codes have names: no bare number is compared with one, or given as one, anywhere in the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from sources import PACKAGE, Trees

from feideprov.directory.result_code import CHANGED_MEANWHILE, LIMITS, TEMPORARY, ResultCode

OTHER_CODES = {"cli/app.py", "cli/report.py", "services/outbox/smtp.py"}
"""In these files a variable `code` is an exit code, or SMTP's."""


def numbers(node: ast.expr | None) -> bool:
    """Is it a number, or a collection with one?"""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(map(numbers, node.elts))
    return isinstance(node, ast.Constant) and type(node.value) is int


def is_result_code(node: ast.expr, *, variables: bool) -> bool:
    names = {getattr(node, "attr", ""), getattr(node, "id", "") if variables else ""}
    key = node.slice.value if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) else ""
    return "code" in names or key == "result"


def bare_numbers(tree: ast.Module, *, variables: bool = True) -> Iterator[int]:
    """The lines where a number is compared with a code, or is the code of a new error."""
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(is_result_code(side, variables=variables) for side in sides):
                values = [constants.get(getattr(side, "id", ""), side) for side in sides]
                if any(map(numbers, values)):
                    yield node.lineno
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DirectoryError":
            yield from (node.lineno for keyword in node.keywords if keyword.arg == "code" and numbers(keyword.value))


def test_no_result_code_is_a_bare_number(trees: Trees) -> None:
    for path, tree in trees.items():
        name = str(path.relative_to(PACKAGE))
        assert list(bare_numbers(tree, variables=name not in OTHER_CODES)) == [], name


@pytest.mark.parametrize(
    "source",
    [
        "error.code == 32",
        "error.code in (51, 52)",
        "CODES = {3, 4}\nerror.code in CODES",
        "result['result'] == 49",
        "DirectoryError('', code=32)",
    ],
)
def test_a_bare_number_is_found(source: str) -> None:
    assert list(bare_numbers(ast.parse(source)))


def test_codes_are_numbers_for_programs_and_json() -> None:
    assert ResultCode.NO_SUCH_OBJECT == 32
    assert f"{ResultCode.NO_SUCH_OBJECT}" == "32"
    assert {51, 52} == TEMPORARY
    assert {3, 4, 11} == LIMITS
    assert {16, 20, 122} == CHANGED_MEANWHILE
