"""Who is protected before any list says so, for `feide.users`."""

from __future__ import annotations

from collections.abc import Iterable

from feideprov.client.context import Context
from feideprov.journal.user.protected_keys import ProtectedKeys
from feideprov.provision.protect import PlannedProtection, plan_protection, source_ids_of, write_down


class ProtectedUsers:
    """People who are protected."""

    _context: Context

    def plan_protect(self, source_ids: Iterable[str], *, undo: bool = False) -> PlannedProtection:
        """Plan to mark people as protected, as `protect` does. Nothing is written.

        Parameters, returns and raises: as `protect`.
        """
        context, settings = self._context, self._context.settings
        context.journal.require_current()
        keys, marked = source_ids_of(source_ids, context.key), ProtectedKeys.read(context.journal)
        prefixes = [source.prefix_among_others for source in settings.sources]
        return plan_protection(context.builder(), marked, keys, prefixes, undo=undo)

    def protect(self, source_ids: Iterable[str], *, undo: bool = False) -> PlannedProtection:
        """Mark people as protected by their source ids, before or after they are users.

        Of a source id only a mark is kept. A list that has it creates the person as a protected one; a user who is
        there is protected from now on.

        Parameters:
            source_ids: the source ids, with or without the prefix of their source. In place of an identity number
                stand the letters that lists of people have for it.
            undo: remove the marks. A user who is there stays protected.

        Returns: what was written down.

        Raises:
            InputError: no source id is given, or one is empty.
            ConfigurationError, DirectoryError, JournalError: the directory or the journal cannot be used.
        """
        with self._context.journal.run():
            planned = self.plan_protect(source_ids, undo=undo)
            write_down(self._context.journal, planned)
        return planned
