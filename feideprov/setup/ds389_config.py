"""What a 389 server has already: its dse.ldif, with its schema if it is given too, or as dscreate makes a new one."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from urllib.parse import quote

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.ldap.server_config import ServerConfig, database_of, ds389_config
from feideprov.directory.ldif import records
from feideprov.errors import InputError
from feideprov.messages import Sentence

DATABASES = DN.parse("cn=ldbm database,cn=plugins,cn=config")
PLUGINS = DN.parse("cn=plugins,cn=config")
_DEFAULT_INDEXES = DN.parse("cn=default indexes,cn=config,cn=ldbm database,cn=plugins,cn=config")
_NEW_NAMES = ("userRoot", *(f"feide{number}" for number in range(1, 100)))


@dataclass(frozen=True)
class Ds389Config:
    """The entries of one server's dse.ldif. `is_new`: those of an instance as dscreate makes it."""

    entries: Sequence[Entry]
    base: DN
    is_new: bool

    def entry(self, dn: DN) -> Entry | None:
        """The entry with this name."""
        return self._by_name.get(dn)

    def setting(self, name: str, otherwise: str = "") -> str:
        """A value of cn=config."""
        return self._by_name[DN.parse("cn=config")].text(name) or otherwise

    @property
    def folder(self) -> str:
        """The folder of the instance, which has its certificates."""
        return self.setting("nsslapd-certdir")

    @property
    def instance(self) -> str:
        """The name of the instance, for dsctl and dsconf."""
        return self.folder.rstrip("/").rpartition("/")[2].removeprefix("slapd-")

    @property
    def is_secure(self) -> bool:
        """Has it a certificate, and listens for TLS?"""
        return self.setting("nsslapd-security").lower() == "on"

    @property
    def restart(self) -> str:
        """The command that starts the instance again."""
        return f"systemctl restart {shlex.quote(f'dirsrv@{self.instance}')}"

    @property
    def has_socket_for_root(self) -> bool:
        """Is root the administrator of the instance over its socket, as dscreate makes it?"""
        return {self.setting(f"nsslapd-ldapi{name}").lower() for name in ("listen", "autobind")} == {"on"}

    def by_root(self, program: str) -> str:
        """A command of LDAP, as the administrator of the instance."""
        if self.has_socket_for_root:
            return f"{program} -Q -Y EXTERNAL -H ldapi://{quote(self.setting('nsslapd-ldapifilepath'), safe='')}"
        port = self.setting("nsslapd-port", "389")
        by_password = f"{program} -x -D {shlex.quote(self.setting('nsslapd-rootdn'))} -W"
        if port == "0" or self.setting("nsslapd-require-secure-binds").lower() == "on":
            secure_port = self.setting("nsslapd-securePort", "636")
            return f"LDAPTLS_REQCERT=never {by_password} -H ldaps://localhost:{secure_port}"
        return f"{by_password} -H ldap://localhost:{port}"

    @cached_property
    def database(self) -> Entry | None:
        """The database that has the base, or None."""
        return database_of(self.entries, "nsslapd-suffix", self.base)

    @property
    def database_name(self) -> str:
        """The name of that database, or a free one for a new database."""
        if self.database is not None:
            return self.database.dn.rdns[0][0][1]
        return next(name for name in _NEW_NAMES if self.entry(DATABASES.child("cn", name)) is None)

    @property
    def database_dn(self) -> DN:
        return DATABASES.child("cn", self.database_name)

    @cached_property
    def settings(self) -> ServerConfig | None:
        """Indexes, uniqueness and limits of that database."""
        return ds389_config(self.entries, self.base)

    @property
    def down_to_base(self) -> Iterator[DN]:
        """The base, and the entries between it and the suffix of a database that exists, the highest one first."""
        if self.database is not None:
            suffix = DN.parse(self.database.text("nsslapd-suffix") or "")
            for above in reversed(range(max(1, len(self.base.rdns) - len(suffix.rdns)))):
                yield DN(self.base.rdns[above:])

    @property
    def indexes(self) -> Mapping[str, frozenset[str]]:
        """The indexes of the database. A new one gets those that are the server's default."""
        if self.settings is not None:
            return self.settings.indexes
        return {
            entry.dn.rdns[0][0][1].lower(): frozenset(kind.lower() for kind in entry.texts("nsIndexType"))
            for entry in self.entries
            if entry.dn.parent == _DEFAULT_INDEXES
        }

    @property
    def seven_bit_checks(self) -> Iterator[DN]:
        """The plug-ins that are on, and refuse Norwegian letters."""
        for entry in self.entries:
            init, on = entry.text("nsslapd-pluginInitfunc") or "", entry.text("nsslapd-pluginEnabled") or ""
            if init.lower() == "ns7bitattr_init" and on.lower() == "on":
                yield entry.dn

    @property
    def schema(self) -> tuple[list[str], list[str]] | None:
        """The definitions of attributes and of object classes, if cn=schema was given too."""
        entry = self.entry(DN.parse("cn=schema"))
        return (list(entry.texts("attributeTypes")), list(entry.texts("objectClasses"))) if entry else None

    @cached_property
    def _by_name(self) -> Mapping[DN, Entry]:
        return {entry.dn: entry for entry in self.entries}


def ds389_config_in(content: bytes, base: DN, *, is_new: bool = False) -> Ds389Config:
    """The configuration in a dse.ldif. Raises InputError when it is not LDIF, or not the configuration of 389."""
    entries = [record.entry for record in records(content) if record.entry is not None]
    config = Ds389Config(entries, base, is_new)
    if config.entry(DN.parse("cn=config")) is None or not config.instance:
        raise InputError(
            Sentence(
                "This is not the configuration of a 389 server: it has no cn=config with nsslapd-certdir. Give the "
                "file dse.ldif of the instance."
            )
        )
    return config


def without_classes(schema: str, names: Sequence[str]) -> str:
    """A schema file without these object classes, of which the server's own allow more: the last definition counts."""
    for name in names:
        schema = re.sub(rf"(?m)^objectClasses: \([^\n]*\n  NAME '{re.escape(name)}'\n(?: .*\n)*", "", schema)
    return schema


def ds389_config_of_new(base: DN) -> Ds389Config:
    """The configuration of an instance that dscreate makes without a database."""
    return ds389_config_in(files("feideprov.setup").joinpath("debian-389.ldif").read_bytes(), base, is_new=True)
