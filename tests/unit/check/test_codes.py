"""Which codes the configuration and the options of `check` may name, and what is said about the others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feideprov import Client
from feideprov.check.catalogue import CATALOGUE
from feideprov.check.codes import require_known, select_rules
from feideprov.errors import ConfigurationError, InputError
from feideprov.settings import IgnoreSection
from feideprov.testing import example_settings

DAY = date(2026, 11, 1)
NOT_A_FINDING = "is not a finding of check or doctor, so it cannot be ignored"


def ignored(code: str) -> list[IgnoreSection]:
    return [IgnoreSection(code=code, reason="known", on=DAY)]


@pytest.mark.parametrize("code", ["P-SPACES", "O-DIFFERS", "D-NUMBER-UNSEEN", "D-INDEX", "D-LOGIN-CASE", "D-FILE-MODE"])
def test_findings_of_check_and_doctor_can_be_ignored(code: str) -> None:
    require_known(ignored(code))


@pytest.mark.parametrize(
    ("code", "nearest"),
    [
        ("D-INDX", "D-INDEX"),
        ("D-CLOCKS", "D-CLOCK"),
        ("P-SPACE", "P-SPACES"),
        ("O-DIFFER", "O-DIFFERS"),
        ("X-SPACES", "P-SPACES"),
        ("d-index", "D-INDEX"),
        ("p-pending", "P-PENDING"),
        ("D-INDEX ", "D-INDEX"),
        (" P-PENDING", "P-PENDING"),
    ],
)
def test_an_unknown_code_is_refused_with_the_nearest_one(code: str, nearest: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        require_known(ignored(code))
    sentence = f"There is no finding with the code “{code}”. The nearest code is {nearest}."
    assert str(caught.value) == f"[[check.ignore]]: {sentence}"


@pytest.mark.parametrize("code", ["R-CLOSED", "N-FILLER", "S-DATE", "J-OPEN", "j-open", "R-NO-SUCH-CODE"])
def test_codes_of_other_things_cannot_be_ignored(code: str) -> None:
    with pytest.raises(ConfigurationError, match=NOT_A_FINDING) as caught:
        require_known(ignored(code))
    assert str(caught.value).startswith(f"[[check.ignore]]: {code} ")
    assert "begin with P-, O- or D-. The nearest code is " in str(caught.value)


def test_a_code_shows_no_digits_of_a_number() -> None:
    with pytest.raises(ConfigurationError) as caught:
        require_known(ignored("P-57912075186"))
    assert "57912" not in str(caught.value)


def test_check_and_doctor_refuse_it_both(tmp_path: Path) -> None:
    settings = example_settings(tmp_path, check={"ignore": [{"code": "D-INDX", "reason": "known", "on": DAY}]})
    with Client(settings) as feide:
        for examination in (feide.check, feide.doctor):
            with pytest.raises(ConfigurationError, match="The nearest code is D-INDEX"):
                examination()


@pytest.mark.parametrize("code", ["D-INDEX", "D-LOGIN-NONE"])
def test_check_makes_no_findings_of_doctor(code: str) -> None:
    for chosen in ({"only": [code]}, {"ignore": [code]}):
        with pytest.raises(
            InputError, match=f"^{code} is a finding of the command doctor, not of the command check\\.$"
        ):
            select_rules(**chosen)


@pytest.mark.parametrize(
    ("code", "nearest"), [("P-SPACE", "P-SPACES"), ("p-spaces", "P-SPACES"), ("P-SPACES ", "P-SPACES")]
)
def test_check_refuses_an_unknown_code_with_the_nearest_one(code: str, nearest: str) -> None:
    for chosen in ({"only": [code]}, {"ignore": [code]}):
        with pytest.raises(InputError, match=f"“{code}”. The nearest code is {nearest}"):
            select_rules(**chosen)


def test_rules_are_chosen_by_their_codes() -> None:
    assert select_rules() == CATALOGUE
    assert [rule.code for rule in select_rules(only=["D-NUMBER-UNSEEN"])] == ["D-NUMBER-UNSEEN"]
    assert len(select_rules(ignore=["P-SPACES"])) == len(CATALOGUE) - 1
