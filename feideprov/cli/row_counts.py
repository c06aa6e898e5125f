"""What becomes of the rows of a list: each row is counted once, so that the counts add up to the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from feideprov.issues import Refusal
from feideprov.messages import Sentence, joined
from feideprov.numbers import NumberKind
from feideprov.provision.plan.changes import Attach, Change, Create
from feideprov.provision.plan.people.changed_numbers import is_changed_number
from feideprov.provision.plan.plan import Outcome, Plan

_NOT_ONE_BY_ONE: Final = frozenset(("read", "refused", "held", "without_number", "in_part"))
"""What is said in another way: the total, rows that come to nothing, and what is said about rows counted before."""
_WHY: Final = {
    "refused": Sentence("{count} refused", plural="{count} refused", count=0),
    "held": Sentence("{count} held", plural="{count} held", count=0),
}
_WOULD_BE: Final = {
    "created": Sentence("{count} user would be created", plural="{count} users would be created", count=0),
    "updated": Sentence("{count} user would be updated", plural="{count} users would be updated", count=0),
    "attached": Sentence("{count} number would be attached", plural="{count} numbers would be attached", count=0),
    "replaced": Sentence("{count} number would be replaced", plural="{count} numbers would be replaced", count=0),
    "withdrawn": Sentence("{count} number would be withdrawn", plural="{count} numbers would be withdrawn", count=0),
    "linked": Sentence("{count} user would be linked", plural="{count} users would be linked", count=0),
    "closed": Sentence("{count} user would be closed", plural="{count} users would be closed", count=0),
    "renewed": Sentence(
        "{count} user would get a new first password", plural="{count} users would get a new first password", count=0
    ),
    "same": Sentence("{count} row would change nothing", plural="{count} rows would change nothing", count=0),
    "nobody": Sentence(
        "{count} row would make no user ({why})", plural="{count} rows would make no user ({why})", count=0, why=""
    ),
    "left_out": Sentence(
        "{count} row would be left out ({why})", plural="{count} rows would be left out ({why})", count=0, why=""
    ),
    "without_number": Sentence(
        "{count} of these {users} users would have no number.",
        plural="{count} of these {users} users would have no number.",
        count=0,
        users=0,
    ),
    "only_user": Sentence("This user would have no number."),
    "in_part": Sentence(
        "{count} row would be used only in part: see above.",
        plural="{count} rows would be used only in part: see above.",
        count=0,
    ),
}
_WAS: Final = {
    "created": Sentence("{count} user was created", plural="{count} users were created", count=0),
    "updated": Sentence("{count} user was updated", plural="{count} users were updated", count=0),
    "attached": Sentence("{count} number was attached", plural="{count} numbers were attached", count=0),
    "replaced": Sentence("{count} number was replaced", plural="{count} numbers were replaced", count=0),
    "withdrawn": Sentence("{count} number was withdrawn", plural="{count} numbers were withdrawn", count=0),
    "linked": Sentence("{count} user was linked", plural="{count} users were linked", count=0),
    "closed": Sentence("{count} user was closed", plural="{count} users were closed", count=0),
    "renewed": Sentence(
        "{count} user got a new first password", plural="{count} users got a new first password", count=0
    ),
    "same": Sentence("{count} row changed nothing", plural="{count} rows changed nothing", count=0),
    "nobody": Sentence("{count} row made no user ({why})", plural="{count} rows made no user ({why})", count=0, why=""),
    "left_out": Sentence(
        "{count} row was left out ({why})", plural="{count} rows were left out ({why})", count=0, why=""
    ),
    "without_number": Sentence(
        "{count} of these {users} users has no number.",
        plural="{count} of these {users} users have no number.",
        count=0,
        users=0,
    ),
    "only_user": Sentence("This user has no number."),
    "in_part": Sentence(
        "{count} row was used only in part: see above.",
        plural="{count} rows were used only in part: see above.",
        count=0,
    ),
}
_IN_BOTH: Final = {
    "unchanged": Sentence("{count} user is unchanged", plural="{count} users are unchanged", count=0),
    "empty": Sentence("{count} row has no number yet", plural="{count} rows have no number yet", count=0),
    "failed": Sentence("{count} row failed", plural="{count} rows failed", count=0),
    "not_reached": Sentence("{count} row was not reached", plural="{count} rows were not reached", count=0),
}
_AGAIN: Final = Sentence("When the list is corrected, use it again: nothing is done twice.")
_SAID: Final = {True: _WOULD_BE | _IN_BOTH, False: _WAS | _IN_BOTH}


class ListRows(NamedTuple):
    """What became of the rows of a list: how many there are of each kind, and which have a user."""

    counts: dict[str, int]
    with_user: frozenset[int]
    """The rows whose person is a user, or becomes one."""


def row_counts(plan: Plan, outcome: Outcome, done: str | None = None) -> ListRows:
    """How many rows were read, and what becomes of them. Empty when the plan comes from no list.

    `outcome` is what was done or, in a dry run, would be; `done` what the command does, if it does one thing only.
    """
    if not plan.rows.read:
        return ListRows({}, frozenset())
    created = _rows(change for change in outcome.changes if isinstance(change, Create))
    changed = _rows(outcome.changes) - created
    failed = _rows(outcome.failures) - created - changed
    told, met = _rows(outcome.refusals), _rows(set(outcome.refusals) - set(plan.refusals))
    dropped = _rows(plan.changes) - created - changed - failed - met
    stopped, before = (dropped, set[int]()) if outcome.stopped else (set[int](), dropped)
    known = plan.rows.of_users | before
    with_user = frozenset(created | changed | known)
    nobody = told - failed - stopped - with_user
    refused = nobody & _rows(outcome.refused)
    counts = {"created": len(created), "updated": len(changed)} if done is None else {done: len(changed)}
    others = len(nobody) + len(failed) + len(stopped) + plan.rows.empty
    counts |= {
        "unchanged": plan.rows.read - sum(counts.values()) - others,
        "refused": len(refused),
        "held": len(nobody) - len(refused),
        "empty": plan.rows.empty,
        "failed": len(failed),
        "not_reached": len(stopped),
    }
    if done is None:
        waiting = plan.rows.of_waiting - failed - stopped - _rows(c for c in outcome.changes if _gives_number(c))
        made = (*outcome.changes, *(c for c in plan.changes if c.origin and c.origin.row in before))
        without = _rows(c for c in made if isinstance(c, Create) and not _gives_number(c))
        in_part = (told | _rows(outcome.failures)) & with_user
        counts |= {"without_number": len(waiting | without), "in_part": len(in_part)}
    return ListRows({"read": plan.rows.read} | counts, with_user if done is None else frozenset())


def number_counts(changes: Iterable[Change]) -> dict[str, int]:
    """How many numbers of users arrive and change by a list of people; empty when none does."""
    changes = list(changes)
    counts = {
        "attached": sum(isinstance(change, Attach) for change in changes),
        "replaced": sum(map(is_changed_number, changes)),
    }
    return counts if any(counts.values()) else {}


def row_lines(
    counts: Mapping[str, int],
    *,
    dry: bool,
    seconds: float | None = None,
    numbers: Mapping[str, int] = MappingProxyType({}),
) -> Iterator[Sentence]:
    """The counts of `row_counts` in sentences: what would be (`dry`), or what was. `numbers`: of `number_counts`."""
    said = _SAID[dry]
    what = _row_parts(counts, said)
    if seconds is not None:
        what = Sentence("{what}, in {seconds:.1f} s", what=what, seconds=seconds)
    yield Sentence("Of {count} row: {what}.", plural="Of {count} rows: {what}.", count=counts["read"], what=what)
    if numbers:
        arrived = (said[name].with_values(count=count) for name, count in numbers.items() if count)
        yield Sentence("{numbers}.", numbers=joined(arrived, "; "))
    if waiting := counts.get("without_number"):
        users = sum(counts[name] for name in ("created", "updated", "unchanged"))
        yield said["only_user"] if users == 1 else said["without_number"].with_values(count=waiting, users=users)
    if in_part := counts.get("in_part"):
        yield said["in_part"].with_values(count=in_part)
    if in_part or counts["refused"] or counts["held"]:
        yield _AGAIN


def _row_parts(counts: Mapping[str, int], said: Mapping[str, Sentence]) -> Sentence:
    """What becomes of the rows, each row once."""
    of_people = "created" in counts
    parts = []
    for name, count in counts.items():
        if name == "refused" and (nobody := count + counts["held"]):
            why = (_WHY[one].with_values(count=counts[one]) for one in _WHY if counts[one])
            template = said["nobody" if of_people else "left_out"]
            parts.append(template.with_values(count=nobody, why=joined(why, ", ")))
        elif name not in _NOT_ONE_BY_ONE and count:
            unchanged = "same" if name == "unchanged" and not of_people else name
            parts.append(said[unchanged].with_values(count=count))
    return joined(parts, "; ")


def _rows(things: Iterable[Change | Refusal]) -> set[int]:
    return {thing.origin.row for thing in things if thing.origin}


def _gives_number(change: Change) -> bool:
    """A user with only a DUF number still waits for a number."""
    return change.number is not None and change.number.kind is not NumberKind.DUF
