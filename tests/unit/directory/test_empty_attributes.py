"""In LDAP an attribute has a value or is not there; so it is in an entry."""

from __future__ import annotations

import pytest

from feideprov import Add, Entry, MemoryDirectory
from feideprov.directory import ldif
from feideprov.directory.dn import DN

BASE = DN.parse("dc=a,dc=no")


def made(**attributes: object) -> Entry:
    return Entry(BASE.child("uid", "a"), {"uid": ["a"], **attributes})  # type: ignore[dict-item]


@pytest.mark.parametrize("nothing", [[], (), set(), iter(())])
def test_an_attribute_without_values_is_not_there(nothing: object) -> None:
    entry = made(mail=nothing)
    assert "mail" not in entry
    assert dict(entry.items()) == {"uid": (b"a",)}
    assert entry == made()
    assert ldif.dump(entry) == ldif.dump(made())


def test_a_description_without_values_is_not_there() -> None:
    entry = Entry(BASE, {"cn": [], "cn;lang-nb": ["Olena"], "commonName": ()})
    assert list(entry.items()) == [("cn;lang-nb", (b"Olena",))]
    assert entry.text("cn") == "Olena"


def test_an_attribute_that_a_server_sends_without_values_is_not_there() -> None:
    received = Entry.received(BASE, {"cn": ("cn", (b"a",)), "norededupersonnin": ("norEduPersonNIN", ())})
    assert "norEduPersonNIN" not in received
    assert list(received.items()) == [("cn", (b"a",))]


def test_an_entry_with_an_empty_attribute_is_added_without_it() -> None:
    directory = MemoryDirectory(BASE, [Entry(BASE, {"objectClass": ["domain"], "dc": ["a"], "description": []})])
    [written] = directory.write([Add(made(objectClass=["account"], norEduPersonNIN=[]))])
    assert written.error is None
    assert not any(not values for entry in directory.entries() for _, values in entry.items())
