"""Feide's information model for lower education as data: norEdu* 2.0, eduPerson 201602, eduOrg, SCHAC 1.5, RFC 4519.

The schema files, `docs/model.md` and the checks are generated from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from feideprov.schema.attribute import Attribute, ObjectClass, Specification, Syntax
from feideprov.schema.eduorg import EDUORG
from feideprov.schema.eduperson import EDUPERSON
from feideprov.schema.info_go import OBLIGATIONS, Node, Obligation
from feideprov.schema.noredu import NOREDU
from feideprov.schema.schac import SCHAC
from feideprov.schema.standard import STANDARD

__all__ = [
    "ATTRIBUTES",
    "CLASSES",
    "OBLIGATIONS",
    "SPECIFICATIONS",
    "Attribute",
    "Node",
    "ObjectClass",
    "Obligation",
    "Specification",
    "Syntax",
    "attribute",
    "mandatory",
]

SPECIFICATIONS: Final = (EDUPERSON, EDUORG, SCHAC, NOREDU)
"""The specifications with schema files, in load order."""

ATTRIBUTES: Final[Mapping[str, Attribute]] = MappingProxyType(
    {
        name.lower(): one
        for listed in (*(specification.attributes for specification in SPECIFICATIONS), STANDARD)
        for one in listed
        for name in (one.name, *one.aliases)
    }
)
"""The attributes by name and alias, in lower case."""

CLASSES: Final[Mapping[str, ObjectClass]] = MappingProxyType(
    {one.name.lower(): one for specification in SPECIFICATIONS for one in specification.classes}
)
"""The object classes of the schema files by name, in lower case."""


def attribute(name: str) -> Attribute | None:
    """The attribute of that name or alias, in any case and with or without options, or None.

    >>> attribute("surname").name
    'sn'
    >>> attribute("CN;lang-nb").en
    'common name'
    """
    return ATTRIBUTES.get(name.partition(";")[0].lower())


def mandatory(node: Node) -> tuple[Attribute, ...]:
    """The attributes that Feide requires of a kind of entry, in info_go's order.

    >>> [one.name for one in mandatory(Node.SCHOOL)]
    ['ou', 'norEduOrgUnitUniqueIdentifier', 'mail']
    """
    asked = OBLIGATIONS[node].items()
    return tuple(ATTRIBUTES[name.lower()] for name, obligation in asked if obligation is Obligation.MANDATORY)
