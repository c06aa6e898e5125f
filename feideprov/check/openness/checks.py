"""What others can find out: without logging in, and as a user. Nobody may get a number, birth date or hash of others.

Access rules are written for attributes, entries, filters, groups and operations. They are not read here: only what the
server does counts. It is asked in the ways that need the fewest rights, over a connection of the visitor's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final, TypeVar

from feideprov.check.examination import Check, unknown
from feideprov.check.openness.disclosure import Disclosure, Way
from feideprov.check.openness.sensitive import Kind, Sensitive, shown_name
from feideprov.check.openness.visitor import Visitor
from feideprov.check.server import VisibleUsers
from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN, parsed
from feideprov.directory.entry import Entry
from feideprov.directory.ldap import requests
from feideprov.directory.ldap.directory import LdapDirectory
from feideprov.directory.ldap.responses import read_entry
from feideprov.directory.result_code import LIMITS, ResultCode
from feideprov.errors import DirectoryError
from feideprov.messages import Sentence
from feideprov.numbers import number_shaped

ANYBODY, USERS = "open to anybody", "open to users"
"""The names of the checks."""
_ONE_BY_ONE: Final = 1000
"""How many of the users whom no search returns are read one by one, and how many users are compared with."""
_AFTER_A_LIMIT: Final = 20_000
"""How many are read one by one if the server ended a search early: a few seconds."""
_SAMPLE: Final = 100
"""In how many entries of users with a number, and of all users, it is looked which attributes are in use."""
_PLACES: Final = 1000
"""Below how many entries is searched if the base is closed."""
_IN_MOST_ENTRIES: Final = (
    *("objectClass", "uid", "cn", "sn", "ou", "mail", "displayName", "eduPersonPrincipalName", "sAMAccountName"),
)
_GUESSES: Final = {Kind.NUMBER: "0", Kind.BIRTH_DATE: "19000101"}
"""Values that nobody has: what counts is whether the server compares. A hash cannot be guessed."""
_REFUSALS: Final = frozenset(
    {
        ResultCode.OPERATIONS_ERROR,  # Active Directory, to somebody who has not logged in
        ResultCode.AUTH_METHOD_NOT_SUPPORTED,
        ResultCode.STRONGER_AUTH_REQUIRED,
        ResultCode.CONFIDENTIALITY_REQUIRED,
        ResultCode.NO_SUCH_OBJECT,
        ResultCode.INAPPROPRIATE_AUTHENTICATION,
        ResultCode.INVALID_CREDENTIALS,
        ResultCode.INSUFFICIENT_ACCESS_RIGHTS,
        ResultCode.UNWILLING_TO_PERFORM,
    }
)
_RESTRICTED: Final = "restricted to bind/unbind"
"""OpenLDAP's words to a user who must first change the password. 389 is unwilling to perform what such a user asks."""
_T = TypeVar("_T")


