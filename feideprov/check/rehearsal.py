"""A rehearsal of Feide's login for one user: every step that Feide takes in the directory, in Feide's order.

Search for the Feide name with size limit 1; read the entries of the organization and the units, base scope; log in as
the user (docs.feide.no, reference/tls-requirements-ldap and reference/schema). Feide uses its own bind account, which
perhaps sees less than ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from feideprov.check.examination import Check, Received, error, good, skipped, warning, wrong
from feideprov.check.finding import Finding
from feideprov.check.received import PERSON_ATTRIBUTES, received
from feideprov.check.server import read_if_allowed
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.layout import ACCOUNT_ATTRIBUTES, is_disabled
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.login import Login, log_in
from feideprov.directory.protocol import NAME_ATTRIBUTE, Directory
from feideprov.errors import InputError, scrub
from feideprov.feide.organization import HostOrganization
from feideprov.installation import page
from feideprov.issues import code
from feideprov.messages import Sentence, joined
from feideprov.numbers import NumberPolicy
from feideprov.unit_names import unit_at

_ORGANIZATION, _UNITS, _PRIMARY = "eduPersonOrgDN", "eduPersonOrgUnitDN", "eduPersonPrimaryOrgUnitDN"
_LOCKS = ("pwdAccountLockedTime", "nsAccountLock", *ACCOUNT_ATTRIBUTES)  # OpenLDAP's, 389 DS's, Active Directory's
_DATA = (NAME_ATTRIBUTE, "displayName", "eduPersonAffiliation", _ORGANIZATION)
"""Without one of these Feide's platform reports a data error (feideconnect/core-apis, 2018)."""

NONE = code(
    "D-LOGIN-NONE",
    Sentence("No user has this Feide name."),
    Sentence(
        "Check that the name is spelled correctly (user@realm), that the user's entry is below base_dn, "
        "and that the bind account has the right to search for eduPersonPrincipalName."
    ),
)
MANY = code(
    "D-LOGIN-MANY",
    Sentence("More than one entry has this Feide name."),
    Sentence("Find out which user had the name first, and give the other user a new name."),
)
CASE = code(
    "D-LOGIN-CASE",
    Sentence("Warning: the Feide name is not stored in lower case."),
    Sentence("Write eduPersonPrincipalName in lower case."),
)
DATA = code(
    "D-LOGIN-DATA",
    Sentence("An attribute that Feide's platform requires is missing."),
    Sentence("Add the attribute to the user's entry, or give the bind account the right to read the attribute."),
)
ORG = code(
    "D-LOGIN-ORG",
    Sentence("eduPersonOrgDN points to an entry that does not exist, or that the bind account has no right to read."),
    Sentence("Create the entry, correct eduPersonOrgDN, or give the bind account the right to read the entry."),
)
UNIT = code(
    "D-LOGIN-UNIT",
    Sentence(
        "A value of eduPersonOrgUnitDN points to an entry that does not exist, or that the bind account "
        "has no right to read."
    ),
    Sentence("Create the entry, correct eduPersonOrgUnitDN, or give the bind account the right to read the entry."),
)
PRIMARY = code(
    "D-LOGIN-PRIMARY",
    Sentence("Warning: eduPersonPrimaryOrgUnitDN is missing, or is not one of the values of eduPersonOrgUnitDN."),
    Sentence("Write one of the values of eduPersonOrgUnitDN to eduPersonPrimaryOrgUnitDN."),
)
PASSWORD = code(
    "D-LOGIN-PASSWORD",
    Sentence("The password is wrong, or the user has no password. The server does not say which."),
    Sentence(
        "Try again, or create a new password: feideprov password USER. If the user is closed, first reopen "
        "the user: feideprov reopen USER"
    ),
)
LOCKED = code(
    "D-LOGIN-LOCKED",
    Sentence("The user's account is locked, disabled or closed."),
    Sentence(
        "Unlock the user's account ({page}), or create a new password: feideprov password USER", page=page("doctor.md")
    ),
)
EXPIRED = code(
    "D-LOGIN-EXPIRED",
    Sentence("The password has expired."),
    Sentence("Create a new password: feideprov password USER"),
)
MAIL = code(
    "D-LOGIN-MAIL",
    Sentence("Users who log in at Entra are found by mail (entra_match in [login]), and the user has no mail."),
    Sentence(
        "Write the user's mail address to the attribute mail. If Feide finds users by the Feide name, set entra_match "
        "to “upn” or “either”."
    ),
)
OTHER = code(
    "D-LOGIN-OTHER",
    Sentence("The server neither accepted nor refused the login."),
    Sentence("Look in the log of the server."),
)


