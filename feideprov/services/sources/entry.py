"""One object of a JSON file: its values by key. Errors name the place of a value, and never quote it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from feideprov.errors import InputError
from feideprov.look_alikes import visible
from feideprov.mail import is_address, with_ascii_domain
from feideprov.messages import Sentence
from feideprov.no_value import no_value
from feideprov.numbers import key_is_number, number_shaped
from feideprov.services.register.service import Contact
from feideprov.tables.heading import quoted
from feideprov.text import normal_name

LONGEST: Final = 500
"""The most characters of a name, an id or an address."""
_LONGEST_KEPT: Final = 20_000
_LANGUAGES: Final = {"nb": "nb", "no": "nb", "nn": "nn", "en": "en", "": ""}
_SECRET: Final = re.compile(r"secret|password|passord|token|private", re.IGNORECASE)
_NOT_KEPT: Final = object()
NO_MAIL_ADDRESS: Final = Sentence("this is not a mail address")
_NUMBER_SHAPED: Final = Sentence("this looks like an identity number")
_NUMBER_AS_ID: Final = Sentence("this looks like an identity number, not like an id. Check the file.")
_NOT_A_LIST: Final = Sentence("this must be a list. Check the file.")


class NumberAsIdError(InputError):
    """An id that is an identity number: its entry is refused, and not the file."""


def is_mail(text: str) -> bool:
    """Whether this is one mail address that messages can be sent to."""
    return is_address(with_ascii_domain(text)) and not number_shaped(text)


@dataclass
class Entry:
    """One object of a file. `place` names file and entry; `left_out` has a sentence for each value that was left
    out."""

    place: Sentence
    content: Mapping[str, Any] = field(repr=False)
    left_out: list[Sentence] = field(default_factory=list)

    def __contains__(self, key: str) -> bool:
        """Whether the entry has a value for this key: null is none."""
        return self.content.get(key) is not None

    def error(self, key: str, problem: Sentence) -> InputError:
        """What is wrong with the value of a key."""
        return InputError(Sentence("{place}, {key}: {problem}", place=self.place, key=quoted(key), problem=problem))

    def leave_out(self, key: str, reason: Sentence) -> None:
        """Note that a value was left out."""
        self.left_out.append(
            Sentence(
                "{place}, {key}: {reason}. The value was left out.", place=self.place, key=quoted(key), reason=reason
            )
        )

    def id(self, key: str = "id") -> str:
        """The id, a text or a number. Raises InputError when there is no usable one, NumberAsIdError when it
        is an identity number."""
        text = visible(self._text(key, self.content.get(key)))
        if not text:
            raise self.error(key, Sentence("the value is missing. Check the file."))
        if meaning := no_value(text):
            raise self.error(key, meaning)
        if key_is_number(text):
            raise NumberAsIdError(self.error(key, _NUMBER_AS_ID).sentence)
        return text

    def text(self, key: str) -> str:
        """A text on one line, empty when there is none."""
        text = self._text(key, self.content.get(key))
        if number_shaped(text):
            self.leave_out(key, _NUMBER_SHAPED)
            return ""
        return text

    def names(self, key: str = "name") -> dict[str, str]:
        """A name by language (nb, nn, en), from an object or from one text."""
        value = self.content.get(key)
        if not isinstance(value, Mapping):
            text = self.text(key)
            return {"": text} if text else {}
        inside = self.nested(key)
        found = {language: inside.text(language) for language in value}
        known = {_LANGUAGES[language]: name for language, name in found.items() if language in _LANGUAGES and name}
        if known:
            return known
        other = next(filter(None, found.values()), "")
        return {"": other} if other else {}

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.content.get(key) or ()
        if not isinstance(values, list | tuple):
            raise self.error(key, _NOT_A_LIST)
        return tuple(filter(None, (self._text(key, value) for value in values)))

    def mail(self, key: str, kind: str = "support") -> tuple[Contact, ...]:
        """A mail address as a contact; none when there is no usable address."""
        text = self.text(key)
        if text and not is_mail(text):
            self.leave_out(key, NO_MAIL_ADDRESS)
        return (Contact(mail=with_ascii_domain(text), kind=kind),) if is_mail(text) else ()

    def nested(self, key: str) -> Entry:
        """The object under a key; an empty one when there is none."""
        value = self.content.get(key)
        if value is None:
            value = {}
        if not isinstance(value, Mapping):
            raise self.error(key, Sentence("this must be an object. Check the file."))
        return Entry(self._place_of(key), value, self.left_out)

    def objects(self, key: str) -> list[Entry]:
        """The objects in a list under a key; a text or a number in it is an object with that id."""
        values = self.content.get(key)
        if values is None:
            return []
        if not isinstance(values, list):
            raise self.error(key, _NOT_A_LIST)
        objects = [{"id": value} if isinstance(value, str | int) else value for value in values]
        if not all(isinstance(one, Mapping) for one in objects):
            raise self.error(key, Sentence("this must be a list of objects. Check the file."))
        place = self._place_of(key)
        return [Entry(place, one, self.left_out) for one in objects]

    def boolean(self, key: str) -> bool | None:
        """True or false; None when the entry does not say."""
        value = self.content.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.error(key, Sentence("this must be true or false. Check the file."))
        return value

    def other_values(self, known: Collection[str]) -> dict[str, Any]:
        """The values of all other keys, without secrets, very long texts and what looks like an identity number."""
        return {
            key: kept
            for key, value in self.content.items()
            if key not in known and self._may_be_key(key) and (kept := self._kept(key, value)) is not _NOT_KEPT
        }

    def _place_of(self, key: str) -> Sentence:
        return Sentence("{place}, {key}", place=self.place, key=quoted(key))

    def _text(self, key: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise self.error(key, Sentence("this must be text. Check the file."))
        if len(value) > LONGEST:
            raise self.error(
                key, Sentence("this is longer than {longest} characters. Check the file.", longest=LONGEST)
            )
        if value.isascii() and value.isalnum():  # such as an id; a list may have a million of them
            return value
        return normal_name(value)

    def _kept(self, key: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            inner = {k: self._kept(key, v) for k, v in value.items() if self._may_be_key(k)}
            return {k: v for k, v in inner.items() if v is not _NOT_KEPT}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [kept for v in value if (kept := self._kept(key, v)) is not _NOT_KEPT]
        text = str(value)
        if len(text) > _LONGEST_KEPT:
            self.leave_out(key, Sentence("a text is longer than {longest} characters", longest=_LONGEST_KEPT))
        elif number_shaped(text):
            self.leave_out(key, _NUMBER_SHAPED)
        else:
            return value
        return _NOT_KEPT

    def _may_be_key(self, key: str) -> bool:
        if len(key) > LONGEST or number_shaped(key):
            self.leave_out(key, Sentence("this key is too long or looks like an identity number"))
            return False
        return not _SECRET.search(key)
