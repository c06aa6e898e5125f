"""What an attribute and an object class are, and a specification that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from feideprov.schema.info_go import OBLIGATIONS, Node, Obligation


class Syntax(StrEnum):
    """The form of a value, by its OID (RFC 4517; the binary one RFC 2252, the certificate RFC 4523)."""

    BINARY = "1.3.6.1.4.1.1466.115.121.1.5"
    CERTIFICATE = "1.3.6.1.4.1.1466.115.121.1.8"
    DISTINGUISHED_NAME = "1.3.6.1.4.1.1466.115.121.1.12"
    DIRECTORY_STRING = "1.3.6.1.4.1.1466.115.121.1.15"
    FAX_NUMBER = "1.3.6.1.4.1.1466.115.121.1.22"
    GENERALIZED_TIME = "1.3.6.1.4.1.1466.115.121.1.24"
    IA5_STRING = "1.3.6.1.4.1.1466.115.121.1.26"
    INTEGER = "1.3.6.1.4.1.1466.115.121.1.27"
    JPEG = "1.3.6.1.4.1.1466.115.121.1.28"
    NUMERIC_STRING = "1.3.6.1.4.1.1466.115.121.1.36"
    OCTET_STRING = "1.3.6.1.4.1.1466.115.121.1.40"
    POSTAL_ADDRESS = "1.3.6.1.4.1.1466.115.121.1.41"
    TELEPHONE_NUMBER = "1.3.6.1.4.1.1466.115.121.1.50"


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One attribute of the model.

    `specification` names where its identifier, syntax and matching rules come from; `equality`, `ordering` and
    `substring` are matching rules, None where it has none, those of its supertype included. `single`: at most one
    value. `description` is what the schema files say, empty for the standard attributes, which every server brings.
    `en` and `nb` are short names for people. `rule` says what a value must be, in words, `source` where that is
    published; both are empty where Feide's model says nothing. `exception` says when a mandatory attribute is
    rightly absent. `groups` are the attribute groups of Feide in which a service gets it, as far as they are known
    here (docs.feide.no, Attribute groups and Available attributes).
    """

    name: str
    oid: str
    specification: str
    syntax: Syntax
    en: str
    nb: str
    equality: str | None = None
    ordering: str | None = None
    substring: str | None = None
    single: bool = False
    aliases: tuple[str, ...] = ()
    description: str = ""
    rule: str = ""
    source: str = ""
    exception: str = ""
    groups: tuple[str, ...] = ()

    @property
    def obligations(self) -> Mapping[Node, Obligation]:
        """How much Feide asks for it on each kind of entry; without the kinds on which info_go does not name it."""
        return {node: asked[self.name] for node, asked in OBLIGATIONS.items() if self.name in asked}


@dataclass(frozen=True, kw_only=True)
class ObjectClass:
    """An object class: what an entry of it must and may hold."""

    name: str
    oid: str
    description: str
    may: tuple[str, ...]
    must: tuple[str, ...] = ()
    superior: str = "top"
    kind: str = "AUXILIARY"


@dataclass(frozen=True)
class Specification:
    """One specification, for which there are schema files.

    `file` is their name without its ending. `origin` tells where the identifiers come from, as the files do; `needs`
    what a server must have loaded before. Attributes and classes stand in the order of their OIDs.
    """

    name: str
    file: str
    origin: str
    needs: str
    attributes: tuple[Attribute, ...]
    classes: tuple[ObjectClass, ...]
