"""A saved JSON file as entries: a list, one object, or objects one after the other (JSON lines).

JSON lets through what no list of services should hold: a key twice, NaN, numbers without end, nesting without end.
Each of them is refused with its place; nothing that a file holds is quoted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from feideprov.errors import InputError
from feideprov.services.sources.entry import Entry
from feideprov.tables.heading import quoted
from feideprov.tables.text_file import octets, shown_name

_MOST_OCTETS: Final = 100_000_000
_DEEPEST: Final = 20
_MOST_DIGITS: Final = 18
_HALF_A_LETTER: Final = "a text holds half a letter (a lone surrogate)"
_BLANK: Final = " \t\r\n\ufeff"


@dataclass(frozen=True)
class JsonFile:
    """What a file holds. `whole`: a list of all there is, not one object picked out."""

    name: str
    entries: tuple[Entry, ...]
    whole: bool


@dataclass(frozen=True)
class _Unusable:
    """Stands in what was parsed where JSON went wrong without being no JSON: its place is known only later."""

    words: str


def read_json(path: Path) -> JsonFile:
    """The objects of a JSON file, in UTF-8 or, as PowerShell saves it, UTF-16.

    Raises InputError, with the place, when it is no JSON, holds something else than objects, or holds nothing.
    """
    name, text = shown_name(path), _text(path)
    values = list(_values(name, text))
    if len(values) == 1 and isinstance(values[0][1], list):
        found = [(f"{name}, entry {number}", value) for number, value in enumerate(values[0][1], 1)]
    elif len(values) == 1:
        found = [(name, values[0][1])]
    else:
        found = [(f"{name}, line {line}", value) for line, value in _by_line(text, values)]
    if not found:
        raise InputError(f"{name} holds no entry. Check the download: nothing was changed.")
    entries = tuple(_entry(place, value) for place, value in found)
    return JsonFile(name, entries, len(values) > 1 or isinstance(values[0][1], list))


def _text(path: Path) -> str:
    name = shown_name(path)
    if path.is_file() and path.stat().st_size > _MOST_OCTETS:
        raise InputError(
            f"{name} is larger than {_MOST_OCTETS // 1_000_000} MB. No list of services is: check the file."
        )
    data = octets(path)
    try:
        return data.decode(json.detect_encoding(data))
    except UnicodeDecodeError:
        sentence = f"{name} is not UTF-8, so its letters cannot be read. Save it as UTF-8, then run again."
    raise InputError(sentence)  # out here: the inner error holds the text


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
            where = f"line {error.lineno}, column {error.colno}"
        except RecursionError:
            where = ""
        else:
            yield place, value
            place = _after_blanks(text, after)
            continue
        # Raised out here: the inner error holds the whole text.
        if not where:
            raise InputError(f"{name} is nested too deeply for a list of services. Check the file.")
        raise InputError(f"{name}, {where}: this is no JSON. Check the download, then run again.")


def _by_line(text: str, values: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    """The values with the lines on which they begin, counted on from one to the next: a file may have many."""
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
    return found if len(found) == len(pairs) else _Unusable("a key is there twice, so nobody can tell which counts")


def _constant(_text: str) -> _Unusable:
    return _Unusable("NaN and Infinity are no numbers of JSON")


def _whole_number(text: str) -> int | _Unusable:
    return int(text) if len(text) <= _MOST_DIGITS else _Unusable("a number has too many digits")


def _decimal(text: str) -> float | _Unusable:
    number = float(text)
    return number if math.isfinite(number) else _Unusable("a number is too large")


def _entry(place: str, value: Any) -> Entry:
    _check(place, value)
    if not isinstance(value, dict):
        raise InputError(f"{place}: this is to be an object, as the Feide API gives it. Check the file.")
    return Entry(place, value)


def _check(place: str, value: Any) -> None:
    """Whether all of a value can be used. Without recursion: the value may be nested as deeply as JSON goes."""
    to_do: list[tuple[Any, int, str]] = [({"": value}, 0, "")]
    while to_do:
        one, depth, key = to_do.pop()
        for name, inner in one.items() if isinstance(one, dict) else (("", inner) for inner in one):
            if _is_text(name):
                under, words = key or name, _wrong(inner, depth)
            else:
                under, words = key, _HALF_A_LETTER
            if words:
                raise InputError(f"{place}{f', {quoted(under)}' if under else ''}: {words}. Check the file.")
            if isinstance(inner, dict | list):
                to_do.append((inner, depth + 1, under))


def _wrong(value: Any, depth: int) -> str:
    if isinstance(value, str):
        return "" if _is_text(value) else _HALF_A_LETTER
    if isinstance(value, _Unusable):
        return value.words
    return "this is nested too deeply" if depth > _DEEPEST else ""


def _is_text(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
