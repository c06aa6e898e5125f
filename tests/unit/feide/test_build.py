"""The building blocks, used without a Client."""

from __future__ import annotations

from datetime import date

import pytest

from feideprov import (
    BuildOptions,
    Entry,
    Evidence,
    Group,
    HostOrganization,
    NumberPolicy,
    PersonRecord,
    Refused,
    School,
    UserNames,
    attach_d_number,
    build_user,
)
from feideprov.directory import ldif, password
from feideprov.directory.entry import Add
from feideprov.testing import example_directory, example_settings

TENOR, BORN = "57912075186", date(2020, 11, 17)
ON = date(2026, 11, 22)
TEST = NumberPolicy(test=True)
SEEN = Evidence("letter", "Kari Nordmann", date(2026, 11, 1))
OLENA = {"source_id": "p1", "given_name": "Олена", "family_name": "Коваленко", "school": "hylla", "role": "pupil"}
NIN = "norEduPersonNIN"


@pytest.fixture
def organization(tmp_path):
    settings = example_settings(tmp_path)
    schools = tuple(School(**school.model_dump()) for school in settings.schools)
    return HostOrganization(**settings.organization.model_dump(), schools=schools, users_dn=settings.directory.users_dn)


def test_a_user_has_every_attribute_and_no_number(organization):
    user = build_user(PersonRecord(**OLENA, grade="6", groups="b:6a:Klasse 6A"), organization, on=ON)
    attributes = user.attributes()
    assert NIN not in attributes
    stored = attributes.pop("userPassword")[0].encode()
    assert password.verify(user.initial_password.reveal(), stored)
    school = "ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no"
    assert attributes == {
        "objectClass": ["top", "person", "organizationalPerson", "inetOrgPerson", "eduPerson", "norEduPerson"],
        "uid": ["olenkova"],
        "eduPersonPrincipalName": ["olenkova@skotthyll.kommune.no"],
        "cn": ["Олена Коваленко"],
        "displayName": ["Олена Коваленко"],
        "norEduPersonLegalName": ["Олена Коваленко"],
        "givenName": ["Олена"],
        "sn": ["Коваленко"],
        "eduPersonOrgDN": ["o=Skotthyll kommune,dc=skotthyll,dc=no"],
        "eduPersonOrgUnitDN": [school],
        "eduPersonPrimaryOrgUnitDN": [school],
        "eduPersonAffiliation": ["student", "member"],
        "eduPersonPrimaryAffiliation": ["student"],
        "eduPersonScopedAffiliation": ["student@skotthyll.kommune.no", "member@skotthyll.kommune.no"],
        "eduPersonEntitlement": [
            "urn:mace:feide.no:go:grep:http://psi.udir.no/laereplan/aarstrinn/aarstrinn6",
            "urn:mace:feide.no:go:group:b::NO912345688:6a:2026-08-01:2027-07-31:student:Klasse%206A",
            "urn:mace:feide.no:go:groupid:b:NO912345688:6a:2026-08-01:2027-07-31",
        ],
    }


def test_the_attributes_and_the_ldif_of_a_user_say_the_same(organization):
    user = build_user(PersonRecord(**OLENA), organization, on=ON)
    [record] = ldif.records(user.to_ldif().encode())
    assert record.entry == Entry(user.dn, user.attributes())


def test_a_number_with_its_birth_date_is_written(organization):
    record = PersonRecord(**OLENA, national_number=TENOR, birth_date=BORN)
    user = build_user(record, organization, options=BuildOptions(numbers=TEST), on=ON)
    assert user.attributes()[NIN] == [TENOR]
    assert TENOR in user.to_ldif()
    assert user.concerns == ()
    assert TENOR[-5:] not in repr(user)
    assert NIN not in user.without_number().attributes()


