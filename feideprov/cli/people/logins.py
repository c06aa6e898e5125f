"""The commands for users who leave, come back, have lost their password, or want another name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from feideprov.cli.changes import Afterwards, carry_out, noted
from feideprov.cli.evidence import Source
from feideprov.cli.session import AllowChanges, Encoding, Json, Session, Sheet, Yes, for_people
from feideprov.errors import InputError
from feideprov.files import is_there
from feideprov.messages import Sentence
from feideprov.provision.plan.login_changes import NewPassword
from feideprov.provision.plan.plan import Outcome

if TYPE_CHECKING:
    from feideprov.client.client import Client

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


def password(
    context: typer.Context,
    users: Annotated[list[str], typer.Argument(metavar="USER…-or-LIST", help="Feide names, or a list of them.")],
    slips: Annotated[
        Path | None,
        typer.Option(
            "--slips", metavar="FILE", callback=for_people, help="Write slips for them: a file .pdf or .html."
        ),
    ] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Give users a new first password, when they lost theirs. It goes to the hand-over file."""
    session: Session = context.obj
    lists = [Path(user) for user in users if is_list(user)]
    if lists and len(users) > 1:
        raise InputError(Sentence("Give either Feide names or one list."))
    with session.client() as feide:
        afterwards = _slips_afterwards(feide, slips) if slips is not None else None
        plan = noted(feide.users.plan_password(lists[0] if lists else users))
        carry_out("password", session, feide, plan, yes=yes, as_json=as_json, afterwards=afterwards)


def _slips_afterwards(feide: Client, path: Path) -> Afterwards:
    """Writes the slips. What would hinder that is told before a password is changed."""
    from feideprov.cli.people.slips.slips_file import is_pdf, slips_for

    if as_pdf := is_pdf(path):
        feide.slips.require_printing()

    def write(outcome: Outcome) -> list[Sentence]:
        users = [one.feide_name for one in outcome.changes if isinstance(one, NewPassword)]
        return slips_for(feide, users, path, as_pdf=as_pdf) if users else []

    return write


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
