"""What can be wrong with a user or a school, for each code of the catalogue: how it is planted, and who is found."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from pretenders import MAKES, Pretenders
from town import BASE, ORGANIZATION, REALM, SCHOOL_YEAR, Town, User, organization_number, school_dn

from feideprov.check.finding import Finding
from feideprov.directory.entry import Entry
from feideprov.feide.entitlement import GroupId, GroupMembership
from feideprov.text import shown

Spoil = Callable[["Gardener", list[User]], None]
Found = Counter[tuple[str, str | None, str | None, bool]]
"""Code, Feide name, DN and whether it is expected, as findings show them."""

PEOPLE = f"ou=people,{BASE}"
NOWHERE = f"ou=Nedlagt skole,{ORGANIZATION}"


@dataclass(frozen=True)
class Fault:
    """One way to be wrong.

    `spoil` makes it of `users` users, of whom the first `found` are reported. Faults of one `facet` may change the same
    attributes, so a user has at most one of them. `expected`: as a finding it is. `file_only`: no server holds it.
    `brings`: what else is then wrong with a user, and `brings_pupils` with a pupil.
    """

    code: str
    facet: str
    spoil: Spoil = field(repr=False)
    users: int = 1
    found: int = 1
    expected: bool = False
    file_only: bool = False
    brings: tuple[str, ...] = ()
    brings_pupils: tuple[str, ...] = ()

    def codes(self, user: User) -> tuple[str, ...]:
        """Everything that is wrong with a user who has the fault."""
        return (self.code, *self.brings, *(self.brings_pupils if user.is_pupil else ()))


class Gardener:
    """Plants faults into users of a town, and knows what must be found."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.random = random.Random(town.seed + 1)
        self.pretend = Pretenders(self.random)
        self._planted: list[tuple[Fault, User]] = []
        self._last = 0

    def plant(self, fault: Fault, users: list[User]) -> None:
        fault.spoil(self, users)
        self._planted += [(fault, user) for user in users[: fault.found]]

    def fresh(self) -> str:
        """Letters that nobody has had."""
        self._last += 1
        return "".join(chr(97 + int(digit)) for digit in str(self._last))

    @property
    def expected(self) -> Found:
        """What a check must find: asked once everything has been planted."""
        return Counter(
            (code, *_shown(user), fault.expected) for fault, user in self._planted for code in fault.codes(user)
        )


def found(findings: Iterable[Finding]) -> Found:
    """What a check has found, to be compared with what was planted."""
    return Counter((one.code, one.user, one.dn, one.expected) for one in findings)


def _shown(user: User) -> tuple[str | None, str]:
    names = user.attributes.get("eduPersonPrincipalName")
    return (shown(str(names[0]).lower()) if names else None), shown(str(user.entry.dn))


def _set(attribute: str, *values: str | bytes) -> Spoil:
    def spoil(_: Gardener, users: list[User]) -> None:
        users[0][attribute] = list(values)

    return spoil


def _drop(attribute: str) -> Spoil:
    def spoil(_: Gardener, users: list[User]) -> None:
        del users[0][attribute]

    return spoil


def _change(attribute: str, change: Callable[[str], str]) -> Spoil:
    def spoil(_: Gardener, users: list[User]) -> None:
        users[0][attribute] = change(users[0][attribute])

    return spoil


def _add(attribute: str, value: str) -> Spoil:
    def spoil(_: Gardener, users: list[User]) -> None:
        users[0][attribute] = [*users[0].attributes[attribute], value]

    return spoil


def _same(attribute: str) -> Spoil:
    def spoil(_: Gardener, users: list[User]) -> None:
        users[1][attribute] = users[0][attribute]

    return spoil


def _entitlements(change: Callable[[list[GroupMembership], list[GroupId]], Iterable[object]]) -> Spoil:
    """A pupil's other values, from the groups and group-IDs; the Grep code stays in front."""

    def spoil(_: Gardener, users: list[User]) -> None:
        texts = [str(value) for value in users[0].attributes["eduPersonEntitlement"]]
        groups = [GroupMembership.parse(text) for text in texts if ":group:" in text]
        ids = [GroupId.parse(text) for text in texts if ":groupid:" in text]
        kept = [text for text in texts if ":grep:" in text]
        users[0]["eduPersonEntitlement"] = [*kept, *map(str, change(groups, ids))]

    return spoil


