"""A command of this program as a person copies it."""

from __future__ import annotations

import shlex
from pathlib import Path

from feideprov.errors import scrub_path


def command_line(config: Path | None, *words: str) -> str:
    """A command that works from any folder. `config` is the configuration file; None when a program made it."""
    options = ["--config", scrub_path(config)] if config is not None else []
    return shlex.join(["feideprov", *options, *words])
