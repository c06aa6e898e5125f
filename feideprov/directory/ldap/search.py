"""Searches: whole directories in pages, many names at once, single entries. Entries are given as they come.

A search that the server cuts short is an error, never a short answer.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice

import stamina

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry
from feideprov.directory.ldap import requests as request
from feideprov.directory.ldap.connection import ServerConnection
from feideprov.directory.ldap.responses import Attributes, search_entry
from feideprov.directory.ldap.server import NOT_NOW, REFERRAL, server_error
from feideprov.directory.ldap.transport import Exchange, Transport
from feideprov.directory.protocol import absent_base
from feideprov.errors import DirectoryError, InputError

_PAGE = 500
_TERMS, _OCTETS = 100, 16_384  # look-ups in one OR: 1,000 took 0.105 s so, 0.67 s one by one
_SIDE_BY_SIDE = 4
_NO_SUCH_ENTRY = 32
_CUT_SHORT = {3: "a time limit", 4: "a size limit", 11: "an administrative limit"}
_ANY = request.present("objectClass")


class _LostError(Exception):
    """The connection broke off before the answer was whole."""

    def __init__(self, wire: Transport) -> None:
        super().__init__()
        self.wire = wire


class Searches:
    """Searches on the servers of a cluster. Where the connection breaks off before anything was given, the search is
    made once more; where the server is too busy for it, as often as the patience allows. After that nobody can tell
    what is missing, and it is an error."""

    def __init__(self, cluster: ServerConnection) -> None:
        self._cluster = cluster

    def one(self, dn: DN, attributes: Sequence[str]) -> Entry | None:
        """The entry of that name."""
        wanted = request.search(str(dn), request.BASE, _ANY, attributes)
        for found in self._answers(lambda wire: self._once(wire, wanted)):
            return None if _is_absent(found) else next(self._entries(found), None)
        return None

    def below(self, base: DN, condition: bytes, attributes: Sequence[str]) -> Iterator[Entry]:
        """All entries from the base down for which a filter holds."""
        _must_be_given(base)
        some = False
        for found in self._answers(lambda wire: self._pages(wire, base, condition, attributes)):
            some = some or bool(found.found)
            yield from self._entries(found)
        if not some and self.one(base, ["1.1"]) is None:
            raise absent_base(base)  # 389 DS 2.3.1 answers a paged search below nothing with success, and nothing

    def first(self, base: DN, condition: bytes, attributes: Sequence[str]) -> tuple[Entry | None, bool]:
        """The first entry for which a filter holds, and whether the server says that there are more."""
        _must_be_given(base)
        wanted = request.search(str(base), request.SUBTREE, condition, attributes, size_limit=1)
        for found in self._answers(lambda wire: self._once(wire, wanted, cut_short=True, base=base)):
            return next(self._entries(found), None), found.answer is not None and found.answer.code == 4
        return None, False

    def matching(self, base: DN, attribute: str, values: Iterable[str], attributes: Sequence[str]) -> Iterator[Entry]:
        """All entries below the base whose attribute equals one of the values; a few ORs are under way at a time."""
        _must_be_given(base)
        terms = (request.equal(attribute, value) for value in values)
        groups = [request.either(group) for group in _groups(terms)]
        for found in self._answers(lambda wire: self._side_by_side(wire, base, groups, attributes)):
            yield from self._entries(found)

    def _answers(self, search: Callable[[Transport], Iterator[Exchange]]) -> Iterator[Exchange]:
        try:
            yield from self._begun(search)
        except _LostError as error:
            raise self._cluster.lost(error.wire) from None

    def _begun(self, search: Callable[[Transport], Iterator[Exchange]]) -> Iterator[Exchange]:
        """A search whose first answer is there: until then it may be made again."""
        for attempt in stamina.retry_context(
            on=_is_busy, attempts=None, timeout=self._cluster.patience, wait_initial=0.1, wait_max=5.0
        ):
            with attempt:
                try:
                    return self._begin(search)
                except _LostError:
                    return self._begin(search)
        raise AssertionError  # the last attempt raises what it failed with

    def _begin(self, search: Callable[[Transport], Iterator[Exchange]]) -> Iterator[Exchange]:
        wire = self._cluster.wire()
        wire.settle()
        answers = search(wire)
        return chain(list(islice(answers, 1)), answers)

    def _once(
        self, wire: Transport, wanted: request.Request, *, cut_short: bool = False, base: DN | None = None
    ) -> Iterator[Exchange]:
        yield _whole(wire, wire.post(wanted), base, cut_short=cut_short)

    def _entries(self, found: Exchange) -> Iterator[Entry]:
        for message, at in found.found:
            octets, attributes = search_entry(message, at)
            name = _name(octets)
            if RANGE in message and is_in_parts(attributes):
                attributes = whole(attributes, partial(self._part, name))
            yield Entry.received(name, attributes)

    def _part(self, dn: DN, attribute: str) -> Attributes:
        wire = self._cluster.wire()
        wanted = request.search(str(dn), request.BASE, _ANY, [attribute])
        try:
            found = _whole(wire, wire.post(wanted), None).found
        except _LostError:
            raise self._cluster.lost(wire) from None
        return search_entry(*found[0])[1] if found else {}

    def _pages(self, wire: Transport, base: DN, condition: bytes, attributes: Sequence[str]) -> Iterator[Exchange]:
        cookie: bytes | None = b""
        under_way = None
        try:
            while cookie is not None:
                controls = request.controls(request.pages(_PAGE, cookie))
                wanted = request.search(str(base), request.SUBTREE, condition, attributes, controls=controls)
                before, under_way = under_way, wire.post(wanted)
                wire.flush()
                if before is not None:
                    yield before  # it is read while the server looks for the next page
                answered = _whole(wire, under_way, base)
                cookie = (answered.answer.cookie if answered.answer else b"") or None
            if under_way is not None:
                yield under_way
        finally:
            if under_way is not None:
                wire.forget(under_way)

    def _side_by_side(
        self, wire: Transport, base: DN, conditions: Sequence[bytes], attributes: Sequence[str]
    ) -> Iterator[Exchange]:
        under_way: deque[tuple[bytes, Exchange]] = deque()
        waiting = iter(conditions)
        try:
            while True:
                while len(under_way) < min(_SIDE_BY_SIDE, wire.window) and (condition := next(waiting, None)):
                    # not in pages: OpenLDAP knows the place of one paged search on a connection alone
                    asked = wire.post(request.search(str(base), request.SUBTREE, condition, attributes))
                    under_way.append((condition, asked))
                if not under_way:
                    return
                condition, asked = under_way.popleft()
                answered = _whole(wire, asked, base, cut_short=True)
                if answered.answer and answered.answer.code in _CUT_SHORT:
                    yield from self._pages(wire, base, condition, attributes)
                else:
                    yield answered
        finally:
            for _, asked in under_way:
                wire.forget(asked)


def _whole(wire: Transport, asked: Exchange, base: DN | None, *, cut_short: bool = False) -> Exchange:
    """The answer, when it is in order."""
    answered = wire.complete(asked).answer
    if answered is None:
        raise _LostError(wire)
    if asked.refers:
        raise DirectoryError("The server refers to another server; that is not followed.", code=REFERRAL)
    if answered.code == _NO_SUCH_ENTRY and base is not None:
        raise absent_base(base)
    if answered.code in _CUT_SHORT and not cut_short:
        raise DirectoryError(
            f"The server cut the answer short ({_CUT_SHORT[answered.code]}), so it cannot be known who "
            "is there. Give the bind account unlimited searches, then run again.",
            code=answered.code,
        )
    if answered.code not in (0, _NO_SUCH_ENTRY, *_CUT_SHORT):
        raise server_error(answered.code, answered.said)
    return asked


def _is_busy(error: Exception) -> bool:
    return isinstance(error, DirectoryError) and error.code in NOT_NOW


def _is_absent(found: Exchange) -> bool:
    return found.answer is not None and found.answer.code == _NO_SUCH_ENTRY


def _must_be_given(base: DN) -> None:
    if not base.rdns:
        raise absent_base(base)  # servers answer differently, some with nothing


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
        return DN.parse(octets.decode(errors="replace"))
    except InputError as error:
        raise DirectoryError(f"The directory answered with a name that cannot be read. {error}") from None


RANGE = b";range="


_PART = re.compile(r"(.+);range=(\d+)-(\d+|\*)", re.IGNORECASE)


def is_in_parts(attributes: Attributes) -> bool:
    """Is there more of one of the attributes than came?"""
    return any(_PART.fullmatch(name) for name in attributes)


def whole(attributes: Attributes, more: Callable[[str], Attributes]) -> Attributes:
    """The attributes with all their values; `more` asks for one of the same entry.

    Raises DirectoryError where the rest does not come: half of the values would be taken for all.
    """
    found: Attributes = {}
    for key, (name, values) in attributes.items():
        part = _PART.fullmatch(name)
        if part is not None:
            found[part[1].lower()] = part[1], (*values, *_rest(part, more))
        elif values or key not in found:  # an empty one stands beside its parts
            found[key] = name, values
    return found


def _rest(part: re.Match[str], more: Callable[[str], Attributes]) -> list[bytes]:
    values: list[bytes] = []
    while part[3] != "*":
        start = int(part[3]) + 1
        came = more(f"{part[1]};range={start}-*").values()
        parts = [(match, further) for name, further in came if (match := _PART.fullmatch(name))]
        if len(parts) != 1 or int(parts[0][0][2]) != start:
            raise DirectoryError(f"The server did not give all values of {part[1]}: run again.")
        part = parts[0][0]
        values += parts[0][1]
    return values
