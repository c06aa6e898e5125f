"""The same-day list: where else a number must be changed on the day on which it changes in the directory.

When a number is changed in one place only, one person looks like two: in the school administration system, the identity
system, an attribute of Active Directory. The places are the organization's own list (`[checklist] places`). What is
done there is ticked here, and kept in the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import sqlalchemy as sa

from feideprov.directory.dn import same_key
from feideprov.errors import InputError, Refused, scrub
from feideprov.issues import code
from feideprov.journal.events import stamp
from feideprov.journal.journal import Journal
from feideprov.journal.tables import tick as _tick
from feideprov.journal.users import TELLING, KnownUsers
from feideprov.look_alikes import told_apart
from feideprov.messages import Sentence, listed
from feideprov.tables.day import day_in_norway

R_NO_CHANGE: Final = code(
    "R-NO-CHANGE",
    Sentence("`checklist`: the journal contains no change of this user's number."),
    Sentence("There is nothing to tick."),
)


@dataclass(frozen=True)
class Item:
    """The last change of one user's number, and the places where it is still to be made.

    `kind` is the kind of the change, `change` its id in the journal, `on` its day; `open` the places that are not
    ticked, `done` those that are.
    """

    user: str
    kind: str
    change: int
    on: date
    open: tuple[str, ...]
    done: tuple[str, ...] = ()
    protected: bool = False


class Checklist:
    """The list of one organization. A later change of a user's number replaces an earlier one."""

    def __init__(self, journal: Journal, places: Sequence[str]) -> None:
        self._journal = journal
        self._places = tuple(dict.fromkeys(places))

    def items(self, user: str | None = None) -> list[Item]:
        """What is not ticked everywhere, the oldest first; for one user (a Feide name), the change, ticked or not.

        Raises Refused (R-NO-CHANGE) when the journal has no change of that user's number.
        """
        found = sorted(self._all(), key=lambda item: item.change)
        if user is None:
            return [item for item in found if item.open]
        theirs = [item for item in found if item.user == user.strip().lower()]
        if not theirs:
            raise Refused(
                Sentence(
                    "The journal contains no change of the number of {user}, so there is nothing to tick.",
                    user=scrub(user),
                ),
                code=R_NO_CHANGE,
            )
        return theirs

    def tick(self, places: Iterable[str], user: str | None = None) -> list[Item]:
        """Write down that the number of one user was changed in these places too (`all`: in all places); without a
        user, the numbers of all users on the list. Returns the items for which something was ticked, as they are now.

        Raises InputError for a place that is not on the list, Refused as `items`.
        """
        wanted = self._named(places)
        items, at = self.items(user), stamp()
        rows = [
            {
                "realm": self._journal.realm,
                "change_id": item.change,
                "place": place,
                "at": at,
                "by": self._journal.actor,
            }
            for item in items
            for place in item.open
            if place in wanted
        ]
        if rows:
            with self._journal.writing() as connection:
                connection.execute(self._journal.insert_if_absent(_tick), rows)
        ticked = {row["change_id"] for row in rows}
        return [item for item in self._all() if item.change in ticked]

    def _named(self, places: Iterable[str]) -> set[str]:
        known = {same_key(said): place for place in self._places for said in _said_in_each(place)}
        wanted = set[str]()
        for text in places:
            place = known.get(same_key(text))
            if place is None and same_key(text) != "all":
                raise InputError(self._unknown(text))
            wanted |= {place} if place else set(self._places)
        return wanted

    def _unknown(self, text: str) -> Sentence:
        place = scrub(text)
        if not self._places:
            return Sentence(
                "“{place}” is not in [checklist] places, because that list is empty. Add the places there.", place=place
            )
        return Sentence(
            "“{place}”{apart} is not in [checklist] places. The places there are {places}.",
            place=place,
            apart=told_apart(text, self._places),
            places=listed(Sentence("“{place}”", place=known) for known in self._places),
        )

    def _all(self) -> list[Item]:
        ticks, users = self._ticks(), KnownUsers.of(self._journal.facts(TELLING))
        items = []
        for name, user in users.by_name.items():
            if user.last_change is None or user.feide_name != name:
                continue
            kind, change, at = user.last_change
            done = [(change, place) in ticks for place in self._places]
            items.append(
                Item(
                    name,
                    kind,
                    change,
                    day_in_norway(at),
                    tuple(place for place, ticked in zip(self._places, done, strict=True) if not ticked),
                    tuple(place for place, ticked in zip(self._places, done, strict=True) if ticked),
                    users.is_protected(name),
                )
            )
        return items

    def _ticks(self) -> set[tuple[int, str]]:
        query = sa.select(_tick.c.change_id, _tick.c.place).where(_tick.c.realm == self._journal.realm)
        with self._journal.reading() as connection:
            return {(change, place) for change, place in connection.execute(query)}


def _said_in_each(place: str) -> Sequence[str]:
    """The places that the configuration has without a list of the organization's own are said in each language."""
    return place.in_every_language() if isinstance(place, Sentence) else (place,)
