"""Where first passwords go: the hand-over file, or what a program gives in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeGuard


@dataclass(frozen=True)
class FirstPassword:
    """The first password of a user, with what is needed to hand it over. Of a protected person, only `user` and
    `password` are told.

    Parameters:
        user: the Feide name.
        name: the name to show.
        school: the name of the school.
        password: the password.
        group: the name of the class; empty when it is not known, and of teachers.
        grade: the grade, such as “6” or “vg1”; empty when it is not known.
        language: the language of the person (BCP 47), such as “uk”; empty when it is not known.
        school_dn: the DN of the school's entry.
    """

    user: str
    name: str
    school: str
    password: str = field(repr=False)
    group: str = ""
    grade: str = ""
    language: str = ""
    school_dn: str = ""


class PasswordSink(Protocol):
    """Takes first passwords, in place of the hand-over file: one row for each user.

    It is only written to. A run adds all its passwords before it creates the first user, and removes those of users
    that were not created. So what `add` has taken must survive a crash: after one, the next run presumes it to be
    there, and gives a new password to users of whom it is not certain that theirs was set.

    Every method may be called again with the same, and raises JournalError when it cannot do it. Then nothing more is
    written, and the next run goes on from there.
    """

    def add(self, passwords: Iterable[FirstPassword]) -> None:
        """Add passwords, durably when this returns. A user's older row is replaced.

        Parameters:
            passwords: the passwords, at most one for each user.

        Raises:
            JournalError: they cannot be kept; no user is created then.
        """

    def remove(self, users: Iterable[str]) -> None:
        """Remove the rows of users who did not get these passwords after all, or who are closed.

        Parameters:
            users: Feide names; some may have no row.

        Raises:
            JournalError: they cannot be removed.
        """

    def rename(self, names: Mapping[str, str]) -> None:
        """Change the Feide names of users in their rows.

        Parameters:
            names: the new Feide name of each old one; some may have no row.

        Raises:
            JournalError: they cannot be renamed.
        """


class NoHandover:
    """Used when users log in elsewhere: there is nothing to hand over."""

    def add(self, passwords: Iterable[FirstPassword]) -> None:
        """Nothing to do."""

    def remove(self, users: Iterable[str]) -> None:
        """Nothing to do."""

    def rename(self, names: Mapping[str, str]) -> None:
        """Nothing to do."""


def hands_over(sink: PasswordSink | None) -> TypeGuard[PasswordSink]:
    """Whether there is a sink that passwords go to."""
    return sink is not None and not isinstance(sink, NoHandover)
