"""A saved JSON file as entries: a list, one object, or objects one after the other (JSON lines).

JSON allows what a list of services should not hold: a key twice, NaN, very long numbers, very deep nesting. Each of
them is refused with its place. Nothing of the file is quoted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from feideprov.encodings import unicode_text
from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.services.sources.entry import Entry
from feideprov.tables.heading import quoted
from feideprov.tables.text_file import octets, shown_name

_MOST_OCTETS: Final = 100_000_000
_DEEPEST: Final = 20
_MOST_DIGITS: Final = 18
_LONE_SURROGATE: Final = Sentence("a text contains a broken character (a lone surrogate)")
_TOO_DEEP: Final = Sentence("the values are nested too deeply")
_BLANK: Final = " \t\r\n\ufeff"


@dataclass(frozen=True)
class JsonFile:
    """The content of a file. `whole`: it is a list, not one object."""

    name: str
    entries: tuple[Entry, ...]
    whole: bool


@dataclass(frozen=True)
class _Unusable:
    """Takes the place of a value that is valid JSON but cannot be used: its place in the file is known only later."""

    problem: Sentence


def read_json(path: Path) -> JsonFile:
    """The objects of a JSON file, in UTF-8 or, as PowerShell saves it, UTF-16.

    Raises InputError, with the place, when it is not JSON, holds anything but objects, or is empty.
    """
    name, text = shown_name(path), _text(path)
    values = list(_values(name, text))
    if len(values) == 1 and isinstance(values[0][1], list):
        found = [
            (Sentence("{file}, entry {number}", file=name, number=number), value)
            for number, value in enumerate(values[0][1], 1)
        ]
    elif len(values) == 1:
        found = [(Sentence("{file}", file=name), values[0][1])]
    else:
        found = [
            (Sentence("{file}, line {line}", file=name, line=line), value) for line, value in _by_line(text, values)
        ]
    if not found:
        raise InputError(Sentence("{file} has no entries. Nothing was changed. Download the file again.", file=name))
    entries = tuple(_entry(place, value) for place, value in found)
    return JsonFile(name, entries, len(values) > 1 or isinstance(values[0][1], list))


def _text(path: Path) -> str:
    name = shown_name(path)
    if path.is_file() and path.stat().st_size > _MOST_OCTETS:
        raise InputError(
            Sentence(
                "{file} is larger than {size} MB, so it is not a list of services. Check the file.",
                file=name,
                size=_MOST_OCTETS // 1_000_000,
            )
        )
    data = octets(path)
    try:
        return unicode_text(data)
    except UnicodeDecodeError:
        sentence = Sentence(
            "{file} is not UTF-8, so it cannot be read. Save it as UTF-8, then run the command again.", file=name
        )
    raise InputError(sentence)  # not in the handler: the inner error holds the text


def _values(name: str, text: str) -> Iterator[tuple[int, Any]]:
    """Every value of the file, and where it begins."""
    decoder = json.JSONDecoder(
        object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole_number, parse_float=_decimal
    )
    end, place = len(text), _after_blanks(text, 0)
    while place < end:
        try:
            value, after = decoder.raw_decode(text, place)
        except json.JSONDecodeError as error:
            sentence = Sentence(
                "{file}, line {line}, column {column}: this is not JSON. Download the file again, then run the "
                "command again.",
                file=name,
                line=error.lineno,
                column=error.colno,
            )
        except RecursionError:
            sentence = Sentence("{file} is nested too deeply for a list of services. Check the file.", file=name)
        else:
            yield place, value
            place = _after_blanks(text, after)
            continue
        raise InputError(sentence)  # not in the handler: the inner error holds the text


def _by_line(text: str, values: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    """The values with the lines on which they begin. Lines are counted only once, because a file may have many."""
    line, counted = 1, 0
    for start, value in values:
        line, counted = line + text.count("\n", counted, start), start
        yield line, value


def _after_blanks(text: str, place: int) -> int:
    while place < len(text) and text[place] in _BLANK:
        place += 1
    return place


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Unusable:
    found = dict(pairs)
    return (
        found
        if len(found) == len(pairs)
        else _Unusable(Sentence("the same key is there twice, so it is not known which value counts"))
    )


def _constant(_text: str) -> _Unusable:
    return _Unusable(Sentence("NaN and Infinity are not numbers in JSON"))


def _whole_number(text: str) -> int | _Unusable:
    return int(text) if len(text) <= _MOST_DIGITS else _Unusable(Sentence("a numeric value has too many digits"))


def _decimal(text: str) -> float | _Unusable:
    number = float(text)
    return number if math.isfinite(number) else _Unusable(Sentence("a number is too large"))


def _entry(place: Sentence, value: Any) -> Entry:
    _check(place, value)
    if not isinstance(value, dict):
        raise InputError(Sentence("{place}: this must be an object, as in the Feide API. Check the file.", place=place))
    return Entry(place, value)


def _check(place: Sentence, value: Any) -> None:
    """Raises InputError if a part of a value cannot be used. Without recursion, because the nesting may be deep."""
    to_do: list[tuple[Any, int, str]] = [({"": value}, 0, "")]
    while to_do:
        one, depth, key = to_do.pop()
        for name, inner in one.items() if isinstance(one, dict) else (("", inner) for inner in one):
            if _is_text(name):
                under, problem = key or name, _problem(inner, depth)
            else:
                under, problem = key, _LONE_SURROGATE
            if problem is not None:
                place = Sentence("{place}, {key}", place=place, key=quoted(under)) if under else place
                raise InputError(Sentence("{place}: {problem}. Check the file.", place=place, problem=problem))
            if isinstance(inner, dict | list):
                to_do.append((inner, depth + 1, under))


def _problem(value: Any, depth: int) -> Sentence | None:
    if isinstance(value, str):
        return None if _is_text(value) else _LONE_SURROGATE
    if isinstance(value, _Unusable):
        return value.problem
    return _TOO_DEEP if depth > _DEEPEST else None


def _is_text(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
