"""The cell of a person's groups: those that are right, and what is wrong with the others."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from feideprov.encodings import what_is_damaged
from feideprov.errors import InputError
from feideprov.feide.group import LEFT_OUT, Group, add_group
from feideprov.feide.person import listed_groups
from feideprov.messages import Sentence, joined
from feideprov.no_value import no_value
from feideprov.text import shown

_LONGEST: Final = 60
_WITH_NUMBER: Final = Sentence("The id or name of a group contains an identity number. Correct it.")


def read_groups(text: str, on: date) -> tuple[tuple[Group, ...], Sentence | None]:
    """The right groups of a cell, and what is wrong with the others, which follows the name of the column.

    `on` is a day of the school year of groups without dates.
    """
    try:
        return _all_right(text, on), None
    except (InputError, ValueError):
        return _one_by_one(text, on)


@lru_cache(maxsize=4096)  # a class shares its groups; a text with a wrong group raises, so it is not kept
def _all_right(text: str, on: date) -> tuple[Group, ...]:
    _check_text(text)
    found: dict[object, Group] = {}
    for group in listed_groups(text):
        add_group(group, found, on)
    return tuple(found.values())


def _one_by_one(text: str, on: date) -> tuple[tuple[Group, ...], Sentence]:
    found: dict[object, Group] = {}
    wrong: list[Sentence] = []
    for place, part in enumerate(filter(None, map(str.strip, text.split("|"))), 1):
        try:
            _check_text(part)
            for group in listed_groups(part):
                add_group(group, found, on)
        except InputError as error:
            quoted, words = shown(part, _LONGEST), error.sentence
            wrong.append(Sentence("group {place} (“{group}”): {words}", place=place, group=quoted, words=words))
        except ValueError:
            wrong.append(Sentence("group {place}: {words}", place=place, words=_WITH_NUMBER))
    return tuple(found.values()), joined([*wrong, LEFT_OUT])


def _check_text(text: str) -> None:
    """Raises InputError for a text that holds no value, or damaged letters."""
    if wrong := no_value(text) or what_is_damaged(text, is_name=False):
        raise InputError(wrong)
