"""Who has left, as far as a list tells: the users of its source and its schools who are not in it.

A list never closes anybody. A full file in PIFU or IMS may: see `missing_users`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self

from feideprov.issues import code
from feideprov.journal.full_files import FullFile
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence

R_LEAVER: Final = code(
    "R-LEAVER",
    Sentence(
        "Held: the plan closes the user as somebody who has left, but since it was made the user was in a file again "
        "or became protected, is now the only one who is missing at a school, another full file was applied, or the "
        "summer has begun."
    ),
    Sentence("Make the plan again with the newest file."),
)


class Reason(StrEnum):
    """Why a user is among those who may have left."""

    MISSING = "missing"
    ALONE = "alone"
    DELETED = "deleted"
    ENDED = "ended"
    LEFT = "left"


@dataclass(frozen=True)
class Missing:
    """A user who may have left. Nobody's name is here: a shielded pupil is taken out of an export by hand."""

    user: str
    """The Feide name."""
    source_id: str = field(repr=False)
    schools: tuple[str, ...]
    """The ids of the user's schools; of one that is not in the configuration, the DN."""
    since: date | None = None
    """The day of the first full file without the user; None when no full file says so."""
    reason: Reason = Reason.MISSING
    may_close: bool = False
    """The user was missing in two full files, and no rule forbids closing."""


def not_alone(missing: Iterable[Missing]) -> set[str]:
    """The users who went missing together with another user of each of their schools."""
    missing = list(missing)
    together = Counter((school, one.since) for one in missing for school in set(one.schools))
    return {one.user for one in missing if all(together[school, one.since] > 1 for school in one.schools)}


@dataclass(frozen=True)
class Leavers:
    """What a list says about who has left."""

    file: str = ""
    """The name of the list; empty when the plan comes from no list."""
    users: int = 0
    """How many users of ours of this source are at the schools of the list."""
    missing: tuple[Missing, ...] = ()
    """Those of them who are not in the list, and who are not protected."""
    protected: int = 0
    """How many others who are not in the list are protected: they are never closed by a file, and never listed."""
    others: tuple[Missing, ...] = ()
    """Users who are deleted in the file, whose school has no pupils in it, or whose school is no longer in the
    configuration: they are not counted in `missing`."""
    ended: Mapping[str, int] = field(default_factory=dict)
    """The schools that have no pupils in a full file, by name, and how many users of this source each has."""
    left: Mapping[str, int] = field(default_factory=dict)
    """The DNs of schools that are no longer in the configuration, and how many users of this source each has."""
    back: tuple[str, ...] = ()
    """Users who do not count as missing any longer."""
    unread: int = 0
    """Rows whose person cannot be told: while there are any, nobody is closed."""
    full: FullFile | None = None
    """The list as a full file; its keys are marked when it is saved or applied, because a first plan has no key yet."""
    source_ids: frozenset[str] = field(default=frozenset(), repr=False)
    """Of the full file, folded."""
    decides: bool = False
    """The full file counts, for who has left, when the plan is applied."""
    is_older: bool = False
    """The file is full, but older than the last one of its source: it decides nothing."""
    after: str = ""
    """The mark of the last full file before."""
    summer: bool = False
    """The plan was made in summer: nobody is closed."""
    closed: frozenset[str] = frozenset()
    """Whom the plan closes."""

    @property
    def may_close(self) -> list[str]:
        """The users who may be closed."""
        return [one.user for one in self.missing if one.may_close]

    @property
    def listed(self) -> tuple[Missing, ...]:
        """All who are to be looked at."""
        return (*self.missing, *self.others)

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind."""
        reasons = [one.reason for one in self.listed]
        return {
            "users": self.users,
            "missing": len(self.missing) + self.protected,
            "protected": self.protected,
            "alone": reasons.count(Reason.ALONE),
            "deleted": reasons.count(Reason.DELETED),
            "may_close": len(self.may_close),
            "closed": len(self.closed),
        }

    def marked(self, key: MarkKey) -> FullFile | None:
        """The full file with the marks of its source ids."""
        if self.full is None or not self.source_ids:
            return self.full
        return replace(self.full, keys=tuple(sorted(map(key.of_listed_key, self.source_ids))))

    def as_json(self, key: MarkKey) -> dict[str, Any]:
        """As a saved plan has it: with the source ids and Feide names of those who may have left, and nobody's name."""
        marked = self.marked(key)
        full = marked and asdict(marked) | {"day": marked.day.isoformat()}
        people = {
            name: [asdict(one) | {"since": one.since and one.since.isoformat()} for one in some]
            for name, some in (("missing", self.missing), ("others", self.others))
        }
        lists = {"closed": sorted(self.closed), "back": list(self.back), "source_ids": []}
        return {**self.__dict__, **people, **lists, "full": full}

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Self:
        """As `as_json` wrote it."""
        full, people = saved["full"], {}
        if full is not None:
            full = FullFile(full["source"], date.fromisoformat(full["day"]), full["people"], tuple(full["keys"]))
        for name in ("missing", "others"):
            people[name] = tuple(
                Missing(**one | {"since": one["since"] and date.fromisoformat(one["since"])})
                for one in (
                    {**one, "reason": Reason(one["reason"]), "schools": tuple(one["schools"])} for one in saved[name]
                )
            )
        lists = {"back": tuple(saved["back"]), "closed": frozenset(saved["closed"]), "source_ids": frozenset[str]()}
        return cls(**{**saved, **people, **lists, "full": full})


