"""A real browser without a window, and axe-core, which looks for what keeps people out of a page.

Debian's Chromium, driven by playwright; axe-core lies where tests/install-servers puts it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright

PROGRAM = Path("/usr/bin/chromium")
AXE_VERSION = "4.14.1"
_RUN = "axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, for as long as the block lasts. Raises RuntimeError where it is not installed.

    Playwright keeps an event loop at work in this thread meanwhile: no other test should run inside the block.
    """
    if not PROGRAM.exists():
        raise RuntimeError("There is no Chromium here: sh tests/install-servers")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # it refuses to run as root with one
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=sandbox)
        try:
            yield browser
        finally:
            browser.close()


def axe_core() -> str:
    """The script. Raises RuntimeError where it was not installed."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    script = cache / "feideprov" / f"axe-core-{AXE_VERSION}" / "axe.min.js"
    if not script.exists():
        raise RuntimeError("There is no axe-core here: sh tests/install-servers")
    return script.read_text(encoding="utf-8")


class Visit:
    """A page in a browser, and all that it did: what it asked for, and what it told the console."""

    def __init__(self, browser: Browser, theme: Literal["light", "dark"] = "light", *, width: int = 1280) -> None:
        context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": 900})
        self.page: Page = context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, address: str) -> None:
        """Go to a page."""
        self.page.goto(address)

    def violations(self) -> list[str]:
        """What axe-core finds with all rules that it has on by itself, and the size of what is clicked: the rule, and
        where."""
        self.page.evaluate(axe_core())
        found: dict[str, Any] = self.page.evaluate(_RUN)
        return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


class OpenPage(Visit):
    """A page of a file."""

    def __init__(
        self, browser: Browser, path: Path, theme: Literal["light", "dark"] = "light", *, width: int = 1280
    ) -> None:
        super().__init__(browser, theme, width=width)
        self.open(path.as_uri())
