"""One user, as the events of the journal leave it."""

from __future__ import annotations

from dataclasses import dataclass, field

from feideprov.directory.dn import DN


@dataclass(slots=True)
class UserState:
    """One user, as the journal's events leave it. Of a user that was made outside this tool, the journal may know no
    more than the number."""

    feide_name: str
    """Today's, in lower case."""
    entry: str = ""
    """The DN of the user's entry; empty when no change of it was done."""
    ours: bool = False
    """Made by this tool, or linked to it by a person. A creation that is open counts too."""
    released: bool = False
    """Handed to another system, and not taken back since."""
    made_at: str | None = None
    """The moment (ISO 8601, UTC) when this tool created the user, so that the number is known since. An open creation
    counts."""
    source_id: str | None = None
    """Of the creation; one that a person linked later is in `KnownUsers.linked`."""
    number_mark: str | None = None
    """The mark of the number that the user holds."""
    without: str | None = None
    """The mark of the number that was withdrawn or taken back, when none has come since."""
    withdrawn_at: str | None = None
    """The moment when the number was withdrawn, when none was attached since."""
    number_at: str = ""
    """The moment of the last change of the number after the creation; empty when there was none."""
    last_change: tuple[str, int, str] | None = None
    """The last change of the number, by whomever: its kind, its id in the journal, its moment."""
    closed: str | None = None
    """The DN of the entry when the user was closed; None when it is not closed."""
    gone: bool = False
    """A person said that the user's entry was deleted, and no change of it was made since."""
    different: bool = False
    """A person said that the user is not the person of any row. It holds until a user is created who is alike."""
    different_from: set[str] = field(default_factory=set)
    """Source ids (folded) whose persons the user is not."""
    second_accounts: set[str] = field(default_factory=set)
    """Feide names of other users that are the same person's, as they were when a person said so."""

    @property
    def dn(self) -> DN:
        """The DN of the user's entry."""
        return DN.parse(self.entry)
