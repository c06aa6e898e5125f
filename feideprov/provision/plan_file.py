"""A plan in a file: to be looked at, signed off, and applied as it stands.

No number is in it, nor a local one. A change that carries one refers to its row of the input and to the number's mark,
and is carried out only with that file beside it. The seal (HMAC) shows whether the file was altered.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any, Literal

from feideprov.directory import durable
from feideprov.directory.dn import DN
from feideprov.directory.entry import Modification, octets
from feideprov.errors import InputError, scrub_path
from feideprov.feide.build import UsableNumber
from feideprov.feide.initial_password import InitialPassword
from feideprov.feide.lin import LIN_ATTRIBUTE
from feideprov.feide.person import Origin
from feideprov.feide.user import FeideUser
from feideprov.numbers import Evidence, NumberText
from feideprov.provision.change import Attach, Change, Create, Protect, Update
from feideprov.provision.mark import MarkKey
from feideprov.provision.outcome import Plan, Refusal

VERSION = 1

NumberOfRow = Callable[[Origin, "Evidence | None"], UsableNumber | None]
"""Gives the number that a row of the input holds, judged again."""
NumberOfEntry = Callable[[DN], str | None]
"""Gives the DUF number that stands in on an entry."""
LocalNumbers = Callable[[DN, "Origin | None"], Iterable[str]]
"""Gives the values of norEduPersonLIN that an entry has, and the one that a row of the input would give it."""
LocalStep = tuple[Literal["add", "delete"], str]


def save(plan: Plan, path: Path, *, key: MarkKey, fingerprint: str, source: Path) -> None:
    """Write a plan to a file (mode 0600). `fingerprint` is the configuration's; `source` the input file.

    Raises InputError when the path of the input looks like an identity number: it would stand in the plan.
    """
    if scrub_path(source.absolute()) != str(source.absolute()):
        raise InputError(
            "The path of the list holds what looks like an identity number. Move the list, then plan again."
        )
    content = {
        "feideprov_plan": VERSION,
        "configuration": fingerprint,
        "input": str(source.absolute()),
        "changes": [_change_to_json(change, key) for change in plan.changes],
        "refusals": [_refusal_to_json(refusal) for refusal in plan.refusals],
        "unchanged": plan.unchanged,
        "ours": plan.ours,
    }
    durable.replace(path, (json.dumps({**content, "seal": _seal(content, key)}, indent=2) + "\n").encode())


def input_of(content: dict[str, Any]) -> Path:
    """The input file that a plan was made from."""
    return Path(content["input"])


def read(path: Path, *, key: MarkKey, fingerprint: str) -> dict[str, Any] | None:
    """The content of a plan file, seal and configuration checked; None when the file is no plan.

    Raises InputError when it is a plan that may not be applied.
    """
    try:
        octets = path.read_bytes()
        content = json.loads(octets) if octets.startswith(b"{") else None
    except ValueError:
        return None
    except OSError:
        return None  # whoever reads the list says what is wrong with the file
    if not isinstance(content, dict) or "feideprov_plan" not in content:
        return None
    seal = content.pop("seal", "")
    if content["feideprov_plan"] != VERSION:
        raise InputError(f"{scrub_path(path)} was made by another version of feideprov. Make the plan again.")
    if seal != _seal(content, key):
        raise InputError(
            f"{scrub_path(path)} was altered after it was made, or made with another key. Make the plan again."
        )
    if content["configuration"] != fingerprint:
        raise InputError(f"{scrub_path(path)} was made with another configuration. Make the plan again.")
    return content


def load(
    content: dict[str, Any],
    *,
    key: MarkKey,
    number_of: NumberOfRow,
    standing_in: NumberOfEntry,
    local_numbers: LocalNumbers,
) -> Plan:
    """The plan in the content of a plan file. A number whose row is gone or has changed is held, alone."""
    changes: list[Change] = []
    refusals = [_refusal(item) for item in content["refusals"]]
    for item in content["changes"]:
        local = _local_numbers(item, key, local_numbers)
        change = _change(item, _number(item, key, number_of), standing_in, local)
        if change is not None:
            changes.append(change)
        gone = len(local) < len(item["local_numbers"])
        if gone or (item.get("number") and (change is None or change.number is None)):
            sentence = f"The input no longer holds the number of the plan for {item['user']}. Make the plan again."
            refusals.append(Refusal("R-INPUT-CHANGED", sentence, True, _origin(item), item["user"]))
    return Plan(tuple(changes), tuple(refusals), content["unchanged"], content["ours"], exact=True)


def _seal(content: dict[str, Any], key: MarkKey) -> str:
    return key.seal(json.dumps(content, sort_keys=True).encode())


def _change_to_json(change: Change, key: MarkKey) -> dict[str, Any]:
    evidence = change.evidence
    common: dict[str, Any] = {
        "kind": change.kind,
        "user": change.feide_name,
        "dn": str(change.dn),
        "source_id": change.source_id,
        "sentence": change.sentence,
        "origin": [change.origin.file, change.origin.row] if change.origin else None,
        "local_numbers": [[operation, key.of_number(value)] for operation, value in _local_numbers_of(change)],
    }
    if change.number is not None:
        common["number"] = key.of_number(change.number)
        common["evidence"] = evidence and [
            *(evidence.source, evidence.seen_by, str(evidence.seen_on), evidence.note, evidence.standing)
        ]
    match change:
        case Create():
            return common | {
                "presumes": "no entry of that name",
                "attributes": {n: list(values) for n, values in change.user.values.items() if n != LIN_ATTRIBUTE},
                "school": change.school,
                "role": change.role,
                "protected": change.protected,
                "password": change.initial_password is not None,
            }
        case Update():
            steps = [
                [step.operation, step.attribute, [base64.b64encode(value).decode() for value in step.values]]
                for step in change.modifications
                if step.attribute != LIN_ATTRIBUTE
            ]
            return common | {"presumes": "the values to be deleted", "modifications": steps}
        case Protect():
            return common
        case Attach():
            presumes = "the DUF number" if change.instead_of else "no number"
            return common | {"presumes": presumes, "stands_in": bool(change.instead_of)}
        case _:
            raise InputError("A plan of this kind comes from no list: it is carried out at once, not saved.")


def _local_numbers_of(change: Change) -> list[LocalStep]:
    """What a change does to norEduPersonLIN."""
    match change:
        case Create():
            return [("add", value) for value in change.user.values.get(LIN_ATTRIBUTE, ())]
        case Update():
            steps = [step for step in change.modifications if step.attribute == LIN_ATTRIBUTE]
            return [(step.operation, value.decode(errors="replace")) for step in steps for value in step.values]
        case Attach():
            return [("delete", local.reveal()) for local in change.drops]
        case _:
            return []


def _local_numbers(item: dict[str, Any], key: MarkKey, found: LocalNumbers) -> list[LocalStep]:
    """The same, of a change in a plan file, without the values that are no longer where the plan found them."""
    if not item["local_numbers"]:
        return []
    known = {key.of_number(value): value for value in found(DN.parse(item["dn"]), _origin(item))}
    return [(operation, known[mark]) for operation, mark in item["local_numbers"] if mark in known]


def _change(
    item: dict[str, Any], usable: UsableNumber | None, standing_in: NumberOfEntry, local: list[LocalStep]
) -> Change | None:
    dn, origin = DN.parse(item["dn"]), _origin(item)
    kept = tuple(value for _, value in local)
    match item["kind"]:
        case "create":
            user = FeideUser(
                dn,
                item["user"],
                item["source_id"],
                {name: tuple(values) for name, values in item["attributes"].items()}
                | ({LIN_ATTRIBUTE: kept} if kept else {}),
                number=usable.number if usable else None,
                evidence=usable.evidence if usable else None,
                lifted=usable.lifted if usable else None,
                initial_password=_password(item) if item["password"] else None,
            )
            return Create(user, item["school"], item["role"], item["protected"], origin)
        case "update":
            steps = tuple(
                Modification(operation, attribute, tuple(base64.b64decode(value) for value in values))
                for operation, attribute, values in item["modifications"]
            )
            steps += tuple(Modification(operation, LIN_ATTRIBUTE, (octets(value),)) for operation, value in local)
            return Update(item["user"], dn, steps, item["source_id"], origin) if steps else None
        case "protect":
            return Protect(item["user"], dn, item["source_id"], origin)
        case _ if usable is None:
            return None
        case _:
            held = standing_in(dn) if item["stands_in"] else None
            instead_of = NumberText(held) if held is not None else None
            return Attach(
                item["user"],
                dn,
                usable.number,
                usable.evidence,
                usable.lifted,
                instead_of,
                tuple(map(NumberText, kept)),
                item["source_id"],
                origin,
            )


def _password(item: dict[str, Any]) -> InitialPassword:
    return InitialPassword.new(*item["attributes"].get("displayName", ()), item["user"].partition("@")[0])


def _number(item: dict[str, Any], key: MarkKey, number_of: NumberOfRow) -> UsableNumber | None:
    origin = _origin(item)
    if not item.get("number") or origin is None:
        return None
    seen = item.get("evidence")
    evidence = None
    if seen:
        source, seen_by, seen_on, note, standing = seen
        evidence = Evidence(source, seen_by, date.fromisoformat(seen_on), note, standing=standing)
    usable = number_of(origin, evidence)
    return usable if usable is not None and key.of_number(usable.number) == item["number"] else None


def _origin(item: dict[str, Any]) -> Origin | None:
    return Origin(*item["origin"]) if item.get("origin") else None


def _refusal_to_json(refusal: Refusal) -> dict[str, Any]:
    origin = [refusal.origin.file, refusal.origin.row] if refusal.origin else None
    return {
        "code": refusal.code,
        "sentence": refusal.sentence,
        "held": refusal.held,
        "origin": origin,
        "user": refusal.user,
    }


def _refusal(item: dict[str, Any]) -> Refusal:
    return Refusal(item["code"], item["sentence"], item["held"], _origin(item), item["user"])
