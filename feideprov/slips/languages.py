"""The languages of slips, and in which of them a person's card is printed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

CHECKED: Final = ("nb", "nn", "en")
"""The languages of this program. Their texts stand in its catalogues."""
OTHERS: Final = ("uk", "ru", "ar", "ti", "fa", "so")
"""Languages whose texts are printed only when somebody at the organization has read them and answers for them."""
EVERY: Final = (*CHECKED, *OTHERS)
RIGHT_TO_LEFT: Final = frozenset(("ar", "fa"))
FALLBACK: Final = ("nb", "en")
"""The languages of a card whose own language is not known, or is not to be printed."""
_SAME: Final = {"no": "nb"}


def main_language(tag: str) -> str:
    """The language of a tag (BCP 47), without script and region.

    >>> main_language("uk-UA"), main_language("no"), main_language("")
    ('uk', 'nb', '')
    """
    language = tag.partition("-")[0].lower()
    return _SAME.get(language, language)


def printed_languages(tag: str, reviewed: Collection[str]) -> tuple[str, ...]:
    """The languages of a card.

    Parameters:
        tag: the language of the person (BCP 47); empty when it is not known.
        reviewed: the languages of `OTHERS` whose texts somebody has read.

    Returns: that language, or bokmål and English.

    >>> printed_languages("uk", ()), printed_languages("uk", ("uk",)), printed_languages("nn-NO", ())
    (('nb', 'en'), ('uk',), ('nn',))
    """
    language = main_language(tag)
    return (language,) if language in CHECKED or (language in OTHERS and language in reviewed) else FALLBACK
