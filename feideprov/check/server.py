"""The server behind the connection: schema, indexes, uniqueness, logs, rights, limits, clock.

Nothing is written. What a server does not tell this account is said to be unknown, never taken for good.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from feideprov.check.examination import Check, error, good, note, noted, skipped, unknown, warning, wrong
from feideprov.check.finding import Finding
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification, Modify
from feideprov.directory.ldap.directory import NEEDED, LdapDirectory
from feideprov.directory.ldap.server_config import ServerConfig
from feideprov.directory.ldap.server_kind import NAMES, Kind, server_kind
from feideprov.directory.ldap.server_schema import loadable, schema_gap
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, Directory
from feideprov.directory.result_code import LIMITS, ResultCode
from feideprov.errors import DirectoryError, scrub, scrub_path

_NAME = "eduPersonPrincipalName"
_UNIQUE = ("uid", _NAME, NUMBER_ATTRIBUTE)
_CLOCK_SECONDS = 60
_TAKES_NO_CHANGES = (
    ResultCode.REFERRAL,
    ResultCode.UNWILLING_TO_PERFORM,
)  # a replica refers to another server; one that is set to read-only is not willing


def schema(directory: LdapDirectory, kind: Kind, *, with_schac: bool) -> Iterator[Check]:
    """Are the attributes and classes of a Feide directory there, and as their specifications define them?

    schac is missed only where the configuration writes schacHomeOrganization.
    """
    attributes, classes = directory.schema()
    if not attributes:
        yield unknown("schema", "The server does not show its schema to this account.")
        return
    gap = schema_gap(attributes, classes, has_rules=kind != "ad")
    missing = {spec: names for spec, names in gap.missing.items() if spec != "schac" or with_schac}
    if missing:
        names = [name for lacking in missing.values() for name in lacking]
        files = ", ".join(scrub_path(path) for path in loadable(missing, kind))
        finding = error("D-SCHEMA", f"The schema lacks {_some(names)}.", f"Load {files} (docs/schema.md says how).")
        yield wrong("schema", finding, 2 if set(names) & set(NEEDED) else 0)
    else:
        yield good("schema", "eduPerson, eduOrg and norEdu are there.")
    if gap.differing:
        said = f"The schema differs from the specifications: {_some(gap.differing, '; ', most=3)}."
        action = "Load the definitions that this package brings in place of the server's (docs/schema.md)."
        yield wrong("schema as specified", warning("D-SCHEMA-DIFFERS", said, action))


def configuration(config: ServerConfig | None, kind: Kind, source_id_attribute: str) -> Iterator[Check]:
    """Indexes, uniqueness and logs; `config` is None where the account may not read them."""
    if config is None:
        if kind == "ad":
            yield unknown("indexes", "The schema file of this package brings them; Active Directory is not asked.")
            yield noted("uniqueness", _unique_in_active_directory())
            yield unknown("logs", "Active Directory logs no filters, unless somebody has switched diagnostics on.")
            return
        for name in ("indexes", "uniqueness", "logs"):
            yield unknown(name, "This account may not read the server's configuration; docs/doctor.md says how to.")
        return
    yield _indexes(config, kind, source_id_attribute)
    yield _uniqueness(config)
    yield _logs(config)


def _indexes(config: ServerConfig, kind: Kind, source_id_attribute: str) -> Check:
    wanted = {
        "uid": {"eq"},
        _NAME: {"eq"},
        NUMBER_ATTRIBUTE: {"pres", "eq"},
        "eduPersonEntitlement": {"eq"},
        source_id_attribute: {"eq"},
    }
    missing = {name: sorted(kinds - config.indexes.get(name.lower(), frozenset())) for name, kinds in wanted.items()}
    missing = {name: kinds for name, kinds in missing.items() if kinds}
    if not missing:
        return good("indexes", f"{', '.join(wanted)} are indexed.")
    lacking = ", ".join(f"{name} ({', '.join(kinds)})" for name, kinds in missing.items())
    lines = [f"“olcDbIndex: {name} {','.join(kinds)}”" for name, kinds in missing.items()]
    if kind == "389":
        lines = [f"“--attr {name} {' '.join(f'--index-type {k}' for k in kinds)}”" for name, kinds in missing.items()]
    where = "with dsconf INSTANCE backend index add" if kind == "389" else "to the database in cn=config"
    return wrong(
        "indexes",
        warning(
            "D-INDEX",
            f"There is no index for {lacking}: such searches read everybody.",
            f"Add {where}: {', '.join(lines)} (docs/doctor.md).",
        ),
    )


def _uniqueness(config: ServerConfig) -> Check:
    missing = [name for name in _UNIQUE if name.lower() not in config.unique]
    if not missing:
        return good(
            "uniqueness",
            f"The server keeps {', '.join(_UNIQUE)} unique. Two writes at one moment can pass it, so this program "
            "looks by itself too.",
        )
    return wrong(
        "uniqueness",
        warning(
            "D-UNIQUE",
            f"The server lets two users have the same {' or '.join(missing)}.",
            "Switch on OpenLDAP's unique overlay, or 389's attribute uniqueness plug-in: docs/doctor.md has it ready.",
        ),
    )


def _unique_in_active_directory() -> Finding:
    return note(
        "D-UNIQUE",
        "Active Directory cannot keep norEduPersonNIN or eduPersonPrincipalName unique.",
        "Nothing is to be done: this program looks by itself before and after each write.",
    )


def _logs(config: ServerConfig) -> Check:
    if not config.logs_filters:
        return good("logs", "The server does not log search filters.")
    return noted(
        "logs",
        note(
            "D-LOGS-FILTERS",
            "The server logs search filters. This program never puts a number into one; another program may.",
            "See that only administrators read the log, and that it is deleted in time.",
        ),
    )


@dataclass
class Crowd:
    """The users that the account can see, counted; `sample` is one of those that stand below users_dn."""

    entries: int = 0
    named: int = 0
    numbered: int = 0
    sample: Entry | None = None


def people(directory: LdapDirectory, users_dn: DN, crowd: Crowd, limits: Sequence[str] = ()) -> Iterator[Check]:
    """Can everybody be read, with what is needed? Fills in the crowd. `limits` are the server's, in its own words."""
    try:
        for entry in directory.having(("uid", _NAME), ("uid", _NAME, NUMBER_ATTRIBUTE)):
            crowd.entries += 1
            crowd.named += bool(entry.values(_NAME))
            crowd.numbered += bool(entry.values(NUMBER_ATTRIBUTE))
            if crowd.sample is None and entry.values(_NAME) and entry.dn.is_within(users_dn):
                crowd.sample = entry
    except DirectoryError as cut:
        if cut.code not in LIMITS:
            raise
        said = f"The server stops after {crowd.entries:,} entries, so nobody can know who else is there."
        action = "Give the account unlimited searches: docs/doctor.md says how."
        yield wrong("size limit", error("D-SIZE-LIMIT", said, action))
        return
    told = f" The server's limits: {'; '.join(limits)}." if limits else ""
    yield good("size limit", f"All {crowd.entries:,} entries were read, in pages.{told}")
    yield _read_rights(crowd)


