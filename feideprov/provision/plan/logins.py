"""Closing and reopening users, and new first passwords: for users of ours alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from feideprov.directory.dn import fold
from feideprov.directory.entry import Entry, Modification, octets
from feideprov.directory.layout import layout_of
from feideprov.directory.protocol import NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE
from feideprov.errors import Refused, scrub
from feideprov.feide.initial_password import InitialPassword
from feideprov.feide.name_policy import NamePolicy, UserNames
from feideprov.feide.organization import HostOrganization
from feideprov.provision.plan.builder import PlanBuilder, name_of, usable_name_of
from feideprov.provision.plan.login_changes import Close, NewPassword, Rename, Reopen
from feideprov.provision.plan.plan import Plan
from feideprov.provision.plan.user_names import stem_of


@dataclass(repr=False)
class LoginPlanner:
    """Plans for users by Feide name. `password`: whether users log in with a password of the directory.

    A closed user has no password or, in Active Directory, a disabled account, so no bind succeeds. Where users log in
    elsewhere (Entra), the Feide name is moved to eduPersonPrincipalNamePrior: Feide looks users up by
    eduPersonPrincipalName. Either way the entry stays, and the name, former or not, is never given to another person.
    """

    draft: PlanBuilder
    organization: HostOrganization
    password: bool

    def close(self, users: Iterable[str]) -> Plan:
        """No login any more. A user who is closed already is unchanged."""
        for user, entry in self._ours(users):
            if user in self.draft.answers.closed:
                self.draft.unchanged += 1
                continue
            steps = layout_of(entry).closing(entry)
            if not self.password:
                steps = (
                    Modification("delete", NAME_ATTRIBUTE, entry.values(NAME_ATTRIBUTE)),
                    Modification("add", PRIOR_NAME_ATTRIBUTE, (octets(user),)),
                )
            self.draft.changes.append(Close(user, entry.dn, steps, self._source_id(entry)))
        return self.draft.finished()

    def reopen(self, users: Iterable[str]) -> Plan:
        """Login again, for users who were closed."""
        for user, entry in self._ours(users):
            if user not in self.draft.answers.closed:
                self.draft.unchanged += 1
            elif self.password:
                steps = layout_of(entry).reopening(entry)
                self.draft.changes.append(Reopen(user, entry.dn, steps, **self._handed_over(user, entry)))
            elif user in self.draft.found.by_feide_name:
                sentence = f"Another user has the name {user} by now: correct the directory."
                self.draft.refuse("R-NAME-TAKEN", sentence, None, user)
            else:
                former = tuple(
                    v for v in entry.values(PRIOR_NAME_ATTRIBUTE) if v.decode(errors="replace").lower() == user
                )
                steps = (
                    Modification("delete", PRIOR_NAME_ATTRIBUTE, former),
                    Modification("add", NAME_ATTRIBUTE, (octets(user),)),
                )
                self.draft.changes.append(Reopen(user, entry.dn, steps, source_id=self._source_id(entry)))
        return self.draft.finished()

    def new_passwords(self, users: Iterable[str]) -> Plan:
        """A new first password, in place of one that was lost."""
        for user, entry in self._ours(users):
            if user in self.draft.answers.closed:
                sentence = f"{user} is closed. If the person is back: feideprov reopen {user}."
                self.draft.refuse("R-CLOSED", sentence, None, user)
            else:
                self.draft.changes.append(NewPassword(user, entry.dn, **self._handed_over(user, entry)))
        return self.draft.finished()

    def _ours(self, users: Iterable[str]) -> Iterator[tuple[str, Entry]]:
        """The users that may be closed, each once; the others are refused."""
        for user in dict.fromkeys(user.strip().lower() for user in users):
            try:
                yield user, self._entry(user)
            except Refused as refused:
                self.draft.refuse(refused.code, str(refused), None, scrub(user), held=refused.held)

    def _entry(self, user: str) -> Entry:
        nameless = self.draft.nameless(user)
        entry = nameless or self.draft.found.user(user)
        if nameless is None:
            usable_name_of(entry)
        if user not in self.draft.answers.ours:
            sentence = (
                f"{user} was not made by this tool, so nothing is done to it. If it is: resolve {user} --same-as."
            )
            raise Refused(sentence, code="R-NOT-OURS", held=True)
        return entry

    def _source_id(self, entry: Entry) -> str | None:
        return entry.text(self.draft.found.source_id_attribute)

    def _handed_over(self, user: str, entry: Entry) -> dict[str, Any]:
        school = self.organization.school(entry.text("eduPersonPrimaryOrgUnitDN") or "")
        protected = self.draft.answers.is_protected(user)
        return {
            "initial_password": InitialPassword.new(entry.text("displayName") or "", user.partition("@")[0]),
            "name_to_show": "" if protected else entry.text("displayName") or "",
            "school": school.name if school else "",
            "source_id": self._source_id(entry),
        }


def plan_rename(draft: PlanBuilder, policy: NamePolicy, realm: str, user: str, *, to: str | None = None) -> Plan:
    """A new Feide name for one user of ours: made by the policy from the names that the entry has now, or `to`, a user
    name or Feide name of somebody's choice. A user whose name is as it would be made today is unchanged; so is one who
    was renamed to `to` already, also where that was cut off: the executor finishes it.

    Raises Refused, with the code, when there is no such user (R-NO-USER, R-CLOSED, R-NOT-OURS) or when `to` can be no
    name of ours (R-NAME-INVALID, R-NAME-RESERVED, R-NAME-FOREIGN, R-NAME-TAKEN).
    """
    user = user.strip().lower()
    if user not in draft.found.by_feide_name and _was_renamed(draft, user, to):
        draft.unchanged += 1
        return draft.finished()
    entry = _entry(draft, user)
    old = usable_name_of(entry)
    new = _made(draft, policy, realm, entry) if to is None else _chosen(draft, policy, realm, old, to)
    if new == old:
        draft.unchanged += 1
    else:
        source_id = entry.text(draft.found.source_id_attribute)
        draft.changes.append(Rename(old, entry.dn, new, _modifications(entry, old, new), source_id))
    return draft.finished()


def _was_renamed(draft: PlanBuilder, user: str, to: str | None) -> bool:
    entry = draft.found.by_former_name.get(user)
    now = name_of(entry) if entry else ""
    return bool(now) and to is not None and to.strip().lower() in (now, now.partition("@")[0])


def _entry(draft: PlanBuilder, user: str) -> Entry:
    if user in draft.answers.closed:
        raise Refused(f"{user} is closed. If the person is back: feideprov reopen {user}.", code="R-CLOSED", held=True)
    entry = draft.found.user(user)
    if usable_name_of(entry) not in draft.answers.ours:
        sentence = f"{user} was not made by this tool, so it is not renamed. If it is: resolve {user} --same-as."
        raise Refused(sentence, code="R-NOT-OURS", held=True)
    return entry


def _made(draft: PlanBuilder, policy: NamePolicy, realm: str, entry: Entry) -> str:
    """The Feide name that the policy gives; the one that the user has, where it could be that."""
    old, names = usable_name_of(entry), UserNames(draft.taken_names, policy)
    if draft.answers.is_protected(old):
        return f"{names.claim_neutral()}@{realm}"
    stem = stem_of(entry, policy)
    if policy.is_of(stem, old.removesuffix(f"@{realm}")):
        return old
    return f"{names.claim(stem)}@{realm}"


def _chosen(draft: PlanBuilder, policy: NamePolicy, realm: str, old: str, to: str) -> str:
    user_name, _, chosen_realm = to.strip().lower().partition("@")
    if chosen_realm not in ("", realm):
        raise Refused(f"Feide names of this organization end with @{realm}.", code="R-NAME-FOREIGN")
    new = f"{policy.chosen(user_name)}@{realm}"
    if new != old and user_name in draft.taken_names:
        sentence = f"The name {scrub(new)} is taken: somebody has it, or had it. Choose another one."
        raise Refused(sentence, code="R-NAME-TAKEN")
    return new


def _modifications(entry: Entry, old: str, new: str) -> tuple[Modification, ...]:
    """What becomes of the attributes. A user name that stands in the entry's own name leaves with that."""
    steps = [
        Modification("delete", NAME_ATTRIBUTE, entry.values(NAME_ATTRIBUTE)),
        Modification("add", NAME_ATTRIBUTE, (octets(new),)),
        Modification("add", "uid", (octets(new.partition("@")[0]),)),
    ]
    if old not in {text.lower() for text in entry.texts(PRIOR_NAME_ATTRIBUTE)}:
        steps.append(Modification("add", PRIOR_NAME_ATTRIBUTE, (octets(old),)))
    if "uid" not in {kind.lower() for kind, _ in entry.dn.rdns[0]}:
        former = tuple(v for v in entry.values("uid") if fold(v.decode(errors="replace")) == old.partition("@")[0])
        steps += [Modification("delete", "uid", former)] if former else []
    return (*steps, *layout_of(entry).renaming(entry, new))
