"""The version of the tables in a journal's database, and the steps that bring those of an older version up to date."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import sqlalchemy as sa

from feideprov.errors import ConfigurationError
from feideprov.journal.stored import largest
from feideprov.journal.tables import SCHEMA_VERSION, metadata, organization
from feideprov.messages import Sentence

_INDEX_OF_OPEN_CHANGES: Final = "CREATE INDEX ix_change_open ON change (realm, id) WHERE ended_at IS NULL"
"""As text, which SQLite and PostgreSQL both take: a `sa.Index` of this kind loads what SQLAlchemy has for PostgreSQL,
and that takes a tenth of the time that a command needs to start."""
STEPS = {
    2: (
        "ALTER TABLE change ADD COLUMN evidence_standing BOOLEAN",
        "ALTER TABLE change ADD COLUMN evidence_seal VARCHAR",
    ),
    3: ("CREATE TABLE issued_name (realm VARCHAR NOT NULL, mark VARCHAR NOT NULL, PRIMARY KEY (realm, mark))",),
    4: (
        "CREATE TABLE owed (realm VARCHAR NOT NULL, change_id INTEGER NOT NULL REFERENCES change (id), "
        "service VARCHAR NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY (change_id, service))",
        "CREATE INDEX ix_owed_realm ON owed (realm)",
        _INDEX_OF_OPEN_CHANGES,
    ),
    5: (
        "ALTER TABLE owed ADD COLUMN notice VARCHAR",
        "CREATE INDEX ix_owed_notice ON owed (notice)",
        "CREATE TABLE service (realm VARCHAR NOT NULL, id VARCHAR NOT NULL, "
        "concerns_us BOOLEAN NOT NULL, content TEXT NOT NULL, PRIMARY KEY (realm, id))",
        "CREATE TABLE notice (id VARCHAR NOT NULL PRIMARY KEY, realm VARCHAR NOT NULL, provider VARCHAR NOT NULL, "
        "day DATE NOT NULL, at VARCHAR NOT NULL)",
        "CREATE INDEX ix_notice_realm ON notice (realm)",
        "CREATE TABLE delivery (message VARCHAR NOT NULL, channel VARCHAR NOT NULL, realm VARCHAR NOT NULL, "
        "state VARCHAR NOT NULL, attempts INTEGER NOT NULL, at VARCHAR NOT NULL, next_at VARCHAR, "
        "said VARCHAR NOT NULL, PRIMARY KEY (message, channel))",
        "CREATE INDEX ix_delivery_realm ON delivery (realm)",
        "CREATE TABLE seen (realm VARCHAR NOT NULL, feide_name VARCHAR NOT NULL, number_mark VARCHAR, "
        "code VARCHAR, PRIMARY KEY (realm, feide_name))",
        "CREATE TABLE observation (realm VARCHAR NOT NULL PRIMARY KEY, at VARCHAR NOT NULL)",
        "CREATE TABLE tick (realm VARCHAR NOT NULL, change_id INTEGER NOT NULL REFERENCES change (id), "
        "place VARCHAR NOT NULL, at VARCHAR NOT NULL, by VARCHAR NOT NULL, PRIMARY KEY (change_id, place))",
        "CREATE INDEX ix_tick_realm ON tick (realm)",
        "CREATE TABLE held_row (realm VARCHAR NOT NULL, listed VARCHAR NOT NULL, input_row INTEGER NOT NULL, "
        "code VARCHAR NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY (realm, listed, input_row, code))",
        "CREATE TABLE feide_organization (realm VARCHAR NOT NULL, id VARCHAR NOT NULL, content TEXT NOT NULL, "
        "PRIMARY KEY (realm, id))",
    ),
    6: (
        "CREATE TABLE person_mark (realm VARCHAR NOT NULL, feide_name VARCHAR NOT NULL, "
        "change_id INTEGER NOT NULL, names TEXT NOT NULL, source_ids TEXT NOT NULL, row VARCHAR NOT NULL, "
        "PRIMARY KEY (realm, feide_name, change_id))",
        "CREATE INDEX ix_person_mark_change_id ON person_mark (change_id)",
    ),
    7: (
        "ALTER TABLE change ADD COLUMN evidence_basis VARCHAR",
        "ALTER TABLE change ADD COLUMN changed VARCHAR",
    ),
    8: ("ALTER TABLE seen ADD COLUMN entry_state VARCHAR", "ALTER TABLE change ADD COLUMN left_mark VARCHAR"),
    9: (
        "CREATE TABLE full_file (realm VARCHAR NOT NULL, source VARCHAR NOT NULL, day DATE NOT NULL, "
        "people INTEGER NOT NULL, keys TEXT NOT NULL, PRIMARY KEY (realm, source))",
        "CREATE TABLE missing_user (realm VARCHAR NOT NULL, source VARCHAR NOT NULL, feide_name VARCHAR NOT NULL, "
        "since DATE NOT NULL, PRIMARY KEY (realm, source, feide_name))",
        "CREATE TABLE seen_serial (realm VARCHAR NOT NULL, mark VARCHAR NOT NULL, day DATE NOT NULL, "
        "PRIMARY KEY (realm, mark))",
        "CREATE TABLE protected_key (realm VARCHAR NOT NULL, mark VARCHAR NOT NULL, at VARCHAR NOT NULL, "
        "by VARCHAR NOT NULL, PRIMARY KEY (realm, mark))",
    ),
    10: (
        "CREATE TABLE night (realm VARCHAR NOT NULL, began VARCHAR NOT NULL, ended VARCHAR, exit_code INTEGER, "
        "told BOOLEAN NOT NULL, PRIMARY KEY (realm, began))",
        "CREATE TABLE told (realm VARCHAR NOT NULL, place VARCHAR NOT NULL, mark VARCHAR NOT NULL, "
        "at VARCHAR NOT NULL, PRIMARY KEY (realm, place, mark))",
    ),
}
"""What changes the tables of the version before into those of a version. The rows are brought up to date for each
organization by itself, when the journal is opened with the organization's key."""


