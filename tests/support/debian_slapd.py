"""A private machine on which Debian's package of slapd was installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from private_machine import PrivateMachine

_SYSTEMCTL = "#!/bin/sh\nexec /etc/init.d/$2 $1 >/dev/null\n"
_FOLDERS = ("/etc/ldap", "/etc/default")
_EMPTY = ("/etc/ldap/slapd.d", "/var/lib/ldap", "/run/slapd")
_INSTALL = """
set -e
sed -e 's/@SUFFIX@/{suffix}/' -e 's/@PASSWORD@/x/' /usr/share/slapd/slapd.init.ldif > init.ldif
slapadd -F /etc/ldap/slapd.d -b cn=config -l init.ldif
printf 'dn: {suffix}\\nobjectClass: dcObject\\nobjectClass: organization\\no: x\\ndc: {dc}\\n' | slapadd
chown -R openldap:openldap /etc/ldap/slapd.d /var/lib/ldap /run/slapd
sed -i 's|^SLAPD_SERVICES=.*|SLAPD_SERVICES="ldap:/// ldapi:///"|' /etc/default/slapd
systemctl start slapd
"""
"""What Debian's package does when it is installed and told a domain."""


@contextmanager
def machine_with_slapd(program: str, *, dc: str, suffix: str) -> Iterator[PrivateMachine]:
    """A machine with Debian's slapd, which runs and has the entry `suffix`; `program` is its `feideprov`."""
    with PrivateMachine(
        folders=_FOLDERS, empty=_EMPTY, programs={"systemctl": _SYSTEMCTL, "feideprov": program}
    ) as machine:
        machine.run(_INSTALL.format(suffix=suffix, dc=dc), machine.home)
        yield machine
