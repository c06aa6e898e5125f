"""The site of the documentation in a real browser: built without a warning, found by Norwegian words, readable by
everybody, on a phone too, and nothing of it from elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from browser import Visit, chromium
from playwright.sync_api import expect
from size import size

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for path in ROOT.glob("docs/**/*.md"))
LOOKED_AT = size(("index.html", "nb/steg-1.html", "reference-commands.html"), tuple(PAGES))
PHONE = 360


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For this module alone: playwright's event loop is in the way of other tests."""
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make site` builds it, of a copy of the pages."""
    folder = tmp_path_factory.mktemp("site")
    for name in ("docs", "site"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "zensical.toml", folder)
    build(folder)
    return folder / "build" / "site"


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    """The address of a server of the site, on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=built)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def build(folder: Path) -> str:
    """What zensical says. Raises CalledProcessError when a link leads nowhere."""
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def test_every_page_has_become_a_page_in_its_own_language(built: Path) -> None:
    norwegian = tomllib.loads((ROOT / "zensical.toml").read_text("utf-8"))["project"]["extra"]["norwegian"]
    for name in PAGES:
        language = "nb" if name.startswith("nb/") or name in norwegian else "en"
        assert f'<html lang="{language}"' in (built / name).read_text(encoding="utf-8"), name


def test_a_link_that_leads_nowhere_ends_the_building(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Hei\n\n[Kom i gang](nb/index.md)\n", encoding="utf-8")
    settings = '[project]\nsite_name = "feideprov"\n'
    (tmp_path / "zensical.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        build(tmp_path)


@pytest.mark.parametrize(("theme", "width"), [("light", PHONE), ("dark", 1280)])
def test_the_site_keeps_nobody_out_and_asks_nobody_else(browser, address, theme, width) -> None:
    visit = Visit(browser, theme, width=width)
    found = {}
    for name in LOOKED_AT:
        visit.open(address + name)
        wide = visit.page.evaluate("document.documentElement.scrollWidth") > width
        if said := [*visit.violations(), *["wider than the screen"] * wide]:
            found[name] = said
    assert found == {}
    assert visit.complaints == []
    assert [one for one in visit.requests if not one.startswith(address)] == []


FOCUSED_BEFORE = "Autofocus processing was blocked because a document already has a focused element."
"""A note of Chromium, on a busy machine: the theme gave the focus to the field before the browser was to do so."""


@pytest.mark.parametrize("width", [PHONE, 1280])
def test_a_norwegian_word_finds_a_norwegian_page(browser, address, width) -> None:
    visit = Visit(browser, width=width)
    visit.open(address + "index.html")
    visit.page.get_by_role("button", name="Søk").press("Enter")
    field = visit.page.get_by_role("combobox")
    expect(field).to_be_focused()
    field.fill("tjenesteleverandører")
    found = visit.page.get_by_role("option")
    found.first.wait_for()
    visit.page.get_by_role("status").filter(has_text=" treff").wait_for()
    assert "leverandorer.html" in (found.first.get_attribute("href") or "")
    assert visit.violations() == []
    found.first.click()
    visit.page.wait_for_url("**/leverandorer.html**")
    assert visit.page.locator("h1").inner_text().startswith("For tjenesteleverandører")
    assert [one for one in visit.complaints if one != FOCUSED_BEFORE] == []


@pytest.mark.parametrize("code", ["D-TLS-NONE", "R-EVIDENCE", "N-CHECK"])
def test_a_code_finds_the_norwegian_page_of_codes_first(browser, address, code) -> None:
    visit = Visit(browser, width=1280)
    visit.open(address + "nb/index.html")
    visit.page.get_by_role("button", name="Søk").press("Enter")
    visit.page.get_by_role("combobox").fill(code)
    visit.page.get_by_role("status").filter(has_text=" treff").wait_for()
    assert "/nb/feil.html" in (visit.page.get_by_role("option").first.get_attribute("href") or "")
