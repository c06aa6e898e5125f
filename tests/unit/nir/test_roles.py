"""Who may hand over what: the role decides, not the law and not the channel."""

from __future__ import annotations

import pytest
from nir_people import RULES, person, record

from feideprov.errors import InputError
from feideprov.nir.model import Law, Scheme
from feideprov.nir.roles import refused_for_role, role_for

NORSK, INTRO = "kommunenorskbruker", "kommuneintrobruker"
ROLES = {
    Scheme.INTRODUKSJONSPROGRAM: INTRO,
    Scheme.NORSK: NORSK,
    Scheme.MOTTAK_OPPLAERING: NORSK,
    Scheme.MOTTAK_KVALIFISERING: INTRO,
}


@pytest.mark.parametrize("law", [Law.INTRODUKSJONSLOVEN, Law.INTEGRERINGSLOVEN, Law.KAP6A])
@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_role_of_a_scheme_may_hand_it_over(scheme: Scheme, law: Law) -> None:
    """Worked example 4."""
    one, needed = record(scheme, person=person(law)), ROLES[scheme]
    other = ({NORSK, INTRO} - {needed}).pop()
    assert role_for(scheme, RULES) == needed
    assert refused_for_role(one, {needed}, RULES) is None
    assert refused_for_role(one, [NORSK, INTRO], RULES) is None
    for roles in ({other}, (), {"kommuneadministrativ bruker"}):
        refusal = refused_for_role(one, roles, RULES)
        assert refusal
        assert refusal.code == "R-NIR-ROLE"
        assert needed in refusal.sentence
        assert "[nir.roles]" in refusal.sentence
        assert "p1" in refusal.sentence
        assert not refusal.held


def test_a_refusal_names_the_name_that_is_to_be_written() -> None:
    """Roles are compared with the name of the login, which need not be the name of the person."""
    refusal = refused_for_role(record(Scheme.NORSK), (), RULES, actor="karno")
    assert refusal
    assert "write “karno”, the name under which you run this, in [nir.roles]" in refusal.sentence


def test_a_scheme_may_be_given_by_its_name_and_a_wrong_one_is_told() -> None:
    assert role_for("mottak_opplaering", RULES) == NORSK
    with pytest.raises(InputError, match=r"There is no such scheme\. Write one of introduksjonsprogram, "):
        role_for("mottak", RULES)


def test_roles_are_a_list_and_no_part_of_a_text() -> None:
    """In a text, the role would be found as a part of a longer word."""
    with pytest.raises(InputError, match="roles of refused_for_role must be a list of text, but str was given"):
        refused_for_role(record(Scheme.NORSK), f"ikke {NORSK}", RULES)
