"""Who holds which number, and who else: one rule for plans, runs and recoveries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory
from feideprov.feide.lin import LIN_ATTRIBUTE, SUBSTITUTES, read_local_number
from feideprov.issues import code
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence, listed
from feideprov.numbers import NationalNumber, NumberText
from feideprov.numbers.compare import same_number
from feideprov.provision.plan.changes import Change
from feideprov.text import shown

R_NUMBER_TWICE: Final = code(
    "R-NUMBER-TWICE",
    Sentence("Held: two users would get the same number, so neither of them gets it."),
    Sentence("Correct the list."),
)


@dataclass(frozen=True)
class Holder:
    """An entry that holds a number, or is to get it. `feide_name` is as it may be shown."""

    dn: DN
    feide_name: str


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
        other=holders[0].feide_name or "USER",
    )


def shown_name(entry: Entry) -> str:
    """The Feide name of an entry, in lower case, as it may be shown: some directories use numbers as names."""
    return shown((entry.text(NAME_ATTRIBUTE) or "").lower())


def holds(entry: Entry, number: NationalNumber | NumberText) -> bool:
    """Does the entry have this very number?"""
    return same_number(number) in {same_number(text) for text in entry.texts(NUMBER_ATTRIBUTE)}


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