@dataclass
class Openness:
    """The checks of one directory. `seen`: the users that the bind account sees."""

    directory: LdapDirectory
    seen: VisibleUsers

    def to_anybody(self) -> Check:
        """What can be found out without logging in?"""
        return self._check(ANYBODY, None, "")

    def to_user(self, dn: DN, password: str) -> Check:
        """What can a user who has logged in find out about others?"""
        return self._check(USERS, dn, password)

    def _check(self, name: str, own: DN | None, password: str) -> Check:
        found = Disclosure(own)
        try:
            with Visitor(self.directory.address, own, password) as visitor:
                if visitor.is_refused:
                    found.failure = Sentence("The server refused a second login.")
                else:
                    _Visit(self, visitor, found).make()
        except DirectoryError as failure:
            found.failure = failure.sentence
        if not found.open and not self.seen.dns:
            return unknown(name, Sentence("There is no user to test with."))
        return found.check(name)

    @cached_property
    def root_dse(self) -> Entry:
        """What the server says of itself (RFC 4512, 5.1)."""
        root = DN(())
        asked = ("namingContexts", "configContext", "supportedControl", "supportedFeatures")
        return self.directory.read(root, asked) or Entry(root, {})

    @cached_property
    def sensitive(self) -> Sensitive:
        """What must not be read here."""
        return Sensitive(self.directory.schema()[0], self.seen.holders)

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """The attributes to ask for by name, and what their values are."""
        names = {name: self.sensitive.kind(name) or Kind.NUMBER for name in self.sensitive.names}
        others = [name for name, held in self.in_use.items() if 2 * sum(held) > len(held)]
        return names | dict.fromkeys(others, Kind.NUMBER)

    @cached_property
    def in_use(self) -> dict[str, list[bool]]:
        """The attributes of users, those of the organization too: which of their values are the numbers of users?"""
        used = dict[str, list[bool]]()
        samples = (_askable(users, _SAMPLE) for users in ([*self.seen.holders.values()], self.seen.dns))
        for dn in dict.fromkeys(chain(*samples)):
            entry = self.directory.read(dn, ("*", "+"))
            for description, held in entry.items() if entry else ():
                numbers = used.setdefault(description.partition(";")[0], [])
                if not self.sensitive.kind(description):
                    numbers += map(self.sensitive.is_number, held)
        return used

    @cached_property
    def every_entry(self) -> bytes:
        """A filter that needs no right to search by an attribute, if the server has one; or a right by any of them."""
        if requests.TRUE_FILTER in self.root_dse.texts("supportedFeatures"):
            return requests.all_of(())
        in_use = () if self.directory.server_kind.name == "ad" else self.in_use  # some cannot stand in its filters
        return requests.any_of(map(requests.present, dict.fromkeys((*_IN_MOST_ENTRIES, *self.kinds, *in_use))))

    @cached_property
    def can_assert(self) -> bool:
        """Has the server the assertion control?"""
        return requests.ASSERTION in self.root_dse.texts("supportedControl")

    @cached_property
    def places(self) -> tuple[DN, ...]:
        """The entries above users: below them may be searched also where the base is closed."""
        return tuple(_askable([*dict.fromkeys(dn.parent for dn in self.seen.dns)], _PLACES))

    @cached_property
    def other_contexts(self) -> tuple[DN, ...]:
        """What else the server holds: logs of changes, views of the same entries, OpenLDAP's own configuration.

        Not the domains of a forest.
        """
        if self.directory.server_kind.name == "ad":
            return ()
        told = (text for name in ("namingContexts", "configContext") for text in self.root_dse.texts(name))
        base = self.directory.base
        return tuple(one for one in parsed(told) if not (one.is_within(base) or base.is_within(one)))


