"""The file of a configuration, before its keys are looked at."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from feideprov import files
from feideprov.encodings import is_damaged, unicode_text
from feideprov.errors import ConfigurationError, scrub, scrub_path
from feideprov.messages import Sentence


def read_file(path: Path) -> dict[str, Any]:
    """The sections of a configuration file. Raises ConfigurationError when it cannot be read."""
    try:
        return tomllib.loads(unicode_text(files.read(path)))
    except FileNotFoundError:
        raise ConfigurationError(
            Sentence("There is no configuration file {path}. To create one, run: feideprov init", path=scrub_path(path))
        ) from None
    except OSError as error:
        raise ConfigurationError(
            Sentence(
                "The configuration file {path} cannot be read: {reason}.",
                path=scrub_path(path),
                reason=error.strerror,
            )
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            Sentence(
                "The configuration file {path} is not UTF-8 text. In your editor, save it as UTF-8.",
                path=scrub_path(path),
            )
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            Sentence("{path} is not valid TOML: {reason}.", path=scrub_path(path), reason=scrub(str(error)))
        ) from None


def damaged_values(content: object) -> Iterator[tuple[int | str, ...]]:
    """The places of values with damaged letters."""
    return (place for place, text in _texts(content) if is_damaged(text))


def values_with_nul(content: object) -> Iterator[tuple[int | str, ...]]:
    """The places of values with a NUL, which no path and no database takes."""
    return (place for place, text in _texts(content) if "\0" in text)


def _texts(value: object, place: tuple[int | str, ...] = ()) -> Iterator[tuple[tuple[int | str, ...], str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(inner, (*place, name))
