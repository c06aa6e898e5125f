"""A directory on an LDAP server: ldap3 connects, begins TLS and binds; reading and writing go over its socket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from typing import Literal, Self

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, SetPassword, Write, WriteResult
from feideprov.directory.layout import Layout
from feideprov.directory.ldap import requests as request
from feideprov.directory.ldap.connection import ServerConnection
from feideprov.directory.ldap.login import Login, log_in
from feideprov.directory.ldap.pipeline import Pipeline
from feideprov.directory.ldap.search import Searches
from feideprov.directory.ldap.server import LdapAddress, addresses
from feideprov.directory.ldap.server_kind import Kind, ServerKind, is_active_directory, server_kind
from feideprov.directory.ldap.write_operations import WriteOperations
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, never_by_number
from feideprov.errors import ConfigurationError, DirectoryError

NEEDED = (NUMBER_ATTRIBUTE, "norEduPersonLegalName", "eduPersonPrincipalName", "norEduPerson", "eduPerson")
_EVERYTHING = request.present("objectClass")


class LdapDirectory:
    """The directory on one LDAP server, or on a cluster of them that hold the same entries.

    `url` is `ldaps://…`, `ldap://…` (StartTLS) or `ldapi://…`; certificates are verified against `ca_file` or the
    system's authorities, and `tls=False` is for loopback alone. `base` is where people are looked for. Without
    `bind_dn` over ldapi it binds as the operating system's user (SASL EXTERNAL). It connects at first use; `check`
    says whether the directory can be written to. Several addresses, parted by spaces, are tried in turn.

    Writes are under way side by side, up to `window` of them. When the connection breaks off, those of which nobody
    knows the outcome are looked up over a new one, and only what does not stand is sent again; `patience` is for how
    many seconds a server may be away, or busy, `receive_timeout` for how many it may be silent before the connection
    counts as lost. `pipelined=False` sends one request at a time, through ldap3.

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
        pipelined: bool = True,
        receive_timeout: int = 60,
        patience: float = 30.0,
    ) -> None:
        servers = addresses(url, ca_file=ca_file, tls=tls, receive_timeout=receive_timeout)
        self._cluster = ServerConnection(servers, bind_dn, password, pipelined=pipelined, patience=patience)
        self._searches = Searches(self._cluster)
        self.base = DN.parse(base) if isinstance(base, str) else base
        self.bind_dn = bind_dn
        self.kind = kind
        self.password_scheme = password_scheme
        self.patience = patience

    @property
    def address(self) -> LdapAddress:
        """The server that is spoken to, or will be first."""
        return self._cluster.server

    def check(self) -> None:
        self.kind = self.kind or self.kind_of_server()
        if self.kind == "ad" and not self.address.is_encrypted:
            raise ConfigurationError(
                "Active Directory takes passwords over TLS alone: let url begin with ldaps://, or leave tls on."
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
        contexts = [DN.parse(text) for text in (self._cluster.root.naming_contexts or []) if text]
        above = [context for context in contexts if dn.is_within(context)]
        if not above:
            raise DirectoryError(f"The server holds no naming context above {dn}.", code=32, before_writing=True)
        return max(above, key=lambda context: len(context.rdns))

    def read(self, dn: DN, attributes: Sequence[str] = ("*",)) -> Entry | None:
        return self._searches.one(dn, attributes)

    def having(self, present: Sequence[str], attributes: Sequence[str]) -> Iterator[Entry]:
        return self._searches.below(self.base, request.either(map(request.present, present)), attributes)

    def below(self, dn: DN, attributes: Sequence[str]) -> Iterator[Entry]:
        """All entries from `dn` down: of the server's own configuration too, where the account may read it."""
        return self._searches.below(dn, _EVERYTHING, attributes)

    def first(self, attribute: str, value: str, attributes: Sequence[str]) -> tuple[Entry | None, bool]:
        """The first entry whose attribute equals the value, and whether there are more: with size limit 1, as Feide
        looks a user up. Never for numbers."""
        return self._searches.first(self.base, request.equal(attribute, value), attributes)

    def matching(self, attribute: str, values: Iterable[str], attributes: Sequence[str]) -> Iterator[Entry]:
        never_by_number(attribute)
        return self._searches.matching(self.base, attribute, values, attributes)

    @contextmanager
    def writing(self) -> Iterator[None]:
        yield

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        controls = {control[0] for control in self._cluster.root.supported_controls or ()}
        speech = WriteOperations(
            request.ASSERTION in controls,
            request.POST_READ in controls,
            self.stored_password,
            self.server_kind.classes_first,
        )
        yield from Pipeline(self._cluster.wire, speech, window=self.window, patience=self.patience).run(writes)

    @cached_property
    def server_kind(self) -> ServerKind:
        """What sets this server apart from others."""
        scheme = "argon2" if self.password_scheme == "auto" else self.password_scheme
        return server_kind(self.kind or self.kind_of_server(), scheme)

    @property
    def layout(self) -> Layout:
        return self.server_kind.layout

    def stored_password(self, password: str) -> tuple[str, bytes]:
        return self.server_kind.stored_password(password)

    def accepts_login(self, dn: DN, password: str) -> bool:
        return log_in(self.address, dn, password) is Login.ACCEPTED

    def confirm_login(self, dn: DN, password: str) -> bool:
        answer = log_in(self.address, dn, password)
        if answer is not Login.REFUSED or self.password_scheme != "auto":
            return answer is Login.ACCEPTED  # a busy server, or a locked account, says nothing of how it verifies
        other = self.server_kind.other_scheme()
        if other is None:
            return False
        self.server_kind = other
        [written] = self.write([SetPassword(dn, password)])
        return written.error is None and self.accepts_login(dn, password)

    def close(self) -> None:
        self._cluster.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def kind_of_server(self) -> Kind:
        """Which server it is, by its own words (rootDSE)."""
        if is_active_directory(feature[0] for feature in self._cluster.root.supported_features or ()):
            return "ad"
        vendor = " ".join(str(v) for v in self._cluster.root.vendor_name or ())
        return "389" if "389" in vendor else "openldap"

    def schema(self) -> tuple[list[str], list[str]]:
        """The definitions of attributes, and those of classes, that the server tells (RFC 4512, 4.2)."""
        entries = self._cluster.root.schema_entry or ["cn=subschema"]
        dn = DN.parse(entries[0] if isinstance(entries, list) else entries)
        entry = self.read(dn, ("attributeTypes", "objectClasses"))
        return (entry.texts("attributeTypes"), entry.texts("objectClasses")) if entry else ([], [])
