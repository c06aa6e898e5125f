"""The server behind the connection: kind, base, rights, limits, clock.

Nothing is written. What the server does not show to this account is reported as unknown, never as good.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from feideprov.check.examination import Check, error, good, note, noted, skipped, unknown, warning, wrong
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification, Modify
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.server_kind import NAMES, Kind, server_kind
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTE, Directory
from feideprov.directory.result_code import LIMITS, ResultCode
from feideprov.errors import ConfigurationError, DirectoryError, scrub
from feideprov.feide.organization import HostOrganization
from feideprov.installation import page
from feideprov.issues import code
from feideprov.messages import Sentence, joined
from feideprov.provision.plan.units import require_within
from feideprov.unit_names import unit_at, unit_name

_CLOCK_SECONDS = 60
_NO_DIGIT = re.compile(rb"[^0-9]")
# a replica refers to another server, a read-only server is unwilling
_TAKES_NO_CHANGES = (ResultCode.REFERRAL, ResultCode.UNWILLING_TO_PERFORM)

BASE = code(
    "D-BASE",
    Sentence("The entry base_dn or users_dn does not exist, or the bind account has no right to read it. Exit code 2."),
    Sentence("Correct base_dn or users_dn, or create the entries: feideprov init --directory"),
)
UNIT = code(
    "D-UNIT",
    Sentence(
        "The entry of the organization or of a school does not exist, or the bind account has no right to read it. Or "
        "the entry is not below base_dn: exit code 2."
    ),
    Sentence("Correct dn in [organization] or [[schools]], or create the entry: feideprov init --directory"),
)
KIND = code(
    "D-KIND",
    Sentence(
        "The server is another kind of server than the configuration says, or max_length is too large for "
        "this kind of server. Exit code 2."
    ),
    Sentence("Correct kind in [directory], or max_length in [names]."),
)
SIZE_LIMIT = code(
    "D-SIZE-LIMIT",
    Sentence("The server does not let the bind account read all users."),
    Sentence("Remove the search limits for the bind account ({page} explains how).", page=page("doctor.md")),
)
RIGHTS_READ = code(
    "D-RIGHTS-READ",
    Sentence(
        "No Feide name is visible. This is a warning. If the server refuses everything that the bind "
        "account tries to read, it is an error with exit code 3."
    ),
    Sentence("Give the bind account the right to read every attribute except userPassword."),
)
RIGHTS_NUMBER = code(
    "D-RIGHTS-NUMBER",
    Sentence("Note: no number is visible. Nobody has a number, or the bind account has no right to read numbers."),
    Sentence(
        "If somebody has a number, give the bind account the right to read norEduPersonNIN. This program "
        "must know who has a number."
    ),
)
RIGHTS_WRITE = code(
    "D-RIGHTS-WRITE",
    Sentence(
        "The bind account has no right to write norEduPersonNIN, or the server accepts no changes (it is "
        "read-only or a replica)."
    ),
    Sentence("Give the bind account the right to write, set url to another server, or set mode to “watch”."),
)
CLOCK = code(
    "D-CLOCK",
    Sentence("Warning: the clocks of the server and of this machine differ by more than a minute."),
    Sentence("Synchronize both with a time server (NTP)."),
)


@dataclass
class VisibleUsers:
    """The users that the account can see, counted. `unnamed`: those below users_dn without a Feide name; an entry with
    a uid that is elsewhere can be an account of a program. `sample` is one of those below users_dn.

    `dns` are their entries; `holders` says by the digits of each number whose it is.
    """

    entries: int = 0
    named: int = 0
    numbered: int = 0
    unnamed: int = 0
    sample: Entry | None = None
    dns: list[DN] = field(default_factory=list, repr=False)
    holders: dict[bytes, DN] = field(default_factory=dict, repr=False)

    def add(self, entry: Entry) -> None:
        """Count a user."""
        numbers = entry.values(NUMBER_ATTRIBUTE)
        self.entries += 1
        self.named += bool(entry.values(NAME_ATTRIBUTE))
        self.numbered += bool(numbers)
        self.dns.append(entry.dn)
        self.holders.update((_NO_DIGIT.sub(b"", number), entry.dn) for number in numbers)


def configured_kind(kind: Kind, configured: Kind | None, max_length: int) -> Check:
    """Do the settings fit the server?"""
    longest = server_kind(kind, "ssha").layout.longest_name
    if configured is not None and "ad" in (configured, kind) and configured != kind:
        sentence = Sentence(
            "The configuration says that the server is {configured}, but it is {kind}.",
            configured=NAMES[configured],
            kind=NAMES[kind],
        )
        action = Sentence("Correct kind in [directory], or delete kind from the configuration.")
        return wrong("server", error(KIND, sentence, action), 2)
    if longest is not None and max_length > longest:
        sentence = Sentence(
            "The setting max_length in [names] is {length}, but a user name in {kind} must have at most "
            "{longest} characters.",
            length=max_length,
            kind=NAMES[kind],
            longest=longest,
        )
        action = Sentence("Set max_length to {longest} or less.", longest=longest)
        return wrong("server", error(KIND, sentence, action), 2)
    return good("server", Sentence("The server is {kind}.", kind=NAMES[configured or kind]))


def base_entries(directory: Directory, organization: HostOrganization) -> Iterator[Check]:
    """Do the base and the entry for users exist?"""
    for dn, key in ((directory.base, "base_dn"), (organization.people, "users_dn")):
        shown = scrub(str(dn))
        if directory.read(dn, ("objectClass",)) is None:
            name = unit_name(organization)
            sentence = Sentence(
                "The entry {dn} does not exist. It is {key} of {organization}.", dn=shown, key=key, organization=name
            )
            action = Sentence("Correct {key}, or create the entry: feideprov init --directory", key=key)
            if isinstance(directory, LdapDirectory):
                sentence = Sentence(
                    "The entry {dn} does not exist, or the bind account has no right to read it. It is {key} of "
                    "{organization}.",
                    dn=shown,
                    key=key,
                    organization=name,
                )
                action = Sentence(
                    "Correct {key}, give the bind account the right to read the entry, or create the entry: feideprov "
                    "init --directory",
                    key=key,
                )
            yield wrong(key, error(BASE, sentence, action), 2)
        else:
            yield good(key, Sentence("{dn} exists.", dn=shown))


def read_if_allowed(directory: Directory, dn: DN, attributes: Sequence[str] = ("*",)) -> Entry | None:
    """The entry; None also if the server says that it exists but that the bind account has no right to read it."""
    try:
        return directory.read(dn, attributes)
    except DirectoryError as failure:
        if failure.code != ResultCode.INSUFFICIENT_ACCESS_RIGHTS:
            raise
        return None


def missing_units(directory: Directory, organization: HostOrganization) -> Iterator[Check]:
    """The organization and schools that are not below the base, or have no entry."""
    try:
        require_within(organization, directory.base)
    except ConfigurationError as outside:
        yield wrong("units", error(UNIT, outside.sentence, Sentence("Correct dn or base_dn.")), 2)
        return
    units = (organization, *organization.schools)
    for unit in units:
        if read_if_allowed(directory, unit.dn, ("objectClass",)) is not None:
            continue
        place = unit_at(unit.dn, unit)
        sentence = Sentence("The entry {dn} does not exist.", dn=place)
        if isinstance(directory, LdapDirectory):
            sentence = Sentence("The entry {dn} does not exist, or the bind account has no right to read it.", dn=place)
        yield wrong("units", error(UNIT, sentence))


def readable_users(
    directory: LdapDirectory, users_dn: DN, seen: VisibleUsers, limits: Sequence[str] = ()
) -> Iterator[Check]:
    """Can all users be read, with the attributes that are needed? Fills in `seen`.

    `limits` are the server's limits, as its configuration says them.
    """
    try:
        for entry in directory.having(("uid", NAME_ATTRIBUTE), ("uid", NAME_ATTRIBUTE, NUMBER_ATTRIBUTE)):
            seen.add(entry)
            seen.unnamed += not entry.values(NAME_ATTRIBUTE) and entry.dn.is_within(users_dn)
            if seen.sample is None and entry.values(NAME_ATTRIBUTE) and entry.dn.is_within(users_dn):
                seen.sample = entry
    except DirectoryError as failure:
        if failure.code not in LIMITS:
            raise
        sentence = Sentence(
            "The server stopped after {count:,} entry, so it is not known which other users there are.",
            plural="The server stopped after {count:,} entries, so it is not known which other users there are.",
            count=seen.entries,
        )
        yield wrong("size limit", error(SIZE_LIMIT, sentence))
        return
    read = Sentence(
        "{count:,} entry was read.", plural="All {count:,} entries were read, page by page.", count=seen.entries
    )
    limit = Sentence("The server's limits: {limits}.", limits=joined(limits, "; ")) if limits else ""
    yield good("size limit", joined([read, limit]))
    yield _read_rights(seen)


def _read_rights(seen: VisibleUsers) -> Check:
    if not seen.named + seen.unnamed:
        return unknown(
            "read rights",
            Sentence("No user is visible. There are no users yet, or the bind account has no right to read users."),
        )
    if not seen.named:
        sentence = Sentence(
            "The only user shows no {attribute}. The user has no {attribute}, or the bind account has no right to read "
            "it.",
            plural="None of the {count:,} users shows {attribute}. No user has {attribute}, or the bind account has no "
            "right to read it.",
            count=seen.unnamed,
            attribute=NAME_ATTRIBUTE,
        )
        return wrong("read rights", warning(RIGHTS_READ, sentence))
    if not seen.numbered:
        sentence = Sentence(
            "The only user shows no {attribute}. The user has no {attribute}, or the bind account has no right "
            "to read it.",
            plural="None of the {count:,} users shows {attribute}. No user has {attribute}, or the bind account has "
            "no right to read it.",
            count=seen.named,
            attribute=NUMBER_ATTRIBUTE,
        )
        return noted("read rights", note(RIGHTS_NUMBER, sentence))
    sentence = Sentence(
        "{count:,} user was read. Users with a number: {numbered:,}.",
        plural="{count:,} users were read. Users with a number: {numbered:,}.",
        count=seen.named,
        numbered=seen.numbered,
    )
    return good("read rights", sentence)


def write_rights(directory: LdapDirectory, seen: VisibleUsers, mode: str) -> Check:
    """Has the bind account the right to write the number? The server is asked to delete a value that nobody has.

    That changes nothing, whatever the response: OpenLDAP and 389 DS check the rights first (insufficientAccessRights),
    then the value (noSuchAttribute). The assertion control cannot be used for this: slapd 2.5.13 evaluates it before
    it checks the rights.
    """
    name = "write rights"
    if mode == "watch":
        return skipped(name, Sentence("The setting mode in [directory] is “watch”, so this program writes nothing."))
    if seen.sample is None:
        return unknown(
            name,
            Sentence(
                "There is no user to test with. The first apply will show whether the bind account has the right "
                "to write."
            ),
        )
    [written] = directory.write([Modify(seen.sample.dn, (delete_nobodys_number(),))])
    result = written.error.code if written.error else None
    if result == ResultCode.NO_SUCH_ATTRIBUTE:
        sentence = Sentence(
            "The bind account has the right to write {attribute}. The first apply will show whether it also "
            "has the right to create users.",
            attribute=NUMBER_ATTRIBUTE,
        )
        return good(name, sentence)
    if result == ResultCode.INSUFFICIENT_ACCESS_RIGHTS:
        sentence = Sentence("The bind account has no right to write {attribute}.", attribute=NUMBER_ATTRIBUTE)
        action = Sentence("Give the bind account the right to write below users_dn, or set mode to “watch”.")
        return wrong(name, error(RIGHTS_WRITE, sentence, action))
    if result in _TAKES_NO_CHANGES:
        sentence = Sentence("The server accepts no changes. It is read-only, or a replica of another server.")
        action = Sentence("Set url to the server that accepts changes, or set mode to “watch”.")
        return wrong(name, error(RIGHTS_WRITE, sentence, action))
    not_known = Sentence("The response does not show whether the bind account has the right to write.")
    return unknown(name, joined([not_known, written.error.sentence if written.error else ""]))


def delete_nobodys_number() -> Modification:
    """Deletes a number that nobody has: a server that may do it says that there is none."""
    nobodys = f"feideprov-doctor-{secrets.token_hex(8)}".encode()
    return Modification("delete", NUMBER_ATTRIBUTE, (nobodys,))


def clock(there: datetime | None, now: datetime) -> Check:
    """Do the server's clock and this machine's agree? Certificates, locks and second factors depend on them."""
    if there is None:
        return unknown("clock", Sentence("The server does not show its time to the bind account."))
    apart = round(abs((there - now).total_seconds()))
    if apart <= _CLOCK_SECONDS:
        return good("clock", Sentence("The clocks of the server and of this machine agree."))
    sentence = Sentence("The clocks of the server and of this machine differ by {seconds:,} seconds.", seconds=apart)
    return wrong("clock", warning(CLOCK, sentence))
