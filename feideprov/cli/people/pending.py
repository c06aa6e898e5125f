"""The command pending: who has no number, and since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer

from feideprov.cli.call import again
from feideprov.cli.evidence import Source
from feideprov.cli.people.sheet import where_it_is
from feideprov.cli.report import Report, is_xlsx, refusal_as_object, save, save_rows
from feideprov.cli.session import Csv, Encoding, Json, Session, Sheet, for_people
from feideprov.cli.table import show_rows
from feideprov.client.client import Client
from feideprov.errors import ConfigurationError, InputError, scrub
from feideprov.feide.organization import School
from feideprov.feide.person import ROLE_WORDS, Role, role_of
from feideprov.issues import Refusal
from feideprov.journal.user.protection import protected_users
from feideprov.look_alikes import told_apart
from feideprov.messages import NOTHING, Sentence, joined, listed
from feideprov.provision.pending import PendingUser

_HEADING: Final = (Sentence("user"), Sentence("source id"), Sentence("since"), Sentence("days"), NOTHING)
_MOST_PLACES: Final = 5
_COLUMNS: Final = ("user", "source_id", "since", "since_source", "days")
"""Of `--csv`."""
_OlderThan = Annotated[
    int,
    typer.Option("--older-than", metavar="DAYS", help="Only users who have waited for more than this number of days."),
]
_School = Annotated[
    str | None, typer.Option("--school", metavar="SCHOOL", help="Only users of this school (id, number, name or DN).")
]
_Role = Annotated[
    str | None,
    typer.Option("--role", metavar="ROLE", help="Only users with this role: pupil, student, teacher or staff."),
]
_Ours = Annotated[bool, typer.Option("--ours", help="Only users that this tool created, or that were linked to it.")]
_QuerySheet = Annotated[
    Path | None,
    typer.Option(
        "--query-sheet",
        metavar="FILE",
        callback=for_people,
        help="Save a number list to fill in: XLSX if the name ends with .xlsx, otherwise CSV.",
    ),
]
_People = Annotated[
    Path | None,
    typer.Option(
        "--from", metavar="LIST", help="A person list: birth dates for the query sheet that the directory lacks."
    ),
]


def pending(
    context: typer.Context,
    older_than: _OlderThan = 0,
    school: _School = None,
    role: _Role = None,
    ours: _Ours = False,
    query_sheet: _QuerySheet = None,
    people: _People = None,
    source: Source = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    csv_file: Csv = None,
    as_json: Json = False,
) -> None:
    """Show who has no number, and since when.

    Exit code 1 when the directory does not show all users, or not all numbers that are known, or when a row of the list
    (--from) cannot be used.
    """
    session: Session = context.obj
    affiliation = _affiliation(role)
    _require_list(people, source, encoding, sheet)
    with session.client() as feide:
        at = _school(feide, school)
        waiting = feide.pending()

        def asked_for(user: PendingUser) -> bool:
            return (
                (not ours or user.ours)
                and (not older_than or (user.days or 0) > older_than)
                and (at is None or any(feide.organization.school(dn) == at for dn in user.schools))
                and (affiliation is None or affiliation in user.affiliations)
            )

        users = [user for user in waiting if asked_for(user)]
        closed = sum(map(asked_for, waiting.closed))
        dates = None
        if people is not None:
            dates = feide.numbers.birth_dates(waiting, people, source=source, encoding=encoding, sheet=sheet)
            users = [dates.added_to(user) for user in users]
        saved = _save_query_sheet(query_sheet, feide, users, session) if query_sheet is not None else []
    listed = [user_as_object(user) for user in users]
    report = Report("pending", session, {"pending": len(users)}, users=waiting.users)
    report.more = {"users": listed}
    save_rows(csv_file, _COLUMNS, (one for one, user in zip(listed, users, strict=True) if not user.protected))
    report.next = again("--query-sheet", "numbers.xlsx") if users and not saved else ()
    if not as_json and users:
        show_rows(_HEADING, map(_row, users), folded=_HEADING[:2])
    if closed:
        report.more["closed"] = closed
    report.more |= hidden_as_object(waiting.hidden_numbers, waiting.hidden_users)
    lines = [*_counts(len(users), closed, waiting.users, hidden=bool(waiting.notes)), *waiting.notes]
    if query_sheet is not None or csv_file is not None:
        lines += _not_in_sheets(users)
    refusals = dates.refusals if dates is not None else ()
    if dates is not None:
        report.more["refusals"] = [refusal_as_object(refusal, session) for refusal in refusals]
        lines += _told(refusals)
    report.show(as_json=as_json, code=int(bool(waiting.notes or refusals)), lines=[*lines, *saved])


def _require_list(people: Path | None, *of_list: str | None) -> None:
    """Raises InputError when there are options of a list, and no list."""
    if people is None and any(of_list):
        raise InputError(
            Sentence(
                "--source, --encoding and --sheet are about the list of --from. Give --from LIST, or leave them out."
            )
        )


def _save_query_sheet(path: Path, feide: Client, users: Sequence[PendingUser], session: Session) -> list[Sentence]:
    """Save the sheet, and say where it is unless nobody is in it."""
    form: Literal["xlsx", "csv"] = "xlsx" if is_xlsx(path) else "csv"
    save(path, feide.numbers.query_sheet(users, form=form, language=session.lang))
    return [where_it_is(path, "feideprov attach")] if any(user.in_sheets for user in users) else []


def _told(refusals: Iterable[Refusal]) -> Iterator[Sentence]:
    """The rows of the list that are refused: one line for each reason."""
    together = defaultdict[tuple[str, str], list[Refusal]](list)
    for one in refusals:
        together[one.code, one.sentence].append(one)
    for (code, _), some in together.items():
        origins = [one.origin for one in some if one.origin]
        yield Sentence(
            "{count} row of {file} is not used ({places}): {sentence} [{code}]",
            plural="{count} rows of {file} are not used ({places}): {sentence} [{code}]",
            count=len(some),
            file=origins[0].file if origins else Sentence("the list"),
            places=listed([origin.place for origin in origins], most=_MOST_PLACES) if origins else NOTHING,
            sentence=some[0].sentence,
            code=code,
        )


def _counts(waiting: int, closed: int, looked_at: int, *, hidden: bool) -> Iterator[Sentence]:
    if waiting:
        yield Sentence("{count} user without a number.", plural="{count} users without a number.", count=waiting)
    elif looked_at and not hidden:
        yield Sentence("Nobody waits for a number.")
    if closed:
        yield Sentence(
            "{count} closed user without a number is left out.",
            plural="{count} closed users without a number are left out.",
            count=closed,
        )


def _not_in_sheets(users: Sequence[PendingUser]) -> Iterable[Sentence]:
    doubtful, protected = sum(user.doubtful for user in users), sum(user.protected for user in users)
    told = Sentence(
        "{count} user is protected, or may be, and is in no sheet.",
        plural="{count} users are protected, or may be, and are in no sheet.",
        count=protected,
    )
    return protected_users(protected - doubtful, doubtful, told)


def _school(feide: Client, text: str | None) -> School | None:
    if text is None:
        return None
    school = feide.organization.school(text)
    if school is None:
        known = joined((school.id for school in feide.organization.schools), ", ")
        raise ConfigurationError(
            Sentence(
                "The configuration has no school “{text}”{apart} (known: {known}).",
                text=scrub(text),
                apart=told_apart(text, feide.organization.school_names),
                known=known,
            )
        )
    return school


def _affiliation(role: str | None) -> str | None:
    if role is None:
        return None
    if (known := role_of(role)) is None:
        apart = told_apart(role, ROLE_WORDS)
        raise InputError(
            Sentence(
                "--role{apart} must be one of {roles}.", apart=apart, roles=joined((one.said for one in Role), ", ")
            )
        )
    return known.affiliations[0]


def user_as_object(user: PendingUser) -> dict[str, Any]:
    """A user who waits for a number, as `--json` shows it."""
    return {
        "user": user.user,
        "source_id": user.source_id,
        "since": user.since.isoformat() if user.since else None,
        "since_source": user.since_source,
        "days": user.days,
    }


def hidden_as_object(numbers: int, users: int) -> dict[str, int]:
    """How many numbers and users are not shown, as `--json` says it where there are any."""
    return {name: count for name, count in (("hidden_numbers", numbers), ("hidden_users", users)) if count}


def _row(user: PendingUser) -> tuple[str, ...]:
    since = Sentence("{day}", day=user.since) if user.since else Sentence("not known")
    note = NOTHING if user.ours else Sentence("not ours")
    if user.protected:
        note = Sentence("perhaps protected") if user.doubtful else Sentence("protected")
    return user.user, user.source_id or "", since, "" if user.days is None else str(user.days), note
