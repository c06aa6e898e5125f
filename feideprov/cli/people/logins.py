"""The commands for users who leave, come back, have lost their password, or want another name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from feideprov.cli.changes import carry_out, noted
from feideprov.cli.evidence import Source
from feideprov.cli.session import AllowChanges, Encoding, Json, Session, Sheet, Yes
from feideprov.errors import InputError
from feideprov.files import is_there
from feideprov.messages import Sentence

Users = Annotated[list[str], typer.Argument(metavar="USER…", help="Feide names.")]
_LISTS: Final = frozenset((".csv", ".txt", ".xlsx", ".xls", ".ods"))
"""How the names of lists end."""


def close(
    context: typer.Context,
    users: Annotated[list[str], typer.Argument(metavar="USER…-or-LIST", help="Feide names, or a list of leavers.")],
    yes: Yes = False,
    source: Source = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    allow_changes: AllowChanges = None,
    as_json: Json = False,
) -> None:
    """Close users: they cannot log in any more. The entry is kept, and the name is not given to anybody else."""
    session: Session = context.obj
    lists = [Path(user) for user in users if is_list(user)]
    if lists and len(users) > 1:
        raise InputError(Sentence("Give either Feide names or one list."))
    if not lists and (source or encoding or sheet):
        raise InputError(Sentence("--source, --encoding and --sheet are about a list. Give a list, or leave them out."))
    with session.client() as feide:
        if lists:
            plan = noted(feide.users.plan_close(lists[0], source=source, encoding=encoding, sheet=sheet))
        else:
            plan = feide.users.plan_close(users)
        carry_out("close", session, feide, plan, yes=yes, as_json=as_json, allow_changes=allow_changes)


def is_list(text: str) -> bool:
    """Whether an argument is a file and no Feide name, even if there is no such file."""
    path = Path(text)
    return is_there(path) or ("@" not in text and path.suffix.lower() in _LISTS)


def reopen(context: typer.Context, users: Users, yes: Yes = False, as_json: Json = False) -> None:
    """Let closed users log in again. A new first password goes to the hand-over file."""
    session: Session = context.obj
    with session.client() as feide:
        carry_out("reopen", session, feide, feide.users.plan_reopen(users), yes=yes, as_json=as_json)


def password(context: typer.Context, users: Users, yes: Yes = False, as_json: Json = False) -> None:
    """Give users a new first password, when they lost theirs. It goes to the hand-over file."""
    session: Session = context.obj
    with session.client() as feide:
        carry_out("password", session, feide, feide.users.plan_password(users), yes=yes, as_json=as_json)


def rename(
    context: typer.Context,
    user: Annotated[str, typer.Argument(metavar="USER", help="A Feide name.")],
    to: Annotated[str | None, typer.Option("--to", metavar="NAME", help="The new user name or Feide name.")] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Give a user another Feide name. Without --to it is made from the names that the user has now.

    The old name is not given to anybody else."""
    session: Session = context.obj
    with session.client() as feide:
        carry_out("rename", session, feide, feide.users.plan_rename(user, to=to), yes=yes, as_json=as_json)
