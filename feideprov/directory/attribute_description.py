"""Which attribute an attribute description means (RFC 4512, 2.5).

A description is a name or an OID, and options: `cn`, `commonName`, `2.5.4.3` and `cn;lang-nb` mean one attribute. It is
read under each of them, and written back as it stood.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

STANDARD_ATTRIBUTES: Final = """
    ( 2.5.4.41 NAME 'name' EQUALITY caseIgnoreMatch )
    ( 2.5.4.3 NAME ( 'cn' 'commonName' ) EQUALITY caseIgnoreMatch )
    ( 2.5.4.4 NAME ( 'sn' 'surname' ) EQUALITY caseIgnoreMatch )
    ( 2.5.4.42 NAME ( 'givenName' 'gn' ) EQUALITY caseIgnoreMatch )
    ( 2.5.4.10 NAME ( 'o' 'organizationName' ) EQUALITY caseIgnoreMatch )
    ( 2.5.4.11 NAME ( 'ou' 'organizationalUnitName' ) EQUALITY caseIgnoreMatch )
    ( 2.5.4.13 NAME 'description' EQUALITY caseIgnoreMatch )
    ( 2.5.4.12 NAME 'title' EQUALITY caseIgnoreMatch )
    ( 2.5.4.16 NAME 'postalAddress' EQUALITY caseIgnoreListMatch )
    ( 2.5.4.17 NAME 'postalCode' EQUALITY caseIgnoreMatch )
    ( 2.5.4.18 NAME 'postOfficeBox' EQUALITY caseIgnoreMatch )
    ( 2.5.4.7 NAME ( 'l' 'localityName' ) EQUALITY caseIgnoreMatch )
    ( 2.5.4.9 NAME ( 'street' 'streetAddress' ) EQUALITY caseIgnoreMatch )
    ( 2.5.4.20 NAME 'telephoneNumber' EQUALITY telephoneNumberMatch )
    ( 2.5.4.8 NAME ( 'st' 'stateOrProvinceName' ) EQUALITY caseIgnoreMatch )
    ( 2.5.4.6 NAME ( 'c' 'countryName' ) EQUALITY caseIgnoreMatch SINGLE-VALUE )
    ( 2.5.4.15 NAME 'businessCategory' EQUALITY caseIgnoreMatch )
    ( 2.5.4.19 NAME 'physicalDeliveryOfficeName' EQUALITY caseIgnoreMatch )
    ( 2.5.4.34 NAME 'seeAlso' EQUALITY distinguishedNameMatch )
    ( 2.5.4.43 NAME 'initials' EQUALITY caseIgnoreMatch )
    ( 2.5.4.23 NAME ( 'facsimileTelephoneNumber' 'fax' ) )
    ( 2.5.4.35 NAME 'userPassword' EQUALITY octetStringMatch )
    ( 2.5.4.36 NAME 'userCertificate' EQUALITY certificateExactMatch )
    ( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch )
    ( 0.9.2342.19200300.100.1.1 NAME ( 'uid' 'userid' ) EQUALITY caseIgnoreMatch )
    ( 0.9.2342.19200300.100.1.3 NAME ( 'mail' 'rfc822Mailbox' ) EQUALITY caseIgnoreIA5Match )
    ( 0.9.2342.19200300.100.1.25 NAME ( 'dc' 'domainComponent' ) EQUALITY caseIgnoreIA5Match SINGLE-VALUE )
    ( 0.9.2342.19200300.100.1.41 NAME ( 'mobile' 'mobileTelephoneNumber' ) EQUALITY telephoneNumberMatch )
    ( 0.9.2342.19200300.100.1.20 NAME ( 'homePhone' 'homeTelephoneNumber' ) EQUALITY telephoneNumberMatch )
    ( 0.9.2342.19200300.100.1.39 NAME 'homePostalAddress' EQUALITY caseIgnoreListMatch )
    ( 0.9.2342.19200300.100.1.10 NAME 'manager' EQUALITY distinguishedNameMatch )
    ( 0.9.2342.19200300.100.1.21 NAME 'secretary' EQUALITY distinguishedNameMatch )
    ( 0.9.2342.19200300.100.1.6 NAME 'roomNumber' EQUALITY caseIgnoreMatch )
    ( 0.9.2342.19200300.100.1.42 NAME ( 'pager' 'pagerTelephoneNumber' ) EQUALITY telephoneNumberMatch )
    ( 0.9.2342.19200300.100.1.60 NAME 'jpegPhoto' )
    ( 1.3.6.1.4.1.250.1.57 NAME 'labeledURI' EQUALITY caseExactMatch )
    ( 2.16.840.1.113730.3.1.241 NAME 'displayName' EQUALITY caseIgnoreMatch SINGLE-VALUE )
    ( 2.16.840.1.113730.3.1.3 NAME 'employeeNumber' EQUALITY caseIgnoreMatch SINGLE-VALUE )
    ( 2.16.840.1.113730.3.1.4 NAME 'employeeType' EQUALITY caseIgnoreMatch )
    ( 2.16.840.1.113730.3.1.1 NAME 'carLicense' EQUALITY caseIgnoreMatch )
    ( 2.16.840.1.113730.3.1.2 NAME 'departmentNumber' EQUALITY caseIgnoreMatch )
    ( 2.16.840.1.113730.3.1.39 NAME 'preferredLanguage' EQUALITY caseIgnoreMatch SINGLE-VALUE )
    ( 2.16.840.1.113730.3.1.40 NAME 'userSMIMECertificate' )
