"""What a domain of Active Directory gets at first: entries above users, and two accounts ([MS-ADTS])."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.password import quoted
from feideprov.errors import ConfigurationError, InputError, scrub
from feideprov.messages import Sentence
from feideprov.setup.accounts import container_entry
from feideprov.setup.change_record import addition
from feideprov.setup.target import Account, Target, dns_name

_NEVER_EXPIRES: Final = "66048"
"""userAccountControl of an ordinary account whose password does not expire ([MS-ADTS] 2.2.16)."""
_NAMED_BY: Final = {"organization": "o", "organizationalUnit": "ou"}
"""The attribute that names an entry of each class. Active Directory takes no other one, and an organization only
directly below a domain (rDNAttID and possSuperiors in its schema, [MS-ADSC])."""
_NOT_IN_ACCOUNT_NAMES = re.compile(r'["\[\]:;|=+*?<>/\\,@\x00-\x1f]')
"""Characters that sAMAccountName must not have ([MS-ADTS] 3.1.1.6, [MS-SAMR] 3.1.1.6)."""
_ACCOUNT_NAME_LENGTH = 20


def unit_records(target: Target, domain: DN) -> str:
    """The entries with their names only: the rest, `init --directory` writes with feideprov's own account. No more
    names can be added to an entry later (notAllowedOnRDN).

    Raises ConfigurationError for entries that Active Directory does not take.
    """
    records = []
    for entry in _units(target, domain):
        names = {kind: entry.texts(kind) for kind, _ in entry.dn.own}
        records.append(addition(str(entry.dn), {"objectClass": (_structural_class(entry),), **names}))
    return "".join(records)


def places(target: Target) -> list[DN]:
    """The entries of the organization and its schools, without those that get the rights of another one above them."""
    organization = target.organization
    units = dict.fromkeys((organization.dn, *(school.dn for school in organization.schools)))
    return [dn for dn in units if not any(dn != other and dn.is_within(other) for other in units)]


def account_records(target: Target, domain: DN) -> str:
    """The two accounts, and the entries above them that are not there yet. Raises ConfigurationError for names that an
    account cannot have."""
    records = [addition(str(dn), container_entry(dn)) for dn in _containers(target, domain)]
    for account in (target.feideprov, target.feide):
        attributes: dict[str, Sequence[str | bytes]] = {
            "objectClass": ("user",),
            "cn": (account.dn.own[0][1],),
            "sAMAccountName": (_account_name(account),),
            "userPrincipalName": (logon_name(account, domain),),
            "userAccountControl": (_NEVER_EXPIRES,),
            "unicodePwd": (quoted(account.password),),
        }
        records.append(addition(str(account.dn), attributes))
    return "".join(records)


def logon_name(account: Account, domain: DN) -> str:
    """userPrincipalName of an account."""
    return f"{_account_name(account)}@{dns_name(domain)}"


def _account_name(account: Account) -> str:
    """sAMAccountName of an account. Raises ConfigurationError for a name that it cannot be made of."""
    kind, value = account.dn.own[0]
    name = _NOT_IN_ACCOUNT_NAMES.sub("", value).strip(" .")[:_ACCOUNT_NAME_LENGTH]
    if len(account.dn.own) > 1 or kind != "cn" or not name:
        raise ConfigurationError(
            Sentence(
                "The account {dn} in bind_dn must be named by cn, because setup creates it in Active Directory.",
                dn=scrub(str(account.dn)),
            )
        )
    return name


def _units(target: Target, domain: DN) -> list[Entry]:
    """The entries above users, of the organization and of its schools, the highest first, without the domain itself.

    Raises ConfigurationError for those that Active Directory does not take.
    """
    if target.users == domain or target.users.is_within(domain.child("cn", "users")):
        raise ConfigurationError(
            Sentence(
                "users_dn is {dn}, where the domain has its own accounts. feideprov must not get rights on these, so "
                "choose another place, such as {other}.",
                dn=scrub(str(target.users)),
                other=scrub(str(domain.child("ou", "people"))),
            )
        )
    try:
        entries = target.organization.entries(domain)
    except InputError as error:
        raise ConfigurationError(error.sentence) from None
    units = [entry for entry in entries if entry.dn != domain or "domain" not in entry.texts("objectClass")]
    for entry in units:
        dn, named_by = entry.dn, _NAMED_BY.get(_structural_class(entry), "ou")
        on_the_way = dn.is_within(target.base) or target.base.is_within(dn)
        if [kind for kind, _ in dn.own] != [named_by] or not on_the_way:
            raise ConfigurationError(
                Sentence(
                    "Active Directory takes {dn} only if it begins with “{name}=”, and feideprov only if it is below "
                    "base_dn ({base}). Change the configuration.",
                    dn=scrub(str(dn)),
                    name=named_by,
                    base=scrub(str(target.base)),
                )
            )
        if named_by == "o" and dn.parent != domain:
            raise ConfigurationError(
                Sentence(
                    "Active Directory takes {dn} only directly below {domain}. Change the configuration.",
                    dn=scrub(str(dn)),
                    domain=scrub(str(domain)),
                )
            )
    return units


def _structural_class(entry: Entry) -> str:
    return next((name for name in entry.texts("objectClass") if name in _NAMED_BY), "")


def _containers(target: Target, domain: DN) -> list[DN]:
    """The entries above the accounts that are not there yet, the highest first."""
    there = {domain, domain.child("cn", "users"), *(entry.dn for entry in _units(target, domain))}
    missing: list[DN] = []
    dn = target.feideprov.dn.parent
    while dn not in there:
        missing.insert(0, dn)
        dn = dn.parent
    return missing
