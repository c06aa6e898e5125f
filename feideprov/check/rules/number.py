"""Rules about norEduPersonNIN: numbers that must not be there, and users who have none yet."""

from __future__ import annotations

import re
from datetime import date

from feideprov.check.finding import Severity
from feideprov.check.person import Person
from feideprov.check.rule import ABOUT, Chapter, Match, Result, named
from feideprov.directory.protocol import GUARDIAN_ATTRIBUTE, NUMBER_ATTRIBUTE
from feideprov.installation import page
from feideprov.messages import NOTHING, Sentence
from feideprov.numbers import SENTENCES, Decision, judge_number, key_is_number
from feideprov.numbers.judge import decision_of

NUMBERS = Chapter("Numbers", Person)

_OF_EVIDENCE = ("N-EVIDENCE-FUTURE", "N-EVIDENCE-OLD")
_MILD = {"N-D-900": Severity.NOTE}
_SINCE = Sentence("waiting since {since}", since="…")
_SINCE_WHEN_UNKNOWN = Sentence("it is not known since when")
_PENDING = Sentence("The user is waiting for a number.")
_CODES = page("numbers.md", "Codes")
_END = re.compile(r"(?<=[.?]) ")


class _PartOfVerdict(Sentence):
    """The beginning of a verdict's sentence, which says something of the number, or its end, which says what to do."""

    def in_language(self, language: str) -> str:
        """The part in a language."""
        return _parts(SENTENCES[self.values["code"]].in_language(language))[self.values["place"]]


def meaning_and_action(verdict_code: str) -> tuple[Sentence, Sentence]:
    """The two parts of a verdict's sentence: what it says of the number, and what to do."""
    meaning, action = (
        _PartOfVerdict("{text}", text=text, code=verdict_code, place=place)
        for place, text in enumerate(_parts(SENTENCES[verdict_code]))
    )
    return meaning, action


def _parts(verdict: str) -> tuple[str, str]:
    meaning, _, action = _END.sub("\n", verdict, count=1).partition("\n")
    return meaning, action


def _verdict_rule(verdict_code: str, decision: Decision) -> None:
    """Makes the rule for a verdict. The code of the finding contains the code of the verdict."""
    refused = decision is Decision.REFUSE
    meaning, then = meaning_and_action(verdict_code)
    action = (
        Sentence("Delete the value from {attribute}. {then}", attribute=NUMBER_ATTRIBUTE, then=then)
        if refused
        else Sentence("{then} Then accept the finding in [[check.ignore]], with the reason.", then=then)
    )

    @NUMBERS.rule(
        f"P-NIN-{verdict_code.removeprefix('N-')}",
        Severity.ERROR if refused else _MILD.get(verdict_code, Severity.WARNING),
        Sentence("{attribute}: {verdict}", attribute=NUMBER_ATTRIBUTE, verdict=meaning),
        action,
        expected_when=NOTHING if refused else Sentence("the journal has evidence for the number"),
    )
    def number(person: Person) -> Result:
        if person.verdict_code != verdict_code:
            return None
        if not refused and person.context.has_evidence(person.entry.text(NUMBER_ATTRIBUTE) or ""):
            return Match(because=Sentence("The journal has evidence for the number."))
        return True


for _code in SENTENCES:
    if (_decision := decision_of(_code)) is not Decision.ACCEPT and _code not in _OF_EVIDENCE:
        _verdict_rule(_code, _decision)


@NUMBERS.rule(
    "P-NIN-SIGNS",
    Severity.WARNING,
    Sentence("norEduPersonNIN contains spaces or signs, so services do not recognize the number."),
    Sentence("Write only the digits to norEduPersonNIN."),
)
def signs(person: Person) -> Result:
    verdict = person.verdict
    if verdict is None or verdict.number is None:
        return False
    return person.entry.text(NUMBER_ATTRIBUTE) != verdict.number.reveal()


def _guardians(person: Person, decision: Decision) -> Match | None:
    """The codes of the verdicts with that decision on the numbers of guardians: never the numbers."""
    context = person.context
    verdicts = (judge_number(text, on=context.on, policy=context.numbers) for text in person.texts(GUARDIAN_ATTRIBUTE))
    return named(dict.fromkeys(verdict.code for verdict in verdicts if verdict.decision is decision))


@NUMBERS.rule(
    "P-GUARDIAN-NIN",
    Severity.ERROR,
    Sentence(
        "norEduPersonGuardianNIN has a value that cannot be a guardian's national identity number (code {about}).",
        about=ABOUT,
    ),
    Sentence(
        "Write the guardian's own number, or delete the value. The code in this finding is explained in {page}.",
        page=_CODES,
    ),
)
def guardian(person: Person) -> Result:
    return _guardians(person, Decision.REFUSE)


@NUMBERS.rule(
    "P-GUARDIAN-NIN-DOUBT",
    Severity.WARNING,
    Sentence("norEduPersonGuardianNIN has a value that is perhaps not a real number (code {about}).", about=ABOUT),
    Sentence(
        "Compare the value with a letter, a card or the register. The code in this finding is explained in {page}.",
        page=_CODES,
    ),
)
def guardian_in_doubt(person: Person) -> Result:
    return _guardians(person, Decision.NEEDS_EVIDENCE)


@NUMBERS.rule(
    "P-PENDING",
    Severity.NOTE,
    Sentence(
        "The user has no national identity number yet: {about}.", about=_SINCE.with_values(since=date(2026, 8, 17))
    ),
    Sentence(
        "When the number comes, run: feideprov attach LIST. It is not known whether Feide's validator "
        "reports the missing attribute."
    ),
    expected_when=Sentence(
        "always: people without a national number have no norEduPersonNIN (Feide's information model, info_go)"
    ),
)
def pending(person: Person) -> Result:
    if not person.is_pending or _waits_too_long(person):
        return None
    waiting = _SINCE.with_values(since=person.since) if person.since else _SINCE_WHEN_UNKNOWN
    return Match(waiting, _PENDING)


@NUMBERS.rule(
    "P-PENDING-LONG",
    Severity.WARNING,
    Sentence("The user has waited for a national identity number since {about}.", about=date(2026, 1, 8)),
    Sentence(
        "Ask the person for the letter with the number, look in the register, or ask the immigration unit "
        "of the police. The setting pending_days in [check] says after how many days this is reported."
    ),
    closing=True,
)
def pending_long(person: Person) -> Result:
    since = person.since
    return Match(since) if since is not None and person.is_pending and _waits_too_long(person) else None


@NUMBERS.rule(
    "P-SOURCE-ID-NUMBER",
    Severity.ERROR,
    Sentence("The attribute for source ids contains something that looks like an identity number."),
    Sentence("Delete the number from this attribute, and use another attribute for source ids (source_id_attribute)."),
)
def source_id_number(person: Person) -> Result:
    return any(map(key_is_number, person.texts(person.context.source_id_attribute)))


def _waits_too_long(person: Person) -> bool:
    since = person.since
    return since is not None and (person.context.on - since).days > person.context.settings.check.pending_days
