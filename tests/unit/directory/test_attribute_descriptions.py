"""An attribute is the same by its name, its other names, its OID, and with options (RFC 4512, 2.5)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feideprov import DN, Entry, LdifDirectory, MemoryDirectory
from feideprov.directory.entry import Add, Modification, Modify, Precondition, Rename, SetPassword, Write
from feideprov.directory.protocol import holds_numbers, never_by_number
from feideprov.directory.rules import attribute_rule
from feideprov.errors import ConfigurationError, Refused
from feideprov.feide.user import FeideUser
from feideprov.numbers import NumberPolicy
from feideprov.provision.attach import attach_d_number
from feideprov.schema import ATTRIBUTES
from feideprov.testing import example_settings
from feideprov.wiring import build_options_of

NAMES = {
    "cn": ("commonName", "COMMONNAME", "2.5.4.3", "oid.2.5.4.3", "OID.2.5.4.3", "cn;lang-nb", "CN;x-a;lang-nb"),
    "sn": ("surname", "surName", "2.5.4.4", "sn;adcsn-68678399000100040000;vucsn-68678399000100040000"),
    "givenName": ("gn", "2.5.4.42", "gn;lang-uk"),
    "uid": ("userid", "0.9.2342.19200300.100.1.1", "UserId;x-a"),
    "mail": ("rfc822Mailbox", "0.9.2342.19200300.100.1.3"),
    "mobile": ("mobileTelephoneNumber", "0.9.2342.19200300.100.1.41"),
    "ou": ("organizationalUnitName", "2.5.4.11", "ou;lang-nb"),
    "o": ("organizationName", "2.5.4.10"),
    "street": ("streetAddress", "2.5.4.9"),
    "userCertificate": ("userCertificate;binary", "2.5.4.36;binary"),
    "norEduPersonNIN": ("1.3.6.1.4.1.2428.90.1.5", "noredupersonnin;lang-nb", "oid.1.3.6.1.4.1.2428.90.1.5;x-a"),
    "eduPersonPrincipalName": ("1.3.6.1.4.1.5923.1.1.1.6",),
    "createTimestamp": ("2.5.18.1",),
    "whenCreated": ("1.2.840.113556.1.2.2",),
    "localThing": ("LOCALTHING;x-a",),
}
SAME = [(name, other) for name, others in NAMES.items() for other in others]
TENOR, OTHER_TENOR = "57912075186", "69822075096"
BASE = DN.parse("dc=no")
PEOPLE = [
    Entry(BASE, {"objectClass": ["domain"], "dc": ["no"]}),
]


def user(name: str, **others: list[str]) -> Entry:
    values = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        "cn": [name],
        "sn": [name],
        "uid": [name],
        "eduPersonPrincipalName": [f"{name}@b.no"],
    }
    return Entry(BASE.child("uid", name), values | others)


def directory(*entries: Entry) -> MemoryDirectory:
    return MemoryDirectory(BASE, [*PEOPLE, *entries])


@pytest.mark.parametrize(("name", "other"), SAME)
def test_an_attribute_is_read_by_each_of_its_names(name: str, other: str) -> None:
    for written, asked in ((other, name), (name, other)):
        entry = Entry(BASE, {written: ["a"]})
        assert entry.values(asked) == (b"a",)
        assert entry.text(asked) == "a"
        assert asked in entry
        assert list(entry.only([asked]).items()) == [(written, (b"a",))]
        assert entry == Entry(BASE, {asked: ["a"]})
        received = Entry.received(BASE, {written.lower(): (written, (b"a",))})
        assert received.values(asked) == (b"a",)
        assert list(received.items()) == [(written, (b"a",))]


def test_every_name_and_oid_of_the_schema_is_known() -> None:
    for one in ATTRIBUTES.values():
        for other in (*one.aliases, one.oid, f"oid.{one.oid};lang-nb"):
            assert Entry(BASE, {other: ["a"]}).text(one.name) == "a", other
            if known := attribute_rule(one.name):
                assert attribute_rule(other) == known, other


def test_the_values_under_several_descriptions_are_read_together_and_kept_apart() -> None:
    written = {"cn;lang-en": ["c"], "x": ["1"], "commonName": ["a"], "CN;x-local": ["d"], "cn": ["b"]}
    for entry in (
        Entry(BASE, written),
        Entry.received(BASE, {n.lower(): (n, tuple(v.encode() for v in vs)) for n, vs in written.items()}),
    ):
        assert entry.texts("cn") == ["a", "b", "c", "d"]  # those without options first
        assert {n: [v.decode() for v in vs] for n, vs in entry.items()} == written
        assert [name for name, _ in entry.items()] == list(written)
        assert [name for name, _ in entry.only(["surname", "2.5.4.3"]).items()] == [n for n in written if n != "x"]


@pytest.mark.parametrize(
    "gone",
    [
        "norEduPersonNIN;vdcsn-68678399000100040000;deleted",
        "norEduPersonNIN;adcsn-68678399000100040000;vdcsn-68678399000100040000;deletedattribute;deleted",
        "norEduPersonNIN;adcsn-68678399000100040000;DeletedAttribute",
    ],
)
def test_a_value_that_389_has_deleted_is_not_there_and_is_kept(gone: str) -> None:
    entry = user("a", **{gone: [TENOR]})
    assert "norEduPersonNIN" not in entry
    assert entry.values("norEduPersonNIN") == ()
    assert gone in [name for name, _ in entry.items()]
    entry = user("a", **{gone: [TENOR], "norEduPersonNIN;vucsn-68678399000100040000": [OTHER_TENOR]})
    assert entry.texts("norEduPersonNIN") == [OTHER_TENOR]


@pytest.mark.parametrize("spelling", ["norEduPersonNIN;lang-nb", "1.3.6.1.4.1.2428.90.1.5", "NOREDUPERSONNIN;x-a"])
def test_a_number_has_one_holder_however_its_attribute_is_spelled(spelling: str) -> None:
    there = directory(user("a", **{spelling: [TENOR]}), user("b"))
    assert [e.dn for e in there.having(["norEduPersonNIN"], ["norEduPersonNIN"])] == [BASE.child("uid", "a")]
    with pytest.raises(Refused, match=r"already on a@b\.no"):
        attach_d_number(there, "b@b.no", TENOR, policy=NumberPolicy(test=True), birth_date=date(2020, 11, 17))
    assert holds_numbers(spelling)
    with pytest.raises(ValueError, match="filter"):
        never_by_number(spelling)
    step = Modification("add", "norEduPersonNIN", (OTHER_TENOR.encode(),))
    presumes = (Precondition("norEduPersonNIN", None),)
    [written] = there.write([Modify(BASE.child("uid", "a"), (step,), presumes)])
    assert written.error is not None
    assert written.error.code == 122


def test_a_value_is_deleted_where_it_stands() -> None:
    entry = user("a", **{"displayName;lang-nb": ["A"], "displayName;lang-en": ["B"], "commonName": ["c", "d"]})
    there = directory(entry)
    steps = (
        Modification("delete", "displayName", (b"A",)),
        Modification("add", "displayName", (b"C",)),
        Modification("delete", "cn", (b"d", b"a")),
        Modification("add", "cn", (b"e",)),
        Modification("delete", "uid", ()),
    )
    [written] = there.write([Modify(entry.dn, steps[:-1])])
    assert written.error is None
    found = there.read(entry.dn)
    assert found is not None
    held = dict(found.items())
    assert "displayName;lang-nb" not in held
    assert held["displayName;lang-en"] == (b"B",)
    assert held["displayName"] == (b"C",)
    assert sorted(found.texts("cn")) == ["c", "e"]
    refused = {
        16: Modification("delete", "displayName", (b"A",)),
        20: Modification("add", "commonName", (b"e",)),
        67: Modification("delete", "userid", ()),
    }
    for code, step in refused.items():
        [written] = there.write([Modify(entry.dn, (step,))])
        assert written.error is not None
        assert written.error.code == code


def test_a_password_replaces_the_one_that_has_another_spelling() -> None:
    entry = user("a", **{"2.5.4.35": ["{SSHA}x"], "userPassword;vdcsn-1;deleted": ["{SSHA}y"]})
    there = directory(entry)
    assert [w.error for w in there.write([SetPassword(entry.dn, "new")])] == [None]
    found = there.read(entry.dn)
    assert found is not None
    assert len(found.values("userPassword")) == 1
    assert "2.5.4.35" not in [name for name, _ in found.items()]
    assert there.accepts_login(entry.dn, "new")


def test_an_entry_is_named_by_an_attribute_under_any_of_its_names() -> None:
    entry = Entry(DN.parse("userid=a,dc=no"), {"objectClass": ["account"], "UID": ["a"]})
    there = directory()
    assert [w.error for w in there.write([Add(entry)])] == [None]
    assert there.read(DN.parse("uid=a,domainComponent=no")) is not None
    assert DN.parse("0.9.2342.19200300.100.1.1=a,dc=no") == entry.dn
    write: Write = Rename(entry.dn, DN.parse("uid=b,dc=no"))
    assert [w.error for w in there.write([write])] == [None]
    found = there.read(DN.parse("uid=b,dc=no"))
    assert found is not None
    assert found.texts("uid") == ["b"]


def test_an_ldif_directory_keeps_the_spelling_of_what_it_does_not_change(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.ldif"
    record = (
        "dn: uid=a,dc=no\nobjectClass: inetOrgPerson\nobjectClass: norEduPerson\nuserid: a\n2.5.4.3: A\n"
        "surname;lang-nb: B\nsn;lang-en: C\nx-local;x-a: D\nX-LOCAL: E\nmail;vdcsn-1;deleted: f@b.no\n"
    )
    path.write_text(f"dn: dc=no\nobjectClass: domain\ndc: no\n\n{record}\n")
    number = Modification("add", "norEduPersonNIN", (TENOR.encode(),))
    [written] = LdifDirectory(path).write([Modify(DN.parse("uid=a,dc=no"), (number,))])
    assert written.error is None
    assert path.read_text().endswith(f"{record}norEduPersonNIN: {TENOR}\n\n")
    step = Modification("delete", "norEduPersonNIN", (TENOR.encode(),)), Modification("delete", "sn", (b"B",))
    [written] = LdifDirectory(path).write([Modify(DN.parse("uid=a,dc=no"), step)])
    assert written.error is None
    assert path.read_text().endswith(record.replace("surname;lang-nb: B\n", "") + "\n")


def test_a_user_is_read_from_an_entry_with_other_spellings() -> None:
    values = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        "userid": ["a"],
        "commonName": ["A"],
        "surname;lang-nb": ["B"],
        "1.3.6.1.4.1.5923.1.1.1.6": ["a@b.no"],
        "norEduPersonNIN;lang-nb": [TENOR],
        "2.5.4.35": ["{SSHA}x"],
        "1.3.6.1.4.1.2428.90.1.15;x-a": [OTHER_TENOR],
    }
    entry = Entry(BASE.child("uid", "a"), values)
    found = FeideUser.from_entry(entry)
    assert found.number is not None
    assert found.number.reveal() == TENOR
    assert [found.values[name] for name in ("uid", "cn", "sn;lang-nb")] == [("a",), ("A",), ("B",)]
    for hidden in (TENOR, OTHER_TENOR, "{SSHA}x"):
        assert hidden not in str(found.values)
    assert found.to_entry() == entry


@pytest.mark.parametrize(
    "spelling", ["userid", "2.5.4.3", "norEduPersonNIN;x-a", "oid.1.3.6.1.4.1.2428.90.1.5", "userPassword;x-a"]
)
def test_a_name_a_password_or_a_number_is_no_source_id_by_another_spelling(tmp_path: Path, spelling: str) -> None:
    settings = example_settings(tmp_path, directory={"source_id_attribute": spelling})
    with pytest.raises(ConfigurationError, match="source_id_attribute"):
        build_options_of(settings)
