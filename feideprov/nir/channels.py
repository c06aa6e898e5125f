"""Through which channel a field is registered: WS4, NIR web, later, or not yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feideprov.messages import NOTHING, Sentence
from feideprov.nir.channel_words import say
from feideprov.nir.laws import law_row
from feideprov.nir.model import Law, Person, Ready, Scheme, Setting, named
from feideprov.nir.table.rules import Availability, Rules
from feideprov.programs.arguments import checked


class Channel(StrEnum):
    """How something gets into NIR."""

    WS4 = "ws4"
    """The case system transfers it."""
    NIR_WEB = "nir_web"
    """A person types it."""
    HOLD = "hold"
    """NIR cannot take it yet: keep it, and register it later."""
    BLOCKED = "blocked"
    """The municipality does not see the person in NIR."""
    HISTORY = "history"
    """Before the day on which WS2 was switched off."""
    NOT_KNOWN = "not_known"
    """It is not known which law applies."""


@dataclass(frozen=True)
class ChannelDecision:
    """The channel, and why.

    Parameters:
        id: the row of the decision table: `C0` to `C7`, `C-BLOCKED`, `C-NOT-KNOWN`.
        channel: the channel.
        sentence: what it rests on, for a person; `sentence.in_language("nb")` says it in bokmål.
        warning: what to do about it, in the same way; empty if there is nothing.
        source: the page, and its day.
        url: the address of the page.
    """

    id: str
    channel: Channel
    sentence: Sentence
    warning: Sentence = NOTHING
    source: str = ""
    url: str = ""


@checked
def channel(
    setting: Setting,
    law: Law | str,
    field: str,
    on: date,
    rules: Rules | None = None,
    *,
    person: Person | None = None,
    scheme: Scheme | str | None = None,
) -> ChannelDecision:
    """The channel for a field.

    Parameters:
        setting: the municipality's own settings.
        law: the law under which it is registered.
        field: the field, such as `vedtak`.
        on: the day of registering.
        rules: the rules; without them, those of the package.
        person, scheme: whose record it is, and in which scheme: a person whom the municipality does not see in NIR is
            blocked.

    Returns: the first row of the table that fits.

    Raises:
        InputError: there is no such law or scheme, or an argument is of a wrong kind.
    """
    of = None if scheme is None else named(Scheme, scheme)
    case = _Case(setting, named(Law, law), field, on, rules or Rules.shipped(), person, of)
    return (
        _before_the_rules(case)
        or _law_not_known(case)
        or _not_visible(case)
        or _not_yet_in_nir(case)
        or _closed(case)
        or _by_transfer(case)
    )


@dataclass(frozen=True)
class _Case:
    setting: Setting
    law: Law
    field: str
    on: date
    rules: Rules
    person: Person | None
    scheme: Scheme | None

    def decided(
        self, row: str, channel: Channel, sentence: Sentence, warning: Sentence = NOTHING, *, source: str = ""
    ) -> ChannelDecision:
        """A decision, with the source of the row of the table unless another is given."""
        words, url = self.rules.source_of(source or self.rules.channels[row].source)
        return ChannelDecision(row, channel, sentence, warning, words, url)


def _before_the_rules(case: _Case) -> ChannelDecision | None:
    if case.on >= case.rules.scope_from:
        return None
    return case.decided("C0", Channel.HISTORY, say("C0", on=case.on, scope_from=case.rules.scope_from))


def _law_not_known(case: _Case) -> ChannelDecision | None:
    if case.law is not Law.NOT_KNOWN:
        return None
    row = law_row(case.person, case.on, case.rules, scheme=case.scheme) if case.person else None
    if row is None or row.law is not Law.NOT_KNOWN:
        return ChannelDecision("C-NOT-KNOWN", Channel.NOT_KNOWN, say("C-NOT-KNOWN"))
    since, (words, _) = row.from_ or case.rules.scope_from, case.rules.source_of(row.source)
    sentence = say("C-NOT-KNOWN source", since=since, source=words)
    return case.decided("C-NOT-KNOWN", Channel.NOT_KNOWN, sentence, source=row.source)


def _not_visible(case: _Case) -> ChannelDecision | None:
    person, own = case.person, case.setting.municipality
    if person is None:
        return None
    if person.register_municipality and own and person.register_municipality != own:
        sentence = say("C-BLOCKED moved", register=person.register_municipality, own=own)
        return case.decided("C-BLOCKED", Channel.BLOCKED, sentence, source="imdi-folkeregistrering-2023")
    settled = person.settled is not None and person.settled <= case.on
    if case.scheme and not case.scheme.in_reception_centre and not settled:
        sentence = say("C-BLOCKED settled", on=case.on)
        return case.decided("C-BLOCKED", Channel.BLOCKED, sentence, source="imdi-ukraina-2022")
    return None


def _not_yet_in_nir(case: _Case) -> ChannelDecision | None:
    rows = [row for row in case.rules.availability if row.law is case.law and _is_about(row, case.field)]
    for row in rows:
        if case.on < row.not_before:
            sentence = say("C1 hold", field=case.field, not_before=row.not_before)
            return case.decided("C1", Channel.HOLD, sentence, source=row.source)
    for row in rows:
        if case.on < row.known_by:
            sentence = say("C1 try", field=case.field, known_by=row.known_by)
            return case.decided("C1", Channel.NIR_WEB, sentence, source=row.source)
    return None


def _is_about(row: Availability, field: str) -> bool:
    """Whether a row names a field. `timer` stands for all fields of hours, and `tiltak` for each of its kinds."""
    names = {"*", field, field.partition(".")[0], *(("timer",) if field.startswith("timer") else ())}
    return not names.isdisjoint(row.fields)


def _closed(case: _Case) -> ChannelDecision | None:
    for one in case.setting.closed:
        if one.from_ <= case.on and (one.until is None or case.on < one.until):
            opens = say("opens", day=one.until) if one.until else say("opens some day")
            sentence = say("C2", since=one.from_, who=one.who or say("nobody"), opens=opens)
            return case.decided("C2", Channel.NIR_WEB, sentence)
    return None


def _by_transfer(case: _Case) -> ChannelDecision:
    if not case.setting.transfers:
        return case.decided("C3", Channel.NIR_WEB, say("C3"))
    ready = case.setting.ready.get(case.law)
    transfers = ready is not None and ready.on <= case.on
    told = _told(case.law, ready)
    if case.law is Law.INTRODUKSJONSLOVEN:
        if transfers:
            return case.decided("C4", Channel.WS4, say("C4", ready=told))
        warning = say("C5 warning", scope_from=case.rules.scope_from)
        return case.decided("C5", Channel.NIR_WEB, say("C5", ready=told), warning)
    if transfers:
        return case.decided("C6", Channel.WS4, say("C6", ready=told))
    return case.decided("C7", Channel.NIR_WEB, say("C7", ready=told), say("C7 warning"))


def _told(law: Law, ready: Ready | None) -> Sentence:
    if ready is None:
        return say("ready not set", law=law.value)
    return say("ready", law=law.value, day=ready.on, who=ready.who or say("nobody"))
