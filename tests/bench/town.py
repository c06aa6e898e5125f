"""A municipality that does not exist, with as many users as you like: every entry as Feide wants it.

The numbers are made from a seed, have the form of real ones and can equal a living person's: they go into a private
directory, and are never shown, printed or kept.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from stdnum.no import orgnr
from stdnum.no.fodselsnummer import calc_check_digit1, calc_check_digit2

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.feide.entitlement import Grep, GroupMembership
from feideprov.feide.organization import HostOrganization
from feideprov.numbers.kinds import FILLER_ENDINGS
from feideprov.settings import Settings
from feideprov.testing import example_settings

ON = date(2026, 11, 23)
REALM = "skotthyll.kommune.no"
BASE = "dc=skotthyll,dc=no"
ORGANIZATION = f"o=Skotthyll kommune,{BASE}"
SCHOOL_YEAR = date(2026, 8, 1), date(2027, 7, 31)
GIVEN = ("Olena", "Ahmad", "Åse", "Kári", "Nils", "Fatima", "Søren", "Ana Lucía", "Petro", "Yusuf", "Ida", "Mihret")
FAMILY = ("Kovalenko", "Hassan", "Nordmann", "Ødegård", "Lie", "Haile", "Sæther", "de la Cruz", "Tkachenko", "Berg")

Attributes = dict[str, list[str | bytes]]


@dataclass
class User:
    """One user of the town, before anybody has spoilt it."""

    dn: str
    attributes: Attributes

    @property
    def is_pupil(self) -> bool:
        return "student" in self.attributes.get("eduPersonAffiliation", ())

    @property
    def entry(self) -> Entry:
        return Entry(DN.parse(self.dn), self.attributes)

    def __getitem__(self, name: str) -> str:
        value = self.attributes[name][0]
        assert isinstance(value, str)
        return value

    def __setitem__(self, name: str, value: str | bytes | list[str | bytes]) -> None:
        self.attributes[name] = value if isinstance(value, list) else [value]

    def __delitem__(self, name: str) -> None:
        del self.attributes[name]


@dataclass
class Town:
    """A host organization with `schools` schools and `size` users, the same for the same seed.

    Everybody is at one of the first two schools; the last one is for adult education.
    """

    size: int
    schools: int = 3
    seed: int = 2026
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self._numbers: set[str] = set()

    def settings(self, folder: Path, **sections: object) -> Settings:
        """The configuration that fits: no test directory."""
        schools = [self._school(n) for n in range(self.schools)]
        organization = {"number": organization_number(900_000)}
        numbers = {"test": False}
        return example_settings(
            folder, **{"schools": schools, "organization": organization, "numbers": numbers} | sections
        )

    def _school(self, n: int) -> dict[str, str]:
        return {
            "id": f"school{n}",
            "name": f"Skole {n}",
            "number": organization_number(n),
            "mail": f"skole{n}@{REALM}",
            "dn": school_dn(n),
            "kind": "adult-education" if n == self.schools - 1 else "primary",
        }

    def units(self, settings: Settings) -> list[Entry]:
        """The base, the organization, its schools and the place for people."""
        return organization_of(settings).entries(DN.parse(BASE))

    def users(self) -> Iterator[User]:
        """Everybody, in order: pupils and, one in ten, teachers."""
        for n in range(self.size):
            yield self.user(n)

    def user(self, n: int) -> User:
        """The user of that place; two calls make two people's numbers."""
        rng, teacher = self.random, n % 10 == 9
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        uid, school = f"user{_letters(n)}", n % 2
        grade = 1 + n % 10
        groups = [
            _group("b", "", school, f"{grade}a", teacher),
            _group("u", "NOR01-06", school, f"nor{grade}", teacher),
        ]
        entitlements = [value for group in groups for value in (str(group), str(group.group_id))]
        role = ["faculty", "employee", "member"] if teacher else ["student", "member"]
        return User(
            f"uid={uid},ou=people,{BASE}",
            {
                "objectClass": ["top", "person", "organizationalPerson", "inetOrgPerson", "eduPerson", "norEduPerson"],
                "uid": [uid],
                "eduPersonPrincipalName": [f"{uid}@{REALM}"],
                "cn": [f"{given} {family}"],
                "displayName": [f"{given} {family}"],
                "norEduPersonLegalName": [f"{given} {family}"],
                "givenName": [given],
                "sn": [family],
                "norEduPersonNIN": [self.number()],
                "userPassword": ["{SSHA}AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="],
                "eduPersonOrgDN": [ORGANIZATION],
                "eduPersonOrgUnitDN": [school_dn(school)],
                "eduPersonPrimaryOrgUnitDN": [school_dn(school)],
                "eduPersonAffiliation": role,
                "eduPersonPrimaryAffiliation": role[:1],
                "eduPersonScopedAffiliation": [f"{one}@{REALM}" for one in role],
                "eduPersonEntitlement": entitlements if teacher else [str(Grep.of_grade(grade)), *entitlements],
                "mail": [f"{uid}@{REALM}"],
                "mobile": [f"+4740{n:06d}"],
                "preferredLanguage": [rng.choice(["nb", "nn", "uk", "ar"])],
                "employeeNumber": [f"p{n}"],
                "createTimestamp": ["20260901080000Z"],
            },
        )

    def number(self, born: date | None = None) -> str:
        """A number that nobody else here has and that can be used without evidence."""
        while True:
            day = born or date(2008, 1, 1) + timedelta(self.random.randrange(12 * 365))
            individual = self.random.randrange(500, 900) if day.year >= 2000 else self.random.randrange(500)
            number = with_checks(f"{day.day + self.random.choice([0, 40]):02d}{day:%m%y}{individual:03d}")
            if number and number[6:] not in FILLER_ENDINGS and number not in self._numbers:
                self._numbers.add(number)
                return number


def organization_of(settings: Settings) -> HostOrganization:
    return HostOrganization(
        **settings.organization.model_dump(),
        schools=[school.model_dump() for school in settings.schools],
        users_dn=settings.directory.users_dn,
    )


def with_checks(nine: str) -> str | None:
    """Nine digits and their two check digits; None where there are none."""
    ten = nine + calc_check_digit1(nine)
    number = ten + calc_check_digit2(ten) if len(ten) == 10 else ""
    return number if len(number) == 11 else None


def organization_number(n: int) -> str:
    """The n-th organization number with a check digit. Of a part of the series in which none has been given out."""
    while True:
        eight = f"{80_000_000 + n:08d}"
        digit = orgnr.checksum(eight + "0")
        check = -digit % 11
        if check < 10 and orgnr.is_valid(f"{eight}{check}"):
            return f"NO{eight}{check}"
        n += 1_000_000


def school_dn(n: int) -> str:
    return f"ou=Skole {n},{ORGANIZATION}"


def _group(kind: str, code: str, school: int, local_id: str, teacher: bool) -> GroupMembership:
    role = "faculty" if teacher else "student"
    number = organization_number(school)
    return GroupMembership(kind, code, number, local_id, *SCHOOL_YEAR, role, f"Gruppe {local_id}")  # type: ignore[arg-type]


def _letters(n: int) -> str:
    """A number in letters: a user name with many digits would look like an identity number."""
    letters = ""
    while True:
        n, rest = divmod(n, 26)
        letters = chr(97 + rest) + letters
        if n == 0:
            return letters
