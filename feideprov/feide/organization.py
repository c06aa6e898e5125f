"""The host organization (vertsorganisasjon) and its schools.

Mandatory and recommended attributes: docs.feide.no, info_go 2018-03, – organization, and – organizational unit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator
from stdnum.no import orgnr

from feideprov.directory.dn import DN, same_key
from feideprov.directory.entry import Entry
from feideprov.errors import InputError, scrub
from feideprov.look_alikes import visible
from feideprov.mail import ascii_domain, is_address, is_domain, with_ascii_domain
from feideprov.messages import NOTHING, Sentence
from feideprov.programs.models import GivenModel
from feideprov.unit_names import require_different

SchoolKind = Literal["primary", "secondary", "upper-secondary", "adult-education"]

_GRADES: dict[SchoolKind, range] = {
    "primary": range(1, 11),
    "secondary": range(8, 11),
    "upper-secondary": range(11, 14),
    "adult-education": range(0),
}
"""The grades of Udir's codes (Grep, aarstrinn1 to 10 and vg1 to vg3; data.udir.no). A school with grades 1 to 7 and one
with 1 to 10 are both `primary`: the configuration does not tell them apart."""
_NUMBER = re.compile(r"NO[0-9]{9}")
_NO_ESCAPE = re.compile(r"\\(?!24|5[Cc])")


def _dn(value: object) -> DN:
    if isinstance(value, DN):
        return value
    try:
        dn = DN.parse(str(value))
    except InputError:
        raise ValueError(Sentence("“{text}” is not a distinguished name (RFC 4514)", text=scrub(str(value)))) from None
    for kind, text in (ava for rdn in dn.rdns for ava in rdn):
        if not visible(text).strip():
            raise ValueError(Sentence("the value of {kind} in a distinguished name is empty", kind=kind))
        if kind == "dc" and not text.isascii():
            raise ValueError(
                Sentence(
                    "dc in a distinguished name must have ASCII letters only, so no æ, ø or å. Write the domain as a "
                    "server has it (xn--…)"
                )
            )
    if not dn.rdns:
        raise ValueError(
            Sentence("this must be a distinguished name, such as “o=Skotthyll kommune,dc=skotthyll,dc=no”")
        )
    return dn


@lru_cache(maxsize=1024)  # a check asks for each group of each user
def is_organization_number(text: str, *, test: bool) -> bool:
    """Whether this is “NO” and a number that can have been given to an organization. `test`: or to a synthetic one.

    Brønnøysundregistrene give out numbers from 800000000 to 999999999 (arthurdejong/python-stdnum, issue 275,
    2021-09-22: the check digit of 100000008 is right too). Tenor's synthetic organizations have other series, so that
    nobody has their numbers: they begin with 2 or 3 (312701103: brreg/docs, «Testdata»). Nine equal digits keep the
    check digit, and are what people write for a number that they do not know.
    """
    if not _NUMBER.fullmatch(text) or not orgnr.is_valid(text[2:]):
        return False
    return text[2] in ("2389" if test else "89") and len(set(text[2:])) > 1


def _organization_number(text: str, info: ValidationInfo) -> str:
    """`test` in the context says whether synthetic organizations are right; without a context, they are."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(Sentence("an organization number must be “NO” and nine digits, without spaces"))
    if not orgnr.is_valid(text[2:]):
        raise ValueError(
            Sentence(
                "the check digit of this organization number is wrong. Look the number up in Brønnøysundregistrene"
            )
        )
    if not is_organization_number(text, test=(info.context or {}).get("test", True)):
        raise ValueError(
            Sentence(
                "this is not an organization number: they begin with 8 or 9, or with 2 or 3 in a test directory "
                "([numbers] test = true). Look the number up in Brønnøysundregistrene"
            )
        )
    return text


def _realm(text: str) -> str:
    if text != text.lower():
        raise ValueError(Sentence("a realm must be written in lower case, such as “skotthyll.kommune.no”"))
    if not is_domain(text):
        domain = ascii_domain(text)
        in_dns = NOTHING if domain == text else Sentence(". In DNS, this one is “{domain}”", domain=domain)
        raise ValueError(
            Sentence(
                "a realm must be a domain name that the organization owns, such as “skotthyll.kommune.no”{in_dns}",
                in_dns=in_dns,
            )
        )
    return text


