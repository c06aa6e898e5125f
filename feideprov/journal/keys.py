"""The organization's key: marks of numbers, names and people, which say nothing without the key, and seals of evidence
and plan files."""

from __future__ import annotations

import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Protocol

from feideprov import files
from feideprov.directory.dn import same_key
from feideprov.encodings import unicode_text
from feideprov.errors import ConfigurationError, scrub_path
from feideprov.messages import Sentence
from feideprov.numbers import NationalNumber, NumberText
from feideprov.numbers.compare import normal_digits
from feideprov.programs.arguments import checked
from feideprov.system_errors import reason_of

KEY_OCTETS = 32
LEAST_OCTETS = 16
_LETTERS_OF_A_KEY = 20
AS_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""A hexadecimal digest as letters alone: nobody takes a part of them for a number."""
_IN_PLACE_OF_KEY = re.compile(rf"(?:\A|:)[a-p]{{{_LETTERS_OF_A_KEY}}}\Z")
_DIGITS_OF_A_PERSON = 32
"""Hexadecimal digits of a mark of a person. There are several marks for each person, and 128 bits are enough: that two
of a hundred million marks are equal by chance has a probability of less than one to 10 to the power of 22."""


class KeyProvider(Protocol):
    """Fetches the key of the journal, such as from a key store: a function without parameters, or an object that can
    be called like one. It is called when the key is needed, and gives the same octets each time."""

    def __call__(self) -> bytes:
        """The octets of the key."""


class MarkKey:
    """Makes keyed digests (HMAC-SHA-256).

    There are so few numbers that all of them can be tried against a plain digest. So every digest is made with the
    organization's key, which must be the same on every worker.

    Parameters:
        key: the octets of the key, or a provider that returns them.

    Raises:
        ConfigurationError: the key has less than 16 octets.
    """

    @checked
    def __init__(self, key: bytes | KeyProvider) -> None:
        self._key = key if isinstance(key, bytes) else key()
        if not isinstance(self._key, bytes) or len(self._key) < LEAST_OCTETS:
            raise ConfigurationError(
                Sentence("The key is too short: it must have at least {least} bytes.", least=LEAST_OCTETS)
            )

    @classmethod
    def fresh(cls) -> MarkKey:
        """A new random key, which is not stored.

        Returns: the key.

        Raises: nothing.
        """
        return cls(secrets.token_bytes(KEY_OCTETS))

    @classmethod
    def from_file(cls, path: Path, *, make: bool, new: MarkKey | None = None) -> MarkKey:
        """The key in a file.

        Parameters:
            path: the file, with the key in hexadecimal.
            make: create a missing file with a new key (mode 0600).
            new: the key that such a file gets; without it, a random one.

        Returns: the key.

        Raises:
            ConfigurationError: the file cannot be used, or the key has less than 16 octets.
        """
        try:
            place = files.followed(path)
            if make and not place.exists():
                with suppress(FileExistsError):  # another worker made it
                    files.create(place, f"{(new or cls.fresh())._key.hex()}\n".encode())
            key = bytes.fromhex(unicode_text(files.content_of(place, files.Largest.SECRET)).strip())
            files.delete_drafts(place)
        except OSError as error:
            raise ConfigurationError(
                Sentence(
                    "The key file {path} cannot be used: {reason}.", path=scrub_path(path), reason=reason_of(error)
                )
            ) from None
        except ValueError:
            raise ConfigurationError(
                Sentence(
                    "The key file {path} does not contain a hexadecimal key. Put the right key file back.",
                    path=scrub_path(path),
                )
            ) from None
        if len(key) < LEAST_OCTETS:
            raise ConfigurationError(
                Sentence(
                    "The key in the key file {path} is too short: it must have at least {least} bytes. Put the right "
                    "key file back.",
                    path=scrub_path(path),
                    least=LEAST_OCTETS,
                )
            )
        return cls(key)

    def of_number(self, number: NationalNumber | NumberText | str) -> str:
        """The mark of a number.

        Parameters:
            number: the number; a text in any spelling.

        Returns: the mark (hexadecimal): the same for the same digits in every spelling.

        Raises: nothing.
        """
        text = number if isinstance(number, str) else number.reveal()
        return self._digest(b"number", normal_digits(text).encode())

    def of_name(self, feide_name: str) -> str:
        """The mark of a Feide name.

        Parameters:
            feide_name: the Feide name.

        Returns: the mark (hexadecimal): the same in upper and lower case.

        Raises: nothing.
        """
        return self._digest(b"name", feide_name.lower().encode())

    def of_values(self, values: Mapping[str, Iterable[bytes]]) -> str:
        """The mark of what some attributes of an entry hold.

        Parameters:
            values: the values of each attribute.

        Returns: the mark (hexadecimal): the same in any order of the attributes and values.

        Raises: nothing.
        """
        told = sorted((name.lower(), sorted(value.hex() for value in some)) for name, some in values.items())
        return self._digest(b"values", json.dumps(told).encode())[:_DIGITS_OF_A_PERSON]

    def of_person(self, names: str, birth_date: date) -> str:
        """The mark of a person's name with the birth date.

        Parameters:
            names: words of the name, already in the form in which names are compared.
            birth_date: the birth date.

        Returns: the mark (hexadecimal).

        Raises: nothing.
        """
        return self._of_texts(b"person", names, birth_date.isoformat())

    def of_source_id(self, source_id: str, birth_date: date) -> str:
        """The mark of a source id with the birth date of its person.

        Parameters:
            source_id: the source id.
            birth_date: the birth date.

        Returns: the mark (hexadecimal): the same for source ids that a directory holds equal.

        Raises: nothing.
        """
        return self._of_texts(b"source id", same_key(source_id), birth_date.isoformat())

    def of_row(self, *texts: str) -> str:
        """The mark of what a row says of a person, which shows whether the row says the same as before.

        Parameters:
            texts: what the row says.

        Returns: the mark (hexadecimal).

        Raises: nothing.
        """
        return self._of_texts(b"row", *texts)

    def of_question(self, *texts: str) -> str:
        """The mark of a question about who is who.

        Parameters:
            texts: whom the question is about.

        Returns: the mark (hexadecimal).

        Raises: nothing.
        """
        return self._of_texts(b"question", *texts)

    def in_place_of_key(self, number: str) -> str:
        """A source id for a person whose key in a file is a number.

        Parameters:
            number: the number, in any spelling.

        Returns: twenty letters: the same for the same digits in every spelling. It says nothing about the number.

        Raises: nothing.
        """
        digest = self._digest(b"in place of a key", normal_digits(number).encode())
        return digest[:_LETTERS_OF_A_KEY].translate(AS_LETTERS)

    @staticmethod
    def is_in_place_of_key(source_id: str) -> bool:
        """Whether a source id has the form of those that stand in place of a number.

        Parameters:
            source_id: the source id, with its prefix where there is one.

        Returns: whether it has.

        Raises: nothing.
        """
        return _IN_PLACE_OF_KEY.search(source_id) is not None

    def of_protected_key(self, source_id: str) -> str:
        """The mark of the source id of a protected person.

        Parameters:
            source_id: the source id, with its prefix where there is one.

        Returns: the mark (hexadecimal): the same for source ids that a directory holds equal.

        Raises: nothing.
        """
        return self._of_texts(b"protected", same_key(source_id))

    def of_listed_key(self, source_id: str) -> str:
        """The mark of a source id of a full file.

        Parameters:
            source_id: the source id, with its prefix where there is one.

        Returns: the mark (hexadecimal): the same for source ids that a directory holds equal.

        Raises: nothing.
        """
        return self._of_texts(b"listed key", same_key(source_id))

    def of_serial(self, *texts: str) -> str:
        """The mark of a serial that a file has in place of a number.

        Parameters:
            texts: the source, the serial, the words of the name and the birth date.

        Returns: the mark (hexadecimal).

        Raises: nothing.
        """
        return self._of_texts(b"serial", *texts)

    def of_register_number(self, number: NumberText | str) -> str:
        """The mark of a number in the introduction register. It is never equal to the one of `of_number`, so that the
        register and the journal cannot be compared, even with the same key.

        Parameters:
            number: the number, of any kind, in any spelling.

        Returns: the mark (hexadecimal): the same for the same letters and digits in every spelling.

        Raises: nothing.
        """
        text = number if isinstance(number, str) else number.reveal()
        return self._of_texts(b"register number", normal_digits(text))

    def seal(self, content: bytes) -> str:
        """A digest that shows whether a content was altered.

        Parameters:
            content: the content.

        Returns: the digest (hexadecimal).

        Raises: nothing.
        """
        return self._digest(b"seal", content)

    @property
    def fingerprint(self) -> str:
        """Identifies the key, and says nothing about it."""
        return self._digest(b"key", b"")[:16]

    def _of_texts(self, purpose: bytes, *texts: str) -> str:
        return self._digest(purpose, json.dumps(texts).encode())[:_DIGITS_OF_A_PERSON]

    def _digest(self, purpose: bytes, content: bytes) -> str:
        return hmac.digest(self._key, purpose + b"\0" + content, "sha256").hex()

    def __repr__(self) -> str:
        return f"MarkKey(fingerprint={self.fingerprint})"
