"""`feideprov setup 389`: a machine without an instance is set up by what the page says, word for word."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import NamedTuple

import pytest
from private_machine import PrivateMachine
from setup_page import PROGRAM, blocks, carry_out
from size import size

SYSTEMCTL = r"""#!/bin/sh
# what the unit dirsrv@.service of the package does
name=${2#dirsrv@}
pid=/run/dirsrv/slapd-$name.pid
running() { test -s "$pid" && grep -qs ns-slapd "/proc/$(cat "$pid")/cmdline"; }
become() { for again in $(seq 600); do "$@" && return; sleep 0.05; done; return 1; }
stopped() { ! running; }
case $1 in
    start) running || { ns-slapd -D "/etc/dirsrv/slapd-$name" -i "$pid" && become running; } ;;
    stop) stopped || { kill "$(cat "$pid")" && become stopped; } ;;
    restart) "$0" stop "$2" && "$0" start "$2" ;;
    is-active) running ;;
esac
"""
EMPTY = (
    *("/etc/systemd/system", "/etc/tmpfiles.d", "/etc/default"),
    *("/var/lib/dirsrv", "/var/log/dirsrv", "/run", "/dev/shm"),
)
TLS = "LDAPTLS_REQCERT=never"
INSUFFICIENT_ACCESS = 50
LDAPI = "-Q -Y EXTERNAL -H ldapi://%2Frun%2Fslapd-feide.socket"
EXISTING = (
    "(cat /etc/dirsrv/slapd-feide/dse.ldif; echo; ldapsearch -Q -LLL -Y EXTERNAL -H "
    "ldapi://%2Frun%2Fslapd-feide.socket -s base -b cn=schema attributeTypes objectClasses) | "
    "feideprov setup 389 --server - --out {folder}"
)
"""What the page says on an instance that is there already."""


USUAL = "dc=skotthyll,dc=no"
AWKWARD = 'o=Ås \\"test\\" (nordre)\\, 100%'
FEIDE = "cn=feide feide-password"
SEARCHES = (
    *("(uid=x)", "(eduPersonPrincipalName=x)", "(norEduPersonNIN=x)", "(norEduPersonNIN=*)"),
    *("(eduPersonEntitlement=x)", "(employeeNumber=x)", "(entryUUID=x)"),
)
SEARCH_LINE = re.compile(r'conn=(\d+ op=\d+) SRCH .*filter="\((?:.*=x|norEduPersonNIN=\*)\)".*')
RESULT_WITH_NOTES = re.compile(r"conn=(\d+ op=\d+) RESULT .*notes=")
READERS = ("cn=feideprov own-password", FEIDE, "uid=vår,ou=people trial-password")
NUMBER, BIRTH_DATE = "41819077302", "19900118"
USERS = """
dn: uid=vår,ou=people,{base}
objectClass: inetOrgPerson
objectClass: eduPerson
objectClass: norEduPerson
uid: vår
cn: Vår
sn: Vår
eduPersonPrincipalName: var@skotthyll.kommune.no
norEduPersonNIN: {number}
norEduPersonBirthDate: {birth_date}
userPassword: a-trial-password

