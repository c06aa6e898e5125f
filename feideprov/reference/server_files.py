"""The files of `docs/nb/serverfiler.md`: what `feideprov setup` writes for the host organization of the demo."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from feideprov.cli.care import demo
from feideprov.directory.ldap.server_kind import Kind
from feideprov.reference.pages import Blocks
from feideprov.settings import Settings
from feideprov.setup.servers import server_setup

_KINDS: Final[tuple[Kind, ...]] = ("openldap", "389", "ad")
_PASSWORD: Final = re.compile(r"^(userPassword: |root_password = |unicodePwd:: ).*(\n .*)*", re.MULTILINE)
_LANGUAGES: Final = {".ps1": "powershell", ".sh": "sh", ".csv": "text"}


def files_of_server(kind: Kind) -> str:
    """Each file for a new server of a kind, with what it is for, in the order in which they are loaded. The schema is
    left out, because it has a page of its own; passwords are new each time, and are left out too."""
    settings = Settings.of(tomllib.loads(demo.configuration('url = "ldaps://ldap.skotthyll.no"')))
    return "\n".join(_blocks(kind, settings))


def _blocks(kind: Kind, settings: Settings) -> Iterator[str]:
    for step in server_setup(settings, kind, Path(f"setup-{kind}")).steps:
        for file in step.files:
            ending = Path(file.name).suffix
            if "schema" not in file.name and ending:  # a file without an ending has a password and nothing else
                text = _PASSWORD.sub(r"\1…", file.text).strip("\n")
                yield f"{step.title.in_language('nb')}, `{file.name}`:\n"
                yield f"```{_LANGUAGES.get(ending, ending[1:])}\n{text}\n```\n"


BLOCKS: Final[Blocks] = {f"files-{kind}": partial(files_of_server, kind) for kind in _KINDS}
