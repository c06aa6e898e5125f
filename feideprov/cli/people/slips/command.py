"""The command slips: cards with first passwords to print, and the sheets for the teachers."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from feideprov.cli.call import again
from feideprov.cli.people.slips.slips_file import (
    Chosen,
    about_slips,
    counts_of,
    is_pdf,
    save_slips,
    slips_as_object,
)
from feideprov.cli.report import Report, save
from feideprov.cli.session import Json, Session, Yes, for_people
from feideprov.errors import InputError, scrub_path
from feideprov.messages import Sentence

if TYPE_CHECKING:
    from feideprov.slips.facade import FoundSheets

Out = Annotated[
    Path | None, typer.Argument(metavar="FILE", callback=for_people, help="The file for the slips: .pdf or .html.")
]
InSchool = Annotated[str | None, typer.Option("--school", metavar="SCHOOL", help="Only users of this school.")]
InClass = Annotated[str | None, typer.Option("--class", metavar="CLASS", help="Only users in this class.")]
OnlyUsers = Annotated[list[str] | None, typer.Option("--user", metavar="USER", help="Only this user.")]
AsPdf = Annotated[bool, typer.Option("--pdf", help="Write PDF, whatever the name of the file.")]
AsHtml = Annotated[bool, typer.Option("--html", help="Write a web page, whatever the name of the file.")]
OnPage = Annotated[int, typer.Option("--per-page", metavar="N", help="How many slips are on a page: 1 or 4.")]
ForTeachers = Annotated[
    Path | None,
    typer.Option(
        "--teacher", metavar="FILE", callback=for_people, help="Save the sheet for the teacher of each class."
    ),
]
Since = Annotated[
    datetime | None,
    typer.Option(
        "--since",
        formats=["%Y-%m-%d"],
        metavar="DAY",
        help="With --teacher: the sheets are about numbers that have come since this day.",
    ),
]
HandedOut = Annotated[
    bool, typer.Option("--done", help="The slips were handed out: erase these passwords from the hand-over file.")
]
Printed = Annotated[
    datetime | None,
    typer.Option(
        "--printed",
        formats=["%Y-%m-%d"],
        metavar="DAY",
        help="With --done: the day on which the slips were printed. Later passwords stay.",
    ),
]


def slips(
    context: typer.Context,
    out: Out = None,
    school: InSchool = None,
    group: InClass = None,
    user: OnlyUsers = None,
    pdf: AsPdf = False,
    html: AsHtml = False,
    per_page: OnPage = 4,
    teacher: ForTeachers = None,
    since: Since = None,
    done: HandedOut = False,
    printed: Printed = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Print slips with first passwords, for the users to whom they were not given yet.

    Each slip has the Feide name, the password and how to log in, in the language of the user. Protected users get
    none."""
    session: Session = context.obj
    _check(out, teacher, per_page, pdf=pdf, html=html, done=done, since=since, printed=printed)
    chosen = Chosen(school, group, user or None)
    if done:
        _hand_out(session, chosen, _day(printed), yes=yes, as_json=as_json)
    as_pdf = {path: is_pdf(path, pdf=pdf, html=html) for path in (out, teacher) if path is not None}
    lines, more, counts = list[str](), dict[str, Any](), dict[str, int]()
    with session.client() as feide:
        if out is not None:
            found = chosen.find(feide)
            save_slips(found, out, per_page, as_pdf=as_pdf[out])
            lines += about_slips(found, out, chosen.done_command(feide.on))
            more |= slips_as_object(found, out)
            counts |= counts_of(found)
        if teacher is not None:
            sheets = feide.slips.teacher_sheets(school=school, group=group, since=_day(since))
            lines += _save_sheets(sheets, teacher, session, as_pdf=as_pdf[teacher])
            more |= {"teacher": scrub_path(teacher)}
            counts |= {"sheets": len(sheets.sheets.sheets)}
    Report("slips", session, counts, more=more, done=True).show(as_json=as_json, code=0, lines=lines)


