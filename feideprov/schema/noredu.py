"""norEdu* 2.0 (Feide, Sikt): docs.feide.no, reference/schema/noredu."""

from __future__ import annotations

from functools import partial
from typing import Final

from feideprov.schema.attribute import Attribute, ObjectClass, Specification, Syntax
from feideprov.schema.info_go import (
    MANDATORY_ORGANIZATION,
    MANDATORY_PERSON,
    MANDATORY_UNIT,
    OPTIONAL_ATTRIBUTES,
    PLATFORM,
    VALIDATOR,
)

_NAME = "norEdu 2.0"
_NORWEGIAN_NUMBER = "`NO` and nine digits, without spaces or hyphens: the organization number in Brønnøysundregistrene"
_SECOND_FACTOR = "no second factor is used (an assumption, not confirmed)"

_integer = partial(Attribute, specification=_NAME, syntax=Syntax.INTEGER, equality="integerMatch", single=True)
_text = partial(Attribute, specification=_NAME, syntax=Syntax.DIRECTORY_STRING, equality="caseIgnoreMatch")
_searchable_text = partial(_text, substring="caseIgnoreSubstringsMatch")

NOREDU: Final = Specification(
    _NAME,
    file="noredu",
    origin="the norEdu* object class specification 2.0 (Feide, Sikt),\nOID arc 1.3.6.1.4.1.2428.90.",
    needs="core (cn, dc, mail and labeledURI)",
    attributes=(
        _integer(
            name="norEduOrgUniqueNumber",
            oid="1.3.6.1.4.1.2428.90.1.1",
            description="Obsolete: number of the institution",
            en="number of the institution (obsolete)",
            nb="institusjonsnummer (foreldet)",
        ),
        _integer(
            name="norEduOrgUnitUniqueNumber",
            oid="1.3.6.1.4.1.2428.90.1.2",
            description="Obsolete: number of the organizational unit",
            en="number of the organizational unit (obsolete)",
            nb="nummer for organisasjonsenheten (foreldet)",
        ),
        _integer(
            name="norEduPersonBirthDate",
            oid="1.3.6.1.4.1.2428.90.1.3",
            description="Birth date",
            en="birth date",
            nb="fødselsdato",
            rule="An integer, so it cannot begin with a zero. info_go's example has day, month and year in two "
            "digits each, others write YYYYMMDD; which one is correct is not confirmed.",
            source=OPTIONAL_ATTRIBUTES,
        ),
        _searchable_text(
            name="norEduPersonLIN",
            oid="1.3.6.1.4.1.2428.90.1.4",
            description="Locally defined identity numbers",
            en="local identity number",
            nb="lokalt ID-nummer",
            rule="`REALM:employee:NUMBER`, `REALM:fin:` and the eleven digits of a county, or `REALM:localnin:ID` for "
            "an identifier that is invented locally. Unique inside the organization only.",
            source=OPTIONAL_ATTRIBUTES,
        ),
        _text(
            name="norEduPersonNIN",
            oid="1.3.6.1.4.1.2428.90.1.5",
            single=True,
            description="National identity number assigned by public authorities",
            en="national identity number",
            nb="fødselsnummer eller D-nummer",
            rule="Assigned by public authorities, never invented: an invented number can be a real person's. Found "
            "by equality only.",
            source=MANDATORY_PERSON,
            exception="the person has no national identity number",
            groups=("userid-nin",),
        ),
        _text(
            name="norEduOrgAcronym",
            oid="1.3.6.1.4.1.2428.90.1.6",
            description="Acronym of the organization",
            en="acronym of the organization",
            nb="akronym for organisasjonen",
            rule="An acronym of the organization or the unit.",
            source=OPTIONAL_ATTRIBUTES,
        ),
        _text(
            name="norEduOrgUniqueIdentifier",
            oid="1.3.6.1.4.1.2428.90.1.7",
            single=True,
            description="Unique identifier of the organization",
            en="identifier of the organization",
            nb="identifikator for organisasjonen",
        ),
        _text(
            name="norEduOrgUnitUniqueIdentifier",
            oid="1.3.6.1.4.1.2428.90.1.8",
            single=True,
            description="Unique identifier of the organizational unit (school: NO + organization number)",
            en="organization number of the school",
            nb="organisasjonsnummeret til skolen",
            rule=f"{_NORWEGIAN_NUMBER}, the school's own. Equal to norEduOrgNIN where owner and school are one "
            "organization; no two schools have the same. Feide's platform reports a data error without it.",
            source=f"{MANDATORY_UNIT}; {VALIDATOR}; {PLATFORM}",
        ),
        _text(
            name="federationFeideSchemaVersion",
            oid="1.3.6.1.4.1.2428.90.1.9",
            single=True,
            description="Obsolete: norEdu version in use",
            en="version of norEdu* (obsolete)",
            nb="versjon av norEdu* (foreldet)",
        ),
        _searchable_text(
            name="norEduPersonLegalName",
            oid="1.3.6.1.4.1.2428.90.1.10",
            single=True,
            description="Legal name",
            en="legal name",
            nb="juridisk navn",
            rule="The whole name as authorities have it. Never two spaces in a row.",
            source=f"{MANDATORY_PERSON}; {VALIDATOR}",
            groups=("userinfo-name",),
        ),
        _text(
            name="norEduOrgSchemaVersion",
            oid="1.3.6.1.4.1.2428.90.1.11",
            description="norEdu version in use at the organization",
            en="version of norEdu*",
            nb="versjon av norEdu*",
            rule="`2.0`. One value by info_go, although the schema allows more.",
            source=MANDATORY_ORGANIZATION,
        ),
        _text(
            name="norEduOrgNIN",
            oid="1.3.6.1.4.1.2428.90.1.12",
            single=True,
            description="Identifier of the organization assigned by public authorities (NO + organization number)",
            en="organization number of the school owner",
            nb="organisasjonsnummeret til skoleeieren",
            rule=f"{_NORWEGIAN_NUMBER}, of the one that the national school register has as owner.",
            source=MANDATORY_ORGANIZATION,
        ),
        _text(
            name="norEduPersonServiceAuthnLevel",
            oid="1.3.6.1.4.1.2428.90.1.13",
            description="Authentication level to enforce per service",
            en="second factor asked for, by service",
            nb="krav om flerfaktorinnlogging, for hver tjeneste",
            rule="`urn:mace:feide.no:spid:` and `all` or the number of a service, a space, and "
            "`urn:mace:feide.no:auth:level:fad08:` with the level. Needs a norEduPersonAuthnMethod.",
            source=MANDATORY_PERSON,
            exception=_SECOND_FACTOR,
        ),
        _text(
            name="norEduPersonAuthnMethod",
            oid="1.3.6.1.4.1.2428.90.1.14",
            description="Authentication methods the subject can use",
            en="second factors of the person",
            nb="metoder for flerfaktorinnlogging",
            rule="`urn:mace:feide.no:auth:method:`, then `sms` and a mobile number or `ga` and a secret, and "
            "`label=` with a percent-encoded name; separated by spaces. Others write Entra's as `azuread` and `-`.",
            source=MANDATORY_PERSON,
            exception=_SECOND_FACTOR,
        ),
        _text(
            name="norEduPersonGuardianNIN",
            oid="1.3.6.1.4.1.2428.90.1.15",
            description="National identity numbers of guardians assigned by public authorities",
            en="national identity numbers of guardians",
            nb="fødselsnummer eller D-nummer til foresatte",
        ),
    ),
    classes=(
        ObjectClass(
            name="norEduOrg",
            oid="1.3.6.1.4.1.2428.90.2.1",
            description="norEdu 2.0 organization",
            may=(
                "norEduOrgUniqueIdentifier",
                "norEduOrgNIN",
                "norEduOrgAcronym",
                "norEduOrgSchemaVersion",
                "dc",
                "mail",
                "labeledURI",
            ),
        ),
        ObjectClass(
            name="norEduOrgUnit",
            oid="1.3.6.1.4.1.2428.90.2.2",
            description="norEdu 2.0 organizational unit",
            may=("norEduOrgUnitUniqueIdentifier", "norEduOrgAcronym", "cn", "mail", "labeledURI"),
        ),
        ObjectClass(
            name="norEduPerson",
            oid="1.3.6.1.4.1.2428.90.2.3",
            description="norEdu 2.0 person",
            may=(
                "norEduPersonNIN",
                "norEduPersonLIN",
                "norEduPersonBirthDate",
                "norEduPersonLegalName",
                "norEduPersonServiceAuthnLevel",
                "norEduPersonAuthnMethod",
                "norEduPersonGuardianNIN",
            ),
        ),
        ObjectClass(
            name="norEduObsolete",
            oid="1.3.6.1.4.1.2428.90.2.4",
            description="Attributes obsolete since norEdu 1.4",
            may=("norEduOrgUniqueNumber", "norEduOrgUnitUniqueNumber", "federationFeideSchemaVersion"),
        ),
    ),
)