def _read_rights(crowd: Crowd) -> Check:
    if not crowd.entries:
        return unknown("read rights", "There is nobody to read yet, or the account sees nobody.")
    if not crowd.named:
        said = f"None of the {crowd.entries:,} entries with a uid shows an {_NAME}: nobody has one, or the account may "
        action = "Give the account the right to read every attribute but userPassword."
        return wrong("read rights", warning("D-RIGHTS-READ", f"{said}not read it.", action))
    if not crowd.numbered:
        said = f"None of the {crowd.named:,} users shows a {NUMBER_ATTRIBUTE}: nobody has one, or the account may not "
        action = "Where somebody has a number, give the account the right to read it: who holds a number must be known."
        return noted("read rights", note("D-RIGHTS-NUMBER", f"{said}read it.", action))
    return good("read rights", f"{crowd.named:,} users were read, {crowd.numbered:,} of them with a number.")


def write_rights(directory: LdapDirectory, crowd: Crowd, mode: str) -> Check:
    """May the account write the number? It is asked to take away a value that nobody has.

    That changes nothing, whatever the answer: OpenLDAP and 389 DS look at the rights first (insufficientAccessRights),
    then miss the value (noSuchAttribute). The assertion control is no way to ask: slapd 2.5.13 answers it before it
    looks at the rights.
    """
    name = "write rights"
    if mode == "watch":
        return skipped(name, "[directory] mode is “watch”: this program writes nothing.")
    if crowd.sample is None:
        return unknown(name, "There is no user to ask about; the first apply will tell.")
    nobodys = f"feideprov-doctor-{secrets.token_hex(8)}".encode()
    step = Modification("delete", NUMBER_ATTRIBUTE, (nobodys,))
    [written] = directory.write([Modify(crowd.sample.dn, (step,))])
    code = written.error.code if written.error else None
    if code == ResultCode.NO_SUCH_ATTRIBUTE:
        return good(
            name, f"The account may write {NUMBER_ATTRIBUTE}. Whether it may create users, the first apply tells."
        )
    if code == ResultCode.INSUFFICIENT_ACCESS_RIGHTS:
        said = f"The account may not write {NUMBER_ATTRIBUTE}."
        action = "Give it the right to write below users_dn, or set mode = “watch”."
        return wrong(name, error("D-RIGHTS-WRITE", said, action))
    if code in _TAKES_NO_CHANGES:
        said = "The server takes no changes: it is read-only, or a replica of another one."
        action = "Let url name the server that takes changes, or set mode = “watch”."
        return wrong(name, error("D-RIGHTS-WRITE", said, action))
    return unknown(name, f"The server does not tell. {written.error or ''}".strip())


