"""Who becomes a user, with which school, role, grade, groups and key."""

from __future__ import annotations

from datetime import date

import pytest
from enterprise_file import NAMESPACES, PROPERTIES, Properties

from feideprov.errors import InputError
from feideprov.feide.group import Group as FeideGroup
from feideprov.feide.person import Role
from feideprov.intake.file_facts import Extent, Format, UnknownSchool
from feideprov.intake.ims.model import Group, Person
from feideprov.intake.ims.vocabulary import GroupKind, UserId
from feideprov.issues import Origin
from feideprov.numbers.checks import duf_check
from feideprov.settings.sections import SourceSection

from .conftest import CLASS, GRADE, GROUPS, HYLLA, KEY, OWNER, file_of, person, sid

NUMBER = "12829499914"
DUF = f"2000123456{duf_check('2000123456')}"
WRONG = "01019912345"
"""Fails its check digits: nobody has it."""
PUPIL = ("p1", "hylla", "pupil")


def source(**fields) -> SourceSection:
    return SourceSection(
        **{"name": "visma", "evidence": "register", "confirmed_by": "Kari", "confirmed_on": date(2026, 1, 1)} | fields
    )


def notes(people) -> str:
    return "\n".join(people.notes)


@pytest.mark.parametrize("version", NAMESPACES)
@pytest.mark.parametrize("order", ["pgm", "mgp", "gpm"])
def test_a_pupil_has_school_grade_and_class(read, version, order):
    pupil = person(userids=((UserId.NUMBER, NUMBER),), mail="o@måne.no", mobile="+4790123456", language="uk")
    roles = [PUPIL, ("p1", "t6", "pupil"), ("p1", "6a", "pupil")]
    text = file_of(pupil, roles=roles, version=version).text(order)
    people = read(text)
    (record,) = people.records
    assert (record.source_id, record.full_name, record.birth_date) == ("p1", "Olena Kovalenko", date(2014, 2, 28))
    assert (record.schools, record.role, record.grade) == (("hylla",), Role.PUPIL, "6")
    assert record.groups == (FeideGroup("b", "6a", "6A"),)
    assert record.national_number.reveal() == NUMBER
    assert (record.mail, record.mobile, record.language) == ("o@xn--mne-ula.no", "+4790123456", "uk")
    assert record.origin == Origin("eksport.xml", text.split("<person>")[0].count("\n") + 1, unit="line")
    assert people.file.format is (Format.IMS if version == "ims" else Format.PIFU)
    assert (people.file.extent, people.file.made_on) == (Extent.FULL, date(2026, 11, 28))
    assert (people.file.people, people.file.schools) == (1, frozenset({"hylla"}))


def test_people_on_one_line_are_counted(read):
    text = file_of(person("p1"), person("p2"), roles=[PUPIL, ("p2", "hylla", "pupil")]).text().replace("\n", "")
    assert [one.origin.place for one in read(text).records] == ["person 1", "person 2"]


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ([("p1", "hylla", "teacher")], Role.TEACHER),
        ([("p1", "hylla", "staff")], Role.STAFF),
        ([("p1", "hylla", "member")], Role.STAFF),
        ([("p1", "berg", "pupil")], Role.STUDENT),
        ([PUPIL, ("p1", "6a", "member")], Role.PUPIL),
        ([PUPIL, ("p1", "berg", "teacher")], Role.TEACHER),
        ([("p1", "hylla", "pupil", {"is_primary": True}), ("p1", "berg", "teacher")], Role.PUPIL),
    ],
)
def test_the_role_is_that_of_the_primary_school(read, roles, role):
    (record,) = read(file_of(person(), roles=roles)).records
    assert record.role is role


def test_an_adult_pupil_is_a_student(read):
    (record,) = read(file_of(person(is_adult=True), roles=[PUPIL])).records
    assert record.role is Role.STUDENT


def test_the_primary_school_stands_first(read):
    roles = [PUPIL, ("p1", "berg", "pupil", {"is_primary": True}), ("p1", "6a", "pupil")]
    (record,) = read(file_of(person(), roles=roles)).records
    assert (record.schools, record.groups) == (("berg", "hylla"), ())


PAST, FUTURE = date(2026, 11, 28), date(2026, 11, 30)
AFTER_SCHOOL = Group(sid("sfo"), GroupKind.AFTER_SCHOOL, "SFO", parents=(sid("hylla"),))
GUARDIANS = Group(sid("f"), GroupKind.GUARDIANS, "Foresatte 6A", parents=(sid("6a"),))
OLD_CLASS = CLASS._replace(ends=PAST)


