"""What every directory can do. Memory, LDIF file and LDAP pass the same contract tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol, Self, runtime_checkable

from feideprov.directory.attribute_description import attribute_key
from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Write, WriteResult
from feideprov.directory.layout import Layout
from feideprov.directory.result_code import ResultCode
from feideprov.errors import DirectoryError, scrub
from feideprov.messages import Sentence

NUMBER_ATTRIBUTE = "norEduPersonNIN"
"""The one attribute that holds a person's own national identity number."""
GUARDIAN_ATTRIBUTE = "norEduPersonGuardianNIN"
"""The national identity numbers of a person's guardians (Sikt's schema file of 2026). This tool never writes it."""
NUMBER_ATTRIBUTES: Final = (NUMBER_ATTRIBUTE, GUARDIAN_ATTRIBUTE)
"""Every attribute in which identity numbers belong: what it holds is never shown, and in no search filter."""
_NUMBER_ATTRIBUTES: Final = frozenset(map(str.lower, NUMBER_ATTRIBUTES))
NAME_ATTRIBUTE = "eduPersonPrincipalName"
"""The Feide name."""
PRIOR_NAME_ATTRIBUTE = "eduPersonPrincipalNamePrior"
"""The Feide names that the user had before."""


def name_of(entry: Entry) -> str:
    """The Feide name of an entry, in lower case and without the spaces around it, which mean nothing to a server; empty
    when it has none."""
    return (entry.text(NAME_ATTRIBUTE) or "").strip().lower()


def former_names_of(entry: Entry) -> list[str]:
    """The former Feide names of an entry, likewise."""
    return [text.strip().lower() for text in entry.texts(PRIOR_NAME_ATTRIBUTE)]


@runtime_checkable
class Directory(Protocol):
    """A host organization's directory (brukerkatalog).

    Every method raises DirectoryError when the directory is unreachable or the connection is lost. A search that the
    server ends early (a size limit) is such an error, never an incomplete result: "no holder" must be true. For the
    same reason `having` and `matching` raise one (noSuchObject) when the base does not exist.
    """

    base: DN
    """The entry below which people are searched for."""

    login_needs_proof: bool
    """Can only a login show that this directory verifies the passwords that are stored?"""

    @property
    def layout(self) -> Layout:
        """How the entries of users are laid out here."""

    def check(self) -> None:
        """Check whether Feide users can be written: the directory is reachable, the base exists, the schema is loaded.

        Raises:
            DirectoryError: they cannot; it has exit code 2 and a sentence that says what to do.
            ConfigurationError: the settings cannot be used with this kind of server.
        """

    def read(self, dn: DN, attributes: Sequence[str] = ("*",)) -> Entry | None:
        """Read one entry.

        Parameters:
            dn: the name of the entry.
            attributes: the attributes to read; `*` is all.

        Returns: the entry; None when there is none of that name.

        Raises:
            DirectoryError: the directory cannot be read.
        """

    def having(self, present: Sequence[str], attributes: Sequence[str]) -> Iterator[Entry]:
        """All entries below the base where at least one of some attributes has a value.

        Parameters:
            present: the attributes of which one must have a value.
            attributes: the attributes to read; `*` is all.

        Returns: the entries.

        Raises:
            DirectoryError: the directory cannot be read, or the base does not exist.
        """

    def matching(self, attribute: str, values: Iterable[str], attributes: Sequence[str]) -> Iterator[Entry]:
        """All entries below the base whose attribute equals one of some values, ignoring case.

        Parameters:
            attribute: the attribute to search by.
            values: the values to search for.
            attributes: the attributes to read; `*` is all.

        Returns: the entries.

        Raises:
            ValueError: the attribute is one of numbers, because servers log search filters.
            DirectoryError: the directory cannot be read, or the base does not exist.
        """

    def writing(self) -> AbstractContextManager[None]:
        """A context for writes that belong together: an LDIF file is locked until it ends.

        Returns: the context manager.

        Raises:
            DirectoryError: when it begins: the file cannot be locked or read.
        """

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        """Carry out writes, in order.

        Writes are taken from `writes` while the results are iterated over, and may be carried out some way ahead of the
        result that is yielded. Nothing is written without iterating. Writes of one entry, and of entries above and
        below one another, are carried out in their order.

        Parameters:
            writes: the writes.

        Returns: the result of each write, in order. A write that the directory refuses is a result with an error.

        Raises:
            DirectoryError: the connection is lost and cannot be restored, or the file cannot be written. It is raised
                in place of the first result that is unknown.
        """

    def stored_password(self, password: str) -> tuple[str, bytes]:
        """A password as this directory stores it.

        Parameters:
            password: the password, in clear text.

        Returns: the attribute, and the value by which the directory can verify the password at the next login.

        Raises:
            DirectoryError: the kind of server cannot be read.
        """

    def accepts_login(self, dn: DN, password: str) -> bool:
        """Whether a login succeeds.

        Parameters:
            dn: the name of the user's entry.
            password: the password, in clear text.

        Returns: True when the directory accepts the password.

        Raises:
            DirectoryError: the directory cannot be reached.
        """

    def confirm_login(self, dn: DN, password: str) -> bool:
        """Whether a login succeeds, after the first password of a run was written.

        If the server does not verify it, a directory that knows another password scheme changes to that, for this user
        and the following ones.

        Parameters:
            dn, password: as for `accepts_login`.

        Returns: True when the directory accepts the password.

        Raises:
            DirectoryError: the directory cannot be reached or written to.
        """

    def close(self) -> None:
        """Close the connection or file.

        Raises: nothing.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


def holds_numbers(attribute: str) -> bool:
    """Is this an attribute in which identity numbers belong? What it holds is never shown."""
    return attribute_key(attribute.partition(";")[0]) in _NUMBER_ATTRIBUTES  # deleted values of 389 too


def base_not_found(base: DN) -> DirectoryError:
    """The error when the base of a search does not exist: that nothing was found there would mean nothing."""
    if not base.rdns:
        sentence = Sentence("base_dn is missing, so people cannot be searched for. Set base_dn.")
    else:
        sentence = Sentence(
            "The directory has no entry {base}, or the bind account has no right to read it. Create the "
            "entry, correct base_dn and users_dn, or give the bind account the right to read the entry.",
            base=scrub(str(base)),
        )
    return DirectoryError(sentence, code=ResultCode.NO_SUCH_OBJECT, before_writing=True)


def precondition_failed() -> DirectoryError:
    """The error when an entry does not meet the preconditions of a write."""
    return DirectoryError(Sentence("The entry is no longer as expected."), code=ResultCode.ASSERTION_FAILED)


def never_by_number(attribute: str) -> None:
    """Refuse a search by number: 389 DS and OpenLDAP write search filters to their logs."""
    if holds_numbers(attribute):
        raise ValueError("A number must not be in a search filter: read the attribute and compare in memory.")