def clock(there: datetime | None, now: datetime) -> Check:
    """Do the server's clock and ours agree? Certificates, locks and second factors depend on them."""
    if there is None:
        return unknown("clock", "The server does not tell this account the time.")
    apart = round(abs((there - now).total_seconds()))
    if apart <= _CLOCK_SECONDS:
        return good("clock", "The server's clock and this machine's agree.")
    said = f"The server's clock and this machine's are {apart:,} seconds apart."
    return wrong("clock", warning("D-CLOCK", said, "Let both follow a time server (NTP)."))


def which(kind: Kind, configured: Kind | None, max_length: int) -> Check:
    """Which server is it, and do the settings fit it?"""
    longest = server_kind(kind, "ssha").layout.longest_name
    if configured is not None and "ad" in (configured, kind) and configured != kind:
        said = f"The configuration calls the server {NAMES[configured]}, but it is {NAMES[kind]}."
        return wrong("server", error("D-KIND", said, "Correct kind in [directory], or leave it out."), 2)
    if longest is not None and max_length > longest:
        said = f"[names] max_length is {max_length}, but in {NAMES[kind]} a user name has at most {longest} characters."
        return wrong("server", error("D-KIND", said, f"Set max_length to {longest} or less."), 2)
    return good("server", f"It is {NAMES[configured or kind]}.")


def places(directory: Directory, users_dn: DN) -> Iterator[Check]:
    """Are the base and the place for users there?"""
    for dn, key in ((directory.base, "base_dn"), (users_dn, "users_dn")):
        if directory.read(dn, ("objectClass",)) is None:
            said = f"There is no entry {scrub(str(dn))}, or the account may not see it."
            action = (
                f"Correct {key}, give the account the right to read, or make what is missing with: feideprov init "
                "--directory"
            )
            yield wrong(key, error("D-BASE", said, action), 2)
        else:
            yield good(key, f"{scrub(str(dn))} is there.")


def _some(names: Sequence[str], between: str = ", ", *, most: int = 8) -> str:
    shown = between.join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
