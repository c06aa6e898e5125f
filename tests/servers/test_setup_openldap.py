"""`feideprov setup openldap`: an empty slapd, as Debian installs it, is set up by what the page says, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from private_machine import PrivateMachine
from setup_page import PROGRAM, carry_out

SYSTEMCTL = "#!/bin/sh\nexec /etc/init.d/$2 $1 >/dev/null\n"
FOLDERS = ("/etc/ldap", "/etc/default")
EMPTY = ("/etc/ldap/slapd.d", "/var/lib/ldap", "/run/slapd")
INSTALL = """
set -e
sed -e 's/@SUFFIX@/{suffix}/' -e 's/@PASSWORD@/x/' /usr/share/slapd/slapd.init.ldif > init.ldif
slapadd -F /etc/ldap/slapd.d -b cn=config -l init.ldif
printf 'dn: {suffix}\\nobjectClass: dcObject\\nobjectClass: organization\\no: x\\ndc: {dc}\\n' | slapadd
chown -R openldap:openldap /etc/ldap/slapd.d /var/lib/ldap /run/slapd
sed -i 's|^SLAPD_SERVICES=.*|SLAPD_SERVICES="ldap:/// ldapi:///"|' /etc/default/slapd
systemctl start slapd
"""
"""What Debian's package does when it is installed and told a domain."""


@pytest.fixture
def machine(tmp_path: Path):
    programs = {"systemctl": SYSTEMCTL, "feideprov": PROGRAM}
    with PrivateMachine(folders=FOLDERS, empty=EMPTY, programs=programs) as started:
        started.run(INSTALL.format(suffix="dc=skotthyll,dc=no", dc="skotthyll"), started.home)
        yield started


def test_empty_slapd_is_set_up_by_what_the_page_says(machine: PrivateMachine, tmp_path: Path) -> None:
    machine.run("feideprov init", tmp_path)
    config = tmp_path / "feideprov.toml"
    config.write_text(config.read_text().replace('"ldif:catalogue.ldif"', '"ldaps://localhost"'))
    machine.run("feideprov setup openldap", tmp_path)
    printed = carry_out(machine, tmp_path, tmp_path / "setup-openldap" / "setup.md", leave_out="apt-get")
    assert "WRONG" not in printed
    with_a_user = printed.partition("$ feideprov doctor --user")[2]
    assert "ok        login: The directory accepts the password." in with_a_user
    assert "unknown " not in with_a_user
