"""One change in a plan file, with what it presumes of the directory.

A number is saved as its mark and the row of the input that contains it. A value of the directory that is a local
number, or looks like a number, is saved as a mark too, and is found in the entry again. The values that an entry had of
the attributes that are to change are saved as one seal, which any other value breaks.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, Protocol

from feideprov.directory.conditions import satisfies
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification, octets
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.errors import InputError
from feideprov.feide.build import UsableNumber
from feideprov.feide.first_password.at_school import AtSchool
from feideprov.feide.first_password.style import SYLLABLES, PasswordStyle
from feideprov.feide.initial_password import InitialPassword
from feideprov.feide.lin import LIN_ATTRIBUTE
from feideprov.feide.user import FeideUser
from feideprov.issues import Origin
from feideprov.journal.keys import MarkKey
from feideprov.journal.people import PersonMarks
from feideprov.messages import Sentence
from feideprov.numbers import Evidence, NumberText, number_shaped
from feideprov.provision.plan.changes import Attach, Change, Create, Protect, Replace, Update
from feideprov.provision.plan.linking.link_changes import Link
from feideprov.provision.plan.login_changes import Close
from feideprov.provision.plan.people.listed_person import marks_of

_OF_ENTRIES: Final = (Update.kind, Attach.kind, Replace.kind)
"""Kinds of changes of an entry that exists."""


class Listed(Protocol):
    """The input of a plan, read again."""

    def number(self, origin: Origin, source_id: str | None, evidence: Evidence | None) -> UsableNumber | None:
        """The number in a row, judged again; None when the row has none, or is now about another person."""

    def local_number(self, origin: Origin, source_id: str | None) -> str | None:
        """The value of norEduPersonLIN that keeps the number of a row."""


def saved(change: Change, key: MarkKey) -> dict[str, Any]:
    """A change for a plan file. Raises InputError for one that does not come from a person list."""
    common: dict[str, Any] = {
        "kind": change.kind,
        "user": change.feide_name,
        "dn": str(change.dn),
        "source_id": change.source_id,
        "sentence": change.sentence,
        "name": change.name_to_show,
        "school": change.school,
        "origin": change.origin.as_list() if change.origin else None,
    }
    if change.number is not None:
        common["number"] = key.of_number(change.number)
        common["evidence"] = _evidence_to_json(change.evidence)
    match change:
        case Create():
            local = change.user.values.get(LIN_ATTRIBUTE, ())
            return common | {
                "attributes": {n: list(values) for n, values in change.user.values.items() if n != LIN_ATTRIBUTE},
                "local_numbers": [_mark(LIN_ATTRIBUTE, octets(value), key) for value in local],
                "role": change.role,
                "protected": change.protected,
                "password": change.initial_password is not None,
                "person": marks_to_json(marks) if (marks := marks_of(change.person, key)) else None,
                "different_from": [[user, str(dn)] for user, dn in change.different_from],
            }
        case Update():
            return common | {
                "presumes": {name: _seal(name, values, key) for name, values in change.seen},
                "modifications": [_step_to_json(step, key) for step in change.modifications],
                **({"to_school": change.to_school} if change.to_school else {}),
            }
        case Attach():
            held = [octets(change.instead_of.reveal())] if change.instead_of else []
            drops = [octets(local.reveal()) for local in change.drops]
            return common | {
                "presumes": {NUMBER_ATTRIBUTE: _seal(NUMBER_ATTRIBUTE, held, key)},
                "local_numbers": [_mark(LIN_ATTRIBUTE, value, key) for value in drops],
            }
        case Replace(listed_with_person=True):
            held = [octets(change.old.reveal())]
            return common | {"presumes": {NUMBER_ATTRIBUTE: _seal(NUMBER_ATTRIBUTE, held, key)}}
        case Close():
            return common | {"modifications": [_step_to_json(step, key) for step in change.modifications]}
        case Protect() | Link():
            return common
        case _:
            raise InputError(Sentence("Only a plan for a person list can be saved. Apply this plan without saving it."))


def attributes_of(item: dict[str, Any]) -> set[str]:
    """The attributes that are read of the entry of a saved change; none when there should be no entry."""
    steps = {attribute for _, attribute, _ in item.get("modifications", ())}
    return {*item["presumes"], *steps, LIN_ATTRIBUTE} if item["kind"] in _OF_ENTRIES else set()


@dataclass(repr=False)
class SavedChange:
    """A change in a plan file, with the entry that it is about as it is now (None: deleted, or not created yet) and the
    input."""

    item: dict[str, Any]
    key: MarkKey
    entry: Entry | None
    listed: Listed
    style: PasswordStyle = SYLLABLES

    @property
    def user(self) -> str:
        return str(self.item["user"])

    @property
    def origin(self) -> Origin | None:
        return Origin(*self.item["origin"]) if self.item["origin"] else None

    @cached_property
    def was_done(self) -> bool:
        """Is the entry as the change would make it? Of a creation, the executor finds that out."""
        if self.entry is None:
            return False
        if self.item["kind"] in (Attach.kind, Replace.kind):
            return self.item["number"] in map(self.key.of_number, self.entry.texts(NUMBER_ATTRIBUTE))
        unknown = any(m is None for operation, _, values in self._steps for m in values if operation == "add")
        return self.item["kind"] == Update.kind and not unknown and satisfies(self.entry, self._modifications)

    @property
    def has_moved(self) -> bool:
        """Does the entry differ from what the plan presumes, and not because the change was made before?"""
        if self.item["kind"] not in _OF_ENTRIES or self.was_done:
            return False
        if self.entry is None:
            return True
        now = {name: _seal(name, self.entry.values(name), self.key) for name in self.item["presumes"]}
        gone = self.item["kind"] == Attach.kind and None in self._local_numbers
        return gone or now != self.item["presumes"]

    @property
    def lacks_input(self) -> bool:
        """Does the input no longer contain what the plan takes from it?"""
        if self.item["kind"] == Update.kind:
            return any(value is None for _, _, values in self._steps for value in values)
        local = self.item["kind"] == Create.kind and None in self._local_numbers
        return local or ("number" in self.item and self._number is None)

    def change(self) -> Change | None:
        """The part of the change that can be carried out; None when nothing can."""
        change = self._change()
        if change is None or isinstance(change, Create):
            return change
        return replace(change, name_to_show=self.item.get("name", ""), school=self.item.get("school", ""))

    def _change(self) -> Change | None:
        item, dn = self.item, DN.parse(self.item["dn"])
        match item["kind"]:
            case Create.kind:
                marks, others = item.get("person"), item.get("different_from", ())
                return Create(
                    self._new_user(dn),
                    item["school"],
                    item["role"],
                    item["protected"],
                    self.origin,
                    marks_from_json(marks) if marks else None,
                    tuple((user, DN.parse(other)) for user, other in others),
                )
            case Update.kind:
                steps = self._modifications
                to_school = item.get("to_school", "")
                made = Update(self.user, dn, steps, item["source_id"], self.origin, to_school=to_school)
                return made if steps else None
            case Close.kind:
                closing = tuple(
                    Modification(operation, attribute, tuple(map(octets, values)))
                    for operation, attribute, values in item["modifications"]
                )
                return Close(self.user, dn, closing, item["source_id"])
            case Protect.kind:
                return Protect(self.user, dn, item["source_id"], self.origin)
            case Link.kind:
                return Link(self.user, dn, item["source_id"], self.origin)
            case Replace.kind:
                return self._replace(dn)
            case _:
                return self._attach(dn)

    def _new_user(self, dn: DN) -> FeideUser:
        item, usable = self.item, self._number
        values = {name: tuple(values) for name, values in item["attributes"].items()}
        if local := tuple(value.decode() for value in self._local_numbers if value is not None):
            values[LIN_ATTRIBUTE] = local
        return FeideUser(
            dn,
            self.user,
            item["source_id"],
            values,
            number=usable.number if usable else None,
            evidence=usable.evidence if usable else None,
            lifted=usable.lifted if usable else None,
            basis=usable.basis if usable else None,
            initial_password=self._password if item["password"] else None,
        )

    @property
    def _password(self) -> InitialPassword:
        attributes = self.item["attributes"]
        grade = AtSchool.of(lambda name: attributes.get(name, ())).grade
        return self.style.new(*attributes.get("displayName", ()), self.user.partition("@")[0], grade=grade)

    def _attach(self, dn: DN) -> Attach | None:
        usable, held = self._number, self.entry.text(NUMBER_ATTRIBUTE) if self.entry else None
        if usable is None:
            return None
        return Attach(
            self.user,
            dn,
            usable.number,
            usable.evidence,
            usable.lifted,
            NumberText(held) if held is not None else None,
            tuple(NumberText(value.decode()) for value in self._local_numbers if value is not None),
            self.item["source_id"],
            self.origin,
            usable.basis,
        )

    def _replace(self, dn: DN) -> Replace | None:
        usable, held = self._number, self.entry.text(NUMBER_ATTRIBUTE) if self.entry else None
        if usable is None or held is None:
            return None
        seen = usable.evidence, usable.lifted, self.item["source_id"], self.origin, usable.basis
        return Replace(self.user, dn, usable.number, NumberText(held), *seen, listed_with_person=True)

    @cached_property
    def _number(self) -> UsableNumber | None:
        if "number" not in self.item or self.origin is None:
            return None
        evidence = _evidence(self.item["evidence"])
        usable = self.listed.number(self.origin, self.item["source_id"], evidence)
        return usable if usable is not None and self.key.of_number(usable.number) == self.item["number"] else None

    @cached_property
    def _local_numbers(self) -> list[bytes | None]:
        """The values of norEduPersonLIN that a creation adds or an attach removes; None for one that is gone."""
        marks = self.item["local_numbers"]
        known = self._known(LIN_ATTRIBUTE) if marks else {}
        return [known.get(mark) for mark in marks]

    @cached_property
    def _steps(self) -> list[tuple[str, str, list[bytes | None]]]:
        """The steps of an update; None for a value of which only the mark is known."""
        return [
            (operation, attribute, [self._value(attribute, value) for value in values])
            for operation, attribute, values in self.item.get("modifications", ())
        ]

    @property
    def _modifications(self) -> tuple[Modification, ...]:
        steps = (
            Modification(operation, attribute, tuple(value for value in values if value is not None))  # type: ignore[arg-type]
            for operation, attribute, values in self._steps
        )
        return tuple(step for step in steps if step.values)

    def _value(self, attribute: str, value: str | dict[str, str]) -> bytes | None:
        if isinstance(value, str):
            return value.encode()
        if "octets" in value:
            return base64.b64decode(value["octets"])
        return self._known(attribute).get(value["mark"])

    def _known(self, attribute: str) -> dict[str, bytes]:
        """The values that a mark can mean, by their marks: those of the entry, and the one that the input gives."""
        values = list(self.entry.values(attribute)) if self.entry else []
        if attribute == LIN_ATTRIBUTE and self.origin is not None:
            kept = self.listed.local_number(self.origin, self.item["source_id"])
            values += [octets(kept)] if kept else []
        return {_mark(attribute, value, self.key): value for value in values}


def marks_to_json(marks: PersonMarks) -> list[Any]:
    """The marks of a person for a plan file."""
    return [marks.row, sorted(marks.names), sorted(marks.source_ids)]


def marks_from_json(saved_marks: Sequence[Any]) -> PersonMarks:
    """The marks of a person in a plan file."""
    row, names, source_ids = saved_marks
    return PersonMarks(frozenset(names), frozenset(source_ids), row)


def _step_to_json(step: Modification, key: MarkKey) -> list[Any]:
    values = [_value_to_json(step, value, key) for value in step.values]
    return [step.operation, step.attribute, values]


def _value_to_json(step: Modification, value: bytes, key: MarkKey) -> str | dict[str, str]:
    """A value that is added comes from a person record, which has numbers only in their own columns; a value that is
    removed may be anything that somebody wrote."""
    text = value.decode(errors="replace")
    if step.attribute == LIN_ATTRIBUTE or (step.operation == "delete" and number_shaped(text)):
        return {"mark": _mark(step.attribute, value, key)}
    return text if text.encode() == value else {"octets": base64.b64encode(value).decode()}


def _mark(attribute: str, value: bytes, key: MarkKey) -> str:
    return key.seal(json.dumps(["value", attribute, base64.b64encode(value).decode()]).encode())


def _seal(attribute: str, values: Iterable[bytes], key: MarkKey) -> str:
    """One digest of all values of an attribute, in any order."""
    return key.seal(json.dumps(["values", attribute, *sorted(_mark(attribute, v, key) for v in values)]).encode())


def _evidence_to_json(evidence: Evidence | None) -> list[Any] | None:
    if evidence is None:
        return None
    return [evidence.source, evidence.seen_by, str(evidence.seen_on), evidence.note, evidence.standing]


def _evidence(seen: Sequence[Any] | None) -> Evidence | None:
    if seen is None:
        return None
    source, seen_by, seen_on, note, standing = seen
    return Evidence(source, seen_by, date.fromisoformat(seen_on), note, standing=standing)
