"""The command init: a configuration to fill in."""

from __future__ import annotations

import os
from importlib.resources import files

import typer

from feideprov.cli.session import Json, Report, Session
from feideprov.errors import ConfigurationError, scrub_path


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(init)


def init(context: typer.Context, as_json: Json = False) -> None:
    """Write a configuration file to fill in, every key explained. Never overwrites one."""
    session: Session = context.obj
    template = files("feideprov.cli").joinpath("feideprov.toml").read_bytes()
    try:
        descriptor = os.open(session.config, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    except FileExistsError:
        raise ConfigurationError(f"{scrub_path(session.config)} is there already, and is not overwritten.") from None
    except OSError as error:
        raise ConfigurationError(f"{scrub_path(session.config)} cannot be written: {error.strerror}.") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(template)
    shown = scrub_path(session.config)
    sentence = f"Wrote {shown}. Fill it in, then try it: feideprov --config {shown} pending"
    Report("init", session, {"written": 1}, more={"file": shown}).show(as_json=as_json, code=0, headline=sentence)
