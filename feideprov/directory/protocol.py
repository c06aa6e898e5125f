"""What every directory can do. Memory, LDIF file and LDAP pass the same contract tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Final, Protocol, Self, runtime_checkable

from feideprov.directory.dn import DN
from feideprov.directory.entry import Entry, Write, WriteResult
from feideprov.directory.layout import Layout
from feideprov.errors import DirectoryError, scrub

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


@runtime_checkable
class Directory(Protocol):
    """A host organization's directory (brukerkatalog).

    Every method raises DirectoryError when the directory is unreachable or breaks off. A read that the server
    cuts short (a size limit) is such an error, never a short answer: "no holder" must be true. For the same reason
    `having` and `matching` raise one (code 32) when the base is not there.
    """

    base: DN
    """Where people are looked for."""

    login_needs_proof: bool
    """Whether only a login shows that this directory verifies the passwords we store."""

    @property
    def layout(self) -> Layout:
        """How the entries of users are made here."""

    def check(self) -> None:
        """Is the directory one that Feide users can be written to: reachable, base there, schema loaded?

        Raises DirectoryError with exit code 2 and a sentence that says what to do.
        """

    def read(self, dn: DN, attributes: Sequence[str] = ("*",)) -> Entry | None:
        """One entry, or None when there is none of that name."""

    def having(self, present: Sequence[str], attributes: Sequence[str]) -> Iterator[Entry]:
        """All entries below the base where at least one of the attributes `present` has a value."""

    def matching(self, attribute: str, values: Iterable[str], attributes: Sequence[str]) -> Iterator[Entry]:
        """All entries below the base whose attribute equals one of the values, without regard to case.

        Never for numbers: servers log what they are asked for. Raises ValueError for an attribute of numbers.
        """

    def writing(self) -> AbstractContextManager[None]:
        """The time in which writes belong together; an LDIF file is locked for as long as it lasts."""

    def write(self, writes: Iterable[Write]) -> Iterator[WriteResult]:
        """Carry out the writes and say of each, in order, what became of it.

        The next ones are taken from `writes` as there is room for them: a directory may be some way ahead of the
        outcome that it gives. Nothing is written that was not asked for the outcome of, by iterating. Writes of one
        entry, and of entries that stand below one another, are carried out in their order.

        When the connection breaks off for good, DirectoryError is raised in place of the first outcome that is unknown.
        """

    def stored_password(self, password: str) -> tuple[str, bytes]:
        """The attribute and the value by which this directory can verify a password at the next login."""

    def accepts_login(self, dn: DN, password: str) -> bool:
        """Does a login as this user with this password succeed?"""

    def confirm_login(self, dn: DN, password: str) -> bool:
        """The same, after the first password of a run was written: a directory that can store a password in a form
        that the server verifies better changes to it, for this user and those that follow."""

    def close(self) -> None:
        """Let go of the connection or file."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


def holds_numbers(attribute: str) -> bool:
    """Is this an attribute in which identity numbers belong? What it holds is never shown."""
    return attribute.lower() in _NUMBER_ATTRIBUTES


def absent_base(base: DN) -> DirectoryError:
    """What a search below a base that is not there ends with: nothing found there would say nothing."""
    if not base.rdns:
        sentence = "No base_dn is given, so there is no place to look for people. Set base_dn."
    else:
        sentence = (
            f"The directory has no entry {scrub(str(base))}, or the bind account may not see it. Correct base_dn, or "
            "give the account the right to read there."
        )
    return DirectoryError(sentence, code=32, before_writing=True)


def never_by_number(attribute: str) -> None:
    """Refuse a look-up by number: 389 DS and OpenLDAP write search filters to their logs."""
    if holds_numbers(attribute):
        raise ValueError("A number never stands in a search filter: read the attribute and compare in memory.")