"""
"""The attributes of the standard object classes, as far as a Feide directory uses them (RFC 4512, 4.1.2)."""
_OPERATIONAL: Final = {
    "2.5.18.1": "createTimestamp",
    "1.2.840.113556.1.2.2": "whenCreated",
    "1.2.840.113556.1.2.48": "isDeleted",
    "1.2.840.113556.1.4.8": "userAccountControl",
    "1.2.840.113556.1.4.90": "unicodePwd",
    "1.2.840.113556.1.4.221": "sAMAccountName",
    "1.2.840.113556.1.4.656": "userPrincipalName",
}
"""What is read besides these, by its OID: of every server (RFC 4512, 3.4.2), and of Active Directory ([MS-ADA1-3])."""
_DEFINITION: Final = re.compile(r"\(\s*([0-9.]+)\s+NAME\s+\(?\s*((?:'[^']+'\s*)+)")
_DELETED: Final = frozenset({"deleted", "deletedattribute"})
"""How 389 marks a deleted value, and one of a deleted attribute, in an export with the state of replication."""
ELSEWHERE: Final = ":<"
"""How a description ends whose value is a URL, in LDIF: the value is in another file."""


@lru_cache(maxsize=4096)  # a directory has a few hundred descriptions; 389 adds a time stamp to each
def attribute_key(description: str) -> str:
    """The attribute that a description means: its first name in lower case, without options.

    What holds no value to be read keeps its whole description, which nobody asks for: deleted values of 389, and values
    in another file.

    >>> attribute_key("commonName;lang-nb"), attribute_key("OID.2.5.4.3"), attribute_key("x-Local;x-a")
    ('cn', 'cn', 'x-local')
    >>> attribute_key("cn;vdcsn-68678399000100040000;deleted")
    'cn;vdcsn-68678399000100040000;deleted'
    """
    whole = description.strip().lower()
    base, *options = whole.split(";")
    if whole.endswith(ELSEWHERE) or not _DELETED.isdisjoint(options):
        return whole
    base = base.removeprefix("oid.")
    return _names().get(base, base).lower()


@lru_cache(maxsize=4096)
def description_key(description: str) -> tuple[str, frozenset[str]]:
    """The same for all descriptions by which a server keeps the same values: attribute and options."""
    return attribute_key(description), frozenset(description.lower().split(";")[1:])


def usual_description(description: str) -> str:
    """The description with the first name of the attribute, in its usual spelling; options stay.

    >>> usual_description("GN;lang-nb"), usual_description("x-Local")
    ('givenName;lang-nb', 'x-Local')
    """
    base, semicolon, options = description.partition(";")
    return _names().get(base.lower().removeprefix("oid."), base) + semicolon + options


@lru_cache(maxsize=4096)
def are_keys(descriptions: tuple[str, ...]) -> bool:
    """Are these descriptions keys already, as nearly always?"""
    return all(attribute_key(one) == one for one in descriptions)


@cache
def _names() -> dict[str, str]:
    """The first name of each attribute that is known here, by all its names in lower case and by its OID."""
    from feideprov.schema import ATTRIBUTES

    found: dict[str, str] = dict(_OPERATIONAL)
    for oid, quoted in _DEFINITION.findall(STANDARD_ATTRIBUTES):
        first, *others = re.findall(r"[^'\s]+", quoted)
        found |= dict.fromkeys((oid, first, *others), first)
    for one in ATTRIBUTES.values():
        found |= dict.fromkeys((one.oid, one.name, *one.aliases), found.get(one.oid, one.name))
    return {name.lower(): first for name, first in (*found.items(), *((n, n) for n in _OPERATIONAL.values()))}
