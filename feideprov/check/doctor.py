"""Is everything set up so that this program can work and Feide's logins succeed? Nothing is written.

The checks go from this machine's files over the connection to the server's settings, then comes a rehearsal of a login.
What cannot be checked because of an earlier failure is reported as skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

from feideprov.check import files, server, server_settings, tls
from feideprov.check.checker import accepted
from feideprov.check.examination import Check, Examination, State, error, good, skipped, warning, wrong
from feideprov.check.openness.checks import ANYBODY, USERS, Openness
from feideprov.check.rehearsal import Rehearsal
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.server import LdapAddress
from feideprov.directory.ldap.server_config import server_config, server_time
from feideprov.directory.ldif_file import LdifDirectory, not_there
from feideprov.directory.protocol import Directory
from feideprov.directory.result_code import ResultCode
from feideprov.errors import ConfigurationError, DirectoryError, InputError
from feideprov.feide.organization import HostOrganization
from feideprov.files import is_there
from feideprov.installation import page
from feideprov.issues import code
from feideprov.journal.high_water import HighWaterMark
from feideprov.journal.keys import MarkKey
from feideprov.messages import Sentence, listed
from feideprov.numbers import NumberPolicy, number_shaped
from feideprov.settings import Settings

CONFIGURATION = code(
    "D-CONFIGURATION",
    Sentence(
        "The configuration cannot be used, or a file that the configuration points to cannot be used. Exit code 2."
    ),
    Sentence(
        "Correct the configuration ({page}) or the file.",
        page=page("commands.md", "The configuration: `feideprov.toml`"),
    ),
)
UNREACHABLE = code(
    "D-UNREACHABLE",
    Sentence("The server does not respond, or the connection was lost. Exit code 3."),
    Sentence("Check that the server is running, and that no firewall stops the connection."),
)
BIND = code(
    "D-BIND",
    Sentence("The server refuses the bind account or its password. Exit code 2."),
    Sentence("Test the bind account with: ldapwhoami"),
)
PROTECTION = code(
    "D-PROTECTION",
    Sentence(
        "Warning: a source has PIFU or IMS files, which do not say who is protected (adressesperre), and the "
        "configuration does not say how that is known. No user is created from such a file."
    ),
    Sentence(
        "If there are no protected people, add the section [protection] with people = “none”. Otherwise give their "
        "source ids with feideprov protect KEY --yes, and add the section with people = “marked”."
    ),
)


@dataclass
class Doctor:
    """What an examination needs.

    `address` is the LDAP server's; None for another kind of directory. `open_directory` returns the directory without
    the checks that a command makes; it is closed in the end, unless a program gave it. `read_key` returns the journal's
    key; None if none was made yet. `mark` says how far the journal had come when the last run ended, `given` what a
    program gave in place of what the settings name. `more` gives the checks of other parts of the program. `on` is the
    day on which a finding must still be accepted. `now` is compared with the certificates and clocks of servers, which
    know no other day.
    """

    settings: Settings
    organization: HostOrganization
    address: LdapAddress | None
    open_directory: Callable[[], AbstractContextManager[Directory]]
    read_key: Callable[[], MarkKey | None]
    on: date
    mark: HighWaterMark | None = None
    given: files.Given = field(default_factory=files.Given)
    more: Callable[[], Iterable[Check]] = tuple
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def examine(self, user: str | None = None, password: str | None = None) -> Examination:
        """Check everything, and rehearse Feide's login of `user`, a Feide name.

        Without `password` the login itself is left out. Raises InputError for an empty name, and for one that holds
        a number, because servers log names.
        """
        user = user.strip().lower() if user is not None else None
        if user == "":
            raise InputError(Sentence("Give the Feide name of a user, in the form user@realm."))
        if user is not None and number_shaped(user):
            raise InputError(
                Sentence(
                    "The Feide name contains an identity number, and the server would log the number. Run the "
                    "command with the Feide name of another user."
                )
            )
        on_machine = files.checks(self.settings, self.read_key, self.mark, self.given)
        checks = [self._completed(check) for check in chain(on_machine, self._protection(), self.more())]
        connection = [self._completed(check) for check in self._until_failure(self._connection_checks())]
        not_tried = [skipped("search", Sentence("Not tried. First correct what is wrong above."))] if user else []
        if any(check.exit_code for check in connection):
            left_out = skipped("server", Sentence("Not checked. First correct the connection."))
            return Examination([*checks, *connection, left_out], not_tried)
        try:
            opened = self.open_directory()
        except (ConfigurationError, DirectoryError) as failure:
            return Examination([*checks, *connection, self._completed(self._failure(failure))], not_tried)
        with opened as directory:
            seen = server.VisibleUsers()
            in_directory = [self._completed(c) for c in self._until_failure(self._directory_checks(directory, seen))]
            checks += [*connection, *in_directory]
            if user is None or not _can_be_searched(in_directory):
                return Examination([*checks, *_not_as_user(user, in_directory)], not_tried)
            login = self.settings.login
            match = login.entra_match if login.by == "entra" else None
            organization = self.organization
            rehearsal = Rehearsal(directory, self._policy, password, entra_match=match, organization=organization)
            taken = chain(rehearsal.steps(user), _open_to_user(directory, seen, rehearsal))
            steps = [self._completed(step, user) for step in self._until_failure(taken)]
        return Examination(checks, steps, rehearsal.received)

    def _protection(self) -> Iterator[Check]:
        """Whether it is known who is protected in files that do not say so."""
        if sources := self.settings.protection.unanswered(self.settings.sources):
            sentence = Sentence(
                "The files of {sources} do not say who is protected, so no user is created from them.",
                sources=listed(sources),
            )
            yield wrong("protected people", warning(PROTECTION, sentence))

    def _connection_checks(self) -> Iterator[Check]:
        if self.address is None:
            yield skipped(
                "connection",
                Sentence("The directory is not a server, so connection, TLS and certificate are not checked."),
            )
        else:
            yield from tls.checks(self.address, self.now)

    def _directory_checks(self, directory: Directory, seen: server.VisibleUsers) -> Iterator[Check]:
        if isinstance(directory, LdifDirectory):
            yield files.private("LDIF directory", directory.path)
        base, people = server.base_entries(directory, self.organization)
        scheme, _, name = self.settings.directory.url.partition(":")
        path = self.settings.path(Path(name))
        if scheme == "ldif" and base.exit_code and not is_there(path):
            yield skipped("LDIF directory", not_there(path))
        if isinstance(directory, LdapDirectory):
            yield good("bind", Sentence("The server accepts the bind account."))
            settings = self.settings
            kind = directory.kind_of_server()
            yield server.configured_kind(kind, settings.directory.kind, settings.names.max_length)
        yield from (base, people)
        if not (base.exit_code or people.exit_code):
            yield from server.missing_units(directory, self.organization)
        if not isinstance(directory, LdapDirectory):
            yield skipped(
                "server",
                Sentence(
                    "The directory is not a server, so schema, indexes, uniqueness, rights and clock are not checked."
                ),
            )
        else:
            yield from self._server_checks(directory, base, seen)

    def _server_checks(self, directory: LdapDirectory, base: Check, seen: server.VisibleUsers) -> Iterator[Check]:
        section = self.settings.directory
        kind, config = directory.kind or directory.kind_of_server(), server_config(directory)
        yield from server_settings.schema(directory, kind, self.settings)
        yield from server_settings.configuration(config, kind, section.source_id_attribute)
        if base.exit_code:
            yield skipped("the rest", Sentence("Not checked. First correct base_dn."))
            return
        yield from server.readable_users(directory, self.organization.people, seen, config.limits if config else ())
        rights = server.write_rights(directory, seen, section.mode)
        yield rights
        if seen.sample and rights.state is State.GOOD and kind != "ad" and self.settings.login.by == "directory":
            yield server.password_policy(directory, seen.sample)
        yield Openness(directory, seen).to_anybody()
        yield server.clock(server_time(directory), self.now)

    def _until_failure(self, checks: Iterable[Check]) -> Iterator[Check]:
        """The checks; if the directory fails, the last one says why."""
        try:
            yield from checks
        except (ConfigurationError, DirectoryError) as failure:
            yield self._failure(failure)

    def _failure(self, failure: ConfigurationError | DirectoryError) -> Check:
        """Why no more could be checked. The sentence is the same as in every other command."""
        if self.address is None or isinstance(failure, ConfigurationError):
            name, its_code = "configuration", CONFIGURATION
        elif failure.code == ResultCode.NO_SUCH_OBJECT:
            name, its_code = "base_dn", server.BASE
        elif failure.code == ResultCode.INSUFFICIENT_ACCESS_RIGHTS:
            name, its_code = "read rights", server.RIGHTS_READ
        elif failure.exit_code == 3:
            name, its_code = "connection", UNREACHABLE
        elif failure.code is None:
            name, its_code = "TLS version", tls.TLS_NONE
        else:
            name, its_code = "bind", BIND
        return wrong(name, error(its_code, failure.sentence), failure.exit_code)

    @property
    def _policy(self) -> NumberPolicy:
        return NumberPolicy(duf=self.settings.numbers.duf, test=self.settings.numbers.test)

    def _completed(self, check: Check, user: str | None = None) -> Check:
        """The check, with the user in its finding, which is expected where the configuration accepts it."""
        if check.finding is None:
            return check
        finding = replace(check.finding, user=user)
        return replace(check, finding=accepted(finding, self.settings.check.ignore, self.on))


def _not_as_user(user: str | None, checks: Iterable[Check]) -> Iterator[Check]:
    """Without a rehearsal nobody was there to ask as."""
    if user is None and any(check.name == ANYBODY for check in checks):
        yield skipped(
            USERS,
            Sentence(
                "What users can read of others was not checked. To check it, run: feideprov doctor --user FEIDE_NAME"
            ),
        )


def _open_to_user(directory: Directory, seen: server.VisibleUsers, rehearsal: Rehearsal) -> Iterator[Check]:
    """What the user of the rehearsal can read of others. It is known only after the login."""
    if not isinstance(directory, LdapDirectory):
        return
    if rehearsal.logged_in is None:
        yield skipped(USERS, Sentence("Not checked, because the user is not logged in."))
    else:
        yield Openness(directory, seen).to_user(rehearsal.logged_in, rehearsal.password or "")


def _can_be_searched(checks: Iterable[Check]) -> bool:
    """Is the base there, and did the connection hold?"""
    checks = list(checks)
    states = {check.name: check.state for check in checks}
    return states.get("base_dn") is State.GOOD and not any(check.exit_code == 3 for check in checks)
