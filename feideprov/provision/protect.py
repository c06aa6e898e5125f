"""`protect`: people who are protected before any list says so, by their source ids.

PIFU and IMS have no field for protected addresses, so a person says whom it is about. For a person who is no user yet,
the mark of the source id is kept; a user who is there is protected from now on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from feideprov.directory.protocol import name_of
from feideprov.errors import InputError
from feideprov.feide.person import PersonRecord
from feideprov.issues import Refusal
from feideprov.journal.journal import Journal
from feideprov.journal.keys import MarkKey
from feideprov.journal.user.protected_keys import ProtectedKeys, keep_keys, remove_keys
from feideprov.look_alikes import visible
from feideprov.messages import Sentence
from feideprov.numbers import key_is_number
from feideprov.provision.plan.builder import PlanBuilder
from feideprov.provision.plan.changes import Protect
from feideprov.provision.run.intention import intention


@dataclass(frozen=True)
class PlannedProtection:
    """What `protect` would write down. Nothing has been written yet."""

    undo: bool
    keys: tuple[str, ...] = field(repr=False)
    """The source ids whose marks are kept, or removed."""
    unchanged: int
    """How many were kept already, or are not there to be removed."""
    changes: tuple[Protect, ...] = ()
    """The users who are there and become protected."""
    still_protected: int = 0
    """How many users who are there stay protected although their mark is removed."""

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """What a person must know of the plan."""
        if not self.still_protected:
            return ()
        return (
            Sentence(
                "{count} of these people is a user already, and stays protected.",
                plural="{count} of these people are users already, and stay protected.",
                count=self.still_protected,
            ),
        )

    @property
    def sentence(self) -> Sentence:
        """What is done, or would be."""
        if self.undo:
            return Sentence(
                "{count} source id is no longer marked as that of a protected person.",
                plural="{count} source ids are no longer marked as those of protected people.",
                count=len(self.keys),
            )
        return Sentence(
            "{count} source id is marked as that of a protected person.",
            plural="{count} source ids are marked as those of protected people.",
            count=len(self.keys),
        )


def source_ids_of(texts: Iterable[str], key: MarkKey) -> tuple[str, ...]:
    """The source ids that a person gave. In place of a number stand the letters that lists of people have for it.

    Raises InputError for an empty list, and for what is no source id.
    """
    found = list[str]()
    for place, text in enumerate(texts, 1):
        source_id = visible(text).strip()
        digits = "".join(c for c in source_id if c.isalnum())
        if key_is_number(source_id) and digits.isdecimal() and len(digits) in (11, 12):
            source_id = key.in_place_of_key(source_id)
        if not source_id or key_is_number(source_id):
            raise InputError(
                Sentence(
                    "The source id in place {place} is empty, or has an identity number in it. Write the key that the "
                    "person has in your own system.",
                    place=place,
                )
            )
        found.append(source_id)
    if not found:
        raise InputError(Sentence("No source id was given. Write the key that each person has in your own system."))
    return tuple(dict.fromkeys(found))


def plan_protection(
    builder: PlanBuilder, marked: ProtectedKeys, keys: Sequence[str], prefixes: Sequence[str], *, undo: bool
) -> PlannedProtection:
    """What is written down for these source ids. `prefixes` are what the configuration has before source ids."""
    chosen = tuple(key for key in keys if (key in marked) is undo)
    users = {
        entry.dn: entry
        for key in keys
        for name in (key, *(f"{prefix}:{key}" for prefix in prefixes if prefix))
        for entry in builder.with_source_id(name)
    }
    new = [entry for entry in users.values() if not builder.known_users.is_protected(name_of(entry))]
    unchanged = len(keys) - len(chosen)
    if undo:
        return PlannedProtection(undo, chosen, unchanged, still_protected=len(users) - len(new))
    changes = tuple(Protect(name_of(entry), entry.dn, entry.text(builder.state.source_id_attribute)) for entry in new)
    return PlannedProtection(undo, chosen, unchanged, changes)


def write_down(journal: Journal, planned: PlannedProtection) -> None:
    """Write down what was planned, inside a run."""
    (remove_keys if planned.undo else keep_keys)(journal, planned.keys)
    journal.note(*(intention(change, journal.key) for change in planned.changes))


@dataclass(frozen=True)
class ProtectedRows:
    """Which rows of a list are those of protected people: by the source id as it is, without its prefix, or with the
    name of the source."""

    marked: ProtectedKeys
    prefix: str | None
    source: str | None

    def people(self, people: Sequence[PersonRecord]) -> list[PersonRecord]:
        """The people, protected where the source id is marked."""
        return [one.model_copy(update={"protected": True}) if self._is_marked(one.source_id) else one for one in people]

    def refusals(self, refusals: Sequence[Refusal]) -> tuple[Refusal, ...]:
        """What was refused when the list was read, without the names of protected people."""
        return tuple(replace(one, name="") if self._is_marked(one.source_id) else one for one in refusals)

    def _is_marked(self, source_id: str) -> bool:
        if not self.marked:
            return False
        bare = source_id.removeprefix(f"{self.prefix}:") if self.prefix else source_id
        names = [name for name in (self.prefix, self.source) if name]
        return any(one in self.marked for one in (bare, *(f"{name}:{bare}" for name in names)))


UNANSWERED: Final = Sentence(
    "A PIFU or IMS file does not say who is protected (adressesperre), so no user is created from it before the "
    "configuration says how that is known. If there are no such people, add the section [protection] with "
    "people = “none”. Otherwise give their source ids with the command feideprov protect KEY --yes, and add the "
    "section with people = “marked”."
)
"""Why no user is created from such a file."""
NOBODY_MARKED: Final = Sentence(
    "[protection] people is “marked”, but no source id is marked as that of a protected person. If there are any, give "
    "their source ids before users are created: feideprov protect KEY --yes"
)
