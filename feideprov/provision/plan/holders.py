"""Who holds which number, who else, and from whom it was withdrawn: one rule for plans, runs and recoveries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory, name_of
from feideprov.feide.lin import LIN_ATTRIBUTE, SUBSTITUTES, read_local_number
from feideprov.issues import Refusal, code
from feideprov.journal.user.withdrawn import Withdrawal
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence, listed
from feideprov.numbers import Evidence, NationalNumber, NumberKind, NumberText
from feideprov.numbers.compare import same_number
from feideprov.numbers.d_number import is_d_number
from feideprov.provision.plan.changes import Change, Create
from feideprov.tables.day import day_in_norway
from feideprov.text import shown

R_NUMBER_TWICE: Final = code(
    "R-NUMBER-TWICE",
    Sentence("Held: two users would get the same number, so neither of them gets it."),
    Sentence("Correct the list."),
)
R_OTHER_NUMBER: Final = code(
    "R-OTHER-NUMBER",
    Sentence("Held: the user already has a different number."),
    Sentence(
        "Find out which number is right. If the person has got a new number, run: feideprov replace LIST. If "
        "the number in the directory is wrong, run: feideprov withdraw LIST"
    ),
)
R_NO_NUMBER: Final = code(
    "R-NO-NUMBER",
    Sentence("Held: the user has no number to replace, or has only a DUF number."),
    Sentence("Run: feideprov attach LIST"),
)
R_WITHDRAWN: Final = code(
    "R-WITHDRAWN",
    Sentence(
        "Held: the number was withdrawn from this user as wrong, and there is no newer evidence that it is right."
    ),
    Sentence(
        "If it is wrong, correct the list. If it is right after all, give evidence from the day of the withdrawal or "
        "later: in the row (evidence, seen_by, seen_on), or with --evidence, --seen-by and --seen-on. If you used a "
        "saved plan, make it again first."
    ),
)


@dataclass(frozen=True)
class Holder:
    """An entry that holds a number, or is to get it. `feide_name` is as it may be shown."""

    dn: DN
    feide_name: str
    hidden: bool = False
    """The journal knows the number on the user, but the directory does not show it."""


NumberKey = bytes | str
"""What two spellings of a number have in common. It contains no digit of the number."""


def numbers_held(directory: Directory, key: Callable[[str], NumberKey] = same_number) -> dict[NumberKey, list[Holder]]:
    """Who holds which number, read from the server and compared in memory: no filter ever carries a number.

    `key` makes the value that a number is compared by.
    """
    holders: dict[NumberKey, list[Holder]] = defaultdict(list)
    for entry in directory.having([NUMBER_ATTRIBUTE], [NUMBER_ATTRIBUTE, NAME_ATTRIBUTE]):
        for text in entry.texts(NUMBER_ATTRIBUTE):
            holders[key(text)].append(Holder(entry.dn, shown_name(entry)))
    return dict(holders)


def numbers_planned(changes: Iterable[Change]) -> dict[NumberKey, list[Holder]]:
    """Who is to get which number, by these changes."""
    holders: dict[NumberKey, list[Holder]] = defaultdict(list)
    for change in changes:
        if change.number is not None:
            holders[same_number(change.number)].append(Holder(change.dn, change.feide_name))
    return holders


def other_holders(holders: Iterable[Holder], feide_name: str, dn: DN | None, known_users: KnownUsers) -> list[Holder]:
    """The holders of a number that the user may not share it with: all but the user's own entry, and the entries of a
    person that both accounts belong to.

    `dn` is the user's own entry; None when the user has none yet.
    """
    return [
        holder for holder in holders if holder.dn != dn and not known_users.may_share(holder.feide_name, feide_name)
    ]


def held_by(holders: Sequence[Holder], feide_name: str, *, is_new: bool = False) -> Sentence:
    """The sentence for a number that somebody else holds, with the next step. `is_new`: the user is created by the same
    list, so that nothing can be said about the user yet."""
    nameless = Sentence("an entry without a Feide name")
    if holders[0].hidden:
        return _held_by_hidden(holders[0], feide_name)
    names = listed(holder.feide_name or nameless for holder in holders)
    if is_new:
        return Sentence(
            "The number for {user} is already on {holders}, so {user} is created without it. Find out whose number it "
            "is. If both users are accounts of one person, create {user} first, then run again: you then see the "
            "command that records it.",
            user=feide_name,
            holders=names,
        )
    return Sentence(
        "The number for {user} is already on {holders}, so it was not added. Find out whose number it is. If "
        "both users are accounts of one person, run: feideprov resolve {user} --second-account-of {other} --yes",
        user=feide_name,
        holders=names,
        other=holders[0].feide_name or Sentence("USER"),
    )


def _held_by_hidden(holder: Holder, feide_name: str) -> Sentence:
    return Sentence(
        "In the journal, {other} has the number for {user}, but the directory does not show it, so it was not added. "
        "The bind account may not have the right to read the entry or its {attribute}. Give the account this right, "
        "then run again. If the number was removed on purpose, first run: feideprov observe. If the entry was deleted "
        "on purpose, first run: feideprov resolve {other} --gone --yes",
        other=holder.feide_name,
        user=feide_name,
        attribute=NUMBER_ATTRIBUTE,
    )


def not_replaceable(
    number: NationalNumber, feide_name: str, *, provisional: bool | None
) -> tuple[str, Sentence] | None:
    """Why the number that a user has is not replaced by this one: the code and the sentence.

    `provisional`: the user has a DUF number; None: the user has no number.
    """
    if provisional is None:
        return R_NO_NUMBER, Sentence(
            "{user} has no number to replace. To add the new number, run: feideprov attach LIST", user=feide_name
        )
    if provisional and number.kind is not NumberKind.DUF:
        return R_NO_NUMBER, Sentence(
            "{user} has only a DUF number. To add the new number in its place, run: feideprov attach LIST",
            user=feide_name,
        )
    if number.kind is NumberKind.DUF and not provisional:
        return R_OTHER_NUMBER, Sentence(
            "{user} has a national number, and a DUF number must not replace it. If the national number is "
            "wrong, run: feideprov withdraw LIST",
            user=feide_name,
        )
    return None


def other_number(number: NationalNumber, feide_name: str, held: str, on: date) -> Sentence:
    """Why a number does not come in place of another that the user has."""
    if is_d_number(number.reveal(), on) and not is_d_number(held, on):
        return Sentence(
            "{user} already has a different number, and a D-number does not replace it. Find out which number is "
            "right. If the number in the directory is wrong, run: feideprov withdraw LIST",
            user=feide_name,
        )
    return Sentence(
        "{user} already has a different number. Find out which number is right. If the person has got a new number, "
        "run: feideprov replace LIST. If the number in the directory is wrong, run: feideprov withdraw LIST",
        user=feide_name,
    )


def not_seen_since(withdrawal: Withdrawal, evidence: Evidence | None, feide_name: str, on: date) -> Sentence | None:
    """Why a number that was withdrawn from the user does not come back; None when somebody has seen it since.

    What counts is evidence for this number, not for a whole system (`standing`). Where the machine's clock is ahead of
    `on`, evidence of that day is new enough: there is none that is newer.
    """
    day = min(day_in_norway(withdrawal.at), on)
    if evidence is not None and not evidence.standing and evidence.seen_on >= day:
        return None
    return Sentence(
        "The number for {user} was withdrawn as wrong on {day}, so it was not added. If it is wrong, correct the list. "
        "If it is right after all, give evidence from that day or later: in the columns evidence, seen_by and seen_on, "
        "or with the options --evidence, --seen-by and --seen-on.",
        user=feide_name,
        day=day,
    )


def without_withdrawn(
    changes: Iterable[Change], known_users: KnownUsers, last_withdrawal: int
) -> tuple[list[Change], list[Refusal]]:
    """The changes of a plan without the numbers that were withdrawn from their users after it was made, and why these
    are held. Whatever its day, the plan's evidence is older than the withdrawal.

    `last_withdrawal` is that of the plan.
    """
    if known_users.withdrawn.last <= last_withdrawal:
        return list(changes), []
    possible: list[Change] = []
    refusals: list[Refusal] = []
    for change in changes:
        number, user = change.number, change.feide_name
        withdrawal = known_users.withdrawal_of(number, user, change.source_id) if number is not None else None
        if withdrawal is None or withdrawal.id <= last_withdrawal:
            possible.append(change)
            continue
        sentence = Sentence(
            "The number for {user} was withdrawn as wrong after the plan was made, so it was not added. If it is right "
            "after all, make the plan again with evidence from the day of the withdrawal or later.",
            user=user,
        )
        refusals.append(Refusal(R_WITHDRAWN, sentence, True, change.origin, user))
        possible += [change.without_number()] if isinstance(change, Create) else []
    return possible, refusals


def shown_name(entry: Entry) -> str:
    """The Feide name of an entry, in lower case, as it may be shown: some directories use numbers as names."""
    return shown(name_of(entry))


def holds(entry: Entry, number: NationalNumber | NumberText) -> bool:
    """Does the entry have this very number?"""
    held = entry.texts(NUMBER_ATTRIBUTE)
    return number.reveal() in held or same_number(number) in map(same_number, held)


def local_numbers(entry: Entry, realm: str | None, number: NationalNumber) -> tuple[NumberText, ...]:
    """The values of norEduPersonLIN with a number of this realm that was used in place of the national one, and those
    that turn out to be the national number."""
    values = ((text, read_local_number(text)) for text in entry.texts(LIN_ATTRIBUTE))
    return tuple(
        NumberText(text)
        for text, local in values
        if local
        and local.kind in SUBSTITUTES
        and (local.realm == realm or same_number(local.id) == same_number(number))
    )
