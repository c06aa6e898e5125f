"""What is judged in an entry that a real server made: only what a change touches."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feideprov import DN, Entry, LdifDirectory
from feideprov.directory import rules
from feideprov.directory.entry import Add, Modification, Modify
from feideprov.directory.memory import MemoryDirectory
from feideprov.directory.rules import comparable
from feideprov.schema.files import schema_files

SLAPCAT = """\
dn: dc=no
objectClass: organization
objectClass: dcObject
o: Skotthyll
dc: no
structuralObjectClass: organization
entryUUID: 7f1c6e1e-0000-103f-8d3b-000000000001
st: Innlandet
businessCategory: kommune
seeAlso: dc=elsewhere

dn: uid=olena,dc=no
objectClass: inetOrgPerson
objectClass: eduPerson
objectClass: norEduPerson
uid: olena
cn: Olena
surname: K
structuralObjectClass: inetOrgPerson
entryUUID: 7f1c6e1e-0000-103f-8d3b-000000000002
creatorsName: cn=admin,dc=no
createTimestamp: 20240101000000Z
entryCSN: 20240101000000.000000Z#000000#000#000000
modifiersName: cn=admin,dc=no
modifyTimestamp: 20240101000000Z
memberOf: cn=teachers,dc=no
roomNumber: 12
initials: OK
st: Innlandet
seeAlso: cn=other,dc=no
physicalDeliveryOfficeName: Hylla
businessCategory: school
carLicense: AB
pager: +4712345678
x-county: 1
displayName: Olena
displayName: Olena K
mobile:

"""
NAME = DN.parse("uid=olena,dc=no")


def modify(directory, *steps):
    [written] = directory.write([Modify(NAME, tuple(Modification(*step) for step in steps))])
    return written.error.code if written.error else 0


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "slapcat.ldif"
    path.write_text(SLAPCAT)
    return LdifDirectory(path)


def test_an_export_of_slapcat_can_be_changed(export):
    assert modify(export, ("add", "norEduPersonNIN", (b"57912075186",)), ("add", "l", (b"Hylla",))) == 0
    assert export.read(NAME).text("entryUUID") == "7f1c6e1e-0000-103f-8d3b-000000000002"


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (("add", "employeeNumber", (b"1", b"2")), 19),
        (("add", "title", (b"",)), 21),
        (("add", "norEduPersonBirthDate", (b"01022003",)), 21),
        (("add", "dc", (b"no",)), 65),
        (("delete", "surname", (b"K",)), 65),
        (("add", "displayName", (b"O",)), 19),
    ],
)
def test_what_a_change_touches_is_judged(export, step, code):
    assert modify(export, step) == code


def test_an_entry_from_an_export_can_be_added(export):
    other = MemoryDirectory("dc=no", [next(export.entries())])
    entry = Entry(NAME, {name: v for name, v in export.read(NAME).items() if name not in ("displayName", "mobile")})
    assert next(other.write([Add(entry)])).error is None


@pytest.mark.parametrize("attribute", ["userCertificate;binary", "userPassword", "jpegPhoto"])
def test_octets_are_equal_only_when_they_are_the_same(attribute):
    assert comparable(attribute, b"0A") != comparable(attribute, b"0a")
    assert comparable(attribute, b"0A") == comparable(attribute, b"0A")


def test_what_may_stand_once_may_stand_once_under_each_option():
    directory = MemoryDirectory("dc=no", [Entry(DN.parse("dc=no"), {"objectClass": ["domain"], "dc": ["no"]})])
    values = {"objectClass": ["inetOrgPerson"], "uid": ["a"], "cn": ["A"], "sn": ["A"], "displayName": ["A"]}
    for uid, names, code in (("a", ["B"], None), ("b", ["B", "C"], 19)):
        entry = Entry(DN.parse(f"uid={uid},dc=no"), values | {"uid": [uid], "displayName;lang-en": names})
        [written] = directory.write([Add(entry)])
        assert (written.error and written.error.code) == code


SCHEMAS = Path(__file__).parents[2] / "data" / "schemas"
DEFINITIONS = [
    definition
    for path in (*schema_files("openldap"), *sorted(SCHEMAS.iterdir()))
    for definition in rules._definitions(re.sub(r"\n ", "", re.sub(r"(?m)^#.*$", "", path.read_text(encoding="utf-8"))))
    if re.match(r"\( ?[0-9]", definition)
]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_definitions_are_read_as_ldap3_reads_them():
    from ldap3.protocol.rfc4512 import AttributeTypeInfo, ObjectClassInfo

    def is_class(definition: str) -> bool:
        words = re.sub(r"'[^']*'", "", definition)
        return re.search(r"\b(MUST|MAY|STRUCTURAL|AUXILIARY|ABSTRACT)\b", words) is not None

    assert len(DEFINITIONS) > 100
    for definition in DEFINITIONS:
        if is_class(definition):
            [info] = ObjectClassInfo.from_definition([definition]).values()
            rule = rules.class_rules([definition])[info.name[0].lower()]
            must, may = (
                {rules.attribute_key(one) for one in some or ()} for some in (info.must_contain, info.may_contain)
            )
            assert (rule.name, rule.superior) == (info.name[0], (info.superior or [None])[0])
            assert (rule.must, rule.may, rule.is_auxiliary) == (must, may, info.kind == "AUXILIARY")
        else:
            [info] = AttributeTypeInfo.from_definition([definition]).values()
            rule = rules.attribute_rules([definition])[info.name[-1].lower()]
            assert (rule.name, rule.equality, rule.superior) == (
                info.name[0],
                (info.equality or [None])[0],
                (info.superior or [None])[0],
            )
            assert (rule.single, rule.syntax) == (bool(info.single_value), info.syntax or None)
