"""A rehearsal of Feide's login for one user: every step that Feide takes in the directory, in its order.

Search for the Feide name with size limit 1; read the entries of the organization and the units, base scope; log in as
the user (docs.feide.no, reference/tls-requirements-ldap and reference/schema). Feide does so with an account of its
own, which may see less than ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from feideprov.check.examination import Check, Received, error, good, skipped, warning, wrong
from feideprov.check.finding import Finding
from feideprov.check.received import PERSON_ATTRIBUTES, received
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.layout import ACCOUNT_ATTRIBUTES, is_disabled
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.login import Login, log_in
from feideprov.directory.protocol import Directory
from feideprov.directory.result_code import ResultCode
from feideprov.errors import DirectoryError, InputError, scrub
from feideprov.numbers import NumberPolicy

_NAME = "eduPersonPrincipalName"
_ORGANIZATION, _UNITS, _PRIMARY = "eduPersonOrgDN", "eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN"
_LOCKS = ("pwdAccountLockedTime", "nsAccountLock", *ACCOUNT_ATTRIBUTES)  # OpenLDAP's, 389 DS's, Active Directory's
_DATA = (_NAME, "displayName", "eduPersonAffiliation", _ORGANIZATION)
"""Without one of these Feide's platform reports a data error (feideconnect/core-apis, 2018)."""


@dataclass
class Rehearsal:
    """One login. `password` None leaves the last step out; so does `elsewhere`, a login that Feide leaves to Entra."""

    directory: Directory
    policy: NumberPolicy
    password: str | None = field(default=None, repr=False)
    elsewhere: bool = False
    received: list[Received] = field(default_factory=list)

    def steps(self, feide_name: str) -> Iterator[Check]:
        """The steps, one after the other; what does not work is told, and the next are taken as far as they can be."""
        person, more = self._look_up(feide_name)
        if person is None:
            yield wrong("search", _nobody(feide_name))
            return
        yield from _search(person, more=more)
        yield _data(person)
        organization = self._resolved(person, _ORGANIZATION)
        for text, entry in organization.items():
            yield _there("organization", "D-LOGIN-ORG", _ORGANIZATION, text, entry)
        units = self._resolved(person, _UNITS)
        yield from _units(person, units)
        yield self._login(person)
        there = [entry for entry in organization.values() if entry]
        self.received = received(person, there[0] if there else None, [u for u in units.values() if u], self.policy)

    def _look_up(self, name: str) -> tuple[Entry | None, bool]:
        wanted = (*PERSON_ATTRIBUTES, _ORGANIZATION, _UNITS, _PRIMARY, *_LOCKS)
        if isinstance(self.directory, LdapDirectory):
            return self.directory.first(_NAME, name, wanted)
        found = list(self.directory.matching(_NAME, [name], wanted))
        return (found[0] if found else None), len(found) > 1

    def _resolved(self, person: Entry, attribute: str) -> dict[str, Entry | None]:
        """The entries that the values of an attribute name; None for a name that leads nowhere."""
        found: dict[str, Entry | None] = {}
        for text in person.texts(attribute):
            dn = _parsed(text)
            found[text] = self._read(dn) if dn else None
        return found

    def _read(self, dn: DN) -> Entry | None:
        """The entry; None as well where the server says that it is there, and not for this account."""
        try:
            return self.directory.read(dn)
        except DirectoryError as error:
            if error.code != ResultCode.INSUFFICIENT_ACCESS_RIGHTS:
                raise
            return None

    def _login(self, person: Entry) -> Check:
        lock, unlock = _lock_of(person), _unlocking(person)
        if self.elsewhere:
            return skipped("login", "[login] by is “entra”: users log in there, and Feide does not ask this directory.")
        if not self.password:
            return lock or skipped("login", "No password was given, so no login was tried.")
        if not isinstance(self.directory, LdapDirectory):
            accepted = self.directory.accepts_login(person.dn, self.password)
            return _answered(Login.ACCEPTED if accepted else Login.REFUSED, unlock)
        answer = log_in(self.directory.address, person.dn, self.password)
        return lock if lock and answer is Login.REFUSED else _answered(answer, unlock)


def _nobody(name: str) -> Finding:
    return error(
        "D-LOGIN-NONE",
        f"Nobody below the base has the Feide name {scrub(name)}.",
        "Look whether it is written right (user@realm), whether base_dn is above the user, and whether the account may "
        f"search by {_NAME}.",
    )


