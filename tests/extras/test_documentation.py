"""The pages have all of the program, lead somewhere, and are all on the site."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from markdown_page import LINK, headings

from feideprov.cli.app import app
from feideprov.cli.help.rows import GROUPS, every_row
from feideprov.reference.api import PUBLIC, PUBLIC_IN_NIR
from feideprov.reference.codes import every_code
from feideprov.reference.configuration import meanings
from feideprov.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
OTHERS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
SITE = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
EXTERNAL = re.compile(r"https://[\w.-]+\.[a-z]{2,}(?:[/?#]\S*)?")


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def test_every_command_has_its_section_with_all_its_options() -> None:
    program: Any = typer.main.get_command(app)
    page = text_of("reference-commands.md")
    for row in every_row():
        if row.path in GROUPS:
            continue
        command = (program.commands[row.group] if row.group else program).commands[row.name]
        [section] = re.findall(rf"^### {row.path}\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
        told = {word for cell in first_cells(section) for word in re.findall(r"(?<!\S)--?[a-z-]+", cell)}
        assert told >= {name for one in command.params for name in one.opts if name.startswith("-")}, row.path
        assert section.count("| `feideprov ") >= 2, row.path


def test_every_setting_has_its_row_with_its_meaning() -> None:
    page, told = text_of("reference-configuration.md"), meanings(text_of("commands.md"))
    for name, field in Settings.model_fields.items():
        assert f"\n## {name}\n" in page
        model = next(
            (
                one
                for one in (field.annotation, *getattr(field.annotation, "__args__", ()))
                if hasattr(one, "model_fields")
            ),
            None,
        )
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        for key in getattr(model, "model_fields", ()):
            assert f"| `{key}` |" in section, f"{name}.{key}"
            assert told.get(f"{name}.{key}"), f"docs/commands.md does not say what {name}.{key} means"


@pytest.mark.parametrize("page", ["codes.md", "nb/feil.md"])
def test_every_code_stands_on_the_page_of_codes_once(page: str) -> None:
    cells = first_cells(text_of(page))
    assert sorted(cells) == [row.code for row in every_code()]


def test_every_public_name_is_in_the_api() -> None:
    found = set(re.findall(r"^##+ (?:feide\.)?(\w+)$", text_of("api.md"), re.MULTILINE))
    parts = {"Services", "IntroductionRegister"}  # as feide.services and feide.nir
    assert {*PUBLIC, *PUBLIC_IN_NIR} - parts <= found


@pytest.mark.parametrize("path", [*PAGES, *OTHERS], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target, heading in LINK.findall(text):
        if ":" in target:
            assert EXTERNAL.fullmatch(f"{target}#{heading}" if heading else target), target
            continue
        file = (path.parent / target).resolve() if target else path
        assert file.is_file(), target
        assert not heading or heading in headings(file.read_text(encoding="utf-8")), f"{target}#{heading}"


def pages_of_the_site(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        for inside in entry.values():
            yield from [inside] if isinstance(inside, str) else pages_of_the_site(inside)


def test_every_page_is_in_the_menu_of_the_site_once() -> None:
    listed = list(pages_of_the_site(SITE["nav"]))
    assert sorted(listed) == [path.relative_to(DOCS).as_posix() for path in PAGES]
    assert listed[:2] == ["index.md", "nb/index.md"]


def test_the_site_knows_which_pages_are_in_norwegian() -> None:
    """A page with the words of which every page in bokmål has many: in a page of both languages, they are fewer."""
    words = {path: re.findall(r"\w+", path.read_text("utf-8")) for path in DOCS.glob("*.md")}
    share = {path: sum(map(said.count, ("ikke", "og", "som"))) / max(len(said), 1) for path, said in words.items()}
    norwegian = {path.with_suffix(".html").name for path in share if share[path] > 0.04}
    assert norwegian == set(SITE["extra"]["norwegian"])


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(DOCS)))
def test_no_code_in_a_table_has_a_bar(path: Path) -> None:
    """GitHub wants it escaped, the site shows the sign that escapes it."""
    rows = re.findall(r"^\|.*\|$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [row for row in rows if re.search(r"`[^`|]*\\\|[^`]*`", row)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(DOCS)))
def test_every_column_of_a_table_has_a_heading(path: Path) -> None:
    headers = re.findall(r"^(\|.*\|)\n\|[ :|-]+\|$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [header for header in headers if re.search(r"\| *\|", header)] == []
