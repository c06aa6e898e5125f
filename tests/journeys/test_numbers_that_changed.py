"""A fødselsnummer in a list for a user with a D-number: told apart, and replaced when a person or a source says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.journeys.conftest import Answer, Office

USER = "olenkova@skotthyll.kommune.no"
D_NUMBER, FOLLOWS = "52829400197", "12829499914"  # Tenor's, of one birth date
OTHER_D, LATER, ANOTHER = "45840375084", "69822075096", "03851598730"
SEEN = ("--evidence", "register", "--seen-by", "Kari Nordmann", "--seen-on", "2026-11-02")
SOURCE = """
[[sources]]
name = "visma"
evidence = "register"
confirmed_by = "Rektor"
confirmed_on = 2026-08-01
"""


@pytest.fixture
def numbered(office: Office) -> Office:
    """An office with one user who has a D-number, and one who has none."""
    assert office("apply", listed(office, D_NUMBER), "--yes").code == 0
    return office


def listed(office: Office, number: str, other: str = "") -> str:
    return office.people(
        f"ref-1;Olena;Kovalenko;1994-02-12;hylla;pupil;{number}", f"ref-2;Yusuf;Demir;;hylla;pupil;{other}"
    )


def with_source(office: Office, *lines: str) -> None:
    text = office.config.read_text(encoding="utf-8")
    office.config.write_text(text + SOURCE + "\n".join(lines) + "\n", encoding="utf-8")


def codes(answer: Answer) -> list[tuple[str, int, bool]]:
    return [(r["code"], r["row"], r["held"]) for r in answer.json["refusals"]]


def number_of(office: Office, source_id: str = "ref-1") -> str | None:
    return office.entry(source_id).text("norEduPersonNIN")


def test_it_is_told_apart_and_replaced_when_a_person_asks_for_it(numbered: Office) -> None:
    people, before = listed(numbered, FOLLOWS), numbered.state()
    told = numbered("plan", people, *SEEN)
    assert told.code == 1
    assert told.out.splitlines()[1:3] == [
        "Numbers that changed (to replace them, add --replace):",
        f"  people.csv row 2, Olena Kovalenko, {USER}: The number has changed: {USER} has a D-number, and the list has "
        "a fødselsnummer. To replace it, run again with --replace. [R-NUMBER-CHANGED]",
    ]
    assert codes(numbered("apply", people, *SEEN, "--yes", "--json")) == [("R-NUMBER-CHANGED", 2, True)]
    assert numbered.state() == before
    shown = numbered("apply", people, *SEEN, "--replace")
    assert shown.out.splitlines()[1:] == [
        "",
        "Numbers that changed:",
        f"  replace the number of {USER} with <Tenor number> (Olena Kovalenko, Hylla skole, row 2)",
        "    norEduPersonNIN: <Tenor number> → <Tenor number>",
        "",
        "Of 2 rows: 1 user would be updated; 1 user is unchanged.",
        "1 number would be replaced.",
        "1 of these 2 users would have no number.",
    ]
    done = numbered("apply", people, *SEEN, "--replace", "--yes", "--json")
    assert (done.code, [change["kind"] for change in done.json["changes"]]) == (0, ["replace"])
    assert done.json["numbers"] == {"attached": 0, "replaced": 1}
    assert number_of(numbered) == FOLLOWS
    event = numbered("history", USER, "--json").json["events"][-1]
    assert (event["kind"], event["outcome"], event["row"]) == ("replace", "done", 2)
    assert "numbers" not in numbered("apply", people, *SEEN, "--replace", "--yes", "--json").json
    for said in (told, shown, done):
        assert not [number for number in (D_NUMBER, FOLLOWS) if number in said.out + said.err]


def test_a_source_that_is_followed_replaces_it_every_night(numbered: Office) -> None:
    with_source(numbered, "follow = true")
    people = listed(numbered, FOLLOWS, LATER)  # Yusuf's number has arrived
    assert codes(numbered("apply", people, "--json")) == [("R-EVIDENCE", 3, True), ("R-OTHER-NUMBER", 2, True)][::-1]
    done = numbered("apply", people, "--source", "visma", "--yes", "--json")
    assert done.json["numbers"] == {"attached": 1, "replaced": 1}
    assert [number_of(numbered, key) for key in ("ref-1", "ref-2")] == [FOLLOWS, LATER]
    again = numbered("apply", people, "--source", "visma", "--yes", "--json")
    assert (again.code, again.json["changes"]) == (0, [])


def test_without_evidence_or_for_other_numbers_a_person_decides_as_before(numbered: Office) -> None:
    told = numbered("apply", listed(numbered, FOLLOWS), "--replace", "--yes")  # the birth date alone is no evidence
    assert "there is no evidence for the fødselsnummer in the list" in told.out
    assert codes(numbered("apply", listed(numbered, OTHER_D), "--replace", *SEEN, "--json")) == [
        ("R-OTHER-NUMBER", 2, True)
    ]
    assert numbered("apply", listed(numbered, FOLLOWS), "--replace", *SEEN, "--yes").code == 0
    for number, words in ((D_NUMBER, "a D-number does not replace it"), (ANOTHER, "run: feideprov replace LIST")):
        people = numbered.people(f"ref-1;Olena;Kovalenko;;hylla;pupil;{number}")
        told = numbered("apply", people, "--replace", *SEEN, "--yes").out
        assert ("R-OTHER-NUMBER" in told, words in told) == (True, True), told
    assert number_of(numbered) == FOLLOWS


def test_every_guard_holds_it(numbered: Office) -> None:
    two = f"ref-2;Yusuf;Demir;;hylla;pupil;{FOLLOWS}"
    both = listed(numbered, FOLLOWS, FOLLOWS)
    for words in ((), ("--replace",)):
        answer = numbered("apply", both, *SEEN, *words, "--json")
        assert codes(answer) == [("R-NUMBER-TWICE", 2, True), ("R-NUMBER-TWICE", 3, True)]
    assert numbered("apply", numbered.people(two), *SEEN, "--yes").code == 0
    listed(numbered, FOLLOWS, FOLLOWS)
    for words in ((), ("--replace",)):
        answer = numbered("apply", both, *SEEN, *words, "--json")
        assert codes(answer) == [("R-HELD-BY-ANOTHER", 2, True)]
    gone = numbered.write("gone.csv", f"source_id;national_number\nref-2;{FOLLOWS}\n")
    assert numbered("withdraw", gone, "--yes").code == 0
    assert numbered("close", USER, "--yes").code == 0
    assert codes(numbered("apply", listed(numbered, FOLLOWS), *SEEN, "--replace", "--json"))[0][:2] == ("R-CLOSED", 2)


def test_a_saved_plan_replaces_it_and_has_no_number(numbered: Office) -> None:
    people, file = listed(numbered, FOLLOWS), numbered.folder / "plan.json"
    assert numbered("plan", people, *SEEN, "--replace", "-o", str(file)).code == 0
    assert not [number for number in (D_NUMBER, FOLLOWS) if number in file.read_text()]
    assert numbered("apply", str(file), "--replace").code == 2
    listed(numbered, LATER)
    assert codes(numbered("apply", str(file), "--json")) == [("R-INPUT-CHANGED", 2, True)]
    listed(numbered, FOLLOWS)
    done = numbered("apply", str(file), "--yes", "--json")
    assert (done.json["numbers"], number_of(numbered)) == ({"attached": 0, "replaced": 1}, FOLLOWS)
    again = numbered("apply", str(file), "--yes", "--json")
    assert (again.code, again.json["changes"], again.json["refusals"]) == (0, [], [])


def test_a_saved_plan_holds_what_somebody_else_has_replaced(numbered: Office) -> None:
    people, file = listed(numbered, FOLLOWS), str(numbered.folder / "plan.json")
    assert numbered("plan", people, *SEEN, "--replace", "-o", file).code == 0
    moved = numbered.write("moved.csv", f"user;old_number;national_number\n{USER};{D_NUMBER};{OTHER_D}\n")
    assert numbered("replace", moved, *SEEN, "--yes").code == 0
    assert codes(numbered("apply", file, "--yes", "--json")) == [("R-MOVED", 2, True)]
    assert number_of(numbered) == OTHER_D


def test_it_counts_in_the_caps(numbered: Office) -> None:
    with_source(numbered, "follow = true", "", "[caps]", "changes = 0")
    people = listed(numbered, FOLLOWS)
    stopped = numbered("apply", people, "--source", "visma", "--yes")
    assert (stopped.code, number_of(numbered)) == (2, D_NUMBER)
    assert "The plan changes 1 of 2 users, which is more than [caps] allows. Read the plan." in stopped.err
    assert numbered("apply", people, "--source", "visma", "--yes", "--allow-changes", "1").code == 0
    assert number_of(numbered) == FOLLOWS


@pytest.mark.parametrize(
    ("heading", "row", "words"),
    [
        ("user;national_number", f"{USER};{FOLLOWS}", SEEN),
        ("user;old_number;national_number", f"{USER};;{FOLLOWS}", SEEN),
        ("user;national_number;evidence;seen_by;seen_on", f"{USER};{FOLLOWS};register;Kari Nordmann;2.11.2026", ()),
    ],
)
def test_a_list_of_replacements_need_not_name_the_d_number(
    numbered: Office, heading: str, row: str, words: tuple[str, ...]
) -> None:
    changed = numbered.write("changed.csv", f"{heading}\n{row}\n")
    assert numbered("replace", changed, *words, "--yes").code == 0
    assert number_of(numbered) == FOLLOWS
    again = numbered("replace", changed, *words, "--yes", "--json")
    assert (again.code, again.json["changes"]) == (0, [])
    for number in (D_NUMBER, ANOTHER):  # from a fødselsnummer to another number: the list must name it
        other = numbered.write("changed.csv", f"{heading}\n{row.replace(FOLLOWS, number)}\n")
        assert codes(numbered("replace", other, *words, "--yes", "--json")) == [("R-NUMBER-MISSING", 2, False)]
    assert number_of(numbered) == FOLLOWS


def test_a_list_of_replacements_without_evidence_names_the_d_number(numbered: Office) -> None:
    rows = f"user;old_number;national_number;birth_date\n{USER};;{FOLLOWS};1994-02-12\n"
    answer = numbered("replace", numbered.write("changed.csv", rows), "--yes", "--json")
    assert (codes(answer), number_of(numbered)) == ([("R-NUMBER-MISSING", 2, False)], D_NUMBER)
