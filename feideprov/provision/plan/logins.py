"""Closing and reopening users, and new first passwords: for users of ours alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from feideprov.directory.entry import Entry, Modification, octets
from feideprov.directory.layout import layout_of
from feideprov.directory.protocol import NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE
from feideprov.errors import Refused, scrub
from feideprov.feide.initial_password import InitialPassword
from feideprov.feide.organization import HostOrganization
from feideprov.provision.plan.builder import Draft, usable_name_of
from feideprov.provision.plan.login_changes import Close, NewPassword, Reopen
from feideprov.provision.plan.plan import Plan


@dataclass(repr=False)
class LoginPlanner:
    """Plans for users by Feide name. `password`: whether users log in with a password of the directory.

    A closed user has no password or, in Active Directory, a disabled account, so no bind succeeds. Where users log in
    elsewhere (Entra), the Feide name is moved to eduPersonPrincipalNamePrior: Feide looks users up by
    eduPersonPrincipalName. Either way the entry stays, and the name, former or not, is never given to another person.
    """

    draft: Draft
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
