"""What two changes of one plan cannot both have: found before anything is sent.

A server that is sent both at the same moment may take both (OpenLDAP's `unique` overlay did in 27 of 200 tries).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from feideprov.directory.dn import fold
from feideprov.issues import Refusal
from feideprov.journal.users import Answers
from feideprov.numbers.compare import same_number
from feideprov.provision.plan.changes import Create, Writable
from feideprov.provision.run.conflicts import held


def told_apart(changes: Sequence[Writable], answers: Answers) -> tuple[list[Writable], list[Refusal]]:
    """The changes without those that want the same source id, and without the numbers that two users are to get: of
    either nobody gets it, because nobody here can know whose it is. And what is said of them.

    Names are given out one by one: see the executor.
    """
    possible: list[Writable] = []
    refusals: list[Refusal] = []
    persons = _twice((change for change in changes if isinstance(change, Create)), _person)
    numbers = _numbers_of_two(changes, answers)
    for change in changes:
        if isinstance(change, Create) and persons and _person(change) in persons:
            refusals.append(
                held(change, "R-DUPLICATE", "The plan makes two users with this source id. Neither is made: keep one.")
            )
        elif numbers and change.number and same_number(change.number) in numbers:
            sentence = f"The number for {change.feide_name} is another user's too in this plan. Keep the right one."
            refusals.append(held(change, "R-NUMBER-TWICE", sentence))
            possible += [change.without_number()] if isinstance(change, Create) else []
        else:
            possible.append(change)
    return possible, refusals


def _person(create: Create) -> str:
    return fold(create.source_id)


def _twice(creates: Iterable[Create], key: Callable[[Create], Hashable]) -> set[Hashable]:
    seen, twice = set[Hashable](), set[Hashable]()
    for create in creates:
        value = key(create)
        (twice if value in seen else seen).add(value)
    return twice


def _numbers_of_two(changes: Sequence[Writable], answers: Answers) -> set[bytes]:
    users: dict[bytes, set[str]] = defaultdict(set)
    for change in changes:
        if change.number is not None:
            users[same_number(change.number)].add(change.feide_name)
    return {
        number
        for number, names in users.items()
        if any(not answers.may_share(one, other) for one in names for other in names if one != other)
    }
