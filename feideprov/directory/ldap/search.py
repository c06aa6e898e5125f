"""Searches: whole directories in pages, many names at once, single entries. Entries are yielded as they come.

A search that the server ends early is an error, never an incomplete result.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import Final

import stamina

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.ldap import requests
from feideprov.directory.ldap.connection import ServerConnection
from feideprov.directory.ldap.responses import Attributes, read_entry
from feideprov.directory.ldap.server import server_error
from feideprov.directory.ldap.transport import Exchange, Transport
from feideprov.directory.protocol import base_not_found
from feideprov.directory.result_code import LIMITS, TEMPORARY, ResultCode
from feideprov.errors import DirectoryError, InputError
from feideprov.messages import Sentence
from feideprov.progress import READING_DIRECTORY, steps

_PAGE_SIZE = 500
_TERMS, _OCTETS = 100, 16_384  # of one OR: 1,000 look-ups took 0.105 s so, 0.67 s one by one
_CONCURRENT = 4
_LIMIT_NAMES: Final = {
    ResultCode.TIME_LIMIT_EXCEEDED: Sentence("a time limit"),
    ResultCode.SIZE_LIMIT_EXCEEDED: Sentence("a size limit"),
    ResultCode.ADMIN_LIMIT_EXCEEDED: Sentence("an administrative limit"),
}
_ANY: Final = requests.present("objectClass")

MOST_ENTRIES: Final = 1_000_000
"""A search that returns more is an error, unless the settings say otherwise: no school owner has so many users."""
_MOST_EMPTY_PAGES = 1000  # in a row
_LONGEST_DN = 8192  # octets

Search = Callable[[Transport], Iterator[Exchange]]


class _LostError(Exception):
    """The connection was lost before the search was finished."""

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self.transport = transport


class Pages:
    """What a search has returned so far. Raises DirectoryError when it does not end: more entries than `most`, pages
    without entries, or a page that has come before. The cookie does not tell that, since 389's is always the same."""

    def __init__(self, most: int = MOST_ENTRIES) -> None:
        self._most = most
        self._entries = self._empty = 0
        self._first = b""

    def add(self, exchange: Exchange) -> None:
        """Take a page."""
        self._entries += len(exchange.entries)
        self._empty = 0 if exchange.entries else self._empty + 1
        if self._entries > self._most:
            raise DirectoryError(
                Sentence(
                    "The search found more than {most} entries. If there are so many, set max_entries in [directory] "
                    "to a greater number.",
                    most=self._most,
                ),
                code=ResultCode.SIZE_LIMIT_EXCEEDED,
            )
        first = _entry_octets(exchange.entries[0]) if exchange.entries else b""
        if self._empty > _MOST_EMPTY_PAGES or (first and first == self._first):
            raise DirectoryError(
                Sentence("The server does not end the search: it returns the same page again, or empty pages.")
            )
        self._first = first


def _entry_octets(entry: tuple[bytes, int]) -> bytes:
    """A received entry without its message id, which is another one in each page."""
    message, at = entry
    return message[at:]


