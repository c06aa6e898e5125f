"""eduPersonAffiliation and what is made from it (eduPerson 201602; info_go 2018-03, Mandatory – person)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

AFFILIATIONS: Final = frozenset(
    {"faculty", "student", "staff", "employee", "member", "affiliate", "alum", "library-walk-in"}
)
_MEMBERS: Final = frozenset({"faculty", "student", "staff", "employee"})


def implied_affiliations(values: Iterable[str]) -> frozenset[str]:
    """What these affiliations imply: `member` goes with student, faculty, staff and employee.

    >>> sorted(implied_affiliations(["Student"])), sorted(implied_affiliations(["alum"]))
    (['member'], [])
    """
    return frozenset({"member"} if any(value.lower() in _MEMBERS for value in values) else ())


def scoped(affiliations: Iterable[str], realm: str) -> tuple[str, ...]:
    """The values of eduPersonScopedAffiliation."""
    return tuple(f"{affiliation}@{realm}" for affiliation in affiliations)
