"""The command doctor: is everything set up so that this program and Feide's logins can work?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final

import typer

from feideprov.check.examination import Check, Examination, Received, State
from feideprov.check.finding import COUNTED, Severity
from feideprov.cli.call import Tone
from feideprov.cli.care.check import first_action
from feideprov.cli.language import said
from feideprov.cli.report import Report, warn
from feideprov.cli.screen import Toned
from feideprov.cli.session import Json, Session
from feideprov.cli.streams import standard_input
from feideprov.cli.table import printable
from feideprov.errors import scrub_path
from feideprov.messages import Sentence, joined
from feideprov.settings.template import is_template

_LONGEST_LINE: Final = 10_000
_STATES: Final = {
    State.GOOD: ("✓", Sentence("ok")),
    State.WRONG: ("✗", Sentence("WRONG")),
    State.UNKNOWN: ("?", Sentence("unknown")),
    State.SKIPPED: ("–", Sentence("skipped")),
}
"""The sign of each result, on a terminal that can show it, and the word."""
_TONES: Final = {Severity.ERROR: Tone.STOPS, Severity.WARNING: Tone.WAITS}
_WARNING: Final = ("!", COUNTED[Severity.WARNING])
_NOTE: Final = ("✓", COUNTED[Severity.NOTE])
_ACCEPTED: Final = ("✓", Sentence("accepted"))
_RECEIVED: Final = Sentence(
    "What a service would receive, by attribute group (userid-nin is Feide's name for its group; the "
    "other names are ours):"
)


def doctor(
    context: typer.Context,
    user: Annotated[
        str | None,
        typer.Option(
            "--user", metavar="FEIDE_NAME", help="Rehearse the login of this user; the password is asked for."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Check the set-up, and rehearse a login as Feide does it. Nothing is written.

    Checked are files, connection, TLS, certificate, schema, indexes, uniqueness, rights, what others can read, logs,
    limits and the clock.
    With --user, the login of that user is rehearsed.
    """
    session: Session = context.obj
    with session.client() as feide:
        asked = user is not None and feide.settings.login.by == "directory"
        found = feide.doctor(user, _password() if asked else None)
    if is_template(session.config.read_bytes(), feide.settings.directory.source_id_attribute):
        example = Sentence(
            "{file} is as init wrote it: its organization, schools and directory are an example. Fill it in first.",
            file=scrub_path(session.config),
        )
        warn([example])
    report = Report("doctor", session, _counts(found), more=_object(found), control=True)
    report.next = first_action(found.findings)
    report.show(as_json=as_json, code=found.exit_code, lines=list(_lines(found)))


def _password() -> str | None:
    """Asked for at a terminal, and not shown while it is typed; otherwise the first line of standard input, if any."""
    if sys.stdin is None or sys.stdin.closed:
        return None
    with standard_input() as file:
        if file.isatty():
            question = Sentence("The user's password (press Enter to skip the login)")
            return str(typer.prompt(question, default="", show_default=False, hide_input=True, err=True)) or None
        return file.readline(_LONGEST_LINE).rstrip("\r\n") or None


def _lines(found: Examination) -> Iterator[str | Toned]:
    yield from _told(found.checks)
    if found.login:
        yield from ("", Sentence("A login as Feide does it:"), *_told(found.login))
    if found.received:
        yield from ("", _RECEIVED, *_groups(found.received))
    counts = _counts(found).items()
    wrong = joined((Sentence("{word} {number}", word=COUNTED[name], number=n) for name, n in counts if n), ", ")
    yield from ("", Sentence("Found: {counts}.", counts=wrong) if wrong else Sentence("Nothing is wrong."))


def _told(checks: Sequence[Check]) -> Iterator[str | Toned]:
    signs = sys.stdout.isatty() and "utf" in (sys.stdout.encoding or "").lower()
    for check in checks:
        sign, word = _result(check)
        mark = f"{sign} {said(word):<9}" if signs else f"{said(word):<9}"
        code = f" [{check.finding.code}]" if check.finding else ""
        yield Toned(printable(f"{mark} {said(check.title)}: {said(check.sentence)}{code}"), _tone(check))
        if check.finding:
            yield printable(f"{'':{len(mark)}} {said(check.finding.because or check.finding.action)}")


def _result(check: Check) -> tuple[str, Sentence]:
    if check.finding is None:
        return _STATES[check.state]
    if check.finding.expected:
        return _ACCEPTED
    return {Severity.WARNING: _WARNING, Severity.NOTE: _NOTE}.get(check.finding.severity, _STATES[check.state])


def _tone(check: Check) -> Tone | None:
    if check.finding is None:
        return Tone.WAITS if check.state is State.UNKNOWN else None
    return None if check.finding.expected else _TONES.get(check.finding.severity)


def _groups(received: Sequence[Received]) -> Iterator[str]:
    for group in received:
        if not group.values:
            nothing = Sentence("nothing (pending)") if group.confirmed else Sentence("nothing")
            yield Sentence("  {group}: {nothing}", group=group.group, nothing=nothing)
        for name, values in group.values.items():
            yield printable(f"  {said(group.group)}: {name} = {' | '.join(map(said, values))}")


def _counts(found: Examination) -> dict[str, int]:
    unexpected = [finding for finding in found.findings if not finding.expected]
    counts = {severity.value: sum(one.severity is severity for one in unexpected) for severity in Severity}
    return counts | {"expected": len(found.findings) - len(unexpected)}


def _object(found: Examination) -> dict[str, Any]:
    groups = [{"group": str(r.group), "confirmed": r.confirmed, "attributes": r.values} for r in found.received]
    return {
        "findings": [asdict(finding) for finding in found.findings],
        "checks": [_check(check) for check in found.checks],
        "login": [_check(check) for check in found.login],
        "received": groups,
    }


def _check(check: Check) -> dict[str, str]:
    return {"name": check.name, "outcome": check.state.value, "sentence": check.sentence}
