"""Laws of names, of LDIF, and of a directory in an LDIF file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from size import size

from feideprov import DN, Entry, LdifDirectory
from feideprov.directory import ldif
from feideprov.directory.entry import Add, Delete, Modification, Modify
from feideprov.testing import example_entries

lawful = settings(deadline=None, max_examples=size(40, 150))

types = st.sampled_from(["cn", "OU", "uid", "dc", "2.5.4.3", "x-local"])
tricky = st.text(' #,+"\\<>;=\0\n\r\tæÅ%*()41a', max_size=8)
avas = st.tuples(types, st.text(max_size=8) | tricky)
dns = st.lists(st.lists(avas, min_size=1, max_size=2).map(tuple), max_size=4).map(lambda rdns: DN(tuple(rdns)))
named_dns = dns.filter(lambda dn: dn.rdns)

spaced = st.builds(lambda n, tail: b"a" + b" " * n + tail, st.integers(0, 400), st.binary(max_size=3))
octets = st.binary(max_size=200) | spaced | st.text(max_size=30).map(str.encode) | tricky.map(str.encode)
attributes = st.dictionaries(
    st.sampled_from(["cn", "description", "userCertificate;binary", "jpegPhoto", "x-local", "sn;lang-nb"]),
    st.lists(octets, min_size=1, max_size=3),
    min_size=1,
)


@lawful
@given(dns)
def test_what_is_written_for_a_dn_is_read_as_the_same_dn(dn):
    again = DN.parse(str(dn))
    assert again == dn
    assert hash(again) == hash(dn)
    assert again.rdns == dn.rdns


@lawful
@given(named_dns, st.tuples(types, st.text(max_size=8) | tricky))
def test_a_child_lies_within_its_parent_and_its_parent_is_the_parent(dn, ava):
    child = dn.child(*ava)
    assert child.parent == dn
    assert child.is_within(dn)
    assert not dn.is_within(child)


@lawful
@given(named_dns, attributes)
def test_an_entry_written_as_ldif_is_read_back_octet_by_octet(dn, values):
    entry = Entry(dn, values)
    text = ldif.dump(entry).encode()
    assert text.isascii()
    assert max(len(line) for line in text.splitlines()) <= 76
    [record] = ldif.records(text)
    assert str(record.entry.dn) == str(dn)
    assert list(record.entry.items()) == list(entry.items())


@lawful
@given(st.lists(st.tuples(named_dns, attributes), max_size=4, unique_by=lambda made: made[0]), st.sampled_from([1, 2]))
def test_many_entries_come_back_in_order(made, empty_lines):
    entries = [Entry(dn, values) for dn, values in made]
    text = "version: 1\n" + "\n" * empty_lines + ("\n" * empty_lines).join(ldif.dump(entry) for entry in entries)
    assert [record.entry for record in ldif.records(text.encode()) if record.entry] == entries


UNTOUCHED = [
    b"# the bus driver\n# phone 12\ndn: uid=bus,ou=people,dc=skotthyll,dc=no\nobjectClass: inetOrgPerson\n"
    b"uid: bus\ncn: Bus\nsn: B\nx-Local: 1\nX-LOCAL: 2\ndescription: folded in the mid\n dle of a word",
    b"DN:: dWlkPcOlc2Usb3U9cGVvcGxlLGRjPXNrb3R0aHlsbCxkYz1ubw==\nsn:Lie\nuid:  \xc3\xa5se\ncn:: w4VzZQ==\n"
    b"objectclass: inetOrgPerson\nroomNumber: 3",
    b"# only a comment\n#  that goes on",
    b"dn: uid=spaces,ou=people,dc=skotthyll,dc=no\nobjectClass: inetOrgPerson\nuid: spaces\ncn: a"
    + b" " * 60
    + b"\n "
    + b" " * 75
    + b"\n b\nsn: S",
]


@settings(deadline=None, max_examples=size(12, 30))
@given(st.permutations(UNTOUCHED), octets.filter(bool), st.sampled_from([b"\n", b"\r\n"]))
def test_an_ldif_directory_keeps_what_it_does_not_touch_octet_by_octet(order, value, end):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.ldif"
        base = "".join(ldif.dump(entry) for entry in example_entries()).encode()
        path.write_bytes(base + b"".join(part.replace(b"\n", end) + end + end for part in order))
        before = [record.source.strip() for record in ldif.records(path.read_bytes())]
        directory = LdifDirectory(path)
        people = directory.base.child("ou", "people")
        new = Entry(people.child("cn", "new"), {"objectClass": ["x-thing"], "x-local": [value], "cn": ["new"]})
        step = Modification("add", "description", (b"changed",))
        for writes, touched in (
            ([Add(new)], set()),
            ([Modify(new.dn, (step,))], set()),
            ([Delete(new.dn), Modify(people, (step,))], {1}),
        ):
            assert not [written.error for written in directory.write(writes) if written.error]
            after = [record.source.strip() for record in ldif.records(path.read_bytes())]
            kept = [source for i, source in enumerate(before) if i not in touched]
            assert [source for source in after if source in kept] == kept
            assert LdifDirectory(path).read(new.dn) == directory.read(new.dn)
        assert len(after) == len(before)


@pytest.mark.parametrize("between", ["\n", "  \n", "\n\n", " \n\n", "\r\n", "\t\n"], ids=repr)
def test_an_empty_line_or_one_of_spaces_parts_two_records(between):
    text = f"dn: dc=no\ndc: no\n{between}dn: dc=a,dc=no\ndc: a\n"
    assert [str(record.entry.dn) for record in ldif.records(text.encode())] == ["dc=no", "dc=a,dc=no"]
