"""From people of a file to person records. What is wrong with one is said with its place and the element's name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final

from feideprov.encodings import what_is_damaged
from feideprov.feide.person import PersonRecord
from feideprov.intake.cells import R_SOURCE_ID, Problem, has_many_digits
from feideprov.intake.ims.belonging import Belonging
from feideprov.intake.ims.keys import numbers_of
from feideprov.intake.ims.model import Person
from feideprov.intake.person_list import record_of
from feideprov.issues import Origin, Refusal
from feideprov.messages import Sentence, joined
from feideprov.no_value import no_name, no_value
from feideprov.tables.table import Row
from feideprov.text import normal_name

_ELEMENTS: Final = {
    "source_id": "sourcedid",
    "given_name": "given",
    "family_name": "family",
    "birth_date": "bday",
    "mail": "email",
    "mobile": "tel",
    "language": "pifu_preferredLanguage",
    "national_number": "userid",
    "duf_number": "userid",
}
_NO_VALUE: Final = Sentence(
    "this is no value, or its letters are damaged. Correct it in the system that the file comes from."
)
_NO_KEY: Final = Sentence(
    "the person has no id, or only an identity number as id. Set key in [[sources]] to another id that the file has, "
    "such as studentID."
)


def record_for(
    person: Person, source_id: str, what: Belonging, origin: Origin, on: date
) -> tuple[PersonRecord | None, Refusal | None]:
    """The record of a person, and what is wrong with the person: both where something was left out."""
    if not source_id:
        return None, _refusal([Problem(("source_id",), R_SOURCE_ID, _NO_KEY)], origin, person, source_id)
    cells = _cells(person, source_id, what)
    record, problems = record_of(Row(origin, cells, _without_value(person, cells)), on)
    if record is not None:
        record = record.model_copy(update={"groups": what.groups, "all_groups": what.all_groups})
    return record, _refusal(problems, origin, person, source_id) if problems else None


def _cells(person: Person, source_id: str, what: Belonging) -> dict[str, str]:
    national, duf = numbers_of(person)
    given, family = _names(person)
    return {
        "source_id": source_id,
        "given_name": given,
        "family_name": family,
        "birth_date": person.birth_date[:10],
        "school": "|".join(what.schools),
        "role": what.role.value,
        "grade": what.grade,
        "mail": person.mail,
        "mobile": person.mobile,
        "language": person.language,
        "national_number": national,
        "duf_number": duf,
    }


def _names(person: Person) -> tuple[str, str]:
    """Given name and family name. Both elements must be there in a file, so a sign alone stands for a name that a
    person does not have. The whole name is used where both are empty, as the family name: where its words part, nobody
    knows."""
    given, family = normal_name(person.given), normal_name(person.family)
    if not (given or family):
        return "", normal_name(person.formatted)
    if _is_sign(given) and family:
        return "", family
    return (given, "") if _is_sign(family) and given else (given, family)


def _is_sign(name: str) -> bool:
    return bool(name) and not any(c.isalnum() for c in name)


def _without_value(person: Person, cells: dict[str, str]) -> dict[str, Sentence]:
    """The cells that hold no value: no reader uses them."""
    names = {"given_name": cells["family_name"], "family_name": cells["given_name"]}
    wrong = {name: _NO_VALUE for name, beside in names.items() if _is_no_name(cells[name], beside)}
    for name in ("mail", "mobile", "birth_date"):
        if cells[name] and (no_value(cells[name]) or what_is_damaged(cells[name], is_name=False)):
            wrong[name] = _NO_VALUE
    return wrong


def _is_no_name(name: str, beside: str) -> bool:
    return bool(name) and (no_name(name, beside) is not None or what_is_damaged(name, is_name=True) is not None)


def _refusal(problems: Iterable[Problem], origin: Origin, person: Person, source_id: str) -> Refusal:
    problems = list(problems)
    sentences = (
        Sentence("Element {name}: {words}", name=_ELEMENTS.get(one.columns[0], one.columns[0]), words=one.words)
        for one in problems
    )
    names = " ".join(name for name in _names(person) if name and not has_many_digits(name))
    return Refusal(problems[0].code, joined(sentences), origin=origin, name=names, source_id=source_id)
