"""From a person record to a Feide user, by Feide's information model for lower education (info_go, 2018-03)."""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from feideprov.directory.dn import DN
from feideprov.directory.layout import USUAL, Layout
from feideprov.errors import Refused, scrub
from feideprov.feide.affiliation import scoped
from feideprov.feide.entitlement import Grep, GroupId, GroupMembership, grade_number
from feideprov.feide.group import Group
from feideprov.feide.initial_password import InitialPassword
from feideprov.feide.lin import LIN_ATTRIBUTE, LocalNumber, local_number
from feideprov.feide.mfa import SecondFactor
from feideprov.feide.name_policy import USUAL_NAMES, NamePolicy
from feideprov.feide.organization import HostOrganization, School
from feideprov.feide.person import PersonRecord, Role
from feideprov.feide.user import AUXILIARY_CLASSES, HOME_ORGANIZATION_CLASS, Concern, FeideUser
from feideprov.feide.user_name import UserNames
from feideprov.issues import code
from feideprov.messages import Sentence
from feideprov.numbers import (
    Decision,
    Evidence,
    NationalNumber,
    NumberKind,
    NumberPolicy,
    NumberText,
    Verdict,
    judge_number,
)


@dataclass(frozen=True)
class BuildOptions:
    """What one organization does its own way.

    `source_id_attribute` holds the source id on the entry. `birth_date` writes norEduPersonBirthDate as YYYYMMDD
    (the attribute is an integer, so that DDMMYY would lose its leading zero). `numbers` is the number policy, `names`
    says how user names are made. `keep_local_numbers` moves a refused local number to norEduPersonLIN.
    `scoped_affiliation`, `home_organization` and `unique_id` write eduPersonScopedAffiliation, schacHomeOrganization
    and eduPersonUniqueId. `second_factor` says who logs in with one. `entra`: users log in at Entra, where their name
    is their mail address, so they have no password. `layout` is that of the directory.
    """

    source_id_attribute: str | None = None
    birth_date: bool = False
    numbers: NumberPolicy = NumberPolicy()
    names: NamePolicy = USUAL_NAMES
    keep_local_numbers: bool = False
    scoped_affiliation: bool = True
    home_organization: bool = False
    unique_id: bool = False
    second_factor: SecondFactor | None = None
    entra: bool = False
    layout: Layout = USUAL


R_NUMBER_MISSING: Final = code(
    "R-NUMBER-MISSING",
    Sentence("The row has no number, and replace or withdraw needs one."),
    Sentence("Fill in the number, or remove the row."),
)
R_TWO_NUMBERS: Final = code(
    "R-TWO-NUMBERS",
    Sentence("Held: the list has two numbers for one user. Refused: a row of withdraw has two numbers."),
    Sentence("Keep the right number."),
)

