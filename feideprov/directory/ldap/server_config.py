"""The configuration of an LDAP server, as far as the account may read it: indexes, uniqueness, logs, limits, clock.

OpenLDAP has it in cn=config and cn=Monitor (slapd-config(5), slapd-monitor(5)), 389 DS in cn=config and cn=monitor
(Red Hat Directory Server, Configuration reference).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.result_code import ResultCode
from feideprov.errors import DirectoryError, InputError

_ORDER = re.compile(r"^\{-?\d+\}")
_UNIQUE_URI = re.compile(r"ldap:///([^? ]*)\?([^? ]*)")
_LOGS_FILTERS = {"any": -1, "filter": 32, "stats": 256}  # log levels that write filters to the log
_ACCESS_LOG = "nsslapd-accesslog-logging-enabled"
_LIMITS_OF_389 = ("nsslapd-sizelimit", "nsslapd-pagedsizelimit", "nsslapd-lookthroughlimit")
OPENLDAP_ATTRIBUTES = ("olcSuffix", "olcDbIndex", "olcUniqueURI", "olcLogLevel", "olcSizeLimit", "olcLimits")
"""What is read of OpenLDAP's cn=config. None of them is secret."""
DS389_ATTRIBUTES = (
    *("cn", "nsslapd-suffix", "nsIndexType", _ACCESS_LOG, *_LIMITS_OF_389),
    *("uniqueness-attribute-name", "uniqueness-subtrees", "nsslapd-pluginEnabled"),
    *("passwordLockout", "passwordMaxFailure", "passwordMustChange"),
)
"""What is read of 389's cn=config. None of them is secret."""
POLICY_ATTRIBUTE = "olcPPolicyDefault"
"""Where OpenLDAP's cn=config names the default password policy; defined only where the module ppolicy is loaded."""
MOST_TRIES = 100
_OPENLDAP_POLICY = ("pwdMaxFailure", "pwdLockout", "pwdMustChange")
_389_POLICY = ("passwordMaxFailure", "passwordLockout", "passwordMustChange")
"""389 also answers to OpenLDAP's names, which are other names of its own: each server is asked by its own."""
_THRESHOLD = "lockoutThreshold"
_ON = ("TRUE", "ON")
_DS389_GENERAL = DN.parse("cn=config")
_UNREADABLE = (ResultCode.NO_SUCH_OBJECT, ResultCode.INSUFFICIENT_ACCESS_RIGHTS)
_CLOCKS = (
    ("", "currentTime"),  # Active Directory
    ("cn=Current,cn=Time,cn=Monitor", "monitorTimestamp"),  # OpenLDAP
    ("cn=monitor", "currenttime"),  # 389 DS
)


@dataclass(frozen=True)
class ServerConfig:
    """The configuration that applies to the entries below one base.

    `indexes`: the kinds (`eq`, `pres`) by attribute; `unique`: the attributes whose values the server keeps unique;
    attributes by their keys. `limits`: the size limits in the server's own words.
    """

    indexes: Mapping[str, frozenset[str]]
    unique: frozenset[str]
    logs_filters: bool
    limits: tuple[str, ...]


@dataclass(frozen=True)
class PasswordRules:
    """What a server does with passwords. `tries`: after so many wrong ones a user is locked; None: never, or the server
    does not show it, or after so many that it protects little. `must_change`: a user must change a password that an
    administrator has set."""

    tries: int | None
    must_change: bool


def server_config(directory: LdapDirectory) -> ServerConfig | None:
    """The configuration of the server, or None when the account may not read it."""
    read = {"openldap": _openldap, "389": _389}.get(directory.kind or directory.kind_of_server())
    try:
        return read(directory) if read else None
    except DirectoryError as error:
        if error.code in _UNREADABLE:
            return None
        raise


def password_rules(directory: LdapDirectory) -> PasswordRules:
    """What the server shows of its password policy for users without a policy of their own."""
    read = {"openldap": _openldap_policy, "389": _389_policy, "ad": _domain_policy}
    try:
        tries, locks, must_change = read[directory.kind or directory.kind_of_server()](directory)
    except DirectoryError as error:
        if error.code not in _UNREADABLE:
            raise
        return PasswordRules(None, must_change=False)
    count = int(tries) if re.fullmatch("[0-9]{1,3}", tries) else 0
    protects = locks.upper() in _ON and 0 < count <= MOST_TRIES
    return PasswordRules(count if protects else None, must_change.upper() in _ON)


def _openldap_policy(directory: LdapDirectory) -> tuple[str, ...]:
    """The default policy of the overlay ppolicy (slapo-ppolicy(5))."""
    entries = list(directory.below(DN.parse("cn=config"), ("olcSuffix", POLICY_ATTRIBUTE)))
    database = database_of(entries, "olcSuffix", directory.base)
    own = [entry for entry in entries if database is not None and entry.dn.is_within(database.dn)]
    default = next((text for entry in own for text in entry.texts(POLICY_ATTRIBUTE)), None)
    return _first_texts(directory, DN.parse(default) if default else None, _OPENLDAP_POLICY)


def _389_policy(directory: LdapDirectory) -> tuple[str, ...]:
    """The global policy, in cn=config (Red Hat Directory Server, “Managing the Password Policy”)."""
    return _first_texts(directory, _DS389_GENERAL, _389_POLICY)


