"""From settings to objects: the organization, the options, the directory, the key, the sources."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN
from feideprov.directory.layout import ACCOUNT_ATTRIBUTES
from feideprov.directory.ldif_file import LdifDirectory
from feideprov.directory.protocol import NAME_ATTRIBUTE, NUMBER_ATTRIBUTES, Directory
from feideprov.errors import ConfigurationError, scrub, scrub_path
from feideprov.feide.attributes import MANAGED
from feideprov.feide.build_options import BuildOptions
from feideprov.feide.first_password.style import PasswordStyle
from feideprov.feide.mfa import SecondFactor
from feideprov.feide.name_policy import NamePolicy
from feideprov.feide.organization import HostOrganization, School
from feideprov.feide.person import Role
from feideprov.files import is_empty, is_there
from feideprov.journal.keys import LEAST_OCTETS, KeyProvider, MarkKey
from feideprov.look_alikes import told_apart, visible
from feideprov.messages import Sentence, either, joined, listed
from feideprov.numbers import Evidence, NumberPolicy
from feideprov.provision.plan.linking.source_keys import SourceKeys
from feideprov.settings import Settings, describe_validation
from feideprov.settings.secrets import may_be_secret, no_variable
from feideprov.settings.sections import SourceSection
from feideprov.unit_names import school_block, unit_name

if TYPE_CHECKING:
    from datetime import date

    from feideprov.journal.high_water import HighWaterMark
    from feideprov.provision.run.handover import HandoverFile

Keys = MarkKey | bytes | KeyProvider
_NOT_IN_FINGERPRINT: Final[dict[str, Any]] = {
    "journal": True,
    "check": True,
    **dict.fromkeys(("closing", "protection", "output"), True),
    "sources": {"__all__": {"datasource", "prefix", "key", "follow", "leavers"}},
    "caps": {"fewest_percent"},
    **dict.fromkeys(("services", "smtp", "webhook", "checklist", "nir", "slips", "nightly"), True),
    "login": {"entra_match", "first_password", "change_password_url"},
    "directory": {"bind_dn", "password_file", "password_env", "ca_file", "mode", "timeout", "max_entries"},
}
"""Settings that do not change a plan: places on one machine, accounts, limits, accepted findings, who is informed,
what is only reported (mail that is missing at Entra), and how first passwords are made and given: a plan has none."""


def organization_of(settings: Settings) -> HostOrganization:
    """The organization and its schools.

    Raises ConfigurationError when [organization] or [[schools]] is wrong.
    """
    test = {"test": settings.numbers.test}
    schools: list[School] = []
    problems: list[Sentence] = []
    for number, section in enumerate(settings.schools, 1):
        try:
            schools.append(School.model_validate(section.model_dump(), context=test))
        except ValidationError as error:
            problems.append(_problems(school_block(number, section), error, School))
    values = {"schools": tuple(schools), "users_dn": settings.directory.users_dn}
    try:
        organization = HostOrganization.model_validate(settings.organization.model_dump() | values, context=test)
    except ValidationError as error:
        unit = Sentence("[organization]")
        if settings.organization.name.strip():
            unit = Sentence("[organization] is {name}", name=unit_name(settings.organization))
        problems.insert(0, _problems(unit, error, HostOrganization))
    if problems:
        raise ConfigurationError(joined(problems))
    return organization


def _problems(unit: Sentence | None, error: ValidationError, model: type[School | HostOrganization]) -> Sentence:
    problems = describe_validation(error, model)
    return Sentence("{unit}: {problems}", unit=unit, problems=problems) if unit else problems


def build_options_of(settings: Settings) -> BuildOptions:
    """Raises ConfigurationError when the source ids are to stand where something else does, or [names] is wrong."""
    used = {*NUMBER_ATTRIBUTES, "uid", NAME_ATTRIBUTE, "userPassword", *ACCOUNT_ATTRIBUTES, *MANAGED}
    if attribute_key(settings.directory.source_id_attribute) in map(attribute_key, used):
        raise ConfigurationError(
            Sentence("The attribute in source_id_attribute is used for something else. Choose another attribute.")
        )
    return BuildOptions(
        settings.directory.source_id_attribute,
        settings.feide.birth_date,
        NumberPolicy(duf=settings.numbers.duf, test=settings.numbers.test),
        NamePolicy.parse(**settings.names.model_dump()),
        keep_local_numbers=settings.numbers.keep_local_numbers,
        scoped_affiliation=settings.feide.scoped_affiliation,
        home_organization=settings.feide.home_organization,
        unique_id=settings.feide.unique_id,
        second_factor=SecondFactor(
            frozenset(map(Role, settings.mfa.sms_roles)), settings.mfa.services, settings.mfa.level
        ),
        entra=settings.login.by == "entra",
        entra_match=settings.login.entra_match,
        first_password=PasswordStyle(settings.login.first_password),
    )


def ldif_path(settings: Settings) -> Path | None:
    """The file of an LDIF directory; None for a server."""
    scheme, _, rest = settings.directory.url.partition(":")
    return settings.path(Path(rest)) if scheme == "ldif" else None


def directory_of(settings: Settings, organization: HostOrganization) -> Directory:
    """The directory that `[directory]` names. Nothing in it is read yet, apart from the base if none is configured."""
    section = settings.directory
    hashed = settings.login.password_hash
    base = DN.parse(section.base_dn) if section.base_dn else None
    if path := ldif_path(settings):
        return LdifDirectory(path, base, password_scheme="argon2" if hashed == "auto" else hashed)
    from feideprov.directory.ldap.directory import LdapDirectory

    directory = LdapDirectory(
        section.url,
        base=base or DN(()),
        bind_dn=section.bind_dn,
        password=settings.bind_password(),
        ca_file=str(settings.path(section.ca_file)) if section.ca_file else None,
        tls=section.tls == "on",
        kind=section.kind,
        password_scheme=hashed,
        receive_timeout=section.timeout,
        max_entries=section.max_entries,
    )
    if base is None:
        directory.base = directory.naming_context(organization.people)
    return directory


def handover_of(settings: Settings, organization: HostOrganization, on: date) -> HandoverFile:
    """The hand-over file, or files, that `[journal]` names."""
    from feideprov.provision.run.handover import HandoverFile

    return HandoverFile(settings.path(settings.journal.handover), organization.schools, on)


def key_of(settings: Settings, keys: Keys | None = None, *, new: MarkKey | None = None) -> MarkKey:
    """The organization's key: `keys`, or what `[journal]` names, created at first use: `new`, or a random one.

    Raises:
        ConfigurationError: the key cannot be used, or the key file is missing although there is a journal.
        JournalError: the key file is missing, and the database cannot be read, so nobody knows if there is a journal.
    """
    existing = existing_key_of(settings, keys)
    return existing or MarkKey.from_file(settings.path(settings.journal.key_file), make=True, new=new)


def existing_key_of(settings: Settings, keys: Keys | None = None) -> MarkKey | None:
    """The organization's key, and None where neither the key file nor the journal exists yet. Raises as `key_of`."""
    if keys is not None:
        return keys if isinstance(keys, MarkKey) else MarkKey(keys)
    if settings.journal.key_env:
        return _key_in_environment(settings.journal.key_env)
    path = settings.path(settings.journal.key_file)
    if is_there(path):
        return MarkKey.from_file(path, make=False)
    if not _has_journal(settings):
        return None
    raise ConfigurationError(
        Sentence(
            "The key file {path} of the journal is missing. Restore it from a copy. Without the key, nobody "
            "can find out which numbers the journal is about.",
            path=scrub_path(path),
        )
    )


