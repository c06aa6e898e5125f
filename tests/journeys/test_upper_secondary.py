"""Pupils of upper secondary school: their Grep codes and groups, from the list to the directory and the check."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

CASES = Path(__file__).parents[1] / "data" / "cases"
VG1 = "urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/vg1"
COUNTY = "urn:mace:feide.no:go:grep:http://psi.udir.no/kl06/vg1"


@pytest.fixture
def listed(office: Office) -> str:
    return str(shutil.copy(CASES / "upper-secondary.csv", office.folder))


def test_who_holds_a_code_keeps_it_and_who_is_new_gets_it(office: Office, listed: str) -> None:
    assert office("apply", listed, "--only", "v1", "--yes").code == 0
    text = office.catalogue.read_text(encoding="utf-8")
    office.catalogue.write_text(text.replace("\neduPersonEnt", f"\neduPersonEntitlement: {COUNTY}\neduPersonEnt", 1))
    assert office("apply", listed, "--yes").code == 0
    assert {VG1, COUNTY} <= set(office.entry("v1").texts("eduPersonEntitlement"))
    assert VG1 in office.entry("v2").texts("eduPersonEntitlement")
    assert office("apply", listed, "--json").json["counts"]["unchanged"] == 2
    assert {one["code"] for one in office("check", "--json").json["findings"]} == {"P-PENDING"}


@pytest.mark.parametrize("written", ["1STA/KRO", "1STA%2FKRO"])
def test_a_group_id_with_a_slash_is_written_with_a_warning(office: Office, written: str) -> None:
    heading = "source_id;given_name;family_name;school;role;grade;groups\n"
    path = office.write("slash.csv", f"{heading}v1;Vera;Gone;hylla;elev;vg1;b:{written}:1STA\n")
    answer = office("apply", path, "--yes")
    assert answer.code == 0
    assert "The id of 1 group contains “/”" in " ".join(answer.err.split())
    parts = [value.split(":") for value in office.entry("v1").texts("eduPersonEntitlement") if ":group" in value]
    assert {part[8] if part[4] == "group" else part[7] for part in parts} == {"1STA%2FKRO", "1sta%2Fkro"}
    assert {one["code"] for one in office("check", "--json").json["findings"]} == {"P-PENDING"}