@pytest.mark.parametrize(
    ("one", "roles", "reason"),
    [
        (person(), [], "no-school"),
        (person(), [("p1", "owner", "staff")], "no-school"),
        (person(), [("p1", "hylla", "pupil", {"is_active": False})], "inactive"),
        (person(), [("p1", "hylla", "pupil", {"ends": PAST})], "inactive"),
        (person(), [("p1", "hylla", "pupil", {"begins": FUTURE})], "inactive"),
        (person(), [("p1", "old", "pupil")], "inactive"),
        (person(is_inactive=True), [PUPIL], "inactive"),
        (person(is_external=True), [PUPIL], "external"),
        (person(), [("p1", "sfo", "pupil")], "after-school"),
        (person(), [("p1", "f", "member")], "guardian"),
        (person(), [("p1", "nowhere", "pupil")], "no-school"),
        (person(is_deleted=True), [PUPIL], "deleted"),
    ],
)
def test_others_become_no_users(read, one, roles, reason):
    groups = (*GROUPS, AFTER_SCHOOL, GUARDIANS, OLD_CLASS._replace(id=sid("old")))
    people = read(file_of(one, roles=roles, groups=groups))
    assert (people.records, people.refusals) == ((), ())
    assert dict(people.file.left_out) == {reason: 1}
    assert people.file.deleted == ()


def test_a_contact_is_a_guardian(read):
    people = read(file_of(person(), Person(sid("mother"), given="Iryna"), roles=[PUPIL], contacts=[sid("mother")]))
    assert len(people.records) == 1
    assert dict(people.file.left_out) == {"guardian": 1}


def test_the_last_day_is_included(read):
    roles = [("p1", "hylla", "pupil", {"begins": date(2026, 11, 29), "ends": date(2026, 11, 29)})]
    assert len(read(file_of(person(), roles=roles)).records) == 1


def test_people_of_an_unknown_school_are_counted(read):
    other = HYLLA._replace(id=sid("x"), number="974760673", short="Andre skole")
    people = read(
        file_of(person(), person("p2"), roles=[("p1", "x", "pupil"), ("p2", "x", "teacher")], groups=(OWNER, other))
    )
    assert people.file.unknown_schools == (UnknownSchool("974760673", "Andre skole", 2),)
    assert notes(people).count("Andre skole") == 1


@pytest.mark.parametrize("ended", [{"is_active": False}, {"ends": PAST}, {"begins": FUTURE}], ids=range(3))
def test_who_is_no_longer_at_an_unknown_school_is_inactive(read, ended):
    other = HYLLA._replace(id=sid("x"), number="974760673", short="Andre skole")
    people = read(file_of(person(), roles=[("p1", "x", "pupil", ended)], groups=(OWNER, HYLLA, other)))
    assert dict(people.file.left_out) == {"inactive": 1}
    assert (people.file.unknown_schools, people.file.elsewhere) == ((), ())


def test_a_delta_names_whom_it_deletes(read):
    people = read(file_of(person(is_deleted=True), properties=Properties("x", "delta", "2026-11-28")))
    assert people.file.deleted == ("p1",)
    assert people.file.extent is Extent.DELTA


def test_a_full_file_with_deletions_deletes_nobody(read):
    people = read(file_of(person(is_deleted=True)))
    assert people.file.deleted == ()
    assert "marked as deleted" in notes(people)


def test_a_file_without_people_says_nothing_of_anybody(read):
    people = read(file_of())
    assert (people.records, people.file.people) == ((), 0)
    assert "has no person" in notes(people)


def test_a_person_with_an_old_id_is_one_person(read):
    one = person("new", former=(sid("old"),))
    people = read(file_of(one, roles=[("old", "hylla", "pupil")]))
    assert [record.source_id for record in people.records] == ["new"]
    assert dict(people.file.former_keys) == {"new": "old"}


def test_two_people_with_one_id_are_both_given_to_the_plan(read):
    people = read(file_of(person(), person(given="Yusuf"), roles=[PUPIL]))
    assert [record.source_id for record in people.records] == ["p1", "p1"]
    assert len({record.origin for record in people.records}) == 2


def test_a_number_as_id_is_never_the_key(read):
    people = read(file_of(person(NUMBER), roles=[(NUMBER, "hylla", "pupil")]))
    assert people.records[0].source_id == KEY.in_place_of_key(NUMBER)
    assert NUMBER not in repr(people) + notes(people)


