"""The same-day list, as an administrator works through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

USER = "olenkova@skotthyll.kommune.no"
D_NUMBER = "52829400197"  # Tenor's


def test_the_list_is_shown_with_a_number_that_arrives_and_ticked(office: Office) -> None:
    assert office("checklist").out == "Everything is ticked.\n"
    assert office("apply", office.people("ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;"), "--yes").code == 0
    listed = office.write("numbers.csv", f"user;national_number;birth_date\n{USER};{D_NUMBER};1994-02-12\n")
    assert "checklist" not in office("attach", listed).out
    said = office("attach", listed, "--yes", "--json")
    assert said.code == 0
    shown = office("checklist")
    assert (shown.code, USER in shown.out) == (0, True)
    ticked = office("checklist", USER, "--done", "identity system", "--done", "AD attribute", "--json").json
    assert ticked["counts"] == {"users": 1, "places": 1, "ticked": 1}
    assert ticked["checklist"][0]["done"] == ["identity system", "AD attribute"]
    assert office("checklist", "--done", "all").out.splitlines() == ["Ticked for 1 user.", "Everything is ticked."]
    assert office("checklist", USER, "--done", "the moon").code == 2
    assert office("checklist", "nobody@skotthyll.kommune.no").code == 1
    assert D_NUMBER not in shown.out + said.out


def test_the_sentence_after_an_attach_names_the_places_and_the_next_command(office: Office) -> None:
    assert office("apply", office.people("ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;"), "--yes").code == 0
    listed = office.write("numbers.csv", f"user;national_number;birth_date\n{USER};{D_NUMBER};1994-02-12\n")
    assert 'feideprov checklist USER --done "school administration system"' in office("attach", listed, "--yes").out


def test_protected_users_are_counted_and_not_listed(office: Office) -> None:
    heading = "source_id;given_name;family_name;school;role;protected\n"
    people = office.write("hidden.csv", f"{heading}ref-1;Olena;Kovalenko;hylla;pupil;yes\n")
    assert office("apply", people, "--yes", "--only", "ref-1").code == 0
    [user] = [name for _, _, name in office.journaled()]
    listed = office.write(
        "n.csv", f"user;national_number;evidence;seen_by;seen_on\n{user};{D_NUMBER};letter;Kari;2026-11-01\n"
    )
    assert office("attach", listed, "--yes").code == 0
    said = office("checklist")
    assert user not in said.out
    assert "1 more user is protected" in said.out
    assert user in office("checklist", user).out
