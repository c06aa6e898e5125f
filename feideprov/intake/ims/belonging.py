"""Who becomes a user: who has an active membership as pupil or staff under a school of the organization."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from operator import itemgetter
from typing import Final, NamedTuple

from feideprov.feide import group as feide
from feideprov.feide.group import Ended
from feideprov.feide.person import Role
from feideprov.intake.ims.groups import Groups, Place
from feideprov.intake.ims.model import Membership, Person, SourcedId
from feideprov.intake.ims.vocabulary import GroupKind, RoleKind


class LeftOut(StrEnum):
    """Why somebody becomes no user. Of several reasons, the first of these is counted."""

    DELETED = "deleted"
    OTHER_SCHOOL = "other-school"
    EXTERNAL = "external"
    INACTIVE = "inactive"
    AFTER_SCHOOL = "after-school"
    KINDERGARTEN = "kindergarten"
    GUARDIAN = "guardian"
    NO_SCHOOL = "no-school"


_OF_GROUP: Final = {
    GroupKind.GUARDIANS: LeftOut.GUARDIAN,
    GroupKind.AFTER_SCHOOL: LeftOut.AFTER_SCHOOL,
    GroupKind.KINDERGARTEN: LeftOut.KINDERGARTEN,
}
_OF_ROLE: Final = {RoleKind.GUARDIAN: LeftOut.GUARDIAN, RoleKind.EXTERNAL: LeftOut.EXTERNAL}
_NOTHING: Final = Ended()
_ORDER: Final = {reason: place for place, reason in enumerate(LeftOut)}
_RANKS: Final = {RoleKind.TEACHER: 0, RoleKind.STAFF: 1, RoleKind.PUPIL: 2}


class Belonging(NamedTuple):
    """What a user is, and where. `schools` has the primary one first. The role, the grade and the groups are those at
    the primary school: a person record has one role, and groups of its first school."""

    schools: tuple[str, ...]
    role: Role
    grade: str
    groups: tuple[feide.Group, ...]
    all_groups: bool
    ended: Ended = _NOTHING


class _Place(NamedTuple):
    """A membership by which the person is a user."""

    order: tuple[bool, int]
    """The primary one first, then teachers, other staff and pupils."""
    role: RoleKind
    where: Place
    membership: Membership


class Outside(NamedTuple):
    """Somebody who becomes no user. `school` is one that the configuration does not have. `ended` is where a membership
    ended."""

    reason: LeftOut
    school: tuple[str, str] | None = None
    ended: _Place | None = None


@dataclass
class Belongings:
    """Says of each person what the person is on a day."""

    groups: Groups
    on: date
    _places: dict[int, _Place | Outside | None] = field(default_factory=dict)
    """Of each membership, by its identity: the pupils of a class share theirs."""

    def of(self, person: Person, memberships: Sequence[Membership], *, is_contact: bool) -> Belonging | Outside:
        """What a person is. `is_contact`: somebody's guardian or next of kin."""
        if person.is_deleted:
            return Outside(LeftOut.DELETED)
        if person.is_inactive:
            return Outside(LeftOut.INACTIVE)
        reasons, other = {LeftOut.GUARDIAN if is_contact else LeftOut.NO_SCHOOL}, None
        places, ended = list[_Place](), list[_Place]()
        for one in memberships:
            try:
                found = self._places[id(one)]
            except KeyError:
                found = self._places[id(one)] = self._place(one)
            if isinstance(found, _Place):
                if person.is_external and found.role is RoleKind.PUPIL:
                    reasons.add(LeftOut.EXTERNAL)
                else:
                    places.append(found)
            elif found is not None:
                reasons.add(found.reason)
                other = other or found.school
                if found.ended:
                    ended.append(found.ended)
        if not places:
            return Outside(min(reasons, key=_ORDER.__getitem__), other)
        return self._belonging(person, places, ended)

    def _place(self, one: Membership) -> _Place | Outside | None:
        where = self.groups.place(one.group)
        if where is None:
            return None
        if reason := _OF_GROUP.get(where.kind):
            return Outside(reason)
        role = RoleKind.STAFF if one.role is RoleKind.MEMBER and where.is_school else one.role
        if role in _OF_ROLE:
            return Outside(_OF_ROLE[role])
        if role is RoleKind.MEMBER:
            return None
        if not (where.school or where.other):
            return None
        place = _Place((not one.is_primary, _RANKS[role]), role, where, one) if where.school else None
        if not self._is_valid(one):
            return Outside(LeftOut.INACTIVE, ended=place)
        return place or Outside(LeftOut.OTHER_SCHOOL, where.other)

    def _is_valid(self, one: Membership) -> bool:
        """Whether a membership is active, and is valid on the day with its group. The last day is included."""
        group = self.groups.of_file[one.group]
        return one.is_active and not any(
            (first and self.on < first) or (last and self.on > last)
            for first, last in ((one.begins, one.ends), (group.begins, group.ends))
        )

    def _belonging(self, person: Person, places: list[_Place], ended: list[_Place]) -> Belonging:
        places.sort(key=itemgetter(0))
        first = places[0]
        school, kind = first.where.school, first.role
        role = _role(first, is_adult=first.where.is_adult or person.is_adult)
        values: dict[SourcedId, feide.Group] = {}
        grades, all_groups = set(), True
        for one in places:
            group = self.groups.of_file[one.membership.group].id
            if one.where.school != school or one.role is not kind or one.where.is_school or group in values:
                continue
            if role is Role.PUPIL and (grade := self.groups.grade(group)):
                grades.add(grade)
            if (value := self.groups.value(group)) is not None:
                values[group] = value
            elif group in self.groups.unusable:
                all_groups = False
        schools = tuple(dict.fromkeys([one.where.school for one in places]))
        return Belonging(
            schools,
            role,
            grades.pop() if len(grades) == 1 else "",
            tuple(values[group] for group in sorted(values)),
            all_groups,
            self._ended(ended, schools, values),
        )

    def _ended(self, places: list[_Place], schools: tuple[str, ...], groups: Collection[SourcedId]) -> Ended:
        """What the person is no longer in. A pupil leaves a school with a group of it; others leave it as a whole."""
        if not places:
            return _NOTHING
        left, values = set[str](), list[feide.Group]()
        for one in places:
            if one.where.is_school or one.role is RoleKind.PUPIL:
                left.add(one.where.school)
            group = self.groups.of_file[one.membership.group].id
            if one.where.school == schools[0] and group not in groups and (value := self.groups.value(group)):
                values.append(value)
        return Ended(tuple(sorted(left.difference(schools))), tuple(value.id for value in values))


def _role(place: _Place, *, is_adult: bool) -> Role:
    if place.role is RoleKind.PUPIL:
        return Role.STUDENT if is_adult else Role.PUPIL
    return Role.TEACHER if place.role is RoleKind.TEACHER else Role.STAFF
