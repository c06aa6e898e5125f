"""The server behind the connection: kind, base, rights, limits, clock.

Nothing is written. What the server does not show to this account is reported as unknown, never as good.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from feideprov.check.examination import Check, error, good, note, noted, skipped, unknown, warning, wrong
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification, Modify
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.server_kind import NAMES, Kind, server_kind
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory
from feideprov.directory.result_code import LIMITS, ResultCode
from feideprov.errors import DirectoryError, scrub
from feideprov.issues import code
from feideprov.messages import Sentence, joined

_CLOCK_SECONDS = 60
# a replica refers to another server, a read-only server is unwilling
_TAKES_NO_CHANGES = (ResultCode.REFERRAL, ResultCode.UNWILLING_TO_PERFORM)

BASE = code(
    "D-BASE",
    Sentence("The base, or the entry for users, does not exist or is not visible. Exit code 2."),
    Sentence("Correct base_dn or users_dn, or create the entries: feideprov init --directory"),
)
KIND = code(
    "D-KIND",
    Sentence("The server is not of the configured kind, or max_length is more than it allows. Exit code 2."),
    Sentence("Correct kind in [directory], or max_length in [names]."),
)
SIZE_LIMIT = code(
    "D-SIZE-LIMIT",
    Sentence("The server does not let the account read all users."),
    Sentence("Give the account unlimited searches (docs/doctor.md explains how)."),
)
RIGHTS_READ = code(
    "D-RIGHTS-READ",
    Sentence(
        "Warning: no Feide name is visible. An error with exit code 3 if the server denies every read to the account."
    ),
    Sentence("Give the account the right to read every attribute except userPassword."),
)
RIGHTS_NUMBER = code(
    "D-RIGHTS-NUMBER",
    Sentence("Note: no number is visible. Nobody has one, or the account may not read it."),
    Sentence(
        "If somebody has a number, give the account the right to read it: this program must know who has a number."
    ),
)
RIGHTS_WRITE = code(
    "D-RIGHTS-WRITE",
    Sentence("The account may not write norEduPersonNIN, or the server accepts no changes (read-only, a replica)."),
    Sentence("Give the account the right to write, name another server in url, or set mode to “watch”."),
)
CLOCK = code(
    "D-CLOCK",
    Sentence("Warning: the clocks of the server and of this machine differ by more than a minute."),
    Sentence("Synchronize both with a time server (NTP)."),
)


@dataclass
class VisibleUsers:
    """The users that the account can see, counted. `sample` is one of those below users_dn."""

    entries: int = 0
    named: int = 0
    numbered: int = 0
    sample: Entry | None = None


def configured_kind(kind: Kind, configured: Kind | None, max_length: int) -> Check:
    """Do the settings fit the server?"""
    longest = server_kind(kind, "ssha").layout.longest_name
    if configured is not None and "ad" in (configured, kind) and configured != kind:
        sentence = Sentence(
            "The configuration says that the server is {configured}, but it is {kind}.",
            configured=NAMES[configured],
            kind=NAMES[kind],
        )
        action = Sentence("Correct kind in [directory], or leave it out.")
        return wrong("server", error(KIND, sentence, action), 2)
    if longest is not None and max_length > longest:
        sentence = Sentence(
            "[names] max_length is {length}, but in {kind} a user name has at most {longest} characters.",
            length=max_length,
            kind=NAMES[kind],
            longest=longest,
        )
        action = Sentence("Set max_length to {longest} or less.", longest=longest)
        return wrong("server", error(KIND, sentence, action), 2)
    return good("server", Sentence("It is {kind}.", kind=NAMES[configured or kind]))


def base_entries(directory: Directory, users_dn: DN) -> Iterator[Check]:
    """Do the base and the entry for users exist?"""
    for dn, key in ((directory.base, "base_dn"), (users_dn, "users_dn")):
        shown = scrub(str(dn))
        if directory.read(dn, ("objectClass",)) is None:
            sentence = Sentence("There is no entry {dn}, or the account may not read it.", dn=shown)
            action = Sentence(
                "Correct {key}, give the account the right to read, or create the entry with: "
                "feideprov init --directory",
                key=key,
            )
            yield wrong(key, error(BASE, sentence, action), 2)
        else:
            yield good(key, Sentence("{dn} is there.", dn=shown))


def readable_users(
    directory: LdapDirectory, users_dn: DN, seen: VisibleUsers, limits: Sequence[str] = ()
) -> Iterator[Check]:
    """Can all users be read, with the attributes that are needed? Fills in `seen`.

    `limits` are the server's limits, as its configuration says them.
    """
    try:
        for entry in directory.having(("uid", NAME_ATTRIBUTE), ("uid", NAME_ATTRIBUTE, NUMBER_ATTRIBUTE)):
            seen.entries += 1
            seen.named += bool(entry.values(NAME_ATTRIBUTE))
            seen.numbered += bool(entry.values(NUMBER_ATTRIBUTE))
            if seen.sample is None and entry.values(NAME_ATTRIBUTE) and entry.dn.is_within(users_dn):
                seen.sample = entry
    except DirectoryError as failure:
        if failure.code not in LIMITS:
            raise
        sentence = Sentence(
            "The server stops after {count:,} entry, so it is not known who else is there.",
            plural="The server stops after {count:,} entries, so it is not known who else is there.",
            count=seen.entries,
        )
        yield wrong("size limit", error(SIZE_LIMIT, sentence))
        return
    read = Sentence(
        "{count:,} entry was read, in pages.", plural="All {count:,} entries were read, in pages.", count=seen.entries
    )
    limit = Sentence("The server's limits: {limits}.", limits=joined(limits, "; ")) if limits else ""
    yield good("size limit", joined([read, limit]))
    yield _read_rights(seen)


def _read_rights(seen: VisibleUsers) -> Check:
    if not seen.entries:
        return unknown("read rights", Sentence("There are no users yet, or the account cannot see them."))
    if not seen.named:
        sentence = Sentence(
            "The only entry with a uid has no visible {attribute}: it has none, or the account may not read it.",
            plural="None of the {count:,} entries with a uid has a visible {attribute}: nobody has one, or the account "
            "may not read it.",
            count=seen.entries,
            attribute=NAME_ATTRIBUTE,
        )
        return wrong("read rights", warning(RIGHTS_READ, sentence))
    if not seen.numbered:
        sentence = Sentence(
            "The only user has no visible {attribute}: the user has none, or the account may not read it.",
            plural="None of the {count:,} users has a visible {attribute}: nobody has one, or the account may not read "
            "it.",
            count=seen.named,
            attribute=NUMBER_ATTRIBUTE,
        )
        return noted("read rights", note(RIGHTS_NUMBER, sentence))
    sentence = Sentence(
        "{count:,} user was read, {numbered:,} with a number.",
        plural="{count:,} users were read, {numbered:,} of them with a number.",
        count=seen.named,
        numbered=seen.numbered,
    )
    return good("read rights", sentence)


def write_rights(directory: LdapDirectory, seen: VisibleUsers, mode: str) -> Check:
    """May the account write the number? The server is asked to delete a value that nobody has.

    That changes nothing, whatever the response: OpenLDAP and 389 DS check the rights first (insufficientAccessRights),
    then the value (noSuchAttribute). The assertion control cannot be used for this: slapd 2.5.13 evaluates it before
    it checks the rights.
    """
    name = "write rights"
    if mode == "watch":
        return skipped(name, Sentence("[directory] mode is “watch”: this program writes nothing."))
    if seen.sample is None:
        return unknown(name, Sentence("There is no user to test with. The first apply will show it."))
    nobodys = f"feideprov-doctor-{secrets.token_hex(8)}".encode()
    step = Modification("delete", NUMBER_ATTRIBUTE, (nobodys,))
    [written] = directory.write([Modify(seen.sample.dn, (step,))])
    result = written.error.code if written.error else None
    if result == ResultCode.NO_SUCH_ATTRIBUTE:
        sentence = Sentence(
            "The account may write {attribute}. Whether it may create users will show at the first apply.",
            attribute=NUMBER_ATTRIBUTE,
        )
        return good(name, sentence)
    if result == ResultCode.INSUFFICIENT_ACCESS_RIGHTS:
        sentence = Sentence("The account may not write {attribute}.", attribute=NUMBER_ATTRIBUTE)
        action = Sentence("Give it the right to write below users_dn, or set mode to “watch”.")
        return wrong(name, error(RIGHTS_WRITE, sentence, action))
    if result in _TAKES_NO_CHANGES:
        sentence = Sentence("The server accepts no changes: it is read-only, or a replica of another server.")
        action = Sentence("Name the server that accepts changes in url, or set mode to “watch”.")
        return wrong(name, error(RIGHTS_WRITE, sentence, action))
    not_known = Sentence("The server's response does not show it.")
    return unknown(name, joined([not_known, written.error.sentence if written.error else ""]))


def clock(there: datetime | None, now: datetime) -> Check:
    """Do the server's clock and this machine's agree? Certificates, locks and second factors depend on them."""
    if there is None:
        return unknown("clock", Sentence("The server does not show the time to this account."))
    apart = round(abs((there - now).total_seconds()))
    if apart <= _CLOCK_SECONDS:
        return good("clock", Sentence("The clocks of the server and of this machine agree."))
    sentence = Sentence("The clocks of the server and of this machine differ by {seconds:,} seconds.", seconds=apart)
    return wrong("clock", warning(CLOCK, sentence))