@dataclass
class Rehearsal:
    """One login. Without `password`, or if Feide leaves logins to Entra, the last step is left out.

    `entra_match` says how Feide finds a user who logs in at Entra; None if users log in at the directory.
    `organization`: whose users they are; its entry and those of its schools are named.
    """

    directory: Directory
    policy: NumberPolicy
    password: str | None = field(default=None, repr=False)
    entra_match: Literal["upn", "mail", "either"] | None = None
    organization: HostOrganization | None = None
    received: list[Received] = field(default_factory=list)
    logged_in: DN | None = None
    """The user's entry, after the login went well."""

    def steps(self, feide_name: str) -> Iterator[Check]:
        """The steps, one after the other. After a step that fails, the next ones are taken as far as possible."""
        person, more = self._find(feide_name)
        if person is None:
            yield wrong("search", _no_such_user(feide_name))
            return
        yield from _search(person, more=more)
        yield _data(person)
        organization = self._entries_named_by(person, _ORGANIZATION)
        for text, entry in organization.items():
            yield self._entry_check("organization", ORG, _ORGANIZATION, text, entry)
        units = self._entries_named_by(person, _UNITS)
        yield from self._unit_checks(person, units)
        yield self._login(person)
        there = [entry for entry in organization.values() if entry]
        self.received = received(person, there[0] if there else None, [u for u in units.values() if u], self.policy)

    def _find(self, name: str) -> tuple[Entry | None, bool]:
        """The user's entry, and whether there is more than one."""
        wanted = (*PERSON_ATTRIBUTES, _ORGANIZATION, _UNITS, _PRIMARY, *_LOCKS)
        if isinstance(self.directory, LdapDirectory):
            return self.directory.first(NAME_ATTRIBUTE, name, wanted)
        found = list(self.directory.matching(NAME_ATTRIBUTE, [name], wanted))
        return (found[0] if found else None), len(found) > 1

    def _entries_named_by(self, person: Entry, attribute: str) -> dict[str, Entry | None]:
        """The entries that the values of an attribute name; None for a name without an entry."""
        found: dict[str, Entry | None] = {}
        for text in person.texts(attribute):
            dn = _parsed(text)
            found[text] = read_if_allowed(self.directory, dn) if dn else None
        return found

    def _unit_checks(self, person: Entry, units: dict[str, Entry | None]) -> Iterator[Check]:
        if not units:
            yield good(
                "units",
                Sentence("The user has no {attribute}. That is right for a user without a school.", attribute=_UNITS),
            )
        for text, entry in units.items():
            yield self._entry_check("unit", UNIT, _UNITS, text, entry)
        primary = person.text(_PRIMARY)
        if primary is None and units:
            sentence = Sentence("The user has no {attribute}.", attribute=_PRIMARY)
        elif primary is not None and _parsed(primary) not in map(_parsed, units):
            sentence = Sentence(
                "{primary} ({dn}) is not one of the values of {units}.",
                primary=_PRIMARY,
                dn=self._named(_parsed(primary) or primary),
                units=_UNITS,
            )
        else:
            return
        yield wrong("primary unit", warning(PRIMARY, sentence))

    def _entry_check(self, name: str, its_code: str, attribute: str, text: str, entry: Entry | None) -> Check:
        if entry is not None:
            return good(name, Sentence("{dn} exists.", dn=self._named(entry.dn)))
        sentence = Sentence(
            "{attribute} points to {dn}. This entry does not exist, or the bind account has no right to read it.",
            attribute=attribute,
            dn=self._named(_parsed(text) or text),
        )
        return wrong(name, error(its_code, sentence))

    def _named(self, dn: DN | str) -> Sentence:
        """A DN, with the name of the organization or school that has it in the configuration."""
        ours = self.organization
        return unit_at(dn, *((ours, *ours.schools) if ours else ()))

    def _login(self, person: Entry) -> Check:
        if self.entra_match:
            return _entra_check(person, self.entra_match)
        lock, how = _lock_check(person), _how_to_unlock(person)
        if not self.password:
            return lock or skipped("login", Sentence("No password was given, so no login was tried."))
        if not isinstance(self.directory, LdapDirectory):
            accepted = self.directory.accepts_login(person.dn, self.password)
            return _login_check(Login.ACCEPTED if accepted else Login.REFUSED, how)
        result = log_in(self.directory.address, person.dn, self.password)
        self.logged_in = person.dn if result is Login.ACCEPTED else None
        return lock if lock and result is Login.REFUSED else _login_check(result, how)


