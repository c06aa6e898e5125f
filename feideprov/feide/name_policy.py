"""How an organization makes user names: a pattern, its letters, its length, and the words it does not use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Final, Literal, Self

from anyascii import anyascii

from feideprov.errors import ConfigurationError, Refused, scrub
from feideprov.feide import words
from feideprov.feide.words import Words
from feideprov.issues import code
from feideprov.messages import Sentence
from feideprov.numbers import number_shaped

R_NO_NAME_LEFT: Final = code(
    "R-NO-NAME-LEFT",
    Sentence("All user names that can be made from this name are taken."),
    Sentence("Allow longer user names in the configuration ([names] max_length, pattern)."),
)
R_NAME_INVALID: Final = code(
    "R-NAME-INVALID",
    Sentence(
        "The new user name contains a character that is not allowed, is too long, or looks like an identity number."
    ),
    Sentence("Choose another user name."),
)
R_NAME_RESERVED: Final = code(
    "R-NAME-RESERVED",
    Sentence("The new user name is reserved, by this tool or in the configuration ([names] reserved)."),
    Sentence("Choose another user name."),
)

Letters = Literal["short", "double"]

FALLBACK = "bruker"
"""For a person whose names give no usable letters: it means “user”."""

_NO_LETTERS = re.compile(r"[^a-z]")
_NORWEGIAN = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "ae", "Ø": "oe", "Å": "aa"})
_USER_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")
_ROOM_FOR_NUMBERS = 3
_SHORTER = (3, 2, 1)

Piece = tuple[str, str]
"""A part of a user name, and the whole name that it was taken from; "" for a part of the pattern itself."""


@dataclass(frozen=True)
class _Field:
    name: Literal["given", "family"]
    length: int | None


@dataclass(frozen=True)
class NamePolicy:
    """Made by `parse`. A user name is a *stem*, made of a person's names, and a number when the stem is taken."""

    parts: tuple[str | _Field, ...]
    letters: Letters
    max_length: int
    reserved: Words

    @classmethod
    def parse(
        cls,
        pattern: str = "{given:4}{family:4}",
        *,
        letters: Letters = "short",
        max_length: int = 20,
        reserved: Iterable[str] = (),
    ) -> Self:
        """The policy that the settings `[names]` describe.

        Parameters:
            pattern: `{given}` and `{family}`, each with a length if wanted (`{given:3}`), and a–z, 0–9, `.`, `-`, `_`
                between them.
            letters: æ, ø and å become ae, o and a (`short`) or ae, oe and aa (`double`).
            max_length: the greatest number of characters, with the number at the end.
            reserved: words that no user name may be, beside those of `feideprov.feide.words`.

        Returns: the policy.

        Raises:
            ConfigurationError: the pattern, the length or the words cannot give usable names.
        """
        policy = cls(_parsed(pattern), letters, max_length, words.reserved() | Words.parse(reserved))
        fields = sum(isinstance(part, _Field) for part in policy.parts)
        least = sum(len(part) for part in policy.parts if isinstance(part, str)) + fields + _ROOM_FOR_NUMBERS
        if least > max_length:
            raise _wrong(
                pattern,
                Sentence(
                    "it is too long: with max_length = {length}, there is no space for the name.", length=max_length
                ),
            )
        if not policy.allows(FALLBACK):
            raise ConfigurationError(
                Sentence(
                    "[names] reserved must not contain “{word}”: people whose names give no letters from a to z get "
                    "this user name. Remove the word.",
                    word=FALLBACK,
                )
            )
        return policy

    def stem(self, given_name: str, family_name: str, legal_name: str = "") -> str:
        """What a person's user name begins with.

        When the names are not in Latin letters but the legal name is, that is used: it is spelled as in the passport,
        and reads better than a transliteration (Arabic writes few vowels). When one name is missing, the other is used
        for both, at their joint length. Names of more than one word are joined. A stem that reads as an unfortunate
        word is made with fewer letters of one name; when that does not help, the stem is neutral.

        Parameters:
            given_name, family_name, legal_name: the person's names, in any script; each may be empty.

        Returns: the stem, of the letters a–z and what the pattern has between the names.

        Raises: nothing.
        """
        legal = legal_name.split()
        if legal and _in_latin(legal_name) and not _in_latin(given_name + family_name):
            given_name, family_name = legal[0], legal[-1] if len(legal) > 1 else ""
        pieces = self._pieces({"given": self.latin(given_name), "family": self.latin(family_name)})
        for version in _versions(self._fitted(pieces)):
            stem = "".join(text for text, _ in version)
            own = [name for text, name in version if text == name]
            if self.allows(stem) and not words.unfortunate().matches(stem, own=own):
                return stem
        return FALLBACK

    def latin(self, text: str) -> str:
        """A name in the letters a–z.

        Parameters:
            text: the name, in any script.

        Returns: its letters; empty when it gives none.

        Raises: nothing.
        """
        if text.isascii():
            return _NO_LETTERS.sub("", text.lower())
        text = unicodedata.normalize("NFC", text)
        if self.letters == "double":
            text = text.translate(_NORWEGIAN)
        # Only letters and their marks: anyascii has words for signs and pictures.
        text = "".join(character for character in text if unicodedata.category(character)[0] in "LM")
        return _NO_LETTERS.sub("", anyascii(text).lower())

    def numbered(self, stem: str, number: int) -> str:
        """A stem with its number; number 1 is not written.

        Parameters:
            stem: as `stem` makes it. It is cut when both together are too long.
            number: from 1 on.

        Returns: the user name.

        Raises:
            Refused: the number alone is too long (R-NO-NAME-LEFT).
        """
        if number == 1:
            return stem
        room = self.max_length - len(str(number))
        if room < 1:
            raise Refused(
                Sentence(
                    "All user names that can be made from this name are taken. Allow longer user names ([names] "
                    "max_length, pattern)."
                ),
                code=R_NO_NAME_LEFT,
            )
        return f"{stem[:room].rstrip('._-')}{number}"

    def is_of(self, stem: str, user_name: str) -> bool:
        """Is this the stem, or the stem with a number?

        Parameters:
            stem: as `stem` makes it.
            user_name: a user name, without the realm.

        Returns: whether it is.

        Raises: nothing.
        """
        ends = (user_name[place:] for place in range(1, len(user_name)))
        numbers = (int(end) for end in ends if re.fullmatch("[1-9][0-9]{0,4}", end))
        return user_name == stem or any(user_name == self.numbered(stem, number) for number in numbers if number > 1)

    def allows(self, user_name: str) -> bool:
        """Is it neither reserved nor shaped like an identity number?

        Parameters:
            user_name: a user name, without the realm.

        Returns: whether it is neither.

        Raises: nothing.
        """
        return not self.reserved.matches(user_name) and not number_shaped(user_name)

    def chosen(self, user_name: str) -> str:
        """Check a user name that somebody has chosen. It may contain any word that is not reserved.

        Parameters:
            user_name: the user name, without the realm.

        Returns: the same user name.

        Raises:
            Refused: it cannot be used (R-NAME-INVALID), or is reserved (R-NAME-RESERVED).
        """
        if not _USER_NAME.fullmatch(user_name) or len(user_name) > self.max_length or number_shaped(user_name):
            raise Refused(
                Sentence(
                    "The new user name cannot be used. Write at most {length} characters: the letters a to z and "
                    "digits, with “.”, “-” or “_” between them. It must not look like an identity number.",
                    length=self.max_length,
                ),
                code=R_NAME_INVALID,
            )
        if self.reserved.matches(user_name):
            raise Refused(
                Sentence("The user name {name} is reserved. Choose another one.", name=scrub(user_name)),
                code=R_NAME_RESERVED,
            )
        return user_name

    def _pieces(self, names: dict[str, str]) -> list[Piece]:
        """The parts of a stem at their full length; none when no name gives letters."""
        fields = [place for place, part in enumerate(self.parts) if isinstance(part, _Field)]
        asked = [part for part in self.parts if isinstance(part, _Field)]
        if all(names[field.name] for field in asked):
            return [_piece(part, names) for part in self.parts]
        one = names["given"] or names["family"]
        if not one:
            return []
        lengths = [field.length for field in asked]
        length = None if None in lengths else sum(filter(None, lengths))
        before, after = self.parts[: fields[0]], self.parts[fields[-1] + 1 :]
        return [*(_piece(p, names) for p in before), (one[:length], one), *(_piece(p, names) for p in after)]

    def _fitted(self, pieces: list[Piece]) -> list[Piece]:
        """The same within the greatest length: the longest name is cut, letter by letter."""
        fitted = [(text[: self.max_length], name) for text, name in pieces]
        while sum(len(text) for text, _ in fitted) > self.max_length:
            longest = max((p for p, (_, name) in enumerate(fitted) if name), key=lambda p: len(fitted[p][0]))
            text, name = fitted[longest]
            fitted[longest] = text[:-1], name
        return fitted


