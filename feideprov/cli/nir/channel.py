"""The command nir channel: through which channel something is registered, and why."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from feideprov.cli.report import Report
from feideprov.cli.session import Json, Session
from feideprov.errors import InputError
from feideprov.messages import Sentence, joined
from feideprov.nir.channels import ChannelDecision
from feideprov.nir.model import Law
from feideprov.nir.table.rules import Rules
from feideprov.nir.words import CHANNELS, FIELDS, LAWS, in_words
from feideprov.tables.day import as_date

_LAWS = [law.value for law in Law if law is not Law.NOT_KNOWN]


def channel(
    context: typer.Context,
    law: Annotated[
        str | None,
        typer.Option(
            "--law",
            metavar="LAW",
            help="The law: introduksjonsloven, integreringsloven or kap6a; without it, all three.",
        ),
    ] = None,
    field: Annotated[
        str, typer.Option("--field", metavar="FIELD", help="The field, by its name in the rules.")
    ] = "vedtak",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day of registering; without it, today.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show through which channel something is registered, and why. Nothing is sent.

    The wire format of WS4 is not public. What decides is in the section [nir] of the configuration: whether a case
    system transfers, and since when its vendor has WS4 for each law.
    """
    session: Session = context.obj
    if law is not None and law not in _LAWS:
        raise InputError(Sentence("--law must be one of these: {laws}.", laws=joined(_LAWS, ", ")))
    with session.client() as feide:
        register = feide.nir
        _require_field(field, register.rules)
        day = _day(on)
        found = [(one, register.channel(one, field, on=day)) for one in (_LAWS if law is None else [law])]
    lines = [line for one, decision in found for line in _lines(one, field, decision, session)]
    more = {"channels": [_as_object(one, field, decision, session) for one, decision in found]}
    Report("nir channel", session, {"channels": len(found)}, more=more).show(as_json=as_json, code=0, lines=lines)


def _require_field(field: str, rules: Rules) -> None:
    """Raises InputError for a field that no rule is about: it would get a channel too."""
    known = dict.fromkeys(rule.field for rule in rules.rules)
    if field not in known:
        raise InputError(Sentence("--field must be one of these: {fields}.", fields=joined(known, ", ")))


def _day(text: str | None) -> date | None:
    """A day that the command line names; one to come, too."""
    day = as_date(text, date.max) if text is not None else None
    if isinstance(day, str):
        raise InputError(Sentence("--on: {reason}", reason=day))
    return day


def _lines(law: str, field: str, decision: ChannelDecision, session: Session) -> list[str]:
    lines: list[str] = [
        Sentence(
            "{law}, {field}: {channel} [{id}]",
            law=in_words(LAWS, law, session.lang),
            field=in_words(FIELDS, field, session.lang),
            channel=in_words(CHANNELS, decision.channel, session.lang),
            id=decision.id,
        ),
        Sentence("  {sentence}", sentence=decision.sentence),
    ]
    if decision.warning:
        lines.append(Sentence("  {sentence}", sentence=decision.warning))
    source = decision.url or decision.source
    return [*lines, Sentence("  {source}", source=source)] if source else lines


def _as_object(law: str, field: str, decision: ChannelDecision, session: Session) -> dict[str, Any]:
    return {
        "law": law,
        "field": field,
        "id": decision.id,
        "channel": decision.channel.value,
        "sentence": session.text(decision.sentence),
        "warning": session.text(decision.warning) or None,
        "source": decision.source or None,
        "url": decision.url or None,
    }
