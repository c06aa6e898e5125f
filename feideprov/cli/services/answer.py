"""The command services answer: what providers answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer

from feideprov.cli.report import Report, refusal_line, warn
from feideprov.cli.services.service_json import as_object
from feideprov.cli.session import Json, Session
from feideprov.cli.table import printable
from feideprov.client.client import Client
from feideprov.client.lists.listed_people import ignored_columns
from feideprov.errors import InputError
from feideprov.issues import Refusal
from feideprov.messages import Sentence, joined
from feideprov.services.answers import RecordedAnswer
from feideprov.services.register.service import STATES, Dependency
from feideprov.tables.day import as_date

_SAYS: Final = {
    Dependency.UNKNOWN: Sentence("has not been asked"),
    Dependency.ASKED: Sentence("was asked"),
    Dependency.INDEPENDENT: Sentence("does not depend on the number"),
    Dependency.CAN_SERVE: Sentence("depends on the number, but can serve users without it"),
    Dependency.CANNOT_SERVE: Sentence("depends on the number, and cannot serve users without it"),
    Dependency.NO_ANSWER: Sentence("gave no answer"),
}


def answer(
    context: typer.Context,
    service: Annotated[
        str | None, typer.Argument(metavar="SERVICE", help="Its id, or a name that no other service has.")
    ] = None,
    state: Annotated[
        str | None,
        typer.Argument(metavar="ANSWER", help=f"A, B or C, as in the question, or one of {', '.join(Dependency)}."),
    ] = None,
    source: Annotated[
        str, typer.Option("--source", metavar="TEXT", help="Where the answer comes from: a mail, a letter, a call.")
    ] = "",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day of the answer; without it, today.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Also tell the provider about changes since this day.")
    ] = None,
    provider: Annotated[
        str | None,
        typer.Option(
            "--provider", metavar="PROVIDER", help="The answer is for all services of this provider (id or name)."
        ),
    ] = None,
    table: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="A list of answers: spreadsheet or CSV.")
    ] = None,
    allow_names: Annotated[
        str | None,
        typer.Option(
            "--allow-names",
            metavar="BASIS",
            help="Allow Feide names in notices; BASIS says why. “” forbids them again.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Record what providers answered, and the notices that follow."""
    session: Session = context.obj
    if provider is not None and state is None:
        service, state = None, service  # the one word that is given is the answer
    _require_one_use(service, state, provider, table, allow_names, dated=on is not None or since is not None)
    with session.client() as feide:
        day, start = _day("--on", on, feide.on), _day("--since", since, feide.on)
        refusals: tuple[Refusal, ...] = ()
        answered, lines = list[RecordedAnswer](), list[str]()
        if table is not None:
            taken = feide.services.answers_from(table, source=source)
            answered, refusals = list(taken.answered), taken.refusals
            warn((*ignored_columns(taken.ignored_columns), *taken.notes))
            lines += _unanswered(taken.unanswered)
        elif provider is not None and state is not None:
            answered = feide.services.answer_for(provider, state, source=source, on=day, since=start)
        elif service is not None and state is not None:
            answered = [feide.services.answer(service, state, source=source, on=day, since=start)]
        if allow_names is not None and service is not None:
            lines += _allowed(feide, service, allow_names, day)
        days = feide.settings.services.answer_days
    _show_answers(session, answered, refusals, lines, days, as_json=as_json)


def _require_one_use(
    service: str | None,
    state: str | None,
    provider: str | None,
    table: Path | None,
    allow_names: str | None,
    *,
    dated: bool,
) -> None:
    """Raises InputError for words and options that cannot be given together. `dated`: a day was given."""
    if sum((service is not None, provider is not None, table is not None)) != 1:
        raise InputError(Sentence("Give one of these: a service, --provider NAME, or --csv FILE"))
    if table is None and state is None and allow_names is None:
        raise InputError(
            Sentence(
                "Give the answer. It must be one of these: {states}; or A, B or C, as in the question.",
                states=joined(STATES.values(), ", "),
            )
        )
    if allow_names is not None and service is None:
        raise InputError(Sentence("--allow-names is for one service. Give the id or the name of the service."))
    if table is not None and dated:
        raise InputError(
            Sentence("--on and --since cannot be used with --csv: each row of the list has its own day (column on).")
        )


def _show_answers(
    session: Session,
    answered: list[RecordedAnswer],
    refusals: Sequence[Refusal],
    lines: list[str],
    days: int,
    *,
    as_json: bool,
) -> None:
    refused = [
        {"source": r.origin.file, "row": r.origin.row, "code": r.code, "sentence": session.text(r.sentence)}
        for r in refusals
        if r.origin
    ]
    counts = {"answered": len(answered), "owed": sum(one.owed for one in answered), "refused": len(refused)}
    more = {
        "services": [as_object(one.service, days) | {"owed": one.owed} for one in answered],
        "refusals": refused,
    }
    told = [_answered_line(one) for one in answered] + lines
    told += [refusal_line(one, session) for one in refusals if one.origin]
    told += [Sentence("See: feideprov notify")] if counts["owed"] else []
    report = Report("services answer", session, counts, more=more, done=True)
    report.next = () if counts["owed"] or not answered else ("services", "matrix")
    report.show(as_json=as_json, code=int(bool(refused)), lines=told)


def _unanswered(count: int) -> list[str]:
    said = Sentence("{count} row has no answer yet.", plural="{count} rows have no answer yet.", count=count)
    return [said] if count else []


def _answered_line(one: RecordedAnswer) -> str:
    service = one.service
    told = Sentence(
        "{service} ({provider}) {answer}",
        service=printable(service.name()),
        provider=printable(service.provider.name),
        answer=_SAYS[service.answer.state],
    )
    if not one.owed:
        return Sentence("{answer}.", answer=told)
    return Sentence(
        "{answer}; the provider must be told about {count} changed number.",
        plural="{answer}; the provider must be told about {count} changed numbers.",
        count=one.owed,
        answer=told,
    )


def _allowed(feide: Client, service: str, basis: str, day: date | None) -> list[str]:
    one = feide.services.allow_names(service, basis, day or feide.on)
    name = printable(one.name())
    if not one.basis_for_names:
        return [Sentence("Recorded: Feide names are not allowed in notices to {service}.", service=name)]
    basis = printable(one.basis_for_names.text)
    return [
        Sentence(
            "Recorded: Feide names are allowed in notices to {service}. Basis: {basis}.",
            service=name,
            basis=basis,
        )
    ]


def _day(option: str, text: str | None, on: date) -> date | None:
    day = as_date(text, on) if text is not None else None
    if isinstance(day, str):
        raise InputError(Sentence("{option}: {reason}", option=option, reason=day))
    return day
