"""What an update does to the attributes that are written by a setting, or that others write too."""

from __future__ import annotations

import csv
import re
from datetime import date

import pytest
from town import with_checks

from feideprov import Client, Entry, Evidence, NumberText, PersonRecord, build_user
from feideprov.directory.entry import Modification, Modify
from feideprov.provision.plan.differences import difference
from feideprov.provision.plan.plan import Plan
from feideprov.testing import example_directory, example_settings
from tests.unit.conftest import ON, REALM

SMS = "urn:mace:feide.no:auth:method:sms"
LEVEL = "urn:mace:feide.no:auth:level:fad08:"
H_NUMBER = "17432012345"  # fails its check digits: nobody has it
DUF = "202212345608"  # likewise
TENOR, BORN = "57912075186", date(2020, 11, 17)
SCHAC = "schacContactLocation"


class House:
    """A client whose settings can change between two runs."""

    def __init__(self, folder, journal, key) -> None:
        self._given = {"directory": example_directory(), "journal": journal, "keys": key, "on": ON}
        self._folder = folder

    def client(self, **sections: object) -> Client:
        return Client(example_settings(self._folder, **sections), **self._given)

    def apply(self, *people: PersonRecord, **sections: object):
        client = self.client(**sections)
        outcome = client.apply(client.plan(people))
        assert not outcome.failures
        assert client.plan(people).changes == ()
        return outcome

    @property
    def user(self) -> Entry:
        [entry] = [e for e in self._given["directory"].entries() if e.values("uid")]
        return entry

    def write(self, operation: str, attribute: str, *values: str) -> None:
        step = Modification(operation, attribute, tuple(value.encode() for value in values))
        assert not [w for w in self._given["directory"].write([Modify(self.user.dn, (step,))]) if w.error]


@pytest.fixture
def house(tmp_path, journal, key) -> House:
    return House(tmp_path, journal, key)


def test_scoped_affiliations_follow_the_role_and_those_of_other_realms_stay(house, person):
    house.apply(person())
    house.write("add", "eduPersonScopedAffiliation", "student@uio.no", f"alum@{REALM}")
    house.apply(person(role="staff"))
    assert set(house.user.texts("eduPersonScopedAffiliation")) == {
        *("student@uio.no", f"alum@{REALM}"),
        *(f"staff@{REALM}", f"employee@{REALM}", f"member@{REALM}"),
    }


def test_scoped_affiliations_are_left_out_where_the_setting_says_so(house, person):
    house.apply(person(), feide={"scoped_affiliation": False})
    assert house.user.values("eduPersonScopedAffiliation") == ()


def test_the_home_organization_brings_its_class_along_also_to_a_user_who_is_there(house, person):
    house.apply(person())
    assert SCHAC not in house.user.texts("objectClass")
    before = house.user.texts("objectClass")
    house.apply(person(), feide={"home_organization": True})
    assert house.user.texts("schacHomeOrganization") == [REALM]
    assert house.user.texts("objectClass") == [*before, SCHAC]


def test_a_class_that_somebody_else_gave_stays(house, person):
    house.apply(person())
    house.write("add", "objectClass", "schacLinkageIdentifiers")
    house.apply(person(role="staff"))
    assert "schacLinkageIdentifiers" in house.user.texts("objectClass")


def test_a_user_of_another_structural_class_gets_the_auxiliary_classes_alone(house, person):
    organization = house.client().organization
    record = person()
    entry = Entry(organization.people.child("uid", "olenkova"), {"objectClass": ["account"], "uid": ["olenkova"]})
    steps = difference(entry, build_user(record, organization, user_name="olenkova"), record)
    assert [s.values for s in steps if s.attribute == "objectClass"] == [(b"eduPerson", b"norEduPerson")]


def test_a_unique_id_is_made_once_and_never_changed(house, person):
    house.apply(person(), feide={"unique_id": True})
    [unique_id] = house.user.texts("eduPersonUniqueId")
    assert re.fullmatch(rf"[a-z]{{28}}@{REALM}", unique_id)
    house.apply(person(role="staff"), feide={"unique_id": True})
    assert house.user.texts("eduPersonUniqueId") == [unique_id]


def test_two_users_have_two_unique_ids(house, person):
    client = house.client(feide={"unique_id": True})
    plan = client.plan([person("p1"), person("p2", given_name="Анна")])
    assert len({create.user.values["eduPersonUniqueId"] for create in plan.creates}) == 2


MFA = {"sms_roles": ["teacher"], "level": 3}


