"""The schema files, generated from the model: for OpenLDAP in two forms, 389 Directory Server and Active Directory.

`python -m feideprov.schema.schema feideprov/schema/files` writes them into that folder.
"""

from __future__ import annotations

import base64
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

from feideprov.schema import SPECIFICATIONS
from feideprov.schema.attribute import Attribute, ObjectClass, Specification, Syntax

_LAYOUT = "One block for each attribute, then for each class, in the order of their OIDs."
_LICENCE = "Descriptions and layout: the feideprov contributors, MIT licence."
_ABOUT_389 = """\
Copy it to the instance's schema folder. 389 reads the files there in the order of their names, and the last definition
counts. It has an eduPerson of its own (60eduperson.ldif, fewer matching rules), so keep the name of this file.
Do not put an empty line before the dn: 389 treats comments alone as an entry, and ends without a message."""
_ABOUT_AD = """\
Import it on the schema master; DC=X stands for the root of the forest: ldifde -i -f FILE -c DC=X DC=skotthyll,DC=no
An extension of the schema cannot be undone: try it in a test forest first."""
_AD_SYNTAX = {
    Syntax.DISTINGUISHED_NAME: ("2.5.5.1", 127),
    Syntax.DIRECTORY_STRING: ("2.5.5.12", 64),
    Syntax.GENERALIZED_TIME: ("2.5.5.11", 24),
    Syntax.IA5_STRING: ("2.5.5.12", 64),  # AD's own IA5 strings are case-sensitive; ours must not be
    Syntax.INTEGER: ("2.5.5.9", 2),
    Syntax.NUMERIC_STRING: ("2.5.5.6", 18),
}
"""Active Directory's names of syntaxes ([MS-ADTS] 3.1.1.2.2.2). They decide how values are compared: Unicode strings
ignoring case, also if the specification says otherwise."""
_AD_NAME = "KwwCh3McAIVK"  # Object(DS-DN), one of several forms of syntax 127
_AD_INDEXED, _AD_CONFIDENTIAL = 1, 128
_AD_SEARCHED = (
    *("eduPersonPrincipalName", "eduPersonPrincipalNamePrior", "eduPersonEntitlement", "norEduPersonNIN"),
    "norEduOrgUnitUniqueIdentifier",
)
PERSONAL_ATTRIBUTES = (
    *("norEduPersonNIN", "norEduPersonLIN", "norEduPersonGuardianNIN", "norEduPersonBirthDate"),
    *("schacDateOfBirth", "schacYearOfBirth", "schacPlaceOfBirth", "schacCountryOfCitizenship"),
    *("schacGender", "schacMotherTongue", "schacPersonalUniqueCode", "schacPersonalUniqueID"),
)
"""Numbers, birth dates and other data that only the person, Feide and this program may read. In Active Directory, where
everybody who logs in may read all other attributes, they are confidential."""
_AD_UPDATE = "dn:\nchangetype: modify\nadd: schemaUpdateNow\nschemaUpdateNow: 1\n-"


def schema_texts() -> dict[str, str]:
    """The text of each schema file, by the file's name."""
    return {
        **{f"{one.file}.schema": _for_openldap(one) for one in SPECIFICATIONS},
        **{f"{one.file}.ldif": _for_openldap_config(one) for one in SPECIFICATIONS},
        "99-noredu.ldif": _for_389(),
        "noredu-ad.ldif": _for_active_directory(),
    }


def definition(one: Attribute | ObjectClass) -> str:
    """An attribute or object class on one line (RFC 4512, 4.1), for a server that takes definitions one by one."""
    text = _attribute(one, 1) if isinstance(one, Attribute) else _object_class(one, 1)
    return " ".join(text.split())


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


def _for_active_directory() -> str:
    attributes = {one.oid: _ad_attribute(one) for of in SPECIFICATIONS for one in of.attributes}
    classes = {one.oid: _ad_class(one) for of in SPECIFICATIONS for one in of.classes}
    *names, last = (one.name for one in SPECIFICATIONS)
    title = _comment(f"{', '.join(names)} and {last} for Active Directory", "")
    origins = "\n".join(_comment(_origin(one)) for one in SPECIFICATIONS)
    blocks = [
        f"{title}\n{origins}\n{_comment('', _ABOUT_AD, _LICENCE)}",
        *(attributes[oid] for oid in sorted(attributes, key=_arcs)),
        _AD_UPDATE,
        *(classes[oid] for oid in sorted(classes, key=_arcs)),
        _AD_UPDATE,
    ]
    return "\n\n".join(blocks) + "\n"


def _ad_attribute(one: Attribute) -> str:
    """An attributeSchema entry ([MS-ADTS] 3.1.1.2.3)."""
    syntax, om_syntax = _AD_SYNTAX[one.syntax]
    flags = _AD_INDEXED * (one.name in _AD_SEARCHED) | _AD_CONFIDENTIAL * (one.name in PERSONAL_ATTRIBUTES)
    lines = [
        *_ad_entry(one.name, "attributeSchema", one.description),
        f"attributeID: {one.oid}",
        f"attributeSyntax: {syntax}",
        f"oMSyntax: {om_syntax}",
        *([f"oMObjectClass:: {_AD_NAME}"] if one.syntax is Syntax.DISTINGUISHED_NAME else []),
        f"isSingleValued: {str(one.single).upper()}",
        f"searchFlags: {flags}",
        f"schemaIDGUID:: {_ad_guid(one.oid)}",
    ]
    return "\n".join(lines)


def _ad_class(one: ObjectClass) -> str:
    """A classSchema entry ([MS-ADTS] 3.1.1.2.4)."""
    lines = [
        *_ad_entry(one.name, "classSchema", one.description),
        f"governsID: {one.oid}",
        f"subClassOf: {one.superior}",
        "objectClassCategory: 3",  # auxiliary
        *(f"mayContain: {name}" for name in one.may),
        f"schemaIDGUID:: {_ad_guid(one.oid)}",
    ]
    return "\n".join(lines)


def _ad_entry(name: str, kind: str, description: str) -> list[str]:
    return [
        f"dn: CN={name},CN=Schema,CN=Configuration,DC=X",
        "changetype: add",
        f"objectClass: {kind}",
        f"lDAPDisplayName: {name}",
        f"adminDisplayName: {name}",
        f"adminDescription: {description}",
    ]


def _ad_guid(oid: str) -> str:
    """The same in every forest: access rights refer to an attribute by it."""
    return base64.b64encode(uuid.uuid5(uuid.NAMESPACE_OID, oid).bytes_le).decode()


def _heading(specification: Specification, form: str) -> str:
    title = f"{specification.name} for OpenLDAP, {form}"
    return _comment(title, "", _origin(specification), "", f"Needs {specification.needs}.", _LAYOUT, _LICENCE)


def _origin(specification: Specification) -> str:
    return f"Identifiers, syntaxes and matching rules: {specification.origin}"


def _comment(*paragraphs: str) -> str:
    lines = (line for paragraph in paragraphs for line in paragraph.split("\n"))
    return "\n".join(f"# {line}".rstrip() for line in lines)


def _attribute(one: Attribute, indent: int, *, origin: str = "") -> str:
    """An AttributeTypeDescription (RFC 4512, 4.1.2), with the syntax and rules of the supertype written out."""

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
