"""eduPerson 201602 (Internet2 MACE-Dir)."""

from __future__ import annotations

from functools import partial
from typing import Final

from feideprov.schema.attribute import Attribute, ObjectClass, Specification, Syntax
from feideprov.schema.info_go import MANDATORY_PERSON, OPTIONAL_ATTRIBUTES, PLATFORM

_NAME = "eduPerson 201602"
_SPECIFICATION = "eduPerson 201602 (Internet2 MACE-Dir)"
_NO_SCHOOL = "the person belongs to no school"

_text = partial(Attribute, specification=_NAME, syntax=Syntax.DIRECTORY_STRING, equality="caseIgnoreMatch")
_searchable_text = partial(_text, substring="caseIgnoreSubstringsMatch")
_dn = partial(Attribute, specification=_NAME, syntax=Syntax.DISTINGUISHED_NAME, equality="distinguishedNameMatch")

EDUPERSON: Final = Specification(
    _NAME,
    file="eduperson",
    origin="the eduPerson 201602 object class specification (Internet2 MACE-Dir),\nOID arc 1.3.6.1.4.1.5923.1.1.",
    needs="core",
    attributes=(
        _searchable_text(
            name="eduPersonAffiliation",
            oid="1.3.6.1.4.1.5923.1.1.1.1",
            description="Relationships to the institution, broad categories",
            en="affiliation",
            nb="tilknytning",
            rule="One or more of faculty, student, staff, employee, member, affiliate, alum, library-walk-in; member "
            "goes with faculty, student, staff and employee. Feide's platform reports a data error without it.",
            source=f"{MANDATORY_PERSON}; {PLATFORM}",
            groups=("groups-org",),
        ),
        _searchable_text(
            name="eduPersonNickname",
            oid="1.3.6.1.4.1.5923.1.1.1.2",
            description="Informal name",
            en="nickname",
            nb="kallenavn",
            rule="An informal name.",
            source=OPTIONAL_ATTRIBUTES,
        ),
        _dn(
            name="eduPersonOrgDN",
            oid="1.3.6.1.4.1.5923.1.1.1.3",
            single=True,
            description="DN of the entry for the organization (school owner)",
            en="entry of the organization",
            nb="oppføringen til organisasjonen",
            rule="The DN of the organization's entry, which must be there. Feide's platform reports a data error "
            "without it.",
            source=f"{MANDATORY_PERSON}; {PLATFORM}",
        ),
        _dn(
            name="eduPersonOrgUnitDN",
            oid="1.3.6.1.4.1.5923.1.1.1.4",
            description="DNs of the entries for the organizational units (schools)",
            en="entries of the schools",
            nb="oppføringene til skolene",
            rule="The DN of the entry of each school of the person; the entries must be there.",
            source=MANDATORY_PERSON,
            exception=_NO_SCHOOL,
        ),
        _searchable_text(
            name="eduPersonPrimaryAffiliation",
            oid="1.3.6.1.4.1.5923.1.1.1.5",
            single=True,
            description="Primary relationship to the institution",
            en="primary affiliation",
            nb="primær tilknytning",
            rule="One of the values of eduPersonAffiliation.",
            source=_SPECIFICATION,
        ),
        _searchable_text(
            name="eduPersonPrincipalName",
            oid="1.3.6.1.4.1.5923.1.1.1.6",
            single=True,
            description="Scoped user name, user@realm",
            en="Feide name",
            nb="Feide-navn",
            rule="The user name, `@` and the realm, a domain that the organization owns. In lower case, unique, and "
            "not used again for another person. The part before `@` is equal to uid. Feide's platform reports a data "
            "error without it.",
            source=f"{MANDATORY_PERSON}; {PLATFORM}",
            groups=("userid-feide",),
        ),
        _text(
            name="eduPersonEntitlement",
            oid="1.3.6.1.4.1.5923.1.1.1.7",
            equality="caseExactMatch",
            description="URIs for entitlements, in Feide GO also Grep codes and groups",
            en="entitlement: grade and groups",
            nb="rettigheter: trinn og grupper",
            rule="URIs. Those from `urn:mace:feide.no:go:` on are the Grep code of a pupil's grade, groups, and one "
            "group-ID for each group.",
            source=f"{MANDATORY_PERSON}, and the appendices on eduPersonEntitlement",
            groups=("groups-edu", "userinfo-entitlement"),
        ),
        _dn(
            name="eduPersonPrimaryOrgUnitDN",
            oid="1.3.6.1.4.1.5923.1.1.1.8",
            single=True,
            description="DN of the entry for the primary organizational unit",
            en="entry of the primary school",
            nb="oppføringen til hovedskolen",
            rule="One of the values of eduPersonOrgUnitDN.",
            source=MANDATORY_PERSON,
            exception=_NO_SCHOOL,
        ),
        _text(
            name="eduPersonScopedAffiliation",
            oid="1.3.6.1.4.1.5923.1.1.1.9",
            description="Affiliation with scope",
            en="affiliation with scope",
            nb="tilknytning med domene",
            rule="An affiliation, `@` and a domain of the organization.",
            source=_SPECIFICATION,
        ),
        _text(
            name="eduPersonTargetedID",
            oid="1.3.6.1.4.1.5923.1.1.1.10",
            description="Pseudonymous identifier per service",
            en="pseudonymous identifier",
            nb="pseudonym identifikator",
            groups=("userid-feide",),
        ),
        _text(
            name="eduPersonAssurance",
            oid="1.3.6.1.4.1.5923.1.1.1.11",
            description="URIs for identity assurance",
            en="assurance of the identity",
            nb="tillitsnivå for identiteten",
            rule="URIs of the levels of assurance that the person's identity and login meet.",
            source=OPTIONAL_ATTRIBUTES,
        ),
        _searchable_text(
            name="eduPersonPrincipalNamePrior",
            oid="1.3.6.1.4.1.5923.1.1.1.12",
            description="Earlier eduPersonPrincipalName values",
            en="earlier Feide names",
            nb="tidligere Feide-navn",
            rule="The Feide names that this person had before.",
            source=OPTIONAL_ATTRIBUTES,
            groups=("userid-feide",),
        ),
        _text(
            name="eduPersonUniqueId",
            oid="1.3.6.1.4.1.5923.1.1.1.13",
            description="Long-lived non-reassignable scoped identifier",
            en="lasting identifier",
            nb="varig identifikator",
            groups=("userid-feide",),
        ),
        _text(
            name="eduPersonOrcid",
            oid="1.3.6.1.4.1.5923.1.1.1.16",
            description="ORCID identifiers",
            en="ORCID",
            nb="ORCID",
            rule="The person's ORCID as a URI.",
            source=f"{OPTIONAL_ATTRIBUTES}; {_SPECIFICATION}",
        ),
    ),
    classes=(
        ObjectClass(
            name="eduPerson",
            oid="1.3.6.1.4.1.5923.1.1.2",
            description="eduPerson 201602",
            may=(
                "eduPersonAffiliation",
                "eduPersonNickname",
                "eduPersonOrgDN",
                "eduPersonOrgUnitDN",
                "eduPersonPrimaryAffiliation",
                "eduPersonPrincipalName",
                "eduPersonPrincipalNamePrior",
                "eduPersonEntitlement",
                "eduPersonPrimaryOrgUnitDN",
                "eduPersonScopedAffiliation",
                "eduPersonTargetedID",
                "eduPersonAssurance",
                "eduPersonUniqueId",
                "eduPersonOrcid",
            ),
        ),
    ),
)
