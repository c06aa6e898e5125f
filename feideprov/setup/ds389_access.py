"""Access rules of 389 (ACI): a rule that denies comes before all that allow, and what no rule allows is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Final

from feideprov.directory.dn import DN
from feideprov.errors import ConfigurationError, scrub
from feideprov.messages import Sentence
from feideprov.setup.target import Target

_PASSWORDS: Final = ("userPassword", "passwordHistory")
_UNDEFINED: Final = ("nsslapd-*limit", "uniqueness-*")
"""Attributes that cn=config has and 389's schema does not define: a rule may name them by a pattern only."""
_READ: Final = "read, search, compare"


def access_rules(target: Target, closed: Iterable[str]) -> Iterator[str]:
    """The rules of the base; `closed` are the personal attributes."""
    own, feide, closed = _who(target.feideprov.dn), _who(target.feide.dn), list(closed)
    for_three = f'userdn != "{own} || {feide} || ldap:///self"'
    open_to_reader = _attributes("!=", ("userPassword", "aci"))
    yield _rule(_attributes("=", closed), "numbers are closed", f"deny ({_READ}) {for_three}")
    yield _rule(_attributes("=", closed), "numbers are feideprov's to write", f'deny (write) userdn != "{own}"')
    yield _rule(_attributes("=", _PASSWORDS), "hashes are closed", f'deny ({_READ}) userdn = "ldap:///anyone"')
    yield _rule(open_to_reader, "feideprov reads", f'allow ({_READ}) userdn = "{own}"')
    for number, place in enumerate(target.tops, 1):
        everything = f'(target = "{_target(place)}"){_attributes("!=", ("aci",))}'
        yield _rule(everything, f"feideprov writes {number}", f'allow (write, add, delete) userdn = "{own}"')
    yield _rule(open_to_reader, "Feide reads", f'allow ({_READ}) userdn = "{feide}"')
    users = f'(target = "{_target(target.users)}")'
    yield _rule(f"{users}{open_to_reader}", "users read themselves", f'allow ({_READ}) userdn = "ldap:///self"')
    password = f"{users}{_attributes('=', ('userPassword',))}"
    yield _rule(password, "users change their password", 'allow (write) userdn = "ldap:///self"')


def doctor_rule(target: Target, attributes: Iterable[str]) -> str:
    """The rule of cn=config by which feideprov may read these attributes there."""
    own = _who(target.feideprov.dn)
    defined = (name for name in attributes if not any(fnmatchcase(name, pattern) for pattern in _UNDEFINED))
    return _rule(
        _attributes("=", ("objectClass", *defined, *_UNDEFINED)),
        "feideprov doctor reads",
        f'allow (read, search) userdn = "{own}"',
    )


def _rule(what: str, name: str, rights: str) -> str:
    return f'{what}(version 3.0; acl "{name}"; {rights};)'


def _attributes(comparison: str, names: Iterable[str]) -> str:
    return f'(targetattr {comparison} "{" || ".join(names)}")'


def _who(dn: DN) -> str:
    """A DN as a URL of a rule. 389 compares it as text with its own form of the DN, in which the characters that a DN
    must escape, and no others, are `\\` and two hex digits (seen on 2.3.1).

    Raises ConfigurationError for a DN with a character that has a meaning in a rule.
    """
    rdns = ("+".join(f"{name}={_escaped(value)}" for name, value in rdn) for rdn in dn.rdns)
    text = ",".join(rdns)
    if re.search(r"[*?|$\0-\x1f]", text):
        raise ConfigurationError(
            Sentence(
                "389 cannot have an access rule for {dn}, because the name has one of the characters * ? | $. Use "
                "another name.",
                dn=scrub(str(dn)),
            )
        )
    return f"ldap:///{text}"


def _target(dn: DN) -> str:
    """A DN as the target of a rule: 389 reads it as a value in a search filter (RFC 4515)."""
    return re.sub(r"[\\()]", lambda found: f"\\{ord(found[0]):02X}", _who(dn))


def _escaped(value: str) -> str:
    return re.sub(r'^[ #]|[,+"\\<>;=]| $', lambda found: f"\\{ord(found[0]):02X}", value)
