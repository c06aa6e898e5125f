"""Closing and reopening users, and new first passwords: for users of ours alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from feideprov.directory.dn import fold
from feideprov.directory.entry import Entry, Modification, octets
from feideprov.directory.layout import layout_of
from feideprov.directory.protocol import NAME_ATTRIBUTE, PRIOR_NAME_ATTRIBUTE, former_names_of, name_of
from feideprov.errors import Refused, scrub
from feideprov.feide.initial_password import InitialPassword
from feideprov.feide.name_policy import NamePolicy
from feideprov.feide.user_name import UserNames
from feideprov.issues import Origin, code
from feideprov.look_alikes import visible
from feideprov.messages import Sentence
from feideprov.provision.plan.builder import R_CLOSED, PlanBuilder, closed
from feideprov.provision.plan.directory_state import usable_name_of
from feideprov.provision.plan.linking.handing_over import not_ours
from feideprov.provision.plan.login_changes import Close, NewPassword, Rename, Reopen
from feideprov.provision.plan.numbers import NamedUser, user_of
from feideprov.provision.plan.plan import Plan
from feideprov.provision.plan.user_names import stem_of

R_NAME_TAKEN: Final = code(
    "R-NAME-TAKEN",
    Sentence(
        "Another user has this Feide name, or had it before. The row is refused, or held if the name was taken "
        "after the plan was made."
    ),
    Sentence("Choose another name. If the row is held, run again; if you used a saved plan, make it again first."),
)
R_NAME_FOREIGN: Final = code(
    "R-NAME-FOREIGN",
    Sentence("The new Feide name has the realm of another organization."),
    Sentence("Write the new name without “@” and realm, or with your own realm."),
)


class ListedLeaver(NamedUser, Protocol):
    """A row of a list of people who have left, or will."""

    @property
    def last_day(self) -> date | None:
        """The last day on which the user is to log in."""

    @property
    def origin(self) -> Origin | None: ...


@dataclass(repr=False)
class LoginPlanner:
    """Plans for users by Feide name. `password`: users log in with a password of the directory.

    A closed user has no password or, in Active Directory, a disabled account, so no bind succeeds. When users log in
    elsewhere (Entra), the Feide name is moved to eduPersonPrincipalNamePrior: Feide finds users by
    eduPersonPrincipalName. In both cases the entry stays, and the name, former or not, is never given to another
    person.
    """

    builder: PlanBuilder
    password: bool

    def close(self, users: Iterable[str]) -> Plan:
        """Stop the login of users. A user who is closed already is unchanged."""
        for user, entry in self._ours(users):
            if user in self.builder.known_users.closed:
                self.builder.unchanged += 1
                continue
            self._close(user, entry)
        return self.builder.finished()

    def close_listed(self, rows: Iterable[ListedLeaver]) -> Plan:
        """Stop the login of the users that the rows of a list name, each once. Who has a last day that is not over yet
        is left for another day."""
        waiting, users = list[date](), set[str]()
        for row in rows:
            self.builder.about = row.source_id
            try:
                entry = user_of(self.builder, row)
                if (user := usable_name_of(entry)) not in self.builder.known_users.ours:
                    raise not_ours(user, self.builder.known_users)
            except Refused as refused:
                if refused.code == R_CLOSED:
                    self.builder.unchanged += 1
                    continue
                self.builder.refuse(refused.code, refused.sentence, row.origin, row.user or None, held=refused.held)
                continue
            if row.last_day is not None and row.last_day >= self.builder.on:
                waiting.append(row.last_day)
            elif user in self.builder.known_users.closed or user in users:
                self.builder.unchanged += 1
            else:
                users.add(user)
                self._close(user, entry, row.origin)
        self.builder.about = ""
        self.builder.notes += _not_yet(waiting)
        return self.builder.finished()

    def _close(self, user: str, entry: Entry, origin: Origin | None = None) -> None:
        steps = layout_of(entry).closing(entry)
        if not self.password:
            steps = (
                Modification("delete", NAME_ATTRIBUTE, entry.values(NAME_ATTRIBUTE)),
                Modification("add", PRIOR_NAME_ATTRIBUTE, (octets(user),)),
            )
        self.builder.changes.append(Close(user, entry.dn, steps, self._source_id(entry), origin))

    def reopen(self, users: Iterable[str]) -> Plan:
        """Let closed users log in again."""
        for user, entry in self._ours(users):
            if user not in self.builder.known_users.closed:
                self.builder.unchanged += 1
            elif self.password:
                steps = layout_of(entry).reopening(entry)
                self.builder.changes.append(
                    Reopen(user, entry.dn, steps, _first_password(user, entry), source_id=self._source_id(entry))
                )
            elif user in self.builder.state.by_feide_name:
                sentence = Sentence(
                    "The closed user was not reopened, because another user now has the Feide name {user}. Rename that "
                    "user, then run again.",
                    user=user,
                )
                self.builder.refuse(R_NAME_TAKEN, sentence, None, user)
            else:
                former = tuple(
                    v for v in entry.values(PRIOR_NAME_ATTRIBUTE) if v.decode(errors="replace").strip().lower() == user
                )
                steps = (
                    Modification("delete", PRIOR_NAME_ATTRIBUTE, former),
                    Modification("add", NAME_ATTRIBUTE, (octets(user),)),
                )
                self.builder.changes.append(Reopen(user, entry.dn, steps, source_id=self._source_id(entry)))
        return self.builder.finished()

    def new_passwords(self, users: Iterable[str]) -> Plan:
        """A new first password, in place of one that was lost."""
        for user, entry in self._ours(users):
            if user in self.builder.known_users.closed:
                refused = closed(user)
                self.builder.refuse(refused.code, refused.sentence, None, user)
            else:
                password = _first_password(user, entry)
                self.builder.changes.append(NewPassword(user, entry.dn, password, source_id=self._source_id(entry)))
        return self.builder.finished()

    def new_passwords_listed(self, rows: Iterable[ListedLeaver]) -> Plan:
        """The same for the users that the rows of a list name, each once."""
        users = set[str]()
        for row in rows:
            self.builder.about = row.source_id
            try:
                entry = user_of(self.builder, row)
                if (user := usable_name_of(entry)) not in self.builder.known_users.ours:
                    raise not_ours(user, self.builder.known_users)
                if user in self.builder.known_users.closed:
                    raise closed(user)
            except Refused as refused:
                self.builder.refuse(refused.code, refused.sentence, row.origin, row.user or None, held=refused.held)
                continue
            if user in users:
                self.builder.unchanged += 1
                continue
            users.add(user)
            password = _first_password(user, entry)
            self.builder.changes.append(
                NewPassword(user, entry.dn, password, source_id=self._source_id(entry), origin=row.origin)
            )
        self.builder.about = ""
        return self.builder.finished()

    def _ours(self, users: Iterable[str]) -> Iterator[tuple[str, Entry]]:
        """The users of ours among these, each once; the others are refused."""
        for user in dict.fromkeys(visible(user).strip().lower() for user in users):
            try:
                yield user, self._entry(user)
            except Refused as refused:
                self.builder.refuse(refused.code, refused.sentence, None, scrub(user), held=refused.held)

    def _entry(self, user: str) -> Entry:
        without_name = self.builder.entry_without_name(user)
        entry = without_name or self.builder.user(user)
        if without_name is None:
            usable_name_of(entry)
        if user not in self.builder.known_users.ours:
            raise not_ours(user, self.builder.known_users)
        return entry

    def _source_id(self, entry: Entry) -> str | None:
        return entry.text(self.builder.state.source_id_attribute)


def _not_yet(days: Sequence[date]) -> list[Sentence]:
    """A note about users whose last day is not over."""
    if not days:
        return []
    return [
        Sentence(
            "{count} user of the list has a last day that is not over, and is not closed yet. Run again after {day}.",
            plural="{count} users of the list have a last day that is not over, and are not closed yet. The first of "
            "these days is {day}: run again after it.",
            count=len(days),
            day=min(days),
        )
    ]


def _first_password(user: str, entry: Entry) -> InitialPassword:
    return InitialPassword.new(entry.text("displayName") or "", user.partition("@")[0])


def plan_rename(builder: PlanBuilder, policy: NamePolicy, realm: str, user: str, *, to: str | None = None) -> Plan:
    """A new Feide name for one user of ours: made by the policy from the names that the entry has now, or `to`, a
    chosen user name or Feide name. Nothing is planned when the user has that name already, or one that the policy
    could have made. A rename to `to` that was interrupted counts as done: the executor finishes it.

    Raises Refused, with the code, when the user cannot be renamed (R-NO-USER, R-CLOSED, R-NOT-OURS) or may not have
    the name `to` (R-NAME-INVALID, R-NAME-RESERVED, R-NAME-FOREIGN, R-NAME-TAKEN).
    """
    user = visible(user).strip().lower()
    if user not in builder.state.by_feide_name and _was_renamed(builder, user, to):
        builder.unchanged += 1
        return builder.finished()
    entry = _entry(builder, user)
    old = usable_name_of(entry)
    new = _by_policy(builder, policy, realm, entry) if to is None else _chosen(builder, policy, realm, old, to)
    if new == old:
        builder.unchanged += 1
    else:
        source_id = entry.text(builder.state.source_id_attribute)
        builder.changes.append(Rename(old, entry.dn, new, _modifications(entry, old, new), source_id))
    return builder.finished()


def _was_renamed(builder: PlanBuilder, user: str, to: str | None) -> bool:
    entry = builder.state.by_former_name.get(user)
    now = name_of(entry) if entry else ""
    return bool(now) and to is not None and to.strip().lower() in (now, now.partition("@")[0])


def _entry(builder: PlanBuilder, user: str) -> Entry:
    if user in builder.known_users.closed:
        raise closed(user)
    entry = builder.user(user)
    if usable_name_of(entry) not in builder.known_users.ours:
        raise not_ours(user, builder.known_users)
    return entry


def _by_policy(builder: PlanBuilder, policy: NamePolicy, realm: str, entry: Entry) -> str:
    """The Feide name that the policy makes; the user's present name if the policy could have made it."""
    old, names = usable_name_of(entry), UserNames(builder.taken_names, policy)
    if builder.is_protected(entry):
        return f"{names.claim_neutral()}@{realm}"
    stem = stem_of(entry, policy)
    if policy.is_of(stem, old.removesuffix(f"@{realm}")):
        return old
    return f"{names.claim(stem)}@{realm}"