def _key_in_environment(variable: str) -> MarkKey:
    if variable not in os.environ and may_be_secret(variable):
        raise ConfigurationError(no_variable("journal", "key_env"))
    try:
        key = bytes.fromhex(os.environ[variable].strip())
    except (KeyError, ValueError):
        key = b""
    if not key:
        raise ConfigurationError(
            Sentence(
                "The environment variable {variable} (key_env) is missing, or it is not a hexadecimal key. Set "
                "it to the key of the journal. If there is no journal yet, the command openssl rand -hex 32 makes a "
                "key.",
                variable=variable,
            )
        )
    if len(key) < LEAST_OCTETS:
        raise ConfigurationError(
            Sentence(
                "The key in the environment variable {variable} (key_env) is too short: it must have at least {least} "
                "bytes. Set it to the key of the journal.",
                variable=variable,
                least=LEAST_OCTETS,
            )
        )
    return MarkKey(key)


def mark_of(settings: Settings, keys: Keys | None = None) -> HighWaterMark | None:
    """The high-water mark of the journal: the file that `[journal]` names, or else the one beside the key file. None
    for a journal in memory, and where there is no key file."""
    section, path = settings.journal, settings.journal.mark_file
    if section.url.startswith("sqlite:") and settings.database is None:
        return None
    if path is None:
        if section.key_env or keys is not None:
            return None
        path = section.key_file.with_name(f"{section.key_file.name}.mark")
    from feideprov.journal.high_water import HighWaterMark

    return HighWaterMark(settings.path(path), settings.organization.realm)