def test_no_source_id_is_made_for_who_becomes_no_user(read):
    mother = Person(sid(NUMBER), given="Iryna")
    people = read(file_of(person(), mother, roles=[PUPIL], contacts=[mother.id]))
    assert dict(people.file.left_out) == {"guardian": 1}
    assert "source id" not in notes(people)
    assert "source id" in notes(read(file_of(mother, roles=[(NUMBER, "hylla", "pupil")])))


@pytest.mark.parametrize("number", [NUMBER[:6] + " " + NUMBER[6:], DUF, WRONG], ids=range(3))
def test_so_is_one_that_is_written_otherwise(read, number):
    (record,) = read(file_of(person(number), roles=[(number, "hylla", "pupil")])).records
    assert record.source_id == KEY.in_place_of_key(number)


@pytest.mark.parametrize("version", ["1.3", "ims"])
def test_a_number_as_id_is_the_number_of_who_has_no_other(read, version):
    other = person("12129999967", userids=((UserId.NUMBER, NUMBER),))
    people = [person(NUMBER), person(DUF), person(WRONG), other]
    file = file_of(*people, roles=[(one.id.id, "hylla", "pupil") for one in people], version=version)
    numbers = [(one.national_number, one.duf_number) for one in read(file).records]
    assert [tuple(n and n.reveal() for n in pair) for pair in numbers] == [
        (NUMBER, None),
        (None, DUF),
        (None, None),
        (NUMBER, None),
    ]


def test_the_configuration_names_another_key(read):
    pupil = person(NUMBER, userids=((UserId.STUDENT, "E-17"), (UserId.NUMBER, NUMBER)))
    file = file_of(pupil, person(WRONG), roles=[(NUMBER, "hylla", "pupil"), (WRONG, "hylla", "staff")])
    people = read(file, sources=[source(key="studentID", datasource=PROPERTIES.datasource.upper())])
    assert [one.source_id for one in people.records] == ["E-17", KEY.in_place_of_key(WRONG)]
    assert people.file.source == "visma"


def test_without_a_key_the_person_is_refused(read):
    people = read(file_of(person(NUMBER), roles=[(NUMBER, "hylla", "pupil")]), key=None)
    assert [one.code for one in people.refusals] == ["R-SOURCE-ID"]
    assert NUMBER not in people.refusals[0].sentence
    assert people.refusals[0].origin.unit == "line"


def test_a_duf_number_is_told_by_its_digits(read):
    (record,) = read(file_of(person(userids=((UserId.NUMBER, DUF),)), roles=[PUPIL])).records
    assert record.duf_number.reveal() == DUF
    assert record.national_number is None


def test_a_serial_in_the_place_of_a_number_is_the_key(read):
    serial = Person(sid("4711"), userids=((UserId.NUMBER, "4711"),), given="Amina", family="Noor")
    people = read(file_of(serial, person(), roles=[("4711", "berg", "pupil"), PUPIL], version="ims"))
    record = people.records[0]
    assert (record.source_id, record.national_number) == ("4711", None)
    assert people.file.serials == {"4711"}


def test_four_digits_beside_numbers_as_ids_are_a_serial(read):
    people = read(
        file_of(person(NUMBER), person("4711"), roles=[(k, "berg", "pupil") for k in (NUMBER, "4711")], version="ims")
    )
    assert people.file.serials == {"4711"}
    assert read(file_of(person("4711"), roles=[("4711", "berg", "pupil")])).file.serials == frozenset()


def test_four_digits_where_nobody_has_a_number_are_a_serial(read):
    roles = [("4711", "berg", "pupil"), PUPIL]
    assert read(file_of(person("4711"), person(), roles=roles, version="ims")).file.serials == {"4711"}
    numbered = person(userids=((UserId.NUMBER, NUMBER),))
    assert read(file_of(person("4711"), numbered, roles=roles, version="ims")).file.serials == frozenset()


CONTACT = Group(sid(f"3_{NUMBER}_6A"), GroupKind.OTHER, "Kontaktgruppe 6A", parents=(sid("hylla"),))
TEACHING = Group(sid("nor"), GroupKind.TEACHING, "Norsk", parents=(sid("hylla"),), codes=("NOR0214",))


def test_groups_have_their_types(read):
    plain = TEACHING._replace(id=sid("mat"), codes=(), short="Matte")
    by_subject = TEACHING._replace(id=sid("eng"), codes=(), parents=(sid("fag"), sid("hylla")), short="Engelsk")
    subject = Group(sid("fag"), GroupKind.UNUSED, "Engelsk", parents=(sid("hylla"),), codes=("ENG0012",))
    roles = [("p1", one, "pupil") for one in ("nor", "mat", "eng", CONTACT.id.id, "fag")]
    groups = (*GROUPS, TEACHING, plain, by_subject, subject, CONTACT)
    people = read(file_of(person(), roles=roles, groups=groups))
    written = {(one.type, one.name, one.grep_code) for one in people.records[0].groups}
    assert written == {
        ("u", "Norsk", "NOR0214"),
        ("a", "Matte", ""),
        ("u", "Engelsk", "ENG0012"),
        ("a", "Kontaktgruppe 6A", ""),
    }
    assert not any(NUMBER in one.id for one in people.records[0].groups)