class Searches:
    """Searches over one connection, each of at most `most` entries.

    If the connection is lost before the first response, the search is repeated once; if the server is too busy, it is
    repeated for as long as the patience allows. After the first response a loss is an error, because it is not known
    what is missing.
    """

    def __init__(self, connection: ServerConnection, most: int = MOST_ENTRIES) -> None:
        self._connection = connection
        self._most = most

    def one(self, dn: DN, attributes: Sequence[str]) -> Entry | None:
        """The entry of that name, or None."""
        search = requests.search(str(dn), requests.BASE, _ANY, attributes)
        for exchange in self._run(lambda transport: self._single(transport, search)):
            return None if _is_absent(exchange) else next(self._entries(exchange), None)
        return None

    def below(self, base: DN, search_filter: bytes, attributes: Sequence[str]) -> Iterator[Entry]:
        """The base and all entries below it that match a filter."""
        _require_base(base)
        is_empty = True
        pages = self._run(lambda transport: self._pages(transport, base, search_filter, attributes))
        for exchange in steps(pages, READING_DIRECTORY, size=lambda page: len(page.entries)):
            is_empty = is_empty and not exchange.entries
            yield from self._entries(exchange)
        if is_empty and self.one(base, ["1.1"]) is None:
            raise base_not_found(base)  # 389 DS 2.3.1 ends a paged search below a missing base with success

    def first(self, base: DN, search_filter: bytes, attributes: Sequence[str]) -> tuple[Entry | None, bool]:
        """The first entry that matches a filter, and whether the server says that there are more."""
        _require_base(base)
        search = requests.search(str(base), requests.SUBTREE, search_filter, attributes, size_limit=1)
        for exchange in self._run(lambda transport: self._single(transport, search, limited=True, base=base)):
            has_more = exchange.response is not None and exchange.response.code == ResultCode.SIZE_LIMIT_EXCEEDED
            return next(self._entries(exchange), None), has_more
        return None, False

    def matching(self, base: DN, attribute: str, values: Iterable[str], attributes: Sequence[str]) -> Iterator[Entry]:
        """All entries below the base whose attribute equals one of the values; a few ORs are pending at a time."""
        _require_base(base)
        terms = (requests.equal(attribute, value) for value in values)
        filters = [requests.any_of(group) for group in _groups(terms)]
        for exchange in self._run(lambda transport: self._concurrent(transport, base, filters, attributes)):
            yield from self._entries(exchange)

    def _run(self, search: Search) -> Iterator[Exchange]:
        try:
            yield from self._with_retries(search)
        except _LostError as error:
            raise self._connection.lost(error.transport) from None

    def _with_retries(self, search: Search) -> Iterator[Exchange]:
        """A search whose first response has come: until then it may be repeated."""
        for attempt in stamina.retry_context(
            on=_is_busy, attempts=None, timeout=self._connection.patience, wait_initial=0.1, wait_max=5.0
        ):
            with attempt:
                try:
                    return self._start(search)
                except _LostError:
                    return self._start(search)
        raise AssertionError  # the last attempt raises what it failed with

    def _start(self, search: Search) -> Iterator[Exchange]:
        transport = self._connection.transport()
        transport.drain()
        exchanges = search(transport)
        return chain(list(islice(exchanges, 1)), exchanges)

    def _single(
        self, transport: Transport, search: requests.Request, *, limited: bool = False, base: DN | None = None
    ) -> Iterator[Exchange]:
        yield _finished(transport, transport.submit(search), base, limited=limited)

    def _entries(self, exchange: Exchange) -> Iterator[Entry]:
        for message, at in exchange.entries:
            octets, attributes = read_entry(message, at)
            name = _name(octets)
            if _RANGE_OPTION in message and has_ranges(attributes):
                attributes = with_all_values(attributes, partial(self._range, name))
            yield Entry.received(name, attributes)

    def _range(self, dn: DN, attribute: str) -> Attributes:
        transport = self._connection.transport()
        search = requests.search(str(dn), requests.BASE, _ANY, [attribute])
        try:
            entries = _finished(transport, transport.submit(search), None).entries
        except _LostError:
            raise self._connection.lost(transport) from None
        return read_entry(*entries[0])[1] if entries else {}

    def _pages(
        self, transport: Transport, base: DN, search_filter: bytes, attributes: Sequence[str]
    ) -> Iterator[Exchange]:
        cookie: bytes | None = b""
        pending, received = None, Pages(self._most)
        try:
            while cookie is not None:
                controls = requests.controls(requests.pages(_PAGE_SIZE, cookie))
                search = requests.search(str(base), requests.SUBTREE, search_filter, attributes, controls=controls)
                before, pending = pending, transport.submit(search)
                transport.flush()
                if before is not None:
                    yield before  # it is read while the server searches for the next page
                exchange = _finished(transport, pending, base)
                received.add(exchange)
                cookie = (exchange.response.cookie if exchange.response else b"") or None
            if pending is not None:
                yield pending
        finally:
            if pending is not None:
                transport.discard(pending)

    def _concurrent(
        self, transport: Transport, base: DN, filters: Sequence[bytes], attributes: Sequence[str]
    ) -> Iterator[Exchange]:
        pending: deque[tuple[bytes, Exchange]] = deque()
        waiting = iter(filters)
        try:
            while True:
                for search_filter in islice(waiting, _CONCURRENT - len(pending)):
                    # not in pages: OpenLDAP keeps the position of only one paged search for each connection
                    search = requests.search(str(base), requests.SUBTREE, search_filter, attributes)
                    pending.append((search_filter, transport.submit(search)))
                if not pending:
                    return
                search_filter, submitted = pending[0]
                exchange = _finished(transport, submitted, base, limited=True)
                pending.popleft()
                if exchange.response and exchange.response.code in LIMITS:
                    yield from self._pages(transport, base, search_filter, attributes)
                else:
                    yield exchange
        finally:
            for _, submitted in pending:
                transport.discard(submitted)


