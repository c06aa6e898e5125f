"""Secrets that the configuration names: in the environment, or in the first line of a file.

Where a secret itself was written in the place of its file or variable, no message shows it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from feideprov.encodings import unicode_text
from feideprov.errors import ConfigurationError, scrub_path
from feideprov.files import Largest, content_of
from feideprov.messages import Sentence
from feideprov.system_errors import reason_of

_USUAL_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
"""Such as FEIDE_PASSWORD: nobody has a password like this."""
SecretKind = Literal["password", "secret"]
_IN_WORDS: Final[Mapping[SecretKind, Sentence]] = {
    "password": Sentence("the password"),
    "secret": Sentence("the secret"),
}


def read_secret(folder: Path, section: str, kind: SecretKind, file: Path | None, variable: str | None) -> str | None:
    """The secret of a section of the configuration; None if neither is configured.

    `file` starts from `folder`. Raises ConfigurationError when the secret is missing or empty.
    """
    if variable:
        return _of_variable(section, kind, variable)
    if file is None:
        return None
    secret = _first_line(folder, section, kind, file)
    if not secret:
        raise ConfigurationError(
            Sentence(
                "The first line of the file {path} ({kind}_file) is empty. Write {what} there.",
                path=scrub_path(file),
                kind=kind,
                what=_IN_WORDS[kind],
            )
        )
    return secret


def may_be_secret(variable: str) -> bool:
    """Whether the name of a variable that does not exist may be the secret itself."""
    return not _USUAL_VARIABLE.fullmatch(variable)


def no_variable(section: str, key: str) -> Sentence:
    """The sentence about a variable that does not exist and may be the secret itself."""
    return Sentence(
        "[{section}] {key} is not the name of an environment variable that exists. Write the name of the variable "
        "there, never the secret itself.",
        section=section,
        key=key,
    )


def _of_variable(section: str, kind: SecretKind, variable: str) -> str:
    secret = os.environ.get(variable)
    if secret is None and may_be_secret(variable):
        raise ConfigurationError(no_variable(section, f"{kind}_env"))
    if secret is None:
        raise ConfigurationError(
            Sentence(
                "The environment variable {variable} ({kind}_env) is missing. Set it to {what}.",
                variable=variable,
                kind=kind,
                what=_IN_WORDS[kind],
            )
        )
    if not secret:
        raise ConfigurationError(
            Sentence(
                "The environment variable {variable} ({kind}_env) is empty. Set it to {what}.",
                variable=variable,
                kind=kind,
                what=_IN_WORDS[kind],
            )
        )
    return secret


def _first_line(folder: Path, section: str, kind: SecretKind, file: Path) -> str:
    try:
        return unicode_text(content_of(folder / file, Largest.SECRET)).partition("\n")[0].rstrip("\r")
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            sentence = Sentence(
                "The file {path} ({kind}_file) is not UTF-8 text. Save it as UTF-8.", path=scrub_path(file), kind=kind
            )
        elif not _is_path(folder, file):
            sentence = Sentence(
                "[{section}] {kind}_file is not the path of a file that exists. Write the path of the file there, "
                "never {what} itself.",
                section=section,
                kind=kind,
                what=_IN_WORDS[kind],
            )
        else:
            sentence = Sentence(
                "The file {path} ({kind}_file) cannot be read: {reason}.",
                path=scrub_path(file),
                kind=kind,
                reason=reason_of(error) if isinstance(error, OSError) else Sentence("it is not a path"),
            )
    raise ConfigurationError(sentence)


def _is_path(folder: Path, file: Path) -> bool:
    """Whether this is a path, and not a secret in its place: it exists, or it is in a folder that exists."""
    try:
        there = os.path.lexists(folder / file)
        return there or (file.parent not in (Path(), Path("/")) and (folder / file).parent.is_dir())
    except (OSError, ValueError):
        return False