def test_the_id_of_a_group_with_a_number_stays_the_same(read):
    file = file_of(person(), roles=[("p1", CONTACT.id.id, "pupil")], groups=(*GROUPS, CONTACT))
    first, second = read(file).records[0].groups, read(file).records[0].groups
    assert first == second == (FeideGroup("a", f"{KEY.in_place_of_key(CONTACT.id.id)}-A", "Kontaktgruppe 6A"),)


def test_a_group_whose_name_cannot_be_used_leaves_those_of_before(read):
    bad = CLASS._replace(short="Gruppe 123456", long="")
    people = read(file_of(person(), roles=[("p1", "6a", "pupil")], groups=(OWNER, HYLLA, bad)))
    assert (people.records[0].groups, people.records[0].all_groups) == ((), False)
    assert "1 group has no name or id" in notes(people)


@pytest.mark.parametrize(
    ("group", "grade"),
    [
        (GRADE._replace(short="Hylla trinn 7"), "7"),
        (GRADE._replace(short="x", codes=("http://psi.udir.no/laereplan/aarstrinn/aarstrinn10",)), "10"),
        (GRADE._replace(short="x", codes=("7. årstrinn",)), "7"),
        (GRADE._replace(short="VG2"), "vg2"),
        (GRADE._replace(short="8"), "8"),
        (GRADE._replace(short="Trinn 5 og trinn 6"), ""),
        (CLASS._replace(codes=("aarstrinn4",)), "4"),
        (CLASS._replace(short="7A"), ""),
    ],
)
def test_a_grade_comes_from_a_grade_or_a_code(read, group, grade):
    file = file_of(person(), roles=[PUPIL, ("p1", group.id.id, "pupil")], groups=(OWNER, HYLLA, group))
    assert read(file).records[0].grade == grade


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"given": "Amina", "family": ""}, ("Amina", "")),
        ({"given": "Amina", "family": "-"}, ("Amina", "")),
        ({"given": "", "family": "", "formatted": "Amina Noor"}, ("", "Amina Noor")),
        ({"given": "Null", "family": "Jensen"}, ("Null", "Jensen")),
    ],
)
def test_names(read, names, expected):
    (record,) = read(file_of(person(**names), roles=[PUPIL])).records
    assert (record.given_name, record.family_name) == expected


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"given": "", "family": ""}, "R-NAME"),
        ({"given": "BjÃ¸rn"}, "R-NAME"),
        ({"given": "NULL", "family": "Hansen"}, "R-NAME"),
        ({"given": "12345"}, "R-NAME"),
        ({"birth_date": "2030-01-01"}, "R-DATE"),
        ({"birth_date": "2014-02-30"}, "R-DATE"),
    ],
)
def test_a_person_whose_name_or_birth_date_is_wrong_is_refused(read, fields, code):
    people = read(file_of(person(**fields), roles=[PUPIL]))
    assert people.records == ()
    (refusal,) = people.refusals
    assert refusal.code == code
    assert refusal.origin.unit == "line"
    assert refusal.sentence.startswith("Element ")


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"mail": "olena"}, "R-MAIL"), ({"mobile": "12"}, "R-MOBILE"), ({"language": "Ukrainsk språk"}, "R-LANGUAGE")],
)
def test_a_wrong_mail_mobile_or_language_is_left_out(read, fields, code):
    people = read(file_of(person(**fields), roles=[PUPIL]))
    assert len(people.records) == 1
    assert [one.code for one in people.refusals] == [code]


def test_a_named_source_that_contradicts_the_file_is_refused(read):
    sources = [source(datasource="sats@x.no"), source(name="ist", datasource=PROPERTIES.datasource)]
    with pytest.raises(InputError, match="not the datasource of the source visma"):
        read(file_of(person()), sources=sources, source="visma")
    assert read(file_of(person()), sources=sources, source="ist").file.source == "ist"
    assert read(file_of(person()), sources=sources).file.source == "ist"


def test_an_unknown_datasource_is_told_once(read):
    assert notes(read(file_of(person()), sources=[source()])).count("no source in the configuration") == 1
    assert "no source in" not in notes(read(file_of(person())))