def _finished(transport: Transport, submitted: Exchange, base: DN | None, *, limited: bool = False) -> Exchange:
    """The exchange when it is finished without an error. `limited`: the result may be incomplete."""
    response = transport.wait_for(submitted).response
    if response is None:
        raise _LostError(transport)
    if submitted.has_referral:
        raise DirectoryError(
            Sentence(
                "The server refers to another server, and this tool does not follow referrals. Set url to a "
                "server that has all the entries."
            ),
            code=ResultCode.REFERRAL,
        )
    if response.code == ResultCode.NO_SUCH_OBJECT and base is not None:
        raise base_not_found(base)
    if response.code in LIMITS and not limited:
        raise DirectoryError(
            Sentence(
                "The server ended the search early ({limit}), so the result is incomplete. Allow the bind "
                "account to search without limits, then run again.",
                limit=_LIMIT_NAMES[ResultCode(response.code)],
            ),
            code=response.code,
        )
    if response.code not in (ResultCode.SUCCESS, ResultCode.NO_SUCH_OBJECT, *LIMITS):
        raise server_error(response.code, response.diagnostic)
    return submitted


def _is_busy(error: Exception) -> bool:
    return isinstance(error, DirectoryError) and error.code in TEMPORARY


def _is_absent(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.response.code == ResultCode.NO_SUCH_OBJECT


def _require_base(base: DN) -> None:
    if not base.rdns:
        raise base_not_found(base)  # servers differ here: some respond with success and no entries


def _groups(terms: Iterable[bytes]) -> Iterator[list[bytes]]:
    group: list[bytes] = []
    size = 0
    for term in terms:
        if group and (len(group) == _TERMS or size + len(term) > _OCTETS):
            yield group
            group, size = [], 0
        group.append(term)
        size += len(term)
    if group:
        yield group


def _name(octets: bytes) -> DN:
    try:
        if len(octets) > _LONGEST_DN:
            raise InputError(Sentence("It is longer than {most} octets.", most=_LONGEST_DN))
        return DN.parse(octets.decode(errors="replace"))
    except InputError as error:
        raise DirectoryError(
            Sentence("The directory returned an entry whose DN is not valid. {error}", error=error.sentence)
        ) from None


_RANGE_OPTION = b";range="
_MOST_RANGES = 10_000  # Active Directory returns 1,500 values in each
_RANGE = re.compile(r"(.+);range=(\d{1,10})-(\d{1,10}|\*)", re.IGNORECASE | re.ASCII)
"""Active Directory returns many values in ranges ([MS-ADTS] 3.1.1.3.1.3.3)."""


def has_ranges(attributes: Attributes) -> bool:
    """Has one of the attributes more values than were returned?"""
    return any(_RANGE.fullmatch(name) for name in attributes)


def with_all_values(attributes: Attributes, read_more: Callable[[str], Attributes]) -> Attributes:
    """The attributes with all their values; `read_more` reads an attribute of the same entry.

    Raises DirectoryError when the rest is not returned: some of the values must not be taken for all of them.
    """
    complete: Attributes = {}
    for key, (name, values) in attributes.items():
        match = _RANGE.fullmatch(name)
        if match is not None:
            complete[match[1].lower()] = match[1], (*values, *_remaining_values(match, read_more))
        elif values or key not in complete:  # the server also returns the attribute without its range, and empty
            complete[key] = name, values
    return complete


def _remaining_values(match: re.Match[str], read_more: Callable[[str], Attributes]) -> list[bytes]:
    values: list[bytes] = []
    for _ in range(_MOST_RANGES):
        if match[3] == "*":
            return values
        start = int(match[3]) + 1
        returned = read_more(f"{match[1]};range={start}-*").values()
        ranges = [(found, more) for name, more in returned if (found := _RANGE.fullmatch(name))]
        if len(ranges) != 1 or int(ranges[0][0][2]) != start:
            break
        match, more = ranges[0]
        values += more
    raise DirectoryError(
        Sentence("The server did not return all values of {attribute}. Run again.", attribute=match[1])
    )