def test_a_new_mobile_number_changes_the_method_and_other_methods_stay(house, person):
    teacher = {"role": "teacher", "mobile": "90123456"}
    house.apply(person(**teacher), mfa=MFA)
    assert house.user.texts("norEduPersonAuthnMethod") == [f"{SMS} +4790123456 label=Mobil"]
    assert house.user.texts("norEduPersonServiceAuthnLevel") == [f"urn:mace:feide.no:spid:all {LEVEL}3"]
    others = (f"{SMS} +4799999999 label=Hjemme", "urn:mace:feide.no:auth:method:ga JBSWY3DPEHPK3PXP label=App")
    house.write("add", "norEduPersonAuthnMethod", *others)
    house.apply(person(role="teacher", mobile="+47 412 34 567"), mfa=MFA)
    assert set(house.user.texts("norEduPersonAuthnMethod")) == {*others, f"{SMS} +4741234567 label=Mobil"}


def test_every_method_of_the_old_number_leaves_however_mobile_was_written(house, person):
    house.apply(person(role="teacher", mobile="90123456"), mfa=MFA)
    house.write("add", "norEduPersonAuthnMethod", f"{SMS} +4790123456 label=Jobb")
    house.write("delete", "mobile", "+4790123456")
    house.write("add", "mobile", "+47 901 23 456")
    house.apply(person(role="teacher", mobile="41234567"), mfa=MFA)
    assert house.user.texts("norEduPersonAuthnMethod") == [f"{SMS} +4741234567 label=Mobil"]


def test_a_method_with_the_same_number_and_another_label_is_enough(house, person):
    house.apply(person(role="teacher", mobile="90123456"))
    house.write("add", "norEduPersonAuthnMethod", f"{SMS} +4790123456 label=Jobb")
    house.apply(person(role="teacher", mobile="90123456"), mfa=MFA)
    assert house.user.texts("norEduPersonAuthnMethod") == [f"{SMS} +4790123456 label=Jobb"]


def test_a_new_level_takes_the_place_of_the_old_one_and_other_services_keep_theirs(house, person):
    teacher = person(role="teacher", mobile="90123456")
    house.apply(teacher, mfa=MFA)
    house.write("add", "norEduPersonServiceAuthnLevel", f"urn:mace:feide.no:spid:77 {LEVEL}4")
    house.apply(teacher, mfa=MFA | {"level": 2})
    assert set(house.user.texts("norEduPersonServiceAuthnLevel")) == {
        f"urn:mace:feide.no:spid:77 {LEVEL}4",
        f"urn:mace:feide.no:spid:all {LEVEL}2",
    }


def test_a_mobile_number_that_was_written_another_way_is_the_same(house, person):
    house.apply(person(mobile="90123456"))
    house.write("delete", "mobile", "+4790123456")
    house.write("add", "mobile", "+47 90 12 34 56")
    assert house.client().plan([person(mobile="90123456")]).changes == ()


def kinds_of(entry: Entry) -> list[tuple[str, str]]:
    """Type and role of each group, and the type of each group-ID."""
    parts = [text.split(":") for text in entry.texts("eduPersonEntitlement")]
    return sorted((part[5], part[11] if part[4] == "group" else "id") for part in parts if "group" in part[4])


def test_a_new_role_takes_the_groups_of_the_old_one_away(house, person):
    house.apply(person(groups="b:6a:6A|a:kor:Kor"))
    foreign = "urn:mace:feide.no:go:group:a::NO912345688:rad:2026-08-01:2027-07-31:member:R%C3%A5det"
    foreign_id = "urn:mace:feide.no:go:groupid:a:NO912345688:rad:2026-08-01:2027-07-31"
    house.write("add", "eduPersonEntitlement", foreign, foreign_id, "urn:mace:example.no:bus:12")
    house.apply(person(role="teacher"))
    assert set(house.user.texts("eduPersonEntitlement")) == {foreign, foreign_id, "urn:mace:example.no:bus:12"}


def test_a_new_role_takes_the_grade_away_and_the_same_role_keeps_it(house, person):
    house.apply(person(grade="6"))
    house.apply(person(role="student"))
    assert len(house.user.texts("eduPersonEntitlement")) == 1
    house.apply(person(role="staff"))
    assert house.user.texts("eduPersonEntitlement") == []


