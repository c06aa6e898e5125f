"""What an OpenLDAP server has already: its cn=config, as slapcat prints it, or as Debian installs it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.ldap.server_config import ServerConfig, database_of, openldap_config
from feideprov.directory.ldif import records
from feideprov.errors import InputError
from feideprov.messages import Sentence

_ORDER = re.compile(r"^\{-?\d+\}")
_DEFINITIONS = ("olcAttributeTypes", "olcObjectClasses")
_NUMBER = re.compile(r"\{(\d+)\}")


@dataclass(frozen=True)
class Definition:
    """A definition of the server's schema: the entry that has it, the attribute, and the number of the value."""

    dn: DN
    number: str
    text: str


@dataclass(frozen=True)
class OpenldapConfig:
    """The entries of one server's cn=config. `is_new`: those of a server as Debian installs it."""

    entries: Sequence[Entry]
    base: DN
    is_new: bool

    @cached_property
    def database(self) -> Entry | None:
        """The database that has the base, or None."""
        return database_of(self.entries, "olcSuffix", self.base)

    @cached_property
    def settings(self) -> ServerConfig | None:
        """Indexes, uniqueness and limits of that database."""
        return openldap_config(self.entries, self.base)

    @property
    def suffixes(self) -> list[str]:
        """The bases that the server has databases for."""
        return [text for entry in self.entries for text in entry.texts("olcSuffix") if text != "cn=Monitor"]

    @property
    def next_database(self) -> int:
        """The number that a new database gets."""
        numbers = (_NUMBER.match(text) for entry in self.entries for text in entry.texts("olcDatabase"))
        return max((int(found[1]) for found in numbers if found), default=0) + 1

    @property
    def modules(self) -> tuple[str | None, set[str]]:
        """The first entry that loads modules, if any, and the modules that are loaded."""
        lists = [entry for entry in self.entries if entry.values("olcModuleLoad") or _is_module_list(entry)]
        loaded = {
            _ORDER.sub("", text).rpartition("/")[2].partition(".")[0]
            for entry in lists
            for text in entry.texts("olcModuleLoad")
        }
        return (str(lists[0].dn) if lists else None), loaded

    @property
    def monitor(self) -> Entry | None:
        """The database cn=Monitor, if there is one."""
        return self._database("monitor")

    @property
    def has_root_dn(self) -> bool:
        """Has the database a root DN? One that is made by the set-up has."""
        return self.database is None or bool(self.database.values("olcRootDN"))

    @property
    def certificate(self) -> str | None:
        """The file of the server's certificate, if it has one."""
        return next((text for entry in self.entries for text in entry.texts("olcTLSCertificateFile")), None)

    @property
    def has_tls_versions(self) -> bool:
        """Is it configured which versions of TLS the server accepts?"""
        return any(e.values(name) for e in self.entries for name in ("olcTLSCipherSuite", "olcTLSProtocolMin"))

    @property
    def rules(self) -> list[str]:
        """The access rules of the database that has the base, each as `normal_rule` gives it."""
        return _rules(self.database)

    @property
    def limits(self) -> list[str]:
        """Its limits, in the same way."""
        return [normal_rule(text) for text in self.database.texts("olcLimits")] if self.database else []

    def rules_of(self, name: str) -> list[str]:
        """The access rules of the database `config` or `monitor`."""
        return _rules(self._database(name))

    def _database(self, name: str) -> Entry | None:
        named = (entry for entry in self.entries for text in entry.texts("olcDatabase") if _ORDER.sub("", text) == name)
        return next(named, None)

    @property
    def uniqueness(self) -> str | None:
        """The entry of the overlay `unique` of the database, if there is one."""
        if self.database is None:
            return None
        own = (entry for entry in self.entries if entry.dn.is_within(self.database.dn))
        return next((str(e.dn) for e in own if "unique" in (_ORDER.sub("", t) for t in e.texts("olcOverlay"))), None)

    @property
    def index_lines(self) -> list[str]:
        """The values of olcDbIndex, without their numbers."""
        return [_ORDER.sub("", text) for text in self.database.texts("olcDbIndex")] if self.database else []

    def definitions(self, *attributes: str) -> Iterator[Definition]:
        """The server's definitions: those of `olcAttributeTypes`, of `olcObjectClasses`, or both."""
        for entry in self.entries:
            for attribute in attributes or _DEFINITIONS:
                for place, text in enumerate(entry.texts(attribute)):
                    number = _ORDER.match(text)
                    yield Definition(entry.dn, number[0] if number else f"{{{place}}}", _ORDER.sub("", text))

    @cached_property
    def schema(self) -> tuple[list[str], list[str]]:
        """The server's definitions of attributes and of object classes, as RFC 4512 writes them."""
        attributes, classes = ([one.text for one in self.definitions(name)] for name in _DEFINITIONS)
        return attributes, classes


def openldap_config_in(content: bytes, base: DN, *, is_new: bool = False) -> OpenldapConfig:
    """The configuration in an LDIF, as `slapcat -n 0` prints it. Raises InputError when it is not LDIF."""
    entries = [record.entry for record in records(content) if record.entry is not None]
    if not any(entry.values("olcDatabase") for entry in entries):
        raise InputError(
            Sentence(
                "This is not the configuration of an OpenLDAP server (cn=config). As root on the server, run: "
                "slapcat -n 0"
            )
        )
    return OpenldapConfig(entries, base, is_new)


def openldap_config_of_new(base: DN) -> OpenldapConfig:
    """The configuration of a server as Debian's package slapd installs it."""
    content = files("feideprov.setup").joinpath("debian-slapd.ldif").read_bytes()
    suffix = str(base) if base_is_domain(base) else "dc=nodomain"
    return openldap_config_in(content.replace(b"SUFFIX", suffix.encode()), base, is_new=True)


def base_is_domain(base: DN) -> bool:
    """Is it made of `dc` only? Debian's package makes no other base."""
    return bool(base.rdns) and all(len(rdn) == 1 and rdn[0][0].lower() == "dc" for rdn in base.rdns)


def normal_rule(text: str) -> str:
    """An access rule or a limit without its number, as slapd prints it: it writes dn.base for dn.exact."""
    return " ".join(_ORDER.sub("", text).replace("dn.exact=", "dn.base=").split())


def _rules(database: Entry | None) -> list[str]:
    return [normal_rule(text) for text in database.texts("olcAccess")] if database else []


def _is_module_list(entry: Entry) -> bool:
    return any(text.lower() == "olcmodulelist" for text in entry.texts("objectClass"))
