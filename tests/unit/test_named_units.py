"""What is said about the organization or a school names it: a county has forty schools."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from faults import UNIT_FAULTS, UnitFault

from feideprov import DN, Client, ConfigurationError, Entry, MemoryDirectory, Settings
from feideprov.testing import example_entries, example_settings

BASE = "dc=skotthyll,dc=no"
SKOTTHYLL = f"o=Skotthyll kommune,{BASE}"
HYLLA, BERG = f"ou=Hylla skole,{SKOTTHYLL}", f"ou=Berg voksenopplæring,{SKOTTHYLL}"
NAMED = {
    SKOTTHYLL: "Skotthyll kommune",
    HYLLA: "Hylla skole (id hylla)",
    BERG: "Berg voksenopplæring (id berg)",
}


def entries(**changes: dict[str, Any] | None) -> list[Entry]:
    """The example's entries, with other values, or without an entry (None), by the beginning of their DN."""
    found = []
    for entry in example_entries():
        key = next((key for key in changes if str(entry.dn).lower().startswith(key)), None)
        if key is None:
            found.append(entry)
        elif (change := changes[key]) is not None:
            values = {**dict(entry.items()), **change}
            found.append(Entry(entry.dn, {name: value for name, value in values.items() if value}))
    return found


def client(folder: Path, found: list[Entry] | None = None, **sections: Any) -> Client:
    directory = MemoryDirectory(BASE, example_entries() if found is None else found)
    return Client(example_settings(folder, **sections), directory=directory)


def schools(folder: Path, **of_second: str) -> list[dict[str, Any]]:
    """The example's schools, the second one changed."""
    first, second = (school.model_dump() for school in example_settings(folder).schools)
    return [first, second | of_second]


# --- the configuration


def written(folder: Path, blocks: str) -> Path:
    path = folder / "feideprov.toml"
    path.write_text(
        '[organization]\nrealm = "skotthyll.kommune.no"\nname = "Skotthyll kommune"\nnumber = "NO987654325"\n'
        f'mail = "post@skotthyll.kommune.no"\ndn = "{SKOTTHYLL}"\n\n'
        f'[directory]\nurl = "ldif:catalogue.ldif"\nusers_dn = "ou=people,{BASE}"\nbase_dn = "{BASE}"\n'
        f'source_id_attribute = "employeeNumber"\n\n{blocks}',
        encoding="utf-8",
    )
    return path


def block(**values: str) -> str:
    return "[[schools]]\n" + "".join(f'{name} = "{value}"\n' for name, value in values.items()) + "\n"


RIGHT = {"id": "hylla", "name": "Hylla skole", "number": "NO912345688", "mail": "h@x.no", "dn": HYLLA}
SECOND = {"id": "berg", "name": "Berg voksenopplæring", "number": "NO923456783", "mail": "b@x.no", "dn": BERG}


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (SECOND | {"kind": "kindergarten"}, "Block 2 of [[schools]] is Berg voksenopplæring (id berg)."),
        (SECOND | {"nubmer": "1"}, "Block 2 of [[schools]] is Berg voksenopplæring (id berg)."),
        ({"id": "berg"}, "Block 2 of [[schools]] is the one with id berg."),
        ({"name": "Berg"}, "Block 2 of [[schools]] is Berg."),
        (SECOND | {"name": "SkÃ¸yen skole"}, "Block 2 of [[schools]] is the one with id berg."),
    ],
    ids=["value", "key", "no name", "no id", "damaged"],
)
def test_block_of_a_school_that_has_a_wrong_form(tmp_path: Path, second: dict[str, str], words: str) -> None:
    path = written(tmp_path, block(**RIGHT) + block(**second))
    with pytest.raises(ConfigurationError) as wrong:
        Settings.load(path, environment=False)
    assert words in wrong.value.sentence
    assert wrong.value.sentence.count("Block 2 of [[schools]]") == 1
    assert "schools[2]" in wrong.value.sentence


def test_block_without_id_and_name_has_its_number(tmp_path: Path) -> None:
    path = written(tmp_path, block(**RIGHT) + block(mail="b@x.no"))
    with pytest.raises(ConfigurationError, match=r"The key schools\[2\]\.id is missing"):
        Settings.load(path, environment=False)


