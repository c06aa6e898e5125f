"""`feide.checklist`: where else a number must be changed on the day that it changes in the directory."""

from __future__ import annotations

from feideprov.client.context import Context
from feideprov.journal.checklist import Checklist, Item
from feideprov.programs.calls import public


@public
class SameDayChecklist:
    """The places are the organization's own list (`[checklist] places`)."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def items(self, user: str | None = None) -> list[Item]:
        """The changes of numbers that must be made elsewhere too.

        Parameters:
            user: a Feide name: this user's last change, ticked or not. Without one, all changes that are not ticked
                in every place, the oldest first.

        Returns: one item for each user.

        Raises:
            Refused: the journal has no change of that user's number (R-NO-CHANGE).
            JournalError: the journal cannot be read.
        """
        return self._checklist.items(user) if self._context.existing_journal or user is not None else []

    def tick(self, *places: str, user: str | None = None) -> list[Item]:
        """Write down that a number was changed in these places too.

        Parameters:
            places: places of the list; `all` is every one.
            user: a Feide name; without one, everybody who is on the list.

        Returns: the items that were ticked, as they are now.

        Raises:
            InputError: a place is not in the list.
            Refused: the journal has no change of that user's number (R-NO-CHANGE).
            JournalError: the journal cannot be used.
        """
        return self._checklist.tick(places, user)

    @property
    def _checklist(self) -> Checklist:
        return Checklist(self._context.journal, self._context.settings.checklist.places)
