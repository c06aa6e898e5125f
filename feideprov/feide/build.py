"""From a person record to a Feide user, by Feide's information model for lower education (info_go, 2018-03)."""

from __future__ import annotations

import secrets
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from typing import Final

from feideprov.directory.dn import same_key
from feideprov.errors import Refused
from feideprov.feide.attributes import BuildInput, values_of
from feideprov.feide.build_options import BuildOptions
from feideprov.feide.entitlement import grade_number
from feideprov.feide.initial_password import InitialPassword
from feideprov.feide.lin import LocalNumber, local_number
from feideprov.feide.organization import HostOrganization, School
from feideprov.feide.person import PersonRecord
from feideprov.feide.user import AUXILIARY_CLASSES, HOME_ORGANIZATION_CLASS, Concern, FeideUser
from feideprov.feide.user_name import UserNames
from feideprov.issues import code
from feideprov.look_alikes import told_apart
from feideprov.messages import Sentence, listed
from feideprov.numbers import (
    Basis,
    Decision,
    Evidence,
    NationalNumber,
    NumberKind,
    NumberPolicy,
    NumberText,
    Verdict,
    basis_of,
    judge_number,
)
from feideprov.programs.arguments import checked
from feideprov.text import shown
from feideprov.unit_names import unit_name

NOT_DUF: Final = code(
    "N-NOT-DUF",
    Sentence("The text in the column duf_number is not a DUF number."),
    Sentence("Correct the cell in the column duf_number."),
)
R_SCHOOL: Final = code(
    "R-SCHOOL",
    Sentence(
        "The row has no school, a school that is not in the configuration, or a name that more than one school of the "
        "configuration has."
    ),
    Sentence("Correct the column school, or add the school to the configuration ([[schools]])."),
)
R_ENTRA_MAIL: Final = code(
    "R-ENTRA-MAIL",
    Sentence(
        "Users who log in at Entra are found by mail, and this user has no mail address. The user is created, but "
        "cannot log in."
    ),
    Sentence(
        "Fill in the column mail. If Feide finds users by the Feide name, set entra_match in [login] to “upn” or "
        "“either”."
    ),
)
R_EVIDENCE: Final = code(
    "R-EVIDENCE",
    Sentence(
        "The row is held if the number has no evidence and no birth date to compare with. It is refused if the "
        "evidence is incomplete, its source is unknown, or seen_by contains digits."
    ),
    Sentence("Fill in the columns evidence, seen_by and seen_on, or the birth date."),
)
R_NUMBER_MISSING: Final = code(
    "R-NUMBER-MISSING",
    Sentence(
        "A row in a list of replacements or withdrawals has no number, or the cell of a number has an error of a "
        "spreadsheet (#I/T) in its place."
    ),
    Sentence("Fill in the number, or remove the row."),
)
R_TWO_NUMBERS: Final = code(
    "R-TWO-NUMBERS",
    Sentence("Held: the list has two numbers for one user. Refused: a row in a list of withdrawals has two numbers."),
    Sentence("Keep one of the two numbers, and remove the other."),
)

_NO_ENTRA_MAIL: Final = Concern(
    R_ENTRA_MAIL,
    Sentence(
        "Column mail: there is no address that can be used, and users who log in at Entra are found by mail "
        "(entra_match in [login]). "
        "Fill in the user's mail address."
    ),
    held=True,
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_UNIQUE_ID_LENGTH: Final = 28
"""131 random bits; eduPerson 201602 allows 64 letters and digits. No digits: nothing that reads as a number."""


@checked
def build_user(
    record: PersonRecord,
    organization: HostOrganization,
    *,
    taken: Container[str] | UserNames = frozenset(),
    options: BuildOptions = BuildOptions(),
    evidence: Evidence | None = None,
    on: date | None = None,
    password: bool = True,
    user_name: str | None = None,
) -> FeideUser:
    """Make a complete Feide user, without norEduPersonNIN when the record has no number that may be used.

    Parameters:
        record: the person.
        organization: the host organization, with its schools.
        taken: the user names that are in use; pass one `UserNames` for a whole run, so that no name is given twice.
        options: what the organization does its own way.
        evidence: who saw the number, and where.
        on: the day that counts as today; without it, the day where the program runs.
        password: make a first password.
        user_name: the user name that the user already has; what only a new user gets is then left out.

    Returns: the user. A number that is refused or held does not stop the user: `concerns` says why it was left out.

    Raises:
        Refused: the record names no school of the organization (R-SCHOOL), or two groups that Feide would take for one
            (R-GROUP), or no user name is left (R-NO-NAME-LEFT).
    """
    on = on or date.today()  # noqa: DTZ011 - a school day is a day in Norway, where the machine is
    schools = _schools(record, organization)
    usable, concerns = usable_number(record, options.numbers, evidence=evidence, on=on)
    kept = kept_local_number(record, organization, on) if options.keep_local_numbers and usable is None else None
    of_record = values_of(BuildInput(record, organization, schools, options, on, kept))
    if options.source_id_attribute:
        of_record[options.source_id_attribute] = (record.source_id,)
    names = taken if isinstance(taken, UserNames) else UserNames(taken, options.names)
    only_new: dict[str, tuple[str, ...]] = {}
    password, layout, is_new = password and not options.entra, options.layout, user_name is None
    if user_name is None:
        only_new = _unique_id(organization, options)
        if options.entra and options.entra_match == "mail" and not record.mail:
            concerns = (*concerns, _NO_ENTRA_MAIL)
        user_name = (
            names.claim_neutral()
            if record.protected
            else names.claim(options.names.stem(record.given_name, record.family_name, record.legal_name))
        )
    feide_name = f"{user_name}@{organization.realm}"
    if is_new:
        only_new |= layout.names(feide_name) | layout.account(login=password)
    elif layout.named_by == "cn":
        del of_record["cn"]  # the name of the entry, which is made with it
    values = {
        "objectClass": (
            *layout.classes,
            *AUXILIARY_CLASSES,
            *([HOME_ORGANIZATION_CLASS] if options.home_organization else []),
        ),
        "uid": (user_name,),
        "eduPersonPrincipalName": (feide_name,),
        **of_record,
        **only_new,
    }
    return FeideUser(
        dn=layout.dn(organization.people, user_name),
        feide_name=feide_name,
        source_id=record.source_id,
        values={name: held for name, held in values.items() if held},
        number=usable.number if usable else None,
        evidence=usable.evidence if usable else None,
        lifted=usable.lifted if usable else None,
        basis=usable.basis if usable else None,
        initial_password=_first_password(record, user_name, options) if password else None,
        concerns=concerns,
    )


def _first_password(record: PersonRecord, user_name: str, options: BuildOptions) -> InitialPassword:
    grade = str(grade_number(record.grade)) if record.grade else ""  # “4. trinn” is 4
    return options.first_password.new(record.full_name, user_name, grade=grade)


def _unique_id(organization: HostOrganization, options: BuildOptions) -> dict[str, tuple[str, ...]]:
    if not options.unique_id:
        return {}
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_UNIQUE_ID_LENGTH))
    return {"eduPersonUniqueId": (f"{letters}@{organization.realm}",)}


