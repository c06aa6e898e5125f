"""The command init: a configuration to fill in."""

from __future__ import annotations

import os
from importlib.resources import files
from typing import Annotated

import typer

from feideprov.cli.planned import finish, show_dry
from feideprov.cli.session import Json, Report, Session, Yes
from feideprov.errors import ConfigurationError, scrub_path


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(init)


def init(
    context: typer.Context,
    directory: Annotated[
        bool, typer.Option("--directory", help="Make and update the entries of the organization and its schools.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Write a configuration file to fill in, every key explained; never overwrites one. With --directory: make
    the entries of the organization and its schools, or bring them up to date with the configuration."""
    session: Session = context.obj
    if directory:
        _furnish(session, yes=yes, as_json=as_json)
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
    sentence = f"Wrote {shown}. Fill it in, then: feideprov --config {shown} init --directory"
    Report("init", session, {"written": 1}, more={"file": shown}).show(as_json=as_json, code=0, headline=sentence)


def _furnish(session: Session, *, yes: bool, as_json: bool) -> None:
    with session.client() as feide:
        if yes:
            finish("init", session, feide.organization_units.apply(), as_json, [])
        show_dry("init", session, feide, feide.organization_units.plan(), as_json=as_json)
