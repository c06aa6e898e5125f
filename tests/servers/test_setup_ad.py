"""`feideprov setup ad`: a fresh Samba, as Debian installs it, becomes a domain by what the page says, word for word.

The names are those that commands and files have trouble with: spaces, quotation marks, commas, letters beyond ASCII.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from private_machine import PrivateMachine
from setup_page import PROGRAM, carry_out

from feideprov.directory.dn import DN
from feideprov.directory.password import quoted
from feideprov.setup.change_record import Change, addition, modification
from feideprov.testing.numbers import prefix_of, with_check_digits

SYSTEMCTL = """#!/bin/sh
end() { [ ! -e /run/samba/samba.pid ] || { kill $(cat /run/samba/samba.pid); rm /run/samba/samba.pid; }; }
case $1 in
stop) end ;;
restart) end; samba -D; until ss -ltn | grep -q ':636 '; do sleep 0.05; done ;;
esac
"""
FOLDERS = ("/etc/samba", "/var/lib/samba")
EMPTY = ("/run/samba", "/var/log/samba", "/var/cache/samba")
DOMAIN = DN.parse("dc=skotthyll,dc=no")
ORGANIZATION = DOMAIN.child("o", 'Skotthyll "Ås", søndre')
USERS = ORGANIZATION.child("ou", "elever & lærere")
SERVICES = DOMAIN.child("ou", "Tjenester, IT's")
INSUFFICIENT_ACCESS_RIGHTS = 50
PASSWORD = "Correct-horse-battery-1"
NUMBER = with_check_digits(prefix_of(date(2030, 1, 2), 40, 80), range(500, 600), 500)
VALUES = {
    "norEduPersonNIN": NUMBER,
    "norEduPersonGuardianNIN": NUMBER,
    "norEduPersonLIN": "skotthyll.kommune.no:lin:1",
    "norEduPersonBirthDate": "20300102",
    "schacPersonalUniqueID": "urn:schac:personalUniqueID:no:x:1",
    "schacPersonalUniqueCode": "urn:schac:personalUniqueCode:no:x:1",
    "schacDateOfBirth": "20300102",
    "schacYearOfBirth": "2030",
}
CLASSES = ("schacPersonalCharacteristics", "schacLinkageIdentifiers", "schacExperimentalOC")
SAM = "ldbmodify -H /var/lib/samba/private/sam.ldb values.ldif"


class Account(NamedTuple):
    """An account, and the file with its password in the folder of the configuration."""

    dn: DN
    password_file: str


OWN = Account(SERVICES.child("cn", "Feide prøve"), "feideprov-password")
FEIDE = Account(SERVICES.child("cn", "feide"), "setup-ad/feide-password")
ORDINARY = Account(DOMAIN.child("cn", "users").child("cn", "ordinary"), "ordinary-password")


@dataclass(frozen=True)
class Domain:
    """The domain after the page was carried out, and what was printed. `office` has the configuration."""

    machine: PrivateMachine
    office: Path
    printed: str

    def asked(self, program: str, account: Account, rest: str = "", *, typed: str = "") -> tuple[int, str]:
        """The exit code and the output of one of OpenLDAP's commands, run as an account."""
        dn, password_file = account
        (self.office / "account").write_text(str(dn), encoding="utf-8")
        before = f"umask 077; tr -d '\\n' < {self.office / password_file} > password; LDAPTLS_REQCERT=never"
        options = '-x -H ldaps://localhost -D "$(cat account)" -y password'
        done = self.machine.ended(f"{before} {program} {options} {rest}", self.office, typed=typed)
        return done.returncode, done.stdout

    def found(self, account: Account, condition: str) -> str:
        """The user with the closed attributes, as an account finds it."""
        wanted = f"'(&(cn=testbruk){condition})' cn {' '.join(VALUES)}"
        code, found = self.asked("ldapsearch", account, f"-o ldif-wrap=no -LLL -b {DOMAIN} {wanted}")
        assert code == 0, found
        return found

    def closed_values(self, account: Account) -> set[str]:
        """The closed attributes of the user that an account is shown."""
        found = self.found(account, "(objectClass=user)")
        assert "\ncn: testbruk\n" in found
        return {name for name in VALUES if f"\n{name}:" in found}


