"""Two school years on a real slapd, from the files of a municipality: every attribute of every user after each step."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from commands import here
from enterprise_file import EnterpriseFile
from one_day import one_day
from same_people import Somebody, as_xlsx

from feideprov.intake.ims.model import Group, Membership, Person, Properties, SourcedId
from feideprov.intake.ims.vocabulary import GroupKind, RoleKind, UserId
from feideprov.testing.slapd import PrivateSlapd

from .conftest import service

D_NUMBER, FOLLOWS, ARRIVES = "52829400197", "12829499914", "57912075186"  # Tenor's; the first two are of one birth date
ORGANIZATION = "o=Skotthyll kommune,dc=skotthyll,dc=no"
HYLLA, SOLBAKKEN = f"ou=Hylla skole,{ORGANIZATION}", f"ou=Solbakken læringssenter,{ORGANIZATION}"
SCHOOLS = {HYLLA: ("912345688", "Hylla skole"), SOLBAKKEN: ("923456783", "Solbakken læringssenter")}
ROLES = {RoleKind.PUPIL: ("student", "member"), RoleKind.TEACHER: ("faculty", "employee", "member")}
SETTINGS = """
[login]
password_hash = "ssha"

[protection]
people = "none"

[[sources]]
name = "flyt"
datasource = "flyt@skotthyll.kommune.no"
{flyt}
evidence = "register"
confirmed_by = "Rektor"
confirmed_on = 2026-08-01