def leaver_notes(leavers: Leavers, *, asked: bool) -> Iterator[Sentence]:
    """What a plan says about who has left. `asked`: the users who may be closed are to be closed."""
    counts = leavers.counts
    if count := counts["missing"]:
        yield Sentence(
            "{file}: {count} of the {users} users of this source and these schools is not in it. To have them in a "
            "list, use --leavers-list OUT.csv with the command plan. The list holds key and Feide name only, because a "
            "missing user may be a shielded pupil, who is taken out of the export by hand.",
            plural="{file}: {count} of the {users} users of this source and these schools are not in it. To have them "
            "in a list, use --leavers-list OUT.csv with the command plan. The list holds key and Feide name only, "
            "because a missing user may be a shielded pupil, who is taken out of the export by hand.",
            file=leavers.file,
            count=count,
            users=leavers.users,
        )
    if leavers.protected:
        yield Sentence(
            "{count} of the users who are not in the file is protected. A file never closes a protected user, and "
            "the list does not have the user.",
            plural="{count} of the users who are not in the file are protected. A file never closes a protected user, "
            "and the list does not have them.",
            count=leavers.protected,
        )
    if leavers.decides:
        yield from _of_a_full_file(leavers, asked=asked)
    if leavers.is_older:
        yield Sentence(
            "{file} is older than the last full file of this source, so it does not count for who has left.",
            file=leavers.file,
        )
    if deleted := counts["deleted"]:
        yield Sentence(
            "{count} user is deleted in {file} (recstatus 3). Such a file closes nobody. If the person has left, close "
            "the user: feideprov close USER",
            plural="{count} users are deleted in {file} (recstatus 3). Such a file closes nobody. If they have left, "
            "close them: feideprov close LIST, with the list of --leavers-list.",
            count=deleted,
            file=leavers.file,
        )
    yield from _of_schools(leavers)


def _of_a_full_file(leavers: Leavers, *, asked: bool) -> Iterator[Sentence]:
    counts = leavers.counts
    if counts["alone"]:
        yield Sentence(
            "{count} of them is the only user of the school who went missing in the same file, and is not closed: it "
            "may be a shielded pupil. Ask the school.",
            plural="{count} of them are each the only user of their school who went missing in the same file, and are "
            "not closed: they may be shielded pupils. Ask the schools.",
            count=counts["alone"],
        )
    if leavers.unread:
        yield Sentence(
            "In {count} row it cannot be told who the person is, so the file closes nobody. Correct the row.",
            plural="In {count} rows it cannot be told who the persons are, so the file closes nobody. Correct the "
            "rows.",
            count=leavers.unread,
        )
    if leavers.summer and counts["missing"]:
        yield Sentence(
            "It is summer ([closing] summer): school administration systems move pupils to the next year, so nobody "
            "is closed."
        )
    elif counts["may_close"] and not asked:
        yield Sentence(
            "{count} of them was missing in two full files of different days. To close the user, run again with "
            "--leavers.",
            plural="{count} of them were missing in two full files of different days. To close them, run again with "
            "--leavers.",
            count=counts["may_close"],
        )


def _of_schools(leavers: Leavers) -> Iterator[Sentence]:
    for school, count in leavers.ended.items():
        yield Sentence(
            "{school} has no pupils in {file}, and {count} user of this source is there who is not in it. If the "
            "school has ended, close the user: feideprov close LIST, with the list of --leavers-list. If it has not, "
            "ask whoever makes the file.",
            plural="{school} has no pupils in {file}, and {count} users of this source are there who are not in it. If "
            "the school has ended, close them: feideprov close LIST, with the list of --leavers-list. If it has not, "
            "ask whoever makes the file.",
            school=school,
            file=leavers.file,
            count=count,
        )
    for dn, count in leavers.left.items():
        yield Sentence(
            "{count} user of this source belongs to {dn}, which is no school in the configuration any more. If the "
            "school has ended, close the user: feideprov close LIST, with the list of --leavers-list. If it has not, "
            "write it in [[schools]] again.",
            plural="{count} users of this source belong to {dn}, which is no school in the configuration any more. If "
            "the school has ended, close them: feideprov close LIST, with the list of --leavers-list. If it has not, "
            "write it in [[schools]] again.",
            dn=dn,
            count=count,
        )
