"""SCHAC, SCHema for ACademia, 1.5 (REFEDS). Feide's model uses one attribute of it, schacHomeOrganization."""

from __future__ import annotations

from functools import partial
from typing import Final

from feideprov.schema.attribute import Attribute, ObjectClass, Specification, Syntax

_NAME = "SCHAC 1.5"

_text = partial(Attribute, specification=_NAME, syntax=Syntax.DIRECTORY_STRING, equality="caseIgnoreMatch")
_searchable_text = partial(_text, substring="caseIgnoreSubstringsMatch")
_ordered_text = partial(_searchable_text, ordering="caseIgnoreOrderingMatch")
_digits = partial(
    Attribute,
    specification=_NAME,
    syntax=Syntax.NUMERIC_STRING,
    equality="numericStringMatch",
    ordering="numericStringOrderingMatch",
    substring="numericStringSubstringsMatch",
)
_class = partial(ObjectClass, description="schac 1.5")

SCHAC: Final = Specification(
    _NAME,
    file="schac",
    origin="SCHAC, SCHema for ACademia, 1.5.0 (REFEDS), OID arc 1.3.6.1.4.1.25178.1;\n"
    "schacYearOfBirth and its class are from that specification's experimental branch.",
    needs="core",
    attributes=(
        _digits(
            name="schacYearOfBirth",
            oid="1.3.6.1.4.1.25178.1.0.2.3",
            single=True,
            description="YYYY (experimental branch)",
            en="year of birth",
            nb="fødselsår",
        ),
        _text(
            name="schacMotherTongue",
            oid="1.3.6.1.4.1.25178.1.2.1",
            equality="caseExactMatch",
            single=True,
            description="Language code",
            en="mother tongue",
            nb="morsmål",
        ),
        Attribute(
            name="schacGender",
            oid="1.3.6.1.4.1.25178.1.2.2",
            specification=_NAME,
            syntax=Syntax.INTEGER,
            equality="integerMatch",
            single=True,
            description="ISO 5218 code",
            en="gender",
            nb="kjønn",
        ),
        _digits(
            name="schacDateOfBirth",
            oid="1.3.6.1.4.1.25178.1.2.3",
            single=True,
            description="YYYYMMDD",
            en="date of birth",
            nb="fødselsdato",
        ),
        _ordered_text(
            name="schacPlaceOfBirth",
            oid="1.3.6.1.4.1.25178.1.2.4",
            single=True,
            description="Birth place",
            en="place of birth",
            nb="fødested",
        ),
        _text(
            name="schacCountryOfCitizenship",
            oid="1.3.6.1.4.1.25178.1.2.5",
            description="ISO 3166 two-letter code",
            en="citizenship",
            nb="statsborgerskap",
        ),
        _ordered_text(
            name="schacSn1",
            oid="1.3.6.1.4.1.25178.1.2.6",
            description="First surname",
            en="first surname",
            nb="første etternavn",
        ),
        _ordered_text(
            name="schacSn2",
            oid="1.3.6.1.4.1.25178.1.2.7",
            description="Second surname",
            en="second surname",
            nb="andre etternavn",
        ),
        _searchable_text(
            name="schacPersonalTitle",
            oid="1.3.6.1.4.1.25178.1.2.8",
            single=True,
            description="Personal title",
            en="personal title",
            nb="personlig tittel",
        ),
        _searchable_text(
            name="schacHomeOrganization",
            oid="1.3.6.1.4.1.25178.1.2.9",
            single=True,
            description="Domain name of the home organization",
            en="domain of the organization",
            nb="domenet til organisasjonen",
            rule="The domain name of the organization.",
            source="SCHAC 1.5.0 (REFEDS)",
        ),
        _text(
            name="schacHomeOrganizationType",
            oid="1.3.6.1.4.1.25178.1.2.10",
            description="Type of the home organization",
            en="type of the organization",
            nb="organisasjonstype",
        ),
        _text(
            name="schacCountryOfResidence",
            oid="1.3.6.1.4.1.25178.1.2.11",
            description="ISO 3166 two-letter code",
            en="country of residence",
            nb="bostedsland",
        ),
        _text(
            name="schacUserPresenceID",
            oid="1.3.6.1.4.1.25178.1.2.12",
            equality="caseExactMatch",
            substring="caseExactSubstringsMatch",
            description="Network presence identifiers",
            en="network presence",
            nb="adresser på nett",
        ),
        _searchable_text(
            name="schacPersonalPosition",
            oid="1.3.6.1.4.1.25178.1.2.13",
            description="Position in the institution",
            en="position",
            nb="stilling",
        ),
        _ordered_text(
            name="schacPersonalUniqueCode",
            oid="1.3.6.1.4.1.25178.1.2.14",
            description="Unique codes for the subject",
            en="unique code",
            nb="entydig kode",
        ),
        _text(
            name="schacPersonalUniqueID",
            oid="1.3.6.1.4.1.25178.1.2.15",
            equality="caseExactMatch",
            ordering="caseExactOrderingMatch",
            substring="caseExactSubstringsMatch",
            description="Unique legal identifiers for the subject",
            en="legal identifier",
            nb="offentlig identifikator",
        ),
        Attribute(
            name="schacExpiryDate",
            oid="1.3.6.1.4.1.25178.1.2.17",
            specification=_NAME,
            syntax=Syntax.GENERALIZED_TIME,
            equality="generalizedTimeMatch",
            ordering="generalizedTimeOrderingMatch",
            single=True,
            description="Expiry of the entry data",
            en="expiry date",
            nb="utløpsdato",
        ),
        Attribute(
            name="schacUserPrivateAttribute",
            oid="1.3.6.1.4.1.25178.1.2.18",
            specification=_NAME,
            syntax=Syntax.IA5_STRING,
            equality="caseIgnoreIA5Match",
            substring="caseIgnoreIA5SubstringsMatch",
            description="Attributes with denied access",
            en="private attributes",
            nb="private attributter",
        ),
        _searchable_text(
            name="schacUserStatus",
            oid="1.3.6.1.4.1.25178.1.2.19",
            description="Status of the person as user of services",
            en="status as user",
            nb="brukerstatus",
        ),
        _searchable_text(
            name="schacProjectMembership",
            oid="1.3.6.1.4.1.25178.1.2.20",
            description="Project name",
            en="project",
            nb="prosjekt",
        ),
        _searchable_text(
            name="schacProjectSpecificRole",
            oid="1.3.6.1.4.1.25178.1.2.21",
            description="Roles in a project",
            en="role in a project",
            nb="rolle i et prosjekt",
        ),
    ),
    classes=(
        ObjectClass(
            name="schacExperimentalOC",
            oid="1.3.6.1.4.1.25178.1.0.1.1",
            description="schac 1.5 experimental",
            may=("schacYearOfBirth",),
        ),
        _class(
            name="schacPersonalCharacteristics",
            oid="1.3.6.1.4.1.25178.1.1.1",
            may=(
                "schacMotherTongue",
                "schacGender",
                "schacDateOfBirth",
                "schacPlaceOfBirth",
                "schacCountryOfCitizenship",
                "schacSn1",
                "schacSn2",
                "schacPersonalTitle",
            ),
        ),
        _class(
            name="schacContactLocation",
            oid="1.3.6.1.4.1.25178.1.1.2",
            may=(
                "schacHomeOrganization",
                "schacHomeOrganizationType",
                "schacCountryOfResidence",
                "schacUserPresenceID",
            ),
        ),
        _class(name="schacEmployeeInfo", oid="1.3.6.1.4.1.25178.1.1.3", may=("schacPersonalPosition",)),
        _class(
            name="schacLinkageIdentifiers",
            oid="1.3.6.1.4.1.25178.1.1.4",
            may=("schacPersonalUniqueCode", "schacPersonalUniqueID"),
        ),
        _class(name="schacEntryMetadata", oid="1.3.6.1.4.1.25178.1.1.5", may=("schacExpiryDate",)),
        _class(name="schacEntryConfidentiality", oid="1.3.6.1.4.1.25178.1.1.6", may=("schacUserPrivateAttribute",)),
        _class(name="schacUserEntitlements", oid="1.3.6.1.4.1.25178.1.1.7", may=("schacUserStatus",)),
        _class(
            name="schacGroupMembership",
            oid="1.3.6.1.4.1.25178.1.1.8",
            may=("schacProjectMembership", "schacProjectSpecificRole"),
        ),
    ),
)