def _save_sheets(found: FoundSheets, path: Path, session: Session, *, as_pdf: bool) -> list[Sentence]:
    sheets = found.sheets
    if not sheets.sheets:
        return [Sentence("There is nobody for a teacher's sheet. No file was written.")]
    save(path, found.pdf(session.lang) if as_pdf else found.html(session.lang).encode())
    lines = [
        Sentence(
            "{count} teacher's sheet is in {file}. It names who waits for a number: give it to the teacher alone.",
            plural="{count} teacher's sheets are in {file}. They name who waits for a number: give each to the teacher "
            "of the class alone.",
            count=len(sheets.sheets),
            file=scrub_path(path),
        )
    ]
    if sheets.protected:
        lines.append(
            Sentence(
                "{count} user is protected, or may be, and is in no teacher's sheet.",
                plural="{count} users are protected, or may be, and are in no teacher's sheet.",
                count=sheets.protected,
            )
        )
    return lines


def _hand_out(session: Session, chosen: Chosen, printed: date | None, *, yes: bool, as_json: bool) -> None:
    """Note that slips were handed out, or show what would be noted, and end the command."""
    with session.client() as feide:
        found = chosen.find(feide, printed)
        users = [card.user for card in found.cards]
        if chosen.users:  # a protected user was given the password alone
            users += found.protected
        noted = set(feide.passwords.given(users)) if yes and users else set(users)
    in_doubt, users = len(users) - len(noted), [user for user in users if user in noted]
    lines: list[str] = [Sentence("  {user}: the first password is noted as given, and erased", user=u) for u in users]
    if not users and not in_doubt:
        lines = [Sentence("No first password of these users is to be noted as given.")]
    if in_doubt:
        lines.append(
            Sentence(
                "The first password of {count} user stays, because the run that made it was interrupted. The next "
                "command that changes users finds out whether it works. After that, run this command again.",
                plural="The first passwords of {count} users stay, because the run that made them was interrupted. The "
                "next command that changes users finds out whether they work. After that, run this command again.",
                count=in_doubt,
            )
        )
    newest = max((card.made_on for card in found.cards if card.made_on is not None), default=None)
    if newest is not None and not yes and printed is None:
        lines += [
            "",
            Sentence(
                "The newest of these passwords was made on {day}. Were the slips printed before that? Then add the day "
                "on which they were printed: --printed DAY",
                day=newest,
            ),
        ]
    headline: str = Sentence("Done:") if yes else Sentence("This would be done (add --yes to do it):")
    report = Report("slips", session, {"given": len(users)}, more={"users": users, "dry": not yes}, dry=not yes)
    report.next = again("--yes") if users and not yes else ()
    report.show(as_json=as_json, code=int(bool(in_doubt)), lines=lines, headline=headline if users else "")


def _day(given: datetime | None) -> date | None:
    return given.date() if given is not None else None


def _check(
    out: Path | None,
    teacher: Path | None,
    per_page: int,
    *,
    pdf: bool,
    html: bool,
    done: bool,
    since: datetime | None,
    printed: datetime | None,
) -> None:
    """Raise InputError for words that do not go together."""
    if per_page not in (1, 4):
        raise InputError(Sentence("There can be 1 or 4 slips on a page: --per-page 1 or --per-page 4."))
    if pdf and html:
        raise InputError(Sentence("Give only one of --pdf and --html."))
    if out and teacher and os.path.realpath(out) == os.path.realpath(teacher):
        raise InputError(Sentence("The slips and the teacher's sheets need two files. Give --teacher another name."))
    if done and (out or teacher or pdf or html):
        raise InputError(Sentence("--done writes no file. Run it alone, after the slips were handed out."))
    if not (done or out or teacher):
        raise InputError(
            Sentence("Say where the slips are to be written, such as: feideprov slips slips.pdf --school SCHOOL")
        )
    if since and not teacher:
        raise InputError(Sentence("--since is about the teacher's sheet. Add --teacher FILE, or leave it out."))
    if printed and not done:
        raise InputError(Sentence("--printed is about --done. Add --done, or leave it out."))