@dataclass
class _Visit:
    """All questions of one visitor."""

    to: Openness
    visitor: Visitor
    found: Disclosure

    def make(self) -> None:
        """Ask, and note what is found out."""
        base = self.to.directory.base
        bases = [base] if self._search(base) else [place for place in self.to.places if self._search(place)]
        bases += [context for context in self.to.other_contexts if self._search(context)]
        for one in bases:
            self._search_by_attribute(one)
        self._read_one_by_one()
        self._assert()
        self._compare()

    def _search(self, base: DN) -> bool:
        """Note what can be read of all entries. Did the server carry the search out?"""
        return self._read(base, self.to.every_entry, requests.DEREFERENCE_NEVER)

    def _read(self, base: DN, search_filter: bytes, dereference: int) -> bool:
        asked = ("*", "+", *self.to.kinds)
        for dn, attributes in self.visitor.found(base, search_filter, asked, dereference=dereference):
            self.found.returned.add(dn.lower())
            things = self.to.sensitive.in_entry(dn, attributes, own=self.found.own)
            self.found.note(Way.READ, dn, things)
        ended = self.visitor.ended
        self.found.is_cut |= ended.code != ResultCode.SUCCESS and ended.code not in _REFUSALS
        if self.found.own is not None:
            self.found.is_restricted |= ended.code == ResultCode.UNWILLING_TO_PERFORM or _RESTRICTED in ended.diagnostic
        return ended.code == ResultCode.SUCCESS or ended.code in LIMITS

    def _search_by_attribute(self, base: DN) -> None:
        """Rights to search without rights to read: `(norEduPersonNIN=5*)` finds a number digit by digit.

        The filters have no value: a server checks the right to search by an attribute before it compares. Alias entries
        stand for their objects here, which may be elsewhere.
        """
        any_of_them, always = requests.any_of(map(requests.present, self.to.kinds)), requests.DEREFERENCE_ALWAYS
        some = self.visitor.found(base, any_of_them, ("1.1",), dereference=always)
        if next(some, None) is None and self.visitor.ended.code not in LIMITS:
            return
        self._read(base, any_of_them, always)
        for name in self._not_read():
            for dn, _ in self.visitor.found(base, requests.present(name), ("1.1",), dereference=always):
                self.found.note(Way.SEARCH, dn, [(self.to.kinds[name], shown_name(name))])

    def _read_one_by_one(self) -> None:
        """Rights to read an entry by its name without rights to search for it."""
        hidden = [dn for dn in self.to.seen.dns if str(dn).lower().encode() not in self.found.returned]
        chosen = _askable(hidden, _AFTER_A_LIMIT if self.found.is_cut else _ONE_BY_ONE)
        asked, answered = ("*", "+", *self.to.kinds), 0
        for exchange in self.visitor.each(
            requests.search(str(dn), requests.BASE, self.to.every_entry, asked, dereference=requests.DEREFERENCE_NEVER)
            for dn in chosen
        ):
            code = exchange.response.code if exchange.response else ResultCode.OTHER
            answered += code == ResultCode.SUCCESS or code in _REFUSALS
            for dn, attributes in (read_entry(*entry) for entry in exchange.entries):
                things = self.to.sensitive.in_entry(dn, attributes, own=self.found.own)
                self.found.note(Way.READ, dn, things)
        self.found.hidden, self.found.read_one_by_one = len(hidden), answered

    def _assert(self) -> None:
        """Rights to search single entries by an attribute, also where the server ends a search of all of them early.

        An entry need not be returned: the assertion control says whether a filter matches it. OpenLDAP checks the right
        to search by the attribute first (seen on 2.5.13).
        """
        if not (self.to.can_assert or self.found.is_cut):
            return  # the search of all of them has found each
        chosen = [dn for dn in _askable(self.to.seen.dns, _ONE_BY_ONE) if dn != self.found.own]
        if not any(self._match(chosen, self._not_read())):
            return
        for name in self._not_read():
            for dn, matches in zip(chosen, self._match(chosen, [name]), strict=True):
                if matches:
                    self.found.note(Way.SEARCH, str(dn).encode(), [(self.to.kinds[name], shown_name(name))])

    def _match(self, users: Sequence[DN], names: Sequence[str]) -> Iterator[bool]:
        """Does the server say that the entry of a user has one of these attributes?"""
        has_one = requests.any_of(map(requests.present, names))
        by, asserted = self.to.every_entry, requests.controls(requests.assertion(has_one))
        if not self.to.can_assert:
            by, asserted = has_one, b""
        asked = (requests.search(str(dn), requests.BASE, by, ("1.1",), controls=asserted) for dn in users)
        for exchange in self.visitor.each(asked):
            is_success = exchange.response is not None and exchange.response.code == ResultCode.SUCCESS
            yield is_success and (self.to.can_assert or bool(exchange.entries))

    def _compare(self) -> None:
        """Rights to compare: with the birth date, a number is guessed in a few hundred attempts.

        Active Directory has no such right. It compares by a search, and says “false” to everybody (Samba 4.17).
        """
        if self.to.directory.server_kind.name == "ad":
            return
        chosen = _askable(self.to.seen.dns, _ONE_BY_ONE)
        for name in self._not_read():
            kind = self.to.kinds[name]
            if kind not in _GUESSES:
                continue
            asked = (requests.compare(str(dn), name, _GUESSES[kind]) for dn in chosen)
            for dn, exchange in zip(chosen, self.visitor.each(asked), strict=True):
                if exchange.response and exchange.response.code in (ResultCode.COMPARE_TRUE, ResultCode.COMPARE_FALSE):
                    self.found.note(Way.COMPARE, str(dn).encode(), [(kind, shown_name(name))])

    def _not_read(self) -> list[str]:
        """The attributes of which nothing was found out yet."""
        known = {attribute_key(name) for _, _, name in self.found.open}
        return [name for name in self.to.kinds if attribute_key(name) not in known]


def _askable(users: Sequence[DN], most: int) -> Sequence[DN]:
    """At most so many users, without those in whose DN a number stands: servers log the DN that is asked for."""
    return _evenly([dn for dn in users if not number_shaped(str(dn))], most)


def _evenly(things: Sequence[_T], most: int) -> Sequence[_T]:
    """At most so many, spread over all of them."""
    step = max(1, -(-len(things) // most))
    return things[::step]
