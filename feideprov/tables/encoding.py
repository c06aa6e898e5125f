"""In which encoding a list is, when it is not UTF-8.

Windows-1252 has a letter or a sign for nearly every octet, so a file in any other encoding can be read as it. The words
decide: a sign between two letters, a capital letter after a small one, or letters that no language has beside one
another are strange, and a file where many words are strange is refused. The likely encoding is named, and decides
nothing.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import Final

from feideprov.encodings import has_foreign_letters, is_damaged_name, mixes_alphabets
from feideprov.errors import InputError
from feideprov.messages import Sentence

CHOICES: Final = ("utf-8", "cp1252", "cp850", "cp865")
"""What `--encoding` can be. The last two are those of DOS, which old Norwegian systems still write."""
_LIKELY: Final = {
    "cp850": Sentence("cp850 (DOS)"),
    "cp865": Sentence("cp865 (DOS)"),
    "cp1251": Sentence("Windows-1251 (Cyrillic)"),
    "koi8-u": Sentence("KOI8 (Cyrillic)"),
    "iso8859-5": Sentence("ISO 8859-5 (Cyrillic)"),
    "cp1253": Sentence("Windows-1253 (Greek)"),
    "cp1256": Sentence("Windows-1256 (Arabic)"),
    "mac_roman": Sentence("Mac OS Roman"),
    "cp1250": Sentence("Windows-1250 (Central Europe)"),
    "iso8859-2": Sentence("ISO 8859-2 (Central Europe)"),
    "cp1254": Sentence("Windows-1254 (Turkish)"),
    "cp1257": Sentence("Windows-1257 (Baltic)"),
    "iso8859-15": Sentence("ISO 8859-15"),
}
_MOST_STRANGE: Final = 0.25
"""Of all words with other signs than ASCII: a few may be wrong in a file that is read rightly."""

_WORD: Final = re.compile(r"[^\s;,\"|]+")
_LONGEST_WORD: Final = 100
_SIGN: Final = "¡-©¬®-³µ¶¸¹¼-¿×÷€‚ƒ„…†‡ˆ‰‹•˜™›"
_STRANGE: Final = re.compile(
    rf"[^\W\d_][{_SIGN}][^\W\d_]|[a-z]{{2}}[‚„ˆ‹›¢£¦¤ƒ]$|[a-z]{{3}}³$|^[£¯¥¦©®¼½¾¹³¿†›][a-z]{{2}}|[\x80-\x9f]"
)
_OTHER_LETTERS: Final = re.compile(
    r"è[aeiouyáéíóúýk]|[áí]è|[ai]è$|[oe]èn|[aeiou]æ$|ø[áéíýúìè]|[áéíýúì]ø|ã[bcdlrtvz]|cã$|zõ|nõ$"  # Windows-1250
    r"|[a-z]ìk|[aeiáéí]ò[a-zšáéíý]|òð|ñ[bdfgj-nprstvwz]|[bcdfghjklmprstvz]ç[bcdfgjklmnprstvz]|ù[aeo]"  # and 1257
    r"|ayþ|þ$|þ[bdghkmntý]|ðý|yý|ký[lnrsz]|ý[nzk]$|^ý[bkps]|ý[a-z]+ý|[ðþ][üç]|[üç][a-z]*[ðþ]|oðlu",  # 1254
    re.IGNORECASE,
)
"""What č, ć, ř, ě, ă, ő, ň, ń, ş, ğ, ı, ē, ņ and ł are when read as Windows-1252, beside letters where none of its
languages has them: `Petroviæ`, `Dvoøák`."""
_ALIKE: Final = re.compile("[\x00-\x7fÁÂÄÇÉËÍÎÓÔÖÚÜÝßáâäçéëíîóôöúüýŠšŽž]*")
"""Letters that Windows-1250 has in the same places: a word of nothing else does not tell which of the two it is."""
_PARTICLE: Final = frozenset(
    ("h", "Mc", "Mac", "Nic", "De", "Di", "Du", "La", "Le", "Van", "Von", "Fitz", "O", "Ó", "Ní")
)
"""A capital letter may follow: MacÁdhaimh, Ó hÉimhigh."""


def chosen(name: str) -> str:
    """The encoding that a person named. Raises InputError for any but CHOICES."""
    with suppress(LookupError, ValueError):
        known = codecs.lookup(name).name.removesuffix("-sig")
        if known in CHOICES:
            return known
    raise InputError(
        Sentence(
            "--encoding must be {choices}, or must not be given. Correct it.",
            choices=Sentence("utf-8, cp1252, cp850 or cp865"),
        )
    )


def _words(text: str) -> set[str]:
    """The words with other signs than ASCII, of which no more is looked at than a word can be long."""
    return {word[:_LONGEST_WORD] for word in _WORD.findall(text) if not word.isascii()}


def makes_sense(text: str) -> bool:
    """Are few words of a text strange? Å, Ø and Æ may stand anywhere in a word: they are what such lists have most."""
    words = _words(text)
    telling = [word for word in words if not _ALIKE.fullmatch(word)]
    other = sum(_OTHER_LETTERS.search(word) is not None for word in telling)
    return sum(map(_is_strange, words)) <= len(words) * _MOST_STRANGE and other <= len(telling) * _MOST_STRANGE


def likely(data: bytes) -> tuple[str, Sentence] | None:
    """The encoding in which the fewest words of a file are strange, and how a message names it; None: in none."""
    found = []
    for encoding, shown in _LIKELY.items():
        with suppress(UnicodeDecodeError):
            words = _words(data.decode(encoding))
            strange = sum(
                _is_strange(word) or is_damaged_name(word) or _OTHER_LETTERS.search(word) is not None for word in words
            )
            if strange <= len(words) * _MOST_STRANGE:
                found.append((strange, encoding, shown))
    return min(found, key=lambda one: one[0])[1:] if found else None


def _is_strange(word: str) -> bool:
    return (
        _STRANGE.search(word) is not None
        or has_foreign_letters(word)
        or _has_capital_inside(word)
        or mixes_alphabets(word)
    )


def _has_capital_inside(word: str) -> bool:
    for place, (before, letter, after) in enumerate(zip(word, word[1:], f"{word[2:]} ", strict=False), 1):
        if (
            letter.isupper()
            and not letter.isascii()
            and letter not in "ÆØÅ"
            and (before.islower() or (before.isalpha() and after.islower()))
        ):
            return word[:place] not in _PARTICLE
    return False
