"""Distinguished names (RFC 4514)."""

from __future__ import annotations

import pytest

from feideprov import DN, InputError
from feideprov.directory.dn import escape_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cn=a\\,b", "a,b"),
        ("cn=a\\2Cb", "a,b"),
        ("cn=\\C3\\A5se", "åse"),
        ("cn=a=b", "a=b"),
        ("cn=", ""),
        ("cn=\\ ", " "),
        ("cn= a ", "a"),
        ("cn= a\\ ", "a "),
        ("cn=\\#a", "#a"),
        ("cn=a\\00b", "a\0b"),
        ("cn=a\\+b", "a+b"),
        ('cn=\\"a\\"', '"a"'),
    ],
)
def test_escapes_are_read(text, value):
    assert DN.parse(text).rdns == ((("cn", value),),)


@pytest.mark.parametrize(
    ("value", "escaped"), [(" a", "\\ a"), ("a ", "a\\ "), ("#a", "\\#a"), (" ", "\\ "), ("a,b", "a\\,b"), ("å", "å")]
)
def test_values_are_escaped_no_more_than_needed(value, escaped):
    assert escape_value(value) == escaped


@pytest.mark.parametrize(
    "text", ["a", "=a", "cn", "cn=a,", "cn=a,,dc=no", "1a=b", "c n=a", "cn=#", "cn=#0", "cn=#0g", "cn=a\\", "cn=<a>"]
)
def test_what_is_no_dn_is_refused(text):
    with pytest.raises(InputError, match="is not a distinguished name"):
        DN.parse(text)


def test_two_names_are_equal_when_a_directory_says_so():
    one = DN.parse("OU=Hylla  Skole, O=skotthyll kommune,DC=no")
    assert one == DN.parse("ou=hylla skole,o=Skotthyll Kommune,dc=NO")
    assert DN.parse("cn=a+sn=b") == DN.parse("sn=B+cn=A")
    assert one != DN.parse("ou=hylla,o=skotthyll kommune,dc=no")
    assert one != "ou=hylla skole,o=skotthyll kommune,dc=no"


def test_a_value_in_hex_stays_as_it_is_written():
    dn = DN.parse("cn=#04024869 ,dc=no")
    assert str(dn) == "cn=#04024869,dc=no"
    assert dn == DN.parse("CN=#04024869,dc=no")
    assert dn != DN.parse("cn=\\#04024869,dc=no")
    assert str(DN.parse("cn=\\#04024869,dc=no")) == "cn=\\#04024869,dc=no"
    assert dn.child("uid", "a").parent == dn


def test_nothing_that_shows_a_dn_shows_a_number():
    dn = DN.parse("uid=57912075186,dc=no")
    assert "75186" not in repr(dn)
    with pytest.raises(InputError) as refused:
        DN.parse("57912075186")
    assert "75186" not in str(refused.value)
