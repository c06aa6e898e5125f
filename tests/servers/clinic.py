"""A slapd as the doctor wants it, with an organization, a school and one user; and ways to make it ill."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feideprov.check.examination import Check, Examination
from feideprov.check.finding import Finding
from feideprov.client.client import Client
from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Entry
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.password import stored
from feideprov.testing.example import example_entries, example_settings
from feideprov.testing.slapd import PrivateSlapd

SERVICE = "cn=feideprov,dc=skotthyll,dc=no"
OLENA = "olenkova@skotthyll.kommune.no"
PASSWORD = "first-password-of-olena"
# GnuTLS's words: Debian's and Ubuntu's slapd is built with it, and TLSProtocolMin means nothing to it
NEW_TLS = ("TLSCipherSuite NORMAL:-VERS-TLS1.0:-VERS-TLS1.1",)
OLD_TLS = ("TLSCipherSuite NORMAL:-VERS-ALL:+VERS-TLS1.1",)
LOCKS = (
    "moduleload ppolicy",
    "overlay ppolicy",
    "ppolicy_use_lockout",
    'ppolicy_default "cn=policy,dc=skotthyll,dc=no"',
)
TELLING = (
    "moduleload back_monitor",
    "database monitor",
    f'access to * by dn.exact="{SERVICE}" read by * none',
    "database config",
    f'access to * by dn.exact="{SERVICE}" read by * none',
)
PEOPLE = DN.parse("ou=people,dc=skotthyll,dc=no")
SCHOOL = "ou=Hylla skole,o=Skotthyll kommune,dc=skotthyll,dc=no"
ORGANIZATION = "o=Skotthyll kommune,dc=skotthyll,dc=no"


def person(uid: str = "olenkova", **values: list[str] | None) -> Entry:
    """A user that Feide's login goes well for; None takes an attribute away."""
    whole: dict[str, list[str] | None] = {
        "objectClass": ["inetOrgPerson", "eduPerson", "norEduPerson"],
        "uid": [uid],
        "cn": ["Olena Kovalenko"],
        "sn": ["Kovalenko"],
        "displayName": ["Olena Kovalenko"],
        "eduPersonPrincipalName": [f"{uid}@skotthyll.kommune.no"],
        "eduPersonAffiliation": ["student", "member"],
        "eduPersonOrgDN": [ORGANIZATION],
        "eduPersonOrgUnitDN": [SCHOOL],
        "eduPersonPrimaryOrgUnitDN": [SCHOOL],
        "userPassword": [stored(PASSWORD, "ssha").decode()],
        **values,
    }
    return Entry(PEOPLE.child("uid", uid), {name: held for name, held in whole.items() if held is not None})


def policy(**more: list[str]) -> Entry:
    """Three wrong passwords lock an account."""
    values = {"pwdAttribute": ["userPassword"], "pwdLockout": ["TRUE"], "pwdMaxFailure": ["3"], **more}
    dn = DN.parse("cn=policy,dc=skotthyll,dc=no")
    return Entry(dn, {"objectClass": ["device", "pwdPolicy"], "cn": ["policy"], **values})


@dataclass
class Clinic:
    """A server, and a doctor for it."""

    server: PrivateSlapd
    folder: Path

    def examine(self, user: str | None = None, password: str | None = None, **sections: Any) -> Examination:
        """What the doctor finds; `sections` change the configuration."""
        secret = self.folder / "bind-password"
        secret.write_text(self.server.service_password)
        secret.chmod(0o600)
        directory = {
            "url": self.server.ldaps,
            "ca_file": self.server.ca_file,
            "bind_dn": self.server.service_dn,
            "password_file": secret,
            **sections.pop("directory", {}),
        }
        with Client(example_settings(self.folder, directory=directory, **sections)) as feide:
            return feide.doctor(user, password)

    def add(self, *entries: Entry) -> None:
        with self.directory() as directory:
            for entry in entries:  # one after the other: a password policy holds for users who come after it
                assert [written.error for written in directory.write([Add(entry)])] == [None]

    def directory(self) -> LdapDirectory:
        """As the service, over the socket: whatever is wrong with TLS."""
        return LdapDirectory(self.server.ldapi, base=self.server.suffix)


@contextmanager
def clinic(folder: Path, *people: Entry, **options: Any) -> Iterator[Clinic]:
    """A server of its own with the organization, its schools and these people."""
    with PrivateSlapd(**options) as server:
        opened = Clinic(server, folder)
        with opened.directory() as directory:
            missing = [entry for entry in example_entries() if directory.read(entry.dn) is None]
        opened.add(*missing, *people)
        yield opened


def codes(examination: Examination) -> set[str]:
    return {finding.code for finding in examination.findings}


def the(code: str, examination: Examination) -> Finding:
    """The one finding of that code."""
    [found] = [finding for finding in examination.findings if finding.code == code]
    return found


def look(name: str, checks: Any) -> Check:
    """The one check of that name."""
    [found] = [check for check in checks if check.name == name]
    return found
