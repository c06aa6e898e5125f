"""Is everything set up so that this program can work and Feide's logins succeed? Nothing is written.

One look after the other, from this machine's files over the connection to the server's settings, then a rehearsal of a
login. What cannot be looked at because something before it is wrong is left out, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from feideprov.check import files, server, tls
from feideprov.check.checker import accepted
from feideprov.check.examination import Check, Examination, State, error, good, skipped, wrong
from feideprov.check.rehearsal import Rehearsal
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.server import LdapAddress
from feideprov.directory.ldap.server_config import server_config, server_time
from feideprov.directory.ldif_file import LdifDirectory
from feideprov.directory.protocol import Directory
from feideprov.directory.result_code import ResultCode
from feideprov.errors import ConfigurationError, DirectoryError, InputError
from feideprov.feide.organization import HostOrganization
from feideprov.numbers import NumberPolicy, number_shaped
from feideprov.settings import Settings


@dataclass
class Doctor:
    """What an examination needs.

    `address` is that of the LDAP server, None for another kind of directory. `opened` gives the directory as it is,
    without the checks that a command makes. `now` is what certificates and clocks are held to.
    """

    settings: Settings
    organization: HostOrganization
    address: LdapAddress | None
    opened: Callable[[], Directory]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def examine(self, user: str | None = None, password: str | None = None) -> Examination:
        """Look at everything, and rehearse Feide's login of `user`, a Feide name.

        Without `password` the login itself is left out. Raises InputError for no name, and for one that holds a number:
        servers log what they are asked for.
        """
        user = user.strip().lower() if user is not None else None
        if user == "":
            raise InputError("Give the Feide name of a user, as user@realm.")
        if user is not None and number_shaped(user):
            raise InputError("A Feide name holds no identity number, and a server would log it. Give another user.")
        checks = [self._known(check) for check in files.checks(self.settings)]
        way = [self._known(check) for check in self._to_the_end(self._way())]
        not_begun = [skipped("search", "Nobody comes so far: first what is wrong above must be right.")] if user else []
        if any(check.exit_code for check in way):
            left_out = skipped("server", "Not looked at: first the way to it must be right.")
            return Examination([*checks, *way, left_out], not_begun)
        try:
            directory = self.opened()
        except (ConfigurationError, DirectoryError) as failed:
            return Examination([*checks, *way, self._known(self._ended(failed))], not_begun)
        with directory:
            looked = [self._known(check) for check in self._to_the_end(self._directory(directory))]
            checks += [*way, *looked]
            if user is None or not _can_be_searched(looked):
                return Examination(checks, not_begun)
            rehearsal = Rehearsal(directory, self._policy, password, elsewhere=self.settings.login.by == "entra")
            login = [self._known(step, user) for step in self._to_the_end(rehearsal.steps(user))]
        return Examination(checks, login, rehearsal.received)

    def _way(self) -> Iterator[Check]:
        if self.address is None:
            yield skipped("connection", "There is no server: connection, TLS and certificate do not apply.")
        else:
            yield from tls.checks(self.address, self.now)

    def _directory(self, directory: Directory) -> Iterator[Check]:
        if isinstance(directory, LdifDirectory):
            yield files.private("LDIF directory", directory.path)
        base, people = server.places(directory, self.organization.people)
        if isinstance(directory, LdapDirectory):
            yield good("bind", "The server accepts the account.")
            settings = self.settings
            yield server.which(directory.kind_of_server(), settings.directory.kind, settings.names.max_length)
        yield from (base, people)
        if not isinstance(directory, LdapDirectory):
            yield skipped("server", "There is no server: schema, indexes, uniqueness, rights and clock do not apply.")
        elif base.exit_code:
            yield skipped("the rest", "Not looked at: first base_dn must be right.")
        else:
            yield from self._server(directory)

    def _server(self, directory: LdapDirectory) -> Iterator[Check]:
        section, crowd = self.settings.directory, server.Crowd()
        kind, config = directory.kind or directory.kind_of_server(), server_config(directory)
        yield from server.schema(directory, kind, with_schac=self.settings.feide.home_organization)
        yield from server.configuration(config, kind, section.source_id_attribute)
        yield from server.people(directory, self.organization.people, crowd, config.limits if config else ())
        yield server.write_rights(directory, crowd, section.mode)
        yield server.clock(server_time(directory), self.now)

    def _to_the_end(self, checks: Iterable[Check]) -> Iterator[Check]:
        """The checks; where the directory ends them, the reason is the last one."""
        try:
            yield from checks
        except (ConfigurationError, DirectoryError) as failed:
            yield self._ended(failed)

    def _ended(self, failed: ConfigurationError | DirectoryError) -> Check:
        """Why no more could be looked at. The sentence is the one that every command gives."""
        if self.address is None or isinstance(failed, ConfigurationError):
            name, code = "configuration", "D-CONFIGURATION"
            action = "Correct the configuration (docs/commands.md), or the file that it names."
        elif failed.code == ResultCode.NO_SUCH_OBJECT:
            name, code, action = "base_dn", "D-BASE", "Make what is missing with: feideprov init --directory"
        elif failed.code == ResultCode.INSUFFICIENT_ACCESS_RIGHTS:
            name, code, action = "read rights", "D-RIGHTS-READ", "Give the account the right to read."
        elif failed.exit_code == 3:
            name, code, action = (
                "connection",
                "D-UNREACHABLE",
                "See that the server runs, and that no firewall is between.",
            )
        elif failed.code is None:
            name, code, action = "TLS version", "D-TLS-NONE", "Give the server TLS, or correct url."
        else:
            name, code, action = "bind", "D-BIND", "Try the account with: ldapwhoami"
        return wrong(name, error(code, str(failed), action), failed.exit_code)

    @property
    def _policy(self) -> NumberPolicy:
        return NumberPolicy(duf=self.settings.numbers.duf, test=self.settings.numbers.test)

    def _known(self, check: Check, user: str | None = None) -> Check:
        """The check, its finding about that user, and expected where the configuration accepts it."""
        if check.finding is None:
            return check
        finding = replace(check.finding, user=user)
        return replace(check, finding=accepted(finding, self.settings.check.ignore, self.now.date()))


def _can_be_searched(looked: Iterable[Check]) -> bool:
    """Is the base there, and did the connection hold?"""
    states = {check.name: check.state for check in looked}
    return states.get("base_dn") is State.GOOD and not any(check.exit_code == 3 for check in looked)
