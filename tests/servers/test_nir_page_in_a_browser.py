"""The page of the introduction register in a real browser: nothing asked for, nobody kept out, on a phone and paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import OpenPage, chromium
from nir_worklist import HOSTILE, ON, example_worklist

from feideprov.nir.report.page import page
from feideprov.nir.report.worklist import Worklist

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(page(example_worklist()), encoding="utf-8")
    return path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_there_asks_for_nothing_and_keeps_nobody_out(browser, path, theme) -> None:
    opened = OpenPage(browser, path, theme)
    assert opened.page.locator("h1").inner_text() == "Å registrere i NIR"
    assert opened.page.title() == "Å registrere i NIR – Skotthyll kommune"
    assert HOSTILE in opened.page.inner_text("main")
    assert opened.page.locator("table.lines").count() == 8
    assert (opened.complaints, opened.violations()) == ([], [])
    assert opened.requests == [path.as_uri()]


def test_a_narrow_screen_need_not_be_scrolled_sideways(browser, path) -> None:
    opened = OpenPage(browser, path, width=320)
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 320
    assert opened.page.evaluate("[...document.querySelectorAll('.scroll')].every(one => one.scrollWidth <= 320)")
    assert opened.violations() == []


def test_on_paper_nothing_is_wider_than_the_sheet(browser, path) -> None:
    upright = round((210 - 2 * 14) / 25.4 * 96)
    tab = OpenPage(browser, path, width=upright).page
    tab.emulate_media(media="print")
    assert tab.evaluate("document.documentElement.scrollWidth") == upright


def test_a_page_without_anything_to_do_keeps_nobody_out_either(browser, tmp_path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page(Worklist(ON, "Skotthyll kommune"), "en"), encoding="utf-8")
    opened = OpenPage(browser, path)
    assert (opened.complaints, opened.violations()) == ([], [])