def _domain_policy(directory: LdapDirectory) -> tuple[str, ...]:
    """The policy of the domain is in its entry ([MS-ADA1] 2.391, lockoutThreshold; 0: never)."""
    [domain] = _first_texts(directory, DN(()), ("defaultNamingContext",))
    [tries] = _first_texts(directory, DN.parse(domain) if domain else None, (_THRESHOLD,))
    return tries, "on", ""


def _first_texts(directory: LdapDirectory, dn: DN | None, names: Sequence[str]) -> tuple[str, ...]:
    """The first value of each attribute of an entry; empty where there is none."""
    entry = directory.read(dn, names) if dn is not None else None
    return tuple((entry.text(name) if entry is not None else None) or "" for name in names)


def server_time(directory: LdapDirectory) -> datetime | None:
    """The time of the server's clock, to the second, or None when the server does not show it."""
    for place, attribute in _CLOCKS:
        try:
            entry = directory.read(DN.parse(place), (attribute,))
        except DirectoryError as error:
            if error.code is None:
                raise
            continue
        if match := re.match(r"[0-9]{14}", (entry.text(attribute) if entry else None) or ""):
            with suppress(ValueError):  # not a time that there is
                return datetime.strptime(match[0], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return None


def _openldap(directory: LdapDirectory) -> ServerConfig | None:
    return openldap_config(list(directory.below(DN.parse("cn=config"), OPENLDAP_ATTRIBUTES)), directory.base)


def openldap_config(entries: Sequence[Entry], base: DN) -> ServerConfig | None:
    """The configuration in the entries of OpenLDAP's cn=config; None if no database has the base."""
    database = database_of(entries, "olcSuffix", base)
    if database is None:
        return None
    own = [entry for entry in entries if entry.dn.is_within(database.dn)]
    levels = [word for entry in entries for text in entry.texts("olcLogLevel") for word in text.split()]
    return ServerConfig(
        indexes(text for entry in own for text in entry.texts("olcDbIndex")),
        frozenset(
            attribute_key(attribute)
            for entry in own
            for uri in entry.texts("olcUniqueURI")
            for subtree, attributes in _UNIQUE_URI.findall(uri)
            if _covers(unquote(subtree), base)
            for attribute in attributes.split(",")
        ),
        any(_is_logging_filters(_ORDER.sub("", level)) for level in levels),
        tuple(
            f"{name} {_ORDER.sub('', text)}" for name in ("olcSizeLimit", "olcLimits") for text in database.texts(name)
        ),
    )


def _389(directory: LdapDirectory) -> ServerConfig | None:
    general = directory.read(DN.parse("cn=config"), DS389_ATTRIBUTES)
    if general is None:
        return None
    return ds389_config([general, *directory.below(DN.parse("cn=plugins,cn=config"), DS389_ATTRIBUTES)], directory.base)


def ds389_config(entries: Sequence[Entry], base: DN) -> ServerConfig | None:
    """The configuration in the entries of 389's cn=config; None if no database has the base."""
    database = database_of(entries, "nsslapd-suffix", base)
    general = next((entry for entry in entries if entry.dn == _DS389_GENERAL), None)
    if database is None or general is None:
        return None
    return ServerConfig(
        {
            attribute_key(entry.text("cn") or ""): frozenset(kind.lower() for kind in entry.texts("nsIndexType"))
            for entry in entries
            if entry.dn.is_within(database.dn) and entry.values("nsIndexType")
        },
        frozenset(
            attribute_key(attribute)
            for guard in entries
            if (guard.text("nsslapd-pluginEnabled") or "").lower() == "on"
            and any(_covers(subtree, base) for subtree in guard.texts("uniqueness-subtrees"))
            for attribute in guard.texts("uniqueness-attribute-name")
        ),
        (general.text(_ACCESS_LOG) or "on").lower() == "on",
        tuple(f"{n} {text}" for e in entries for n in _LIMITS_OF_389 for text in e.texts(n)),
    )


def database_of(entries: Iterable[Entry], attribute: str, base: DN) -> Entry | None:
    """The database that has the base: of several, the one with the longest suffix."""
    found = [
        (len(DN.parse(suffix).rdns), entry)
        for entry in entries
        for suffix in entry.texts(attribute)
        if _covers(suffix, base)
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def _covers(text: str, base: DN) -> bool:
    try:
        return base.is_within(DN.parse(text))
    except InputError:
        return False


def indexes(lines: Iterable[str]) -> dict[str, frozenset[str]]:
    """`olcDbIndex: uid,mail eq,pres`; a line without kinds has those of `default` (slapd-mdb(5))."""
    found: dict[str, frozenset[str]] = {}
    for line in lines:
        attributes, _, kinds = _ORDER.sub("", line).lower().partition(" ")
        of_line = frozenset(kinds.replace(" ", "").split(",")) if kinds.strip() else found.get("default", frozenset())
        keys = map(attribute_key, attributes.split(","))
        found |= {key: found.get(key, frozenset()) | of_line for key in keys}
    return found


def _is_logging_filters(level: str) -> bool:
    word = level.lower()
    if word in _LOGS_FILTERS:
        return True
    try:
        bits = int(word, 0)
    except ValueError:
        return False
    return bits == -1 or any(bits & bit for bit in _LOGS_FILTERS.values() if bit > 0)