def _search(person: Entry, *, more: bool) -> Iterator[Check]:
    if more:
        said = (
            "More than one entry has that Feide name: with a size limit of 1, as Feide's, it is not sure who is found."
        )
        yield wrong("search", error("D-LOGIN-MANY", said, "Find out whose it is, and give the other one a new name."))
    else:
        yield good("search", f"It finds {scrub(str(person.dn))}.")
    stored = person.text(_NAME) or ""
    if stored != stored.lower():
        said = f"The Feide name is stored as {scrub(stored)}, and not in lower case."
        yield wrong("Feide name", warning("D-LOGIN-CASE", said, f"Write {_NAME} in lower case."))


def _data(person: Entry) -> Check:
    if missing := [name for name in _DATA if not person.values(name)]:
        said = f"The user has no {', no '.join(missing)}: Feide's platform reports that as an error in the data."
        action = "Fill it in, or see that the account may read it."
        return wrong("data", error("D-LOGIN-DATA", said, action))
    return good("data", "What Feide's platform cannot do without is there.")


def _units(person: Entry, units: dict[str, Entry | None]) -> Iterator[Check]:
    if not units:
        yield good("units", f"The user has no {_UNITS}, as is right for users of no school.")
    for text, entry in units.items():
        yield _there("unit", "D-LOGIN-UNIT", _UNITS, text, entry)
    primary = person.text(_PRIMARY)
    if primary is None and units:
        said = f"The user has no {_PRIMARY}."
    elif primary is not None and _parsed(primary) not in map(_parsed, units):
        said = f"{_PRIMARY} is not among the values of {_UNITS}."
    else:
        return
    yield wrong("primary unit", warning("D-LOGIN-PRIMARY", said, f"Make one of {_UNITS} the primary one."))


def _there(name: str, code: str, attribute: str, text: str, entry: Entry | None) -> Check:
    if entry is not None:
        return good(name, f"{scrub(str(entry.dn))} is there.")
    said = f"{attribute} names {scrub(text)}, which does not exist, or which the account may not read."
    action = f"Make that entry, correct the user's {attribute}, or give the account the right to read the entry."
    return wrong(name, error(code, said, action))


def _lock_of(person: Entry) -> Check | None:
    """A lock that stands in the entry. OpenLDAP leaves it there when its time is over, until the next login."""
    if not (person.values("pwdAccountLockedTime") or _is_inactive(person) or is_disabled(person)):
        return None
    said = "The account carries a lock: unless its time is over, the user cannot log in."
    return wrong("login", error("D-LOGIN-LOCKED", said, _unlocking(person)))


def _unlocking(person: Entry) -> str:
    """What opens a locked account: a new password does, but not one that was made inactive (seen on 389 DS 2.3.1), or
    disabled."""
    if is_disabled(person):
        return "The account is disabled. If the person is back: feideprov reopen USER, or enable it by hand."
    if _is_inactive(person):
        return "Somebody made the account inactive. To open it: take nsAccountLock away."
    return "Give the user a new password with feideprov password USER, or unlock the account (docs/doctor.md)."


def _is_inactive(person: Entry) -> bool:
    return (person.text("nsAccountLock") or "").lower() == "true"


def _answered(answer: Login, unlock: str) -> Check:
    match answer:
        case Login.ACCEPTED:
            return good("login", "The directory accepts the password.")
        case Login.REFUSED:
            said = "The directory refuses the password: it is wrong, or the user has none."
            action = "Try again, or: feideprov password USER. A closed user has none: feideprov reopen USER"
            return wrong("login", error("D-LOGIN-PASSWORD", said, action))
        case Login.LOCKED:
            said = "The account is locked or closed: the directory does not let the user in, whatever the password."
            return wrong("login", error("D-LOGIN-LOCKED", said, unlock))
        case Login.EXPIRED:
            said = "The password has expired."
            return wrong("login", error("D-LOGIN-EXPIRED", said, "Give the user a new one: feideprov password USER"))
        case Login.OTHER:
            said = "The directory does not answer the login with yes or no."
            return wrong("login", error("D-LOGIN-OTHER", said, "Look into the server's log."))


def _parsed(text: str) -> DN | None:
    try:
        return DN.parse(text)
    except InputError:
        return None
