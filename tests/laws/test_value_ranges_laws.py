"""Laws of attributes that are returned in ranges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feideprov.directory.ldap.responses import Attributes
from feideprov.directory.ldap.search import has_ranges, with_all_values
from feideprov.directory.referral import may_hold_people
from feideprov.errors import DirectoryError

VALUES = st.lists(st.integers(0, 10**6).map(lambda n: b"%d" % n), min_size=1, unique=True, max_size=60)


def ranged(name: str, values: list[bytes], start: int, most: int) -> Attributes:
    """What Active Directory gives of an attribute, from the value at `start`."""
    end = min(start + most, len(values))
    last = "*" if end == len(values) else str(end - 1)
    spelled = f"{name};range={start}-{last}"
    return {spelled.lower(): (spelled, tuple(values[start:end]))}


@given(VALUES, st.integers(1, 70), st.booleans())
def test_ranges_make_up_all_values_in_their_order(values: list[bytes], most: int, empty_too: bool) -> None:
    requested: list[str] = []

    def read_more(attribute: str) -> Attributes:
        requested.append(attribute)
        return ranged("Member", values, int(attribute.partition("=")[2].removesuffix("-*")), most)

    first = ranged("Member", values, 0, most)
    others: Attributes = {"cn": ("cn", (b"x",)), **({"member": ("member", ())} if empty_too else {})}
    assert has_ranges(first)
    assert with_all_values({**others, **first}, read_more)["member"] == ("Member", tuple(values))
    assert with_all_values({**first, **others}, read_more)["member"] == ("Member", tuple(values))
    assert with_all_values({**first, **others}, read_more)["cn"] == ("cn", (b"x",))
    assert len(requested) == 3 * ((len(values) - 1) // most)


@given(VALUES)
def test_attributes_without_ranges_stay_as_they_are(values: list[bytes]) -> None:
    attributes: Attributes = {"member": ("member", tuple(values)), "cn;lang-nb": ("cn;lang-nb", (b";range=0-1",))}
    assert not has_ranges(attributes)
    assert with_all_values(attributes, lambda _: pytest.fail("nothing is to be requested")) == attributes


@pytest.mark.parametrize("returned", [{}, ranged("member", [b"a", b"b", b"c"], 1, 1), {"member": ("member", (b"b",))}])
def test_a_range_that_is_missing_is_an_error(returned: Attributes) -> None:
    """The second range begins where the first did not end."""
    with pytest.raises(DirectoryError, match="did not return all values of member"):
        with_all_values(ranged("member", [b"a", b"b", b"c", b"d"], 0, 2), lambda _: returned)


def test_the_partitions_of_a_forest_are_no_place_for_people() -> None:
    own = ["CN=Configuration", "DC=DomainDnsZones", "DC=ForestDnsZones", "CN%3DSchema,CN%3DConfiguration"]
    for place in own:
        assert not may_hold_people([f"ldap://skotthyll.no/{place},DC=skotthyll,DC=no"])
    for uris in (["ldap://b.skotthyll.no/DC=b,DC=skotthyll,DC=no"], ["ldap://other/"], []):
        assert may_hold_people(uris)
