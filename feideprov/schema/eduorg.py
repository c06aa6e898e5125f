"""eduOrg 200210 (Internet2 MACE-Dir)."""

from __future__ import annotations

from functools import partial
from typing import Final

from feideprov.schema.attribute import Attribute, ObjectClass, Specification, Syntax
from feideprov.schema.info_go import MANDATORY_ORGANIZATION, OPTIONAL_ATTRIBUTES, PLATFORM

_NAME = "eduOrg 200210"

_uri = partial(Attribute, specification=_NAME, syntax=Syntax.DIRECTORY_STRING, equality="caseExactMatch")

EDUORG: Final = Specification(
    _NAME,
    file="eduorg",
    origin="the eduOrg 200210 object class specification (Internet2 MACE-Dir),\nOID arc 1.3.6.1.4.1.5923.1.2.",
    needs="core",
    attributes=(
        _uri(
            name="eduOrgHomePageURI",
            oid="1.3.6.1.4.1.5923.1.2.1.2",
            description="URI of the home page",
            en="home page",
            nb="hjemmeside",
            rule="A URI.",
            source=OPTIONAL_ATTRIBUTES,
        ),
        _uri(
            name="eduOrgIdentityAuthNPolicyURI",
            oid="1.3.6.1.4.1.5923.1.2.1.3",
            description="URI of the identity and authentication policy",
            en="policy for identities and login",
            nb="retningslinjer for identiteter og innlogging",
            rule="A URI.",
            source=OPTIONAL_ATTRIBUTES,
        ),
        Attribute(
            name="eduOrgLegalName",
            oid="1.3.6.1.4.1.5923.1.2.1.4",
            specification=_NAME,
            syntax=Syntax.DIRECTORY_STRING,
            equality="caseIgnoreMatch",
            description="Legal name of the organization",
            en="legal name of the organization",
            nb="det offisielle navnet til organisasjonen",
            rule="The official name; one value for each language where it has several. Feide's platform reports a "
            "data error without it.",
            source=f"{MANDATORY_ORGANIZATION}; {PLATFORM}",
        ),
        _uri(
            name="eduOrgSuperiorURI",
            oid="1.3.6.1.4.1.5923.1.2.1.5",
            description="URI of the entry for the superior organization",
            en="superior organization",
            nb="overordnet organisasjon",
        ),
        _uri(
            name="eduOrgWhitePagesURI",
            oid="1.3.6.1.4.1.5923.1.2.1.6",
            description="URI of the open directory service",
            en="open directory",
            nb="åpen katalogtjeneste",
            rule="A URI.",
            source=OPTIONAL_ATTRIBUTES,
        ),
    ),
    classes=(
        ObjectClass(
            name="eduOrg",
            oid="1.3.6.1.4.1.5923.1.2.2",
            description="eduOrg 200210",
            may=(
                "eduOrgHomePageURI",
                "eduOrgIdentityAuthNPolicyURI",
                "eduOrgLegalName",
                "eduOrgSuperiorURI",
                "eduOrgWhitePagesURI",
                "cn",
            ),
        ),
    ),
)
