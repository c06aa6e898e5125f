"""Text that was read in the wrong encoding, and which signs a name never has.

A sign is *damaged text* when it comes from a wrong encoding and not from a person: `Ã¸` is UTF-8 that was read as
Windows-1252, `›` is the ø of cp850. What a person may have typed (`&`, `/`, parentheses, quotation marks, a digit) is
not damaged, and neither is any letter or mark of any script, if its word has letters of one alphabet only.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Final

from feideprov.messages import Sentence

_APOSTROPHES: Final = frozenset("’‘·´΄᾽᾿῾")
"""Signs that are part of a name, and accents that are typed for them."""
_SIGNS: Final = frozenset({"Cc", "Co", "Cs", "Sm", "Sc", "Sk", "So", "No"})
"""Categories of Unicode that no name has a sign of."""

_LOST: Final = r"[?\ufffd]"
_ANYWHERE: Final = r"[\x80-\x84\x86-\x9f\ufffd\ufffe\uffff\ue000-\uf8ff\ud800-\udfff\u2500-\u259f]"
"""In no text of people: controls, the mark of a lost letter, private use, lone surrogates, lines that draw a box."""
_AFTER_FIRST: Final = "¡-ª¬®-º¼-¿€‚ƒ„…†‡ˆ‰‹•˜™›"
_ANY_AFTER: Final = f"{_AFTER_FIRST}«»\xad‘’“”–—ŠŒŽšœžŸ"
_TWICE: Final = (
    f"[Â-ß][{_AFTER_FIRST}]|Ã[{_ANY_AFTER}]|Â[‘’“”–—]|[ÄÅ][šœž]"
    f"|[à-ï](?:[{_AFTER_FIRST}][{_ANY_AFTER}]|[{_ANY_AFTER}][{_AFTER_FIRST}])"
)
"""UTF-8 that was read as Windows-1252, or Latin-1, and written as UTF-8: the first octet of a letter, then the others.
A capital letter before a dash or a quotation mark (`É–`) and two letters (`KŘÍŽ`) are no such thing, except after Ã."""
_SEVEN_BITS: Final = r"[{|}\\]|^[^\[]*\]|\[[^\W\d][^\]]*$"
"""Æ, Ø, Å in the Norwegian form of ASCII (ISO 646): `Bj|rn`, `H}kon`, `]se`. Brackets in pairs were typed."""
_ESCAPED: Final = r"&(?:#\w+|\w+);|[=%][0-9A-F]{2}|_x[0-9A-Fa-f]{4}_"
"""Letters as HTML, a web address, a mail or Excel's XML writes them."""
_HALF: Final = (
    r"[a-zß-ÿ][ÂÃĂĹ]|[ĂĹ][ŠŚŤŽŹšśťžźŁĄŻłąşĽľż–—]|[ÄÅ][śťźąłşľżŸŒ]|ÔÇ|[A-Za-z]Г|Г[–—ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЁЄЇІіґёєјЅѕї][a-z]"
    r"|\wŒ[a-z]|\w„|\w[”“«»]\w|—(?:[a-zß-öø-ÿ]|$)|^[–—]\w|ƒ(?![aeiouɛɔáàéèíìóòúù])|\b[а-яёіїєґ][А-ЯЁІЇЄҐ]"
    r"|(?i:[b-df-hj-np-tv-xz]‘[b-df-hj-np-tv-xz])(?<![gG]‘.)"
)
"""UTF-8 read as Windows-1252, 1250 or 1251, where the second sign may be lost; letters of a Mac and of cp850 as
Windows-1252, such as å, é, ä, ö, ó and æ; Cyrillic in KOI8 as Windows-1251. In Uzbek, ‘ follows g or o, and in Ewe a
vowel follows ƒ."""
_ACCENT_ALONE: Final = r"´(?!\w)|(?<!\w)´(?![a-z]\b)"
"""An accent where no apostrophe is. Before one letter it is that of ’t Hooft."""
_PUNCTUATION: Final = "[¡§¶¿µˆˇ\u2016\u2017\u201a\u2033\u2034\u2036\u2037\u2020-\u2026\u2030\u2031\u2038-\u205e]"
_SMALL_LETTERS: Final = r"[\u2070-\u209fº]|(?<![Mm])(?<![Mm]\.)ª"
"""Above or below the line, as º and ⁿ; letters to Unicode. `Mª` is short for María."""
_DAMAGED: Final = f"{_ANYWHERE}|{_TWICE}"
_IN_ASCII: Final = f"{_LOST}|{_SEVEN_BITS}|{_ESCAPED}"
_IN_A_NAME: Final = (
    f"{_ANYWHERE}|{_TWICE}|{_LOST}|{_SEVEN_BITS}|{_ESCAPED}|{_HALF}|{_ACCENT_ALONE}|{_PUNCTUATION}|{_SMALL_LETTERS}"
)
"""Compiled at first use (and kept by `re`): that takes 5 ms, and few lists need it."""
_PLAIN: Final = re.compile(r"[A-Za-zÆØÅæøåÄÖÜäöüÉé '’.-]*")
"""What nearly all names in Norway are made of: nothing of it is a sign of damage, in whatever order."""
_ASCII_LETTER: Final = re.compile("[A-Za-z]")
_BETWEEN_WORDS: Final = re.compile(r"[\s!-@\[-`{-~·‐-’]+")
_ONLY_LATIN: Final = re.compile("(?![aceiopxyABCEHIKMOPTX])[A-Za-zÀ-ɏḀ-ỿ]")
_NOT_LATIN: Final = re.compile(
    "(?![аеорсухіАВЕКМНОРСТУХІΑΒΕΖΗΙΚΜΝΟΡΤΥΧαειο\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f])[\u0370-\u1cff\u3040-\ud7ff]"
)
"""Letters and marks that can be seen and look like none of another alphabet: a keyboard may have the `О` of both."""
_LATIN_LETTERS: Final = re.compile(r"[À-ÖØ-öø-ÿ]{3,}")
_USUAL: Final = frozenset("æøåäöüßéèçôÆØÅÄÖÜÉÈÇÔ")

