"""A file in TOML, read with bounded memory and time, whatever is in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from feideprov.encodings import is_damaged, unicode_text
from feideprov.errors import ConfigurationError, scrub_path
from feideprov.files import Largest, content_of
from feideprov.messages import Sentence
from feideprov.settings.toml_errors import reason_of_toml
from feideprov.system_errors import reason_of

_MOST_DOTS: Final = 30
"""On one line, outside quotation marks and comments. The memory that tomllib takes for a key grows with the square of
the number of its parts."""
_QUOTED_OR_COMMENT: Final = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'|#.*")


def read_toml(path: Path, *, missing: Sentence | None = None) -> dict[str, Any]:
    """The values in a configuration file. Raises ConfigurationError, with what to do, when it cannot be read; `missing`
    is what to say when there is no such file."""
    shown = scrub_path(path)
    try:
        return _values(unicode_text(content_of(path, Largest.CONFIGURATION)))
    except FileNotFoundError:
        sentence = missing or Sentence(
            "There is no configuration file {path}. To create one, run: feideprov init", path=shown
        )
    except OSError as error:
        sentence = Sentence(
            "The configuration file {path} cannot be read: {reason}.", path=shown, reason=reason_of(error)
        )
    except UnicodeDecodeError:
        sentence = Sentence(
            "The configuration file {path} is not UTF-8 text. In your editor, save it as UTF-8.", path=shown
        )
    except tomllib.TOMLDecodeError as error:
        sentence = Sentence("{path} is not valid TOML: {reason}.", path=shown, reason=reason_of_toml(error))
    except ValueError:  # int() reads no more than 4,300 digits
        sentence = Sentence("{path} has a number with too many digits. Correct it.", path=shown)
    except RecursionError:
        sentence = Sentence("{path} is nested too deeply for a configuration. Correct it.", path=shown)
    raise ConfigurationError(sentence)


def _values(text: str) -> dict[str, Any]:
    if any(line.count(".") > _MOST_DOTS for line in _QUOTED_OR_COMMENT.sub("", text).split("\n")):
        raise RecursionError
    return tomllib.loads(text)


def damaged_values(content: object) -> Iterator[tuple[int | str, ...]]:
    """The places of values with damaged letters."""
    return (place for place, text in _texts(content) if is_damaged(text))


def values_with_nul(content: object) -> Iterator[tuple[int | str, ...]]:
    """The places of values with a NUL, which no path and no database takes."""
    return (place for place, text in _texts(content) if "\0" in text)


def values_with_number(content: object) -> Iterator[tuple[int | str, ...]]:
    """The places of values, and of keys, with digits that could be a whole identity number."""
    return (
        place
        for place, value in _parts(content)
        for text in (str(place[-1:]), str(value) if isinstance(value, str | int) else "")
        if scrub_path(text) != text
    )


def _texts(value: object) -> Iterator[tuple[tuple[int | str, ...], str]]:
    return ((place, text) for place, text in _parts(value) if isinstance(text, str))


def _parts(value: object, place: tuple[int | str, ...] = ()) -> Iterator[tuple[tuple[int | str, ...], object]]:
    """Every value with its place, the tables and lists too."""
    yield place, value
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _parts(inner, (*place, name))
