"""The file of a configuration, before its keys are looked at."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from feideprov import files
from feideprov.encodings import is_damaged, unicode_text
from feideprov.errors import ConfigurationError, scrub, scrub_path
from feideprov.messages import Sentence

_QUOTED: Final = re.compile(r"""\(?(['"])(?!(?:.|\]\]|\\(?:\\|x..|u....|[a-z]))\1).*\1,?\)?""", re.DOTALL)
"""What the reader quotes of a file: keys, which may be secrets in the wrong place. A single sign is told."""


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
            Sentence(
                "{path} is not valid TOML: {reason}.",
                path=scrub_path(path),
                reason=scrub(_QUOTED.sub("…", str(error))),
            )
        ) from None


def damaged_values(value: object, place: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """The places of values with damaged letters."""
    if isinstance(value, str) and is_damaged(value):
        yield place
    elif isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from damaged_values(inner, (*place, name))
