"""A page that a message names is on this machine, under the path that the message says."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from sources import PACKAGE, Trees

from feideprov.messages import Sentence

ROOT = PACKAGE.parent
DOCS = PACKAGE.parent / "docs"
FILES = [
    path
    for path in sorted(PACKAGE.rglob("*"))
    if path.is_file() and not path.is_relative_to(PACKAGE / "docs") and path.suffix not in (".pyc", ".mo")
]


def texts(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts of a module, without those that stand alone: docstrings, and what is said below a constant."""
    nodes = list(ast.walk(tree))
    alone = {node.value for node in nodes if isinstance(node, ast.Expr)}
    return (n for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str) and n not in alone)


def named(trees: Trees) -> Iterator[tuple[str, str]]:
    """The page, and the section or nothing, of each call of `page`."""
    for tree in trees.values():
        if not any(isinstance(n, ast.ImportFrom) and n.module == "feideprov.installation" for n in tree.body):
            continue
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "page":
                name, section, *_ = [*map(constant, call.args), ""]
                yield name, section


def constant(argument: ast.expr) -> str:
    """An argument: a text, or a sentence without values."""
    return str(ast.literal_eval(argument.args[0] if isinstance(argument, ast.Call) else argument))


def test_no_text_of_the_program_names_a_page_by_a_folder_that_the_reader_does_not_have(trees: Trees) -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)} line {node.lineno}: {node.value}"
        for path, tree in trees.items()
        if path.parent != PACKAGE / "reference"  # which writes the pages
        for node in texts(tree)
        if re.search(r"\bdocs/|\b(?:README|CONTRIBUTING)\b", node.value)
    ]
    others = [path for path in FILES if path.suffix != ".py" and b"docs/" in path.read_bytes()]
    assert (wrong, others) == ([], [])


def test_every_page_and_section_that_a_message_names_is_there(trees: Trees) -> None:
    pages = set(named(trees))
    assert {name for name, _ in pages} >= {"commands.md", "doctor.md", "numbers.md", "schema.md"}
    for name, section in pages:
        assert all((DOCS / one).is_file() for one in Sentence(name).in_every_language())
        text = (DOCS / name).read_text(encoding="utf-8")
        assert not section or re.search(rf"^#+ {re.escape(section)}$", text, re.MULTILINE), (name, section)


def test_every_page_that_a_docstring_names_is_there() -> None:
    said = {name for path in FILES for name in re.findall(r"docs/([\w-]+\.md)", path.read_text(encoding="utf-8"))}
    assert {name for name in said if not (DOCS / name).is_file()} == set()


def test_a_message_names_the_page_by_its_path() -> None:
    from feideprov.check.server_settings import INDEX
    from feideprov.installation import page
    from feideprov.issues import REGISTERED

    assert page("doctor.md") == str(DOCS / "doctor.md")
    assert page("commands.md", "Exit codes") == f"{DOCS / 'commands.md'}, section “Exit codes”"
    section = "section “Indexes, uniqueness and rights”"
    assert str(REGISTERED[INDEX].action) == f"Add the index ({DOCS / 'doctor.md'}, {section})."


def test_where_the_pages_are_below_the_package_they_are_found_there(tmp_path: Path) -> None:
    from feideprov.installation import folder_of_pages

    package = tmp_path / "feideprov"
    package.mkdir()
    (tmp_path / "docs").mkdir()
    assert folder_of_pages(package) == tmp_path / "docs"
    (package / "docs").mkdir()
    assert folder_of_pages(package) == package / "docs"


def test_a_missing_extra_is_added_from_the_source_by_the_python_that_runs() -> None:
    from feideprov.installation import missing_extra
    from feideprov.messages import Sentence

    error = missing_extra("saml", Sentence("Reading SAML metadata"))
    assert error.exit_code == 2
    assert str(error) == (
        "Reading SAML metadata needs the extra “saml”, which is not installed. In the folder with the source of "
        f"feideprov, run: {sys.executable} -m pip install '.[saml]'"
    )


def test_nobody_is_told_to_install_what_was_not_released() -> None:
    files = [*FILES, *DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"]
    told = {
        f"{path.relative_to(ROOT)}: {line}"
        for path in files
        if path.suffix in (".py", ".md", ".toml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"pip install.*\bfeideprov\b|\bfeideprov\[", line)
    }
    assert told == set()


def test_every_extra_is_explained_and_those_that_are_named_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = set(project["optional-dependencies"])
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    section = page.partition("\n## Installation\n")[2].partition("\n## ")[0]
    assert extras - {"dev", "docs", "bench", "mutation"} == set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    named = {
        extra
        for path in (*DOCS.glob("*.md"), ROOT / "README.md")
        for some in re.findall(r"pip install (?:-e )?'?\.\[([\w,]+)\]", path.read_text(encoding="utf-8"))
        for extra in some.split(",")
    }
    assert {"cli", "services", "saml"} <= named <= extras
