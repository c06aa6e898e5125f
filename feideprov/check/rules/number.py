"""Rules about norEduPersonNIN: numbers that must not stand there, and users who have none yet."""

from __future__ import annotations

import re

from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import Answer, Chapter, Hit, named
from feideprov.directory.protocol import GUARDIAN_ATTRIBUTE, NUMBER_ATTRIBUTE
from feideprov.numbers import SENTENCES, Decision, judge_number
from feideprov.numbers.reference import decision_of
from feideprov.text import holds_number

NUMBERS = Chapter("Numbers", Person)

_OF_EVIDENCE = ("N-EVIDENCE-FUTURE", "N-EVIDENCE-OLD")
_MILD = {"N-D-900": Severity.NOTE}
_END = re.compile(r"(?<=[.?]) ")


def told(verdict_code: str, lang: str = "en") -> tuple[str, str]:
    """What a verdict says of a number that stands in norEduPersonNIN, and what it says to do, in "en", "nb" or "nn"."""
    what, _, then = _END.sub("\n", getattr(SENTENCES[verdict_code], lang), count=1).partition("\n")
    return f"{NUMBER_ATTRIBUTE}: {what}", then


def _verdict_rule(verdict_code: str, decision: Decision) -> None:
    """A rule for each verdict but those that accept: the code of the finding holds the code of the verdict."""
    refused = decision is Decision.REFUSE
    sentence, then = told(verdict_code)
    action = (
        f"Take it out of {NUMBER_ATTRIBUTE}. {then}"
        if refused
        else f"{then} Then accept it in [[check.ignore]], with the reason."
    )

    @NUMBERS.rule(
        f"P-NIN-{verdict_code.removeprefix('N-')}",
        Severity.ERROR if refused else _MILD.get(verdict_code, Severity.WARNING),
        sentence,
        action,
        expected_when="" if refused else "the journal has evidence for the number",
    )
    def number(person: Person) -> Answer:
        if person.verdict_code != verdict_code:
            return None
        if not refused and person.around.has_evidence(person.entry.text(NUMBER_ATTRIBUTE) or ""):
            return Hit(because="Somebody saw the number: the journal has the evidence.")
        return True


for _code in SENTENCES:
    if (_decision := decision_of(_code)) is not Decision.ACCEPT and _code not in _OF_EVIDENCE:
        _verdict_rule(_code, _decision)


@NUMBERS.rule(
    "P-NIN-SIGNS",
    Severity.WARNING,
    "norEduPersonNIN has spaces or signs around or between the digits, so a service compares it in vain.",
    "Write the digits alone.",
)
def signs(person: Person) -> Answer:
    verdict = person.verdict
    if verdict is None or verdict.number is None:
        return False
    return person.entry.text(NUMBER_ATTRIBUTE) != verdict.number.reveal()


def _guardians(person: Person, decision: Decision) -> Hit | None:
    """The codes of the verdicts with that decision on the numbers of guardians: never the numbers."""
    around = person.around
    verdicts = (judge_number(text, on=around.on, policy=around.numbers) for text in person.texts(GUARDIAN_ATTRIBUTE))
    return named(dict.fromkeys(verdict.code for verdict in verdicts if verdict.decision is decision))


@NUMBERS.rule(
    "P-GUARDIAN-NIN",
    Severity.ERROR,
    "norEduPersonGuardianNIN has a value that cannot be a guardian's national identity number: {about}.",
    "Find the code on the page about numbers. Write the guardian's own number, or remove the value.",
)
def guardian(person: Person) -> Answer:
    return _guardians(person, Decision.REFUSE)


@NUMBERS.rule(
    "P-GUARDIAN-NIN-DOUBT",
    Severity.WARNING,
    "norEduPersonGuardianNIN has a value of which the form does not tell whether it is a real number: {about}.",
    "Find the code on the page about numbers. Compare the value with a letter, a card or the register.",
)
def guardian_in_doubt(person: Person) -> Answer:
    return _guardians(person, Decision.NEEDS_EVIDENCE)


@NUMBERS.rule(
    "P-PENDING",
    Severity.NOTE,
    "The user has no national identity number yet{about}.",
    "Attach the number when it comes. Whether Feide's validator reports the empty attribute is not known.",
    expected_when="always: people without a national number have no norEduPersonNIN (info_go)",
)
def pending(person: Person) -> Answer:
    if not person.is_pending or _waits_too_long(person):
        return None
    waiting = f": waiting since {person.since}" if person.since else " (it is not known since when)"
    return Hit(waiting, "The number is pending.")


@NUMBERS.rule(
    "P-PENDING-LONG",
    Severity.WARNING,
    "The user has waited for a national identity number since {about}.",
    "Ask for it: see the person's letter, the register, or ask the police's immigration unit. The limit: pending_days.",
    closing=True,
)
def pending_long(person: Person) -> Answer:
    return Hit(str(person.since)) if person.is_pending and _waits_too_long(person) else None


@NUMBERS.rule(
    "P-SOURCE-ID-NUMBER",
    Severity.ERROR,
    "The attribute for source ids holds what looks like an identity number.",
    "Use another attribute for source ids (source_id_attribute), and take the number out of this one.",
)
def source_id_number(person: Person) -> Answer:
    return any(map(holds_number, person.texts(person.around.source_id_attribute)))


def _waits_too_long(person: Person) -> bool:
    since = person.since
    return since is not None and (person.around.on - since).days > person.around.settings.check.pending_days