def layout(connection: sa.Connection) -> int | None:
    """The version of the tables; None when there are no tables yet. It is that of the organization that was brought up
    to date last.

    Raises ConfigurationError for a version that this program does not know.
    """
    if not sa.inspect(connection).has_table(organization.name):
        return None
    version = connection.execute(sa.select(largest(organization.c.schema_version))).scalar() or SCHEMA_VERSION
    if version > SCHEMA_VERSION:
        raise ConfigurationError(
            Sentence(
                "A newer version of feideprov has changed this journal (table version {found}; this program "
                "reads up to {known}). Install the newer version here too. Nothing was changed.",
                found=version,
                known=SCHEMA_VERSION,
            )
        )
    return int(version)


def make_tables(connection: sa.Connection) -> None:
    """Make the tables that are missing. Several workers may do so at the same moment: the caller must let one in at a
    time."""
    version = layout(connection)
    if version is None:
        statements = _definitions(connection.dialect.name)
    else:
        statements = [one for step in range(version + 1, SCHEMA_VERSION + 1) for one in STEPS[step]]
    for statement in statements:
        connection.exec_driver_sql(statement)


@cache
def _definitions(database: str) -> Sequence[str]:
    """What makes all tables in SQLite or PostgreSQL. Kept, because it takes longer to write it than to carry it
    out, and a server begins a journal for each organization."""
    dialect = sa.make_url(f"{database}://").get_dialect()()
    tables = metadata.sorted_tables
    made: list[sa.schema.ExecutableDDLElement] = [
        *(sa.schema.CreateTable(table, if_not_exists=True) for table in tables),
        *(sa.schema.CreateIndex(index, if_not_exists=True) for table in tables for index in table.indexes),
    ]
    return [*(str(one.compile(dialect=dialect)) for one in made), _INDEX_OF_OPEN_CHANGES]