def test_the_grade_codes_that_somebody_gave_a_teacher_stay_with_another_role(house, person):
    house.apply(person(role="teacher"))
    code = "urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/aarstrinn6"
    house.write("add", "eduPersonEntitlement", code)
    house.apply(person(role="staff"))
    assert house.user.texts("eduPersonEntitlement") == [code]


def test_a_group_id_that_another_group_needs_stays_with_a_new_role(house, person):
    house.apply(person(groups="b:6a:6A"))
    [group] = [text for text in house.user.texts("eduPersonEntitlement") if ":group:" in text]
    house.write("add", "eduPersonEntitlement", group.replace(":student:", ":member:"))
    house.apply(person(role="teacher"))
    assert kinds_of(house.user) == [("b", "id"), ("b", "member")]


def test_a_new_role_with_groups_has_these_and_the_same_role_keeps_its_groups(house, person):
    house.apply(person(groups="b:6a:6A"))
    house.apply(person())
    house.apply(person(role="student"))
    assert kinds_of(house.user) == [("b", "id"), ("b", "student")]
    house.apply(person(role="teacher", groups="u:n1:Norsk:NOR01-06"))
    assert kinds_of(house.user) == [("u", "faculty"), ("u", "id")]


@pytest.mark.parametrize(("match", "needs_mail"), [("mail", True), ("upn", False), ("either", False), (None, False)])
def test_whoever_logs_in_at_entra_has_no_password_and_needs_mail_where_feide_compares_it(
    house, person, match, needs_mail
):
    client = house.client(login={"by": "entra", **({"entra_match": match} if match else {})})
    plan = client.plan([person("p1"), person("p2", given_name="Анна", mail="anna@skotthyll.kommune.no")])
    held = [("R-ENTRA-MAIL", True, plan.changes[0].feide_name)] if needs_mail else []
    assert [(r.code, r.held, r.user) for r in plan.refusals] == held
    assert client.apply(plan).counts["created"] == 2
    olena, anna = (entry for entry in client.directory.entries() if entry.values("uid"))
    assert (olena.texts("mail"), anna.texts("mail")) == ([], ["anna@skotthyll.kommune.no"])
    assert olena.values("userPassword") == anna.values("userPassword") == ()


def test_at_entra_a_user_who_is_there_needs_no_mail_in_the_row(house, person):
    house.apply(person(mail="olena@skotthyll.kommune.no"), login={"by": "entra"})
    outcome = house.apply(person(role="staff"), login={"by": "entra"})
    assert outcome.counts["updated"] == 1
    assert house.user.texts("mail") == ["olena@skotthyll.kommune.no"]


@pytest.mark.parametrize("before", [{}, {"sms_roles": ["pupil"]}])
@pytest.mark.parametrize("after", [{}, {"sms_roles": ["pupil"]}, {"sms_roles": ["teacher"], "level": 2}])
@pytest.mark.parametrize("role", ["pupil", "teacher"])
def test_methods_of_entra_and_of_a_kind_that_is_not_known_stay(house, person, before, after, role):
    others = {"urn:mace:feide.no:auth:method:azuread -", "urn:mace:feide.no:auth:method:idporten - x y"}
    house.apply(person(mobile="+4790123456"), mfa=before)
    house.write("add", "norEduPersonAuthnMethod", *others)
    house.apply(person(mobile="+4790123457", role=role), mfa=after)
    assert others <= set(house.user.texts("norEduPersonAuthnMethod"))
    house.apply(person(role=role), mfa=after)
    assert others <= set(house.user.texts("norEduPersonAuthnMethod"))


KEEP = {"keep_local_numbers": True}
LOCAL = f"{REALM}:localnin:{H_NUMBER}"


def test_a_refused_local_number_is_kept_and_the_refusal_is_reported(house, person):
    outcome = house.client(numbers=KEEP).apply(house.client(numbers=KEEP).plan([person(national_number=H_NUMBER)]))
    assert [refusal.code for refusal in outcome.refusals] == ["N-H"]
    assert house.user.texts("norEduPersonLIN") == [LOCAL]
    assert house.user.values("norEduPersonNIN") == ()


def test_without_the_setting_a_local_number_is_written_nowhere(house, person):
    house.apply(person(national_number=H_NUMBER))
    assert house.user.values("norEduPersonLIN") == ()


def admission_number() -> NumberText:
    """A number of the form that counties give: made here, because it can equal somebody's D-number."""
    return NumberText(next(n for n in (with_checks(f"41010690{digit}") for digit in range(10)) if n))


