"""What the screens of services call results, kinds of messages and counts. JSON and lists keep the codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feideprov.messages import Sentence, Template, joined
from feideprov.services.next_step import NextStep
from feideprov.services.outbox.deliveries import SendResult
from feideprov.services.owed import ChangeKind

RESULTS: Final[Mapping[SendResult, Sentence]] = {
    SendResult.DUE: Sentence("to be sent"),
    SendResult.SENT: Sentence("sent"),
    SendResult.DRAFTED: Sentence("saved as a draft"),
    SendResult.NOTED: Sentence("sent before"),
    SendResult.WAITING: Sentence("not sent, is tried again"),
    SendResult.LATER: Sentence("not sent, is tried later"),
    SendResult.FAILED: Sentence("given up"),
    SendResult.BOUNCED: Sentence("came back"),
    SendResult.UNADDRESSED: Sentence("no address"),
}
MESSAGES: Final[Mapping[NextStep, Sentence]] = {
    NextStep.ASK: Sentence("question"),
    NextStep.REMIND: Sentence("reminder"),
    NextStep.NO_ANSWER: Sentence("no answer"),
}
CHANGES: Final[Mapping[ChangeKind, Template]] = {
    ChangeKind.REGISTERED: Template("{count} registered", "{count} registered"),
    ChangeKind.CHANGED: Template("{count} changed", "{count} changed"),
    ChangeKind.WITHDRAWN: Template("{count} withdrawn", "{count} withdrawn"),
}
"""What happened to numbers."""
_COUNTS: Final[Mapping[str, Template]] = {
    "read": Template("{count} read", "{count} read"),
    "organizations": Template("{count} organization", "{count} organizations"),
    "new": Template("{count} new", "{count} new"),
    "changed": Template("{count} changed", "{count} changed"),
    "gone": Template("{count} gone", "{count} gone"),
    "newly": Template("{count} gets the number now", "{count} get the number now"),
    "unchanged": Template("{count} unchanged", "{count} unchanged"),
    "refused": Template("{count} refused", "{count} refused"),
    "due": Template("{count} to be sent", "{count} to be sent"),
    "sent": Template("{count} sent", "{count} sent"),
    "drafted": Template("{count} saved as a draft", "{count} saved as drafts"),
    "noted": Template("{count} sent before", "{count} sent before"),
    "waiting": Template("{count} not sent, is tried again", "{count} not sent, are tried again"),
    "later": Template("{count} not sent, is tried later", "{count} not sent, are tried later"),
    "failed": Template("{count} given up", "{count} given up"),
    "unaddressed": Template("{count} without an address", "{count} without an address"),
    "no_answer": Template("{count} service without an answer", "{count} services without an answer"),
}


def counted(counts: Mapping[str, int]) -> Sentence:
    """Counts in a line, without those that are 0: “2 sent, 1 without an address.”"""
    parts = (_COUNTS[name].filled(count=count) for name, count in counts.items() if count)
    return Sentence("{counts}.", counts=joined(parts, ", "))
