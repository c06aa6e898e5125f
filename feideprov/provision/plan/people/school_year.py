"""A new school year: grades, classes, groups and schools that change for many users at once.

A person reads such changes in groups (“grade 5 → 6: 61 users of Hylla skole”). An update that changes anything else, or
that is like few others, stays by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from feideprov.directory.attribute_description import attribute_key
from feideprov.errors import InputError
from feideprov.feide.entitlement import Grep, GroupId, GroupMembership, read_entitlement
from feideprov.messages import NOTHING, Sentence, joined
from feideprov.provision.plan.changes import Change, Update
from feideprov.text import shown

MANY: Final = 5
"""So many users with the same change are shown as one group."""
_IN_A_SENTENCE: Final = 6
"""How many groups one sentence names."""

What = Literal["school", "grade", "class", "group"]
_WORDS: Final[dict[What, Sentence]] = {
    "school": Sentence("school"),
    "grade": Sentence("grade"),
    "class": Sentence("class"),
    "group": Sentence("group"),
}
"""In the order in which they are shown."""
_ENTITLEMENT, _SCHOOLS, _PRIMARY_SCHOOL = (
    attribute_key(name) for name in ("eduPersonEntitlement", "eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN")
)


class Move(NamedTuple):
    """A change that users have in common. `was` or `becomes` is empty where there was, or will be, none; both are
    equal where only the dates are new."""

    what: What
    was: str
    becomes: str
    school: str

    def of(self, users: int) -> Sentence:
        """The change, and how many users have it."""
        what, was, becomes, school = _WORDS[self.what], shown(self.was), shown(self.becomes), shown(self.school)
        if not school:
            return Sentence(
                "{what} {was} → {becomes}: {count} user",
                plural="{what} {was} → {becomes}: {count} users",
                what=what,
                was=was,
                becomes=becomes,
                count=users,
            )
        if was and becomes and was != becomes:
            change = Sentence("{what} {was} → {becomes}", what=what, was=was, becomes=becomes)
        elif was == becomes:
            change = Sentence("{what} {name}, new dates", what=what, name=was)
        elif becomes:
            change = Sentence("{what} {name} added", what=what, name=becomes)
        else:
            change = Sentence("{what} {name} removed", what=what, name=was)
        return Sentence(
            "{change}: {count} user of {school}",
            plural="{change}: {count} users of {school}",
            change=change,
            count=users,
            school=school,
        )

    @property
    def place(self) -> tuple[object, ...]:
        """Where it stands in a list: class 9A before class 10A."""
        texts = (
            re.sub(r"\d+", lambda digits: digits[0].zfill(9), text) for text in (self.was or self.becomes, self.becomes)
        )
        return (list(_WORDS).index(self.what), self.school, *texts)


@dataclass(frozen=True)
class SchoolYear:
    """Changes of which many are alike. `users` is how many users have them, `others` are the other changes."""

    moves: Mapping[Move, int]
    users: int
    others: Sequence[Change]

    @property
    def lines(self) -> list[Sentence]:
        """The groups, one in each line."""
        return [move.of(self.moves[move]) for move in sorted(self.moves, key=lambda move: move.place)]

    @property
    def sentence(self) -> Sentence:
        """How many users, and the largest groups; empty when there is none."""
        if not self.users:
            return NOTHING
        largest = sorted(self.moves, key=lambda move: (-self.moves[move], move.place))
        named = [move.of(self.moves[move]) for move in largest[:_IN_A_SENTENCE]]
        if rest := len(largest) - len(named):
            named.append(Sentence("{rest} more", rest=rest))
        return Sentence(
            "Of these, {count} is a new school year: {groups}.",
            plural="Of these, {count} are a new school year: {groups}.",
            count=self.users,
            groups=joined(named, "; "),
        )


def school_year(changes: Iterable[Change]) -> SchoolYear:
    """The changes of which many are alike, in groups, and the others."""
    changes = list(changes)
    found = {place: moves for place, one in enumerate(changes) if isinstance(one, Update) and (moves := moves_of(one))}
    while True:
        count = Counter(move for moves in found.values() for move in moves)
        rare = [place for place, moves in found.items() if any(count[move] < MANY for move in moves)]
        if not rare:
            break
        for place in rare:
            del found[place]
    others = [change for place, change in enumerate(changes) if place not in found]
    return SchoolYear(count, len(found), others)


def moves_of(update: Update) -> frozenset[Move]:
    """What an update changes, when that is only the school, the grade and the groups; otherwise nothing."""
    steps: dict[tuple[str, str], list[str]] = {}
    for step in update.modifications:
        texts = steps.setdefault((attribute_key(step.attribute), step.operation), [])
        texts += [value.decode(errors="replace") for value in step.values]
    names = {name for name, _ in steps}
    if not names <= {_ENTITLEMENT, _SCHOOLS, _PRIMARY_SCHOOL} or not update.school:
        return frozenset()
    moves: list[Move] = []
    if names & {_SCHOOLS, _PRIMARY_SCHOOL}:
        same = all(steps.get((_SCHOOLS, kind)) == steps.get((_PRIMARY_SCHOOL, kind)) for kind in ("delete", "add"))
        if not (same and update.to_school):
            return frozenset()
        moves.append(Move("school", update.school, update.to_school, ""))
    try:
        leaving, arriving = (_Belonging.of(steps.get((_ENTITLEMENT, kind), ())) for kind in ("delete", "add"))
    except InputError:
        return frozenset()
    if max(len(leaving.grades), len(arriving.grades)) > 1:
        return frozenset()
    school = update.to_school or update.school
    if leaving.grades or arriving.grades:
        was, becomes = ("".join(one.grades) for one in (leaving, arriving))
        moves.append(Move("grade", was, becomes, school))
    moves += (Move(what, was, becomes, school) for what, was, becomes in _groups(leaving.groups, arriving.groups))
    return frozenset(moves)


class _Belonging(NamedTuple):
    """The grades and the groups (by type and id) in some values of eduPersonEntitlement."""

    grades: list[str]
    groups: dict[tuple[str, str], str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> _Belonging:
        """Raises InputError for values that say something else."""
        grades: list[str] = []
        groups: dict[tuple[str, str], str] = {}
        ids: set[str] = set()
        group_ids: set[str] = set()
        for text in texts:
            match read_entitlement(text):
                case Grep(grade=int(grade)):
                    grades.append(str(grade) if grade <= 10 else f"vg{grade - 10}")
                case GroupMembership() as group:
                    groups[group.type, group.local_id.lower()] = group.name
                    ids.add(str(group.group_id))
                case GroupId() as group_id:
                    group_ids.add(str(group_id.canonical()))
                case _:
                    raise InputError(Sentence("The value is neither a grade nor a group."))
        if not group_ids <= ids:
            raise InputError(Sentence("A group-ID has no group."))
        return cls(grades, groups)


def _groups(
    leaving: dict[tuple[str, str], str], arriving: dict[tuple[str, str], str]
) -> Iterator[tuple[What, str, str]]:
    """The groups that go and come, two by two: those of one id, and one class that follows another."""
    pairs = {key: (name, arriving.get(key, "")) for key, name in leaving.items()}
    pairs |= {key: ("", name) for key, name in arriving.items() if key not in leaving}
    went, came = ([key for key, pair in pairs.items() if key[0] == "b" and not pair[gone]] for gone in (1, 0))
    if len(went) == len(came) == 1:
        pairs[went[0]] = (pairs[went[0]][0], pairs.pop(came[0])[1])
    for (kind, _), (was, becomes) in pairs.items():
        yield "class" if kind == "b" else "group", was, becomes