DAMAGED: Final = Sentence(
    "letters are damaged, because the text was read in a wrong encoding. Export the list again as “CSV UTF-8”, or "
    "correct the text."
)
LOST: Final = Sentence("letters were lost (“?”) when the file was saved. Save the file again as “CSV UTF-8”.")


def what_is_damaged(text: str, *, is_name: bool) -> Sentence | None:
    """What is wrong with the letters of a cell, to be said after the name of its column; None when nothing is."""
    if not (is_damaged_name(text) if is_name else is_damaged(text)):
        return None
    return LOST if "?" in text or "\ufffd" in text else DAMAGED


def unicode_text(data: bytes) -> str:
    """Text in UTF-8 or, as Windows' programs save it, UTF-16; without a byte order mark.

    Raises UnicodeDecodeError when it is neither.

    >>> unicode_text("på".encode("utf-16")), unicode_text(b"\\xef\\xbb\\xbfp")
    ('på', 'p')
    """
    return data.decode(json.detect_encoding(data)).removeprefix("\ufeff")


def is_damaged(text: str) -> bool:
    """Is this text of any kind certainly damaged? Ordinary signs, such as € or ½, are in order.

    >>> is_damaged("Klasse pÃ¥ Sørby"), is_damaged("50 % på Sørby – 5° ½ €")
    (True, False)
    """
    return not text.isascii() and re.search(_DAMAGED, text) is not None


def is_damaged_name(text: str) -> bool:
    """Has the name of a person signs that no name has?

    >>> [is_damaged_name(name) for name in ["Bjørn", "BjÃ¸rn", "Bj›rn", "Bj?rn", "Îëåíà", "Nils (Nisse) O’Neill, Jr."]]
    [False, True, True, True, True, False]
    """
    if _PLAIN.fullmatch(text):
        return False
    if text.isascii():
        return re.search(_IN_ASCII, text) is not None
    if re.search(_IN_A_NAME, text):
        return True
    return has_foreign_letters(text) or _has_sign(text) or mixes_alphabets(text)


def mixes_alphabets(text: str) -> bool:
    """Has a word letters of Latin and of another alphabet? One that looks the same in both is no such letter.

    >>> [mixes_alphabets(name) for name in ["Mьller", "Oлена", "Anna-Олена"]]
    [True, False, False]
    """
    if not _NOT_LATIN.search(text):
        return False
    return any(_ONLY_LATIN.search(word) and _NOT_LATIN.search(word) for word in _BETWEEN_WORDS.split(text))


def _has_sign(text: str) -> bool:
    signs = [c for c in text if not (c.isalpha() or c.isascii() or c.isspace() or c in _APOSTROPHES)]
    if not signs:
        return False
    if text.count("«") != text.count("»") or sum(c in "„“”" for c in signs) % 2:
        return True  # a quotation mark without the other one
    if not _SIGNS.isdisjoint(map(unicodedata.category, signs)):
        return True
    # Punctuation of another script, or what is no character yet, among Latin letters.
    return _ASCII_LETTER.search(text) is not None and any(
        c > "\u036f"
        and c not in "\u2027\u30fb"
        and not "\u2010" <= c <= "\u205e"
        and unicodedata.category(c) in {"Po", "Pd", "Cn"}
        for c in signs
    )


def has_foreign_letters(text: str) -> bool:
    """Are there three or more of Latin-1's letters with accents in a row, four of them or no other in the word?

    No language writes so. Letters of other scripts look so when they are read as Windows-1252 (`Îëåíà` is Олена).
    """
    for found in _LATIN_LETTERS.finditer(text):
        whole = not (text[: found.start()][-1:].isalpha() or text[found.end() :][:1].isalpha())
        if (whole or len(found[0]) > 3) and not _USUAL.issuperset(found[0]):
            return True
    return False
