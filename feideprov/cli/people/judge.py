"""The command judge: verdicts by line number, for numbers that are never shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

import typer

from feideprov.cli.call import Tone
from feideprov.cli.report import Report
from feideprov.cli.screen import Toned
from feideprov.cli.session import DEFAULT_CONFIG, Json, Session
from feideprov.cli.streams import standard_input
from feideprov.encodings import unicode_text
from feideprov.errors import InputError
from feideprov.files import Largest, all_of
from feideprov.messages import Sentence
from feideprov.no_value import no_value
from feideprov.numbers import Decision, NumberPolicy, judge_number
from feideprov.tables.day import R_DATE

_TONES: Final = {Decision.REFUSE: Tone.STOPS, Decision.NEEDS_EVIDENCE: Tone.WAITS}
_DECISIONS: Final[Mapping[str, Sentence]] = {
    Decision.ACCEPT: Sentence("accept"),
    Decision.NEEDS_EVIDENCE: Sentence("needs-evidence"),
    Decision.REFUSE: Sentence("refuse"),
}


def judge(
    context: typer.Context,
    day: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="Judge as on this day, as 2032-01-01; without it, today.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Judge numbers from standard input. Each line is a number, or a number, a comma and a birth date (2008-12-31 or
    31.12.2008).

    The verdict is printed with the number of the line; the identity number itself is not shown. The settings for test
    numbers and DUF numbers are those of the configuration, if there is one. Exit code 1 unless all are accepted.
    """
    session: Session = context.obj
    policy = _policy(session)
    on = _date(day.strip()) if day is not None else None
    if day is not None and on is None:
        raise InputError(Sentence("The day in --on cannot be read. Write it in this form: 2032-01-01 or 1.1.2032"))
    with standard_input() as file:
        text = _text(all_of(file.buffer, Largest.LIST))
    verdicts = [
        _verdict(session, line_number, line.strip(), policy, on)
        for line_number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    ]
    counts = {decision.value: sum(v["decision"] == decision for v in verdicts) for decision in Decision}
    code = 0 if counts[Decision.ACCEPT] == len(verdicts) else 1
    lines = [
        Toned(
            Sentence(
                "{line}: {decision} [{code}] {sentence}",
                line=one["line"],
                decision=_DECISIONS[one["decision"]],
                code=one["code"],
                sentence=one["sentence"],
            ),
            _TONES.get(one["decision"]),
        )
        for one in verdicts
    ]
    Report("judge", session, more={"verdicts": verdicts, "counts": counts}).show(
        as_json=as_json, code=code, lines=lines
    )


def _text(octets: bytes) -> str:
    """Windows' programs may send UTF-16, or a byte order mark. What cannot be read is no number."""
    try:
        return unicode_text(octets)
    except UnicodeDecodeError:
        return octets.decode(errors="replace")


def _policy(session: Session) -> NumberPolicy:
    if session.config == DEFAULT_CONFIG and not session.config.exists():
        return NumberPolicy()
    from feideprov.settings import Settings

    numbers = Settings.load(session.config).numbers
    return NumberPolicy(duf=numbers.duf, test=numbers.test)


def _verdict(session: Session, line: int, text: str, policy: NumberPolicy, on: date | None) -> dict[str, Any]:
    number, *rest = re.split(r"[,;\t]", text, maxsplit=1)
    birth_date = _date(rest[0].strip()) if rest and rest[0].strip() else None
    if rest and rest[0].strip() and birth_date is None:
        sentence = Sentence("The birth date cannot be read. Write it in this form: 2008-12-31 or 31.12.2008")
        if meaning := no_value(rest[0].strip()):
            sentence = Sentence("The birth date: {meaning}", meaning=meaning)
        return {"line": line, "decision": "refuse", "kind": None, "code": R_DATE, "sentence": sentence}
    verdict = judge_number(number, birth_date=birth_date, on=on, policy=policy)
    return {
        "line": line,
        "decision": verdict.decision.value,
        "kind": verdict.kind.value,
        "code": verdict.code,
        "sentence": verdict.say(session.lang),
    }


def _date(text: str) -> date | None:
    try:
        if match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(text)
    except ValueError:
        return None
