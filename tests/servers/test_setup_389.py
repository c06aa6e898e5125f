"""`feideprov setup 389`: a machine without an instance is set up by what the page says, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from private_machine import PrivateMachine
from setup_page import PROGRAM, carry_out

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
LDAPI = "-Q -Y EXTERNAL -H ldapi://%2Frun%2Fslapd-feide.socket"
EXISTING = (
    "(cat /etc/dirsrv/slapd-feide/dse.ldif; echo; ldapsearch -Q -LLL -Y EXTERNAL -H "
    "ldapi://%2Frun%2Fslapd-feide.socket -s base -b cn=schema attributeTypes objectClasses) | "
    "feideprov setup 389 --server - --out {folder}"
)
"""What the page says on an instance that is there already."""


class Office(NamedTuple):
    """A machine after its set-up. `printed` is what the commands of the page printed."""

    machine: PrivateMachine
    folder: Path
    base: str
    printed: str

    def root(self, command: str) -> str:
        return self.machine.run(command, self.folder)

    def found(self, who: str, *wanted: str) -> str:
        """What a search by somebody finds: `who` are options of ldapsearch."""
        return self.machine.ended(
            f"LDAPTLS_CACERT=ca.pem ldapsearch -x -LLL -o ldif-wrap=no -H ldaps://localhost {who} -b '{self.base}' "
            f"'(objectClass=*)' {' '.join(wanted)}",
            self.folder,
        ).stdout


@pytest.fixture(
    scope="module", params=["dc=skotthyll,dc=no", 'o=Ås \\"test\\" (nordre)\\, 100%'], ids=["usual", "awkward"]
)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder, base = tmp_path_factory.mktemp("office"), request.param
    programs = {"systemctl": SYSTEMCTL, "feideprov": PROGRAM}
    with PrivateMachine(folders=["/etc/dirsrv"], empty=EMPTY, programs=programs) as machine:
        machine.run("install -d -m 1777 /run/lock; feideprov init", folder)
        config = folder / "feideprov.toml"
        text = config.read_text().replace('"ldif:catalogue.ldif"', '"ldaps://localhost"')
        config.write_text(text.replace("dc=skotthyll,dc=no", base.replace("\\", "\\\\").replace('"', '\\"')))
        machine.run("feideprov setup 389", folder)
        printed = carry_out(machine, folder, folder / "setup-389" / "setup.md", leave_out="apt-get")
        yield Office(machine, folder, base, printed)


def test_doctor_finds_a_server_without_an_instance_in_order_after_the_page(office: Office) -> None:
    assert "WRONG" not in office.printed
    with_a_user = office.printed.partition("$ feideprov doctor --user")[2]
    assert "ok        login: The directory accepts the password." in with_a_user
    assert "unknown " not in with_a_user
