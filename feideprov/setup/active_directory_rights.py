"""Rights in Active Directory, as commands of Windows (dsacls) and of Samba (samba-tool).

[MS-DTYP] 2.5.1 (notation), [MS-ADTS] 5.1.3 (meaning). The same rights are written in two notations, so that
the two servers get the same.
"""

from __future__ import annotations

import base64
import re
import shlex
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from feideprov.directory.dn import DN
from feideprov.schema.files import schema_text
from feideprov.setup.step import SetupFile

SAM_LDB: Final = "/var/lib/samba/private/sam.ldb"
_OF_SCHEMA: Final = {
    "user": "bf967aba-0de6-11d0-a285-00aa003049e2",
    "organizationalUnit": "bf967aa5-0de6-11d0-a285-00aa003049e2",
    "objectClass": "bf9679e5-0de6-11d0-a285-00aa003049e2",
    "o": "bf9679ef-0de6-11d0-a285-00aa003049e2",
    "ou": "bf9679f0-0de6-11d0-a285-00aa003049e2",
    "mail": "bf967961-0de6-11d0-a285-00aa003049e2",
    "telephoneNumber": "bf967a49-0de6-11d0-a285-00aa003049e2",
    "postalAddress": "bf9679fc-0de6-11d0-a285-00aa003049e2",
}
"""schemaIDGUID of classes and attributes that every forest has ([MS-ADSC], [MS-ADA1] to [MS-ADA3])."""
_DEFINITION = re.compile(
    r"(?m)^lDAPDisplayName: (?P<name>\S+)\n(?:\S.*\n)*?(?:searchFlags: (?P<flags>\d+)\n)?schemaIDGUID:: (?P<id>\S+)$"
)
_CONFIDENTIAL: Final = 128
"""In searchFlags ([MS-ADTS] 2.2.9)."""

Reach = Literal["entry", "tree", "below"]
"""What a right is about: the entry alone, the entry and all below it, or only what is below it."""
_REACHES: Final[Mapping[Reach, tuple[str, str]]] = {"entry": ("", ""), "tree": ("CI", "T"), "below": ("CIIO", "S")}


class Right(NamedTuple):
    """What one account may do. `letters`: [MS-DTYP] 2.5.1.1, such as RP and WP (read and write properties).

    `only`: the attribute that it is about, or the class of the entries that may be created and deleted.
    `inherited_by`: the class of the entries that get the right.
    """

    reach: Reach
    letters: tuple[str, ...]
    only: str = ""
    inherited_by: str = ""


class Grant(NamedTuple):
    """The rights of an account (its DN, and its logon name) on one entry."""

    place: DN
    account: DN
    logon_name: str
    rights: Sequence[Right]


def sh_file(name: str, grants: Iterable[Grant]) -> SetupFile:
    """The grants as commands for a Samba server."""
    ours = {one["name"]: str(uuid.UUID(bytes_le=base64.b64decode(one["id"]))) for one in _definitions()}
    identifiers = _OF_SCHEMA | ours
    lines = [
        "#!/bin/sh",
        "set -eu",
        f"sid() {{ ldbsearch -H {SAM_LDB} -s base -b \"$1\" objectSid | sed -n 's/^objectSid: //p'; }}",
    ]
    for grant in grants:
        lines += ["", f"sid=$(sid {shlex.quote(ad_text(grant.account))})", f"samba-tool dsacl set -H {SAM_LDB} \\"]
        entries = "\n".join(_ace(right, identifiers) for right in grant.rights)
        lines += [f"  --objectdn={shlex.quote(ad_text(grant.place))} --sddl=\"$(tr -d '\\n' <<END", entries, 'END\n)"']
    return SetupFile(name, "\n".join(lines) + "\n")


def powershell_file(name: str, grants: Iterable[Grant]) -> SetupFile:
    """The grants as commands for a Windows server. The file begins with a mark, without which PowerShell 5 does not
    read it as UTF-8."""
    lines = [line for grant in grants for line in _dsacls(grant)]
    return SetupFile(name, "\ufeff" + "\n".join(lines) + "\n")


def ad_text(dn: DN) -> str:
    """A DN without a quotation mark in it, which PowerShell 5 does not give to a program as it is (RFC 4514, 2.4)."""
    return str(dn).replace('\\"', "\\22")


def quoted(text: str) -> str:
    """A text as one word of PowerShell."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def confidential_attributes() -> list[str]:
    """The attributes of the schema files that can be read only with a right to it (control access)."""
    return [one["name"] for one in _definitions() if int(one["flags"] or 0) & _CONFIDENTIAL]


def _definitions() -> Iterator[re.Match[str]]:
    return _DEFINITION.finditer(schema_text("ad"))


def _ace(right: Right, identifiers: Mapping[str, str]) -> str:
    flags, _ = _REACHES[right.reach]
    only, inherited_by = (identifiers[name] if name else "" for name in (right.only, right.inherited_by))
    kind = "OA" if only or inherited_by else "A"
    return f"({kind};{flags};{''.join(right.letters)};{only};{inherited_by};$sid)"


def _dsacls(grant: Grant) -> Iterator[str]:
    """One command for each reach, because the option /I is about all rights of a command."""
    for reach, (_, letter) in _REACHES.items():
        rights = [_permission(grant.logon_name, right) for right in grant.rights if right.reach == reach]
        option = f" /I:{letter}" if letter else ""
        if rights:
            yield f"dsacls {quoted(ad_text(grant.place))}{option} /G {' '.join(map(quoted, rights))}"


def _permission(logon_name: str, right: Right) -> str:
    letters = "".join("CA" if letter == "CR" else letter for letter in right.letters)
    named = f";{right.only};{right.inherited_by}" if right.only or right.inherited_by else ""
    return f"{logon_name}:{letters}{named.rstrip(';')}"