def _no_such_user(name: str) -> Finding:
    sentence = Sentence("No user below base_dn has the Feide name {name}.", name=scrub(name))
    return error(NONE, sentence)


def _search(person: Entry, *, more: bool) -> Iterator[Check]:
    if more:
        sentence = Sentence(
            "More than one entry has this Feide name. Feide asks for only one, and may get the wrong one."
        )
        yield wrong("search", error(MANY, sentence))
    else:
        yield good("search", Sentence("The search finds {dn}.", dn=scrub(str(person.dn))))
    stored = person.text(NAME_ATTRIBUTE) or ""
    if stored != stored.lower():
        sentence = Sentence("The Feide name is stored as {name}, with capital letters.", name=scrub(stored))
        yield wrong("Feide name", warning(CASE, sentence))


def _data(person: Entry) -> Check:
    if missing := [name for name in _DATA if not person.values(name)]:
        sentence = Sentence(
            "The user's entry has no {names}. Feide's platform reports that as a data error.",
            names=joined(missing, ", "),
        )
        return wrong("data", error(DATA, sentence))
    return good("data", Sentence("The user has all attributes that Feide's platform requires."))


def _lock_check(person: Entry) -> Check | None:
    """A lock in the entry. OpenLDAP leaves it there after it has expired, until the next login."""
    if not (person.values("pwdAccountLockedTime") or _is_inactive(person) or is_disabled(person)):
        return None
    sentence = Sentence("The user's account is locked. The user cannot log in until the lock has expired.")
    return wrong("login", error(LOCKED, sentence, _how_to_unlock(person)))


def _how_to_unlock(person: Entry) -> Sentence:
    """A new password opens a locked account, but not one that is inactive (seen on 389 DS 2.3.1) or disabled."""
    if is_disabled(person):
        return Sentence(
            "The user's account is disabled. If the person is back, run: feideprov reopen USER. If the user "
            "was not closed with this tool, enable the user's account by hand."
        )
    if _is_inactive(person):
        return Sentence(
            "The user's account is inactive. To make it active, delete nsAccountLock from the user's entry."
        )
    return Sentence(
        "Unlock the user's account ({page}), or create a new password: feideprov password USER", page=page("doctor.md")
    )


def _entra_check(person: Entry, match: Literal["upn", "mail", "either"]) -> Check:
    """What Feide compares with Entra's answer (docs.feide.no, feide_login_with_azuread)."""
    has_mail = bool(person.values("mail"))
    if match == "mail" and not has_mail:
        sentence = Sentence("Feide finds users who log in at Entra by mail, and the user's entry has no mail.")
        return wrong("login", error(MAIL, sentence))
    by_name = Sentence(
        "Feide finds the user by the Feide name, which must be the user's name in Entra (userPrincipalName)."
    )
    found = {
        "upn": by_name,
        "mail": Sentence("Feide finds the user by the attribute mail."),
        "either": Sentence("Feide finds the user by the Feide name or by the attribute mail.") if has_mail else by_name,
    }
    elsewhere = Sentence(
        "The setting “by” in [login] is “entra”: users log in at Entra, not with a password of this directory."
    )
    return skipped("login", joined([elsewhere, found[match]]))


def _is_inactive(person: Entry) -> bool:
    return (person.text("nsAccountLock") or "").lower() == "true"


def _login_check(result: Login, how_to_unlock: Sentence) -> Check:
    match result:
        case Login.ACCEPTED:
            return good("login", Sentence("The directory accepts the password."))
        case Login.REFUSED:
            sentence = Sentence(
                "The directory refuses the password. The password is wrong, or the user has no password."
            )
            return wrong("login", error(PASSWORD, sentence))
        case Login.LOCKED:
            sentence = Sentence("The user's account is locked or closed. The directory refuses every password.")
            return wrong("login", error(LOCKED, sentence, how_to_unlock))
        case Login.EXPIRED:
            return wrong("login", error(EXPIRED, Sentence("The password has expired.")))
        case Login.OTHER:
            sentence = Sentence("The server neither accepted nor refused the login.")
            return wrong("login", error(OTHER, sentence))


def _parsed(text: str) -> DN | None:
    try:
        return DN.parse(text)
    except InputError:
        return None
