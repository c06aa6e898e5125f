"""Notes about where people of a list belong: grades that their school does not have, teachers without groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from feideprov.feide.entitlement import GROUP, grade_number
from feideprov.feide.organization import HostOrganization, School
from feideprov.feide.person import PersonRecord, Role
from feideprov.issues import Origin, places
from feideprov.messages import NOTHING, Sentence, joined
from feideprov.provision.plan.changes import Change, Create

_NAMED: Final = 5
_LEARNERS: Final = (Role.PUPIL, Role.STUDENT)


def grades_of_other_schools(records: Iterable[PersonRecord], organization: HostOrganization) -> tuple[Sentence, ...]:
    """A note for each school whose kind does not have the grades that rows give. The grades are written as they are."""
    known: dict[object, School | None] = {}
    rows: dict[str, list[Origin | None]] = {}
    for record in records:
        if not record.grade or record.role not in _LEARNERS:
            continue
        place = record.school, record.grade
        if place not in known:
            known[place] = _without_grade(record, organization)
        if (school := known[place]) is not None:
            rows.setdefault(school.id, []).append(record.origin)
    return tuple(_about(school, rows[school.id]) for school in organization.schools if school.id in rows)


def _without_grade(record: PersonRecord, organization: HostOrganization) -> School | None:
    """The first school of a record, when none of its schools has the grade."""
    schools = [school for school in map(organization.school, record.schools) if school is not None]
    grade = grade_number(record.grade)
    return None if any(grade in school.grades for school in schools) else next(iter(schools), None)


def _about(school: School, origins: list[Origin | None]) -> Sentence:
    return Sentence(
        "{count} row has a grade that {school} does not have ({grades}){rows}. The grade is used as it is. Correct the "
        "grade, or kind in [[schools]].",
        plural="{count} rows have a grade that {school} does not have ({grades}){rows}. The grades are used as they "
        "are. Correct the grades, or kind in [[schools]].",
        count=len(origins),
        school=school.name,
        grades=_grades(school),
        rows=_after(Sentence(": "), origins),
    )


def _grades(school: School) -> Sentence:
    grades = school.grades
    if not grades:
        return Sentence("kind “{kind}”: no grades", kind=school.kind)
    if school.is_county:
        return Sentence("kind “{kind}”: vg1 to vg3", kind=school.kind)
    return Sentence("kind “{kind}”: grades {first} to {last}", kind=school.kind, first=grades[0], last=grades[-1])


def teachers_without_groups(changes: Iterable[Change]) -> tuple[Sentence, ...]:
    """A note about the teachers who are created without a group."""
    origins = [
        change.origin
        for change in changes
        if isinstance(change, Create)
        and change.role == Role.TEACHER
        and not any(value.startswith(GROUP) for value in change.user.values.get("eduPersonEntitlement", ()))
    ]
    if not origins:
        return ()
    return (
        Sentence(
            "{count} new teacher has no groups{rows}. Feide's validator reports it, and services cannot show the "
            "teacher's classes. Fill in the column groups. A substitute may have none.",
            plural="{count} new teachers have no groups{rows}. Feide's validator reports it, and services cannot show "
            "the teachers' classes. Fill in the column groups. Substitutes may have none.",
            count=len(origins),
            rows=_after(Sentence(" ("), origins, Sentence(")")),
        ),
    )


def _after(before: Sentence, origins: Iterable[Origin | None], after: Sentence = NOTHING) -> Sentence:
    """The first rows of a list, between two signs; nothing for people who come from no file."""
    known = [origin for origin in origins if origin is not None]
    return joined([before, places(known, _NAMED), after], "") if known else NOTHING
