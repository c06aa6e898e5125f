"""Which database the URL of a journal names."""

from __future__ import annotations

import sqlalchemy as sa

from feideprov.errors import ConfigurationError
from feideprov.installation import missing_extra
from feideprov.journal.databases.database import Database, SqliteDatabase
from feideprov.messages import Sentence

_POSTGRESQL = "postgresql+psycopg:"


def open_database(url: str, *, holder: str) -> Database:
    """The database of a URL, not connected yet. `holder` is the name that others see when they have to wait.

    Raises ConfigurationError for a URL of another database, and when the driver is not installed.
    """
    try:
        if url.startswith("sqlite:"):
            return SqliteDatabase(sa.make_url(url), holder)
        if url.startswith(_POSTGRESQL):
            from feideprov.journal.databases.postgres import PostgresDatabase

            return PostgresDatabase(sa.make_url(url), holder)
    except (sa.exc.ArgumentError, ValueError):
        pass  # reported below: the error itself may quote the URL
    except ImportError:
        raise missing_extra("postgres", Sentence("A journal in PostgreSQL")) from None
    raise ConfigurationError(
        Sentence(
            "[journal] url must be like sqlite:///feideprov.db or, for PostgreSQL, postgresql+psycopg://HOST/DATABASE."
        )
    )