def _with_group(kind: str, code: str, organization: str = organization_number(0)) -> Spoil:
    group = GroupMembership(kind, code, organization, "x1", *SCHOOL_YEAR, "student", "X")  # type: ignore[arg-type]
    return _entitlements(lambda groups, ids: [*groups, *ids, group, group.group_id])


def _without_grep(_: Gardener, users: list[User]) -> None:
    values = users[0].attributes["eduPersonEntitlement"]
    users[0]["eduPersonEntitlement"] = [value for value in values if ":grep:" not in str(value)]


def _pretender(code: str) -> Spoil:
    def spoil(gardener: Gardener, users: list[User]) -> None:
        users[0]["norEduPersonNIN"] = gardener.pretend(code)

    return spoil


def _guardian_in_doubt(gardener: Gardener, users: list[User]) -> None:
    users[0]["norEduPersonGuardianNIN"] = [gardener.pretend("N-D-900")]


def _born(day_in_number: Callable[[date], date]) -> Spoil:
    """A number with another date than the recorded birth date."""

    def spoil(gardener: Gardener, users: list[User]) -> None:
        born = date(2010, 1, 1) + timedelta(gardener.random.randrange(2000))
        users[0]["norEduPersonNIN"] = gardener.town.number(day_in_number(born))
        users[0]["norEduPersonBirthDate"] = f"{born:%Y%m%d}"

    return spoil


def _renamed(rename: Callable[[Gardener, User], str]) -> Spoil:
    """Another Feide name; uid and DN stay."""

    def spoil(gardener: Gardener, users: list[User]) -> None:
        users[0]["eduPersonPrincipalName"] = rename(gardener, users[0])

    return spoil


def _number_as_name(gardener: Gardener, users: list[User]) -> None:
    name = gardener.town.number()
    users[0].dn = users[0].dn.replace(users[0]["uid"], name)
    users[0]["uid"] = name
    users[0]["eduPersonPrincipalName"] = f"{name}@{REALM}"


def _not_ascii(gardener: Gardener, users: list[User]) -> None:
    users[0].attributes["uid"].append(f"ø{gardener.fresh()}")


def _without_uid(_: Gardener, users: list[User]) -> None:
    users[0].dn = users[0].dn.replace("uid=", "cn=")
    users[0].attributes["cn"].append(users[0]["uid"])
    del users[0]["uid"]


def _reused(_: Gardener, users: list[User]) -> None:
    users[1]["eduPersonPrincipalNamePrior"] = users[0]["eduPersonPrincipalName"]


def _same_name(gardener: Gardener, users: list[User]) -> None:
    """Both have the user part as uid; the entries stand in different places, as when two systems write."""
    second = users[1]
    second.dn = f"cn=second {gardener.fresh()},ou=people,dc=skotthyll,dc=no"
    second.attributes["cn"].append(second.dn.partition(",")[0][3:])
    second["uid"], second["eduPersonPrincipalName"] = users[0]["uid"], users[0]["eduPersonPrincipalName"]


def _without_member(_: Gardener, users: list[User]) -> None:
    users[0].attributes["eduPersonAffiliation"].remove("member")


def _source_id_number(gardener: Gardener, users: list[User]) -> None:
    users[0]["employeeNumber"] = gardener.town.number()


def _foreign_home(_: Gardener, users: list[User]) -> None:
    users[0].attributes["objectClass"].append("schacContactLocation")
    users[0]["schacHomeOrganization"] = "berg.kommune.no"


def _lin_number(gardener: Gardener, users: list[User]) -> None:
    users[0]["norEduPersonLIN"] = f"{REALM}:localnin:{gardener.town.number()}"


