"""Users whom the journal calls made and standing, and whom the directory does not show: an account without the right to
read an entry sees the same as if the entry was deleted. Nobody of them is created again."""

from __future__ import annotations

import shlex
from collections import defaultdict
from typing import Final

from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NUMBER_ATTRIBUTE
from feideprov.errors import Refused
from feideprov.issues import code
from feideprov.journal.user.state import UserState
from feideprov.journal.users import KnownUsers
from feideprov.messages import Sentence
from feideprov.numbers import NationalNumber, NumberText
from feideprov.provision.plan.directory_state import DirectoryState
from feideprov.provision.plan.holders import Holder
from feideprov.text import shown

R_HIDDEN: Final = code(
    "R-HIDDEN",
    Sentence(
        "Held: the journal has the user, but the directory does not show the entry, or not its source id. The bind "
        "account may not have the right to read it."
    ),
    Sentence(
        "Give the bind account the right to read all users, then run again. If the entry was deleted on purpose, run: "
        "feideprov resolve USER --gone --yes"
    ),
)


def entry_shown(state: DirectoryState, user: UserState) -> Entry | None:
    """The entry of a user whom the journal knows, by the Feide name or the DN; None when it is not shown."""
    return state.named(user.feide_name) or (state.by_dn.get(user.dn) if user.entry else None)


def hidden_user(state: DirectoryState, known: KnownUsers, feide_name: str) -> UserState | None:
    """The user of a Feide name, today's or a former one, when the journal has the user and the directory does not show
    the entry."""
    user = known.by_name.get(feide_name)
    if user is None or not user.entry or user.gone or entry_shown(state, user) is not None:
        return None
    return user


def hidden_person(state: DirectoryState, known: KnownUsers, source_id: str) -> Refused | None:
    """Why nobody is created for a source id that no entry shows: the journal has a user for it."""
    made = known.made_for(source_id)
    if not made:
        return None
    if entry_shown(state, made[0]) is None:
        return hidden(made[0].feide_name)
    return _without_source_id(made[0].feide_name, source_id, state.source_id_attribute)


class HiddenNumbers:
    """The numbers that the journal knows on users, and that the directory does not show."""

    def __init__(self, state: DirectoryState, known: KnownUsers) -> None:
        self._key = known.key
        self._users = defaultdict[str, list[UserState]](list)
        for name, user in known.by_name.items():
            if user.number_mark and user.feide_name == name and not user.gone:
                entry = entry_shown(state, user)
                if entry is None or not entry.values(NUMBER_ATTRIBUTE):
                    self._users[user.number_mark].append(user)

    def holders(self, number: NationalNumber | NumberText) -> list[Holder]:
        """The users who have this number."""
        found = self._users.get(self._key.of_number(number), ()) if self._users and self._key else ()
        return [Holder(user.dn, shown(user.feide_name), hidden=True) for user in found]


def hidden(feide_name: str) -> Refused:
    """The refusal to do anything with a user whose entry is not shown."""
    sentence = Sentence(
        "The journal has {user}, but the directory does not show the entry. The bind account may not have the right to "
        "read it. Give the account the right to read all users, then run again. If the entry was deleted on purpose, "
        "run: feideprov resolve {user} --gone --yes",
        user=feide_name,
    )
    return Refused(sentence, code=R_HIDDEN, held=True)


def perhaps_ours(feide_name: str) -> Refused:
    """The refusal to give a person another user name, when an earlier run may have created the user after all."""
    sentence = Sentence(
        "An entry with the name of {user} exists, but the directory does not show it. An earlier run was interrupted, "
        "and has perhaps created it for this person. Give the bind account the right to read all users, then run "
        "again.",
        user=feide_name,
    )
    return Refused(sentence, code=R_HIDDEN, held=True)


def _without_source_id(feide_name: str, source_id: str, attribute: str) -> Refused:
    sentence = Sentence(
        "The journal has {user} for this source id, but the entry does not show it. The bind account may not have the "
        "right to read {attribute}, or the value was changed outside this tool. Give the account this right, then run "
        "again. If {user} is the person in this row, run: feideprov resolve {user} --same-as {source_id} --yes. If "
        "not, run: feideprov resolve {user} --different {source_id} --yes",
        user=feide_name,
        source_id=shlex.quote(source_id),
        attribute=attribute,
    )
    return Refused(sentence, code=R_HIDDEN, held=True)