@pytest.mark.parametrize(
    ("fields", "policy", "code", "held"),
    [
        ({"national_number": TENOR, "birth_date": BORN}, NumberPolicy(), "N-TENOR", False),
        ({"national_number": TENOR}, TEST, "R-EVIDENCE", True),
        ({"national_number": TENOR, "birth_date": date(2019, 1, 1)}, TEST, "N-DATE", True),
        ({"duf_number": TENOR}, TEST, "N-NOT-DUF", False),
    ],
    ids=["tenor-in-a-real-directory", "no-evidence", "another-birth-date", "no-duf-number"],
)
def test_a_number_that_may_not_be_used_leaves_the_user_without_it(organization, fields, policy, code, held):
    user = build_user(PersonRecord(**OLENA, **fields), organization, options=BuildOptions(numbers=policy), on=ON)
    assert NIN not in user.attributes()
    assert [(concern.code, concern.held) for concern in user.concerns] == [(code, held)]


def test_a_duf_number_stands_in_only_where_the_policy_says_so(organization):
    record = PersonRecord(**OLENA, duf_number="202212345608")  # fails its check digits: nobody has it
    for policy, held in ((NumberPolicy(), None), (NumberPolicy(duf="nin"), ["202212345608"])):
        user = build_user(record, organization, options=BuildOptions(numbers=policy), evidence=SEEN, on=ON)
        assert user.attributes().get(NIN) == held
        assert user.concerns == ()


@pytest.mark.parametrize("column", ["given_name", "family_name"])
def test_the_one_name_of_a_person_stands_in_both_attributes(organization, column):
    record = PersonRecord(**(OLENA | {"given_name": "", "family_name": "", column: "ሰላም"}))
    attributes = build_user(record, organization, on=ON).attributes()
    for name in ("cn", "displayName", "norEduPersonLegalName", "givenName", "sn"):
        assert attributes[name] == ["ሰላም"]


def test_a_plain_set_of_names_is_enough(organization):
    user = build_user(PersonRecord(**OLENA), organization, taken={"olenkova", "olenkova2"}, on=ON)
    assert user.user_name == "olenkova3"
    names = UserNames({"olenkova"})
    made = [build_user(PersonRecord(**OLENA), organization, taken=names, on=ON).user_name for _ in range(2)]
    assert made == ["olenkova2", "olenkova3"]


def test_the_first_school_is_the_primary_one_and_none_comes_twice(organization):
    record = PersonRecord(**(OLENA | {"school": "berg|hylla|NO923456783"}))
    attributes = build_user(record, organization, on=ON).attributes()
    assert attributes["eduPersonPrimaryOrgUnitDN"] == [str(organization.school("berg").dn)]
    assert len(attributes["eduPersonOrgUnitDN"]) == 2


@pytest.mark.parametrize("school", ["nowhere", "", f"hylla|{TENOR}"], ids=["unknown", "none", "a-number"])
def test_a_record_without_a_known_school_is_refused(organization, school):
    with pytest.raises(Refused) as refused:
        build_user(PersonRecord(**(OLENA | {"school": school})), organization, on=ON)
    assert refused.value.code == "R-SCHOOL"
    assert TENOR[-5:] not in str(refused.value)


@pytest.mark.parametrize(
    "others",
    [
        (Group("b", "6a", "6A"), Group("b", "6A", "6A")),
        (Group("u", "no", "Norsk", "NOR01-06"), Group("u", "no", "Norsk", "NOR07-02")),
        (Group("b", "6a", "6A"), Group("b", "6a", "Klassen", begins=date(2026, 8, 1), ends=date(2027, 7, 31))),
    ],
    ids=["case-of-the-id", "grep-code", "default-dates"],
)
def test_two_groups_that_would_have_one_group_id_are_refused(organization, others):
    with pytest.raises(Refused) as refused:
        build_user(PersonRecord(**OLENA, groups=others), organization, on=ON)
    assert refused.value.code == "R-GROUP"