def test_an_admission_number_is_kept_at_a_county_school_until_it_proves_to_be_a_d_number(house, person):
    schools = [school.model_dump() | {"kind": "upper-secondary"} for school in house.client().settings.schools]
    real = KEEP | {"test": False}
    olena = person(national_number=admission_number())
    outcome = house.apply(olena, schools=schools, numbers=real)
    assert [(refusal.code, refusal.held) for refusal in outcome.refusals] == [("N-D-900", True)]
    assert [text.rpartition(":")[0] for text in house.user.texts("norEduPersonLIN")] == [f"{REALM}:fin"]
    assert house.user.values("norEduPersonNIN") == ()
    client = house.client(schools=schools, numbers=real | {"drop_local_numbers": False})
    seen = Evidence("letter", "Kari Nordmann", ON)
    assert client.apply(client.plan([olena], evidence=seen)).counts["updated"] == 1
    assert len(house.user.values("norEduPersonNIN")) == 1
    assert house.user.values("norEduPersonLIN") == ()
    assert client.plan([olena], evidence=seen).changes == ()


def test_elsewhere_an_admission_number_is_written_nowhere(house, person):
    outcome = house.apply(person(national_number=admission_number()), numbers=KEEP | {"test": False})
    assert [refusal.code for refusal in outcome.refusals] == ["N-D-900"]
    assert house.user.values("norEduPersonLIN") == house.user.values("norEduPersonNIN") == ()


def test_a_user_who_is_there_gets_the_local_number_and_other_values_stay(house, person):
    house.apply(person())
    others = (f"{REALM}:employee:4711", "uio.no:localnin:17", f"{REALM}:fin:51030299250")
    house.write("add", "norEduPersonLIN", *others, f"{REALM}:localnin:old")
    house.apply(person(national_number=H_NUMBER), numbers=KEEP)
    assert set(house.user.texts("norEduPersonLIN")) == {*others, LOCAL}


def test_a_local_number_leaves_when_the_national_number_comes_by_a_list_of_people(house, person):
    house.apply(person(national_number=H_NUMBER), numbers=KEEP)
    house.write("add", "norEduPersonLIN", f"{REALM}:employee:4711", f"{REALM}:fin:51030299250")
    client = house.client(numbers=KEEP)
    plan = client.plan([person(national_number=TENOR, birth_date=BORN)])
    assert [change.sentence for change in plan.changes] == [
        "attach <Tenor number> to olenkova@skotthyll.kommune.no in place of the local number"
    ]
    assert not client.apply(plan).failures
    assert house.user.texts("norEduPersonNIN") == [TENOR]
    assert house.user.texts("norEduPersonLIN") == [f"{REALM}:employee:4711"]


def test_a_local_number_stays_where_the_setting_says_so(house, person):
    house.apply(person(national_number=H_NUMBER), numbers=KEEP)
    house.client(numbers={"drop_local_numbers": False}).attach("olenkova@" + REALM, TENOR, birth_date=BORN)
    assert house.user.texts("norEduPersonNIN") == [TENOR]
    assert house.user.texts("norEduPersonLIN") == [LOCAL]


def test_a_duf_number_does_not_drive_a_local_number_out_but_the_national_number_takes_the_place_of_both(house, person):
    keep = KEEP | {"duf": "nin", "test": False}
    house.apply(person(national_number=H_NUMBER), numbers=keep)
    seen = {"evidence": Evidence("letter", "Kari Nordmann", ON)}
    house.client(numbers=keep).attach("olenkova@" + REALM, DUF, **seen)
    assert (house.user.texts("norEduPersonNIN"), house.user.texts("norEduPersonLIN")) == ([DUF], [LOCAL])
    house.client(numbers=KEEP).attach("olenkova@" + REALM, TENOR, birth_date=BORN)
    assert (house.user.texts("norEduPersonNIN"), house.user.texts("norEduPersonLIN")) == ([TENOR], [])


def test_whoever_has_a_number_gets_no_local_one(house, person):
    house.apply(person(national_number=TENOR, birth_date=BORN), numbers=KEEP)
    assert house.client(numbers=KEEP).plan([person(national_number=H_NUMBER)]).changes == ()


def test_a_number_that_is_taken_back_leaves_the_local_number_as_it_was(house, person):
    house.apply(person(national_number=H_NUMBER), numbers=KEEP)
    client = house.client(numbers=KEEP)
    [attach] = client.plan([person(national_number=TENOR, birth_date=BORN)]).changes
    for write in (attach.write(), attach.take_back()):
        assert not [w for w in client.directory.write([write]) if w.error]
    assert (house.user.texts("norEduPersonNIN"), house.user.texts("norEduPersonLIN")) == ([], [LOCAL])


