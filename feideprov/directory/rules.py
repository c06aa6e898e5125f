"""The rules of the schema: how values are compared, which attributes have one value, what an entry must and may have.

They are read from the package's schema files and, for the standard object classes, from the definitions below
and in `attribute_description` (RFC 4519, RFC 4524, RFC 2798, RFC 2247; only what a Feide directory uses).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from feideprov.directory.attribute_description import STANDARD_ATTRIBUTES, attribute_key
from feideprov.directory.dn import DN, Hex, fold
from feideprov.directory.entry import Entry
from feideprov.directory.result_code import ResultCode
from feideprov.errors import DirectoryError, InputError
from feideprov.messages import Sentence, joined
from feideprov.schema.files import schema_files

_CLASSES = """
    ( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )
    ( 2.5.6.6 NAME 'person' SUP top STRUCTURAL MUST ( sn $ cn )
      MAY ( userPassword $ telephoneNumber $ seeAlso $ description ) )
    ( 2.5.6.7 NAME 'organizationalPerson' SUP person STRUCTURAL
      MAY ( title $ x121Address $ registeredAddress $ destinationIndicator $ preferredDeliveryMethod $ telexNumber $
            teletexTerminalIdentifier $ telephoneNumber $ internationaliSDNNumber $ facsimileTelephoneNumber $
            street $ postOfficeBox $ postalCode $ postalAddress $ physicalDeliveryOfficeName $ ou $ st $ l ) )
    ( 2.16.840.1.113730.3.2.2 NAME 'inetOrgPerson' SUP organizationalPerson STRUCTURAL
      MAY ( audio $ businessCategory $ carLicense $ departmentNumber $ displayName $ employeeNumber $ employeeType $
            givenName $ homePhone $ homePostalAddress $ initials $ jpegPhoto $ labeledURI $ mail $ manager $ mobile $
            o $ pager $ photo $ preferredLanguage $ roomNumber $ secretary $ uid $ userCertificate $ userPKCS12 $
            userSMIMECertificate $ x500UniqueIdentifier ) )
    ( 2.5.6.4 NAME 'organization' SUP top STRUCTURAL MUST o
      MAY ( userPassword $ seeAlso $ searchGuide $ businessCategory $ x121Address $ registeredAddress $
            destinationIndicator $ preferredDeliveryMethod $ telexNumber $ teletexTerminalIdentifier $
            telephoneNumber $ internationaliSDNNumber $ facsimileTelephoneNumber $ street $ postOfficeBox $
            postalCode $ postalAddress $ physicalDeliveryOfficeName $ st $ l $ description ) )
    ( 2.5.6.5 NAME 'organizationalUnit' SUP top STRUCTURAL MUST ou
      MAY ( userPassword $ seeAlso $ searchGuide $ businessCategory $ x121Address $ registeredAddress $
            destinationIndicator $ preferredDeliveryMethod $ telexNumber $ teletexTerminalIdentifier $
            telephoneNumber $ internationaliSDNNumber $ facsimileTelephoneNumber $ street $ postOfficeBox $
            postalCode $ postalAddress $ physicalDeliveryOfficeName $ st $ l $ description ) )
    ( 1.3.6.1.4.1.1466.344 NAME 'dcObject' SUP top AUXILIARY MUST dc )
    ( 0.9.2342.19200300.100.4.13 NAME 'domain' SUP top STRUCTURAL MUST dc
      MAY ( userPassword $ o $ associatedName $ seeAlso $ searchGuide $ businessCategory $ x121Address $
            registeredAddress $ destinationIndicator $ preferredDeliveryMethod $ telexNumber $ telephoneNumber $
            teletexTerminalIdentifier $ internationaliSDNNumber $ facsimileTelephoneNumber $ street $ postOfficeBox $
            postalCode $ postalAddress $ physicalDeliveryOfficeName $ st $ l $ description ) )
    ( 2.5.6.8 NAME 'organizationalRole' SUP top STRUCTURAL MUST cn
      MAY ( x121Address $ registeredAddress $ destinationIndicator $ preferredDeliveryMethod $ telexNumber $
            teletexTerminalIdentifier $ telephoneNumber $ internationaliSDNNumber $ facsimileTelephoneNumber $
            seeAlso $ roleOccupant $ street $ postOfficeBox $ postalCode $ postalAddress $
            physicalDeliveryOfficeName $ ou $ st $ l $ description ) )
    ( 0.9.2342.19200300.100.4.5 NAME 'account' SUP top STRUCTURAL MUST uid
      MAY ( description $ seeAlso $ l $ o $ ou $ host ) )
    ( 2.5.6.14 NAME 'device' SUP top STRUCTURAL MUST cn
      MAY ( serialNumber $ seeAlso $ owner $ ou $ o $ l $ description ) )
    ( 2.5.6.11 NAME 'applicationProcess' SUP top STRUCTURAL MUST cn MAY ( seeAlso $ ou $ l $ description ) )
    ( 0.9.2342.19200300.100.4.19 NAME 'simpleSecurityObject' SUP top AUXILIARY MUST userPassword )