_NO_ENTRA_NAME: Final = Concern(
    "R-ENTRA-MAIL",
    "Column mail: users log in at Entra, where the mail address is the name, so this one cannot. Fill it in.",
    held=True,
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_UNIQUE_ID_LENGTH: Final = 28
"""131 random bits; eduPerson 201602 allows 64 letters and digits. No digits: nothing that reads as a number."""


def build_user(
    record: PersonRecord,
    organization: HostOrganization,
    *,
    taken: Container[str] | UserNames = frozenset(),
    habits: BuildOptions = BuildOptions(),
    evidence: Evidence | None = None,
    on: date | None = None,
    password: bool = True,
    user_name: str | None = None,
) -> FeideUser:
    """A complete Feide user, without norEduPersonNIN where there is no number that may be used.

    `taken` holds the user names that are in use; pass one `UserNames` for a whole run, and names are unique inside
    it too. `on` is the day (default today). `evidence` says who saw the number and where. A number that is refused or
    held does not stop the user: see `concerns`. `password=False` leaves the first password out; `user_name` keeps a
    name that the user already has: what is made once, with a new user, is then left out.

    Raises Refused when the record names no school of the organization (R-SCHOOL), or two groups that Feide could not
    tell apart (R-GROUP), or when no user name is left (R-NO-NAME-LEFT).
    """
    on = on or date.today()  # noqa: DTZ011 - a school day is a day in Norway, where the machine is
    schools = _schools(record, organization)
    usable, concerns = usable_number(record, habits.numbers, evidence=evidence, on=on)
    of_record = _values(record, organization, schools, habits, on)
    if habits.keep_local_numbers and usable is None and (kept := kept_local_number(record, organization, on)):
        of_record[LIN_ATTRIBUTE] = (str(kept),)
    names = taken if isinstance(taken, UserNames) else UserNames(taken, habits.names)
    once: dict[str, tuple[str, ...]] = {}
    password, layout, is_new = password and not habits.entra, habits.layout, user_name is None
    if user_name is None:
        once = _made_once(organization, habits)
        if habits.entra and not record.mail:
            concerns = (*concerns, _NO_ENTRA_NAME)
        user_name = (
            names.claim_neutral()
            if record.protected
            else names.claim(habits.names.stem(record.given_name, record.family_name, record.legal_name))
        )
    feide_name = f"{user_name}@{organization.realm}"
    if is_new:
        once |= layout.names(feide_name) | layout.account(login=password)
    elif layout.named_by == "cn":
        del of_record["cn"]  # the name of the entry, which is made with it
    values = {
        "objectClass": (
            *layout.classes,
            *AUXILIARY_CLASSES,
            *([HOME_ORGANIZATION_CLASS] if habits.home_organization else []),
        ),
        "uid": (user_name,),
        "eduPersonPrincipalName": (feide_name,),
        **of_record,
        **once,
    }
    return FeideUser(
        dn=layout.dn(organization.people, user_name),
        feide_name=feide_name,
        source_id=record.source_id,
        values={name: held for name, held in values.items() if held},
        number=usable.number if usable else None,
        evidence=usable.evidence if usable else None,
        lifted=usable.lifted if usable else None,
        initial_password=InitialPassword.new(record.full_name, user_name) if password else None,
        concerns=concerns,
    )


def _made_once(organization: HostOrganization, habits: BuildOptions) -> dict[str, tuple[str, ...]]:
    """What a new user gets, and no update changes."""
    if not habits.unique_id:
        return {}
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_UNIQUE_ID_LENGTH))
    return {"eduPersonUniqueId": (f"{letters}@{organization.realm}",)}


def kept_local_number(record: PersonRecord, organization: HostOrganization, on: date) -> LocalNumber | None:
    """The value of norEduPersonLIN that keeps the number of a record, when that is none but a local one."""
    if record.national_number is None:
        return None
    schools = map(organization.school, record.schools)
    of_county = any(school is not None and school.is_county for school in schools)
    return local_number(record.national_number, organization.realm, on, of_county=of_county)


def _values(
    record: PersonRecord, organization: HostOrganization, schools: list[School], habits: BuildOptions, on: date
) -> dict[str, tuple[str, ...]]:
    """The attributes that a person record speaks about, empty where it says nothing."""
    # No rule is published for people with one name [open at Feide]; all five names are mandatory, so it stands in both.
    given, family = record.given_name or record.family_name, record.family_name or record.given_name
    full_name = (record.full_name,)
    values = {
        "cn": full_name,
        "displayName": full_name,
        "norEduPersonLegalName": _optional(record.legal_name) or full_name,
        "givenName": (given,),
        "sn": (family,),
        **_belonging(organization.dn, tuple(school.dn for school in schools)),
        **_affiliations(record.role, organization.realm if habits.scoped_affiliation else None),
        "eduPersonEntitlement": _entitlements(record.grade, record.groups, record.role, schools[0].number, on),
        "mail": _optional(record.mail),
        "mobile": _optional(record.mobile),
        "preferredLanguage": _optional(record.language),
    }
    if habits.home_organization:
        values["schacHomeOrganization"] = (organization.realm,)
    if habits.birth_date and record.birth_date:
        values["norEduPersonBirthDate"] = (f"{record.birth_date:%Y%m%d}",)
    if habits.source_id_attribute:
        values[habits.source_id_attribute] = (record.source_id,)
    if habits.second_factor is not None:
        values |= habits.second_factor.values(record.role, record.mobile)
    return values


@dataclass(frozen=True)
class UsableNumber:
    """A number that may be written, with what was shown for it."""

    number: NationalNumber
    evidence: Evidence | None
    lifted: str | None