def _mail(text: str) -> str:
    address = with_ascii_domain(text.strip())
    if not is_address(address):
        raise ValueError(
            Sentence("a mail address must look like “post@skotthyll.kommune.no”, without æ, ø or å before the “@”")
        )
    return address


def _phone(text: str) -> str:
    if text and not re.fullmatch(r"\+?[0-9][0-9 ()./-]*", text):
        raise ValueError(Sentence("a telephone number must be digits and spaces, such as “+47 75 00 00 00”"))
    return text


def _postal_address(text: str) -> str:
    lines = [" ".join(visible(line).split()) for line in text.split("$")]
    if _NO_ESCAPE.search(text):
        raise ValueError(
            Sentence(r"a postal address must not have “\”. Write “/”, or “\5C” where a “\” is meant (RFC 4517, 3.3.28)")
        )
    if text and not all(lines):
        raise ValueError(
            Sentence(
                "a postal address must have “$” between its lines and no empty line, such as “Postboks 1$8960 "
                "Skotthyll”"
            )
        )
    return "$".join(lines)


def _unit_name(text: str) -> str:
    if text and not visible(text).strip():
        raise ValueError(Sentence("nothing can be seen of this name. Write a name"))
    return text


DistinguishedName = Annotated[DN, BeforeValidator(_dn)]
OrganizationNumber = Annotated[str, AfterValidator(_organization_number)]
Realm = Annotated[str, AfterValidator(_realm)]
MailAddress = Annotated[str, AfterValidator(_mail)]
Phone = Annotated[str, AfterValidator(_phone)]
PostalAddress = Annotated[str, AfterValidator(_postal_address)]
Name = Annotated[str, Field(min_length=1), AfterValidator(_unit_name)]