"""


_TOKEN = re.compile(r"'[^']*'|[^\s()$'{}]+")  # the length in a SYNTAX, {256}, is a token of its own
_KEYWORDS = {
    *("NAME", "DESC", "OBSOLETE", "SUP", "EQUALITY", "ORDERING", "SUBSTR", "SYNTAX", "SINGLE-VALUE", "COLLECTIVE"),
    *("NO-USER-MODIFICATION", "USAGE", "ABSTRACT", "STRUCTURAL", "AUXILIARY", "MUST", "MAY"),
}


@dataclass(frozen=True)
class AttributeRule:
    """How a server treats one attribute. `equality` is its matching rule; None: values are compared octet by octet.
    `syntax` is an OID; what a definition leaves out comes from the attribute `superior`."""

    name: str
    equality: str | None
    single: bool
    syntax: str | None = None
    superior: str | None = None


@dataclass(frozen=True)
class ClassRule:
    """The attributes that an object class requires and allows, in lower case."""

    name: str
    superior: str | None
    must: frozenset[str]
    may: frozenset[str]
    is_auxiliary: bool


def _definitions(text: str) -> list[str]:
    """The definitions in parentheses in a text, one line each."""
    found, depth, start = [], 0, 0
    for position, character in enumerate(text):
        if character == "(":
            start = position if depth == 0 else start
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                found.append(" ".join(text[start : position + 1].split()))
    return found


@cache
def _schema() -> tuple[dict[str, AttributeRule], dict[str, ClassRule]]:
    attributes, classes = _definitions(STANDARD_ATTRIBUTES), _definitions(_CLASSES)
    for path in schema_files("openldap"):
        text = re.sub(r"(?m)^#.*$", "", path.read_text())
        for kind, body in re.findall(r"(?is)^(attributetype|objectclass)\s+(\(.*?\n?\s*\))\s*$", text, re.M):
            (attributes if kind.lower() == "attributetype" else classes).append(" ".join(body.split()))
    return attribute_rules(attributes), class_rules(classes)


def class_rules(definitions: Iterable[str]) -> dict[str, ClassRule]:
    """The rules in definitions of object classes (RFC 4512, 4.1.1), by each name in lower case."""
    rules: dict[str, ClassRule] = {}
    for parts in map(_parts, definitions):
        must, may = (frozenset(map(attribute_key, parts.get(kind, ()))) for kind in ("MUST", "MAY"))
        for name in parts.get("NAME", ()):
            rules[name.lower()] = ClassRule(parts["NAME"][0], _first(parts, "SUP"), must, may, "AUXILIARY" in parts)
    return rules


def attribute_rules(definitions: Iterable[str]) -> dict[str, AttributeRule]:
    """The rules in definitions of attributes (RFC 4512, 4.1.2), by each name in lower case."""
    rules: dict[str, AttributeRule] = {}
    for parts in map(_parts, definitions):
        equality, syntax, superior = (_first(parts, kind) for kind in ("EQUALITY", "SYNTAX", "SUP"))
        for name in parts.get("NAME", ()):
            rules[name.lower()] = AttributeRule(parts["NAME"][0], equality, "SINGLE-VALUE" in parts, syntax, superior)
    return rules


def _parts(definition: str) -> dict[str, list[str]]:
    """What follows each keyword of a definition. ldap3 reads definitions too; to import it takes as long as to read all
    of these, and no command needs it for an LDIF file."""
    parts: dict[str, list[str]] = {}
    following: list[str] = []
    for token in _TOKEN.findall(definition):
        if token in _KEYWORDS or token.startswith("X-"):
            following = parts.setdefault(token, [])
        else:
            following.append(token.strip("'"))
    return parts


def _first(parts: dict[str, list[str]], keyword: str) -> str | None:
    return next(iter(parts.get(keyword, ())), None)


def attribute_rule(attribute: str) -> AttributeRule | None:
    """The rule for the attribute that a description means, or None when it is not known here."""
    return _schema()[0].get(attribute_key(attribute))


def comparable(attribute: str, value: bytes) -> Hashable:
    """The form of a value that is the same for all values that a server treats as equal (RFC 4517, 4.2)."""
    rule = attribute_rule(attribute)
    equality = rule.equality if rule else None
    if equality in (None, "octetStringMatch", "certificateExactMatch"):
        return value
    text = value.decode(errors="replace")
    if equality == "distinguishedNameMatch":
        try:
            return DN.parse(text).key
        except InputError:
            return fold(text)
    if equality == "telephoneNumberMatch":
        return fold(text).replace(" ", "").replace("-", "")
    if equality in ("caseExactMatch", "numericStringMatch"):
        return " ".join(unicodedata.normalize("NFKC", text).split())
    if equality == "integerMatch":
        return int(text) if re.fullmatch(r"-?[0-9]{1,1000}", text) else text
    return fold(text)


def in_name(dn: DN, attribute: str) -> set[Hashable]:
    """The values of an attribute that an entry's own name contains, as `comparable`: they cannot be deleted."""
    name = attribute_key(attribute)
    return {
        comparable(attribute, value.encode()) for kind, value in dn.own if kind == name and not isinstance(value, Hex)
    }


