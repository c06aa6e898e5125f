"""Looking at the directory without writing to it: check, observe, doctor."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from feideprov.client.context import Context
from feideprov.directory.ldif_file import LdifExport
from feideprov.errors import ConfigurationError, InputError, JournalError, scrub_path
from feideprov.files import is_there
from feideprov.found import Found
from feideprov.journal.user.lockout import keep_lockout
from feideprov.messages import Sentence
from feideprov.numbers import Evidence
from feideprov.wiring import ldif_path, source_of

_CLOCKS_DIFFER = timedelta(minutes=5)
"""By as much the clocks of the machines that make and read an export may differ."""

if TYPE_CHECKING:
    from feideprov.check.examination import Check, Examination
    from feideprov.check.finding import Finding
    from feideprov.directory.ldap.server import LdapAddress
    from feideprov.journal.events import Debts, Event
    from feideprov.observe.observe import Observation


def check(
    context: Context, *, ldif: Path | str | None, part: bool, only: Collection[str], ignore: Collection[str]
) -> Found[Finding]:
    """See `Client.check`."""
    from feideprov.check.checker import check_directory, with_protection
    from feideprov.check.codes import require_known, select_rules
    from feideprov.check.context import CheckContext

    _require_export(ldif, part=part)
    require_known(context.settings.check.ignore)
    rules, journal = select_rules(only, ignore), context.existing_journal
    with context.unchecked_directory() if ldif is None else _export(context, ldif) as directory:
        check_context = CheckContext(
            context.organization,
            directory,
            context.settings,
            on=context.on,
            events=journal.events() if journal else (),
            key=journal.key if journal else None,
            journal=journal,
        )
        found = with_protection(check_directory(check_context, rules), check_context.protection)
        findings = sorted(found, key=lambda one: one.order)
    if ldif is not None and not check_context.users:
        raise InputError(
            Sentence(
                "{file} contains no user. Make an export of this organization's users, with all their attributes.",
                file=scrub_path(ldif),
            )
        )
    if not part:
        check_context.presence.check(scrub_path(ldif) if ldif is not None else "")
    return Found(findings, users=check_context.users)


def observe(
    context: Context,
    *,
    ldif: Path | str | None,
    part: bool,
    source: str | None,
    evidence: Evidence | None,
    allow_changes: int | None,
) -> Observation:
    """See `Client.observe`."""
    from feideprov.check.codes import require_known
    from feideprov.observe.observe import Observer
    from feideprov.observe.scan import Criteria
    from feideprov.services.audience import belongings

    _require_export(ldif, part=part)
    require_known(context.settings.check.ignore)

    def accepts(user: str, verdict_code: str) -> bool:
        code = verdict_code.replace("N-", "P-NIN-", 1)
        return any(one.accepts(code, user, context.on) for one in context.settings.check.ignore)

    export = _export(context, ldif) if ldif is not None else None
    of_source = source_of(context.settings, source)[0] if source is not None else None
    criteria = Criteria(context.on, context.build_options.numbers, evidence or of_source, accepts)
    caps = context.settings.caps
    with export or nullcontext(context.directory) as directory:
        services = replace(context.services, belongings=lambda: belongings(directory))
        told = set[str]()
        with context.journal.run():  # as in `apply`
            observer = Observer(directory, context.journal, criteria, _noting(services.debts(), told))
            observer.source_id_attribute = context.settings.directory.source_id_attribute
            if ldif is not None:
                observer.exported, observer.file, observer.part = True, scrub_path(ldif), part
                observer.made_at = _made_at(Path(ldif))
            observer.changes, observer.percent, observer.allowed = caps.changes, caps.percent, allow_changes
            found = observer.observe()
            providers = {one.provider.id for one in services.register.concerning_us() if one.id in told}
        return replace(found, owed=len(providers))  # one notice for each provider, as `notify` gathers them


def _noting(debts: Debts | None, told: set[str]) -> Debts | None:
    """The same function, which also notes all services that it names."""
    if debts is None:
        return None

    def noted(event: Event) -> Iterable[str]:
        services = tuple(debts(event))
        told.update(services)
        return services

    return noted


def doctor(context: Context, user: str | None, password: str | None) -> Examination:
    """See `Client.doctor`."""
    from feideprov.check.codes import require_known
    from feideprov.check.doctor import Doctor
    from feideprov.nightly.kept import Nights, nights_to_look_at
    from feideprov.nightly.watch import night_checks

    def of_nights() -> Iterator[Check]:
        settings, given = context.settings, context.given.journal
        place = settings.database or settings.journal.url
        read = partial(nights_to_look_at, place, context.organization.realm) if given is None else Nights(given).all
        return night_checks(read, datetime.now(UTC), settings.nightly.every_days)

    require_known(context.settings.check.ignore)
    doctor = Doctor(
        context.settings,
        context.organization,
        _address(context),
        context.directory_to_set_up,
        context.existing_key,
        context.on,
        context.mark,
        context.given,
        of_nights,
    )
    examination = doctor.examine(user, password)
    _keep_lockout(context, examination)
    return examination


def _keep_lockout(context: Context, examination: Examination) -> None:
    """Write down whether the server was seen to lock users, where a run needs it. A journal that cannot be written is
    what `doctor` tells of."""
    from feideprov.check.examination import State
    from feideprov.check.passwords import LOCKOUT, LOCKS

    login, mode = context.settings.login, context.settings.directory.mode
    if login.first_password != "words" or login.by != "directory" or mode != "write" or examination.exit_code > 1:
        return
    looked = [check for check in examination.checks if check.name == LOCKS and check.state is State.GOOD]
    locks = any(check.finding is None or check.finding.code != LOCKOUT for check in looked)
    if locks or context.existing_journal is not None:
        with suppress(ConfigurationError, JournalError):
            keep_lockout(context.journal, context.settings.directory.users_dn, context.on, locks=locks)


def _require_export(ldif: Path | str | None, *, part: bool) -> None:
    if part and ldif is None:
        raise InputError(
            Sentence("--part says that an export is a part of the directory. Give the export with --ldif.")
        )


def _made_at(export: Path) -> datetime | None:
    """When an export was made, by the time of its file; None for a time that is still to come."""
    now = datetime.now(UTC)
    try:
        made = datetime.fromtimestamp(export.stat().st_mtime, UTC)
    except (ValueError, OverflowError):  # after the year 9999, which some file systems have
        return None
    return min(made, now) if made <= now + _CLOCKS_DIFFER else None


def _export(context: Context, path: Path | str) -> LdifExport:
    if not is_there(Path(path)):
        raise InputError(
            Sentence("There is no file {path}. Make an export with ldapsearch or slapcat.", path=scrub_path(path))
        )
    export = LdifExport(Path(path))
    context.read_files.append(export)
    return export


def _address(context: Context) -> LdapAddress | None:
    """Where the LDAP server is; None for another kind of directory."""
    from feideprov.directory.ldap.directory import LdapDirectory
    from feideprov.directory.ldap.server import addresses

    section, given = context.settings.directory, context.given_directory
    if given is not None:
        return given.address if isinstance(given, LdapDirectory) else None
    if ldif_path(context.settings):
        return None
    ca_file = str(context.settings.path(section.ca_file)) if section.ca_file else None
    return addresses(section.url, ca_file=ca_file, tls=section.tls == "on")[0]
