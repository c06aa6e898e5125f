"""The same-day list: where else a number must be changed on the day that it changes in the directory.

A number that changes in one place alone makes two persons of one: in the school administration system, the identity
system, the national identity register (NIR). The places are the organization's own list (`[checklist] places`); what is
done there is ticked here, and kept in the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from feideprov.errors import InputError, Refused, scrub
from feideprov.journal.events import ABOUT_A_NUMBER, State, stamp
from feideprov.journal.journal import Journal
from feideprov.journal.tables import tick as _tick


@dataclass(frozen=True)
class Item:
    """The last change of one user's number, and the places where it is not known to have been made too.

    `kind` is the change's; `change` its id in the journal, `on` its day.
    """

    user: str
    kind: str
    change: int
    on: date
    open: tuple[str, ...]
    done: tuple[str, ...] = ()
    protected: bool = False


class Checklist:
    """The list of one organization. A later change of a user's number takes the place of an earlier one."""

    def __init__(self, journal: Journal, places: Sequence[str]) -> None:
        self._journal = journal
        self._places = tuple(dict.fromkeys(places))

    def items(self, user: str | None = None) -> list[Item]:
        """What has not been ticked everywhere, the oldest first; with a user (a Feide name) that user's, ticked or not.

        Raises Refused (R-NO-CHANGE) when the journal knows of no change of that user's number.
        """
        found = sorted(self._all(), key=lambda item: item.change)
        if user is None:
            return [item for item in found if item.open]
        theirs = [item for item in found if item.user == user.strip().lower()]
        if not theirs:
            sentence = f"The journal knows of no change of {scrub(user)}'s number, so there is nothing to tick."
            raise Refused(sentence, code="R-NO-CHANGE")
        return theirs

    def tick(self, places: Iterable[str], user: str | None = None) -> list[Item]:
        """Write down that a number was changed in these places (`all`: in every one) too: one user's, or, without a
        user, everybody's who is on the list. Gives those for whom something was ticked, as they are now.

        Raises InputError for a place that is not in the list, Refused as `items`.
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
                connection.execute(self._journal.adding(_tick), rows)
        ticked = {row["change_id"] for row in rows}
        return [item for item in self._all() if item.change in ticked]

    def _named(self, places: Iterable[str]) -> set[str]:
        known = {place.casefold(): place for place in self._places}
        wanted = set[str]()
        for text in places:
            place = known.get(text.strip().casefold())
            if place is None and text.strip().casefold() != "all":
                names = ", ".join(f"“{place}”" for place in self._places) or "none"
                raise InputError(f"“{scrub(text)}” is no place of the list ([checklist] places; known: {names}).")
            wanted |= {place} if place else set(self._places)
        return wanted

    def _all(self) -> list[Item]:
        last: dict[str, tuple[str, int, date]] = {}
        protected = set[str]()
        for fact in self._journal.facts((*ABOUT_A_NUMBER, "rename")):
            name, other = fact.feide_name.lower(), (fact.other or "").lower()
            if not name:
                continue  # forgotten
            if fact.protected:
                protected.add(name)
            if fact.state != State.DONE:
                continue
            if fact.kind == "rename":
                protected |= {other} if name in protected else set()
                last |= {other: last.pop(name)} if name in last else {}
            elif fact.kind in ABOUT_A_NUMBER:
                last[name] = fact.kind, fact.id, datetime.fromisoformat(fact.at).date()
        ticks = self._ticks()
        return [
            Item(
                user,
                kind,
                change,
                on,
                tuple(place for place in self._places if (change, place) not in ticks),
                tuple(place for place in self._places if (change, place) in ticks),
                user in protected,
            )
            for user, (kind, change, on) in last.items()
        ]

    def _ticks(self) -> set[tuple[int, str]]:
        query = sa.select(_tick.c.change_id, _tick.c.place).where(_tick.c.realm == self._journal.realm)
        with self._journal.reading() as connection:
            return {(change, place) for change, place in connection.execute(query)}
