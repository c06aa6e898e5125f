"""What Feide requires of each kind of entry: the information model for lower education, info_go.

For the LDAP server every attribute is optional; *mandatory* is a rule of use. The lists have the order of info_go.
Source: docs.feide.no, reference/schema/info_go, version 2018-03. Its chapters have been renumbered since, so sources
name the headings.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_INFO_GO: Final = "docs.feide.no, info_go 2018-03"
MANDATORY_PERSON: Final = f"{_INFO_GO}, Mandatory – person"
MANDATORY_ORGANIZATION: Final = f"{_INFO_GO}, Mandatory – organization"
MANDATORY_UNIT: Final = f"{_INFO_GO}, Mandatory – organizational unit"
MANDATORY_BOTH: Final = f"{_INFO_GO}, Mandatory – organization, and – organizational unit"
RECOMMENDED_BOTH: Final = f"{_INFO_GO}, Recommended – organization, and – organizational unit"
OPTIONAL_ATTRIBUTES: Final = f"{_INFO_GO}, Optional attributes"
VALIDATOR: Final = "docs.feide.no, LDAP validator"
PLATFORM: Final = "Feide's back end (feideconnect/core-apis), 2018"


class Node(StrEnum):
    """A kind of entry: a person, the host organization (the school owner), a school."""

    PERSON = "person"
    ORGANIZATION = "organization"
    SCHOOL = "school"


class Obligation(StrEnum):
    """Does Feide require an attribute? OPEN: Feide passes it on, but what info_go requires is not confirmed."""

    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"
    OPEN = "not confirmed"


def _in_order(**names: str) -> Mapping[str, Obligation]:
    return MappingProxyType(
        {name: Obligation[obligation.upper()] for obligation, listed in names.items() for name in listed.split()}
    )


OBLIGATIONS: Final[Mapping[Node, Mapping[str, Obligation]]] = MappingProxyType(
    {
        Node.PERSON: _in_order(
            mandatory="""
                cn displayName norEduPersonLegalName givenName sn eduPersonPrincipalName uid norEduPersonNIN
                userPassword eduPersonOrgDN eduPersonOrgUnitDN eduPersonPrimaryOrgUnitDN eduPersonAffiliation
                eduPersonEntitlement norEduPersonAuthnMethod norEduPersonServiceAuthnLevel
            """,
            open="""
                mail mobile preferredLanguage eduPersonPrimaryAffiliation eduPersonScopedAffiliation
                schacHomeOrganization
            """,
            optional="""
                norEduPersonBirthDate norEduPersonLIN eduPersonAssurance eduPersonNickname eduPersonPrincipalNamePrior
                eduPersonOrcid facsimileTelephoneNumber homePhone homePostalAddress jpegPhoto l labeledURI manager
                postalCode postOfficeBox street title userCertificate userSMIMECertificate
            """,
        ),
        Node.ORGANIZATION: _in_order(
            mandatory="eduOrgLegalName o norEduOrgNIN mail norEduOrgSchemaVersion",
            recommended="telephoneNumber postalAddress",
            optional="norEduOrgAcronym eduOrgIdentityAuthNPolicyURI eduOrgHomePageURI eduOrgWhitePagesURI",
        ),
        Node.SCHOOL: _in_order(
            mandatory="ou norEduOrgUnitUniqueIdentifier mail",
            recommended="telephoneNumber postalAddress",
        ),
    }
)
"""For each kind of entry the attributes that info_go names, and whether it requires them."""