def test_schools_of_the_environment_are_not_named_by_those_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEIDEPROV_SCHOOLS", '[{"id": "other"}]')
    with pytest.raises(ConfigurationError) as wrong:
        Settings.load(written(tmp_path, block(**RIGHT)))
    assert "schools[1]" in wrong.value.sentence
    assert "Hylla" not in wrong.value.sentence


@pytest.mark.parametrize(
    "wrong", [{"number": "NO923456784"}, {"mail": "berg"}, {"dn": "Berg"}, {"phone": "ring"}, {"name": " "}]
)
def test_value_of_a_school_that_is_not_allowed(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        client(tmp_path, schools=schools(tmp_path, **wrong))
    [key] = wrong
    unit = "the one with id berg" if key == "name" else NAMED[BERG]
    assert refused.value.sentence.startswith(f"Block 2 of [[schools]] is {unit}: {key}: ")
    assert "Hylla" not in refused.value.sentence


def test_values_of_the_organization_and_of_schools_that_are_not_allowed_are_told_at_once(tmp_path: Path) -> None:
    wrong = [school | {"mail": "post"} for school in schools(tmp_path)]
    with pytest.raises(ConfigurationError) as refused:
        client(tmp_path, schools=wrong, organization={"realm": "Skotthyll.kommune.no"})
    assert "[organization] is Skotthyll kommune: realm: " in refused.value.sentence
    for unit in (NAMED[HYLLA], NAMED[BERG]):
        assert f"of [[schools]] is {unit}: mail: " in refused.value.sentence


@pytest.mark.parametrize("same", [{"id": "HYLLA"}, {"dn": HYLLA.upper()}])
def test_two_schools_that_are_one(tmp_path: Path, same: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        client(tmp_path, schools=schools(tmp_path, **same))
    said = refused.value.sentence
    assert "two schools have the same id or the same dn: " in said
    assert "Hylla skole" in said
    assert "Berg voksenopplæring" in said


def test_school_outside_the_base(tmp_path: Path) -> None:
    outside = "ou=berg,dc=annet,dc=no"
    with pytest.raises(ConfigurationError) as refused:
        client(tmp_path, schools=schools(tmp_path, dn=outside)).plan([])
    assert refused.value.sentence.startswith(f"schools.dn of berg ({outside}) is not below")
    assert "Berg voksenopplæring" in refused.value.sentence


@pytest.mark.parametrize("name", ["", " "])
def test_organization_without_a_name_has_its_section(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        client(tmp_path, organization={"name": name})
    assert refused.value.sentence.startswith("[organization]: name: ")


def test_dn_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        client(tmp_path, schools=schools(tmp_path, dn="Berg"))
    assert refused.value.sentence.endswith("dn: “Berg” is not a distinguished name (RFC 4514).")


# --- doctor


def test_doctor_says_what_plan_says_of_a_school_outside_the_base(tmp_path: Path) -> None:
    opened = client(tmp_path, schools=schools(tmp_path, dn="ou=berg,dc=annet,dc=no"))
    with pytest.raises(ConfigurationError) as refused:
        opened.plan([])
    found = opened.doctor()
    assert [(one.code, one.sentence) for one in found.findings] == [("D-UNIT", refused.value.sentence)]
    assert found.exit_code == 2


@pytest.mark.parametrize(("gone", "dn"), [("ou=berg", BERG), ("ou=hylla", HYLLA), ("o=skotthyll", SKOTTHYLL)])
def test_doctor_finds_the_unit_that_has_no_entry(tmp_path: Path, gone: str, dn: str) -> None:
    found = client(tmp_path, entries(**{gone: None})).doctor()
    named = NAMED[dn].replace(" (id ", ", id ").removesuffix(")")
    assert [one.sentence for one in found.findings] == [f"The entry {dn} ({named}) does not exist."]
    assert "init --directory" in found.findings[0].action
    assert found.exit_code == 1


def test_unit_whose_entry_cannot_be_created(tmp_path: Path) -> None:
    opened = client(tmp_path, entries(**{"ou=berg": None}), schools=schools(tmp_path, dn="ou=12,dc=annet,dc=no"))
    said = [one.sentence for one in opened.organization_units.apply().failures]
    assert [one for one in said if one.startswith("create ou=12,dc=annet,dc=no (Berg voksenopplæring): ")]


# --- check


@pytest.mark.parametrize("fault", UNIT_FAULTS, ids=lambda fault: fault.code)
def test_finding_about_a_unit(tmp_path: Path, fault: UnitFault) -> None:
    spoiled = HYLLA if fault.of_school else SKOTTHYLL
    found = [fault.plant(entry) if str(entry.dn) == spoiled else entry for entry in example_entries()]
    opened = client(tmp_path, [entry for entry in found if entry])
    findings = [one for one in opened.check() if one.code.startswith("O-") and one.dn == spoiled]
    assert fault.code in [finding.code for finding in findings]
    assert all(finding.sentence.startswith(f"{NAMED[spoiled]}: ") for finding in findings)


def test_schools_with_one_number(tmp_path: Path) -> None:
    found = entries(**{"ou=berg": {"norEduOrgUnitUniqueIdentifier": [b"NO912345688"]}})
    said = {one.dn: one.sentence for one in client(tmp_path, found).check() if one.code == "O-NUMBER-TWICE"}
    for one, other in ((HYLLA, BERG), (BERG, HYLLA)):
        assert said[one].startswith(f"{NAMED[one]}: ")
        assert said[one].endswith(f"{NAMED[other]}.")


def test_school_that_is_not_in_the_configuration(tmp_path: Path) -> None:
    closed = Entry(
        DN.parse(f"ou=12,{SKOTTHYLL}"),
        {
            "objectClass": ["organizationalUnit", "norEduOrgUnit"],
            "ou": ["12", "Nedlagt skole"],
            "norEduOrgUnitUniqueIdentifier": ["NO912345688"],
        },
    )
    findings = client(tmp_path, [*example_entries(), closed]).check()
    said = [one.sentence for one in findings if one.dn == str(closed.dn)]
    assert said
    assert all("Nedlagt skole" in sentence and f"ou=12,{SKOTTHYLL}" in sentence for sentence in said)
    [twice] = [one for one in findings if one.code == "O-NUMBER-TWICE" and one.dn == HYLLA]
    assert "Nedlagt skole" in twice.sentence


def user(**values: list[str]) -> Entry:
    whole = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        "uid": ["olena"],
        "cn": ["Olena"],
        "sn": ["Olena"],
        "eduPersonPrincipalName": ["olena@skotthyll.kommune.no"],
        "eduPersonAffiliation": ["student", "member"],
        "eduPersonOrgDN": [SKOTTHYLL],
        "eduPersonOrgUnitDN": [HYLLA],
        "eduPersonPrimaryOrgUnitDN": [HYLLA],
    }
    return Entry(DN.parse(f"uid=olena,ou=people,{BASE}"), {**whole, **values})


GONE = f"ou=Nedlagt skole,{SKOTTHYLL}"


@pytest.mark.parametrize(
    ("code", "values", "words"),
    [
        ("P-ORG-NOWHERE", {"eduPersonOrgDN": [f"o=Annet,{BASE}"]}, f"o=Annet,{BASE}"),
        ("P-ORG-OTHER", {"eduPersonOrgDN": [HYLLA]}, f"{HYLLA} (Hylla skole, id hylla)"),
        ("P-UNIT-NOWHERE", {"eduPersonOrgUnitDN": [GONE]}, GONE),
        ("P-UNIT-NOWHERE", {"eduPersonOrgUnitDN": [BERG]}, f"{BERG} (Berg voksenopplæring, id berg)"),
        ("P-UNIT-OTHER", {"eduPersonOrgUnitDN": [SKOTTHYLL]}, f"{SKOTTHYLL} (Skotthyll kommune)"),
        ("P-UNIT-PRIMARY", {"eduPersonPrimaryOrgUnitDN": [BERG]}, f"{BERG} (Berg voksenopplæring, id berg)"),
    ],
)
def test_finding_about_the_school_of_a_user(tmp_path: Path, code: str, values: dict[str, Any], words: str) -> None:
    found = [*entries(**{"ou=berg": None}), user(**values)]
    [finding] = [one for one in client(tmp_path, found).check() if one.code == code]
    assert words in finding.sentence


def test_number_in_the_dn_of_a_school_is_not_shown(tmp_path: Path) -> None:
    number = "57912075186"  # Tenor's
    found = [*example_entries(), user(eduPersonOrgUnitDN=[f"ou={number},{SKOTTHYLL}"])]
    assert not any(number[:6] in f"{one.sentence}{one.action}" for one in client(tmp_path, found).check())


# --- doctor


def test_doctor_names_the_units_of_a_login(tmp_path: Path) -> None:
    people = [*entries(**{"ou=berg": None}), user(eduPersonOrgUnitDN=[HYLLA, BERG], eduPersonPrimaryOrgUnitDN=[GONE])]
    with client(tmp_path, people) as feide:
        steps = feide.doctor("olena@skotthyll.kommune.no").login
    said = {(step.name, step.state.value): step.sentence for step in steps}
    assert said["organization", "good"] == f"{SKOTTHYLL} (Skotthyll kommune) exists."
    assert said["unit", "good"] == f"{HYLLA} (Hylla skole, id hylla) exists."
    assert said["unit", "wrong"] == (
        f"eduPersonOrgUnitDN points to {BERG} (Berg voksenopplæring, id berg). This entry does not exist, or the bind "
        "account has no right to read it."
    )
    assert GONE in said["primary unit", "wrong"]


def test_doctor_names_the_organization_whose_base_is_missing(tmp_path: Path) -> None:
    with Client(example_settings(tmp_path)) as feide:
        said = [finding.sentence for finding in feide.doctor().findings]
    assert len(said) == 2
    assert "base_dn of Skotthyll kommune" in said[0]
    assert "users_dn of Skotthyll kommune" in said[1]


# --- init --directory


def test_plan_of_the_entries_names_each(tmp_path: Path) -> None:
    plan = client(tmp_path, []).organization_units.plan()
    names = {str(change.dn): change.school or change.name_to_show for change in plan.changes}
    assert {dn: names[dn] for dn in NAMED} == {
        SKOTTHYLL: "Skotthyll kommune",
        HYLLA: "Hylla skole",
        BERG: "Berg voksenopplæring",
    }
    assert names[BASE] == ""
    changed = schools(tmp_path, mail="ny@skotthyll.kommune.no")
    [change] = client(tmp_path, schools=changed).organization_units.plan().changes
    assert (change.school, change.name_to_show) == ("Berg voksenopplæring", "")


def test_number_that_another_entry_has(tmp_path: Path) -> None:
    moved = schools(tmp_path, dn=f"ou=Ny,{SKOTTHYLL}")
    [refusal] = client(tmp_path, schools=moved).organization_units.plan().refusals
    assert refusal.sentence.startswith(f"ou=Ny,{SKOTTHYLL} (Berg voksenopplæring, id berg): ")
    twice = schools(tmp_path, number="NO912345688")
    [refusal] = client(tmp_path, schools=twice).organization_units.plan().refusals
    assert f"already on {HYLLA} (Hylla skole, id hylla)." in refusal.sentence


# --- lists of people


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ("ou=hylla", f"{HYLLA} (Hylla skole, id hylla)"),
        ("o=skotthyll", f"{SKOTTHYLL} (Skotthyll kommune)"),
    ],
)
def test_row_whose_unit_has_no_entry(tmp_path: Path, person: Any, gone: str, words: str) -> None:
    [refusal] = client(tmp_path, entries(**{gone: None})).plan([person()]).refusals
    assert refusal.code == "R-SCHOOL-NOWHERE"
    assert words in refusal.sentence


def test_row_whose_school_is_not_a_unit(tmp_path: Path, person: Any) -> None:
    found = entries(**{"ou=hylla": {"objectClass": ["person"], "cn": ["Hylla"], "sn": ["Hylla"]}})
    [refusal] = client(tmp_path, found).plan([person()]).refusals
    assert f"{HYLLA} (Hylla skole, id hylla)" in refusal.sentence


def test_row_with_a_name_that_two_schools_have(tmp_path: Path, person: Any) -> None:
    """The name is in the configuration; which of the two is meant, only the id says."""
    named_alike = schools(tmp_path, name="Hylla skole")
    [refusal] = client(tmp_path, schools=named_alike).plan([person(school="Hylla skole")]).refusals
    assert refusal.code == "R-SCHOOL"
    assert "more than one school" in refusal.sentence
    assert "Hylla skole (id hylla) and Hylla skole (id berg)" in refusal.sentence