def usable_number(
    record: PersonRecord, policy: NumberPolicy, *, evidence: Evidence | None, on: date
) -> tuple[UsableNumber | None, tuple[Concern, ...]]:
    """The number of a record that may be written, and what there is to say about those that may not.

    A DUF number stands in only where the policy says so and there is no other.
    """
    concerns: list[Concern] = []
    if record.national_number is not None:
        judged = judge(record.national_number, policy, birth_date=record.birth_date, evidence=evidence, on=on)
        if isinstance(judged, UsableNumber):
            return judged, ()
        concerns.append(judged)
    if record.duf_number is not None:
        verdict = judge_number(record.duf_number, on=on, evidence=evidence, policy=policy)
        if verdict.kind is not NumberKind.DUF:
            sentence = "Column duf_number: this is no DUF number. Correct the column."
            concerns.append(Concern("N-NOT-DUF", sentence))
        elif verdict.number is not None:
            return UsableNumber(verdict.number, evidence, verdict.lifted), tuple(concerns)
        elif verdict.code != "N-DUF-NOT-WRITTEN":  # left out by the setting: as wished, so nothing to report
            concerns.append(_concern(verdict))
    return None, tuple(concerns)


def judge(
    text: NumberText | str,
    policy: NumberPolicy,
    *,
    birth_date: date | None,
    evidence: Evidence | None,
    on: date,
) -> UsableNumber | Concern:
    """A number that a list brings: usable, or what there is to say about it.

    By form alone one invention in 151 passes (right birth date, five random digits). So a number comes with evidence,
    or with a birth date that equals its own; otherwise it is held. A DUF number has no birth date in it: for that one
    the setting is the decision.
    """
    verdict = judge_number(text, birth_date=birth_date, on=on, evidence=evidence, policy=policy)
    if verdict.number is None:
        return _concern(verdict)
    if evidence is None and birth_date is None and verdict.kind is not NumberKind.DUF:
        return Concern(
            "R-EVIDENCE",
            "The number comes with neither evidence nor a birth date to compare with. Say who saw it where "
            "(evidence, seen_by, seen_on), or give the birth date.",
            held=True,
        )
    return UsableNumber(verdict.number, evidence, verdict.lifted)


def _concern(verdict: Verdict) -> Concern:
    return Concern(verdict.code, verdict.sentence, verdict.decision is Decision.NEEDS_EVIDENCE)


def _schools(record: PersonRecord, organization: HostOrganization) -> list[School]:
    schools: list[School] = []
    for text in record.schools:
        school = organization.school(text)
        if school is None:
            known = ", ".join(school.id for school in organization.schools)
            raise Refused(
                f"Column school: “{scrub(text)}” is no school of the configuration (known: {known}).",
                code="R-SCHOOL",
            )
        if school not in schools:
            schools.append(school)
    if not schools:
        raise Refused("Column school: a school is needed.", code="R-SCHOOL")
    return schools


# What follows is the same for a whole school or class: made once, and kept once for thousands of users.


@lru_cache(maxsize=1024)
def _belonging(organization: DN, schools: tuple[DN, ...]) -> Mapping[str, tuple[str, ...]]:
    return {
        "eduPersonOrgDN": (str(organization),),
        "eduPersonOrgUnitDN": tuple(map(str, schools)),
        "eduPersonPrimaryOrgUnitDN": (str(schools[0]),),
    }


@lru_cache
def _affiliations(role: Role, scope: str | None) -> Mapping[str, tuple[str, ...]]:
    values = {
        "eduPersonAffiliation": role.affiliations,
        "eduPersonPrimaryAffiliation": role.affiliations[:1],
    }
    return values | ({"eduPersonScopedAffiliation": scoped(role.affiliations, scope)} if scope else {})


@lru_cache(maxsize=4096)
def _entitlements(
    grade_text: str, of_groups: tuple[Group, ...], role: Role, school_number: str, on: date
) -> tuple[str, ...]:
    grade = grade_number(grade_text) if grade_text and role in (Role.PUPIL, Role.STUDENT) else None
    groups: dict[GroupId, GroupMembership] = {}
    for group in of_groups:
        membership = group.membership(school_number, role.in_group, on)
        if groups.setdefault(membership.group_id, membership) != membership:
            raise Refused(
                "Column groups: two groups have one type, id and dates (upper and lower case are one), but differ.",
                code="R-GROUP",
            )
    pairs = [str(value) for group_id, membership in groups.items() for value in (membership, group_id)]
    return (*([str(Grep.of_grade(grade))] if grade else []), *pairs)


def _optional(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
