"""Check finds names with signs that no name has."""

from __future__ import annotations

import pytest
from town import BASE, ON, Town, organization_of

from feideprov import MemoryDirectory
from feideprov.check.checker import check_directory
from feideprov.check.context import CheckContext
from feideprov.directory.entry import Entry


@pytest.fixture
def codes(tmp_path):
    """The codes that a check finds when a user, or the first school, has these values."""
    town = Town(4)
    settings = town.settings(tmp_path)

    def found(attribute, value, *, unit=False):
        user, units = next(iter(town.users())), list(town.units(settings))
        if unit:
            units[-1] = Entry(units[-1].dn, {**dict(units[-1].items()), attribute: [value]})
        else:
            user[attribute] = [value]
        context = CheckContext(organization_of(settings), MemoryDirectory(BASE, [*units, user.entry]), settings, on=ON)
        return [(one.code, one.user, one.sentence) for one in check_directory(context)]

    return found


ATTRIBUTES = ["cn", "displayName", "sn", "givenName", "norEduPersonLegalName", "eduPersonNickname"]


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("name", ["BjÃ¸rn Lie", "Bj›rn Lie", "Bj?rn Lie", "Bj\ufffdrn Lie", "Îëåíà Lie"])
def test_a_damaged_name_is_found(codes, attribute, name):
    found = [one for one in codes(attribute, name) if one[0] == "P-NAME-SPOILED"]
    [(_, user, sentence)] = found
    assert user
    assert attribute in sentence
    assert name not in sentence


@pytest.mark.parametrize(
    "name", ["Bjørn O’Brien", "Gal·la Þórný", "Олена II", "Nils (Nisse) Lie, Jr.", "Ola «Nisse» Lie"]
)
def test_a_right_name_is_not(codes, name):
    assert not [one for one in codes("displayName", name) if "SPOILED" in one[0]]


def test_a_value_that_is_not_utf_8_has_its_own_finding(codes):
    assert [code for code, *_ in codes("displayName", b"\xc5se")] == ["P-ENCODING"]


@pytest.mark.parametrize("name", ["SÃ¸rby skole", "S\ufffdrby skole"])
def test_a_damaged_name_of_a_school_is_found(codes, name):
    assert "O-NAME-SPOILED" in [code for code, *_ in codes("ou", name, unit=True)]


def test_signs_that_the_name_of_a_school_may_have(codes):
    assert "O-NAME-SPOILED" not in [code for code, *_ in codes("ou", "Skole § 5 – 50 % + SFO", unit=True)]
