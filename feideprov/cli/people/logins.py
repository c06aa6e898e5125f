"""The commands for users who leave, come back, have lost their password, or want another name."""

from __future__ import annotations

from typing import Annotated

import typer

from feideprov.cli.changes import carry_out
from feideprov.cli.session import AllowChanges, Json, Session, Yes

Users = Annotated[list[str], typer.Argument(metavar="USER…", help="Feide names.")]


def close(
    context: typer.Context, users: Users, yes: Yes = False, allow_changes: AllowChanges = None, as_json: Json = False
) -> None:
    """Close users: they cannot log in any more. The entry is kept, and the name is not given to anybody else."""
    session: Session = context.obj
    with session.client() as feide:
        plan = feide.users.plan_close(users)
        carry_out("close", session, feide, plan, yes=yes, as_json=as_json, allow_changes=allow_changes)


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
