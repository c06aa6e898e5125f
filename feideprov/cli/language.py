"""The language of one call of the program: `--lang`, otherwise FEIDEPROV_LANG, otherwise the locale."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from feideprov.cli.call import global_options
from feideprov.errors import ConfigurationError, scrub
from feideprov.messages import LANGUAGES, Language, Sentence, said_in

VARIABLE: Final = "FEIDEPROV_LANG"
_LOCALE_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""The first that is set and not empty says the locale (POSIX.1-2017, XBD 8.2)."""
_OF_LOCALE: Final[Mapping[str, Language]] = {"nb": "nb", "nn": "nn", "no": "nb"}
_OPTION: Final = "--lang"

_in_force: ContextVar[Language] = ContextVar("language", default="en")


def language_in_force() -> Language:
    """The language of this call."""
    return _in_force.get()


def said(text: str) -> str:
    """A text that may be a sentence, in the language of this call."""
    return said_in(text, _in_force.get())


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """This language is in force inside."""
    before = _in_force.set(language)
    try:
        yield
    finally:
        _in_force.reset(before)


def language_of(arguments: Sequence[str]) -> Language:
    """The language that a command line asks for, or the environment. What is no language on the command line is left
    to typer, which refuses it.

    Raises ConfigurationError when FEIDEPROV_LANG is no language.
    """
    asked = asked_for(arguments)
    if asked is not None:
        return asked
    if (text := os.environ.get(VARIABLE)) and text not in LANGUAGES:
        raise ConfigurationError(
            Sentence(
                "The environment variable {name} is “{text}”. It must be en, nb or nn.", name=VARIABLE, text=scrub(text)
            )
        )
    return next((one for one in LANGUAGES if one == text), None) or _of_locale()


def asked_for(arguments: Sequence[str]) -> Language | None:
    """The language that a command line asks for, if it is one. The option stands before the command: after it, `--lang`
    is the command's own, as of `services ask`."""
    text = global_options(arguments)[0].get(_OPTION)
    return next((one for one in LANGUAGES if one == text), None)


def _of_locale() -> Language:
    locale = next(filter(None, map(os.environ.get, _LOCALE_VARIABLES)), "")
    return _OF_LOCALE.get(locale.partition(".")[0].partition("@")[0].partition("_")[0], "en")