NUMBERS = (
    *(Fault(f"P-NIN-{code[2:]}", "number", _pretender(code)) for code in MAKES if code != "N-REAL-IN-TEST"),
    Fault("P-NIN-DATE", "number", _born(lambda day: day - timedelta(40))),
    Fault("P-NIN-DATE-PARENT", "number", _born(lambda day: day - timedelta(30 * 365))),
    Fault("P-NIN-SIGNS", "number", _change("norEduPersonNIN", lambda text: f"{text[:6]} {text[6:]}")),
    Fault("P-NIN-TWICE", "number", _same("norEduPersonNIN"), users=2, found=2),
    Fault("P-GUARDIAN-NIN", "guardian", _set("norEduPersonGuardianNIN", "15108695077")),  # published as wrong
    Fault("P-GUARDIAN-NIN-DOUBT", "guardian", _guardian_in_doubt),
    Fault("P-PENDING", "number", _drop("norEduPersonNIN"), expected=True),
    Fault(
        "P-PENDING-LONG",
        "number",
        lambda _, users: users[0].attributes.update(createTimestamp=["20240901080000Z"], norEduPersonNIN=[]),
    ),
)
NAMES = (
    Fault("P-NAME-FORM", "name", _renamed(lambda g, user: f"{user['uid']}")),
    Fault("P-NAME-CASE", "name", _renamed(lambda g, user: f"{user['uid'].capitalize()}@{REALM}")),
    Fault("P-NAME-ASCII", "name", _not_ascii),
    Fault("P-NAME-UID", "name", _renamed(lambda g, user: f"other{g.fresh()}@{REALM}")),
    Fault("P-NAME-REALM", "name", _renamed(lambda g, user: f"{user['uid']}@berg.kommune.no")),
    Fault("P-NAME-NUMBER", "name", _number_as_name),
    Fault("P-NAME-TWICE", "name", _same_name, users=2, found=2),
    Fault("P-NAME-REUSED", "name", _reused, users=2, found=1),
    Fault("P-MISSING-UID", "name", _without_uid),
    Fault("P-MISSING-EDUPERSONPRINCIPALNAME", "name", _drop("eduPersonPrincipalName")),
    Fault("P-MISSING-CN", "names", _drop("cn"), file_only=True),
    Fault("P-MISSING-SN", "names", _drop("sn"), file_only=True),
    Fault("P-MISSING-DISPLAYNAME", "names", _drop("displayName")),
    Fault("P-MISSING-NOREDUPERSONLEGALNAME", "names", _drop("norEduPersonLegalName")),
    Fault("P-MISSING-GIVENNAME", "names", _drop("givenName")),
    Fault("P-EMPTY", "names", _set("norEduPersonLegalName", " ")),
    Fault("P-ENCODING", "names", _set("displayName", b"\xc5se \xd8deg\xe5rd"), file_only=True),
    Fault("P-VALUES", "names", _add("displayName", "Somebody Else"), file_only=True),
    Fault("P-SPACES", "names", _set("displayName", "Åse  Lie")),
    Fault("P-LETTERS-NONE", "names", _set("sn", "-")),
    Fault("P-NAME-SPOILED", "names", _set("sn", "HÃ¥konsen")),
    Fault("P-SHARED", "names", _set("displayName", "Petro og Ida Berg")),
)
CONTACT = (
    Fault("P-MISSING-USERPASSWORD", "password", _drop("userPassword")),
    Fault("P-SOURCE-ID-NUMBER", "source id", _source_id_number),
    Fault("P-SOURCE-ID-TWICE", "source id", _same("employeeNumber"), users=2, found=2),
    Fault("P-MAIL-FORM", "mail", lambda g, users: users[0].attributes.update(mail=[f"{g.fresh()} at home"])),
    Fault("P-MAIL-TWICE", "mail", _same("mail"), users=2, found=2),
    Fault("P-MOBILE-FORM", "mobile", _set("mobile", "40 12 34 56")),
    Fault("P-MOBILE-NONE", "mobile", _set("mobile", "+4722222222")),
    Fault("P-LANGUAGE-FORM", "language", _set("preferredLanguage", "norwegian")),
    Fault("P-HOME-ORGANIZATION", "home", _foreign_home),
    Fault("P-LIN-FORM", "lin", _set("norEduPersonLIN", f"{REALM}:other:a1")),
    Fault("P-LIN-NUMBER", "lin", _lin_number),
    Fault("P-LIN-MANY", "lin", _set("norEduPersonLIN", f"{REALM}:employee:a1", f"{REALM}:localnin:b2")),
    Fault("P-MFA-METHOD-FORM", "mfa", _set("norEduPersonAuthnMethod", "urn:mace:feide.no:auth:method:sms 12")),
    Fault("P-MFA-METHOD-UNKNOWN", "mfa", _set("norEduPersonAuthnMethod", "urn:mace:feide.no:auth:method:idporten -")),
    Fault(
        "P-MFA-LEVEL-FORM",
        "mfa",
        lambda _, users: users[0].attributes.update(
            norEduPersonAuthnMethod=["urn:mace:feide.no:auth:method:sms +4740123456 label=Mobil"],
            norEduPersonServiceAuthnLevel=["urn:mace:feide.no:spid:all fad08:3"],
        ),
    ),
    Fault(
        "P-MFA-METHOD",
        "mfa",
        _set("norEduPersonServiceAuthnLevel", "urn:mace:feide.no:spid:all urn:mace:feide.no:auth:level:fad08:3"),
    ),
)
SCHOOLS = (
    Fault("P-MISSING-EDUPERSONORGDN", "unit", _drop("eduPersonOrgDN")),
    Fault("P-MISSING-EDUPERSONORGUNITDN", "unit", _drop("eduPersonOrgUnitDN"), brings=("P-UNIT-NONE",)),
    Fault("P-UNIT-NONE", "unit", _drop("eduPersonOrgUnitDN"), brings=("P-MISSING-EDUPERSONORGUNITDN",)),
    Fault("P-MISSING-EDUPERSONPRIMARYORGUNITDN", "unit", _drop("eduPersonPrimaryOrgUnitDN")),
    Fault("P-DN-FORM", "unit", _set("eduPersonOrgDN", "Skotthyll kommune"), file_only=True),
    Fault("P-ORG-NOWHERE", "unit", _set("eduPersonOrgDN", "o=Nowhere,dc=skotthyll,dc=no")),
    Fault("P-ORG-OTHER", "unit", _set("eduPersonOrgDN", school_dn(0))),
    Fault("P-UNIT-NOWHERE", "unit", _add("eduPersonOrgUnitDN", NOWHERE)),
    Fault("P-UNIT-OTHER", "unit", _add("eduPersonOrgUnitDN", PEOPLE)),
    Fault("P-UNIT-PRIMARY", "unit", _set("eduPersonPrimaryOrgUnitDN", ORGANIZATION)),
)
ROLES = (
    Fault("P-MISSING-EDUPERSONAFFILIATION", "role", _drop("eduPersonAffiliation")),
    Fault("P-AFFILIATION-UNKNOWN", "role", _add("eduPersonAffiliation", "elev")),
    Fault("P-AFFILIATION-MEMBER", "role", _without_member),
    Fault("P-AFFILIATION-PRIMARY", "role", _set("eduPersonPrimaryAffiliation", "alum")),
    Fault("P-AFFILIATION-SCOPE", "role", _set("eduPersonScopedAffiliation", "member@berg.kommune.no")),
    Fault("P-AFFILIATION-SCOPED", "role", _add("eduPersonScopedAffiliation", f"alum@{REALM}")),
    Fault(
        "P-MISSING-EDUPERSONENTITLEMENT",
        "role",
        _drop("eduPersonEntitlement"),
        brings=("P-GROUPS-NONE",),
        brings_pupils=("P-GREP-NONE", "P-GROUP-CLASS"),
    ),
    Fault("P-ENTITLEMENT-FORM", "role", _add("eduPersonEntitlement", "urn:mace:feide.no:go:group:b:6a")),
    Fault("P-GREP-NONE", "role", _without_grep),
    Fault("P-GROUPS-NONE", "role", _entitlements(lambda groups, ids: []), brings_pupils=("P-GROUP-CLASS",)),
    Fault("P-GROUP-CLASS", "role", _entitlements(lambda groups, ids: [groups[1], ids[1]])),
    Fault("P-GROUP-CODE-NONE", "role", _with_group("u", "")),
    Fault("P-GROUP-CODE-FORM", "role", _with_group("u", "norsk")),
    Fault("P-GROUP-CODE-EXTRA", "role", _with_group("a", "NOR0214")),
    Fault("P-GROUP-ORGANIZATION", "role", _with_group("a", "", "NO000000000")),
    Fault("P-GROUPIDS-NONE", "role", _entitlements(lambda groups, ids: groups)),
    Fault("P-GROUP-WITHOUT-ID", "role", _entitlements(lambda groups, ids: [*groups, ids[0]])),
    Fault(
        "P-GROUPID-SHARED",
        "role",
        _entitlements(lambda groups, ids: [*groups, *ids, replace(groups[1], name="Another name")]),
    ),
    Fault("P-GROUPID-WITHOUT-GROUP", "role", _entitlements(lambda groups, ids: [groups[0], *ids])),
    Fault(
        "P-GROUPID-FORM",
        "role",
        _entitlements(lambda groups, ids: [*groups, ids[0], str(ids[1]).replace(":nor", ":NOR", 1)]),
    ),
)
FAULTS: tuple[Fault, ...] = (*NUMBERS, *NAMES, *CONTACT, *SCHOOLS, *ROLES)
"""All faults of a user in a directory of real people, one for each code."""

