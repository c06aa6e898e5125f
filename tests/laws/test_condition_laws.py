"""Laws of `satisfies`: it holds after the steps were carried out, and not before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feideprov import MemoryDirectory
from feideprov.directory.conditions import satisfies
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification, Modify

OLENA = DN.parse("uid=olena,dc=skotthyll,dc=no")
VALUES = st.sampled_from(["olena", "Olena", "OLENA", "kari", "Kari"])
SETS = st.lists(VALUES, max_size=3, unique_by=str.lower).map(lambda some: tuple(value.encode() for value in some))
ADD = st.builds(Modification, st.just("add"), st.sampled_from(["cn", "CN", "description"]), SETS.filter(bool))
DELETE = st.builds(Modification, st.just("delete"), st.sampled_from(["cn", "description"]), SETS)
STEPS = st.lists(ADD | DELETE, max_size=5).map(tuple)


def after(values: tuple[bytes, ...], steps: tuple[Modification, ...]) -> Entry | None:
    """The entry with these descriptions after the steps; None if a server refuses them."""
    base = Entry(OLENA.parent, {"objectClass": ["domain"], "dc": ["skotthyll"]})
    person = {"objectClass": ["inetOrgPerson"], "uid": ["olena"], "sn": ["K"], "cn": ["K"], "description": values}
    directory = MemoryDirectory(OLENA.parent, [base, Entry(OLENA, person)])
    [result] = directory.write([Modify(OLENA, steps)])
    return directory.read(OLENA) if result.error is None else None


@given(SETS, STEPS)
def test_an_entry_satisfies_the_steps_that_were_carried_out(
    values: tuple[bytes, ...], steps: tuple[Modification, ...]
) -> None:
    entry = after(values, steps)
    assert entry is None or satisfies(entry, steps)


@given(SETS.filter(bool))
def test_an_entry_does_not_satisfy_steps_that_were_not_carried_out(values: tuple[bytes, ...]) -> None:
    entry = after(values, ())
    assert not satisfies(entry, [Modification("delete", "description", values)])
    assert not satisfies(entry, [Modification("delete", "description", ())])
    assert not satisfies(entry, [Modification("add", "description", (b"Yusuf",))])
