"""The command init: a configuration to fill in, and the organization's entries."""

from __future__ import annotations

import re
import shlex
import sys
from typing import Annotated, Final

import typer

from feideprov import files
from feideprov.cli.changes import finish, show_plan
from feideprov.cli.report import Report
from feideprov.cli.session import Json, Session, Yes
from feideprov.errors import ConfigurationError, scrub_path
from feideprov.messages import Sentence
from feideprov.provision.plan.plan import Plan
from feideprov.settings.template import template_in
from feideprov.system_errors import reason_of

_ATTRIBUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def init(
    context: typer.Context,
    directory: Annotated[
        bool, typer.Option("--directory", help="Create and update the entries of the organization and its schools.")
    ] = False,
    yes: Yes = False,
    source_id_attribute: Annotated[
        str | None,
        typer.Option(
            "--source-id-attribute",
            metavar="NAME",
            help="The attribute that holds your own key of each person. Without it, it is asked for at a terminal.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a configuration file to fill in, or create the organization's entries.

    The file explains every key; an existing file is not overwritten. Which attribute holds the municipality's own key
    of each person is asked: there is no default, because in many municipalities employeeNumber holds the
    fødselsnummer. With --directory, the entries of the organization
    and its schools are created in the directory, or updated from the configuration.
    """
    session: Session = context.obj
    if directory:
        _set_up_directory(session, yes=yes, as_json=as_json)
    if files.is_there(session.config):
        raise _exists(session)
    name = _attribute(source_id_attribute) if source_id_attribute is not None or as_json else _asked(session)
    try:
        files.create(session.config, template_in(session.lang, name), 0o640)
    except FileExistsError:
        raise _exists(session) from None
    except OSError as error:
        raise ConfigurationError(
            Sentence("{file} cannot be written: {reason}.", file=scrub_path(session.config), reason=reason_of(error))
        ) from None
    shown = scrub_path(session.config)
    sentence = Sentence(
        "{file} was written. Fill it in, then run: feideprov --config {config} doctor",
        file=shown,
        config=shlex.quote(shown),
    )
    unnamed = Sentence(
        "In the file, source_id_attribute is empty, and must be filled in: it names the attribute that holds the "
        "municipality's own key of each person. In many municipalities employeeNumber holds the fødselsnummer: such an "
        "attribute cannot be used."
    )
    Report("init", session, {"written": 1}, more={"file": shown}, done=True).show(
        as_json=as_json, code=0, headline=sentence, lines=[] if name else [unnamed]
    )


def _exists(session: Session) -> ConfigurationError:
    return ConfigurationError(
        Sentence(
            "{file} exists already and was not changed. To write another file, run: feideprov --config FILE init",
            file=scrub_path(session.config),
        )
    )


def _asked(session: Session) -> str:
    """The attribute that a person names at a terminal; empty when nobody is there, or knows it yet."""
    if sys.stdin is None or sys.stdin.closed or not sys.stdin.isatty():
        return ""
    question = Sentence(
        "Which attribute of the directory holds, or is to hold, the municipality's own key of each person? It must not "
        "hold the fødselsnummer, as employeeNumber does in many municipalities. (Press Enter to fill it in later)"
    )
    return _attribute(str(typer.prompt(session.text(question), default="", show_default=False, err=True)))


def _attribute(name: str | None) -> str:
    """The name of an attribute, or nothing. Raises ConfigurationError for what no attribute is called."""
    name = (name or "").strip()
    if name and not _ATTRIBUTE.fullmatch(name):
        raise ConfigurationError(
            Sentence(
                "This is no name of an attribute: it must begin with a letter and have only letters, digits and "
                "hyphens. Nothing was written."
            )
        )
    return name


def _set_up_directory(session: Session, *, yes: bool, as_json: bool) -> None:
    with session.client() as feide:
        if yes:
            finish("init", session, Plan(), feide.organization_units.apply(), as_json, [])
        show_plan("init", session, feide, feide.organization_units.plan(), as_json=as_json)