def check_entry(entry: Entry) -> None:
    """Refuse a new entry that a server would refuse.

    Object classes and attributes that are not known here are accepted: a municipality has its own, and an export has
    the server's own (entryUUID, memberOf). Raises DirectoryError with the result code of OpenLDAP.
    """
    _check(entry, [name for name, _ in entry.items()])


def check_change(before: Entry, after: Entry, touched: Iterable[str], *, whole: bool = True) -> None:
    """Refuse a change that a server would refuse.

    Only the attributes in `touched` are checked: what the entry had before is not our concern. If the change removes an
    object class, all attributes are checked, since they may no longer be allowed. Without `whole`, the entry was read
    in part: an attribute that is not among those in `touched` is not missing. Raises as `check_entry`.
    """
    touched = list(touched)
    kept = {c.lower() for c in after.texts("objectClass")}
    fewer_classes = not {c.lower() for c in before.texts("objectClass")} <= kept
    _check(
        after,
        [name for name, _ in after.items()] if fewer_classes else touched,
        None if whole else set(map(attribute_key, touched)),
    )


def _check(entry: Entry, checked: Iterable[str], could_be_missing: set[str] | None = None) -> None:
    keys = set(map(attribute_key, checked))
    for name, values in entry.items():
        if attribute_key(name) in keys:
            _check_values(name, values)
    must, may, all_known = _requirements(tuple(entry.texts("objectClass")))
    missing = must - {attribute_key(name) for name, _ in entry.items()}
    if could_be_missing is not None:
        missing &= could_be_missing
    if missing:
        sentence = Sentence("The entry lacks {attributes}.", attributes=joined(sorted(missing), ", "))
        raise DirectoryError(sentence, code=ResultCode.OBJECT_CLASS_VIOLATION)
    held = {rule.name for key in keys if (rule := attribute_rule(key)) and entry.values(key)}
    if all_known and (foreign := [name for name in held if attribute_key(name) not in must | may]):
        names = joined(sorted(foreign), ", ")
        sentence = Sentence("The object classes of the entry do not allow {attributes}.", attributes=names)
        raise DirectoryError(sentence, code=ResultCode.OBJECT_CLASS_VIOLATION)


def _check_values(name: str, values: tuple[bytes, ...]) -> None:
    rule = attribute_rule(name)
    if rule is None:
        return
    if rule.single and len(values) > 1:
        raise DirectoryError(Sentence("{name} allows only one value.", name=name), code=ResultCode.CONSTRAINT_VIOLATION)
    if any(not value for value in values):
        raise DirectoryError(
            Sentence("{name} must not be empty. Leave the attribute out.", name=name),
            code=ResultCode.INVALID_ATTRIBUTE_SYNTAX,
        )
    if "IA5" in (rule.equality or "") and not all(map(bytes.isascii, values)):
        raise DirectoryError(
            Sentence("{name} must have ASCII letters only, so no æ, ø or å.", name=name),
            code=ResultCode.INVALID_ATTRIBUTE_SYNTAX,
        )
    if rule.equality == "integerMatch" and any(not re.fullmatch(rb"0|-?[1-9][0-9]*", v) for v in values):
        raise DirectoryError(
            Sentence("{name} must be an integer without leading zeros.", name=name),
            code=ResultCode.INVALID_ATTRIBUTE_SYNTAX,
        )


@lru_cache(maxsize=256)  # the users of a directory have the same classes
def _requirements(classes: tuple[str, ...]) -> tuple[set[str], set[str], bool]:
    must, may, known, waiting = {"objectclass"}, set[str](), True, [c.lower() for c in classes]
    if not waiting:
        return must, may, True
    while waiting:
        rule = _schema()[1].get(waiting.pop())
        if rule is None:
            known = False
            continue
        must, may = must | rule.must, may | rule.may
        if rule.superior:
            waiting.append(rule.superior.lower())
    return must, may, known
