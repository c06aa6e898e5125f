"""Which user names are taken, and the next free one for a user whose name was taken."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace

from feideprov.directory.entry import Entry
from feideprov.directory.protocol import NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE, Directory
from feideprov.feide.name_policy import NamePolicy
from feideprov.feide.user_name import UserNames
from feideprov.provision.plan.changes import Create
from feideprov.provision.plan.plan import Plan


@dataclass(frozen=True)
class TakenNames:
    """The user names of a directory, today's and former ones, and all that were ever issued."""

    in_directory: Container[str]
    issued: Container[str]

    def __contains__(self, user_name: object) -> bool:
        return user_name in self.in_directory or user_name in self.issued


@dataclass(frozen=True)
class NamesNow:
    """The user names of a directory at this moment: each name is looked up when it is asked for."""

    directory: Directory
    realm: str

    def __contains__(self, user_name: object) -> bool:
        feide_name = f"{user_name}@{self.realm}"
        wanted = (("uid", str(user_name)), (NAME_ATTRIBUTE, feide_name), (PRIOR_NAME_ATTRIBUTE, feide_name))
        return any(any(True for _ in self.directory.matching(name, [value], [name])) for name, value in wanted)


def stem_of(entry: Entry, policy: NamePolicy) -> str:
    """What the user name of an entry would begin with if it were made today. A person who has only one name has it in
    both attributes."""
    given, family = entry.text("givenName") or "", entry.text("sn") or ""
    return policy.stem(given, "" if family == given else family, entry.text("norEduPersonLegalName") or "")


class NextNames:
    """Another name for a new user whose name somebody else took after the plan was made."""

    def __init__(
        self, plan: Plan, policy: NamePolicy, directory: Directory, issued: Container[str], realm: str
    ) -> None:
        self._names = UserNames(TakenNames(NamesNow(directory, realm), issued), policy)
        self._names.give_out(create.user.user_name for create in plan.creates)

    def another(self, create: Create) -> Create:
        """The same user with the next free name; a protected person still gets a neutral one.

        Raises Refused (R-NO-NAME-LEFT) when there is none.
        """
        names, user = self._names, create.user
        name = (
            names.claim_neutral()
            if create.protected
            else names.claim(stem_of(Entry(user.dn, user.values), names.policy))
        )
        return replace(create, user=user.named(name))
