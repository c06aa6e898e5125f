"""What affiliations imply."""

from __future__ import annotations

import pytest

from feideprov import Role
from feideprov.feide.person import AFFILIATIONS, implied_affiliations


@pytest.mark.parametrize("affiliation", sorted(AFFILIATIONS))
def test_member_goes_with_student_faculty_staff_and_employee(affiliation):
    implied = {"member"} if affiliation in {"student", "faculty", "staff", "employee"} else set()
    assert implied_affiliations([affiliation, "alum"]) == implied
    assert implied_affiliations([affiliation.upper()]) == implied


@pytest.mark.parametrize("role", Role)
def test_the_affiliations_of_a_role_are_known_and_hold_what_they_imply(role):
    assert set(role.affiliations) <= AFFILIATIONS
    assert implied_affiliations(role.affiliations) <= set(role.affiliations)
