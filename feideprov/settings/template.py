"""The configuration before it is filled in, with its comments in the language of the person who fills it in.

The file `feideprov.toml` beside this module has the English ones. Each comment is a message of the catalogues: a run of
lines, or what stands behind a key with the lines that continue it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from feideprov.messages import LANGUAGES, Language, catalogue_in

TEMPLATE: Final = Path(__file__).with_name("feideprov.toml")
"""Which attribute holds the source ids is asked: there is no default."""
_UNNAMED: Final = 'source_id_attribute = ""'
_WIDTH: Final = 120
_KEY_OR_HEADING: Final = r"""(?:# )?(?:\[|"[^"]*" = |[\w.-]+ = )"""
"""Of a section that is in force, or that one puts in force by removing the first sign."""
_BEFORE_COMMENT: Final = re.compile(rf"""(?={_KEY_OR_HEADING})(?:# )?+(?:[^"#]|"[^"]*")*(?=# )""")
_CODE: Final = re.compile(_KEY_OR_HEADING)


class _Lines(NamedTuple):
    """Some lines: what stands before a comment, and the comment."""

    before: str
    comment: str = ""


def template_in(language: Language, source_id_attribute: str = "") -> bytes:
    """The configuration as `feideprov init` writes it.

    Parameters:
        language: of its comments. One that has no translation stays in English.
        source_id_attribute: the attribute that holds the source ids, where it is known already.
    """
    catalogue = catalogue_in(language)
    written = [
        line
        for lines in _parts(TEMPLATE.read_text(encoding="utf-8"))
        for line in _written(lines.before, catalogue.gettext(lines.comment) if lines.comment else "")
    ]
    named = f'source_id_attribute = "{source_id_attribute}"'
    return "\n".join([*written, ""]).replace(_UNNAMED, named, 1).encode()


def is_template(content: bytes, source_id_attribute: str) -> bool:
    """Whether a configuration is as `feideprov init` wrote it, in any language."""
    return any(content == template_in(language, source_id_attribute) for language in LANGUAGES)


def comments() -> list[str]:
    """The comments in English, each on one line."""
    return [lines.comment for lines in _parts(TEMPLATE.read_text(encoding="utf-8")) if lines.comment]


def _parts(text: str) -> Iterator[_Lines]:
    part: _Lines | None = None
    for line in text.splitlines():
        more = line.lstrip().removeprefix("# ")
        if part and part.comment and line.lstrip().startswith("# ") and not _CODE.match(line):
            part = part._replace(comment=f"{part.comment} {more}")
            continue
        if part:
            yield part
        if behind := _BEFORE_COMMENT.match(line):
            part = _Lines(behind[0], line[behind.end() + 2 :])
        elif line.startswith("# ") and not _CODE.match(line):
            part = _Lines("", more)
        else:
            part = _Lines(line)
    if part:
        yield part


def _written(before: str, comment: str) -> Iterator[str]:
    """The lines of a part. A comment that does not end on its line goes on below its beginning."""
    if not comment:
        yield before
    for line in textwrap.wrap(comment, _WIDTH - len(before) - 2, break_long_words=False, break_on_hyphens=False):
        yield f"{before}# {line}"
        before = " " * len(before)
