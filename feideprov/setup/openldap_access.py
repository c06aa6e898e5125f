"""The access rules of an OpenLDAP server (slapd.access(5)): slapd uses the first rule that fits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from feideprov.directory.dn import DN
from feideprov.directory.ldap.server_config import OPENLDAP_ATTRIBUTES, POLICY_ATTRIBUTE
from feideprov.setup.target import Target

_ESCAPED = re.compile(r"\\(?:([0-9A-Fa-f]{2})|(.))")
_ROOT = 'dn.exact="gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth"'
"""Root on the server, over the socket (ldapi)."""


def access_rules(target: Target, closed: Iterable[str], *, is_new: bool) -> Iterator[str]:
    """The rules for the database, in order; `closed` are the personal attributes. On a server that is not new, its own
    rules say who else reads users."""
    own, feide = (f"dn.exact={quoted(account.dn)}" for account in (target.feideprov, target.feide))
    users, base = quoted(target.users), quoted(target.base)
    yield root_rule()
    yield f"to dn.subtree={users} attrs=userPassword by {own} =w by self =xw by anonymous auth by * none"
    yield f"to dn.subtree={base} attrs=userPassword by self =xw by anonymous auth by * none"
    yield f"to dn.subtree={base} attrs={','.join(closed)} by {own} write by {feide} read by self read by * none"
    if is_new:
        yield f"to dn.subtree={users} by {own} write by {feide} read by self read by anonymous auth by * none"
    for top in (dn for dn in target.tops if not (is_new and dn == target.users)):
        yield f"to dn.subtree={quoted(top)} by {own} write by {feide} read by self read by * break"
    yield f"to dn.base={base} attrs=children by {own} write by * break"
    yield f"to dn.subtree={base} by {own} read by {feide} read by * break"


def root_rule() -> str:
    """The rule for cn=config with which root on the server may change it."""
    return f"to * by {_ROOT} manage by * break"


def limit(target: Target) -> str:
    """This program must know who has a number, so its searches have no limit."""
    return f"dn.exact={quoted(target.feideprov.dn)} size=unlimited time=unlimited"


def configuration_rule(target: Target, *, policies: bool = False) -> str:
    """The rule for cn=config: what `doctor` reads of it. Nothing of it is secret. `policies`: the server has password
    policies; without their overlay, it does not know the attribute."""
    names = ("entry", "objectClass", "olcDatabase", *OPENLDAP_ATTRIBUTES, *([POLICY_ATTRIBUTE] if policies else []))
    attributes = ",".join(names)
    return f'to dn.subtree="cn=config" attrs={attributes} by dn.exact={quoted(target.feideprov.dn)} read by * break'


def monitor_rules(target: Target, *, is_new: bool) -> Iterator[str]:
    """The rules for cn=Monitor, which shows the server's time."""
    yield f"to * by {_ROOT} read by dn.exact={quoted(target.feideprov.dn)} read by * {'none' if is_new else 'break'}"


def quoted(dn: DN) -> str:
    """A DN in quotation marks, as slapd reads the words of a rule: all escapes in hexadecimal. slapd 2.5.13 refuses
    a rule with others."""
    in_hex = _ESCAPED.sub(lambda found: f"\\{found[1] or f'{ord(found[2]):02X}'}", str(dn))
    return f'"{in_hex}"'
