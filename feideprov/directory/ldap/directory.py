"""A directory on an LDAP server. ldap3 connects, starts TLS and binds; then its socket is used directly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from typing import Literal, Self

from feideprov.directory.dn import DN, parsed
from feideprov.directory.entry import Entry, SetPassword, Write, WriteResult
from feideprov.directory.layout import Layout
from feideprov.directory.ldap import requests
from feideprov.directory.ldap.connection import ServerConnection
from feideprov.directory.ldap.login import Login, log_in
from feideprov.directory.ldap.pipeline import Pipeline
from feideprov.directory.ldap.search import MOST_ENTRIES, Searches
from feideprov.directory.ldap.server import LdapAddress, addresses
from feideprov.directory.ldap.server_kind import Kind, ServerKind, is_active_directory, server_kind
from feideprov.directory.ldap.write_operations import WriteOperations
from feideprov.directory.protocol import NUMBER_ATTRIBUTE, base_not_found, never_by_number
from feideprov.directory.result_code import ResultCode
from feideprov.errors import ConfigurationError, DirectoryError, scrub
from feideprov.installation import page
from feideprov.messages import Sentence, joined
from feideprov.programs.arguments import checked

NEEDED = (NUMBER_ATTRIBUTE, "norEduPersonLegalName", "eduPersonPrincipalName", "norEduPerson", "eduPerson")
_ANY = requests.present("objectClass")


class LdapDirectory:
    """The directory on one LDAP server, or on a cluster of them that hold the same entries.

    It connects at first use; `check` says whether the directory can be written to. Up to `window` writes are pending at
    the same time. When the connection is lost, the entries of the pending ones are read over a new connection, and only
    what is not done is sent again.

    Parameters:
        url: `ldaps://…`, `ldap://…` (StartTLS) or `ldapi://…`. Several, separated by spaces, are tried in turn.
        base: the DN below which people are searched for.
        bind_dn: the DN of the account; without it, ldapi binds as the operating system's user (SASL EXTERNAL).
        password: the password of the account.
        ca_file: the certificates of the authorities to trust; without it, those of the system.
        tls: False is for a loopback address only.
        kind: `openldap`, `389` or `ad`; without it, as the server says.
        password_scheme: `auto` writes argon2 hashes to OpenLDAP, and {SSHA} if a login shows that the server does not
            verify them (its argon2 module is not loaded). 389 DS gets the clear text over TLS, and hashes it itself.
        receive_timeout: after so many seconds without a whole response the connection counts as lost. An answer of many
            entries may take five times as long.
        max_entries: a search that returns more is an error.
        patience: for how many seconds a server may be away or busy.

    Raises:
        ConfigurationError: an address cannot be used.
        InputError: the base is not a DN.
    """

    window = 64  # with more, a server may close the connection while thousands of outcomes are unknown (measured)
    login_needs_proof = True

    @checked
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
        receive_timeout: float = 60,
        max_entries: int = MOST_ENTRIES,
        patience: float = 30.0,
    ) -> None:
        servers = addresses(url, ca_file=ca_file, tls=tls, receive_timeout=receive_timeout)
        self._connection = ServerConnection(servers, bind_dn, password, patience=patience)
        self._searches = Searches(self._connection, max_entries)
        self.base = DN.parse(base) if isinstance(base, str) else base
        self.bind_dn = bind_dn
        self.kind = kind
        self.password_scheme = password_scheme
        self.patience = patience

    @property
    def address(self) -> LdapAddress:
        """The server in use, or the one that is tried first."""
        return self._connection.server

    def check(self) -> None:
        self.kind = self.kind or self.kind_of_server()
        if self.kind == "ad" and not self.address.is_encrypted:
            raise ConfigurationError(
                Sentence(
                    "Active Directory accepts passwords only over TLS. Use an ldaps:// address, or set tls = “on”."
                )
            )
        if self.read(self.base, ("objectClass",)) is None:
            raise base_not_found(self.base)
        self.check_schema()

    def check_schema(self) -> None:
        """Check whether the schema has the attributes and object classes that every user has.

        Raises:
            DirectoryError: some are missing, or the schema cannot be read.
        """
        known = "\n".join(chain(*self.schema())).lower()
        if missing := [name for name in NEEDED if f"'{name}'".lower() not in known]:
            raise DirectoryError(
                Sentence(
                    "The directory's schema lacks {names}. To see what to load or add ({page}), run: feideprov doctor",
                    names=joined(missing, ", "),
                    page=page("schema.md"),
                ),
                before_writing=True,
            )

    def naming_context(self, dn: DN) -> DN:
        """The naming context (rootDSE) that a DN is in.

        Parameters:
            dn: the DN.

        Returns: the DN of the naming context.

        Raises:
            DirectoryError: the server has none for the DN, or cannot be reached.
        """
        above = [context for context in self._named_in_root("namingContexts") if dn.is_within(context)]
        if not above:
            raise DirectoryError(
                Sentence(
                    "The server has no naming context that contains {dn}. Set base_dn, or correct the dn of the "
                    "organization.",
                    dn=scrub(str(dn)),
                ),
                code=ResultCode.NO_SUCH_OBJECT,
                before_writing=True,
            )
        return max(above, key=lambda context: len(context.rdns))

    def read(self, dn: DN, attributes: Sequence[str] = ("*",)) -> Entry | None:
        with self._connection.naming_server():
            return self._searches.one(dn, attributes)

    def having(self, present: Sequence[str], attributes: Sequence[str]) -> Iterator[Entry]:
        with self._connection.naming_server():
            yield from self._searches.below(self.base, requests.any_of(map(requests.present, present)), attributes)

    def below(self, dn: DN, attributes: Sequence[str]) -> Iterator[Entry]:
        """An entry and all below it; in the server's own configuration too, if the account may read that.

        Parameters:
            dn: the DN of the entry.
            attributes: the attributes to read; `*` is all.

        Returns: the entries.

        Raises:
            DirectoryError: the entry does not exist, or the directory cannot be read.
        """
        with self._connection.naming_server():
            yield from self._searches.below(dn, _ANY, attributes)

    def first(self, attribute: str, value: str, attributes: Sequence[str]) -> tuple[Entry | None, bool]:
        """Search with size limit 1, as Feide searches for a user.

        Parameters:
            attribute: the attribute to search by.
            value: the value that it must equal.
            attributes: the attributes to read; `*` is all.

        Returns: the first entry or None, and whether there are more.

        Raises:
            ValueError: the attribute is one of numbers.
            DirectoryError: the directory cannot be read, or the base does not exist.
        """
        with self._connection.naming_server():
            return self._searches.first(self.base, requests.equal(attribute, value), attributes)

    def matching(self, attribute: str, values: Iterable[str], attributes: Sequence[str]) -> Iterator[Entry]:
        never_by_number(attribute)
        return self._matching(attribute, values, attributes)

    def _matching(self, attribute: str, values: Iterable[str], attributes: Sequence[str]) -> Iterator[Entry]:
        with self._connection.naming_server():
            yield from self._searches.matching(self.base, attribute, values, attributes)

    @contextmanager
    def writing(self) -> Iterator[None]:
        yield

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        controls = self._connection.root_dse.texts("supportedControl")
        operations = WriteOperations(
            requests.ASSERTION in controls,
            requests.POST_READ in controls,
            self.stored_password,
            self.server_kind.classes_first,
        )
        pipeline = Pipeline(self._connection.transport, operations, window=self.window, patience=self.patience)
        with self._connection.naming_server():
            for result in pipeline.run(writes):
                if result.error is not None:
                    result.error.server = self.address.host_and_port
                yield result

    @cached_property
    def server_kind(self) -> ServerKind:
        """What is particular to this kind of server."""
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
        login = log_in(self.address, dn, password)
        if login is not Login.REFUSED or self.password_scheme != "auto":
            return login is Login.ACCEPTED  # a busy server or a locked account does not show how it verifies
        other = self.server_kind.other_scheme()
        if other is None:
            return False
        self.server_kind = other
        [written] = self.write([SetPassword(dn, password)])
        return written.error is None and self.accepts_login(dn, password)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def kind_of_server(self) -> Kind:
        """The kind of server, as its rootDSE says.

        Returns: `ad`, `389` or `openldap`.

        Raises:
            DirectoryError: the server cannot be reached.
        """
        root = self._connection.root_dse
        if is_active_directory((*root.texts("supportedFeatures"), *root.texts("supportedCapabilities"))):
            return "ad"
        return "389" if "389" in " ".join(root.texts("vendorName")) else "openldap"

    def schema(self) -> tuple[list[str], list[str]]:
        """The definitions in the server's schema (RFC 4512, 4.2).

        Returns: the definitions of attributes, and those of object classes; empty when the account may not read them.

        Raises:
            DirectoryError: the server cannot be reached.
        """
        dn = next(iter(self._named_in_root("subschemaSubentry")), DN.parse("cn=subschema"))
        entry = self.read(dn, ("attributeTypes", "objectClasses"))
        return (entry.texts("attributeTypes"), entry.texts("objectClasses")) if entry else ([], [])

    def _named_in_root(self, attribute: str) -> list[DN]:
        """The DNs in an attribute of the rootDSE; what is none is left out."""
        return parsed(self._connection.root_dse.texts(attribute))