@pytest.fixture(scope="module")
def domain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Domain]:
    office = tmp_path_factory.mktemp("office")
    programs = {"systemctl": SYSTEMCTL, "feideprov": PROGRAM}
    with PrivateMachine(folders=FOLDERS, empty=EMPTY, programs=programs) as machine:
        machine.run("feideprov init --source-id-attribute employeeNumber", office)
        config = office / "feideprov.toml"
        text = config.read_text(encoding="utf-8")
        text = text.replace('"ldif:catalogue.ldif"', '"ldaps://localhost"')
        text = text.replace("ou=people,dc=skotthyll,dc=no", _toml(USERS))
        text = text.replace("o=Skotthyll kommune,dc=skotthyll,dc=no", _toml(ORGANIZATION))
        text = text.replace('# bind_dn = "cn=feideprov,dc=skotthyll,dc=no"', f'bind_dn = "{_toml(OWN.dn)}"')
        config.write_text(text, encoding="utf-8")
        machine.run("feideprov setup ad", office)
        printed = carry_out(machine, office, office / "setup-ad" / "setup.md", leave_out="apt-get")
        user = str(USERS.child("cn", "testbruk"))
        account = {"objectClass": ["user"], "sAMAccountName": ["ordinary"], "userAccountControl": ["512"]}
        records = (
            addition(str(ORDINARY.dn), account | {"unicodePwd": [quoted(PASSWORD)]}),
            modification(user, [Change("add", "objectClass", CLASSES)]),
            modification(user, [Change("replace", name, [value]) for name, value in VALUES.items()]),
        )
        (office / "values.ldif").write_text("".join(records), encoding="utf-8")
        (office / ORDINARY.password_file).write_text(PASSWORD)
        machine.run(SAM, office)
        yield Domain(machine, office, printed)


def _toml(dn: DN) -> str:
    return str(dn).replace("\\", "\\\\").replace('"', '\\"')


def test_doctor_finds_nothing_wrong_and_the_first_user_logs_in(domain: Domain) -> None:
    assert "WRONG" not in domain.printed
    assert "\nwarning " not in domain.printed
    with_a_user = domain.printed.partition("$ feideprov doctor --user")[2]
    assert "ok        login: The directory accepts the password." in with_a_user
    unknown = {line.split()[1] for line in with_a_user.splitlines() if line.startswith("unknown ")}
    assert unknown == {"indexes:", "logs:"}  # a domain shows neither


def test_file_with_both_passwords_is_not_left_behind(domain: Domain) -> None:
    own = (domain.office / OWN.password_file).read_text().strip()
    left = [path.name for path in (domain.office / "setup-ad").iterdir() if own in path.read_text(encoding="utf-8")]
    assert not left
    assert not (domain.office / "setup-ad" / "05-accounts.ldif").exists()


@pytest.mark.parametrize("name", VALUES)
def test_ordinary_account_neither_reads_nor_finds_what_is_closed(domain: Domain, name: str) -> None:
    assert name not in domain.closed_values(ORDINARY)
    assert domain.found(OWN, f"({name}=*)")
    assert not domain.found(ORDINARY, f"({name}=*)").startswith("dn:")


def test_feide_reads_what_is_closed_and_writes_nothing(domain: Domain) -> None:
    assert domain.closed_values(FEIDE) == set(VALUES)
    user = str(USERS.child("cn", "testbruk"))
    for step in (Change("replace", "mail", ["a@b.no"]), Change("replace", "unicodePwd", [quoted(PASSWORD)])):
        code, said = domain.asked("ldapmodify", FEIDE, typed=modification(user, [step]))
        assert code == INSUFFICIENT_ACCESS_RIGHTS, said


def test_feideprov_reads_what_is_closed_and_changes_nothing_outside(domain: Domain) -> None:
    assert domain.closed_values(OWN) == set(VALUES)
    for dn in (ORDINARY.dn, FEIDE.dn, DOMAIN, SERVICES, ORGANIZATION):
        change = modification(str(dn), [Change("replace", "description", ["x"])])
        code, said = domain.asked("ldapmodify", OWN, typed=change)
        assert code == INSUFFICIENT_ACCESS_RIGHTS, said


def test_feideprov_renames_users_and_gives_them_passwords(domain: Domain) -> None:
    user = USERS.child("cn", "testbruk")
    renamed = f"dn: {user}\nchangetype: modrdn\nnewrdn: cn=renamed\ndeleteoldrdn: 1\n\n"
    back = f"dn: {USERS.child('cn', 'renamed')}\nchangetype: modrdn\nnewrdn: cn=testbruk\ndeleteoldrdn: 1\n\n"
    password = modification(str(user), [Change("replace", "unicodePwd", [quoted(PASSWORD)])])
    code, said = domain.asked("ldapmodify", OWN, typed=renamed + back + password)
    assert code == 0, said


def test_feideprov_creates_the_entry_of_a_new_school(domain: Domain) -> None:
    config = domain.office / "feideprov.toml"
    school = f"""
[[schools]]
id = "ny"
name = "Ny skole"
number = "NO923456783"
mail = "ny@skotthyll.kommune.no"
dn = "{_toml(ORGANIZATION.child("ou", "Ny skole"))}"
kind = "primary"
"""
    config.write_text(config.read_text(encoding="utf-8") + school, encoding="utf-8")
    assert "1 created" in domain.machine.run("feideprov init --directory --yes", domain.office)
