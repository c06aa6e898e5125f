"""Settings, journal, key, directory and plan of a client belong to one organization, or nothing is done."""

from __future__ import annotations

from collections.abc import Iterable

from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Entry
from feideprov.directory.memory import MemoryDirectory
from feideprov.directory.protocol import Directory, name_of
from feideprov.directory.second_look import carried_out
from feideprov.errors import ConfigurationError, scrub
from feideprov.feide.organization import HostOrganization
from feideprov.journal.journal import Journal
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence, listed
from feideprov.provision.plan.plan import Plan
from feideprov.provision.plan.units import require_within
from feideprov.settings import Settings
from feideprov.text import shown

_NAMED = 3


def with_base(settings: Settings, organization: HostOrganization, directory: Directory) -> Directory:
    """The directory, with the base of the settings where it has none."""
    if not directory.base.rdns:
        base = settings.directory.base_dn
        directory.base = DN.parse(base) if base else organization.people.parent
    return directory


def check_directory(settings: Settings, organization: HostOrganization, directory: Directory) -> None:
    """Raises ConfigurationError or DirectoryError for a directory in which the organization can have no users."""
    if type(directory) is MemoryDirectory and not any(directory.entries()):
        # an empty directory in memory is enough to try the library
        _create(directory, organization.entries(with_base(settings, organization, directory).base))
    directory.check()
    longest, allowed = directory.layout.longest_name, settings.names.max_length
    if longest is not None and allowed > longest:
        raise ConfigurationError(
            Sentence(
                "[names] max_length is {allowed}, but a user name in Active Directory (sAMAccountName) "
                "has at most {longest} characters. Set max_length to {longest} or less.",
                allowed=allowed,
                longest=longest,
            )
        )
    require_within(organization, directory.base)
    if directory.read(organization.people, ("objectClass",)) is None:
        raise ConfigurationError(
            Sentence(
                "The entry {dn}, below which users are created, does not exist. Create the entry, or correct users_dn.",
                dn=organization.people,
            )
        )


def _create(directory: Directory, entries: Iterable[Entry]) -> None:
    with directory.writing():
        for result in carried_out(directory, map(Add, entries)):
            if result.error is not None:
                raise result.error


def require_journal_of(organization: HostOrganization, journal: Journal) -> None:
    """Raises ConfigurationError for the journal of another organization."""
    if journal.realm != organization.realm:
        raise ConfigurationError(
            Sentence(
                "The settings are those of {realm}, but the journal is that of {other}. Nothing was written. Give the "
                "client the journal of its own organization.",
                realm=organization.realm,
                other=_shown(journal.realm),
            )
        )


def require_key_of(realm: str, journal: Journal, key: MarkKey | None) -> None:
    """Raises ConfigurationError for a key with which the journal was not created."""
    if key is not None and key.fingerprint != journal.key.fingerprint:
        raise ConfigurationError(
            Sentence(
                "The key that was given for {realm} is not the key of its journal. Nothing was written. Give the "
                "client the key with which the journal was created.",
                realm=realm,
            )
        )


def require_plan_of(organization: HostOrganization, plan: Plan) -> None:
    """Raises ConfigurationError for a plan that the client of another organization made."""
    if plan.realm not in ("", organization.realm):
        raise ConfigurationError(
            Sentence(
                "The plan was made for {other}, and cannot be applied for {realm}. Nothing was written. Apply it with "
                "the client that made it.",
                realm=organization.realm,
                other=_shown(plan.realm),
            )
        )


def require_directory_of(organization: HostOrganization, entries: Iterable[Entry]) -> None:
    """Raises ConfigurationError for the directory of another organization: all its users have another realm. A
    directory without users may be anybody's."""
    realm, people, others = organization.realm, organization.people, dict[str, None]()
    for entry in entries:
        name, _, its_realm = name_of(entry).rpartition("@")
        if its_realm == realm:
            return
        if name and entry.dn.is_within(people):
            others[its_realm] = None
    if others:
        raise ConfigurationError(
            Sentence(
                "The directory has no user of {realm}, but below {people} users of {others}, so it is probably that of "
                "another organization. Nothing was written. Correct url, base_dn or users_dn, or the realm.",
                realm=realm,
                people=scrub(str(people)),
                others=listed(map(_shown, others), most=_NAMED),
            )
        )


def _shown(realm: str) -> str:
    return scrub(shown(realm, 100))
