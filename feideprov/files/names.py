"""Names of files that every file system takes: made of names that people gave to schools and classes."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Final

from feideprov.errors import scrub

_LONGEST: Final = 80
"""Octets. File systems take 255 for a name with its ending, and drafts and locks have longer names than their file."""
_NOT_ALLOWED: Final = re.compile(r'[<>:"/\\|?*\s-]+')
"""What Windows does not allow in names (Microsoft, “Naming Files, Paths, and Namespaces”), with the hyphens and spaces
around it."""
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.IGNORECASE)
"""Names of devices of Windows, also with an ending (same page)."""


def file_name(text: str) -> str:
    """A name as a part of the name of a file; empty when nothing of it is left. Letters, such as æ, ø and å, are kept.

    >>> file_name("Åsen/Øvre skole: 1"), file_name("..skjult"), file_name("NUL"), file_name("6A")
    ('Åsen-Øvre skole-1', 'skjult', 'NUL_', '6A')
    """
    composed = unicodedata.normalize("NFC", scrub(text)).replace("…", "-")
    visible = "".join(letter if letter.isprintable() else " " for letter in composed)
    name = _NOT_ALLOWED.sub(_separator, visible).strip(" .-")
    if len(name.encode()) > _LONGEST:
        mark = hashlib.sha256(name.encode()).hexdigest()[:8]
        begun = name.encode()[: _LONGEST - len(mark) - 1].decode(errors="ignore").rstrip(" .-")
        name = f"{begun}-{mark}"
    return f"{name}_" if _DEVICE.fullmatch(name) else name


def same_file(name: str) -> str:
    """What is equal for names that some file systems take for one: upper and lower case, and composed letters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _separator(found: re.Match[str]) -> str:
    return " " if found[0].isspace() else "-"
