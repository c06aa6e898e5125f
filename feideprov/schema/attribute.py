"""The types of the model: attributes, object classes, specifications."""

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

    `specification` defines its identifier, syntax and matching rules. `equality`, `ordering` and `substring` are
    matching rules, its own or those of its supertype; None for none. `single`: at most one value. `description` is the
    text in the schema files, empty for the standard attributes, which every server has. `en` and `nb` are short names
    for people. `rule` says what a value must be, `source` where that is published; both are empty if Feide's model says
    nothing. `exception` says when a mandatory attribute may be absent. `groups` are Feide's attribute groups in which a
    service gets it, as far as known (docs.feide.no, Attribute groups and Available attributes).
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
        """Whether Feide requires it on each kind of entry; only the kinds for which info_go names it."""
        return {node: asked[self.name] for node, asked in OBLIGATIONS.items() if self.name in asked}


@dataclass(frozen=True, kw_only=True)
class ObjectClass:
    """An object class: the attributes that an entry of it must and may have."""

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

    `file` is their name without the suffix. `origin` says where the identifiers come from; the files quote it. `needs`:
    what a server must have loaded before. Attributes and classes are in the order of their OIDs.
    """

    name: str
    file: str
    origin: str
    needs: str
    attributes: tuple[Attribute, ...]
    classes: tuple[ObjectClass, ...]