def _versions(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """A stem, and the same with fewer letters of one name: first with most letters, and of the last name first."""
    if pieces:
        yield pieces
    for length in _SHORTER:
        for place, (text, name) in reversed(list(enumerate(pieces))):
            if name and len(text) > length:
                yield [*pieces[:place], (text[:length], name), *pieces[place + 1 :]]


def _piece(part: str | _Field, names: dict[str, str]) -> Piece:
    return (part, "") if isinstance(part, str) else (names[part.name][: part.length], names[part.name])


def _in_latin(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return bool(letters) and all("LATIN" in unicodedata.name(letter, "") for letter in letters)


def _parsed(pattern: str) -> tuple[str | _Field, ...]:
    try:
        found = list(Formatter().parse(pattern))
    except ValueError:
        raise _wrong(pattern, Sentence("a {{ or }} is missing.")) from None
    parts: list[str | _Field] = []
    for literal, name, length, conversion in found:
        if literal:
            if not re.fullmatch("[a-z0-9._-]+", literal):
                raise _wrong(
                    pattern,
                    Sentence("between the names, only a to z in lower case, digits, “.”, “-” and “_” are allowed."),
                )
            parts.append(literal)
        if name in ("given", "family"):
            if conversion or not re.fullmatch("|[1-9][0-9]?", length or ""):
                raise _wrong(pattern, Sentence("a length must be a number from 1 to 99."))
            parts.append(_Field("given" if name == "given" else "family", int(length) if length else None))
        elif name is not None:
            raise _wrong(pattern, Sentence("only {{given}} and {{family}} can be in braces."))
    said = "".join("x" if isinstance(part, _Field) else part for part in parts)
    if not any(isinstance(part, _Field) for part in parts):
        raise _wrong(pattern, Sentence("it must contain {{given}} or {{family}}."))
    if not _USER_NAME.fullmatch(said):
        raise _wrong(pattern, Sentence("it must begin and end with a letter, a digit, {{given}} or {{family}}."))
    if sum(character.isdecimal() for character in said) > 4:
        raise _wrong(
            pattern, Sentence("it contains more than four digits. A user name must not look like an identity number.")
        )
    return tuple(parts)


def _wrong(pattern: str, what: Sentence) -> ConfigurationError:
    return ConfigurationError(
        Sentence(
            "[names] pattern “{pattern}”: {what} Write a pattern such as {{given:4}}{{family:4}} or "
            "{{given}}.{{family}}.",
            pattern=scrub(pattern),
            what=what,
        )
    )


USUAL_NAMES = NamePolicy.parse()
"""The policy of an organization that sets nothing."""
