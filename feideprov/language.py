"""preferredLanguage: a language tag, well-formed by BCP 47 (RFC 5646, section 2.1)."""

from __future__ import annotations

import re
from typing import Final

from feideprov.errors import InputError
from feideprov.messages import Sentence

_TAG: Final = re.compile(
    r"""
    [a-z]{2,3} (?:-[a-z]{3}){0,3}               # language; four and more letters are registered to none
    (?:-[a-z]{4})?                              # script
    (?:-(?:[a-z]{2}|[0-9]{3}))?                 # region
    (?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*    # variants
    (?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*         # extensions
    (?:-x(?:-[a-z0-9]{1,8})+)?                  # private use
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_WORDS: Final = {"bokmål": "nb", "nynorsk": "nn"}
"""What Norwegian school systems write in the column målform."""


def language_tag(text: str) -> str:
    """A tag in its conventional form: `nb`, `zh-Hans`, `pt-BR`. `nb_NO`, as programs write it, is read too.

    Only the form is checked, not whether there is such a language. Raises InputError for what is not a tag.

    >>> language_tag("UK"), language_tag("zh-hans-cn"), language_tag("nb_NO")
    ('uk', 'zh-Hans-CN', 'nb-NO')
    """
    tag = _WORDS.get(text.casefold(), text).replace("_", "-")
    if not _TAG.fullmatch(tag):
        raise InputError(Sentence("A language must be a tag of two or three letters, such as uk, ar or nb."))
    first, *rest = tag.lower().split("-")
    written, in_extension = [first], False
    for subtag in rest:
        in_extension = in_extension or len(subtag) == 1  # what follows a single letter stays in lower case
        written.append(subtag if in_extension else _CASE.get(len(subtag), str.lower)(subtag))
    return "-".join(written)


_CASE: Final = {2: str.upper, 4: str.capitalize}
"""By convention a region has two capitals, a script one (RFC 5646, section 2.1.1)."""