[[sources]]
name = "refugees"
evidence = "letter"
confirmed_by = "Kari Nordmann"
confirmed_on = 2026-08-01
"""


@dataclass(frozen=True)
class Way:
    """How the sources are configured, and what stands in front of the source ids of the nightly file."""

    settings: str
    prefix: str
    options: tuple[str, ...]


BARE = Way('prefix = ""', "", ("--leavers", "--replace"))
PREFIXES = Way("follow = true\nleavers = true", "flyt:", ())


def at_school(name: str, *, school: str = HYLLA, role: RoleKind = RoleKind.PUPIL, group: str = "", **more: str) -> Any:
    """Somebody in the nightly file, with grade and class, such as 5A."""
    return {"name": name, "family": "Nordmann", "school": school, "role": role, "group": group, **more}


PUPILS = {name: at_school(name, group="5A") for name in ("Anna", "Berit", "Cecilie", "Dina", "Eva", "Frida")}
OTHERS = {
    "Lars": at_school("Lars", family="Berg", role=RoleKind.TEACHER, group="5A", mail="lars@skotthyll.kommune.no"),
    "Olena": at_school("Olena", family="Kovalenko", school=SOLBAKKEN, number=D_NUMBER),
}


def nightly_file(day: str, people: Collection[Mapping[str, Any]], extent: str = "full") -> str:
    """A file of PIFU-IMS of these people."""
    of_schools = {dn: Group(_id(dn), GroupKind.SCHOOL, name, number=number) for dn, (number, name) in SCHOOLS.items()}
    groups = {one.id: one for one in of_schools.values()}
    persons: list[Person] = []
    members: dict[SourcedId, list[tuple[SourcedId, Membership]]] = {}
    for one in people:
        number, school = one.get("number"), of_schools[one["school"]]
        userids = ((UserId.NUMBER, number),) if number else ()
        key = _id(f"k-{one['name']}")
        persons.append(Person(key, (), (), userids, one["family"], one["name"], mail=one.get("mail", "")))
        theirs = [school]
        if name := one["group"]:
            theirs.append(Group(_id(name.lower()), GroupKind.CLASS, name, parents=(school.id,)))
            if one["role"] is RoleKind.PUPIL:
                theirs.append(Group(_id(f"t{name[0]}"), GroupKind.GRADE, f"{name[0]}. trinn", parents=(school.id,)))
        for group in theirs:
            groups.setdefault(group.id, group)
            members.setdefault(group.id, []).append((key, Membership(group.id, one["role"])))
    said = Properties("flyt@skotthyll.kommune.no", extent, f"{day}T02:00:00")
    return EnterpriseFile(persons, list(groups.values()), members, said).text()


def _id(text: str) -> SourcedId:
    return SourcedId("flyt", text)


def entitlements(group: str, role: str, year: int) -> list[str]:
    """The values for a class of Hylla and, for a pupil, its grade."""
    where, when = f"NO{SCHOOLS[HYLLA][0]}:{group.lower()}", f"{year}-08-01:{year + 1}-07-31"
    grade = f"urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/aarstrinn{group[0]}"
    of_group = (
        f"urn:mace:feide.no:go:group:b::{where}:{when}:{role}:{group}",
        f"urn:mace:feide.no:go:groupid:b:{where}:{when}",
    )
    return [*([grade] if role == "student" else []), *of_group]


def entry(uid: str, source_id: str, one: Mapping[str, Any], *, year: int = 2026) -> dict[str, Any]:
    """Everything that the entry of a user holds, but for the password."""
    roles = ROLES[one["role"]]
    name = f"{one['name']} {one['family']}".strip()
    values = {
        "objectClass": ["top", "person", "organizationalPerson", "inetOrgPerson", "eduPerson", "norEduPerson"],
        "uid": uid,
        "eduPersonPrincipalName": f"{uid}@skotthyll.kommune.no",
        **dict.fromkeys(("cn", "displayName", "norEduPersonLegalName"), name),
        "givenName": one["name"],
        "sn": one["family"] or one["name"],
        "eduPersonOrgDN": ORGANIZATION,
        **dict.fromkeys(("eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN"), one["school"]),
        "eduPersonAffiliation": [*roles],
        "eduPersonPrimaryAffiliation": roles[0],
        "eduPersonScopedAffiliation": [f"{role}@skotthyll.kommune.no" for role in roles],
        "eduPersonEntitlement": entitlements(one["group"], roles[0], year) if one["group"] else [],
        "mail": one.get("mail", ""),
        "mobile": one.get("mobile", ""),
        "preferredLanguage": one.get("language", ""),
        "norEduPersonNIN": one.get("number", ""),
        "employeeNumber": source_id,
        "userPassword": "a password",
    }
    return {name: sorted([held] if isinstance(held, str) else held) for name, held in values.items() if held}


@dataclass
class Municipality:
    """Its folder, its server, what its files say, and what its directory is to hold, by user name."""

    folder: Path
    slapd: PrivateSlapd
    way: Way
    users: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run(self, day: str, *words: str, code: int = 0) -> Any:
        """What a command says in the morning of a day."""
        with one_day(datetime.fromisoformat(f"{day}T09:30:00").replace(tzinfo=UTC)):
            ended, out, errors = here(self.folder, *words, "--json")
        assert ended == code, out + errors
        return json.loads(out)

    def night(self, day: str, people: Mapping[str, Mapping[str, Any]], extent: str = "full", code: int = 0) -> Any:
        """The nightly file is applied."""
        (self.folder / f"{day}.xml").write_text(nightly_file(day, people.values(), extent), encoding="utf-8")
        return self.run(day, "apply", f"{day}.xml", "--yes", *self.way.options, code=code)

    def expect(self, uid: str, one: Mapping[str, Any], **options: Any) -> None:
        self.users[uid] = entry(uid, f"{self.way.prefix}k-{one['name']}", one, **options)

    def check(self) -> None:
        """The directory holds what is expected, and nothing else."""
        with service(self.slapd) as directory:
            found = list(directory.having(["employeeNumber"], ["*"]))
        held = {one.texts("uid")[0]: {name: sorted(one.texts(name)) for name, _ in one.items()} for one in found}
        for values in held.values():
            if "userPassword" in values:
                values["userPassword"] = ["a password"]
        assert held == self.users


@pytest.mark.parametrize("way", [BARE, PREFIXES], ids=["bare", "prefixes"])
def test_two_school_years(skotthyll: Path, slapd: PrivateSlapd, way: Way) -> None:
    text = skotthyll.read_text(encoding="utf-8") + SETTINGS.format(flyt=way.settings)
    skotthyll.write_text(text, encoding="utf-8")
    town = Municipality(skotthyll.parent, slapd, way)
    _a_full_file(town)
    _a_delta(town)
    _refugees_in_a_spreadsheet(town)
    _a_number_arrives(town)
    _moves_between_schools(town)
    _leavers_over_two_nights(town)
    _the_august_turn(town)
    _a_d_number_becomes_a_fodselsnummer(town)


def _a_full_file(town: Municipality) -> None:
    created = town.night("2026-09-01", PUPILS | OTHERS)
    assert created["counts"]["created"] == 8
    for name, one in PUPILS.items():
        town.expect(f"{name[:4].lower()}nord", one)
    town.expect("larsberg", OTHERS["Lars"])
    town.expect("olenkova", OTHERS["Olena"])
    town.check()
    assert town.night("2026-09-01", PUPILS | OTHERS)["counts"]["unchanged"] == 8
    town.check()


def _a_delta(town: Municipality) -> None:
    """A pupil comes, and one has another name; nobody is missing."""
    guro, anna = at_school("Guro", group="5A"), PUPILS["Anna"] | {"family": "Hansen"}
    said = town.night("2026-09-02", {"Guro": guro, "Anna": anna}, "delta")
    assert said["leavers"]["missing"] == 0
    town.expect("guronord", guro)
    town.expect("annanord", anna)
    town.check()


REFUGEES = [
    Somebody("r-1", "Yusuf", "Demir", None, "hylla", "elev", "5", "5A", "", "", "", ""),
    Somebody("r-2", "Semhar", "", date(2020, 11, 17), "solbakken", "deltaker", "", "", "", "+4740123456", "ti", ""),
]


def _refugees(town: Municipality, day: str, people: list[Somebody]) -> Any:
    (town.folder / "refugees.xlsx").write_bytes(as_xlsx(people))
    return town.run(day, "apply", "refugees.xlsx", "--source", "refugees", "--yes")


def _expect_refugees(town: Municipality, *, yusuf: Any, semhar: Any) -> None:
    town.users["yusudemi"] = entry("yusudemi", "refugees:r-1", at_school("Yusuf", family="Demir", **yusuf))
    more = {"family": "", "school": SOLBAKKEN, "mobile": "+4740123456", "language": "ti"}
    town.users["semhar"] = entry("semhar", "refugees:r-2", at_school("Semhar", **more, **semhar))
    town.check()


def _refugees_in_a_spreadsheet(town: Municipality) -> None:
    assert _refugees(town, "2026-09-03", REFUGEES)["counts"]["created"] == 2
    _expect_refugees(town, yusuf={"group": "5A"}, semhar={})


def _a_number_arrives(town: Municipality) -> None:
    (town.folder / "numbers.csv").write_text(f"source_id;national_number\nr-2;{ARRIVES}\n")
    town.run("2026-09-10", "attach", "numbers.csv", "--source", "refugees", "--yes")
    _expect_refugees(town, yusuf={"group": "5A"}, semhar={"number": ARRIVES})


def _moves_between_schools(town: Municipality) -> None:
    """In the spreadsheet from school to adult education; in the nightly file too. The class of the old school goes."""
    moved = REFUGEES[0]._replace(school="solbakken", role="deltaker", grade="", group="")
    assert _refugees(town, "2026-09-14", [moved, REFUGEES[1]])["counts"]["updated"] == 1
    _expect_refugees(town, yusuf={"school": SOLBAKKEN}, semhar={"number": ARRIVES})
    people = _people_of(town, without=())
    town.night("2026-09-14", people)
    town.expect("guronord", people["Guro"])
    town.check()


def _people_of(town: Municipality, *, without: Collection[str]) -> dict[str, Any]:
    """Who is in the full files from now on."""
    people = PUPILS | {"Anna": PUPILS["Anna"] | {"family": "Hansen"}, "Guro": at_school("Guro", school=SOLBAKKEN)}
    return {name: one for name, one in (people | OTHERS).items() if name not in without}


def _close(town: Municipality, *uids: str) -> None:
    for uid in uids:
        del town.users[uid]["userPassword"]
    town.check()


def _leavers_over_two_nights(town: Municipality) -> None:
    people = _people_of(town, without=("Eva", "Frida"))
    assert town.night("2026-09-15", people)["leavers"]["missing"] == 2
    town.check()
    assert town.night("2026-09-15", people)["leavers"]["closed"] == 0
    town.check()
    assert town.night("2026-09-16", people)["leavers"]["closed"] == 2
    _close(town, "evanord", "fridnord")


def _the_august_turn(town: Municipality) -> None:
    """Class 5A is 6A, one pupil comes, and two are missing: told, and closed when the summer is over."""
    people = _people_of(town, without=("Eva", "Frida", "Cecilie", "Dina"))
    people["Hilde"] = at_school("Hilde", group="6A")
    people |= {name: one | {"group": "6A"} for name, one in people.items() if one["group"] == "5A"}
    town.night("2027-08-16", people)
    for uid, name in (("annanord", "Anna"), ("berinord", "Berit"), ("hildnord", "Hilde"), ("larsberg", "Lars")):
        town.expect(uid, people[name], year=2027)
    town.check()
    said = town.night("2027-08-17", people)["leavers"]
    assert (said["missing"], said["closed"]) == (2, 0)
    town.check()
    assert town.night("2027-09-01", people)["leavers"]["closed"] == 2
    _close(town, "cecinord", "dinanord")


def _a_d_number_becomes_a_fodselsnummer(town: Municipality) -> None:
    people = _people_of(town, without=("Eva", "Frida", "Cecilie", "Dina"))
    people |= {name: one | {"group": "6A"} for name, one in people.items() if one["group"] == "5A"}
    people |= {"Hilde": at_school("Hilde", group="6A"), "Olena": OTHERS["Olena"] | {"number": FOLLOWS}}
    said = town.night("2027-09-20", people)
    assert [change["kind"] for change in said["changes"]] == ["replace"]
    town.expect("olenkova", people["Olena"])
    town.check()