dn: uid=other,ou=people,{base}
objectClass: inetOrgPerson
uid: other
cn: Other
sn: Other
userPassword: a-trial-password
"""
ANYONE_READS = """
dn: {base}
changetype: modify
add: aci
aci: (targetattr = "*")(version 3.0; acl "an old rule"; allow (read, search, compare) userdn = "ldap:///anyone";)
"""
OPEN_TO_ALL = """
dn: cn=config
changetype: modify
replace: nsslapd-allow-anonymous-access
nsslapd-allow-anonymous-access: on
-
replace: nsslapd-accesslog-logbuffering
nsslapd-accesslog-logbuffering: off
"""
"""How an older server may be: anonymous users may search. And its log is written at once."""


class Office(NamedTuple):
    """A machine after its set-up, with two more users. `printed` is what the commands of the page printed."""

    machine: PrivateMachine
    folder: Path
    base: str
    printed: str

    def load(self, ldif: str) -> CompletedProcess[str]:
        """Root adds or changes entries."""
        text = ldif.format(base=self.base, number=NUMBER, birth_date=BIRTH_DATE)
        return self.machine.ended(f"ldapmodify -a {LDAPI}", self.folder, typed=text)

    def changed(self, who: str, value: str) -> CompletedProcess[str]:
        """A change of a user by somebody: one attribute gets another value."""
        attribute = value.partition(":")[0]
        text = f"dn: uid=vår,ou=people,{self.base}\nchangetype: modify\nreplace: {attribute}\n{value}\n"
        return self.machine.ended(f"{TLS} ldapmodify {self._bind(who)}", self.folder, typed=text)

    def found(self, who: str = "", *, at: str = "", what: str = "(objectClass=*)") -> str:
        """What a search by somebody finds: `who` is the DN above the base and the file of the password."""
        return self.machine.ended(
            f"{TLS} ldapsearch -LLL -o ldif-wrap=no {self._bind(who)} -b '{at or self.base}' '{what}' '*' '+'",
            self.folder,
        ).stdout

    def _bind(self, who: str) -> str:
        name, _, password = who.partition(" ")
        bind = f"-D '{name},{self.base}' -y {password}" if who else ""
        return f"-x -H ldaps://localhost {bind}"


@pytest.fixture(scope="module", params=size([AWKWARD], [AWKWARD, USUAL]), ids=["awkward", "usual"][: size(1, 2)])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder, base = tmp_path_factory.mktemp("office"), request.param
    programs = {"systemctl": SYSTEMCTL, "feideprov": PROGRAM}
    with PrivateMachine(folders=["/etc/dirsrv"], empty=EMPTY, programs=programs) as machine:
        machine.run("install -d -m 1777 /run/lock; feideprov init --source-id-attribute employeeNumber", folder)
        config = folder / "feideprov.toml"
        text = config.read_text().replace('"ldif:catalogue.ldif"', '"ldaps://localhost"')
        config.write_text(text.replace(USUAL, json.dumps(base, ensure_ascii=False)[1:-1]))
        machine.run("feideprov setup 389", folder)
        printed = carry_out(machine, folder, folder / "setup-389" / "setup.md", leave_out="apt-get")
        done = Office(machine, folder, base, printed)
        assert done.load(USERS).returncode == 0
        (folder / "trial-password").write_text("a-trial-password")
        (folder / "own-password").write_text((folder / "feideprov-password").read_text().strip())
        (folder / "feide-password").write_text((folder / "setup-389" / "feide-password").read_text().strip())
        yield done


def test_doctor_finds_a_server_without_an_instance_in_order_after_the_page(office: Office) -> None:
    assert "WRONG" not in office.printed
    assert "\nwarning " not in office.printed
    with_a_user = office.printed.partition("$ feideprov doctor --user")[2]
    assert "ok        login: The directory accepts the password." in with_a_user
    assert "unknown " not in with_a_user


def test_server_refuses_a_number_that_another_user_has(office: Office) -> None:
    refused = office.load(USERS.replace("var", "another").replace("vår", "another"))
    assert "Another entry with the same attribute value already exists" in refused.stdout


def test_numbers_and_hashes_are_closed_even_where_an_old_rule_lets_anyone_read(office: Office) -> None:
    assert "Inappropriate authentication (48)" in office.found()
    assert office.load(ANYONE_READS).returncode == 0
    assert office.load(OPEN_TO_ALL).returncode == 0
    for nobody in ("", "uid=other,ou=people trial-password"):
        seen = office.found(nobody)
        assert "eduPersonPrincipalName: var@" in seen
        assert NUMBER not in seen
        assert BIRTH_DATE not in seen
        assert "dn:" not in office.found(nobody, what="(norEduPersonNIN=*)")
    everybody = [office.found(who) for who in READERS]
    assert not [seen for seen in everybody if NUMBER not in seen]
    assert not [seen for seen in everybody if BIRTH_DATE not in seen]
    assert "userpassword:" not in "".join([*everybody, seen]).lower()


def test_only_feideprov_writes_numbers_and_it_changes_no_access_rule(office: Office) -> None:
    anyone_writes = ANYONE_READS.replace("an old rule", "another").replace("(read, search, compare)", "(all)")
    assert office.load(OPEN_TO_ALL + anyone_writes).returncode == 0
    everybody = [office.changed(who, f"norEduPersonNIN: {NUMBER}").returncode for who in ("", *READERS)]
    assert everybody == [INSUFFICIENT_ACCESS, 0, INSUFFICIENT_ACCESS, INSUFFICIENT_ACCESS]
    removed = anyone_writes.replace("add: aci", "delete: aci")
    assert office.load(removed).returncode == 0
    assert office.changed(READERS[0], "aci: (version 3.0;)").returncode == INSUFFICIENT_ACCESS


def test_feideprov_reads_what_doctor_needs_and_no_hash_of_the_administrator(office: Office) -> None:
    config = office.found("cn=feideprov own-password", at="cn=config")
    assert "nsslapd-suffix:" in config
    assert "rootpw" not in config
    assert "{" not in config


def test_search_by_each_attribute_with_an_index_uses_it(office: Office) -> None:
    office.load(OPEN_TO_ALL)
    found = [office.found(FEIDE, what=what) for what in (*SEARCHES, "(description=x)")]
    assert not [text for text in found if "(-1)" in text]
    log, deadline = "", time.monotonic() + 60
    while not (unindexed := _with_notes(log)) and time.monotonic() < deadline:  # the line may come after its response
        log = office.machine.run("cat /var/log/dirsrv/slapd-feide/access", office.folder)
    assert len(unindexed) == 1, "only the search by description reads all entries"
    assert "(description=x)" in unindexed[0]


def _with_notes(log: str) -> list[str]:
    """Each of our searches whose result says notes=: it read entries without an index. Lines of other connections may
    stand between a search and its result."""
    searches = {found[1]: found[0] for found in SEARCH_LINE.finditer(log)}
    return [searches[key] for key in RESULT_WITH_NOTES.findall(log) if key in searches]


def test_set_up_server_lacks_nothing(office: Office) -> None:
    office.machine.run(EXISTING.format(folder="again"), office.folder)
    written = sorted(path.name for path in (office.folder / "again").iterdir())
    assert written == [
        "03-base-1.ldif",
        "07-accounts.ldif",
        "08-access.ldif",
        "feide-password",
        "first-user.csv",
        "setup.md",
    ]
    page = office.folder / "again" / "setup.md"
    lines = [line for block in blocks(page) if block.is_for_server for line in block.text.splitlines()]
    ended = [office.machine.ended(line, page.parent) for line in lines]
    assert [(one.stdout.count("ldap_add"), one.stdout.count("ldap_modify")) for one in ended] == [
        (0, 0),
        (2, 0),
        (0, 9),
    ]
    assert ended[1].stdout.count("Already exists (68)") == 2
    assert ended[2].stdout.count("Type or value exists (20)") == 9
