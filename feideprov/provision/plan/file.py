"""A plan in a file: to be read, approved, and applied as it is.

It contains no number, nor a local one: see `saved_change`. The seal (HMAC) shows whether the file was altered, and the
fingerprint whether the configuration is the one that the plan was made with.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from feideprov import files
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NAME_ATTRIBUTE, Directory
from feideprov.errors import InputError, scrub_path
from feideprov.issues import Origin, Refusal, code, in_row_order
from feideprov.journal.keys import MarkKey
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence, as_saved, from_saved
from feideprov.provision.plan.changes import Change
from feideprov.provision.plan.holders import without_withdrawn
from feideprov.provision.plan.leavers.leavers import Leavers
from feideprov.provision.plan.people.listed_person import Marked, marks_of
from feideprov.provision.plan.saved_change import (
    Listed,
    SavedChange,
    attributes_of,
    marks_from_json,
    marks_to_json,
    saved,
)
from feideprov.system_errors import reason_of

R_MOVED: Final = code(
    "R-MOVED",
    Sentence("Held: the entry was changed outside this tool, or by another run, after the plan was made."),
    Sentence("Check the entry, then run again. If you used a saved plan, make it again first."),
)
R_INPUT_CHANGED: Final = code(
    "R-INPUT-CHANGED",
    Sentence(
        "Held: since the plan was saved, the number in this row was changed, or the row is now about another person."
    ),
    Sentence("Make the plan again."),
)
VERSION: Final = 2
_NAME: Final = "feideprov_plan"
_NAMED: Final = ("source", "encoding", "sheet")
"""What a person may have named for the list."""
_BEGINNING: Final = 200
"""A file is a plan when `_NAME` is in its first octets, this many."""


class PlanContext(Protocol):
    """What a saved plan belongs to: the key, the configuration and the directory of one client."""

    @property
    def key(self) -> MarkKey:
        """The key that seals the file."""

    def sealing_key(self) -> MarkKey:
        """The same key, which is made and stored if there is none yet."""

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the configuration."""

    @property
    def directory(self) -> Directory:
        """The directory as it is now."""

    def check_presence(self) -> KnownUsers:
        """What the journal knows of users. Raises DirectoryError when the directory shows too few of them."""

    def listed(self, path: Path, source: str | None, encoding: str | None, sheet: str | None) -> Listed:
        """The person list that a plan was made from, read again."""

    def without_unusable_units(self, changes: Sequence[Change]) -> tuple[tuple[Change, ...], tuple[Refusal, ...]]:
        """The changes that give users only units that are in the directory now, and why the others are held."""

    def notes_for(self, changes: Sequence[Change]) -> tuple[str, ...]:
        """What to say about services before numbers change."""


@dataclass(frozen=True)
class SavedPlan:
    """What a plan file holds."""

    changes: tuple[Change, ...]
    refusals: tuple[Refusal, ...]
    unchanged: int
    ours: int
    people: tuple[tuple[str, Marked], ...] = ()
    rows: Mapping[str, Any] = field(default_factory=dict)
    """The fields of `ListedRows`, by name."""
    source: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    only_rows: frozenset[int] | None = None
    """The rows of the list that the plan is about; None: all of them."""
    last_withdrawal: int = 0
    """As in `Plan`."""
    serials: frozenset[str] = frozenset()
    leavers: Leavers = field(default_factory=Leavers)
    """As in `Plan`."""


def save(plan: SavedPlan, path: Path, *, context: PlanContext, source: Path) -> None:
    """Write a plan to a file (mode 0600). `source` is the input file.

    Raises InputError when the path of the input looks like an identity number, because the plan would contain it; for
    changes that come from no person list; and when the file cannot be written.
    """
    if scrub_path(source.absolute()) != str(source.absolute()):
        raise InputError(
            Sentence(
                "The path of the list contains what looks like an identity number. Move or rename the list, "
                "then make the plan again."
            )
        )
    key = context.sealing_key()
    content = {
        _NAME: VERSION,
        "key": key.fingerprint,
        "configuration": context.fingerprint,
        "input": str(source.absolute()),
        **{name: value for name in _NAMED if (value := getattr(plan, name))},
        **({"only_rows": sorted(plan.only_rows)} if plan.only_rows is not None else {}),
        "changes": [saved(change, key) for change in plan.changes],
        "refusals": [_refusal_to_json(refusal) for refusal in plan.refusals],
        "unchanged": plan.unchanged,
        "ours": plan.ours,
        **({"last_withdrawal": plan.last_withdrawal} if plan.last_withdrawal else {}),
        **({"serials": sorted(plan.serials)} if plan.serials else {}),
        **({"leavers": plan.leavers.as_json(key)} if plan.leavers != Leavers() else {}),
        "rows": {name: sorted(of) if isinstance(of, frozenset) else of for name, of in plan.rows.items()},
        "people": [[user, marks_to_json(marks)] for user, person in plan.people if (marks := marks_of(person, key))],
    }
    try:
        files.replace(path, _sealed(content, key))
    except OSError as error:
        raise InputError(
            Sentence("The plan {path} cannot be written: {reason}.", path=scrub_path(path), reason=reason_of(error))
        ) from None


