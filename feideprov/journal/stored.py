"""Values as the journal stores them, checked when they are read. A file that was damaged, or changed by hand, says so.

Whatever is read of the database is then of the type that its column can have: nothing after it needs to ask.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from feideprov.errors import InputError, JournalError, scrub
from feideprov.journal.events import State
from feideprov.messages import Sentence, by_text
from feideprov.numbers.evidence import Basis, EvidenceSource

_T = TypeVar("_T")
_WRONG: Final = (ValueError, TypeError, OverflowError, AttributeError, LookupError)
"""What the readers of a value raise when it is of another kind."""
_LARGEST_NUMBER: Final = 2**53
_DAMAGE: Final = frozenset({None, 1, 11, 20, 26})
"""Result codes of SQLite (sqlite.org/rescode.html): a table or a column is missing, the file is damaged, a value has
another type, the file is no database. None: sqlite3 itself found a text that is not UTF-8."""


_NOT_UTF_8: Final = Sentence("a text in it is not UTF-8")
_OF_SQLITE: Final = by_text(
    Sentence("database is locked"),
    Sentence("attempt to write a readonly database"),
    Sentence("disk I/O error"),
    Sentence("database disk image is malformed"),
    Sentence("database or disk is full"),
    Sentence("unable to open database file"),
    Sentence("file is not a database"),
)
"""What SQLite says of a file (sqlite.org/src, sqlite3ErrStr)."""


class DamagedError(JournalError):
    """A value in the journal is none that was ever written there. `Database.connection` says which journal it is."""


FAILURES: Final = (sa.exc.DBAPIError, sa.exc.MultipleResultsFound, UnicodeDecodeError, DamagedError)
"""What a database that cannot be used raises. A damaged one may have its errors in letters that are not UTF-8."""


def understood(read: Callable[[str], _T], value: str, place: str) -> _T:
    """What the text in a place (table and column) means. Raises DamagedError."""
    try:
        return read(value)
    except (*_WRONG, InputError):
        raise _damaged(place) from None


def failure(error: Exception, where: str, words: Callable[[sa.exc.DBAPIError], str]) -> JournalError:
    """What is said of a database that failed, or has what it cannot have. `words` are the database's own."""
    if isinstance(error, sa.exc.DBAPIError):
        reason = words(error)
        if not _is_damage(error):
            return JournalError(
                Sentence(
                    "The journal ({where}) cannot be used: {reason}. Correct this, then run again. The next run "
                    "finds out from the directory what was done.",
                    where=where,
                    reason=reason,
                )
            )
    elif isinstance(error, DamagedError):
        reason = error.sentence
    else:
        reason = _NOT_UTF_8 if isinstance(error, UnicodeDecodeError) else Sentence("a row is there twice")
    return JournalError(
        Sentence(
            "The journal ({where}) is damaged: {reason}. Restore the journal and its key file from a copy, then run "
            "again. The next run finds out from the directory what was done.",
            where=where,
            reason=reason,
        )
    )


def words_of_sqlite(error: sa.exc.DBAPIError) -> str:
    """What SQLite says, without the text that it could not decode."""
    if _is_damage(error) and getattr(error.orig, "sqlite_errorcode", None) is None:
        return _NOT_UTF_8
    said = str(error.orig)
    return _OF_SQLITE.get(said) or scrub(said)


def _is_damage(error: sa.exc.DBAPIError) -> bool:
    is_sqlite = type(error.orig).__module__ == "sqlite3"
    return is_sqlite and getattr(error.orig, "sqlite_errorcode", None) in _DAMAGE


class Stored(sa.types.TypeDecorator[Any]):
    """The type of a column, with what a value of it must be when it is read."""

    impl = sa.String
    cache_ok = True

    def __init__(self, type_: sa.types.TypeEngine[Any], place: str, *, nullable: bool) -> None:
        super().__init__()
        self.impl = type_  # type: ignore[assignment]  # of one column, not of the class
        self.type_, self.place, self.nullable = (
            type_,
            place,
            nullable,
        )  # names of the parameters: SQLAlchemy's cache key

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:
        convert = super().result_processor(dialect, coltype)
        kind, nullable, place = self.type_.python_type, self.nullable, self.place
        rule = _is_number if kind is int else _RULES.get(place)

        def read(value: Any) -> Any:
            if value is None and nullable:
                return None
            try:
                value = convert(value) if convert is not None else value
                if isinstance(value, kind) and (rule is None or rule(value)):
                    return value
            except _WRONG:
                pass
            raise _damaged(place)

        return read


def largest(column: sa.ColumnElement[int]) -> sa.Function[int]:
    """The largest number in a column; None when there is no row."""
    return sa.func.max(column, type_=Stored(sa.Integer(), "an id or a version", nullable=True))


def _damaged(place: str) -> DamagedError:
    return DamagedError(Sentence("a value in {place} is not what this program writes there", place=place))


def _is_number(value: int) -> bool:
    return 0 <= value < _LARGEST_NUMBER


def _words(known: type[StrEnum]) -> Callable[[str], bool]:
    return frozenset(known).__contains__


def _is_moment(text: str) -> bool:
    return 1970 <= datetime.fromisoformat(text).year < 9999


def _is_command(text: str) -> bool:
    return len(shlex.split(text)) > 1


def _is_name(text: str) -> bool:
    return not text or "=" in text


_MOMENTS: Final = (
    *("change.at", "change.ended_at", "owed.at", "notice.at", "delivery.at", "delivery.next_at"),
    *("observation.at", "tick.at", "held_row.at"),
)
_RULES: Final[Mapping[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(_MOMENTS, _is_moment),
    "change.state": _words(State),
    "change.evidence_source": _words(EvidenceSource),
    "change.evidence_basis": _words(Basis),
    "change.dn": _is_name,
    "held_row.listed": _is_command,
}
