"""What stops slips as PDF: each in one sentence that says what to install."""

from __future__ import annotations

import builtins
import sys
from types import ModuleType

import pytest

from feideprov.errors import ConfigurationError, InputError
from feideprov.slips import card_page, fonts
from feideprov.slips.card_page import LoginFacts, slips_page
from feideprov.slips.fonts import require_fonts
from feideprov.slips.pdf import require_printing

LISTED = (
    "Noto Sans\t21-7e a0-17f 400-45f 2013-201d\nNoto Sans Mono,Noto Mono\t21-7e\n"
    "Noto Sans Arabic\t60c 61b-61f 621-64a 6af\nNoto Sans Ethiopic\t1200-1248 1361-1368\n"
)


@pytest.fixture
def listed(tmp_path, monkeypatch):
    """Makes fc-list a program that prints these fonts."""

    def make(text: str) -> None:
        program = tmp_path / "fc-list"
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{text}END\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    return make


def test_a_letter_that_some_font_has_can_be_printed(listed) -> None:
    listed(LISTED)
    require_fonts("Олена Коваленко – سلام ሀለ Bako-rime\n\u200f")


@pytest.mark.parametrize("missing", ["Noto Sans", "Noto Sans Mono", "Noto Sans Arabic", "Noto Sans Ethiopic"])
def test_a_missing_font_is_named_with_its_package(listed, missing) -> None:
    listed(
        "".join(
            line for line in LISTED.splitlines(keepends=True) if not line.startswith((f"{missing}\t", f"{missing},"))
        )
    )
    with pytest.raises(ConfigurationError) as told:
        require_fonts("a سሀ")
    assert f": {missing}. Install them: apt-get install fonts-noto-core fonts-noto-mono" in str(told.value)


def test_a_font_is_needed_only_for_its_letters(listed) -> None:
    listed("".join(LISTED.splitlines(keepends=True)[:2]))
    require_fonts("Åse Dal")


@pytest.mark.parametrize(("letter", "package"), [("汉", "fonts-noto-cjk"), ("𐎀", "fonts-noto-core fonts-noto-extra")])
def test_a_letter_that_no_font_has_is_named(listed, letter, package) -> None:
    listed(LISTED)
    with pytest.raises(InputError) as told:
        require_fonts(f"Li {letter}")
    assert f"“{letter}” (U+{ord(letter):04X})" in str(told.value)
    assert str(told.value).endswith(f"apt-get install {package}")


def test_without_fontconfig_nothing_is_printed(monkeypatch) -> None:
    monkeypatch.setattr(fonts.shutil, "which", lambda _: None)
    with pytest.raises(ConfigurationError, match="apt-get install fontconfig"):
        require_fonts("a")


def _without(monkeypatch, name: str, error: Exception) -> None:
    real = builtins.__import__

    def missing(wanted, *rest):
        if wanted == name:
            raise error
        return real(wanted, *rest)

    monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(builtins, "__import__", missing)


def test_a_missing_extra_is_named(monkeypatch) -> None:
    _without(monkeypatch, "weasyprint", ImportError())
    with pytest.raises(ConfigurationError, match="Making slips as PDF needs the extra “slips”"):
        require_printing("a")
    _without(monkeypatch, "jinja2", ImportError())
    card_page._environment.cache_clear()
    with pytest.raises(ConfigurationError, match="Making slips needs the extra “slips”"):
        slips_page((), LoginFacts("x"))


def test_a_missing_pango_is_named(monkeypatch) -> None:
    _without(monkeypatch, "weasyprint", OSError("cannot load library 'libgobject-2.0-0'"))
    with pytest.raises(ConfigurationError, match="need Pango, which is not installed"):
        require_printing("a")


def test_the_fonts_are_asked_for_before_anything_is_made(listed, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", ModuleType("weasyprint"))
    listed("")
    with pytest.raises(ConfigurationError, match="fonts for slips are missing"):
        require_printing("a")
