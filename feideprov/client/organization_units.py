"""`feide.organization_units`: the entries of the organization and its schools in the directory."""

from __future__ import annotations

from feideprov.client.context import Context
from feideprov.directory.ldif_file import LdifDirectory
from feideprov.programs.calls import public
from feideprov.provision.plan.plan import Outcome, Plan
from feideprov.provision.plan.units import plan_units
from feideprov.wiring import ldif_path


@public
class OrganizationUnits:
    """Creates and updates the entries of the organization, its schools and the place for users.

    What the configuration says nothing about stays as it is.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def plan(self) -> Plan:
        """Plan to create what is missing, and to update what differs from the configuration. Nothing is written.

        Returns: the plan.

        Raises:
            DirectoryError: the directory cannot be read, or its schema has no such entries.
        """
        from feideprov.directory.ldap.directory import LdapDirectory

        with self._context.directory_to_set_up() as directory:
            if isinstance(directory, LdapDirectory):
                directory.check_schema()
            return plan_units(self._context.organization, directory)

    def apply(self) -> Outcome:
        """Create and update the entries. An LDIF file that does not exist is created.

        Returns: the outcome.

        Raises:
            ConfigurationError: the mode is watch.
            DirectoryError, JournalError: the directory or the journal cannot be used.
        """
        from feideprov.provision.run.executor import Executor

        context = self._context
        context.require_write_mode()
        if context.given_directory is None and (path := ldif_path(context.settings)):
            LdifDirectory.begin(path)
        plan = self.plan()
        with context.journal.run(), context.directory_to_set_up() as directory:
            # without changes, what an earlier run left open is finished, also about numbers
            debts = None if plan.changes else context.services.debts()
            return Executor(directory, context.journal, context.known_users(), debts=debts).apply(plan)
