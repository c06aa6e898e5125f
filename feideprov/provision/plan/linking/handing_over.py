"""Users that are handed to another system, or were handed to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.protocol import name_of
from feideprov.errors import Refused, scrub
from feideprov.issues import Refusal
from feideprov.journal.users import KnownUsers
from feideprov.look_alikes import visible
from feideprov.messages import Sentence
from feideprov.provision.plan.builder import R_NOT_OURS, PlanBuilder
from feideprov.provision.plan.changes import Change, OfLogin, Update
from feideprov.provision.plan.linking.link_changes import Link, Release, TakeOver, WriteSourceId
from feideprov.provision.plan.people.hidden import entry_shown
from feideprov.provision.plan.plan import Plan

_FOR_OURS: Final = Update | WriteSourceId | OfLogin | Link
"""Changes that are made of users of ours alone."""


def plan_release(builder: PlanBuilder, users: Iterable[str] | None) -> Plan:
    """The plan to hand users to another system. Without `users`: all users of ours, also those that are closed and
    those that the directory does not show."""
    known = builder.known_users
    if users is None:
        wanted: Sequence[str] = sorted({known.name_today(name) for name in known.ours})
    else:
        wanted = list(dict.fromkeys(visible(user).strip().lower() for user in users))
    for user in wanted:
        try:
            _release(builder, user)
        except Refused as refused:
            builder.refuse(refused.code, refused.sentence, None, scrub(user), held=refused.held)
    return builder.finished()


def _release(builder: PlanBuilder, user: str) -> None:
    known = builder.known_users
    entry, dn = _entry(builder, user)
    if user in known.released:
        builder.unchanged += 1
    elif user not in known.ours:
        raise not_ours(user, known)
    else:
        source_id = (
            entry.text(builder.state.source_id_attribute) if entry is not None else known.by_name[user].source_id
        )
        builder.changes.append(Release(user, dn, source_id))


def _entry(builder: PlanBuilder, user: str) -> tuple[Entry | None, DN]:
    """The entry of a user, and its DN. The journal is enough for a user of ours whose entry is not shown."""
    known = builder.known_users.by_name.get(user)
    if known is not None and known.entry and known.feide_name == user:
        entry = entry_shown(builder.state, known)
        if entry is None or name_of(entry) != user:
            return entry, known.dn
    entry = builder.entry_without_name(user) or builder.user(user)
    return entry, entry.dn


def without_released(changes: Iterable[Change], known: KnownUsers) -> tuple[list[Change], list[Refusal]]:
    """The changes of a plan without those of users that were released after it was made, and why these are held."""
    if not known.released:
        return list(changes), []
    possible, refusals = list[Change](), list[Refusal]()
    taken_back = set[str]()
    for change in changes:
        user = change.feide_name
        if isinstance(change, TakeOver):
            taken_back.add(user)
        elif isinstance(change, _FOR_OURS) and user in known.released and user not in taken_back:
            refused = not_ours(user, known)
            refusals.append(Refusal(refused.code, refused.sentence, True, change.origin, user))
            continue
        possible.append(change)
    return possible, refusals


def not_ours(user: str, known: KnownUsers) -> Refused:
    """The refusal to change a user that this tool has not created, and that no person has linked to it."""
    if user in known.released:
        sentence = Sentence(
            "{user} was released to another system, so this tool does not change the user. To take the user back, run: "
            "feideprov resolve {user} --same-as SOURCE_ID --yes",
            user=user,
        )
    else:
        sentence = Sentence(
            "This tool did not create {user}, and therefore does not change the user. If it is the right user, run: "
            "feideprov resolve {user} --same-as SOURCE_ID --yes",
            user=user,
        )
    return Refused(sentence, code=R_NOT_OURS, held=True)
