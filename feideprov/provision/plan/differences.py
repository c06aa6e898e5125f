"""What must change for an entry to be as a row says, and whether a directory would let it change so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date
from typing import Final

from feideprov.directory import rules
from feideprov.directory.conditions import changed
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Modification, octets
from feideprov.errors import DirectoryError, scrub
from feideprov.feide.attributes import STORED
from feideprov.feide.organization import HostOrganization
from feideprov.feide.ownership import HeldValue
from feideprov.feide.person import PersonRecord
from feideprov.feide.user import AUXILIARY_CLASSES, HOME_ORGANIZATION_CLASS, FeideUser
from feideprov.issues import code
from feideprov.messages import Sentence
from feideprov.provision.plan.changes import Change, Create, steps_of

R_SCHEMA: Final = code(
    "R-SCHEMA",
    Sentence("Held: the directory would refuse the change, because of the entry's DN or object classes."),
    Sentence("Correct what the message names, then run again."),
)

_SCHOOLS: Final = "eduPersonOrgUnitDN"
_CLASSES: Final = {*AUXILIARY_CLASSES, HOME_ORGANIZATION_CLASS}
"""An entry that another tool made may have another structural class, which cannot be changed."""


def difference(
    entry: Entry,
    user: FeideUser,
    record: PersonRecord,
    ended_before: date | None = None,
    organization: HostOrganization | None = None,
) -> tuple[Modification, ...]:
    """What must be taken away and added for an entry to be as the row says.

    A row owns only the attributes that it gives: an empty column says nothing, and of each attribute only the values
    that its row in `feide.attributes` owns are taken away. `record` is the row as it was given, `user` what is made of
    it, `ended_before` as in `HeldValue`. With the `organization`, the groups of a school go with the school.
    """
    left: Set[str] = frozenset()
    steps = _missing_classes(entry, user)
    for attribute, rows in STORED.items():
        values = user.values.get(attribute, ())
        if not values and not any(row.always for row in rows):
            continue  # an empty column
        if entry.values(attribute) == tuple([value.encode() for value in values]):
            continue  # nearly always
        if not any(row.unspoken and row.unspoken(entry, record) for row in rows):
            steps += _steps(attribute, values, entry, user, record, ended_before=ended_before, left=left)
        if attribute == _SCHOOLS:  # stands before the groups
            left = _left(steps, organization)
    return tuple(steps)


def _left(steps: Iterable[Modification], organization: HostOrganization | None) -> Set[str]:
    """The organization numbers of the schools that steps take away."""
    if organization is None:
        return frozenset()
    gone = [dn for step in steps if (step.attribute, step.operation) == (_SCHOOLS, "delete") for dn in step.values]
    schools = [organization.school(dn.decode(errors="replace")) for dn in gone]
    return frozenset(school.number for school in schools if school is not None)


def _missing_classes(entry: Entry, user: FeideUser) -> list[Modification]:
    wanted, there = [octets(name) for name in user.values.get("objectClass", ())], entry.values("objectClass")
    if there == tuple(wanted):
        return []  # nearly always
    held = {rules.comparable("objectClass", value) for value in there}
    missing = [
        value for value in wanted if value.decode() in _CLASSES and rules.comparable("objectClass", value) not in held
    ]
    return [Modification("add", "objectClass", tuple(missing))] if missing else []


def _steps(
    attribute: str,
    values: tuple[str, ...],
    entry: Entry,
    user: FeideUser,
    record: PersonRecord,
    *,
    ended_before: date | None,
    left: Set[str],
) -> list[Modification]:
    rows, realm = STORED[attribute], user.feide_name.partition("@")[2]
    comparable = rows[0].comparable
    held = [(comparable(value), value) for value in entry.values(attribute)]
    coming = {comparable(value): value for value in map(octets, values)}
    arriving = {rules.comparable(attribute, value): value for key, value in coming.items() if key not in dict(held)}
    # the entry's own name keeps its value, which at most gets other letters (RFC 4511, 4.6)
    in_name = rules.in_name(entry.dn, attribute) - arriving.keys()
    leaving = []
    for key, value in held:
        one = HeldValue(attribute, value.decode(errors="replace"), entry, record, values, realm, ended_before, left)
        if key in coming or rules.comparable(attribute, value) in in_name:
            continue
        if any(row.owned(one) for row in rows):
            leaving.append(value)
    staying = {rules.comparable(attribute, value) for _, value in held if value not in leaving}
    added = tuple(value for same, value in arriving.items() if same not in staying)
    steps = [Modification("delete", attribute, tuple(leaving))] if leaving else []
    return steps + ([Modification("add", attribute, added)] if added else [])


def judged_by_schema(changes: Iterable[Change], users: Mapping[str, Entry]) -> Iterator[tuple[Change, Sentence | None]]:
    """The changes of a plan, each with the reason why the directory would refuse it, if it would.

    `users` are the entries by Feide name. What an earlier change does to the same entry counts: an update may add the
    object class that a number needs.
    """
    after: dict[DN, Entry] = {}
    allowed: set[object] = set()  # new users are made alike: one of each form is checked
    for change in changes:
        try:
            if isinstance(change, Create):
                form = tuple([(name, len(values)) for name, values in change.user.values.items()])
                if form not in allowed:
                    rules.check_entry(change.write(None).entry)
                allowed.add(form)
            elif entry := after.get(change.dn) or _entry_of(change, users):
                after[change.dn] = changed(entry, steps_of(change), whole=False)
            yield change, None
        except DirectoryError as error:
            yield change, _refused(change, error)


def _entry_of(change: Change, users: Mapping[str, Entry]) -> Entry | None:
    entry = users.get(change.feide_name)
    return entry if entry is not None and entry.dn == change.dn else None


def _refused(change: Change, error: DirectoryError) -> Sentence:
    if isinstance(change, Create):
        return Sentence(
            "The directory would refuse the new user {user}. {reason} Correct the row or the configuration, then run "
            "again.",
            user=change.feide_name,
            reason=error.sentence,
        )
    return Sentence(
        "The directory would refuse this change of {user}. {reason} Correct the entry {dn}, then run again.",
        user=change.feide_name,
        reason=error.sentence,
        dn=scrub(str(change.dn)),
    )
