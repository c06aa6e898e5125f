"""The layout of the package: no circle between files, and nothing that is too large to read.

An import counts wherever it stands, in a function too: it ties the two files together, whenever it is carried out.
Imports under TYPE_CHECKING are never carried out. They are counted apart, because a circle of them breaks nothing; it
makes two files one idea all the same, so the same rule holds. Importing a module does not count as importing the
`__init__.py` of its package: Python runs that first, whoever asks, so it comes before the module in any case.

That imports point down only is checked by import-linter (`make check`).
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import pytest
from sources import PACKAGE, Trees

FILES = {
    ".".join((PACKAGE.name, *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}

MOST_LINES = 350
MOST_MODULES = 16
MOST_METHODS = 20
LONGEST_FUNCTION = 60

LONG_MODULES: Mapping[str, str] = {}
LARGE_FOLDERS: Mapping[str, str] = {}
LARGE_CLASSES: Mapping[str, str] = {}
LONG_FUNCTIONS: Mapping[str, str] = {
    "feideprov.feide.build.build_user": "one argument of FeideUser after the other: parts of it would be read together",
}


def imported(tree: ast.Module, *, for_types: bool) -> Iterator[str]:
    """The modules of this package that a module imports."""
    ignored: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING" and not for_types:
            ignored.update(inner for statement in node.body for inner in ast.walk(statement))
        if node in ignored:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in FILES)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in FILES or node.module in FILES:
                    yield inner if inner in FILES else str(node.module)


@pytest.mark.parametrize("for_types", [False, True], ids=["at run time", "with those for types"])
def test_there_is_no_circle_of_imports(trees: Trees, for_types: bool) -> None:
    graph = {name: set(imported(trees[path], for_types=for_types)) - {name} for name, path in FILES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {' ← '.join(error.args[1])}")


def test_no_module_is_too_long() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in FILES.items()}
    assert {name for name, lines in lengths.items() if lines > MOST_LINES} == set(LONG_MODULES)


def test_no_folder_has_too_many_modules() -> None:
    folders = Counter(path.parent for path in FILES.values() if not path.name.startswith("__"))
    names = {".".join((PACKAGE.name, *folder.relative_to(PACKAGE).parts)): count for folder, count in folders.items()}
    assert {name for name, count in names.items() if count > MOST_MODULES} == set(LARGE_FOLDERS)


def test_no_class_has_too_many_public_methods(trees: Trees) -> None:
    classes = {
        f"{module}.{node.name}": len({f.name for f in node.body if isinstance(f, ast.FunctionDef) and is_method(f)})
        for module, path in FILES.items()
        for node in ast.walk(trees[path])
        if isinstance(node, ast.ClassDef)
    }
    assert {name for name, count in classes.items() if count > MOST_METHODS} == set(LARGE_CLASSES)


def is_method(function: ast.FunctionDef) -> bool:
    """Is it public, and not a property?"""
    decorators = {getattr(decorator, "id", getattr(decorator, "attr", "")) for decorator in function.decorator_list}
    return not function.name.startswith("_") and decorators.isdisjoint({"property", "cached_property", "setter"})


def test_no_function_is_too_long(trees: Trees) -> None:
    long = {
        f"{module}.{node.name}"
        for module, path in FILES.items()
        for node in ast.walk(trees[path])
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    }
    assert long == set(LONG_FUNCTIONS)


def _caught(handler: ast.ExceptHandler) -> set[str]:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {kind.id if isinstance(kind, ast.Name) else "" for kind in kinds} if handler.type else {"BaseException"}


def test_no_error_that_nobody_expects_is_swallowed(trees: Trees) -> None:
    """Only the command line reports one, as a defect. Elsewhere it goes on, after something was put in order."""
    for name, path in FILES.items():
        for handler in (node for node in ast.walk(trees[path]) if isinstance(node, ast.ExceptHandler)):
            caught = _caught(handler)
            if name == "feideprov.cli.app" and caught == {"Exception"}:
                assert "_unexpected" in ast.unparse(handler)
                continue
            assert "Exception" not in caught, f"{name}, line {handler.lineno}"
            if "BaseException" in caught:
                assert isinstance(handler.body[-1], ast.Raise), f"{name}, line {handler.lineno}"
