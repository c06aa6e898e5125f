"""The schema files, made from the model: for OpenLDAP in both its forms, and for 389 Directory Server.

`python -m feideprov.feide.model.schema feideprov/directory/schema` writes them into that folder.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from feideprov.feide.model import SPECIFICATIONS
from feideprov.feide.model.attribute import Attribute, ObjectClass, Specification

_LAYOUT = "One block for each attribute, then for each class, in the order of their OIDs."
_LICENCE = "Descriptions and layout: the feideprov contributors, MIT licence."
_ABOUT_389 = """\
Goes into the instance's schema folder. 389 reads the files there by name and ships an eduPerson of its own
(60eduperson.ldif, fewer matching rules): the name of this file makes it the later one, which counts.
No empty line may stand before the dn: 389 takes comments alone for an entry, and ends without a word."""


def schema_texts() -> dict[str, str]:
    """The text of each schema file, by the file's name."""
    return {
        **{f"{one.file}.schema": _for_openldap(one) for one in SPECIFICATIONS},
        **{f"{one.file}.ldif": _for_openldap_config(one) for one in SPECIFICATIONS},
        "99-noredu.ldif": _for_389(),
    }


def _for_openldap(specification: Specification) -> str:
    blocks = [
        *(f"attributetype {_attribute(one, 4)}" for one in specification.attributes),
        *(f"objectclass {_object_class(one, 4)}" for one in specification.classes),
    ]
    return "\n\n".join([_heading(specification, "slapd.conf form"), *blocks]) + "\n"


def _for_openldap_config(specification: Specification) -> str:
    lines = [
        _heading(specification, "cn=config form"),
        "",
        f"dn: cn={specification.file},cn=schema,cn=config",
        "objectClass: olcSchemaConfig",
        f"cn: {specification.file}",
        *(f"olcAttributeTypes: {_attribute(one, 2)}" for one in specification.attributes),
        *(f"olcObjectClasses: {_object_class(one, 2)}" for one in specification.classes),
    ]
    return "\n".join(lines) + "\n"


def _for_389() -> str:
    attributes = {one.oid: _attribute(one, 2, origin=of.name) for of in SPECIFICATIONS for one in of.attributes}
    classes = {one.oid: _object_class(one, 2, origin=of.name) for of in SPECIFICATIONS for one in of.classes}
    *names, last = (one.name for one in SPECIFICATIONS)
    lines = [
        _comment(f"{', '.join(names)} and {last} for 389 Directory Server", ""),
        *(_comment(_origin(one)) for one in SPECIFICATIONS),
        _comment("", _ABOUT_389, _LICENCE),
        "dn: cn=schema",
        *(f"attributeTypes: {attributes[oid]}" for oid in sorted(attributes, key=_arcs)),
        *(f"objectClasses: {classes[oid]}" for oid in sorted(classes, key=_arcs)),
    ]
    return "\n".join(lines) + "\n"


def _heading(specification: Specification, form: str) -> str:
    title = f"{specification.name} for OpenLDAP, {form}"
    return _comment(title, "", _origin(specification), "", f"Needs {specification.needs}.", _LAYOUT, _LICENCE)


def _origin(specification: Specification) -> str:
    return f"Identifiers, syntaxes and matching rules: {specification.origin}"


def _comment(*paragraphs: str) -> str:
    lines = (line for paragraph in paragraphs for line in paragraph.split("\n"))
    return "\n".join(f"# {line}".rstrip() for line in lines)


def _attribute(one: Attribute, indent: int, *, origin: str = "") -> str:
    """An AttributeTypeDescription (RFC 4512, 4.1.2); the supertypes of the model stand in their parts."""

    def parts() -> Iterator[str]:
        yield f"NAME '{one.name}'"
        yield f"DESC '{one.description}'"
        if one.equality:
            yield f"EQUALITY {one.equality}"
        if one.ordering:
            yield f"ORDERING {one.ordering}"
        if one.substring:
            yield f"SUBSTR {one.substring}"
        yield f"SYNTAX {one.syntax}"
        if one.single:
            yield "SINGLE-VALUE"

    return _definition(one.oid, parts(), indent, origin)


def _object_class(one: ObjectClass, indent: int, *, origin: str = "") -> str:
    """An ObjectClassDescription (RFC 4512, 4.1.1)."""

    def parts() -> Iterator[str]:
        yield f"NAME '{one.name}'"
        yield f"DESC '{one.description}'"
        yield f"SUP {one.superior}"
        yield one.kind
        if one.must:
            yield f"MUST {_names(one.must, indent)}"
        yield f"MAY {_names(one.may, indent)}"

    return _definition(one.oid, parts(), indent, origin)


def _definition(oid: str, parts: Iterator[str], indent: int, origin: str) -> str:
    lines = [f"( {oid}", *parts, *([f"X-ORIGIN '{origin}'"] if origin else [])]
    return f"\n{' ' * indent}".join(lines) + " )"


def _names(names: tuple[str, ...], indent: int) -> str:
    between = "\n" + " " * (indent + len("MAY ( ")) + "$ "
    return f"( {between.join(names)} )" if len(names) > 1 else names[0]


def _arcs(oid: str) -> list[int]:
    return [int(arc) for arc in oid.split(".")]


if __name__ == "__main__":
    for name, text in schema_texts().items():
        Path(sys.argv[1], name).write_text(text, encoding="ascii")
