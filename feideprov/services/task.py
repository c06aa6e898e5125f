"""One thing to do, as `today` and `nightly` tell it: how many, and the next command."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from feideprov.found import NOBODY
from feideprov.messages import NOTHING, Sentence, Template, filled, joined


@dataclass(frozen=True)
class Task:
    """One thing to do.

    `kind`: unseen, waiting, hidden_numbers, hidden_users, held, missing, passwords, passwords_erased, unanswered,
    cut_off, doubtful, unmarked, unasked, silent, notices, undelivered, unticked.
    `count` is of users, rows, sources, changes, numbers, providers, notices or places; of `unseen`, which says that
    there was no user to look at, it is 1. `command` works from any folder. `days` says for how many
    days the oldest of them has waited; None: it is not known.
    `list_gone`: the list with the held rows is not there any more. `about` names what is counted, where that is known:
    it is never shown, and tells `nightly` what is new. `left`: after how many days the oldest first password is erased.
    """

    kind: str
    count: int
    command: str
    days: int | None = None
    list_gone: bool = False
    about: Collection[object] = field(default=(), repr=False, compare=False)
    left: int | None = None

    @property
    def sentence(self) -> Sentence:
        """What there is to do, without the command."""
        said = filled(_LIST_GONE if self.list_gone else _SENTENCES[self.kind], count=self.count)
        if self.kind == "waiting" and self.days:
            return joined([said, _LONGEST_WAIT.filled(count=self.days)])
        if self.kind == "passwords" and self.days:
            soon = self.left is not None and self.left <= _SOON
            erased = (_ERASED_AFTER.filled(count=self.left) if self.left else _ERASED_NEXT) if soon else NOTHING
            return joined([said, _OLDEST.filled(count=self.days), erased])
        return said


_LONGEST_WAIT: Final = Template("The longest wait is {count} day.", "The longest wait is {count} days.")
_OLDEST: Final = Template("The oldest is from yesterday.", "The oldest is {count} days old.")
_ERASED_AFTER: Final = Template("It is erased after {count} more day.", "It is erased after {count} more days.")
_ERASED_NEXT: Final = Sentence("The next run that writes erases it.")
_SOON: Final = 3
"""So many days before first passwords are erased, it is said when that will be."""
_LIST_GONE: Final = Template(
    "{count} row was held for a person to decide, in a list that is not there any more. When the row is solved, remove "
    "it from this page with this command.",
    "{count} rows were held for a person to decide, in a list that is not there any more. When the rows are solved, "
    "remove them from this page with this command.",
)
_SENTENCES: Final[Mapping[str, Sentence | Template]] = {
    "unseen": NOBODY,
    "waiting": Template("{count} user waits for a number.", "{count} users wait for a number."),
    "hidden_numbers": Template(
        "The number of {count} user is known, but the directory does not show it. Give the account the right to read "
        "it, or say that it was removed.",
        "The numbers of {count} users are known, but the directory does not show them. Give the account the "
        "right to read them, or say that they were removed.",
    ),
    "hidden_users": Template(
        "{count} user in the journal is not shown by the directory. Give the account the right to read the entry, or "
        "say that it was deleted.",
        "{count} users in the journal are not shown by the directory. Give the account the right to read the "
        "entries, or say that they were deleted.",
    ),
    "held": Template("{count} row is held for a person to decide.", "{count} rows are held for a person to decide."),
    "missing": Template(
        "{count} user was not in the last full file. Has the person left? With plan FILE --leavers-list OUT.csv, a "
        "list is saved.",
        "{count} users were not in the last full file. Have they left? With plan FILE --leavers-list OUT.csv, "
        "a list of them is saved.",
    ),
    "passwords": Template(
        "{count} user was not given the first password yet.",
        "{count} users were not given their first passwords yet.",
    ),
    "passwords_erased": Template(
        "The first password of {count} user was erased before anybody noted it as given. Make a new one.",
        "The first passwords of {count} users were erased before anybody noted them as given. Make new ones.",
    ),
    "unanswered": Template(
        "The files of {count} source do not say who is protected, so no user is created from them. Answer [protection] "
        "in the configuration.",
        "The files of {count} sources do not say who is protected, so no user is created from them. Answer "
        "[protection] in the configuration.",
    ),
    "cut_off": Template(
        "{count} change was interrupted, so it is not known whether it was made.",
        "{count} changes were interrupted, so it is not known whether they were made.",
    ),
    "doubtful": Template(
        "{count} number in the directory must not be used, or only after somebody has seen evidence.",
        "{count} numbers in the directory must not be used, or only after somebody has seen evidence.",
    ),
    "unmarked": Template(
        "For {count} user, the journal has no marks of name and birth date yet, so this user is not recognized in a "
        "list with another source id. Apply a list that has the birth date.",
        "For {count} users, the journal has no marks of name and birth date yet, so they are not recognized in "
        "a list with another source id. Apply a list that has their birth dates.",
    ),
    "unasked": Template("{count} provider has not been asked yet.", "{count} providers have not been asked yet."),
    "silent": Template("{count} provider has not answered in time.", "{count} providers have not answered in time."),
    "notices": Template("{count} notice is due.", "{count} notices are due."),
    "undelivered": Template("{count} message did not arrive.", "{count} messages did not arrive."),
    "unticked": Template(
        "A number must still be changed in {count} other place today.",
        "A number must still be changed in {count} other places today.",
    ),
}
"""What there is to do, by the kind of task."""
