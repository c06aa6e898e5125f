"""Whether an entry is as the steps of a change would leave it, and whether it meets the preconditions of one."""

from __future__ import annotations

import pytest

from feideprov.directory.conditions import meets, satisfies
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification, Precondition

OLENA = DN.parse("uid=olena,ou=people,dc=skotthyll,dc=no")


def entry(*names: str) -> Entry:
    return Entry(OLENA, {"uid": ["olena"], "displayName": names} if names else {"uid": ["olena"]})


def add(*values: str) -> Modification:
    return Modification("add", "displayName", tuple(value.encode() for value in values))


def delete(*values: str) -> Modification:
    return Modification("delete", "displayname", tuple(value.encode() for value in values))


@pytest.mark.parametrize(
    ("held", "steps", "satisfied"),
    [
        (["Olena"], [add("Olena")], True),
        (["OLENA"], [add("Olena")], True),
        (["Olena", "Kari"], [add("Olena")], True),
        (["Kari"], [add("Olena")], False),
        ([], [add("Olena")], False),
        ([], [delete("Olena")], True),
        (["olena"], [delete("Olena")], False),
        (["Kari"], [delete("Olena"), add("Kari")], True),
        (["Kari", "Olena"], [delete("Olena"), add("Kari")], False),
        (["Olena"], [delete("olena"), add("Olena")], True),
        (["olena"], [delete("olena"), add("Olena")], False),
        (["c"], [delete("a"), add("b"), delete("b"), add("c")], True),
        (["b"], [delete("a"), add("b"), delete("b"), add("c")], False),
        ([], [add("Olena"), delete("OLENA")], True),
        (["Olena"], [add("Olena"), delete("OLENA")], False),
        ([], [delete()], True),
        (["Olena"], [delete()], False),
        (["Olena"], [delete(), add("olena")], True),
        (["Olena", "Kari"], [delete(), add("olena")], False),
        ([], [], True),
    ],
)
def test_an_entry_satisfies_steps_when_it_is_as_they_would_leave_it(
    held: list[str], steps: list[Modification], satisfied: bool
) -> None:
    assert satisfies(entry(*held), steps) == satisfied


def test_an_entry_that_is_not_there_satisfies_nothing() -> None:
    assert not satisfies(None, [])


def test_a_precondition_is_a_value_or_that_there_is_none() -> None:
    assert meets(entry("Olena"), [Precondition("displayName", "OLENA"), Precondition("mail", None)])
    assert not meets(entry("Olena"), [Precondition("displayName", None)])
    assert not meets(entry("Olena"), [Precondition("displayName", "Kari")])
    assert not meets(entry(), [Precondition("displayName", "Olena")])