def kept_local_number(record: PersonRecord, organization: HostOrganization, on: date) -> LocalNumber | None:
    """The value of norEduPersonLIN that keeps the number of a record, when that is only a local one."""
    if record.national_number is None:
        return None
    schools = map(organization.school, record.schools)
    of_county = any(school is not None and school.is_county for school in schools)
    return local_number(record.national_number, organization.realm, on, of_county=of_county)


@dataclass(frozen=True)
class UsableNumber:
    """A number that may be written, with what was shown for it."""

    number: NationalNumber
    evidence: Evidence | None
    lifted: str | None
    basis: Basis | None


def usable_number(
    record: PersonRecord, policy: NumberPolicy, *, evidence: Evidence | None, on: date
) -> tuple[UsableNumber | None, tuple[Concern, ...]]:
    """The number of a record that may be written, and what is wrong with those that may not.

    A DUF number is used only where the policy says so and the record has no other usable number.
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
            concerns.append(
                Concern(NOT_DUF, Sentence("Column duf_number: this is not a DUF number. Correct the cell."))
            )
        elif verdict.number is not None:
            basis = basis_of(verdict, birth_date=None, evidence=evidence)
            return UsableNumber(verdict.number, evidence, verdict.lifted, basis), tuple(concerns)
        elif verdict.code != "N-DUF-NOT-WRITTEN":  # left out by the setting, so there is nothing to report
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
    """A number in a list: usable, or what is wrong with it.

    By its form alone, one invented number in 151 passes (the right birth date and five random digits). So a number
    needs evidence, or a birth date that equals its own; otherwise it is held. A DUF number contains no birth date: for
    it the setting decides.
    """
    verdict = judge_number(text, birth_date=birth_date, on=on, evidence=evidence, policy=policy)
    if verdict.number is None:
        return _concern(verdict)
    if evidence is None and birth_date is None and verdict.kind is not NumberKind.DUF:
        return Concern(
            R_EVIDENCE,
            Sentence(
                "The number has neither evidence nor a birth date to compare with. Fill in the columns evidence, "
                "seen_by and seen_on, or the birth date."
            ),
            held=True,
        )
    basis = basis_of(verdict, birth_date=birth_date, evidence=evidence)
    return UsableNumber(verdict.number, evidence, verdict.lifted, basis)


def _concern(verdict: Verdict) -> Concern:
    return Concern(verdict.code, verdict.sentence, verdict.decision is Decision.NEEDS_EVIDENCE)


def _why_no_school(text: str, organization: HostOrganization) -> Sentence:
    key = same_key(text)
    meant = [one for one in organization.schools if key in (same_key(one.name), same_key(one.number), one.number[2:])]
    if meant:
        return Sentence(
            "Column school: “{school}” can be more than one school in the configuration: {schools}. Write the id.",
            school=shown(text),
            schools=listed(map(unit_name, meant)),
        )
    return Sentence(
        "Column school: “{school}”{apart} is not a school in the configuration. Known schools: {known}.",
        school=shown(text),
        apart=told_apart(text, organization.school_names),
        known=", ".join(school.id for school in organization.schools),
    )


def _schools(record: PersonRecord, organization: HostOrganization) -> tuple[School, ...]:
    schools: list[School] = []
    for text in record.schools:
        school = organization.school(text)
        if school is None:
            raise Refused(_why_no_school(text, organization), code=R_SCHOOL)
        if school not in schools:
            schools.append(school)
    if not schools:
        raise Refused(Sentence("Column school: the cell is empty. Write a school."), code=R_SCHOOL)
    return tuple(schools)
