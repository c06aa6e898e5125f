"""The server that is to be set up, and its accounts, as the configuration names them."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from feideprov.directory.dn import DN
from feideprov.directory.ldap.server import addresses
from feideprov.directory.ldap.server_kind import Kind
from feideprov.errors import ConfigurationError, InputError, scrub
from feideprov.feide.organization import HostOrganization
from feideprov.files import is_there
from feideprov.messages import Sentence
from feideprov.settings import Settings
from feideprov.wiring import organization_of

_PASSWORD_OCTETS = 24
ACCOUNT_PASSWORD, FEIDE_PASSWORD = "feideprov-password", "feide-password"  # names of files


@dataclass(frozen=True)
class Account:
    """An account that programs log in with. `password_file`: the file of the set-up that is to hold its new password;
    None if the password is known where the configuration says."""

    dn: DN
    password: str = field(repr=False)
    password_file: str | None


@dataclass(frozen=True)
class Target:
    """What a set-up is made for. `folder` is where its files are written; `feideprov` is the account of this program,
    `feide` the one that Feide gets."""

    settings: Settings
    folder: Path
    base: DN
    users: DN
    organization: HostOrganization
    url: str
    host: str
    feideprov: Account
    feide: Account

    @property
    def realm(self) -> str:
        return self.settings.organization.realm

    @property
    def tops(self) -> list[DN]:
        """The highest entries that `init --directory` creates, below the base: this program writes there only."""
        if self.users == self.base:
            return [self.base]
        wanted = (entry.dn for entry in self.organization.entries(self.base))
        return [dn for dn in wanted if dn != self.base and dn.parent == self.base]

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.settings.file or self.settings.folder / "feideprov.toml"


def target_of(settings: Settings, kind: Kind, folder: Path) -> Target:
    """The server that the configuration names. What it does not name yet gets a usual name: `ldap.` and the realm,
    `cn=feideprov` below the base.

    Raises ConfigurationError when the configuration cannot be used for a set-up.
    """
    section, organization = settings.directory, organization_of(settings)
    base = _base(settings, organization.people)
    top = domain_of(base) if kind == "ad" else base
    services = top.child("cn", "users") if kind == "ad" else base
    dn = _dn("bind_dn", section.bind_dn) if section.bind_dn else services.child("cn", "feideprov")
    if not dn.is_within(top) or dn == top:
        where = Sentence("base_dn") if top == base else Sentence("the domain")
        raise ConfigurationError(
            Sentence(
                "bind_dn must be below {where} ({top}), because setup creates this account.",
                where=where,
                top=scrub(str(top)),
            )
        )
    feide = dn.parent.child("cn", "feide")
    if dn == feide:
        raise ConfigurationError(
            Sentence(
                "bind_dn is {dn}, which is the name of Feide's account. Give feideprov's another one, such as {other}.",
                dn=scrub(str(dn)),
                other=scrub(str(dn.parent.child("cn", "feideprov"))),
            )
        )
    usual, scheme = f"ldaps://ldap.{organization.realm}", section.url.lower().partition("://")[0]
    has_name = scheme in ("ldap", "ldaps") or (scheme == "ldapi" and kind == "openldap")
    url = section.url if has_name and section.url.lower() != "ldapi:///" else usual
    return Target(
        settings,
        folder.absolute(),
        base,
        organization.people,
        organization,
        url,
        addresses(url, tls=section.tls == "on")[0].host or addresses(usual)[0].host,
        _own_account(settings, dn),
        Account(feide, secrets.token_urlsafe(_PASSWORD_OCTETS), FEIDE_PASSWORD),
    )


def domain_of(base: DN) -> DN:
    """The domain of Active Directory that the base is, or is in. Raises ConfigurationError if there is none."""
    labels = list(takewhile(lambda rdn: len(rdn) == 1 and rdn[0][0].lower() == "dc", reversed(base.rdns)))
    if not labels:
        raise ConfigurationError(
            Sentence(
                "base_dn ({base}) must be a domain of Active Directory, such as dc=skotthyll,dc=no, or be in one.",
                base=scrub(str(base)),
            )
        )
    return DN(tuple(reversed(labels)))


def dns_name(domain: DN) -> str:
    """The name in DNS of a DN that is made of `dc`."""
    return ".".join(value for rdn in domain.rdns for _, value in rdn).lower()


def _base(settings: Settings, users: DN) -> DN:
    """base_dn, or the top of users_dn."""
    if settings.directory.base_dn:
        base = _dn("base_dn", settings.directory.base_dn)
    else:
        own = [rdn for rdn in users.rdns if rdn[0][0].lower() == "dc"]
        base = DN(tuple(own)) if own else DN(users.rdns[-1:])
    if not users.is_within(base):
        raise ConfigurationError(Sentence("users_dn must be below base_dn ({base}).", base=scrub(str(base))))
    return base


def _dn(key: str, text: str) -> DN:
    try:
        return DN.parse(text)
    except InputError as error:
        raise ConfigurationError(Sentence("[directory] {key}: {problem}", key=key, problem=error.sentence)) from None


def _own_account(settings: Settings, dn: DN) -> Account:
    """The account of this program: with the password that the configuration has, or else with a new one."""
    section = settings.directory
    path: Path | None = settings.path(section.password_file) if section.password_file else None
    known = is_there(path) if path else bool(section.password_env and os.environ.get(section.password_env))
    if section.bind_dn and known and (password := settings.bind_password()):
        return Account(dn, password, None)
    return Account(dn, secrets.token_urlsafe(_PASSWORD_OCTETS), ACCOUNT_PASSWORD)
