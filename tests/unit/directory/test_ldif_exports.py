"""What stands in exports besides entries: deleted ones, conflicts, references, changes, values elsewhere, versions."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from feideprov import DN, Entry, InputError, LdifDirectory
from feideprov.directory import ldif
from feideprov.directory.entry import Delete, Modification, Modify
from feideprov.directory.ldif_file import LdifExport
from feideprov.errors import DirectoryError

CASES = Path(__file__).parents[2] / "data" / "cases"
BASE = "version: 1\n\ndn: dc=no\nobjectClass: domain\ndc: no\n\n"
USER = "dn: uid=a,dc=no\nobjectClass: inetOrgPerson\nuid: a\ncn: A\nsn: B\n"
STEP = (Modification("add", "description", (b"x",)),)


def names(content: str | bytes) -> list[str]:
    """The entries of an LDIF."""
    octets = content.encode() if isinstance(content, str) else content
    return [str(record.entry.dn) for record in ldif.records(octets) if record.entry]


def directory(tmp_path: Path, text: str) -> LdifDirectory:
    path = tmp_path / "export.ldif"
    path.write_text(BASE + text)
    return LdifDirectory(path)


DELETED_NAME = base64.b64encode(b"CN=A\nDEL:1,CN=Deleted Objects,dc=no").decode()
GONE = [
    "dn: nsuniqueid=1-2-3-4,uid=a,dc=no\nobjectClass: inetOrgPerson\nobjectClass: nsTombstone\nuid: a\n",
    "dn: nsuniqueid=1-2-3-4,uid=a,dc=no\nobjectClass;vucsn-1: person\nobjectclass;vucsn-1: NSTOMBSTONE\nuid: a\n",
    "dn: nsuniqueid=1-2-3-4,uid=a,dc=no\n2.5.4.0:: bnNUb21ic3RvbmU=\nuid: a\n",
    f"dn:: {DELETED_NAME}\nobjectClass: user\nuid: a\nisDeleted: TRUE\n",
    'dn: cn="no, dn",dc=no\nobjectClass: user\nuid: a\nisdeleted: true\n',
]


@pytest.mark.parametrize("gone", GONE)
def test_an_entry_that_was_deleted_is_not_there_and_stays_in_the_file(tmp_path: Path, gone: str) -> None:
    there = directory(tmp_path, f"{USER}\n{gone}\n")
    assert [entry.text("uid") for entry in there.entries()] == [None, "a"]
    assert [str(entry.dn) for entry in there.matching("uid", ["a"], ["uid"])] == ["uid=a,dc=no"]
    assert there.notes == ()
    assert [w.error for w in there.write([Modify(DN.parse("uid=a,dc=no"), STEP)])] == [None]
    assert gone in there.path.read_text()


def test_an_entry_that_was_not_deleted_is_there() -> None:
    assert names(BASE + USER + "isDeleted: FALSE\n") == ["dc=no", "uid=a,dc=no"]


CONFLICT = "dn: nsuniqueid=1-2-3-4+uid=a,dc=no\nobjectClass: inetOrgPerson\nuid: a\nuid: 1\n"


def test_an_entry_that_is_a_conflict_of_replication_is_set_aside_with_a_note(tmp_path: Path) -> None:
    conflict = f"{CONFLICT}nsds5ReplConflict;vucsn-1: namingConflict (ADD) uid=a,dc=no\n"
    there = directory(tmp_path, f"{USER}\n{conflict}\n")
    assert [str(entry.dn) for entry in there.entries()] == ["dc=no", "uid=a,dc=no"]
    [note] = there.notes
    assert "export.ldif: 1 entry is a conflict of replication (nsds5ReplConflict)" in note
    assert "repl-conflict" in note


def test_an_entry_that_holds_others_together_is_read_although_it_is_a_conflict() -> None:
    glue = "dn: ou=a,dc=no\nobjectClass: glue\nou: a\nnsds5ReplConflict: deletedEntryHasChildren\n"
    assert names(BASE + glue) == ["dc=no", "ou=a,dc=no"]


@pytest.mark.parametrize(
    "change",
    [
        "changetype: modify\nreplace: mail\nmail: a@b.no\n-\n",
        "changetype:modify\nadd: jpegPhoto\njpegPhoto:< file:///a\n-\n",
        "changetype: delete\n",
        "CHANGETYPE: Delete\n",
        "changetype: modrdn\nnewrdn: uid=b\ndeleteoldrdn: 1\n",
        "changetype: moddn\nnewrdn: uid=b\ndeleteoldrdn: 1\nnewsuperior: dc=no\n",
        "control: 1.2.840.113556.1.4.805 true\nchangetype: delete\n",
        "changetype:: bW9kaWZ5\nadd: a\na: b\n-\n",
    ],
)
def test_a_change_is_refused_as_such_at_its_own_line(change: str) -> None:
    text = f"{BASE}{USER}\n# a comment\n#  that\n  goes on\ndn: uid=a,dc=no\n{change}"
    with pytest.raises(InputError, match=r"^Line 16: this LDIF contains changes"):
        names(text)


def test_the_changes_of_a_file_are_refused_at_the_line_where_they_begin() -> None:
    content = (CASES / "change-records.ldif").read_bytes()
    line = content[: content.index(b"changetype")].count(b"\n")
    with pytest.raises(InputError, match=rf"^Line {line}: this LDIF contains changes"):
        names(content)


@pytest.mark.parametrize("how", ["changetype: ADD", "control: 1.2.3 true\nchangetype:  add "])
def test_an_entry_that_is_to_be_added_is_an_entry_without_that(how: str) -> None:
    first, rest = USER.split("\n", 1)
    [_, record] = [r for r in ldif.records(f"{BASE}{first}\n{how}\n{rest}".encode()) if r.entry]
    [_, plain] = [r for r in ldif.records((BASE + USER).encode()) if r.entry]
    assert record.entry == plain.entry


@pytest.mark.parametrize(
    "between",
    [
        "version: 1\n\n",
        "version: 1\n",
        "\n\ufeffversion: 1\n\n",
        "\n\ufeff",
        "version:1\n#\n\n",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_exports_one_after_the_other_are_read(tmp_path: Path, between: str, end: str) -> None:
    text = (BASE + USER + between + USER.replace("uid=a", "uid=b")).replace("\n", end)
    assert names(text) == ["dc=no", "uid=a,dc=no", "uid=b,dc=no"]
    path = tmp_path / "all.ldif"
    path.write_bytes(text.encode())
    there = LdifDirectory(path)
    assert "version" not in next(there.matching("uid", ["a"], ["*"]))
    writes = [Modify(DN.parse("uid=b,dc=no"), STEP), Delete(DN.parse("uid=a,dc=no"))]
    assert [w.error for w in there.write(writes)] == [None, None]
    assert names(path.read_bytes()) == ["dc=no", "uid=b,dc=no"]


def test_an_attribute_whose_name_is_version_is_an_attribute() -> None:
    [_, record] = [r for r in ldif.records(f"{BASE}{USER}version: 3\ndescription: x\n".encode()) if r.entry]
    assert record.entry is not None
    assert (record.entry.text("version"), record.entry.text("description")) == ("3", "x")


OWN_PARTS = (
    "# search reference\nref: ldap://ForestDnsZones.b.no/DC=ForestDnsZones,DC=b,DC=no\n\n"
    "# search reference\nref: ldap://DomainDnsZones.b.no/DC=DomainDnsZones,DC=b,DC=no\n\n"
    "# search reference\nref: ldap://b.no/CN=Configuration,DC=b,DC=no\n\n# search result\n"
)


def test_references_to_the_parts_of_a_domain_that_have_no_users_are_set_aside_with_a_note(tmp_path: Path) -> None:
    there = directory(tmp_path, f"{USER}\n{OWN_PARTS}")
    assert len(list(there.entries())) == 2
    [note] = there.notes
    assert note.startswith("export.ldif: ") or "/export.ldif: " in note
    assert "3 references (ref)" in note
    assert [w.error for w in there.write([Modify(DN.parse("uid=a,dc=no"), STEP)])] == [None]
    assert OWN_PARTS.strip() in there.path.read_text()


@pytest.mark.parametrize(
    "url", ["ldap://b.no/DC=skole,DC=b,DC=no", "ldap://other/", "ldap:///ou=people,DC=ForestDnsZones", "x"]
)
def test_a_reference_to_another_server_is_refused(url: str) -> None:
    with pytest.raises(InputError, match=r"^Line 13: the export refers to another server \(ref\)"):
        names(f"{BASE}{USER}\nref: {url}\n")


def test_one_reference_of_several_to_another_server_is_refused() -> None:
    several = "ref: ldap://b.no/CN=Configuration,DC=b,DC=no\nref: ldap://b.no/DC=skole,DC=b,DC=no\n"
    with pytest.raises(InputError, match=r"^Line 14: the export refers to another server"):
        names(f"{BASE}{USER}\n# search reference\n{several}")


PHOTO = "jpegPhoto:< file:///var/tmp/ldapsearch-jpegPhoto-Ab12Cd\n"


@pytest.mark.parametrize("line", [PHOTO, "thumbnailPhoto:<file:///a\n", "userCertificate;binary:< file:///a\n"])
def test_a_value_in_another_file_is_passed_over_with_a_note_and_stays(tmp_path: Path, line: str) -> None:
    there = directory(tmp_path, f"{USER}{line}sn: C\n\n")
    name = line.partition(":")[0]
    [note] = there.notes
    assert f"1 value in another file (“attribute:< URL”) was not read: {name}." in note
    [entry] = there.having(["uid"], ["uid", "sn", "cn"])
    assert entry.texts("sn") == ["B", "C"]
    assert [w.error for w in there.write([Modify(entry.dn, STEP)])] == [None]
    assert line.replace(":<file", ":< file") in there.path.read_text()
    assert LdifDirectory(there.path).notes == there.notes


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("displayName:< file:///a", "displayName"),
        ("commonName:< file:///a", "commonName"),
        ("eduPersonPrincipalName:<file:///a", "eduPersonPrincipalName"),
        ("norEduPersonNIN;lang-nb:< file:///a", "norEduPersonNIN;lang-nb"),
        ("x-key:< file:///a", "x-key"),
        ("1.3.6.1.4.1.2428.90.1.5:< file:///a", "1.3.6.1.4.1.2428.90.1.5"),
    ],
)
def test_a_value_in_another_file_that_is_needed_is_refused_with_its_name(tmp_path: Path, line: str, name: str) -> None:
    there = directory(tmp_path, f"{USER}{line}\n\n")
    asked = ["displayName", "cn", "norEduPersonNIN", "X-Key"]
    for look in (
        lambda: list(there.having(["eduPersonPrincipalName"], asked)),
        lambda: list(there.matching("eduPersonPrincipalName", ["a"], asked)),
        lambda: there.read(DN.parse("uid=a,dc=no"), ["eduPersonPrincipalName", *asked]),
    ):
        with pytest.raises(DirectoryError, match=rf"export\.ldif: Line 12: .*{name}.*URL") as refused:
            look()
        assert refused.value.exit_code == 2


def test_of_everything_only_text_that_feide_knows_is_needed(tmp_path: Path) -> None:
    assert directory(tmp_path, f"{USER}{PHOTO}x-other:< file:///a\n").read(DN.parse("uid=a,dc=no")) is not None
    with pytest.raises(DirectoryError, match="displayName"):
        directory(tmp_path, f"{USER}displayName:< file:///a\n").read(DN.parse("uid=a,dc=no"))


@pytest.mark.parametrize("line", ["objectClass:< file:///a", "2.5.4.0:< file:///a"])
def test_an_entry_whose_classes_are_in_another_file_is_refused(line: str) -> None:
    with pytest.raises(InputError, match=rf"^Line 12: .*{line.partition(':')[0]}"):
        names(f"{BASE}{USER}{line}\n")


def test_a_lone_carriage_return_is_part_of_a_value_and_ends_no_line() -> None:
    [_, record] = [r for r in ldif.records(f"{BASE}{USER}description: a\rb: c\n".encode()) if r.entry]
    assert record.entry is not None
    assert record.entry.text("description") == "a\rb: c"


def test_a_file_whose_lines_end_with_carriage_returns_alone_is_refused() -> None:
    with pytest.raises(InputError, match="line ends"):
        names((BASE + USER).replace("\n", "\r"))


def test_an_export_has_its_notes_too(tmp_path: Path) -> None:
    directory(tmp_path, f"{USER}{PHOTO}\n")
    export = LdifExport(tmp_path / "export.ldif")
    assert len(export.notes) == 1
    assert isinstance(next(export.having(["uid"], ["uid"])), Entry)