def test_a_refused_record_takes_no_name(organization):
    names = UserNames()
    with pytest.raises(Refused):
        build_user(PersonRecord(**OLENA, groups="b:6a:Klasse 6A|b:6A:Other"), organization, taken=names)
    assert build_user(PersonRecord(**OLENA), organization, taken=names).user_name == "olenkova"


def test_the_same_group_twice_is_one_group(organization):
    record = PersonRecord(**OLENA, groups="b:6a:6A|b:6a:6A")
    assert len(build_user(record, organization, on=ON).attributes()["eduPersonEntitlement"]) == 2


@pytest.mark.parametrize("role", ["teacher", "staff"])
def test_only_learners_have_a_grade(organization, role):
    record = PersonRecord(**(OLENA | {"role": role, "grade": "6"}))
    assert "eduPersonEntitlement" not in build_user(record, organization, on=ON).attributes()


def test_a_birth_date_is_an_integer_and_left_out_by_default(organization):
    record = PersonRecord(**OLENA, birth_date=date(2009, 3, 4))
    assert "norEduPersonBirthDate" not in build_user(record, organization, on=ON).attributes()
    user = build_user(record, organization, options=BuildOptions(birth_date=True), on=ON)
    assert user.attributes()["norEduPersonBirthDate"] == ["20090304"]


def test_a_user_can_be_made_and_given_its_number_without_a_client(organization):
    directory = example_directory()
    user = build_user(PersonRecord(**OLENA), organization, on=ON)
    [written] = directory.write([Add(Entry(user.dn, user.attributes()))])
    assert written.error is None
    assert directory.accepts_login(user.dn, user.initial_password.reveal())
    for expected in ("attached", "unchanged"):
        outcome = attach_d_number(directory, user, TENOR, evidence=SEEN, policy=TEST, on=ON)
        assert outcome.attach_counts[expected] == 1
    assert directory.read(user.dn).texts(NIN) == [TENOR]


@pytest.mark.parametrize(
    ("number", "keywords", "code"),
    [
        (TENOR, {}, "R-EVIDENCE"),
        (TENOR, {"birth_date": date(2019, 1, 1)}, "N-DATE"),
        ("mangler", {"evidence": SEEN}, "N-LETTERS"),
        ("69822075096", {"evidence": SEEN}, "R-HELD-BY-ANOTHER"),
    ],
    ids=["no-evidence", "another-birth-date", "no-number", "held-by-another"],
)
def test_a_number_that_is_not_attached_says_why(organization, number, keywords, code):
    directory = example_directory()
    names = UserNames()
    olena, other = (build_user(PersonRecord(**OLENA), organization, taken=names, on=ON) for _ in range(2))
    entries = [Entry(user.dn, user.attributes()) for user in (olena, other)]
    assert not [w for w in directory.write([Add(entry) for entry in entries]) if w.error]
    attach_d_number(directory, other, "69822075096", evidence=SEEN, policy=TEST, on=ON)
    with pytest.raises(Refused) as refused:
        attach_d_number(directory, olena.feide_name, number, policy=TEST, on=ON, **keywords)
    assert refused.value.code == code
    assert number[-5:] not in str(refused.value) or number == "mangler"
    assert directory.read(olena.dn).values(NIN) == ()


def test_a_feide_name_that_two_entries_have_gets_no_number(organization):
    directory = example_directory()
    user = build_user(PersonRecord(**OLENA), organization, on=ON)
    twin = user.dn.parent.child("uid", "twin")
    entries = [Entry(user.dn, user.attributes()), Entry(twin, user.attributes() | {"uid": ["twin"]})]
    assert not [w for w in directory.write([Add(entry) for entry in entries]) if w.error]
    with pytest.raises(Refused) as refused:
        attach_d_number(directory, user, TENOR, evidence=SEEN, policy=TEST, on=ON)
    assert refused.value.code == "R-TWO-USERS"
    assert not any(entry.values(NIN) for entry in directory.entries())
