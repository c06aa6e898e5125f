"""Does a reading of the directory show the numbers that are known? To an account without the right to read
norEduPersonNIN, everybody seems to wait for a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.errors import DirectoryError
from feideprov.messages import Sentence
from feideprov.observe.known import Known

_MANY: Final = 100
"""Of fewer users, all may be waiting for their numbers."""


@dataclass
class NumbersShown:
    """The numbers that one reading of the directory shows, compared with those that the journal and the last
    observation know. `hidden`: how many users are known to have a number, and none is shown."""

    known: Known
    users: int = 0
    numbers: int = 0
    hidden: int = 0
    _others: int = 0

    def add(self, name: str, former_names: Iterable[str] = (), *, shown: bool, may_be_gone: bool = False) -> bool:
        """A user that was read, with the Feide names in lower case: is a number hidden? `may_be_gone`: this tool has
        perhaps removed it after the moment that the reading describes."""
        known = self.known
        hidden = not shown and not may_be_gone and any(map(known.had_number, (name, *former_names)))
        self.users += 1
        self.numbers += shown
        self.hidden += hidden
        self._others += name not in known.users.made
        return hidden

    def all_hidden(self, *, few: int = 1) -> bool:
        """Whether no number at all is shown, and more than a few, or many users whom this tool did not create, should
        have one. Ask when everything was read."""
        return not self.numbers and (self.hidden > few or self._others >= _MANY)

    def check(self) -> None:
        """Raises DirectoryError when no number can be read."""
        if not self.all_hidden():
            return
        sentence = Sentence(
            "{count} user was read, without {attribute}, so it is not known who has no number. Give the bind account "
            "the right to read {attribute}. If all numbers were removed, first run: feideprov observe --allow-changes "
            "{hidden}",
            plural="{count} users were read, all without {attribute}, so it is not known who has no number. Give the "
            "bind account the right to read {attribute}. If all numbers were removed, first run: feideprov observe "
            "--allow-changes {hidden}",
            count=self.users,
            attribute=NUMBER_ATTRIBUTE,
            hidden=self.hidden,
        )
        raise DirectoryError(sentence, before_writing=True)