def written_down(folder, number: str):
    path = folder / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        heading = ["source_id", "given_name", "family_name", "school", "role", "birth_date", "national_number"]
        csv.writer(file, delimiter=";").writerows(
            [heading, ["p1", "Olena", "Kovalenko", "hylla", "pupil", str(BORN), number]]
        )
    return path


@pytest.mark.parametrize("there", [False, True], ids=["new-user", "user-who-is-there"])
def test_a_saved_plan_holds_no_local_number_and_writes_it_all_the_same(house, person, tmp_path, there):
    listed, saved, client = written_down(tmp_path, H_NUMBER), tmp_path / "plan.json", house.client(numbers=KEEP)
    if there:
        house.apply(person(given_name="Olena", family_name="Kovalenko", birth_date=BORN))
        house.write("add", "norEduPersonLIN", f"{REALM}:localnin:another")
    client.plan(listed).save(saved, client=client, source=listed)
    assert H_NUMBER[6:] not in saved.read_text()
    assert "another" not in saved.read_text()
    client.apply(Plan.load(saved, client=client))
    assert house.user.texts("norEduPersonLIN") == [LOCAL]
    listed, client = written_down(tmp_path, TENOR), house.client(numbers=KEEP)
    client.plan(listed).save(saved, client=client, source=listed)
    assert H_NUMBER[6:] not in saved.read_text()
    client.apply(Plan.load(saved, client=client))
    assert (house.user.texts("norEduPersonNIN"), house.user.texts("norEduPersonLIN")) == ([TENOR], [])


def test_a_saved_plan_whose_local_number_is_gone_makes_the_user_without_it_and_says_so(house, tmp_path):
    listed, saved, client = written_down(tmp_path, H_NUMBER), tmp_path / "plan.json", house.client(numbers=KEEP)
    client.plan(listed).save(saved, client=client, source=listed)
    written_down(tmp_path, "")
    plan = Plan.load(saved, client=client)
    assert [refusal.code for refusal in plan.refusals] == ["N-H", "R-INPUT-CHANGED"]
    client.apply(plan)
    assert house.user.values("norEduPersonLIN") == ()


GREP = "urn:mace:feide.no:go:grep:"
PSI = "http://psi.udir.no"
UNREADABLE = (
    f"{GREP}{PSI}/laereplan/aarstrinn/aarstrinn12",
    f"{GREP}NOR1211",
    "urn:mace:feide.no:go:group:b:6a",
    "urn:mace:feide.no:go:groupid:b:NO912345688:6a",
    "urn:mace:feide.no:go:other:x",
)


@pytest.mark.parametrize("role", ["pupil", "teacher"])
def test_a_value_that_cannot_be_read_is_never_taken_away(house, person, role):
    house.apply(person(grade="6", groups="b:6a:6A"))
    house.write("add", "eduPersonEntitlement", *UNREADABLE)
    house.apply(person(grade="7", groups="b:7a:7A", role=role))
    assert set(UNREADABLE) <= set(house.user.texts("eduPersonEntitlement"))


def test_codes_that_the_grade_does_not_speak_about_stay_and_the_grade_follows_the_list(house, person):
    programme = (
        f"{GREP}{PSI}/kl06/vg1",
        f"{GREP}{PSI}/kl06/STUSP1----",
        f"{GREP}uuid:5c682a18-585d-4a6b-bef9-bcd95c73714e",
    )
    house.apply(person(grade="vg1"))
    assert house.user.texts("eduPersonEntitlement") == [f"{GREP}{PSI}/laereplan/aarstrinn/vg1"]
    house.write("add", "eduPersonEntitlement", *programme)
    house.apply(person(grade="vg2"))
    assert set(house.user.texts("eduPersonEntitlement")) == {f"{GREP}{PSI}/laereplan/aarstrinn/vg2", *programme}


def test_a_grade_that_is_written_with_https_stays_until_the_grade_changes(house, person):
    house.apply(person())
    held = f"{GREP}https://psi.udir.no/laereplan/aarstrinn/aarstrinn6"
    house.write("add", "eduPersonEntitlement", held)
    house.apply(person(grade="6"))
    assert held in house.user.texts("eduPersonEntitlement")
    house.apply(person(grade="7"))
    assert house.user.texts("eduPersonEntitlement") == [f"{GREP}{PSI}/laereplan/aarstrinn/aarstrinn7"]
