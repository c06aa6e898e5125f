"""When two names are one name: written otherwise, or nearly the same.

Spelling alone is compared. Nothing is transliterated (Олена is not Olena), and no word has a short form (Ola is not
Olav): when names agree, a person is asked a question, so they must seldom agree without cause.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import combinations, product
from string import ascii_uppercase
from typing import Final, NamedTuple, Self

from feideprov.look_alikes import look_alike_data

_KEPT_WORDS: Final = 1 << 16

_SPELLING_MARKS: Final = (range(10, 37), range(200, 256), range(1, 2))
"""Unicode's combining classes of Hebrew and Arabic vowel signs, of accents, and of strokes. Vowels of Indic scripts and
of Thai have other classes, and are a part of the name."""

_ACCENT_ALONE: Final = re.compile(" (?=[\u0300-\u036f])")
"""What NFKD makes of an accent without a letter (´), which many write for an apostrophe."""

_SEPARATORS: Final = ".,/·・−"
"""Signs between words, beside spaces and hyphens."""

_NO_LETTERS: Final = "ـߺꞋꞌ\u034f"
"""Letters and marks for Unicode, but not in a name: lines that make a word longer, an apostrophe, a joiner."""

_ALPHABETS_END: Final = "\u0700"
"""Below it are the scripts with a letter for each sound. In others a name may have two letters: Tigrinya ሳራ is Sara."""

_SAME_LETTER: Final = {"ی": "ي", "ى": "ي", "ے": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه"}
"""Letters of the Arabic script for which languages and keyboards have different characters, as Apache Lucene's
normalizers of Arabic, Persian and Sorani join them (many write ه and ي for ة and ى at the end of Arabic words)."""

_LIKE_CAPITALS: Final = {letter: letter.lower() for letter in ascii_uppercase} | {"l": "i"}
"""What the data of look-alike letters calls a capital, and the letter: there, a capital I is like a small l."""


def skeleton(word: str) -> str:
    """The form of a word of a name that is the same for all spellings of it.

    These make no difference: case, accents, apostrophes, hyphens, spaces, characters that are not seen, and a letter of
    another alphabet whose capital looks like a Latin one (data: confusable-homoglyphs, from Unicode's UTS 39). Two
    words of other letters from a to z are never the same. Empty if the word has neither a letter nor a digit.

    >>> skeleton("O’Brien"), skeleton("Işık"), skeleton("Håkon"), skeleton("Weiß")
    ('obrien', 'isik', 'hakon', 'weiss')
    """
    return "".join(_words(word))


class ComparedName(NamedTuple):
    """A person's name as it is compared. Made by `of`.

    Parameters:
        given: the words of the given name that are compared, as skeletons.
        family: the words of the family name.
        pairs: each given word with each family word, in one order: names agree when they have a pair in common.
        whole: all words of the given and the family name, sorted; the same words in another order give the same.
    """

    given: frozenset[str]
    family: frozenset[str]
    pairs: frozenset[str]
    whole: str

    @classmethod
    def of(cls, given: str, family: str, legal: str = "") -> Self:
        """The name of a person record.

        Words end at spaces, hyphens, full stops and commas; the words of one part, joined, are a word too (Anna-Maria,
        Anna Maria and Annamaria agree). A word of one or two letters does not count alone beside a longer one (Al
        Haddad). The last word of the legal name, which has no parts, is a family name, and the others are given
        names. If one part is missing, any two words of the other are a pair.
        """
        if not legal and _is_one_plain_word(given) and _is_one_plain_word(family):  # the name of most, and fast
            one, other = given.lower(), family.lower()
            pair = f"{one} {other}" if one < other else f"{other} {one}"
            return cls(frozenset((one,)), frozenset((other,)), frozenset((pair,)), pair)
        given_words, family_words, legal_words = _words(given), _words(family), _words(legal)
        first, last = _counted(given_words), _counted(family_words)
        pairs = _pairs(first, last)
        if legal_words:
            first |= _counted(legal_words[:-1])
            last |= _counted(legal_words[-1:])
            pairs |= _pairs(first, last)
        return cls(first or last, last or first, pairs, " ".join(sorted(given_words + family_words)))

    @property
    def words(self) -> frozenset[str]:
        """All words that are compared."""
        return self.given | self.family

    def __repr__(self) -> str:
        return "ComparedName(…)"  # a name that somebody else wrote may hold a number


def agree(one: ComparedName, other: ComparedName) -> bool:
    """Whether the names have a given name and a family name in common, in any order.

    >>> agree(ComparedName.of("Olena", "Kovalenko"), ComparedName.of("KOVALENKO", "Olena Ivanivna"))
    True
    """
    return not one.pairs.isdisjoint(other.pairs)


def nearly_agree(one: ComparedName, other: ComparedName) -> bool:
    """Whether the names do not agree, but a family name is the same, and a given name of four letters or more is one
    letter away: one too many, missing or another one. A doubled letter counts as one. Also when the other is swapped.

    >>> nearly_agree(ComparedName.of("Olena", "Kovalenko"), ComparedName.of("Elena", "Kovalenko"))
    True
    """
    return not agree(one, other) and (
        _same_and_near(one.family, other.family, one.given, other.given)
        or _same_and_near(one.family, other.given, one.given, other.family)
        or _same_and_near(one.given, other.family, one.family, other.given)
    )


def share_word(one: ComparedName, other: ComparedName) -> bool:
    """Whether any word of the names is the same."""
    return not one.words.isdisjoint(other.words)


class _Letters(dict[int, str]):
    """What `str.translate` puts in the place of a character that is already decomposed and in small letters."""

    def __missing__(self, code: int) -> str:
        self[code] = text = _written(chr(code))
        return text


_LETTERS: Final = _Letters()


@lru_cache(_KEPT_WORDS)
def _words(text: str) -> tuple[str, ...]:
    """The skeletons of the words of a text, in their order."""
    if text.isascii():
        return (text.lower(),) if text.isalpha() else tuple(text.lower().translate(_LETTERS).split())
    decomposed = _ACCENT_ALONE.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return tuple(unicodedata.normalize("NFKD", decomposed).translate(_LETTERS).split())


def _written(character: str) -> str:
    category, name = unicodedata.category(character), unicodedata.name(character, "")
    if character.isspace() or category == "Pd" or character in _SEPARATORS:
        return " "
    if character in _NO_LETTERS or name.startswith("MODIFIER LETTER") or "VARIATION SELECTOR" in name:
        return ""
    if category in {"Mn", "Mc"}:
        return "" if _only_spelling(character) else character
    if not character.isalnum():
        return ""
    if character in _SAME_LETTER:
        return _SAME_LETTER[character]
    capital = character.upper()
    return character if character.isascii() or capital == character else _look_alikes().get(capital, character)


def _is_one_plain_word(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _only_spelling(mark: str) -> bool:
    return any(unicodedata.combining(mark) in classes for classes in _SPELLING_MARKS)


@cache
def _look_alikes() -> dict[str, str]:
    """Capitals that look like one of the Latin alphabet, and its small letter.

    A Latin letter may have a stroke as well (ø, ł, đ), which Unicode does not decompose.
    """
    found: dict[str, str] = {}
    for letter, alikes in look_alike_data().items():
        latin = unicodedata.name(letter[0], "").startswith("LATIN")
        for alike in alikes:
            base = "".join(c for c in alike["c"] if not (latin and _only_spelling(c)))
            if base in _LIKE_CAPITALS:
                found[letter] = _LIKE_CAPITALS[base]
    return found


def _counted(words: tuple[str, ...]) -> frozenset[str]:
    if len(words) < 2:
        return frozenset(words)
    long = [word for word in words if len(word) > 2 or word >= _ALPHABETS_END]
    return frozenset([*(long or words), "".join(words)])


def _pairs(first: frozenset[str], last: frozenset[str]) -> frozenset[str]:
    """Each word of one part with each of the other. Of a name with one part, any two words, or the only one twice."""
    words = first or last
    both = combinations(words, 2) if len(words) > 1 and not (first and last) else product(words, last or words)
    return frozenset([f"{a} {b}" if a < b else f"{b} {a}" for a, b in both])


def _same_and_near(
    one: frozenset[str], other: frozenset[str], near: frozenset[str], near_other: frozenset[str]
) -> bool:
    return not one.isdisjoint(other) and any(_one_letter_apart(*two) for two in product(near, near_other))


_DOUBLED: Final = re.compile(r"(.)\1+")


def _one_letter_apart(one: str, other: str) -> bool:
    short, long = sorted((_DOUBLED.sub(r"\1", one), _DOUBLED.sub(r"\1", other)), key=len)
    if min(len(one), len(other)) < 4 or len(long) - len(short) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[at:] == long[at + 1 :] or short[at + 1 :] == long[at + 1 :]
