"""What a real server publishes of its attributes is what the model says of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import ldap3
import pytest

from feideprov.schema import ATTRIBUTES, Attribute
from feideprov.testing.slapd import PrivateSlapd


@dataclass(frozen=True)
class Published:
    """An attribute type of a subschema; what stands in its supertype is not resolved yet."""

    oid: str
    names: tuple[str, ...]
    superior: str | None
    syntax: str | None
    equality: str | None
    ordering: str | None
    substring: str | None
    single: bool

    @classmethod
    def parse(cls, definition: str) -> Published:
        def field(keyword: str) -> str | None:
            found = re.search(rf" {keyword} ([\w.-]+)", definition)
            return found[1] if found else None

        listed = re.search(r" NAME (\([^)]*\)|'[^']*')", definition)
        return cls(
            definition.split()[1],
            tuple(re.findall(r"'([^']*)'", listed[1])) if listed else (),
            *(field(keyword) for keyword in ("SUP", "SYNTAX", "EQUALITY", "ORDERING", "SUBSTR")),
            single=" SINGLE-VALUE" in definition,
        )


@pytest.fixture(scope="module")
def published(slapd: PrivateSlapd) -> dict[str, Published]:
    """The attribute types of slapd, by first name."""
    connection = ldap3.Connection(ldap3.Server(slapd.url), slapd.service_dn, slapd.service_password)
    try:
        assert connection.bind()
        assert connection.search("cn=Subschema", "(objectClass=*)", ldap3.BASE, attributes=["attributeTypes"])
        definitions = connection.response[0]["raw_attributes"]["attributeTypes"]
    finally:
        connection.unbind()
    types = (Published.parse(definition.decode()) for definition in definitions)
    return {one.names[0]: one for one in types}


@pytest.mark.parametrize("name", sorted({one.name for one in ATTRIBUTES.values()}))
def test_slapd_knows_the_attribute_as_the_model_does(name: str, published: dict[str, Published]) -> None:
    one: Attribute = ATTRIBUTES[name.lower()]
    own = published[name]
    above = published[own.superior] if own.superior else own
    assert (own.oid, own.names, own.single) == (one.oid, (one.name, *one.aliases), one.single)
    assert (own.syntax or above.syntax, own.equality or above.equality) == (one.syntax, one.equality)
    assert (own.ordering or above.ordering, own.substring or above.substring) == (one.ordering, one.substring)