def _chosen(builder: PlanBuilder, policy: NamePolicy, realm: str, old: str, to: str) -> str:
    user_name, _, chosen_realm = to.strip().lower().partition("@")
    if chosen_realm not in ("", realm):
        sentence = Sentence("Feide names of this organization end with @{realm}. Correct the name.", realm=realm)
        raise Refused(sentence, code=R_NAME_FOREIGN)
    new = f"{policy.chosen(user_name)}@{realm}"
    if new != old and user_name in builder.taken_names:
        sentence = Sentence(
            "The name {name} is taken: another user has it, or had it before. Choose another name.", name=scrub(new)
        )
        raise Refused(sentence, code=R_NAME_TAKEN)
    return new


def _modifications(entry: Entry, old: str, new: str) -> tuple[Modification, ...]:
    """The changes of the attributes. A user name that is part of the DN is removed when the DN is changed."""
    steps = [
        Modification("delete", NAME_ATTRIBUTE, entry.values(NAME_ATTRIBUTE)),
        Modification("add", NAME_ATTRIBUTE, (octets(new),)),
        Modification("add", "uid", (octets(new.partition("@")[0]),)),
    ]
    if old not in former_names_of(entry):
        steps.append(Modification("add", PRIOR_NAME_ATTRIBUTE, (octets(old),)))
    if "uid" not in dict(entry.dn.own):
        former = tuple(v for v in entry.values("uid") if fold(v.decode(errors="replace")) == old.partition("@")[0])
        steps += [Modification("delete", "uid", former)] if former else []
    return (*steps, *layout_of(entry).renaming(entry, new))
