"""Hypothesis strategies: users as a directory has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from hypothesis import strategies as st

from feideprov.directory import password, rules
from feideprov.directory.entry import Entry, Value
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.feide.entitlement import Grep, GroupMembership
from feideprov.feide.lin import LIN_ATTRIBUTE, LocalNumber
from feideprov.feide.mfa import LEVEL_ATTRIBUTE, METHOD_ATTRIBUTE, AppMethod, EntraMethod, ServiceLevel, SmsMethod
from feideprov.feide.organization import HostOrganization
from feideprov.feide.person import AFFILIATIONS, implied_affiliations, scoped
from feideprov.feide.user import HOME_ORGANIZATION_CLASS, OBJECT_CLASSES
from feideprov.testing.numbers import birth_dates, d_numbers, duf_numbers, fodselsnumre
from feideprov.testing.people import SCRIPTS, names
from feideprov.text import normal_name

Attributes = dict[str, Sequence[Value]]

_LATIN: Final = SCRIPTS["Latin"][:26]
_USER_NAMES: Final = st.builds(
    str.__add__, st.text(_LATIN, min_size=2, max_size=8), st.just("") | st.integers(2, 999).map(str)
)
_NAMES: Final = names().map(normal_name).filter(bool)
_TEXTS: Final = st.text(
    st.characters(categories=["L", "N", "P", "S"], exclude_characters="\ufffd"), min_size=1, max_size=20
)
_ADDRESSES: Final = st.builds("{}@example.no".format, _USER_NAMES)
_PHONES: Final = st.integers(40_000_000, 49_999_999).map("+47{}".format)
_OCTETS: Final = st.binary(max_size=40)
_ROLES: Final = st.sampled_from(["student", "faculty", "staff", "employee", "member"])
_STORED: Final = st.binary(min_size=12, max_size=12).map(
    lambda text: password.stored(text.hex(), "ssha")
) | _OCTETS.filter(bool)


def user_entries(organization: HostOrganization) -> st.SearchStrategy[Entry]:
    """Feide users of an organization, as a directory may have them, in every form that info_go allows.

    With and without each optional attribute, with one value and several, names and texts in any script; users with
    several schools and with none; any affiliations; grades, current and ended groups, and entitlements of other
    services; without a number, with a Tenor number or with a DUF number; local numbers, second factors, pictures,
    stored passwords of any form. OpenLDAP with the package's schema accepts them all. Their DNs are `uid=…` below
    `organization.people`.

    Certificates are left out, because a server parses them.
    """
    return st.builds(
        partial(_entry, organization),
        _USER_NAMES,
        st.fixed_dictionaries(
            {
                "cn": _several("cn", _NAMES),
                "displayName": _one(_NAMES),
                "norEduPersonLegalName": _one(_NAMES),
                "givenName": _several("givenName", _NAMES),
                "sn": _several("sn", _NAMES),
            },
            optional=_optional_attributes(organization),
        ),
        st.lists(st.sampled_from([str(school.dn) for school in organization.schools] or [""]), unique=True),
        st.lists(st.sampled_from(sorted(AFFILIATIONS)), min_size=1, max_size=3, unique=True),
    )


def _entry(
    organization: HostOrganization,
    user_name: str,
    drawn: Mapping[str, Sequence[Value]],
    schools: Sequence[str],
    affiliations: Sequence[str],
) -> Entry:
    """Attributes that depend on others are added here."""
    held = list(dict.fromkeys([*affiliations, *sorted(implied_affiliations(affiliations))]))
    attributes: Attributes = {
        "objectClass": OBJECT_CLASSES,
        "uid": [user_name],
        "eduPersonPrincipalName": [f"{user_name}@{organization.realm}"],
        "eduPersonOrgDN": [str(organization.dn)],
        "eduPersonAffiliation": held,
        **drawn,
    }
    if any(schools):
        attributes |= {"eduPersonOrgUnitDN": schools, "eduPersonPrimaryOrgUnitDN": schools[:1]}
    if "eduPersonPrimaryAffiliation" in drawn:
        attributes["eduPersonPrimaryAffiliation"] = held[:1]
    if "eduPersonScopedAffiliation" in drawn:
        attributes["eduPersonScopedAffiliation"] = scoped(held, organization.realm)
    if "schacHomeOrganization" in drawn:
        attributes["objectClass"] = (*OBJECT_CLASSES, HOME_ORGANIZATION_CLASS)
    if METHOD_ATTRIBUTE not in drawn:
        attributes.pop(LEVEL_ATTRIBUTE, None)
    return Entry(organization.people.child("uid", user_name), attributes)


def _optional_attributes(organization: HostOrganization) -> dict[str, st.SearchStrategy[list[Any]]]:
    realm = organization.realm
    numbers = [school.number for school in organization.schools] or [organization.number]
    return {
        NUMBER_ATTRIBUTE: _one(fodselsnumre() | d_numbers() | duf_numbers()),
        LIN_ATTRIBUTE: _several(LIN_ATTRIBUTE, _local_numbers(realm)),
        "norEduPersonBirthDate": _one(birth_dates().map("{:%Y%m%d}".format)),
        "eduPersonPrimaryAffiliation": st.just([]),
        "eduPersonScopedAffiliation": st.just([]),
        "eduPersonEntitlement": st.lists(_entitlements(numbers), min_size=1, max_size=3).map(_flat),
        METHOD_ATTRIBUTE: _several(METHOD_ATTRIBUTE, _methods()),
        LEVEL_ATTRIBUTE: _several(LEVEL_ATTRIBUTE, _levels()),
        "eduPersonUniqueId": _one(st.text(_LATIN, min_size=28, max_size=28).map(lambda letters: f"{letters}@{realm}")),
        "eduPersonPrincipalNamePrior": _several("uid", _USER_NAMES.map(lambda name: f"{name}@{realm}")),
        "eduPersonNickname": _several("cn", _NAMES),
        "eduPersonOrcid": _one(st.just("https://orcid.org/0000-0002-1825-0097")),
        "eduPersonAssurance": _one(st.just("urn:mace:feide.no:auth:level:fad08:3")),
        "schacHomeOrganization": _one(st.just(realm)),
        "mail": _several("mail", _ADDRESSES),
        "mobile": _several("mobile", _PHONES),
        "homePhone": _one(_PHONES),
        "facsimileTelephoneNumber": _one(_PHONES),
        "preferredLanguage": _one(st.sampled_from(["nb", "nn", "uk", "ar", "zh-Hans", "pt-BR"])),
        "title": _one(_TEXTS),
        "l": _one(_TEXTS),
        "street": _one(_TEXTS),
        "postalCode": _one(st.integers(0, 9999).map("{:04d}".format)),
        "postOfficeBox": _one(_TEXTS),
        "homePostalAddress": _one(st.lists(_NAMES, min_size=1, max_size=3).map("$".join)),
        "labeledURI": _one(_USER_NAMES.map("https://example.no/{} Hjemmeside".format)),
        "manager": _one(_USER_NAMES.map(lambda name: str(organization.people.child("uid", name)))),
        "description": _one(_TEXTS),
        "jpegPhoto": _one(_OCTETS.map(lambda rest: b"\xff\xd8\xff" + rest)),
        "userPassword": st.lists(_STORED, min_size=1, max_size=2, unique=True),
    }


def _local_numbers(realm: str) -> st.SearchStrategy[str]:
    digits = st.integers(10**10, 10**11 - 1).map(str)
    local = st.builds(
        LocalNumber, st.just(realm), st.sampled_from(["localnin", "employee"]), st.text(_LATIN, min_size=1)
    )
    return (local | st.builds(LocalNumber, st.just(realm), st.just("fin"), digits)).map(str)


def _entitlements(organizations: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """A group always comes with its group-ID."""
    groups = st.builds(
        lambda kind, days, **parts: GroupMembership(
            kind, "NOR01-06" if kind == "u" else "", begins=min(days), ends=max(days), **parts
        ),
        st.sampled_from(["a", "b", "u"]),
        st.tuples(st.dates(date(2015, 8, 1), date(2035, 7, 31)), st.dates(date(2015, 8, 1), date(2035, 7, 31))),
        organization=st.sampled_from(list(organizations)),
        local_id=st.text("abcABC123æøå -.", min_size=1, max_size=8),
        role=_ROLES,
        name=_TEXTS,
    )
    others = _TEXTS.map(lambda text: f"urn:mace:example.no:{quote(text, safe='')}")
    return (
        groups.map(lambda group: [str(group), str(group.group_id)])
        | st.integers(1, 10).map(lambda grade: [str(Grep.of_grade(grade))])
        | others.map(lambda text: [text])
    )


def _methods() -> st.SearchStrategy[str]:
    secrets = st.text(_LATIN.upper() + "234567", min_size=16, max_size=16)
    entra = st.builds(EntraMethod, st.just("-"))
    return (st.builds(SmsMethod, _PHONES, _TEXTS) | st.builds(AppMethod, secrets, _TEXTS) | entra).map(str)


def _levels() -> st.SearchStrategy[str]:
    services = st.just("all") | st.integers(1, 9999).map(str)
    return st.builds(ServiceLevel, services, st.integers(1, 4)).map(str)


def _one(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return values.map(lambda value: [value])


def _several(attribute: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """One to three values that a server treats as different."""
    return st.lists(values, min_size=1, max_size=3, unique_by=lambda value: rules.comparable(attribute, value.encode()))


def _flat(lists: Iterable[Sequence[str]]) -> list[str]:
    """All the values, each once."""
    return list(dict.fromkeys(value for one in lists for value in one))
