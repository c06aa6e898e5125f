"""A worklist in which each part has something, and a hostile key."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from feideprov.messages import NOTHING, Sentence
from feideprov.nir.channels import Channel, ChannelDecision
from feideprov.nir.model import Law, Scheme
from feideprov.nir.report.worklist import Worklist
from feideprov.nir.verdict import DueState, Verdict, VerdictKind
from feideprov.nir.work_items import Item, ItemKind, YearEnd

ON = date(2025, 12, 9)
HOSTILE = "<script>document.title='taken'</script>"
WS4 = ChannelDecision("C6", Channel.WS4, Sentence("The vendor is ready."), source="IMDi, a page, 2022-04-11")
WEB = ChannelDecision("C7", Channel.NIR_WEB, Sentence("The vendor is not ready."), Sentence("Ask the vendor."))
BLOCKED = ChannelDecision("C-BLOCKED", Channel.BLOCKED, Sentence("NIR does not show the person."))


def verdict(
    rule: str, field: str, due: date | None = None, kind: VerdictKind = VerdictKind.MISSING, **more: Any
) -> Verdict:
    state = None if due is None else DueState.OVERDUE if due < ON else DueState.OPEN
    url = "https://www.imdi.no/a-page"
    return Verdict(
        rule, kind, field, due, state, "IMDi, a page, 2022-04-11", url, Sentence("…"), Law.INTEGRERINGSLOVEN, **more
    )


def item(person: str, *verdicts: Verdict, channel: ChannelDecision | None = WS4, **more: Any) -> Item:
    days = [one.due for one in verdicts if one.due]
    about: dict[str, Any] = {
        "kind": ItemKind.RECORD,
        "scheme": Scheme.INTRODUKSJONSPROGRAM,
        "law": Law.INTEGRERINGSLOVEN,
        "fields": tuple(one.field for one in verdicts if one.field),
        "role": "kommuneintrobruker",
        "due": min(days, default=None),
    }
    return Item(person, verdicts=tuple(verdicts), channel=channel, **(about | more))


def of_person(person: str, kind: ItemKind, field: str, **more: Any) -> Item:
    return Item(person, kind, fields=(field,), sentence=NOTHING, **more)


def days(number: int) -> date:
    return ON + timedelta(days=number)


def example_worklist() -> Worklist:
    """Of one day, as the functions of the core would make it."""
    items = (
        of_person("ref-3", ItemKind.SETTLEMENT, "settled", due=days(-9), on=date(2025, 9, 1)),
        item(
            "ref-3",
            verdict("P20-vedtak", "vedtak", days(-9)),
            verdict("P20-tiltak", "tiltak", days(-9)),
            verdict("B-SETTLED", "settled", kind=VerdictKind.BLOCKED),
            channel=BLOCKED,
        ),
        item(
            "ref-1",
            verdict("P20-klage", "klage", days(0)),
            verdict("P20-sluttmaal", "sluttmaal", days(15)),
            verdict("P20-permisjon", "permisjon"),
            verdict("P03-integreringskontrakt", "integreringskontrakt", kind=VerdictKind.FORBIDDEN),
            verdict("NO-RULE", "praksis", kind=VerdictKind.QUESTION),
        ),
        item("ref-2", kind=ItemKind.NOT_SEEN, fields=("tiltak",), due=days(14), channel=WEB),
        item("ref-4", verdict("L-6A-end", "", days(30), VerdictKind.NOT_KNOWN), law=Law.NOT_KNOWN, channel=None),
        item(
            HOSTILE,
            verdict("N6A-utdanningsbakgrunn-utvidet", "vedtak_utvidet_norskopplaering", kind=VerdictKind.BLOCKED),
            scheme=Scheme.NORSK,
            law=Law.KAP6A,
            role="kommunenorskbruker",
        ),
        of_person("ref-5", ItemKind.NUMBER, "number", on=date(2025, 12, 1)),
    )
    ends = (YearEnd(2025, date(2026, 2, 28), computed=True, without_reason=("ref-1", HOSTILE)),)
    note = Sentence("{count} row is old.", plural="{count} rows are old.", count=2)
    return Worklist(ON, "Skotthyll kommune", items, ends, (note,), frozenset({"P20-vedtak", "own-1"}))
