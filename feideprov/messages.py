"""Sentences for people, as data: a template and its values, so that they can be said in another language.

The English template is the id of the message. Its translations stand in the gettext catalogues
`feideprov/locale/LANGUAGE/LC_MESSAGES/feideprov.po`, which a speaker can correct in any text editor;
`python -m feideprov.reference catalogues` brings them up to date with the code and makes the `.mo` files that are read
here. What has no translation is said in English.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, Self

Language = Literal["en", "nb", "nn"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "nb", "nn")
LOCALE: Final = Path(__file__).with_name("locale")


class Sentence(str):
    """A sentence: the English text, which remembers the template and the values that it was made of.

    >>> said = Sentence("There is no user {user}.", user="olenkova@skotthyll.kommune.no")
    >>> str(said)
    'There is no user olenkova@skotthyll.kommune.no.'
    >>> said.template
    'There is no user {user}.'

    `template` is a constant, never made at run time: a catalogue could not have it. The values fill its placeholders as
    `str.format` does; a value may be a sentence, which is then said in the same language. With `plural`, the value
    `count` chooses between the two templates. A brace that is meant is written twice.

    A day is given as a `date` and a number as a number, never as a text made of them: each language writes them in its
    own way. `{count:,}` groups the digits of a large number (12,000, in Norwegian 12 000).

    Never give it an identity number or a password: sentences are shown and kept.
    """

    template: str
    plural: str | None
    values: Mapping[str, Any]

    def __new__(cls, template: str, /, *, plural: str | None = None, **values: Any) -> Self:
        chosen = template if plural is None or values["count"] == 1 else plural
        made = super().__new__(cls, chosen.format_map(values))
        made.template, made.plural, made.values = template, plural, values
        return made

    def in_language(self, language: str) -> str:
        """The sentence in a language (a code of ISO 639-1, as `nb`); in English where there is no translation."""
        if language not in LANGUAGES[1:]:
            return str(self)
        catalogue = catalogue_in(language)
        if self.plural is None:
            template = catalogue.gettext(self.template) if self.template else ""
        else:
            template = catalogue.ngettext(self.template, self.plural, self.values["count"])
        return template.format_map({name: _said(value, language) for name, value in self.values.items()})

    def in_every_language(self) -> tuple[str, ...]:
        """The sentence in each language, once where it is the same in several."""
        return tuple(dict.fromkeys(self.in_language(language) for language in LANGUAGES))

    def with_values(self, **values: Any) -> Self:
        """The same sentence with other values for some of its placeholders."""
        return type(self)(self.template, plural=self.plural, **{**self.values, **values})

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.template, self.plural, dict(self.values))


class Template(NamedTuple):
    """A sentence of a table, whose values come later.

    >>> str(Template("{count} row", "{count} rows").filled(count=2))
    '2 rows'
    """

    text: str
    plural: str | None = None
    """For every count but one."""

    def filled(self, **values: Any) -> Sentence:
        """The sentence with its values."""
        return Sentence(self.text, plural=self.plural, **values)


def filled(text: Sentence | Template, **values: Any) -> Sentence:
    """A sentence of a table as it is, or with its values where it has some."""
    return text.filled(**values) if isinstance(text, Template) else text


NOTHING: Final = Sentence("")
"""No sentence."""


def by_text(*sentences: Sentence) -> Mapping[str, Sentence]:
    """The sentences by their English text: what a library or a file says in English is looked up, to be translated."""
    return {str(sentence): sentence for sentence in sentences}


def joined(sentences: Iterable[str], separator: str = " ") -> Sentence:
    """Several sentences, one after the other. Empty ones are left out."""
    parts = {f"part{number}": part for number, part in enumerate(filter(None, sentences))}
    return Sentence(separator.join(f"{{{name}}}" for name in parts), **parts)


def listed(things: Iterable[object], *, most: int | None = None) -> Sentence:
    """Names in a sentence: “a”, “a and b”, “a, b and c”; if there are more than `most`, “a, b and 7 more”."""
    names = [thing if isinstance(thing, Sentence) else str(thing) for thing in things]
    if most is not None and len(names) > most:
        names[most:] = [Sentence("{others} more", others=len(names) - most)]
    *before, last = names
    if not before:
        return Sentence("{name}", name=last)
    return Sentence("{names} and {last}", names=joined(before, ", "), last=last)


def either(things: Iterable[object]) -> Sentence:
    """Alternatives in a sentence: “a”, “a or b”, “a or b or c”."""
    first, *others = [thing if isinstance(thing, Sentence) else str(thing) for thing in things]
    said = Sentence("{name}", name=first)
    for other in others:
        said = Sentence("{names} or {last}", names=said, last=other)
    return said


def as_saved(text: Any) -> Any:
    """A sentence as JSON keeps it: the template and the values, so that it can be said in any language later. Other
    texts and numbers stay as they are."""
    match text:
        case Sentence():
            values = {name: as_saved(value) for name, value in text.values.items()}
            return {"template": text.template, "plural": text.plural, "values": values}
        case datetime():
            return {"time": text.isoformat()}
        case date():
            return {"day": text.isoformat()}
        case _:
            return text if isinstance(text, int | float) else str(text)


def from_saved(saved: Any) -> Any:
    """What `as_saved` kept."""
    match saved:
        case {"template": template, "plural": plural, "values": values}:
            return Sentence(template, plural=plural, **{name: from_saved(value) for name, value in values.items()})
        case {"time": text}:
            return datetime.fromisoformat(text)
        case {"day": text}:
            return date.fromisoformat(text)
        case _:
            return saved


def said_in(text: str, language: str) -> str:
    """A text that may be a sentence, in a language."""
    return text.in_language(language) if isinstance(text, Sentence) else text


@lru_cache
def catalogue_in(language: str) -> gettext.NullTranslations:
    """The translations to a language."""
    return gettext.translation("feideprov", LOCALE, [language], class_=_Catalogue, fallback=True)


class _Catalogue(gettext.GNUTranslations):
    """The same word may stand alone in one place and be counted in another: it is one entry, with its plural. The
    `gettext` of Python 3.11.2, which Debian 12 has, does not find such an entry for the word alone; later ones do."""

    def gettext(self, message: str) -> str:
        found = super().gettext(message)
        return self.ngettext(message, message, 1) if found == message else found


def _said(value: Any, language: str) -> Any:
    if isinstance(value, Sentence):
        return value.in_language(language)
    return _Written(value, language) if isinstance(value, date | float | int | Decimal) else value


class _Written:
    """A day or a number, as a language writes it. Babel, which knows how, is imported only when it is needed."""

    def __init__(self, value: date | float | Decimal, language: str) -> None:
        self._value, self._language = value, language

    def __format__(self, form: str) -> str:
        text = format(self._value, form)
        if isinstance(self._value, date):
            return text if form else _day(self._value, self._language)
        return self._number(text) if "," in text or "." in text else text

    def __str__(self) -> str:
        return format(self)

    def _number(self, text: str) -> str:
        from babel.numbers import get_decimal_symbol, get_group_symbol

        group, decimal = get_group_symbol(self._language), get_decimal_symbol(self._language)
        return text.translate({ord(","): group, ord("."): decimal})


def _day(day: date, language: str) -> str:
    from babel.dates import format_date, format_datetime

    if isinstance(day, datetime):
        return format_datetime(day, "short", locale=language)
    return format_date(day, "short", locale=language)


def _again(cls: type[Sentence], template: str, plural: str | None, values: Mapping[str, Any]) -> Sentence:
    return cls(template, plural=plural, **values)
