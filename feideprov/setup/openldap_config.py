"""What an OpenLDAP server has already: its cn=config, as slapcat prints it, or as Debian installs it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from urllib.parse import quote

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.ldap.server_config import ServerConfig, database_of, openldap_config
from feideprov.directory.ldap.server_schema import Correction
from feideprov.directory.ldif import records
from feideprov.errors import InputError
from feideprov.messages import Sentence
from feideprov.setup.change_record import Change, modification

_ORDER = re.compile(r"^\{-?\d+\}")
_DEFINITIONS = ("olcAttributeTypes", "olcObjectClasses")
_NUMBER = re.compile(r"\{([0-9]{1,9})\}")


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

    @property
    def database_dn(self) -> str:
        """The entry of that database, or of the one that the set-up makes."""
        return str(self.database.dn) if self.database else f"olcDatabase={{{self._next_database}}}mdb,cn=config"

    @cached_property
    def settings(self) -> ServerConfig | None:
        """Indexes, uniqueness and limits of that database."""
        return openldap_config(self.entries, self.base)

    @property
    def suffixes(self) -> list[str]:
        """The bases that the server has databases for."""
        return [text for entry in self.entries for text in entry.texts("olcSuffix") if text != "cn=Monitor"]

    @property
    def _next_database(self) -> int:
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
        """Is it configured that the server accepts TLS 1.2 (3.3) and newer only, as far as its library shows it?"""
        lowest = [text.split(".") for entry in self.entries for text in entry.texts("olcTLSProtocolMin")]
        if lowest:
            return all("".join(numbers).isdigit() and [*map(int, numbers)] >= [3, 3] for numbers in lowest)
        return any(entry.values("olcTLSCipherSuite") for entry in self.entries)

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
    def suffix(self) -> DN | None:
        """The suffix of that database that has the base: the base itself, or an entry above it. None: it is empty."""
        suffixes = (DN.parse(text) for text in (self.database.texts("olcSuffix") if self.database else ()))
        return next((suffix for suffix in suffixes if suffix.rdns and self.base.is_within(suffix)), None)

    @property
    def root_may_configure(self) -> bool:
        """May root on the server change cn=config over the socket? On a server with a converted slapd.conf nobody may,
        or the root DN only."""
        database = self._database("config")
        texts = [*_rules(database), *(database.texts("olcRootDN") if database else ())]
        return any("cn=peercred" in text.lower() or " manage" in text.lower() for text in texts)

    def overlay(self, name: str) -> Entry | None:
        """The entry of an overlay of the database, if there is one."""
        if self.database is None:
            return None
        own = (entry for entry in self.entries if entry.dn.is_within(self.database.dn))
        return next((e for e in own if name in (_ORDER.sub("", text) for text in e.texts("olcOverlay"))), None)

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


def schema_changes(corrections: Sequence[Correction], definitions: Sequence[Definition]) -> Iterator[str]:
    """Single definitions, each in the entry that defines its anchor: slapd reads the entries in order at start."""
    for one in corrections:
        at = next(d for d in definitions if f"'{one.anchor.lower()}'" in d.text.lower().partition(" desc ")[0])
        name = f"olc{one.kind[0].upper()}{one.kind[1:]}"
        if one.replaces:
            steps = [Change("delete", name, (at.number,)), Change("add", name, (f"{at.number}{one.text}",))]
        else:
            steps = [Change("add", name, (one.text,))]
        yield modification(str(at.dn), steps)


def begins_with(held: Sequence[str], *some: Iterable[str]) -> bool:
    """Are one of these lists of rules the first rules of a database?"""
    return any(list(held[: len(rules)]) == [normal_rule(rule) for rule in rules] for rules in map(list, some))


def without_index(config: OpenldapConfig, name: str) -> Iterator[Change]:
    """The changes that remove an attribute from the values of olcDbIndex."""
    for line in config.index_lines:
        names, _, kinds = line.partition(" ")
        others = [one for one in names.split(",") if attribute_key(one) != attribute_key(name)]
        if len(others) < len(names.split(",")):
            yield Change("delete", "olcDbIndex", (line,))
            if others:
                yield Change("add", "olcDbIndex", (f"{','.join(others)} {kinds}".rstrip(),))


def added_uris(overlay: Entry, suffix: DN, uris: Sequence[str]) -> Iterator[Change]:
    """The changes that add URIs to an overlay. It takes none beside the keys that were used before there were URIs
    (slapo-unique(5), legacy), so those are written as a URI too."""
    strict, base = overlay.text("olcUniqueStrict") == "TRUE", overlay.text("olcUniqueBase") or str(suffix)
    for name, word in (("olcUniqueAttribute", ""), ("olcUniqueIgnore", "ignore ")):
        if names := ",".join(text for line in overlay.texts(name) for text in line.split()):
            uris = [f"{'strict ' * strict}{word}ldap:///{quote(base, safe='=,+')}?{names}?sub", *uris]
    for name in ("olcUniqueAttribute", "olcUniqueIgnore", "olcUniqueStrict", "olcUniqueBase"):
        if overlay.values(name):
            yield Change("delete", name)
    yield Change("add", "olcUniqueURI", list({uri.lower(): uri for uri in uris}.values()))


def normal_rule(text: str) -> str:
    """An access rule or a limit without its number, as slapd prints it: it writes dn.base for dn.exact."""
    return " ".join(_ORDER.sub("", text).replace("dn.exact=", "dn.base=").split())


def _rules(database: Entry | None) -> list[str]:
    return [normal_rule(text) for text in database.texts("olcAccess")] if database else []


def _is_module_list(entry: Entry) -> bool:
    return any(text.lower() == "olcmodulelist" for text in entry.texts("objectClass"))
