"""The attributes of a user, one row each: made of which column, under which headings, and owned how far.

What a new user gets, what an update compares, what a check reads and the columns of a person list derive from these
rows. A column that is stored in a new attribute is a field of `PersonRecord` and a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from feideprov.directory import rules
from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import GUARDIAN_ATTRIBUTE, NUMBER_ATTRIBUTE, holds_numbers
from feideprov.errors import Refused
from feideprov.feide import ownership
from feideprov.feide.build_options import BuildOptions
from feideprov.feide.entitlement import Grep, GroupId, GroupMembership, grade_number
from feideprov.feide.group import Group
from feideprov.feide.lin import LIN_ATTRIBUTE, LocalNumber
from feideprov.feide.mfa import LEVEL_ATTRIBUTE, METHOD_ATTRIBUTE
from feideprov.feide.organization import HostOrganization, School
from feideprov.feide.ownership import HeldValue
from feideprov.feide.person import PersonRecord, Role, scoped
from feideprov.issues import code
from feideprov.mail import with_ascii_domain
from feideprov.messages import Sentence
from feideprov.tables.columns import Column

R_GROUP: Final = code(
    "R-GROUP",
    Sentence(
        "A group has the wrong form, or two different groups in the row have the same type, id and dates. The user is "
        "created with the other groups, and one that exists keeps the groups that it has."
    ),
    Sentence("Write each group once, as type:id:name, such as b:6a:Klasse 6A, or a class by its name: 6A."),
)

Values = tuple[str, ...]


@dataclass(frozen=True)
class BuildInput:
    """What the values of a user are made of. `local_number` is kept in place of a national number that was refused."""

    record: PersonRecord
    organization: HostOrganization
    schools: tuple[School, ...]
    options: BuildOptions
    on: date
    local_number: LocalNumber | None = None


@dataclass(frozen=True)
class AttributeRow:
    """One attribute of a person.

    `field` is the field of the person record, and the column of a person list, that it is made of; empty where it is
    made of others. `headings` are further headings of that column. `is_name`: it holds a person's name, which is
    compared letter by letter. `values` makes the values of a new user, by default of the field alone. `owned` says
    whether an update may take away a value that the row does not give; `unspoken`, whether the row says nothing about
    the attribute although `values` makes some. `always`: an update looks at it also when there are no values.
    `holds_words`: as of `Column`.
    """

    attribute: str
    field: str = ""
    headings: tuple[str, ...] = ()
    _: KW_ONLY
    is_name: bool = False
    values: Callable[[BuildInput], Values] | None = None
    owned: Callable[[HeldValue], bool] = ownership.every_value
    unspoken: Callable[[Entry, PersonRecord], bool] | None = None
    always: bool = False
    holds_words: bool = False

    @property
    def holds_numbers(self) -> bool:
        """Identity numbers belong here: judged and never shown. A person record does not write them."""
        return holds_numbers(self.attribute)

    @property
    def column(self) -> Column:
        """The column of a person list."""
        holds_date = self.field == "birth_date"
        return Column(self.field, self.headings, self.holds_numbers, self.is_name, self.holds_words, holds_date)

    def comparable(self, value: bytes) -> Hashable:
        """What two values have in common that mean the same."""
        if self.is_name:
            return value  # a server takes OLENA for Olena; for a person the name has changed
        if self.attribute == METHOD_ATTRIBUTE and (number := ownership.sms_number(value.decode(errors="replace"))):
            return number  # whatever its label
        if self.attribute == "mail":
            value = with_ascii_domain(value.decode(errors="replace")).encode()
        return rules.comparable(self.attribute, value)


def _full_name(given: BuildInput) -> Values:
    return (given.record.full_name,)


def _legal_name(given: BuildInput) -> Values:
    return (given.record.legal_name or given.record.full_name,)


# No rule is published for people with one name [open at Feide]; all five names are mandatory, so it is in both.


def _given_name(given: BuildInput) -> Values:
    return (given.record.given_name or given.record.family_name,)


def _family_name(given: BuildInput) -> Values:
    return (given.record.family_name or given.record.given_name,)


def _no_legal_name(entry: Entry, record: PersonRecord) -> bool:
    """An empty column: the legal name follows the name only where it was the name before."""
    return not record.legal_name and entry.text("norEduPersonLegalName") != entry.text("displayName")


def _no_given_name(entry: Entry, record: PersonRecord) -> bool:
    return not record.given_name and entry.text("givenName") != entry.text("sn")  # equal: a person with one name only


def _no_family_name(entry: Entry, record: PersonRecord) -> bool:
    return not record.family_name and entry.text("givenName") != entry.text("sn")


def _organization(given: BuildInput) -> Values:
    return _dns((given.organization.dn,))


def _schools(given: BuildInput) -> Values:
    return _dns(tuple(school.dn for school in given.schools))


def _primary_school(given: BuildInput) -> Values:
    return _dns((given.schools[0].dn,))


def _affiliations(given: BuildInput) -> Values:
    return given.record.role.affiliations


def _primary_affiliation(given: BuildInput) -> Values:
    return _primary(given.record.role)


def _scoped_affiliations(given: BuildInput) -> Values:
    return _scoped(given.record.role, given.organization.realm) if given.options.scoped_affiliation else ()


def _grade(given: BuildInput) -> Values:
    record = given.record
    return _grade_code(record.grade) if record.grade and record.role in (Role.PUPIL, Role.STUDENT) else ()


def _groups(given: BuildInput) -> Values:
    record = given.record
    return _memberships(record.groups, record.role, given.schools[0].number, given.on)


def _home_organization(given: BuildInput) -> Values:
    return (given.organization.realm,) if given.options.home_organization else ()


def _birth_date(given: BuildInput) -> Values:
    day = given.record.birth_date
    return (f"{day:%Y%m%d}",) if given.options.birth_date and day else ()


def _second_factor(given: BuildInput, attribute: str) -> Values:
    factor, record = given.options.second_factor, given.record
    return factor.values(record.role, record.mobile).get(attribute, ()) if factor else ()


def _local_number(given: BuildInput) -> Values:
    return (str(given.local_number),) if given.local_number else ()


def _has_number(entry: Entry, _: PersonRecord) -> bool:
    """A local number replaces a missing national one: who has that needs none."""
    return bool(entry.values(NUMBER_ATTRIBUTE))


# What follows is the same for a whole school or class: made once, and kept once for thousands of users.


@lru_cache(maxsize=1024)
def _dns(dns: tuple[DN, ...]) -> Values:
    return tuple(map(str, dns))


@lru_cache
def _primary(role: Role) -> Values:
    return role.affiliations[:1]


@lru_cache
def _scoped(role: Role, realm: str) -> Values:
    return scoped(role.affiliations, realm)


@lru_cache
def _grade_code(text: str) -> Values:
    return (str(Grep.of_grade(grade_number(text))),)


@lru_cache(maxsize=4096)
def _memberships(of_groups: tuple[Group, ...], role: Role, school_number: str, on: date) -> Values:
    groups: dict[GroupId, GroupMembership] = {}
    for group in of_groups:
        membership = group.membership(school_number, role.in_group, on)
        if groups.setdefault(membership.group_id, membership) != membership:
            raise Refused(
                Sentence(
                    "Column groups: two different groups have the same type, id and dates (6A and 6a are the same "
                    "id). Correct the cell."
                ),
                code=R_GROUP,
            )
    return tuple(str(value) for group_id, membership in groups.items() for value in (membership, group_id))


_BIRTH_DATE: Final = ("date of birth", "birthdate", "born", "fødselsdato", "fødselsdag", "født", "fødd", "født dato")
_MOBILE: Final = ("mobile phone", "mobile number", "mobil", "mobilnummer", "mobilnr", "mobiltelefon", "mobiltlf")
_MAIL: Final = ("email", "e-mail", "e-post", "epost", "e-postadresse", "epostadresse")
_NATIONAL_NUMBER: Final = (
    *("fødselsnummer", "d-nummer", "fødselsnummer/d-nummer", "fødselsnummer eller d-nummer", "fnr", "d-nr", "dnr"),
    *("dnummer", "fnr/dnr", "fnr/d-nr", "personnummer", "nin", "national identity number", "d-number"),
)
_DUF_NUMBER: Final = ("duf", "duf no", "duf-nummer", "dufnummer", "duf-nr", "dufnr")

ATTRIBUTES: Final = (
    AttributeRow("cn", values=_full_name, owned=ownership.full_name, is_name=True),
    AttributeRow("displayName", values=_full_name, is_name=True),
    AttributeRow(
        "norEduPersonLegalName",
        "legal_name",
        ("juridisk navn", "juridisk namn", "folkeregistrert navn"),
        values=_legal_name,
        unspoken=_no_legal_name,
        is_name=True,
    ),
    AttributeRow("eduPersonNickname", "nickname", ("kallenavn", "kallenamn"), owned=ownership.only_value, is_name=True),
    AttributeRow(
        "givenName",
        "given_name",
        ("first name", "fornavn", "førenamn", "fornamn"),
        values=_given_name,
        unspoken=_no_given_name,
        is_name=True,
    ),
    AttributeRow(
        "sn",
        "family_name",
        ("last name", "surname", "etternavn", "etternamn", "slektsnavn"),
        values=_family_name,
        unspoken=_no_family_name,
        is_name=True,
    ),
    AttributeRow("eduPersonOrgDN", values=_organization),
    AttributeRow(
        "eduPersonOrgUnitDN",
        "school",
        ("schools", "skole", "skule", "skoler", "skular", "enhet", "eining"),
        values=_schools,
    ),
    AttributeRow("eduPersonPrimaryOrgUnitDN", values=_primary_school),
    AttributeRow("eduPersonAffiliation", "role", ("rolle",), values=_affiliations, owned=ownership.affiliation),
    AttributeRow("eduPersonPrimaryAffiliation", values=_primary_affiliation),
    AttributeRow("eduPersonScopedAffiliation", values=_scoped_affiliations, owned=ownership.scoped_affiliation),
    AttributeRow(
        "eduPersonEntitlement",
        "grade",
        ("trinn", "klassetrinn", "klassesteg", "årstrinn", "årssteg"),
        values=_grade,
        owned=ownership.grade,
        always=True,
    ),
    AttributeRow(
        "eduPersonEntitlement",
        "groups",
        ("group", "grupper", "gruppe", "gruppene"),
        values=_groups,
        owned=ownership.group,
        always=True,
        holds_words=True,
    ),
    AttributeRow("mail", "mail", _MAIL, owned=ownership.only_value),
    AttributeRow("mobile", "mobile", _MOBILE, owned=ownership.only_value),
    AttributeRow("preferredLanguage", "language", ("språk", "målform")),
    AttributeRow("schacHomeOrganization", values=_home_organization),
    AttributeRow("norEduPersonBirthDate", "birth_date", _BIRTH_DATE, values=_birth_date),
    AttributeRow(
        METHOD_ATTRIBUTE, values=lambda given: _second_factor(given, METHOD_ATTRIBUTE), owned=ownership.sms_method
    ),
    AttributeRow(
        LEVEL_ATTRIBUTE, values=lambda given: _second_factor(given, LEVEL_ATTRIBUTE), owned=ownership.service_level
    ),
    AttributeRow(LIN_ATTRIBUTE, values=_local_number, owned=ownership.local_number, unspoken=_has_number),
    AttributeRow(NUMBER_ATTRIBUTE, "national_number", _NATIONAL_NUMBER),
    AttributeRow(NUMBER_ATTRIBUTE, "duf_number", _DUF_NUMBER),
    AttributeRow(GUARDIAN_ATTRIBUTE),
)

COLUMNS: Final[Mapping[str, Column]] = {row.field: row.column for row in ATTRIBUTES if row.field}
"""The columns of a person list that are stored in an attribute, by name."""

NAMES: Final = frozenset(attribute_key(row.attribute) for row in ATTRIBUTES if row.is_name)
"""The attributes (`attribute_key`) that hold a person's name."""

_rows: dict[str, tuple[AttributeRow, ...]] = {}
for _row in ATTRIBUTES:
    if not _row.holds_numbers:
        _rows[_row.attribute] = (*_rows.get(_row.attribute, ()), _row)
STORED: Final[Mapping[str, tuple[AttributeRow, ...]]] = _rows
"""The rows of each attribute that a person record says something about, the numbers left out."""
MANAGED: Final = ("objectClass", *STORED)
"""The attributes that an update compares."""


def values_of(given: BuildInput) -> dict[str, Values]:
    """The attributes that a person record says something about, empty where it says nothing.

    Raises Refused (R-GROUP) for two groups that Feide would take for one.
    """
    return {
        attribute: _values_of(rows[0], given) if len(rows) == 1 else sum((_values_of(row, given) for row in rows), ())
        for attribute, rows in STORED.items()
    }


def _values_of(row: AttributeRow, given: BuildInput) -> Values:
    """The values that a new user has; empty where the record says nothing."""
    if row.values is not None:
        return row.values(given)
    text = getattr(given.record, row.field)
    return (text,) if text else ()
