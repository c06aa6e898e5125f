"""Sentences for people, as data: a template and its values, so that they can be said in another language.

A translation is a gettext catalogue, `feideprov/locale/LANGUAGE/LC_MESSAGES/feideprov.mo`. There is none yet: every
sentence is said in English.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

LOCALE = Path(__file__).with_name("locale")


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
        catalogue = _catalogue(language)
        if self.plural is None:
            template = catalogue.gettext(self.template) if self.template else ""
        else:
            template = catalogue.ngettext(self.template, self.plural, self.values["count"])
        return template.format_map({name: _said(value, language) for name, value in self.values.items()})

    def with_values(self, **values: Any) -> Self:
        """The same sentence with other values for some of its placeholders."""
        return type(self)(self.template, plural=self.plural, **{**self.values, **values})

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.template, self.plural, dict(self.values))


NOTHING: Final = Sentence("")
"""No sentence."""


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


def _said(value: Any, language: str) -> Any:
    return value.in_language(language) if isinstance(value, Sentence) else value


def _again(cls: type[Sentence], template: str, plural: str | None, values: Mapping[str, Any]) -> Sentence:
    return cls(template, plural=plural, **values)


@lru_cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("feideprov", LOCALE, [language], fallback=True)
