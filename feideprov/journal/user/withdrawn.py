"""Numbers that were withdrawn as wrong, as marks: from which users, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from feideprov.directory.dn import same_key
from feideprov.journal.events import Event, Fact
from feideprov.journal.keys import MarkKey
from feideprov.numbers import NationalNumber, NumberText


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One number that was withdrawn from one user. `id` is that of the event, `at` its moment (ISO 8601, UTC), `user`
    what the journal knows of the user. `source_id` is folded; empty when the entry had none."""

    id: int
    at: str
    user: object = field(repr=False)
    source_id: str = field(repr=False)


@dataclass
class WithdrawnNumbers:
    """The withdrawals after which the user has not got the number again."""

    key: MarkKey | None = field(default=None, compare=False)
    """Makes the mark that a number is found by."""
    last: int = 0
    """The id of the last withdrawal of all; 0 when there was none."""
    _of_mark: dict[str, list[Withdrawal]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._of_mark)

    def add(self, event: Event | Fact, user: object) -> None:
        """A number of the user was withdrawn, or was to be: what an open withdrawal says of the number holds too."""
        self.last = max(self.last, event.id)
        if mark := event.old_number_mark or event.number_mark:
            one = Withdrawal(event.id, event.at, user, same_key(event.source_id or ""))
            self._of_mark.setdefault(mark, []).append(one)

    def end(self, event: Event | Fact, user: object) -> None:
        """The user got a number. If it had been withdrawn from the user, new evidence has brought it back."""
        if (mark := event.number_mark) in self._of_mark:
            source_id = same_key(event.source_id or "")
            left = [one for one in self._of_mark[mark] if not _concerns(one, (user,), source_id)]
            self._of_mark[mark] = left

    def of(self, number: NationalNumber | NumberText, users: Iterable[object], source_id: str) -> Withdrawal | None:
        """The last withdrawal of a number from one of these users, or from a user with this source id (folded)."""
        if not self._of_mark or self.key is None:
            return None
        found = self._of_mark.get(self.key.of_number(number), ())
        return next((one for one in reversed(found) if _concerns(one, users, source_id)), None)


def _concerns(withdrawal: Withdrawal, users: Iterable[object], source_id: str) -> bool:
    return any(withdrawal.user is user for user in users) or (bool(source_id) and withdrawal.source_id == source_id)