def has_journal(settings: Settings) -> bool:
    """Whether the organization's journal was begun. An empty file is none.

    Raises JournalError when the database cannot be read.
    """
    database = settings.database
    return _has_journal(settings) and (database is None or not is_empty(database))


def _has_journal(settings: Settings) -> bool:
    if settings.database is not None:
        return is_there(settings.database)
    from feideprov.journal.key_check import key_fingerprint

    return key_fingerprint(settings.journal.url, settings.organization.realm) is not None


def fingerprint_of(settings: Settings) -> str:
    """A digest that is the same for configurations that make the same plan from the same list and directory."""
    content = settings.model_dump(mode="json", exclude=_NOT_IN_FINGERPRINT)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def source_section(settings: Settings, name: str | None) -> SourceSection | None:
    """The settings of a configured source."""
    sources = {source.name: source for source in settings.sources}
    return sources.get(visible(name).strip()) if name is not None else None


def is_full(settings: Settings, name: str | None) -> bool:
    """Whether the files of a source have everybody of the source."""
    source = source_section(settings, name)
    return source is not None and source.full


def is_followed(settings: Settings, name: str | None) -> bool:
    """Whether a fødselsnummer in a list of a source replaces the D-number that a user has."""
    source = source_section(settings, name)
    return source is not None and source.follow


def source_of(settings: Settings, name: str | None) -> tuple[Evidence | None, str | None]:
    """The evidence of a configured source, and the prefix of its source ids where there is more than one."""
    sources = {source.name: source for source in settings.sources}
    if name is None:
        if len(sources) > 1:
            raise ConfigurationError(
                Sentence(
                    "There are several sources. Say which one the list comes from, with --source: {names}.",
                    names=either(sources),
                )
            )
        return None, None
    name = visible(name).strip()
    if name not in sources:
        if not sources:
            raise ConfigurationError(
                Sentence("There is no source “{name}”: the configuration has no [[sources]].", name=scrub(name))
            )
        raise ConfigurationError(
            Sentence(
                "There is no source “{name}”{apart} in the configuration. The known sources are {names}.",
                name=scrub(name),
                apart=told_apart(name, sources),
                names=listed(sources),
            )
        )
    source = sources[name]
    seen_by, seen_on, note = source.confirmed_by, source.confirmed_on, f"source {source.name}"
    evidence = Evidence(source.evidence, seen_by, seen_on, note, standing=True)
    default = source.name if len(sources) > 1 else None
    return evidence, default if source.prefix is None else source.prefix or None


def keys_of(settings: Settings, name: str | None, named: str | None) -> SourceKeys:
    """How the source ids of a configured source are written. `named` is the source as a person has named it.

    Raises ConfigurationError as `source_of`.
    """
    prefix = source_of(settings, name)[1]
    prefixes = {source_of(settings, source.name)[1] for source in settings.sources}
    others = {other for other in prefixes if other is not None and other != prefix}
    bare_of_another = prefix is not None and any(source.prefix == "" for source in settings.sources)
    return SourceKeys(prefix, frozenset(others), bare_of_another, named if len(settings.sources) > 1 else None)


def operating_system_user() -> str:
    """Who runs this program: what the journal says where nobody else is named."""
    with suppress(KeyError, OSError):
        return getpass.getuser()
    return "unknown"
