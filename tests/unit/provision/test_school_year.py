"""Two school years: what a plan changes in August, how it is told, and what nobody keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from feideprov import Client, ConfigurationError, PersonRecord
from feideprov.directory.entry import Modification, Modify
from feideprov.feide.group import Group
from feideprov.provision.plan.changes import Update
from feideprov.provision.plan.people.school_year import MANY, Move, moves_of, school_year
from feideprov.provision.plan.plan import Plan
from feideprov.testing import example_directory, example_settings

AUTUMN, WINTER, AUGUST = date(2026, 8, 20), date(2027, 1, 11), date(2027, 8, 19)
FOREIGN = ("urn:mace:example.no:bus:12", "urn:mace:feide.no:go:grep:http://psi.udir.no/kl06/NOR0214")
GIVEN = ("Anna", "Berit", "Cecilie", "Dina", "Eva", "Frida", "Guro", "Hanne", "Ida", "Jenny", "Kari", "Lene", "Mona")
FAMILY = ("Aas", "Berg", "Dahl", "Eide", "Foss", "Gran", "Hove", "Lie", "Moe", "Nes", "Ruud", "Sand", "Tveit")


class Town:
    """A client on several days."""

    def __init__(self, folder, journal, key) -> None:
        self._given = {"directory": example_directory(), "journal": journal, "keys": key}
        self._folder = folder

    def on(self, day: date, **sections: object) -> Client:
        return Client(example_settings(self._folder, **sections), **self._given, on=day)

    def apply(self, day: date, people: list[PersonRecord]) -> Plan:
        client = self.on(day)
        plan = client.plan(people)
        outcome = client.apply(plan, allow_changes=1000)
        assert not outcome.failures
        assert client.plan(people).changes == ()
        return plan

    def entitlements(self, key: str) -> list[str]:
        """Grades and groups (type, id, first day) of a user, and what others wrote; each group has its group-ID."""
        [user] = [one for one in self._given["directory"].entries() if one.text("employeeNumber") == key]
        values = user.texts("eduPersonEntitlement")
        groups = [value.split(":")[5:] for value in values if ":go:group:" in value]
        assert sorted(value.split(":")[5:9] for value in values if ":go:groupid:" in value) == sorted(
            [group[0], *group[2:5]] for group in groups
        )
        others = [value.removeprefix("urn:mace:feide.no:go:grep:") for value in values if ":go:group" not in value]
        return sorted([*others, *(f"{group[0]} {group[3]} {group[4]}" for group in groups)])

    def write(self, key: str, *values: str) -> None:
        [user] = [one for one in self._given["directory"].entries() if one.text("employeeNumber") == key]
        step = Modification("add", "eduPersonEntitlement", tuple(value.encode() for value in values))
        assert not [w for w in self._given["directory"].write([Modify(user.dn, (step,))]) if w.error]


@pytest.fixture
def town(tmp_path, journal, key) -> Town:
    return Town(tmp_path, journal, key)


def pupil(number: int, grade: str, *groups: str, school: str = "hylla", **fields: object) -> PersonRecord:
    given = {"given_name": GIVEN[number % 13], "family_name": FAMILY[(number // 13 + number) % 13]}
    named = {"school": school, "role": "pupil", "grade": grade, "groups": tuple(map(Group.parse, groups))}
    return PersonRecord(source_id=f"k{number}", **(given | named | fields))


def grade(number: int) -> str:
    return f"http://psi.udir.no/laereplan/aarstrinn/aarstrinn{number}"


def test_two_school_years(town):
    """August, a change in winter, and the next August: who stays down, who changes school, who is in no class yet, who
    has become a teacher, and who has left."""
    first = [pupil(n, "5", "5A", "u:nor5:Norsk 5:NOR01-06") for n in range(10)]
    graduates = [pupil(n, "10", "10B") for n in range(10, 13)]
    town.apply(AUTUMN, [*first, *graduates])
    town.write("k2", *FOREIGN)
    assert town.entitlements("k0") == ["b 5a 2026-08-01", grade(5), "u nor5 2026-08-01"]
    moved = pupil(1, "5", "5B", "u:nor5:Norsk 5:NOR01-06")
    plan = town.apply(WINTER, [*first[:1], moved, *first[2:], *graduates])
    assert [change.kind for change in plan.changes] == ["update"]
    assert town.entitlements("k1") == ["b 5b 2026-08-01", grade(5), "u nor5 2026-08-01"]

    second = [pupil(n, "6", "6A", "u:nor6:Norsk 6:NOR01-06") for n in range(10)]
    second[3] = pupil(3, "5", "5A", "u:nor5:Norsk 5:NOR01-06")  # stays down
    second[4] = pupil(4, "6", "6C", school="berg")
    second[5] = pupil(5, "6")  # in no class yet
    second[6] = pupil(6, "", role="teacher")
    plan = town.apply(AUGUST, second)
    assert town.entitlements("k0") == ["b 6a 2027-08-01", grade(6), "u nor6 2027-08-01"]
    assert town.entitlements("k1") == town.entitlements("k0")
    assert town.entitlements("k2") == sorted(
        [*town.entitlements("k0"), FOREIGN[0], FOREIGN[1].removeprefix("urn:mace:feide.no:go:grep:")]
    )
    assert town.entitlements("k3") == ["b 5a 2027-08-01", grade(5), "u nor5 2027-08-01"]
    assert town.entitlements("k4") == ["b 6c 2027-08-01", grade(6)]
    assert (town.entitlements("k5"), town.entitlements("k6")) == ([grade(6)], [])
    assert town.entitlements("k10") == ["b 10b 2026-08-01", grade(10)]  # is not in the list, which says nothing
    year = school_year(plan.changes)
    assert year.lines == [
        "grade 5 → 6: 5 users of Hylla skole",
        "class 5A → 6A: 5 users of Hylla skole",
        "group Norsk 5 removed: 5 users of Hylla skole",
        "group Norsk 6 added: 5 users of Hylla skole",
    ]
    assert sorted(change.source_id for change in year.others) == ["k1", "k3", "k4", "k5", "k6"]


def test_a_list_without_groups_leaves_those_that_ended(town):
    town.apply(AUTUMN, [pupil(0, "5", "5A")])
    town.apply(AUGUST, [pupil(0, "6")])
    assert town.entitlements("k0") == ["b 5a 2026-08-01", grade(6)]
    town.apply(AUGUST, [pupil(0, "6"), pupil(1, "6", "6A")])
    assert town.entitlements("k0") == [grade(6)]


def test_the_cap_asks_once_with_the_numbers(town):
    town.apply(AUTUMN, [pupil(n, "5", "5A", protected=False) for n in range(30)])
    august = [pupil(n, "6", "6A") for n in range(29)]
    plan = town.on(AUGUST).plan([*august, pupil(29, "6", "6A", mail="a@example.no")])
    with pytest.raises(ConfigurationError) as stopped:
        town.on(AUGUST).apply(plan)
    assert stopped.value.sentence == (
        "The plan changes 30 of 30 users, which is more than [caps] allows. Of these, 29 are a new school year: grade "
        "5 → 6: 29 users of Hylla skole; class 5A → 6A: 29 users of Hylla skole. Read the plan. If the plan is right, "
        "carry it out with --allow-changes 30."
    )
    assert town.on(AUGUST).apply(plan, allow_changes=30).counts["updated"] == 30


def test_a_school_that_moves_is_one_line(town):
    town.apply(AUTUMN, [pupil(n, "10", "10A") for n in range(MANY)])
    plan = town.on(AUGUST).plan([pupil(n, "vg1", "1STA", school="berg") for n in range(MANY)])
    assert school_year(plan.changes).lines == [
        f"school Hylla skole → Berg voksenopplæring: {MANY} users",
        f"grade 10 → vg1: {MANY} users of Berg voksenopplæring",
        f"class 10A → 1STA: {MANY} users of Berg voksenopplæring",
    ]


def test_a_saved_plan_is_told_alike(town, tmp_path):
    town.apply(AUTUMN, [pupil(n, "10", "10A") for n in range(MANY)])
    rows = "".join(f"k{n};{GIVEN[n]};{FAMILY[n]};berg;pupil;vg1;1STA\n" for n in range(MANY))
    people = tmp_path / "people.csv"
    people.write_text(f"source_id;given_name;family_name;school;role;grade;groups\n{rows}", encoding="utf-8")
    client = town.on(AUGUST)
    plan = client.plan(people)
    plan.save(tmp_path / "plan.json", client=client, source=people)
    loaded = Plan.load(tmp_path / "plan.json", client=client)
    assert school_year(loaded.changes).lines == school_year(plan.changes).lines
    assert len(school_year(loaded.changes).lines) == 3


@pytest.mark.parametrize("count", [MANY - 1, MANY])
def test_few_are_told_one_by_one(town, count):
    town.apply(AUTUMN, [pupil(n, "5", "5A") for n in range(count)])
    year = school_year(town.on(AUGUST).plan([pupil(n, "6", "6A") for n in range(count)]).changes)
    assert (year.users, len(year.others)) == ((count, 0) if count == MANY else (0, count))


def test_a_group_that_only_gets_new_dates_and_one_that_gets_another_name(town):
    town.apply(AUTUMN, [pupil(0, "5", "b:kor:Kor")])
    [update] = town.on(AUGUST).plan([pupil(0, "5", "b:kor:Kor")]).changes
    assert [move.of(9) for move in moves_of(update)] == ["class Kor, new dates: 9 users of Hylla skole"]
    [update] = town.on(AUGUST).plan([pupil(0, "5", "b:kor:Korps")]).changes
    assert [move.of(1) for move in moves_of(update)] == ["class Kor → Korps: 1 user of Hylla skole"]


def test_an_update_with_anything_else_is_no_school_year(town):
    town.apply(AUTUMN, [pupil(0, "5", "5A")])
    for changed in ({"mail": "a@example.no"}, {"role": "teacher"}, {"school": "hylla|berg"}):
        [update] = town.on(AUGUST).plan([pupil(0, "6", "6A", **changed)]).changes
        assert (moves_of(update), school_year([update] * 9).users) == (frozenset(), 0)
    [update] = town.on(AUGUST).plan([pupil(0, "6", "6A")]).changes
    assert moves_of(update) == {Move("grade", "5", "6", "Hylla skole"), Move("class", "5A", "6A", "Hylla skole")}
    broken = Modification("delete", "eduPersonEntitlement", (b"urn:mace:feide.no:go:group:x", b"\xff"))
    assert moves_of(replace(update, modifications=(*update.modifications, broken))) == frozenset()
    assert isinstance(update, Update)


def test_class_9_stands_before_class_10():
    moves = [Move("class", f"{n}A", f"{n + 1}A", "Hylla skole") for n in (9, 10, 1)]
    assert [move.was for move in sorted(moves, key=lambda move: move.place)] == ["1A", "9A", "10A"]
