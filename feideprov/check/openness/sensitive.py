"""What nobody but the person and the accounts of the programs may read: numbers, birth dates, password hashes.

An attribute is known by its name, as the schema of the server says it: another name, the OID, an attribute derived from
it. A value is known by itself, whatever the name of its attribute: it holds the number of a user of this directory, or
has the form of a password hash. Numbers are compared in memory only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final

from feideprov.directory.attribute_description import attribute_key, usual_description
from feideprov.directory.dn import DN
from feideprov.directory.ldap.responses import Attributes
from feideprov.directory.protocol import NUMBER_ATTRIBUTES
from feideprov.errors import scrub
from feideprov.numbers import key_is_number


class Kind(StrEnum):
    """What a value is."""

    NUMBER = "number"
    BIRTH_DATE = "birth date"
    HASH = "password hash"


BIRTH_DATES: Final = ("norEduPersonBirthDate", "schacDateOfBirth")
HASHES: Final = (
    *("userPassword", "authPassword", "pwdHistory", "passwordHistory", "userPKCS12"),
    *("unicodePwd", "dBCSPwd", "ntPwdHistory", "lmPwdHistory", "supplementalCredentials", "msDS-ManagedPassword"),
    *("sambaNTPassword", "sambaLMPassword", "sambaPasswordHistory", "ipaNTHash"),
    *("krbPrincipalKey", "krbMKey", "nsslapd-rootpw", "olcRootPW", "olcDbBindPW", "radiusTunnelPassword"),
)
"""OpenLDAP's and 389's, Active Directory's, Samba's, FreeIPA's, MIT Kerberos's; also the servers' own."""
DN_ITSELF: Final = "DN"
"""In place of an attribute: the value stands in the name of the entry."""

_BY_NAME: Final = {
    **dict.fromkeys(map(attribute_key, NUMBER_ATTRIBUTES), Kind.NUMBER),
    **dict.fromkeys(map(attribute_key, BIRTH_DATES), Kind.BIRTH_DATE),
    **dict.fromkeys(map(attribute_key, HASHES), Kind.HASH),
}
_MAY_HOLD_NUMBERS: Final = frozenset(map(attribute_key, ("norEduPersonLIN", "schacPersonalUniqueID")))
"""Keys of persons of all kinds: a number is recognized here also if no user has it."""
_SAME_AS_DN: Final = frozenset({"entrydn", "distinguishedname"})
_NUMBER: Final = re.compile(rb"(?<![0-9])(?:[0-9]{12}|[0-9]{6}[ .-]?[0-9]{5})(?![0-9])")
_BETWEEN: Final = re.compile(rb"[ .-]")
_HASH: Final = re.compile(
    rb"\{(?:SSHA|SHA|SMD5|MD5|CRYPT|ARGON2|PBKDF2|BCRYPT|NS-MTA-MD5|LANMAN|CLEARTEXT|CLEAR)[0-9A-Z_-]*\}[!-~]{6}"
    rb"|\$(?:1|apr1|2[abxy]|5|6|7|y|gy|argon2i?d?|scrypt|pbkdf2[0-9a-z-]*)\$[!-~]{16}",
    re.IGNORECASE,
)
_DEFINITION: Final = re.compile(r"\(\s*([\w.-]+)\s+NAME\s+\(?\s*((?:'[^']+'\s*)+)")
_SUPERIOR: Final = re.compile(r"\sSUP\s+([\w.-]+)")
_DESCRIPTION: Final = re.compile(r"DESC\s+'[^']*'")


class Sensitive:
    """What must not be read, in one directory.

    `definitions` are the attributes in the server's schema; `holders` says by the digits of each number whose it is.
    """

    def __init__(self, definitions: Iterable[str], holders: Mapping[bytes, DN]) -> None:
        self._holders = holders
        self._kinds, self._names = _kinds(definitions)

    @property
    def names(self) -> tuple[str, ...]:
        """The names to ask for. Where the schema cannot be read, those that are known here."""
        return self._names or (*NUMBER_ATTRIBUTES, *BIRTH_DATES, *HASHES)

    def kind(self, description: str) -> Kind | None:
        """What the values of an attribute are, by its name."""
        return self._kinds.get(description.partition(";")[0].lower()) or _BY_NAME.get(attribute_key(description))

    def in_entry(self, dn: bytes, attributes: Attributes, *, own: DN | None = None) -> Iterator[tuple[Kind, str]]:
        """Each kind of values that an entry shows, with the name of the attribute. The number of `own` is left out."""
        others = []
        for key, (description, values) in attributes.items():
            if kind := self.kind(description) if any(values) else None:
                yield kind, shown_name(description)
            elif key not in _SAME_AS_DN:
                others.append((description, values))
        whole = b"\n".join([dn, *(value for _, values in others for value in values)])
        if not (_NUMBER.search(whole) or _HASH.search(whole) or _has_key(others)):
            return
        for description, values in ((DN_ITSELF, (dn,)), *others):
            if any(self.is_number(value, own) for value in values) or _has_key([(description, values)]):
                yield Kind.NUMBER, shown_name(description)
            if any(map(_HASH.search, values)):
                yield Kind.HASH, shown_name(description)

    def is_number(self, value: bytes, own: DN | None = None) -> bool:
        """Does a value hold the number of a user other than `own`?"""
        digits = (_BETWEEN.sub(b"", found) for found in _NUMBER.findall(value))
        return any((holder := self._holders.get(one)) is not None and holder != own for one in digits)


def shown_name(description: str) -> str:
    """The name of an attribute as a person reads it: without options."""
    return scrub(usual_description(description).partition(";")[0])


def _has_key(attributes: Iterable[tuple[str, tuple[bytes, ...]]]) -> bool:
    return any(
        key_is_number(value.decode(errors="replace"))
        for description, values in attributes
        if attribute_key(description) in _MAY_HOLD_NUMBERS
        for value in values
    )


def _kinds(definitions: Iterable[str]) -> tuple[dict[str, Kind], tuple[str, ...]]:
    """What the attributes of a schema hold, by each name and OID in lower case; and the first name of each of them."""
    parsed = []
    for definition in definitions:
        if match := _DEFINITION.search(definition):
            names, superior = re.findall(r"'([^']+)'", match[2]), _SUPERIOR.search(_DESCRIPTION.sub("", definition))
            parsed.append((names, [*map(str.lower, names), match[1]], superior[1].lower() if superior else ""))
    kinds, first_names, before = dict[str, Kind](), list[str](), -1
    while len(kinds) > before:  # an attribute may be derived from one that is derived
        before = len(kinds)
        for names, keys, above in parsed:
            known = (kinds.get(key) or _BY_NAME.get(attribute_key(key)) for key in (*keys, above))
            if keys[0] not in kinds and (kind := next(filter(None, known), None)):
                kinds.update(dict.fromkeys(keys, kind))
                first_names.append(names[0])
    return kinds, tuple(first_names)
