"""The model says of each attribute what Feide's information model and the specifications say."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from typing import Any, cast

import pytest
from ldap3.protocol.rfc4512 import AttributeTypeInfo

from feideprov.directory import rules
from feideprov.directory.attribute_description import STANDARD_ATTRIBUTES
from feideprov.schema import (
    ATTRIBUTES,
    CLASSES,
    OBLIGATIONS,
    SPECIFICATIONS,
    Attribute,
    Node,
    Obligation,
    attribute,
    mandatory,
)
from feideprov.schema.standard import STANDARD

EVERY: tuple[Attribute, ...] = tuple(dict.fromkeys(ATTRIBUTES.values()))
ASKED = {name for asked in OBLIGATIONS.values() for name in asked}

# info_go 2018-03 by its table of contents: a line for each attribute, a letter for person, organization and school.
# m mandatory, r recommended, o optional, ? served, but not confirmed what is asked, - not named
INFO_GO = """
    m--  cn                             m--  displayName                    m--  norEduPersonLegalName
    m--  givenName                      m--  sn                             m--  eduPersonPrincipalName
    m--  uid                            m--  norEduPersonNIN                m--  userPassword
    m--  eduPersonOrgDN                 m--  eduPersonOrgUnitDN             m--  eduPersonPrimaryOrgUnitDN
    m--  eduPersonAffiliation           m--  eduPersonEntitlement           m--  norEduPersonAuthnMethod
    m--  norEduPersonServiceAuthnLevel  -m-  eduOrgLegalName                -m-  o
    -m-  norEduOrgNIN                   --m  ou                             --m  norEduOrgUnitUniqueIdentifier
    ?mm  mail                           -m-  norEduOrgSchemaVersion         -rr  telephoneNumber
    -rr  postalAddress                  ?--  mobile                         ?--  preferredLanguage
    ?--  eduPersonPrimaryAffiliation    ?--  eduPersonScopedAffiliation     ?--  schacHomeOrganization
    -o-  norEduOrgAcronym               o--  norEduPersonBirthDate          o--  norEduPersonLIN
    -o-  eduOrgIdentityAuthNPolicyURI   -o-  eduOrgHomePageURI              -o-  eduOrgWhitePagesURI
    o--  eduPersonAssurance             o--  eduPersonNickname              o--  eduPersonPrincipalNamePrior
    o--  eduPersonOrcid                 o--  facsimileTelephoneNumber       o--  homePhone
    o--  homePostalAddress              o--  jpegPhoto                      o--  l
    o--  labeledURI                     o--  manager                        o--  postalCode
    o--  postOfficeBox                  o--  street                         o--  title
    o--  userCertificate                o--  userSMIMECertificate
"""
LETTERS = {"m": Obligation.MANDATORY, "r": Obligation.RECOMMENDED, "o": Obligation.OPTIONAL, "?": Obligation.OPEN}
TOLD = dict(zip(INFO_GO.split()[1::2], INFO_GO.split()[::2], strict=True))


# --- what Feide asks


@pytest.mark.parametrize("name", TOLD)
def test_an_attribute_is_asked_for_as_info_go_asks(name: str) -> None:
    told = {node: LETTERS[letter] for node, letter in zip(Node, TOLD[name], strict=True) if letter != "-"}
    assert ATTRIBUTES[name.lower()].obligations == told


def test_nothing_else_is_asked_for() -> None:
    assert set(TOLD) == ASKED == {one.name for one in EVERY if one.obligations}


@pytest.mark.parametrize("node", Node)
def test_mandatory_attributes_come_in_the_order_of_info_go(node: Node) -> None:
    place = list(Node).index(node)
    assert [one.name for one in mandatory(node)] == [name for name, told in TOLD.items() if told[place] == "m"]


def test_a_mandatory_attribute_may_be_absent_in_five_cases_only() -> None:
    assert {one.name for one in EVERY if one.exception} == {
        "norEduPersonNIN",
        "eduPersonOrgUnitDN",
        "eduPersonPrimaryOrgUnitDN",
        "norEduPersonAuthnMethod",
        "norEduPersonServiceAuthnLevel",
    }


def test_a_service_gets_the_number_in_one_group_which_holds_nothing_else() -> None:
    assert [one.name for one in EVERY if "userid-nin" in one.groups] == ["norEduPersonNIN"]
    assert ATTRIBUTES["noredupersonnin"].groups == ("userid-nin",)


# --- the table is whole


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.name)
def test_every_attribute_has_names_for_people_and_what_is_asked_for_a_rule_with_its_source(one: Attribute) -> None:
    assert one.en
    assert one.nb
    assert bool(one.source) == (one.name in ASKED)
    assert bool(one.description) == (one not in STANDARD)
    assert one.rule or one.name not in ASKED


def test_no_identifier_or_name_stands_twice() -> None:
    oids = Counter([one.oid for one in EVERY] + [one.oid for one in CLASSES.values()])
    names = Counter(name.lower() for one in EVERY for name in (one.name, *one.aliases))
    assert set(oids.values()) == set(names.values()) == {1}
    assert len(EVERY) == 55 + 27
    assert len(CLASSES) == 15


def test_specifications_list_in_the_order_of_oids() -> None:
    for specification in SPECIFICATIONS:
        for listed in (specification.attributes, specification.classes):
            assert listed == tuple(sorted(listed, key=lambda one: [int(arc) for arc in one.oid.split(".")]))
        assert {one.specification for one in specification.attributes} == {specification.name}


def test_classes_hold_attributes_of_the_model_only() -> None:
    held = [ATTRIBUTES[name.lower()].name for one in CLASSES.values() for name in (*one.must, *one.may)]
    assert held == [name for one in CLASSES.values() for name in (*one.must, *one.may)]


# --- how it is asked


def test_an_attribute_is_found_by_alias_in_any_case_and_with_options() -> None:
    assert attribute("SURNAME") is attribute("sn;lang-nb") is ATTRIBUTES["sn"]
    assert attribute("memberOf") is None


def test_the_model_cannot_be_changed() -> None:
    for table in (ATTRIBUTES, CLASSES, OBLIGATIONS, OBLIGATIONS[Node.PERSON]):
        with pytest.raises(TypeError):
            cast("dict[Any, Any]", table)["cn"] = None


def test_the_model_loads_without_a_directory_or_a_database() -> None:
    program = "import sys, feideprov.schema; print(*{m.partition('.')[0] for m in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"ldap3", "pydantic", "sqlalchemy", "stdnum"} & set(loaded.stdout.split())


# --- what directories go by


def test_the_rules_of_directories_say_the_same() -> None:
    for one in EVERY:
        rule = rules.attribute_rule(one.name)
        assert rule is not None, one.name
        assert (rule.name, rule.equality, rule.single) == (one.name, one.equality, one.single)


def test_the_standard_attributes_of_the_rules_are_those_of_the_model() -> None:
    written = AttributeTypeInfo.from_definition(rules._definitions(STANDARD_ATTRIBUTES)).values()  # type: ignore[no-untyped-call]
    told = {info.name[0]: (info.oid, tuple(info.name[1:])) for info in written}
    assert {one.name: told.get(one.name) for one in STANDARD} == {one.name: (one.oid, one.aliases) for one in STANDARD}