class _Unit(BaseModel, metaclass=GivenModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: Name
    number: OrganizationNumber
    mail: MailAddress
    dn: DistinguishedName
    phone: Phone = ""
    postal_address: PostalAddress = ""

    @property
    def _addresses(self) -> dict[str, tuple[str, ...]]:
        """The addresses of the unit: mail is mandatory, the others are recommended (info_go)."""
        values = {"mail": self.mail, "telephoneNumber": self.phone, "postalAddress": self.postal_address}
        return {name: (value,) for name, value in values.items() if value}


class School(_Unit):
    """A school (skole), an organizational unit of the host organization.

    Parameters:
        name: the name.
        number: the school's own organization number, `NO` and nine digits (norEduOrgUnitUniqueIdentifier).
        mail: the mail address.
        dn: the DN of the school's entry.
        phone: the telephone number.
        postal_address: the postal address, with `$` between its lines.
        id: what person lists call the school; its number, name and DN are understood too.
        kind: `primary`, `secondary`, `upper-secondary` or `adult-education`. It decides which findings about the
            school's users are expected, and which grades a plan reports: adult education has no grade codes. A school
            with grades 1 to 10 is `primary`.

    Raises:
        InputError: a field is wrong; it names the field.
    """

    id: Name
    kind: SchoolKind = "primary"

    @property
    def is_county(self) -> bool:
        """Is it a county's school? Only counties give admission numbers (VIGO)."""
        return self.kind == "upper-secondary"

    @property
    def grades(self) -> range:
        """The grades that a school of its kind can have, 11 to 13 for vg1 to vg3."""
        return _GRADES[self.kind]

    def entry(self) -> Entry:
        """The school's entry, with the attributes that info_go makes mandatory for an organizational unit.

        Returns: the entry.

        Raises: nothing.
        """
        return Entry(
            self.dn,
            {
                "objectClass": ("top", "organizationalUnit", "norEduOrgUnit", *_of_dc(self.dn)),
                **_rdn(self.dn),
                "ou": dict.fromkeys((*_rdn(self.dn).get("ou", ()), self.name)),
                "norEduOrgUnitUniqueIdentifier": (self.number,),
                **self._addresses,
            },
        )


class HostOrganization(_Unit):
    """The school owner whose directory it is.

    Parameters:
        number: the registered school owner's organization number, `NO` and nine digits (norEduOrgNIN).
        name, mail: the name and the mail address.
        dn: the DN of the organization's entry.
        phone, postal_address: as for `School`.
        realm: a domain that the organization owns, in lower case.
        schools: the schools; no two have the same id or DN.
        users_dn: the DN below which users are; without it, `ou=people` beside the organization.

    Raises:
        InputError: a field is wrong; it names the field.
    """

    realm: Realm
    schools: tuple[School, ...] = ()
    users_dn: DistinguishedName | None = None

    @model_validator(mode="after")
    def _schools_differ(self) -> Self:
        require_different(self.schools, lambda school: same_key(school.id))
        require_different(self.schools, lambda school: school.dn)
        return self

    @property
    def people(self) -> DN:
        """The DN below which users are."""
        return self.users_dn or self.dn.parent.child("ou", "people")

    def entries(self, base: DN) -> list[Entry]:
        """The entries of a directory without users: the base, the organization, its schools, a container for people.

        Parameters:
            base: the DN of the directory's base.

        Returns: the entries, with the attributes that info_go makes mandatory. Parents come before their children.

        Raises:
            InputError: a container is not named by dc, o or ou.
        """
        named = {self.dn: self._entry()} | {school.dn: school.entry() for school in self.schools}
        wanted = {self.people, *named}
        for dn in tuple(wanted):
            depth = len(dn.rdns) - len(base.rdns)
            wanted.update(DN(dn.rdns[above:]) for above in range(1, depth + 1))
        return [named.get(dn) or container(dn) for dn in sorted(wanted, key=lambda dn: (len(dn.rdns), str(dn)))]

    def _entry(self) -> Entry:
        return Entry(
            self.dn,
            {
                "objectClass": ("top", "organization", "eduOrg", "norEduOrg", *_of_dc(self.dn)),
                **_rdn(self.dn),
                "o": dict.fromkeys((*_rdn(self.dn).get("o", ()), self.name)),
                "eduOrgLegalName": (self.name,),
                "norEduOrgNIN": (self.number,),
                "norEduOrgSchemaVersion": ("2.0",),
                **self._addresses,
            },
        )

    def school(self, text: str) -> School | None:
        """Find a school of the organization.

        Parameters:
            text: the school's id, organization number, name or DN.

        Returns: the school; None when no school has it, or two schools have it.

        Raises: nothing.
        """
        wanted = same_key(text)
        if (by_id := self._by_id.get(wanted)) is not None:
            return by_id
        dn = _dn_or_none(visible(text)) if "=" in text else None
        meant = [
            school
            for school in self.schools
            if wanted in (same_key(school.name), same_key(school.number), school.number[2:]) or school.dn == dn
        ]
        return meant[0] if len(meant) == 1 else None

    @property
    def school_names(self) -> list[str]:
        """What the schools may be called: the id, name, number and DN of each."""
        return [text for one in self.schools for text in (one.id, one.name, one.number, str(one.dn))]

    @cached_property
    def _by_id(self) -> Mapping[str, School]:
        return {same_key(school.id): school for school in self.schools}


def _dn_or_none(text: str) -> DN | None:
    try:
        return DN.parse(text)
    except InputError:
        return None


_STRUCTURAL = {"dc": "domain", "o": "organization", "ou": "organizationalUnit"}


def container(dn: DN) -> Entry:
    """An entry that only contains others. Raises InputError for a name that is neither dc, o nor ou."""
    kind = dn.own[0][0]
    if kind not in _STRUCTURAL:
        raise InputError(
            Sentence(
                "The directory has no entry {dn}. This tool creates only entries that are named by dc, o or ou. "
                "Create this entry yourself.",
                dn=str(dn),
            )
        )
    return Entry(dn, {"objectClass": ("top", _STRUCTURAL[kind]), **_rdn(dn)})


def _rdn(dn: DN) -> dict[str, tuple[str, ...]]:
    kinds = dict.fromkeys(kind for kind, _ in dn.own)
    return {kind: tuple(value for of, value in dn.own if of == kind) for kind in kinds}


def _of_dc(dn: DN) -> tuple[str, ...]:
    return ("dcObject",) if "dc" in _rdn(dn) else ()