def input_of(content: dict[str, Any]) -> Path:
    """The input file that a plan was made from."""
    return Path(content["input"])


def read(path: Path, context: PlanContext) -> dict[str, Any] | None:
    """The content of a plan file, seal and configuration checked; None when the file is not a plan.

    Raises InputError when it is a plan that may not be applied.
    """
    beginning = files.beginning_of(path)
    if beginning and not _is_plan(beginning):
        return None  # without reading all of it
    try:
        octets = files.content_of(path, files.Largest.LARGE_FILE)
    except OSError:
        return None  # the reader of lists says what is wrong with the file
    if not _is_plan(octets):
        return None
    file, key = scrub_path(path), context.key
    altered = Sentence(
        "The saved plan {file} was changed afterwards, or is incomplete. Make the plan again.", file=file
    )
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
    if content["configuration"] != context.fingerprint:
        raise InputError(Sentence("{file} was made with another configuration. Make the plan again.", file=file))
    return content


def _is_plan(beginning: bytes) -> bool:
    return f'"{_NAME}"'.encode() in beginning[:_BEGINNING]


def load(content: dict[str, Any], context: PlanContext) -> SavedPlan:
    """The plan in the content of a plan file.

    A change that was made already is unchanged. A change whose entry was changed meanwhile is held, alone (R-MOVED),
    and so is a number whose row is gone or has changed (R-INPUT-CHANGED).

    Raises DirectoryError when the directory cannot be read, or shows too few of the users that the journal knows.
    """
    changes: list[Change] = []
    refusals = [_refusal(item) for item in content["refusals"]]
    unchanged = content["unchanged"]
    known_users = context.check_presence()
    source, encoding, sheet = (content.get(name) for name in ("source", "encoding", "sheet"))
    entries = _entries(context.directory, content["changes"])
    listed = context.listed(input_of(content), source, encoding, sheet)
    for made in content["changes"]:
        item = made | {"name": ""} if known_users.is_protected(made["user"]) else made  # protected since then
        one = SavedChange(item, context.key, entries.get(DN.parse(item["dn"])), listed)
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
                    "The number for {user} in the list was changed or removed after the plan was made. Make the "
                    "plan again.",
                    user=one.user,
                )
                refusals.append(Refusal(R_INPUT_CHANGED, sentence, True, one.origin, one.user))
    people = tuple((user, marks_from_json(marks)) for user, marks in content.get("people", ()))
    last_withdrawal = content.get("last_withdrawal", 0)
    changes, withdrawn = without_withdrawn(changes, known_users, last_withdrawal)
    possible, held = context.without_unusable_units(changes)
    rows = {name: frozenset(of) if isinstance(of, list) else of for name, of in content.get("rows", {}).items()}
    return SavedPlan(
        possible,
        in_row_order((*refusals, *withdrawn, *held)),
        unchanged,
        content["ours"],
        people,
        rows,
        source,
        encoding,
        sheet,
        frozenset(content["only_rows"]) if "only_rows" in content else None,
        last_withdrawal,
        frozenset(content.get("serials", ())),
        Leavers.from_json(content["leavers"]) if "leavers" in content else Leavers(),
    )


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
    origin = refusal.origin.as_list() if refusal.origin else None
    return {
        "code": refusal.code,
        "sentence": str(refusal.sentence),
        "said": as_saved(refusal.sentence),
        "held": refusal.held,
        "origin": origin,
        "user": refusal.user,
        "name": refusal.name,
    }


def _refusal(item: dict[str, Any]) -> Refusal:
    origin = Origin(*item["origin"]) if item["origin"] else None
    sentence = from_saved(item.get("said", item["sentence"]))
    return Refusal(item["code"], sentence, item["held"], origin, item["user"], item.get("name", ""))
