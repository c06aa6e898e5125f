"""The configuration of a private slapd, and the entries that it has at first."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from feideprov.directory.password import stored
from feideprov.errors import ConfigurationError
from feideprov.messages import Sentence
from feideprov.schema.files import schema_files

_MODULE_FOLDERS: Final = (
    "/usr/lib/ldap",
    "/usr/lib64/openldap",
    "/usr/lib/openldap",
    "/usr/libexec/openldap",
)
_SCHEMA_FOLDERS: Final = ("/etc/ldap/schema", "/etc/openldap/schema", "/usr/local/etc/openldap/schema")


class Account(NamedTuple):
    """An account of the server: a DN and its password."""

    dn: str
    password: str


@dataclass(frozen=True, kw_only=True)
class SlapdConfig:
    """What slapd.conf(5) is written from. `home` is the folder of the server; the other fields are those of
    `PrivateSlapd`."""

    home: Path
    suffix: str
    people_dn: str
    admin: Account = field(repr=False)
    service: Account = field(repr=False)
    reader: Account = field(repr=False)
    unique: bool
    argon2: bool
    noredu: bool
    size_limit: int
    sync: bool
    extra_access: Sequence[str]
    extra_config: Sequence[str]

    def slapd_conf(self) -> str:
        """The text of slapd.conf. Raises ConfigurationError when OpenLDAP's own schema files are missing."""
        modules = _first_folder(_MODULE_FOLDERS, "back_mdb.la", "back_mdb.so")
        wanted = ["back_mdb", *(["unique"] if self.unique else []), *(["argon2"] if self.argon2 else [])]
        lines = [
            *(f"include {_quoted(path)}" for path in self._schema_files()),
            "loglevel 0",  # of syslog; the level of standard error is an argument of the command
            f"pidfile {self._in_home('slapd.pid')}",
            f"argsfile {self._in_home('slapd.args')}",
            # without loadable modules everything is built in
            *([f"modulepath {_quoted(modules)}", *(f"moduleload {name}" for name in wanted)] if modules else []),
            f"TLSCertificateFile {self._in_home('server.pem')}",
            f"TLSCertificateKeyFile {self._in_home('server.key')}",
            "TLSProtocolMin 3.3",
            f"password-hash {'{ARGON2}' if self.argon2 else '{SSHA}'}",
            f'authz-regexp "^gidNumber=[0-9]+[+]uidNumber={os.getuid()},cn=peercred,cn=external,cn=auth$"'
            f' "{self.service.dn}"',
            "database mdb",
            f'suffix "{self.suffix}"',
            f'rootdn "{self.admin.dn}"',
            f"rootpw {stored(self.admin.password, 'ssha').decode()}",
            f"directory {self._in_home('db')}",
            "maxsize 1073741824",
            *([] if self.sync else ["dbnosync"]),
            f"sizelimit {self.size_limit}",
            f'limits dn.exact="{self.service.dn}" size=unlimited time=unlimited',
            *self._indexes(),
            *self._access(),
            *self._unique_overlay(),
            *self.extra_config,
        ]
        return "\n".join(lines) + "\n"

    def base_ldif(self) -> str:
        """The first entries: the suffix, the entry for people, and the two accounts."""
        name = self.suffix.split(",")[0][3:]
        return "\n".join(
            [
                f"dn: {self.suffix}\nobjectClass: organization\nobjectClass: dcObject\no: {name}\ndc: {name}\n",
                f"dn: {self.people_dn}\nobjectClass: organizationalUnit\nou: people\n",
                *(
                    f"dn: {dn}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\n"
                    f"cn: {dn.split(',')[0][3:]}\nuserPassword: {stored(password, 'ssha').decode()}\n"
                    for dn, password in (self.service, self.reader)
                ),
            ]
        )

    def _schema_files(self) -> list[Path]:
        folder = _first_folder(_SCHEMA_FOLDERS, "inetorgperson.schema")
        if folder is None:
            raise ConfigurationError(
                Sentence("OpenLDAP's own schema files are missing. To install them, run: apt-get install slapd")
            )
        standard = [folder / f"{name}.schema" for name in ("core", "cosine", "inetorgperson")]
        return [*standard, *(schema_files("openldap") if self.noredu else ())]

    def _indexes(self) -> list[str]:
        lines = ["index objectClass,entryUUID,uid,employeeNumber eq"]
        if self.noredu:
            # presence: numbers are never in a filter, so the filter is (norEduPersonNIN=*)
            lines += ["index eduPersonPrincipalName,eduPersonEntitlement eq", "index norEduPersonNIN pres,eq"]
        return lines

    def _access(self) -> list[str]:
        service, reader = f'by dn.exact="{self.service.dn}" write', f'by dn.exact="{self.reader.dn}" read'
        return [
            *self.extra_access,
            f"access to attrs=userPassword {service} by self auth by anonymous auth by * none",
            f"access to * {service} {reader} by self read by anonymous auth by * none",
        ]

    def _unique_overlay(self) -> list[str]:
        if not self.unique:
            return []
        attributes = ["uid", *(["eduPersonPrincipalName", "norEduPersonNIN"] if self.noredu else [])]
        return ["overlay unique", *(f"unique_uri ldap:///{self.suffix}?{name}?sub" for name in attributes)]

    def _in_home(self, name: str) -> str:
        return _quoted(self.home / name)


def _first_folder(folders: Sequence[str], *files: str) -> Path | None:
    return next((Path(folder) for folder in folders if any(Path(folder, file).exists() for file in files)), None)


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
