"""What the journal says of each user today: that it is there, under which name, with which number, closed or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feideprov.directory.dn import DN, renamed_dn
from feideprov.journal.events import ABOUT_A_NUMBER, OPEN, Event, State


@dataclass
class Standing:
    """One user, by the changes that were done. Of a user that was made elsewhere the journal may know no more than its
    number."""

    feide_name: str
    dn: DN
    ours: bool = False
    made: bool = False
    """Made by this tool, so that its number is known since."""
    source_id: str | None = None
    """Of the creation; one that a person linked later may stand in the journal alone."""
    number_mark: str | None = None
    """Of the number that it holds."""
    without: str | None = None
    """The mark of the number that was withdrawn or taken back, where none has come since."""
    number_at: str = ""
    """The moment (ISO 8601, UTC) of the last change of the number after the creation; empty where there was none."""
    closed: bool = False


def standing(events: Iterable[Event]) -> dict[str, Standing]:
    """By today's Feide name. Users that were forgotten are not there, nor those of whom a change is open: what became
    of it is not known yet."""
    users: dict[str, Standing] = {}
    unsure = set[str]()
    for event in events:
        name, other = event.feide_name.lower(), (event.other or "").lower()
        if not name:
            continue
        if event.state in OPEN:
            unsure |= {name, other if event.kind == "rename" else name}
        elif event.state is State.DONE:
            if event.kind == "rename" and name in users:
                user = users[other] = users.pop(name)
                user.feide_name, user.dn = other, renamed_dn(user.dn, name, other)
            elif event.kind in _TELLING:
                _apply(event, users.setdefault(name, Standing(name, DN.parse(event.dn))))
    return {name: user for name, user in users.items() if name not in unsure}


_TELLING = ("create", "link", "close", "reopen", "take-back", *ABOUT_A_NUMBER)


def _apply(event: Event, user: Standing) -> None:
    match event.kind:
        case "create":
            user.ours, user.made, user.source_id, user.dn = True, True, event.source_id, DN.parse(event.dn)
            user.number_mark, user.without, user.closed = event.number_mark, None, False
        case "link":
            user.ours = True
        case "close" | "reopen":
            user.closed = event.kind == "close"
        case "attach" | "replace" | "seen-attach" | "seen-replace":
            user.number_mark, user.without, user.number_at = event.number_mark, None, event.at
        case "withdraw" | "take-back" | "seen-withdraw":
            user.number_mark, user.without = None, event.old_number_mark or event.number_mark
            user.number_at = event.at