TEST_FAULT = Fault("P-NIN-REAL-IN-TEST", "number", _pretender("N-REAL-IN-TEST"))
"""The one of a test directory."""


@dataclass(frozen=True)
class UnitFault:
    """One way for the organization or a school to be wrong: what becomes of its entry, None for nothing."""

    code: str
    spoil: Callable[[dict[str, list[str]]], dict[str, list[str]] | None] = field(repr=False)
    of_school: bool = True
    file_only: bool = False

    def plant(self, entry: Entry) -> Entry | None:
        """The entry with the fault."""
        values = self.spoil({name: [v.decode() for v in held] for name, held in entry.items()})
        return None if values is None else Entry(entry.dn, values)


def _unit_without(name: str) -> Callable[[dict[str, list[str]]], dict[str, list[str]]]:
    return lambda values: {key: held for key, held in values.items() if key.lower() != name.lower()}


def _unit_with(name: str, value: str) -> Callable[[dict[str, list[str]]], dict[str, list[str]]]:
    return lambda values: {**_unit_without(name)(values), name: [value]}


def _wrong_check(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


_NUMBER = "norEduOrgUnitUniqueIdentifier"
UNIT_FAULTS = (
    UnitFault("O-SCHOOL-NOWHERE", lambda values: None),
    UnitFault("O-SCHOOL-MISSING-OU", _unit_without("ou"), file_only=True),
    UnitFault("O-SCHOOL-MISSING-NOREDUORGUNITUNIQUEIDENTIFIER", _unit_without(_NUMBER)),
    UnitFault("O-SCHOOL-MISSING-MAIL", _unit_without("mail")),
    UnitFault("O-NUMBER-FORM", lambda values: {**values, _NUMBER: [values[_NUMBER][0].removeprefix("NO")]}),
    UnitFault("O-NUMBER-CHECK", lambda values: {**values, _NUMBER: [_wrong_check(values[_NUMBER][0])]}),
    UnitFault("O-NUMBER-SERIES", lambda values: {**values, _NUMBER: ["NO000000000"]}),
    UnitFault("O-NAME-SPOILED", _unit_with("postalAddress", "SkÃ¸yen$8960 Skotthyll")),
    UnitFault("O-SPACES", _unit_with("postalAddress", "Storgata  1$8960 Skotthyll")),
    UnitFault("O-DIFFERS", _unit_with("mail", "other@skotthyll.kommune.no")),
    UnitFault("O-ORGANIZATION-NOWHERE", lambda values: None, of_school=False),
    UnitFault("O-ORGANIZATION-MISSING-EDUORGLEGALNAME", _unit_without("eduOrgLegalName"), of_school=False),
    UnitFault("O-ORGANIZATION-MISSING-O", _unit_without("o"), of_school=False, file_only=True),
    UnitFault("O-ORGANIZATION-MISSING-NOREDUORGNIN", _unit_without("norEduOrgNIN"), of_school=False),
    UnitFault("O-ORGANIZATION-MISSING-MAIL", _unit_without("mail"), of_school=False),
    UnitFault(
        "O-ORGANIZATION-MISSING-NOREDUORGSCHEMAVERSION", _unit_without("norEduOrgSchemaVersion"), of_school=False
    ),
    UnitFault("O-SCHEMA-VERSION", _unit_with("norEduOrgSchemaVersion", "1.6"), of_school=False),
)
"""Faults of one unit; two schools with one number, and a school that nobody knows, take more than one."""
