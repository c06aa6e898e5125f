"""The command setup: whole files that set a server up from nothing, and a page with each command."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from feideprov.cli.report import Report
from feideprov.cli.session import Json, Session
from feideprov.cli.streams import standard_input
from feideprov.errors import InputError, scrub_path
from feideprov.files import Largest, all_of, content_of
from feideprov.messages import Sentence
from feideprov.settings import Settings
from feideprov.system_errors import reason_of


class Kind(StrEnum):
    """The kind of server."""

    OPENLDAP = "openldap"
    DS389 = "389"
    AD = "ad"


def setup(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="The kind of server.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="DIR",
            help="The new folder for the files. Without it: setup-openldap, setup-389 or setup-ad.",
        ),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(
            "--server",
            metavar="FILE",
            help="What the server has already: the output of slapcat -n 0, or the file dse.ldif of 389 DS; - is "
            "standard input. Without it: a server as Debian installs it.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write files and a page that set up a new server.

    The files are for this configuration: schema, indexes, uniqueness, access rules, accounts and TLS. The page
    setup.md says in which order they are loaded, with each command. Nothing is written to a server.
    """
    from feideprov.setup.folder import write_setup
    from feideprov.setup.servers import server_setup

    session: Session = context.obj
    folder = out or Path(f"setup-{kind}")
    made = server_setup(Settings.load(session.config), kind.value, folder, _content(server))
    files = [scrub_path(path) for path in write_setup(made, folder, session.text)]
    headline = Sentence("The files are in {folder}. Read {page} first.", folder=scrub_path(folder), page=files[0])
    more = {"folder": scrub_path(folder), "files": files}
    report = Report("setup", session, {"files": len(files)}, more=more, done=True)
    report.show(as_json=as_json, code=0, headline=headline)


def _content(server: str | None) -> bytes | None:
    if server is None:
        return None
    try:
        if server == "-":
            with standard_input() as file:
                return all_of(file.buffer, Largest.LIST)
        return content_of(Path(server), Largest.LIST)
    except OSError as error:
        raise InputError(
            Sentence("{file} cannot be read: {reason}.", file=scrub_path(Path(server)), reason=reason_of(error))
        ) from None
