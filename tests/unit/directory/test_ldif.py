"""LDIF: what is no LDIF of entries is refused, with the line."""

from __future__ import annotations

import pytest

from feideprov import DirectoryError, Entry, InputError, LdifDirectory
from feideprov.directory import ldif
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete, Modification, Modify

GOOD = "version: 1\n\n\n# the base\ndn: dc=no\ndc: no\n\n \n"  # the next record begins at line 9


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ("uid: olena\n", "Line 9: an LDIF record must begin with its dn."),
        ("uid: olena\ndn: dc=no\n", "Line 9: an LDIF record must begin with its dn."),
        ("dn: dc=a\ndn: dc=b\n", "Line 9: an LDIF record must begin with its dn."),
        ("dn: dc=a\nchangetype: modify\n", "Line 9: this LDIF contains changes"),
        ("ref: ldap://other/dc=a\n", "Line 9: the export refers to another server"),
        ("dn: dc=a\nno attribute\n", "begins at line 9 has a line that is not “attribute: value”"),
        ("dn: dc=a\nobjectClass:< file:///tmp/x\n", "Line 10: a value of objectClass is in another file"),
        ("dn: dc=a\ncn:: =\n", "at line 9 has a value that is not valid base64"),
        ("DN: DC=No\ndc: no\n", "Line 9: an earlier record has the same dn. Remove one of the two records."),
    ],
)
def test_what_is_no_ldif_of_entries_is_refused_with_the_line(record, sentence):
    with pytest.raises(InputError, match=sentence):
        list(ldif.records((GOOD + record).encode()))


@pytest.mark.parametrize("name", ['cn="a, b",dc=no', "cn=<a>,dc=no", "57912075186"])
def test_an_entry_with_a_name_of_another_form_is_kept_and_stops_no_other(tmp_path, name):
    strange = f"# see old system\ndn: {name}\nobjectClass: person\ncn: a, b\nsn:  B\n\n"
    path = tmp_path / "catalogue.ldif"
    path.write_text("dn: dc=no\nobjectClass: domain\ndc: no\n\n" + strange)
    directory = LdifDirectory(path)
    [written] = directory.write([Modify(DN.parse("dc=no"), (Modification("add", "description", (b"x",)),))])
    assert written.error is None
    assert strange in path.read_text()
    assert "description: x" in path.read_text()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_is_refused_by_that_name(encoding):
    with pytest.raises(InputError, match="UTF-16"):
        list(ldif.records(("\ufeff" + GOOD).encode(encoding)))


def test_an_export_that_says_of_each_entry_that_it_is_to_be_added_is_read(tmp_path):
    path = tmp_path / "ldifde.ldif"
    path.write_bytes(b"dn: dc=no\r\nchangetype: add\r\nobjectClass: domain\r\ndc: no\r\n\r\n")
    entry = LdifDirectory(path).read(DN.parse("dc=no"))
    assert entry == Entry(DN.parse("dc=no"), {"objectClass": ["domain"], "dc": ["no"]})


def test_the_end_of_what_ldapsearch_prints_is_kept(tmp_path):
    trailer = "# search result\nsearch: 2\nresult: 0 Success\n\n# numResponses: 2\n# numEntries: 1\n"
    path = tmp_path / "catalogue.ldif"
    path.write_text("# extended LDIF\n#\n\n# no\ndn: dc=no\nobjectClass: domain\ndc: no\n\n" + trailer)
    directory = LdifDirectory(path)
    new = Entry(DN.parse("dc=a,dc=no"), {"objectClass": ["domain"], "dc": ["a"]})
    assert not next(directory.write([Add(new)])).error
    assert trailer in path.read_text()
    assert LdifDirectory(path).read(new.dn) == new


def test_what_a_search_that_was_cut_short_printed_is_refused():
    with pytest.raises(InputError, match="Line 9: the search that made this LDIF failed or ended too early"):
        list(ldif.records((GOOD + "search: 2\nresult: 4 Size limit exceeded\n").encode()))


def test_a_file_keeps_its_line_ends(tmp_path):
    path = tmp_path / "catalogue.ldif"
    path.write_bytes(b"version: 1\r\ndn: dc=no\r\nobjectClass: domain\r\ndc: no\r\n\r\n# last\r\n")
    directory = LdifDirectory(path)
    new = Entry(DN.parse("dc=a,dc=no"), {"objectClass": ["domain"], "dc": ["a"], "description": ["x" * 200]})
    step = Modification("add", "description", (b"a\nb",))
    assert not [w.error for w in directory.write([Add(new), Modify(DN.parse("dc=no"), (step,))]) if w.error]
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert LdifDirectory(path).read(new.dn) == new
    assert LdifDirectory(path).read(DN.parse("dc=no")).values("description") == (b"a\nb",)


