"""A connection of its own to a server, as a user or anonymously: what may one who is not the bind account find there?

Unlike in `search`, a refusal is a result here: it is what one hopes for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Self

from feideprov.directory.dn import DN
from feideprov.directory.ldap import requests
from feideprov.directory.ldap.connection import bind_refused, finished, open_and_bind
from feideprov.directory.ldap.responses import Attributes, Response, read_entry
from feideprov.directory.ldap.search import Pages
from feideprov.directory.ldap.server import LdapAddress
from feideprov.directory.ldap.transport import Exchange, Transport
from feideprov.directory.result_code import TEMPORARY, ResultCode

_PAGE_SIZE, _WINDOW = 500, 64


class Visitor:
    """One connection, opened by `with`. Without `dn` it is anonymous.

    Raises DirectoryError when the server cannot be reached, is busy, or closes the connection.
    """

    def __init__(self, address: LdapAddress, dn: DN | None = None, password: str = "") -> None:
        self._address = address
        self._dn = dn
        self._password = password
        self.ended = Response(0)
        self._transport: Transport | None = None

    @property
    def is_refused(self) -> bool:
        """Did the server refuse the user's login?"""
        return self._transport is None

    def found(
        self, base: DN, search_filter: bytes, attributes: Iterable[str], *, dereference: int
    ) -> Iterator[tuple[bytes, Attributes]]:
        """The entries that a search finds, page by page: DN and attributes. `ended` is how the server ended it."""
        cookie, pages, received = b"", True, Pages()
        while True:
            controls = requests.controls(requests.pages(_PAGE_SIZE, cookie)) if pages else b""
            search = requests.search(
                str(base), requests.SUBTREE, search_filter, [*attributes], controls=controls, dereference=dereference
            )
            for exchange in self.each([search]):
                self.ended = exchange.response or self.ended
                yield from (read_entry(*entry) for entry in exchange.entries)
                if self.ended.code and pages and not cookie and not exchange.entries:
                    pages = False  # some servers refuse pages to some users
                    continue
                received.add(exchange)
                cookie = self.ended.cookie
                if self.ended.code or not cookie:
                    return

    def each(self, asked: Iterable[requests.Request]) -> Iterator[Exchange]:
        """The exchange of each request, in their order; some are pending at the same time."""
        transport, pending = self._transport, deque[Exchange]()
        if transport is None:
            return
        for request in asked:
            pending.append(transport.submit(request))
            if len(pending) == _WINDOW:
                yield finished(self._address, transport, pending.popleft())
        while pending:
            yield finished(self._address, transport, pending.popleft())

    def __enter__(self) -> Self:
        transport, response = open_and_bind(self._address, str(self._dn) if self._dn else "", self._password)
        if response.code in TEMPORARY:
            transport.close()
            raise bind_refused(response, str(self._dn) if self._dn else None, self._password)
        if response.code == ResultCode.SUCCESS or self._dn is None:
            self._transport = transport  # OpenLDAP with `disallow bind_anon` answers those who do not bind at all
        else:
            transport.close()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None
