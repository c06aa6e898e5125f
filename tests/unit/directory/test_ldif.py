"""LDIF: what is no LDIF of entries is refused, with the line."""

from __future__ import annotations

import pytest

from feideprov import DirectoryError, Entry, InputError, LdifDirectory
from feideprov.directory import ldif
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add

GOOD = "version: 1\n\n\n# the base\ndn: dc=no\ndc: no\n\n \n"  # the next record begins at line 9


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ("uid: olena\n", "Line 9: an LDIF record begins with its dn."),
        ("uid: olena\ndn: dc=no\n", "Line 9: an LDIF record begins with its dn."),
        ("dn: dc=a\ndn: dc=b\n", "Line 9: an LDIF record begins with its dn."),
        ("dn: dc=a\nchangetype: modify\n", "Line 9: this LDIF holds changes"),
        ("dn: dc=a\nno attribute\n", "at line 9 has a line that is no attribute and value"),
        ("dn: dc=a\nphoto:< file:///tmp/x\n", "at line 9 has a line that is no attribute and value"),
        ("dn: dc=a\ncn:: =\n", "at line 9 has a value that is no base64"),
        ("DN: DC=No\ndc: no\n", "Line 9: there is a record of that dn already."),
    ],
)
def test_what_is_no_ldif_of_entries_is_refused_with_the_line(record, sentence):
    with pytest.raises(InputError, match=sentence):
        list(ldif.records((GOOD + record).encode()))


def test_a_dn_that_is_none_is_refused_without_its_digits():
    with pytest.raises(InputError, match="is not a distinguished name") as refused:
        list(ldif.records(b"dn: 57912075186\n"))
    assert "75186" not in str(refused.value)


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
    with pytest.raises(DirectoryError, match="cannot be read: No such file") as refused:
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
        patched.setattr("feideprov.directory.durable.replace", full)
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
