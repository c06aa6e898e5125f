"""The command init: a configuration to fill in, and the organization's entries."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

from feideprov import files
from feideprov.cli.care import TEMPLATE
from feideprov.cli.changes import finish, show_plan
from feideprov.cli.report import Report
from feideprov.cli.session import Json, Session, Yes
from feideprov.errors import ConfigurationError, scrub_path
from feideprov.messages import Sentence
from feideprov.provision.plan.plan import Plan


def init(
    context: typer.Context,
    directory: Annotated[
        bool, typer.Option("--directory", help="Create and update the entries of the organization and its schools.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Write a configuration file to fill in, or create the organization's entries.

    The file explains every key; an existing file is not overwritten. With --directory, the entries of the organization
    and its schools are created in the directory, or updated from the configuration.
    """
    session: Session = context.obj
    if directory:
        _set_up_directory(session, yes=yes, as_json=as_json)
    try:
        files.create(session.config, TEMPLATE.read_bytes(), 0o640)
    except FileExistsError:
        raise ConfigurationError(
            Sentence(
                "{file} exists already and was not changed. To write another file, run: feideprov --config FILE init",
                file=scrub_path(session.config),
            )
        ) from None
    except OSError as error:
        raise ConfigurationError(
            Sentence("{file} cannot be written: {reason}.", file=scrub_path(session.config), reason=error.strerror)
        ) from None
    shown = scrub_path(session.config)
    sentence = Sentence(
        "{file} was written. Fill it in, then run: feideprov --config {config} doctor",
        file=shown,
        config=shlex.quote(shown),
    )
    Report("init", session, {"written": 1}, more={"file": shown}, done=True).show(
        as_json=as_json, code=0, headline=sentence
    )


def _set_up_directory(session: Session, *, yes: bool, as_json: bool) -> None:
    with session.client() as feide:
        if yes:
            finish("init", session, Plan(), feide.organization_units.apply(), as_json, [])
        show_plan("init", session, feide, feide.organization_units.plan(), as_json=as_json)
