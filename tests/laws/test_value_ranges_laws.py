"""Laws of attributes that come in parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov.directory.ldap.responses import Attributes
from feideprov.directory.ldap.search import has_ranges, with_all_values
from feideprov.directory.ldap.server_kind import may_hold_people
from feideprov.errors import DirectoryError

VALUES = st.lists(st.integers(0, 10**6).map(lambda n: b"%d" % n), min_size=1, unique=True, max_size=60)


def part(name: str, values: list[bytes], start: int, most: int) -> Attributes:
    """What Active Directory gives of an attribute, from the value at `start`."""
    end = min(start + most, len(values))
    last = "*" if end == len(values) else str(end - 1)
    spelled = f"{name};range={start}-{last}"
    return {spelled.lower(): (spelled, tuple(values[start:end]))}


@given(VALUES, st.integers(1, 70), st.booleans())
def test_parts_make_up_the_whole_in_its_order(values: list[bytes], most: int, empty_too: bool) -> None:
    asked: list[str] = []

    def more(attribute: str) -> Attributes:
        asked.append(attribute)
        return part("Member", values, int(attribute.partition("=")[2].removesuffix("-*")), most)

    came = part("Member", values, 0, most)
    beside: Attributes = {"cn": ("cn", (b"x",)), **({"member": ("member", ())} if empty_too else {})}
    assert has_ranges(came)
    assert with_all_values({**beside, **came}, more)["member"] == ("Member", tuple(values))
    assert with_all_values({**came, **beside}, more)["member"] == ("Member", tuple(values))
    assert with_all_values({**came, **beside}, more)["cn"] == ("cn", (b"x",))
    assert len(asked) == 3 * ((len(values) - 1) // most)


@given(VALUES)
def test_what_is_whole_stays_as_it_is(values: list[bytes]) -> None:
    attributes: Attributes = {"member": ("member", tuple(values)), "cn;lang-nb": ("cn;lang-nb", (b";range=0-1",))}
    assert not has_ranges(attributes)
    assert with_all_values(attributes, lambda _: pytest.fail("nothing is to be asked")) == attributes


@pytest.mark.parametrize("answer", [{}, part("member", [b"a", b"b", b"c"], 1, 1), {"member": ("member", (b"b",))}])
def test_a_part_that_does_not_come_is_an_error(answer: Attributes) -> None:
    """The second answer begins where the first did not end."""
    with pytest.raises(DirectoryError, match="did not return all values of member"):
        with_all_values(part("member", [b"a", b"b", b"c", b"d"], 0, 2), lambda _: answer)


def test_the_partitions_of_a_forest_are_no_place_for_people() -> None:
    own = ["CN=Configuration", "DC=DomainDnsZones", "DC=ForestDnsZones", "CN%3DSchema,CN%3DConfiguration"]
    for place in own:
        assert not may_hold_people([f"ldap://skotthyll.no/{place},DC=skotthyll,DC=no"])
    for uris in (["ldap://b.skotthyll.no/DC=b,DC=skotthyll,DC=no"], ["ldap://other/"], []):
        assert may_hold_people(uris)
