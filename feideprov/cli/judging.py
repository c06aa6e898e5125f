"""The command judge: verdicts by line number, for numbers that are never shown."""

from __future__ import annotations

import re
import sys
from datetime import date
from typing import Annotated, Any

import typer

from feideprov.cli.session import DEFAULT_CONFIG, Json, Report, Session
from feideprov.errors import InputError
from feideprov.numbers import Decision, NumberPolicy, judge_number
from feideprov.settings import Settings
from feideprov.tables.day import R_DATE


def add_to(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(judge)


def judge(
    context: typer.Context,
    day: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day they are judged, as 2032-01-01; default today.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Judge numbers from standard input, one `number[,birth date]` a line; birth dates as 2008-12-31 or 31.12.2008.

    The verdict is printed by line number; the number itself is not. With a configuration, its settings for test
    numbers and DUF numbers hold. Exit code 1 unless all are accepted.
    """
    session: Session = context.obj
    policy = _policy(session)
    on = _date(day.strip()) if day is not None else None
    if day is not None and on is None:
        raise InputError("--on cannot be read: write 2032-01-01 or 1.1.2032.")
    verdicts = [
        _verdict(session, line_number, line.strip(), policy, on)
        for line_number, line in enumerate(sys.stdin.buffer.read().decode(errors="replace").splitlines(), 1)
        if line.strip()
    ]
    counts = {decision.value: sum(v["decision"] == decision for v in verdicts) for decision in Decision}
    code = 0 if counts[Decision.ACCEPT] == len(verdicts) else 1
    lines = [f"{v['line']}: {v['decision']} [{v['code']}] {v['sentence']}" for v in verdicts]
    Report("judge", session, more={"verdicts": verdicts, "counts": counts}).show(
        as_json=as_json, code=code, lines=lines
    )


def _policy(session: Session) -> NumberPolicy:
    if session.config == DEFAULT_CONFIG and not session.config.exists():
        return NumberPolicy()
    numbers = Settings.load(session.config).numbers
    return NumberPolicy(duf=numbers.duf, test=numbers.test)


def _verdict(session: Session, line: int, text: str, policy: NumberPolicy, on: date | None) -> dict[str, Any]:
    number, *rest = re.split(r"[,;\t]", text, maxsplit=1)
    birth_date = _date(rest[0].strip()) if rest and rest[0].strip() else None
    if rest and rest[0].strip() and birth_date is None:
        sentence = "The birth date cannot be read: write 2008-12-31 or 31.12.2008."
        return {"line": line, "decision": "refuse", "kind": None, "code": R_DATE, "sentence": sentence}
    verdict = judge_number(number, birth_date=birth_date, on=on, policy=policy)
    return {
        "line": line,
        "decision": verdict.decision.value,
        "kind": verdict.kind.value,
        "code": verdict.code,
        "sentence": session.verdict(verdict),
    }


def _date(text: str) -> date | None:
    try:
        if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None
