"""A plan in a file: to be read, approved, and applied as it is.

It contains no number, nor a local one: see `saved_change`. The seal (HMAC) shows whether the file was altered, and the
fingerprint whether the configuration is the one that the plan was made with.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from feideprov import files
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NAME_ATTRIBUTE, Directory
from feideprov.errors import InputError, scrub_path
from feideprov.issues import Origin, Refusal, code
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence
from feideprov.provision.plan.changes import Change
from feideprov.provision.plan.plan import Plan
from feideprov.provision.plan.saved_change import Listed, SavedChange, attributes_of, saved

R_MOVED: Final = code(
    "R-MOVED",
    Sentence("Held: the entry was changed outside this tool, or by another run, after the plan was made."),
    Sentence("Check the entry, then run again. Make a saved plan again."),
)
R_INPUT_CHANGED: Final = code(
    "R-INPUT-CHANGED",
    Sentence("Held: the row of the list no longer has the number of the saved plan, or is now about another person."),
    Sentence("Make the plan again."),
)
VERSION: Final = 2
_NAME: Final = "feideprov_plan"
_BEGINNING: Final = 200
"""A file is a plan when `_NAME` is in its first octets, this many."""


def save(plan: Plan, path: Path, *, key: MarkKey, fingerprint: str, source: Path) -> None:
    """Write a plan to a file (mode 0600). `fingerprint` is the configuration's; `source` the input file.

    Raises InputError when the path of the input looks like an identity number, because the plan contains it; and for
    changes that do not come from a person list.
    """
    if scrub_path(source.absolute()) != str(source.absolute()):
        raise InputError(
            Sentence(
                "The path of the list contains what looks like an identity number. Move the list, then plan again."
            )
        )
    content = {
        _NAME: VERSION,
        "key": key.fingerprint,
        "configuration": fingerprint,
        "input": str(source.absolute()),
        "changes": [saved(change, key) for change in plan.changes],
        "refusals": [_refusal_to_json(refusal) for refusal in plan.refusals],
        "unchanged": plan.unchanged,
        "ours": plan.ours,
    }
    files.replace(path, _sealed(content, key))


def input_of(content: dict[str, Any]) -> Path:
    """The input file that a plan was made from."""
    return Path(content["input"])


def read(path: Path, *, key: MarkKey, fingerprint: str) -> dict[str, Any] | None:
    """The content of a plan file, seal and configuration checked; None when the file is not a plan.

    Raises InputError when it is a plan that may not be applied.
    """
    try:
        octets = path.read_bytes()
    except OSError:
        return None  # the reader of lists says what is wrong with the file
    if f'"{_NAME}"'.encode() not in octets[:_BEGINNING]:
        return None
    file = scrub_path(path)
    altered = Sentence("{file} was altered after it was made, or is incomplete. Make the plan again.", file=file)
    try:
        content = json.loads(octets)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or _NAME not in content:
        raise InputError(altered)
    if content[_NAME] != VERSION:
        raise InputError(Sentence("{file} was made by another version of feideprov. Make the plan again.", file=file))
    if content.get("key") != key.fingerprint:
        raise InputError(
            Sentence("{file} was made with another key (key_file or key_env). Make the plan again.", file=file)
        )
    content.pop("seal", None)
    if octets != _sealed(content, key):  # compared as octets: a file that means the same in JSON was altered too
        raise InputError(altered)
    if content["configuration"] != fingerprint:
        raise InputError(Sentence("{file} was made with another configuration. Make the plan again.", file=file))
    return content


def load(content: dict[str, Any], *, key: MarkKey, directory: Directory, listed: Listed) -> Plan:
    """The plan in the content of a plan file.

    A change that was made already is unchanged. A change whose entry was changed meanwhile is held, alone (R-MOVED),
    and so is a number whose row is gone or has changed (R-INPUT-CHANGED).
    """
    changes: list[Change] = []
    refusals = [_refusal(item) for item in content["refusals"]]
    unchanged = content["unchanged"]
    entries = _entries(directory, content["changes"])
    for item in content["changes"]:
        one = SavedChange(item, key, entries.get(DN.parse(item["dn"])), listed)
        if one.has_moved:
            sentence = Sentence(
                "{user} was changed by somebody else after the plan was made. Check the entry, then make the plan "
                "again.",
                user=one.user,
            )
            refusals.append(Refusal(R_MOVED, sentence, True, one.origin, one.user))
        elif one.was_done:
            unchanged += 1
        else:
            if change := one.change():
                changes.append(change)
            if one.lacks_input:
                sentence = Sentence(
                    "The list no longer has the number of the plan for {user}. Make the plan again.", user=one.user
                )
                refusals.append(Refusal(R_INPUT_CHANGED, sentence, True, one.origin, one.user))
    return Plan(tuple(changes), tuple(refusals), unchanged, content["ours"], exact=True)


def _entries(directory: Directory, items: Sequence[dict[str, Any]]) -> dict[DN, Entry]:
    """The entries that are to be changed, as they are now."""
    users = {item["user"]: None for item in items if attributes_of(item)}
    if not users:
        return {}
    attributes = {NAME_ATTRIBUTE}.union(*map(attributes_of, items))
    return {entry.dn: entry for entry in directory.matching(NAME_ATTRIBUTE, users, sorted(attributes))}


def _sealed(content: dict[str, Any], key: MarkKey) -> bytes:
    """The whole file."""
    seal = key.seal(json.dumps(content, indent=2).encode())
    return (json.dumps({**content, "seal": seal}, indent=2) + "\n").encode()


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
    origin = Origin(*item["origin"]) if item["origin"] else None
    return Refusal(item["code"], item["sentence"], item["held"], origin, item["user"])