def test_what_stands_before_a_name_stays_when_the_entry_changes(tmp_path):
    path = tmp_path / "catalogue.ldif"
    preamble = "version: 1\n# the county's own,\n  see contract\n"
    path.write_text(preamble + "dn: dc=no\nobjectClass: domain\ndc: no\n\n")
    step = Modification("add", "description", (b"x",))
    assert not next(LdifDirectory(path).write([Modify(DN.parse("dc=no"), (step,))])).error
    assert path.read_text() == preamble + "dn: dc=no\nobjectClass: domain\ndc: no\ndescription: x\n\n"


def test_the_version_stays_when_the_entry_that_it_is_glued_to_goes(tmp_path):
    path = tmp_path / "catalogue.ldif"
    path.write_text(
        "version: 1\n# made by hand\ndn: dc=a,dc=no\nobjectClass: domain\ndc: a\n\n"
        "dn: dc=no\nobjectClass: domain\ndc: no\n\n"
    )
    assert not next(LdifDirectory(path, "dc=no").write([Delete(DN.parse("dc=a,dc=no"))])).error
    assert path.read_text() == "version: 1\n\ndn: dc=no\nobjectClass: domain\ndc: no\n\n"


def test_a_record_shows_no_value():
    [record] = ldif.records(b"dn: dc=no\ndc: no\nnorEduPersonNIN: 57912075186\n")
    assert "75186" not in repr(record)


def test_values_are_read_in_every_form():
    [record] = ldif.records(b"\xef\xbb\xbfdn:: ZGM9bm8=\r\ndc:no\r\nDC:  nor\r\n way\r\no:: w4VzZQ==\r\nempty:\r\n")
    assert record.entry == Entry(DN.parse("dc=no"), {"dc": ["no", "norway"], "o": ["Åse"], "empty": [""]})


def test_comments_stand_in_front_of_an_entry():
    text = ldif.dump(Entry(DN.parse("dc=no"), {"dc": ["no"]}), comments=["number from people.csv row 2"])
    assert text == "# number from people.csv row 2\ndn: dc=no\ndc: no\n\n"
    assert [record.entry.text("dc") for record in ldif.records(text.encode())] == ["no"]


def test_a_file_that_is_no_ldif_stops_before_anything_is_written(tmp_path):
    path = tmp_path / "catalogue.ldif"
    path.write_text(GOOD + "uid: olena\n")
    with pytest.raises(DirectoryError, match=r"catalogue\.ldif: Line 9") as refused:
        LdifDirectory(path)
    assert refused.value.exit_code == 2


def test_a_missing_file_stops_before_anything_is_written(tmp_path):
    with pytest.raises(DirectoryError, match="There is no LDIF directory") as refused:
        LdifDirectory(tmp_path / "nowhere.ldif")
    assert refused.value.exit_code == 2


def test_a_full_disk_leaves_the_file_as_it_was_and_the_directory_knows(tmp_path, monkeypatch):
    path = tmp_path / "catalogue.ldif"
    path.write_text("dn: dc=no\nobjectClass: domain\ndc: no\n\n")
    directory = LdifDirectory(path)
    new = Entry(DN.parse("dc=a,dc=no"), {"objectClass": ["domain"], "dc": ["a"]})

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("feideprov.files.replace", full)
        with pytest.raises(DirectoryError, match=r"No space left on device\. Nothing was changed"):
            list(directory.write([Add(new)]))
    assert directory.read(new.dn) is None
    assert not next(directory.write([Add(new)])).error
    assert LdifDirectory(path).read(new.dn) == new


def test_what_another_program_writes_to_the_file_is_seen(tmp_path):
    path = tmp_path / "catalogue.ldif"
    path.write_text("dn: dc=no\nobjectClass: domain\ndc: no\n\n")
    directory = LdifDirectory(path)
    path.write_text(path.read_text() + "dn: dc=a,dc=no\nobjectClass: domain\ndc: a\n\n")
    assert directory.read(DN.parse("dc=a,dc=no")).text("dc") == "a"


def test_a_user_whose_name_cannot_be_read_is_not_passed_over() -> None:
    content = b'dn: dc=no\nobjectClass: domain\ndc: no\n\ndn: cn="a, b",dc=no\ncn: a, b\nuid: ab\n'
    with pytest.raises(InputError, match="Line 5: the dn of this user is not valid"):
        list(ldif.records(content))
