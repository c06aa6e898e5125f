"""A directory on an LDAP server, over ldap3."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from typing import Any, Literal, Self

import stamina

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # ldap3 2.9.1 imports names that pyasn1 renamed
    import ldap3
    from ldap3.operation.search import compile_filter, parse_filter
    from ldap3.utils.conv import escape_filter_chars
    from pyasn1.codec.ber import encoder

from feideprov.directory.dn import DN
from feideprov.directory.entry import Add, Delete, Entry, Modify, Presumption, Rename, SetPassword, Write, Written
from feideprov.directory.ldap_server import (
    LdapAddress,
    ldap_errors,
    let_go,
    open_connection,
    refusal_in,
    refused_bind,
    server_error,
    worth_another_try,
)
from feideprov.directory.login import Login, log_in
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, absent_base, never_by_number
from feideprov.directory.search_entry import SearchEntries
from feideprov.directory.server_kind import Kind, ServerKind, server_kind
from feideprov.errors import ConfigurationError, DirectoryError, InputError

ASSERTION = "1.3.6.1.1.12"  # RFC 4528
ASSERTION_FAILED = 122
_ACTIVE_DIRECTORY = "1.2.840.113556.1.4.800"  # a capability that AD and AD LDS list in rootDSE
NEEDED = (NUMBER_ATTRIBUTE, "norEduPersonLegalName", "eduPersonPrincipalName", "norEduPerson", "eduPerson")
_PAGE = 500
_TERMS = 100  # look-ups in one OR: 1,000 took 0.105 s so, 0.67 s one by one
_CUT_SHORT = {3: "a time limit", 4: "a size limit", 11: "an administrative limit"}


class LdapDirectory:
    """The directory on one LDAP server.

    `url` is `ldaps://…`, `ldap://…` (StartTLS) or `ldapi://…`; certificates are verified against `ca_file` or the
    system's authorities, and `tls=False` is for loopback alone. `base` is where people are looked for. Without
    `bind_dn` over ldapi it binds as the operating system's user (SASL EXTERNAL). It connects at first use; `check`
    says whether the directory can be written to.

    `password_scheme` `auto` writes argon2 hashes to OpenLDAP, and {SSHA} where a login shows that the server does not
    verify them (its argon2 module is not loaded). 389 DS is given the clear text over TLS, which it hashes itself.
    """

    window = 64  # of more, a server may close the connection with thousands of outcomes unknown (measured)
    login_needs_proof = True

    def __init__(
        self,
        url: str,
        *,
        base: DN | str = "",
        bind_dn: str | None = None,
        password: str | None = None,
        ca_file: str | None = None,
        tls: bool = True,
        kind: Kind | None = None,
        password_scheme: Literal["auto", "argon2", "ssha"] = "auto",
    ) -> None:
        self.address = LdapAddress(url, ca_file=ca_file, tls=tls)
        self.base = DN.parse(base) if isinstance(base, str) else base
        self.bind_dn = bind_dn
        self.kind = kind
        self.password_scheme = password_scheme
        self._password = password

    def check(self) -> None:
        self.kind = self.kind or self.kind_of_server()
        if self.kind == "ad":
            raise ConfigurationError(
                "This version writes to OpenLDAP and 389 DS; Active Directory is not supported yet. "
                "Use an LDIF directory and load the file, or wait for a later version."
            )
        if self.read(self.base, ("objectClass",)) is None:
            raise DirectoryError(
                f"The directory has no entry {self.base}. Create it, or correct base_dn and users_dn.",
                code=32,
                before_writing=True,
            )
        self.check_schema()

    def check_schema(self) -> None:
        """Raises DirectoryError where the server lacks the attributes and classes that everything is written with."""
        known = "\n".join(chain(*self.schema())).lower()
        if missing := [name for name in NEEDED if f"'{name}'".lower() not in known]:
            raise DirectoryError(
                f"The directory's schema lacks {', '.join(missing)}. Load the schema files that this package brings "
                "(docs/schema.md says how), then run again.",
                before_writing=True,
            )

    def naming_context(self, dn: DN) -> DN:
        """The naming context (rootDSE) that a DN lies in. Raises DirectoryError when the server has none for it."""
        info = self._connection.server.info
        contexts = [DN.parse(text) for text in (info.naming_contexts or []) if text]
        above = [context for context in contexts if dn.is_within(context)]
        if not above:
            raise DirectoryError(f"The server holds no naming context above {dn}.", code=32, before_writing=True)
        return max(above, key=lambda context: len(context.rdns))

    def read(self, dn: DN, attributes: Sequence[str] = ("*",)) -> Entry | None:
        found = list(self._search(dn, "(objectClass=*)", attributes, ldap3.BASE))
        return found[0] if found else None

    def having(self, present: Sequence[str], attributes: Sequence[str]) -> Iterator[Entry]:
        yield from self._search(self.base, _any(f"({name}=*)" for name in present), attributes, ldap3.SUBTREE)

    def below(self, dn: DN, attributes: Sequence[str]) -> Iterator[Entry]:
        """All entries from `dn` down: of the server's own configuration too, where the account may read it."""
        yield from self._search(dn, "(objectClass=*)", attributes, ldap3.SUBTREE)

    def first(self, attribute: str, value: str, attributes: Sequence[str]) -> tuple[Entry | None, bool]:
        """The first entry whose attribute equals the value, and whether there are more: with size limit 1, as Feide
        looks a user up. Never for numbers."""
        never_by_number(attribute)
        term = f"({attribute}={escape_filter_chars(value)})"
        connection, entries = self._connection, self._entries
        with self._talking():
            entries.take()  # as in _search
            connection.search(str(self.base), term, ldap3.SUBTREE, attributes=list(attributes), size_limit=1)
            result, found = connection.result, entries.take()
        if result["result"] == 32:
            raise absent_base(self.base)
        if result["result"] not in (0, 4):
            raise server_error(result)
        return next((Entry(_name(dn), values) for dn, values in found), None), result["result"] == 4

    def matching(self, attribute: str, values: Iterable[str], attributes: Sequence[str]) -> Iterator[Entry]:
        never_by_number(attribute)
        terms = [f"({attribute}={escape_filter_chars(value)})" for value in values]
        for start in range(0, len(terms), _TERMS):
            yield from self._search(self.base, _any(terms[start : start + _TERMS]), attributes, ldap3.SUBTREE)

    @contextmanager
    def writing(self) -> Iterator[None]:
        yield

    def write(self, writes: Iterable[Write]) -> Iterator[Written]:
        for write in writes:
            yield Written(write, self._carry_out(write))

    @cached_property
    def server_kind(self) -> ServerKind:
        """What sets this server apart from others."""
        scheme = "argon2" if self.password_scheme == "auto" else self.password_scheme
        return server_kind(self.kind or self.kind_of_server(), scheme)

    def stored_password(self, password: str) -> tuple[str, bytes]:
        return self.server_kind.stored_password(password)

    def accepts_login(self, dn: DN, password: str) -> bool:
        return log_in(self.address, dn, password) is Login.ACCEPTED

    def confirm_login(self, dn: DN, password: str) -> bool:
        if self.accepts_login(dn, password):
            return True
        other = self.server_kind.other_scheme() if self.password_scheme == "auto" else None
        if other is None:
            return False
        self.server_kind = other
        return self._carry_out(SetPassword(dn, password)) is None and self.accepts_login(dn, password)

    def close(self) -> None:
        self.__dict__.pop("_entries", None)
        if "_connection" in self.__dict__:
            let_go(self.__dict__.pop("_connection"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @cached_property
    def _connection(self) -> Any:
        with ldap_errors(self.address):
            for attempt in stamina.retry_context(
                on=worth_another_try, attempts=3, timeout=20, wait_initial=0.2, wait_max=2.0
            ):
                with attempt:
                    connection = open_connection(self.address, self.bind_dn, self._password)
                    try:
                        bound = connection.bind()
                    except BaseException:
                        let_go(connection)
                        raise
        if not bound:
            let_go(connection)
            raise refused_bind(connection.result, self.bind_dn)
        return connection

    @cached_property
    def _entries(self) -> SearchEntries:
        """The entries of searches over this connection; ldap3 itself has read what it needs at the bind."""
        return SearchEntries(self._connection)

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Errors are translated, and a connection that broke is let go of, so that the next call makes a new one.

        What was sent over it is not sent again: whether the server did it is unknown.
        """
        try:
            with ldap_errors(self.address):
                yield
        except DirectoryError:  # only what broke is raised in here; a refusal is given back
            self.close()
            raise

    def _search(self, base: DN, filter_text: str, attributes: Sequence[str], scope: Any) -> Iterator[Entry]:
        if scope != ldap3.BASE and not base.rdns:
            raise absent_base(base)  # servers answer differently, some with nothing
        cookie: bytes | None = None
        connection, entries = (
            self._connection,
            self._entries,
        )  # all pages come over one: a cookie is of no use on another
        while True:
            with self._talking():
                entries.take()  # what came before a search broke off belongs to no answer
                connection.search(
                    str(base),
                    filter_text,
                    scope,
                    attributes=list(attributes),
                    paged_size=None if scope == ldap3.BASE else _PAGE,
                    paged_cookie=cookie,
                )
                result, response, found = connection.result, connection.response or [], entries.take()
            if result["result"] == 32 and scope == ldap3.BASE:
                return
            if result["result"] == 32:
                raise absent_base(base)
            if result["result"] in _CUT_SHORT:
                raise DirectoryError(
                    f"The server cut the answer short ({_CUT_SHORT[result['result']]}), so it cannot be known who "
                    "is there. Give the bind account unlimited searches, then run again.",
                    code=result["result"],
                )
            if result["result"] != 0:
                raise server_error(result)
            if any(item["type"] == "searchResRef" for item in response):
                raise DirectoryError("The server refers to another server; that is not followed.", code=10)
            for dn, attributes_found in found:
                yield Entry(_name(dn), attributes_found)
            control = (result.get("controls") or {}).get("1.2.840.113556.1.4.319")
            cookie = control["value"]["cookie"] if control else None
            if not cookie:
                return

    def _carry_out(self, write: Write) -> DirectoryError | None:
        with self._talking():
            match write:
                case Add(entry):
                    self._connection.add(str(entry.dn), attributes={n: list(v) for n, v in entry.items()})
                case Modify():
                    return self._modify(write)
                case SetPassword(dn, password):
                    attribute, value = self.stored_password(password)
                    self._connection.modify(str(dn), {attribute: [(ldap3.MODIFY_REPLACE, [value])]})
                case Delete(dn, presumes):
                    if not self._asserts and not self._holds(dn, presumes):
                        return DirectoryError("The entry is no longer as presumed.", code=ASSERTION_FAILED)
                    self._connection.delete(str(dn), controls=self._assertion(presumes))
                case Rename(dn, to):
                    self._connection.modify_dn(str(dn), str(DN(to.rdns[:1])), delete_old_dn=True)
            return refusal_in(self._connection.result)

    def _modify(self, write: Modify) -> DirectoryError | None:
        changes: dict[str, list[Any]] = {}
        for step in write.modifications:
            operation = ldap3.MODIFY_ADD if step.operation == "add" else ldap3.MODIFY_DELETE
            changes.setdefault(step.attribute, []).append((operation, list(step.values)))
        if not self._asserts and not self._holds(write.dn, write.presumes):
            return DirectoryError("The entry is no longer as presumed.", code=ASSERTION_FAILED)
        self._connection.modify(str(write.dn), changes, controls=self._assertion(write.presumes))
        refusal = refusal_in(self._connection.result)
        if refusal is None or refusal.code != ASSERTION_FAILED or not self._holds(write.dn, write.presumes):
            return refusal
        # OpenLDAP's `unique` overlay asks the same of the entry that it searches from, and so refuses what is in
        # order (seen with slapd 2.5.13). The values that are taken away and added still guard the change.
        self._connection.modify(str(write.dn), changes)
        return refusal_in(self._connection.result)

    @cached_property
    def _asserts(self) -> bool:
        return ASSERTION in {control[0] for control in self._connection.server.info.supported_controls or ()}

    def _assertion(self, presumes: Sequence[Presumption]) -> list[Any] | None:
        if not presumes or not self._asserts:
            return None
        text = "(&" + "".join(_term(p) for p in presumes) + ")"
        parsed = parse_filter(text, None, False, None, None, False)  # type: ignore[no-untyped-call]
        compiled = compile_filter(parsed.elements[0])  # type: ignore[no-untyped-call]
        return [(ASSERTION, True, encoder.encode(compiled))]

    def _holds(self, dn: DN, presumes: Sequence[Presumption]) -> bool:
        """Is the entry as presumed, as far as a look just before the write can tell?"""
        if not presumes:
            return True
        entry = self.read(dn, [p.attribute for p in presumes])
        held = {p: {v.casefold() for v in entry.texts(p.attribute)} for p in presumes} if entry else {}
        return entry is not None and all(
            not held[p] if p.value is None else p.value.casefold() in held[p] for p in presumes
        )

    def kind_of_server(self) -> Kind:
        """Which server it is, by its own words (rootDSE)."""
        other = {name.lower(): values for name, values in (self._connection.server.info.other or {}).items()}
        if _ACTIVE_DIRECTORY in other.get("supportedcapabilities", ()):
            return "ad"
        vendor = " ".join(str(v) for v in self._connection.server.info.vendor_name or ())
        return "389" if "389" in vendor else "openldap"

    def schema(self) -> tuple[list[str], list[str]]:
        """The definitions of attributes, and those of classes, that the server tells (RFC 4512, 4.2)."""
        entries = self._connection.server.info.schema_entry or ["cn=subschema"]
        dn = DN.parse(entries[0] if isinstance(entries, list) else entries)
        entry = self.read(dn, ("attributeTypes", "objectClasses"))
        return (entry.texts("attributeTypes"), entry.texts("objectClasses")) if entry else ([], [])


def _name(octets: bytes) -> DN:
    try:
        return DN.parse(octets.decode(errors="replace"))
    except InputError as error:
        raise DirectoryError(f"The directory answered with a name that cannot be read. {error}") from None


def _any(terms: Iterable[str]) -> str:
    return "(|" + "".join(terms) + ")"


def _term(presumption: Presumption) -> str:
    if presumption.value is None:
        return f"(!({presumption.attribute}=*))"
    never_by_number(presumption.attribute)
    return f"({presumption.attribute}={escape_filter_chars(presumption.value)})"
