"""The commands about the journal: journal verify, journal gone, journal begin."""

from __future__ import annotations

from dataclasses import asdict

import typer

from feideprov.check.finding import Severity, findings_sheet, left_out_of_sheet
from feideprov.cli.call import again
from feideprov.cli.care.check import HEADING, first_action, weight_of
from feideprov.cli.report import Report, save
from feideprov.cli.session import Csv, Json, Session, Yes
from feideprov.cli.table import show_rows
from feideprov.messages import Sentence


def verify(context: typer.Context, csv_file: Csv = None, as_json: Json = False) -> None:
    """Check the journal: compare it with the directory. Every difference is shown, and nothing is written.

    Exit code 1 when something differs.
    """
    session: Session = context.obj
    with session.client() as feide:
        findings = feide.journal.verify()
    if csv_file is not None:
        save(csv_file, findings_sheet(findings, session.lang))
    if findings and not as_json:
        rows = ((weight_of(f), f.code, f.user or f.dn or "", f.sentence, f.action) for f in findings)
        show_rows(HEADING, rows, folded=HEADING[2:])
    counts = {severity.value: sum(one.severity is severity for one in findings) for severity in Severity}
    lines: list[str] = []
    if findings:
        lines.append(Sentence("{count} difference.", plural="{count} differences.", count=len(findings)))
    elif findings.users:
        lines.append(Sentence("The journal and the directory agree."))
    if csv_file is not None and (left_out := left_out_of_sheet(findings)):
        lines.append(left_out)
    report = Report("journal verify", session, counts, users=findings.users, control=True)
    report.more = {"findings": [asdict(one) for one in findings]}
    report.next = first_action(findings)
    report.show(as_json=as_json, code=int(bool(findings)), lines=lines)


def gone(context: typer.Context, yes: Yes = False, as_json: Json = False) -> None:
    """Record that missing users were deleted from the directory on purpose.

    They are the users in the journal that the directory does not show. Then no command misses them any more. Their
    Feide names are still given to nobody else, and the directory is only read.
    """
    session: Session = context.obj
    with session.client() as feide:
        users = feide.journal.gone(record=yes)
    report = Report("journal gone", session, {"gone": len(users)}, users=users.users)
    report.more = {"users": [{"user": user} for user in users], "dry": not yes}
    report.next = again("--yes") if users and not yes else ()
    if users and not as_json:
        show_rows(HEADING[2:3], ((user,) for user in users), folded=HEADING[2:3])
    report.show(as_json=as_json, code=0, lines=[_recorded(len(users)) if yes else _missing(len(users))])


def begin(context: typer.Context, yes: Yes = False, as_json: Json = False) -> None:
    """Go on with a journal that is new, or older than the last run.

    When the journal is missing, empty or an older copy, everything that writes stops. First try to restore the newest
    copy: what an older journal does not know is forgotten.
    """
    session: Session = context.obj
    with session.client() as feide:
        behind = feide.journal.behind()
        if yes:
            feide.journal.begin()
    report = Report("journal begin", session, {"begun": int(behind is not None)}, more={"dry": not yes})
    report.next = again("--yes") if behind is not None and not yes else ()
    if behind is None:
        line: str = Sentence("The journal is not older than the last run. There is nothing to do.")
    else:
        line = Sentence("From now on the journal is used as it is now.") if yes else behind
    report.show(as_json=as_json, code=0, lines=[line])


def _missing(count: int) -> Sentence:
    if not count:
        return Sentence("All users in the journal are in the directory, or are recorded as deleted.")
    return Sentence(
        "{count} user in the journal is not in the directory. First make sure that the account can read all users. If "
        "this user was deleted on purpose, run again with --yes.",
        plural="{count} users in the journal are not in the directory. First make sure that the account can read all "
        "users. If all of these users were deleted on purpose, run again with --yes.",
        count=count,
    )


def _recorded(count: int) -> Sentence:
    return Sentence(
        "Recorded: {count} user was deleted from the directory.",
        plural="Recorded: {count} users were deleted from the directory.",
        count=count,
    )
