"""The fonts that slips are printed in, and whether this machine has a letter for everything that they say.

Fontconfig, which chooses the fonts for Pango, knows the letters of each font; its program fc-list tells them.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from feideprov.errors import ConfigurationError, InputError
from feideprov.messages import Sentence, listed

TEXT: Final = "Noto Sans"
PASSWORD: Final = "Noto Sans Mono"
_NEEDED_BY: Final[Mapping[str, Callable[[str], bool]]] = {
    TEXT: lambda _: True,
    PASSWORD: lambda _: True,
    "Noto Sans Arabic": lambda letter: "\u0600" <= letter <= "\u06ff",
    "Noto Sans Ethiopic": lambda letter: "\u1200" <= letter <= "\u137f",
}
"""The fonts that are named, and the letters that each is needed for."""
_PACKAGES: Final = "fonts-noto-core fonts-noto-mono"
_CJK: Final = ((0x2E80, 0xA4CF), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))


def require_fonts(text: str) -> None:
    """Check that every letter of a text can be printed.

    Raises:
        ConfigurationError: a font is missing, or fontconfig is; it names the Debian package.
        InputError: no font has a letter, such as one of a name in a rare script; it names the letter and the package.
    """
    fonts = _fonts()
    letters = {letter for letter in text if not letter.isspace() and letter.isprintable()}
    if missing := [font for font, needs in _NEEDED_BY.items() if font not in fonts and any(map(needs, letters))]:
        raise ConfigurationError(
            Sentence(
                "The fonts for slips are missing on this machine: {fonts}. Install them: apt-get install {packages}",
                fonts=listed(missing),
                packages=_PACKAGES,
            )
        )
    known = list(fonts.values())
    for letter in sorted(letters):
        if not any(first <= ord(letter) <= last for ranges in known for first, last in ranges):
            raise InputError(
                Sentence(
                    "No font on this machine has the letter “{letter}” (U+{code}), which is in a name or in a text of "
                    "the slips. Install a font that has it: apt-get install {package}",
                    letter=letter,
                    code=f"{ord(letter):04X}",
                    package="fonts-noto-cjk" if _is_cjk(letter) else "fonts-noto-core fonts-noto-extra",
                )
            )


def _is_cjk(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _CJK)


def _fonts() -> dict[str, list[tuple[int, int]]]:
    """The letters of each family of fonts, as ranges. A family without a name that can be read is none."""
    program = shutil.which("fc-list")
    if program is None:
        raise ConfigurationError(
            Sentence(
                "Slips as PDF need fontconfig, which is not installed. Install it: apt-get install {packages}",
                packages=f"fontconfig {_PACKAGES}",
            )
        )
    listing = [program, "--format", "%{family}\\t%{charset}\\n"]
    done = subprocess.run(listing, capture_output=True, check=False)  # noqa: S603
    found = dict[str, list[tuple[int, int]]]()
    for line in done.stdout.decode(errors="replace").splitlines():
        families, _, letters = line.partition("\t")
        for family in families.split(","):
            found.setdefault(family, []).extend(_ranges(letters))
    return found


def _ranges(letters: str) -> Iterator[tuple[int, int]]:
    for part in letters.split():
        first, _, last = part.partition("-")
        yield int(first, 16), int(last or first, 16)
