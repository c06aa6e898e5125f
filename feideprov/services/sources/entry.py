"""One object of a JSON file: its facts, each by its key, and what is wrong with them by place, never quoted."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from feideprov.errors import InputError
from feideprov.numbers import number_shaped
from feideprov.services.register.service import Contact
from feideprov.tables.heading import quoted
from feideprov.text import normal_name

LONGEST: Final = 500
"""Characters of a name, an id or an address."""
_LONGEST_KEPT: Final = 20_000
_LANGUAGES: Final = {"nb": "nb", "no": "nb", "nn": "nn", "en": "en", "": ""}
_MAIL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_SECRET: Final = re.compile(r"secret|password|passord|token|private", re.IGNORECASE)
_NOT_KEPT: Final = object()


def is_mail(text: str) -> bool:
    """Whether messages can be sent to this: one address, in the letters of mail."""
    return len(text) <= 254 and _MAIL.fullmatch(text) is not None and not number_shaped(text)


@dataclass
class Entry:
    """One object of a file. `place` names file and entry. `left_out` tells what could not be kept, as sentences."""

    place: str
    content: Mapping[str, Any] = field(repr=False)
    left_out: list[str] = field(default_factory=list)

    def __contains__(self, key: str) -> bool:
        """Whether the entry tells something under this key: null tells nothing."""
        return self.content.get(key) is not None

    def wrong(self, key: str, words: str) -> InputError:
        """What is wrong under a key."""
        return InputError(f"{self.place}, {quoted(key)}: {words}")

    def leave_out(self, key: str, words: str) -> None:
        self.left_out.append(f"{self.place}, {quoted(key)}: {words}; it was left out.")

    def id(self, key: str = "id") -> str:
        """The id, written as text or as a number. Raises InputError when there is none that can be used."""
        text = self._text(key, self.content.get(key))
        if not text:
            raise self.wrong(key, "every entry needs one. Check the file.")
        if number_shaped(text):
            raise self.wrong(key, "this looks like an identity number, which is no id of a service. Check the file.")
        return text

    def text(self, key: str) -> str:
        """A line of text, empty when there is none."""
        text = self._text(key, self.content.get(key))
        if number_shaped(text):
            self.leave_out(key, "this looks like an identity number")
            return ""
        return text

    def names(self, key: str = "name") -> dict[str, str]:
        """A name by language (nb, nn, en), from an object or from one text."""
        value = self.content.get(key)
        if not isinstance(value, Mapping):
            text = self.text(key)
            return {"": text} if text else {}
        inside = self.inside(key)
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
            raise self.wrong(key, "this is to be a list. Check the file.")
        return tuple(filter(None, (self._text(key, value) for value in values)))

    def mail(self, key: str, kind: str = "support") -> tuple[Contact, ...]:
        """A mail address as a contact; none when there is none, or one that no mail can be sent to."""
        text = self.text(key)
        if text and not is_mail(text):
            self.leave_out(key, "this is no mail address")
        return (Contact(mail=text, kind=kind),) if is_mail(text) else ()

    def inside(self, key: str) -> Entry:
        """The object under a key; an empty one when there is none."""
        value = self.content.get(key)
        if value is None:
            value = {}
        if not isinstance(value, Mapping):
            raise self.wrong(key, "this is to be an object. Check the file.")
        return Entry(f"{self.place}, {quoted(key)}", value, self.left_out)

    def each(self, key: str) -> list[Entry]:
        """The objects in a list under a key; a text or a number in it stands for an object with that id."""
        values = self.content.get(key)
        if values is None:
            return []
        if not isinstance(values, list):
            raise self.wrong(key, "this is to be a list. Check the file.")
        objects = [{"id": value} if isinstance(value, str | int) else value for value in values]
        if not all(isinstance(one, Mapping) for one in objects):
            raise self.wrong(key, "this is to be a list of objects. Check the file.")
        place = f"{self.place}, {quoted(key)}"
        return [Entry(place, one, self.left_out) for one in objects]

    def yes_or_no(self, key: str) -> bool | None:
        """True or false; None when the entry does not say."""
        value = self.content.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(key, "this is to be true or false. Check the file.")
        return value

    def others(self, known: Collection[str]) -> dict[str, Any]:
        """What else the entry says: kept, but for secrets, what looks like an identity number, and texts without
        end."""
        return {
            key: kept
            for key, value in self.content.items()
            if key not in known and self._may_be_key(key) and (kept := self._kept(key, value)) is not _NOT_KEPT
        }

    def _text(self, key: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise self.wrong(key, "this is to be text. Check the file.")
        if len(value) > LONGEST:
            raise self.wrong(key, f"this is longer than {LONGEST} characters. Check the file.")
        if value.isascii() and value.isalnum():  # such as an id, of which a list may have a million
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
            self.leave_out(key, f"a text is longer than {_LONGEST_KEPT} characters")
        elif number_shaped(text):
            self.leave_out(key, "this looks like an identity number")
        else:
            return value
        return _NOT_KEPT

    def _may_be_key(self, key: str) -> bool:
        if len(key) > LONGEST or number_shaped(key):
            self.leave_out(key, "this is no key")
            return False
        return not _SECRET.search(key)
