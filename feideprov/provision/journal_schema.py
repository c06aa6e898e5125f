"""The journal's tables, and how a journal of an older version is brought up to date."""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA_VERSION = 4
"""1: the first. 2: evidence is sealed, and says whether it speaks for a whole source. 3: the marks of the Feide names
that were given out stand apart, so that they outlive what is kept of the people. 4: the notices that are owed."""

_metadata = sa.MetaData()

organization = sa.Table(
    "organization",
    _metadata,
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("key_fingerprint", sa.String, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
)

change = sa.Table(
    "change",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("realm", sa.String, nullable=False, index=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("ended_at", sa.String),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("feide_name", sa.String, nullable=False, index=True),
    sa.Column("dn", sa.String, nullable=False),
    sa.Column("source_id", sa.String),
    sa.Column("other", sa.String),
    sa.Column("number_mark", sa.String),
    sa.Column("old_number_mark", sa.String),
    sa.Column("input", sa.String),
    sa.Column("input_row", sa.Integer),
    sa.Column("evidence_source", sa.String),
    sa.Column("evidence_seen_by", sa.String),
    sa.Column("evidence_seen_on", sa.Date),
    sa.Column("evidence_note", sa.String),
    sa.Column("evidence_standing", sa.Boolean),
    sa.Column("evidence_seal", sa.String),
    sa.Column("lifted", sa.String),
    sa.Column("protected", sa.Boolean, nullable=False, default=False),
)

issued_name = sa.Table(
    "issued_name",
    _metadata,
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("mark", sa.String, primary_key=True),
)

owed = sa.Table(
    "owed",
    _metadata,
    sa.Column("realm", sa.String, nullable=False, index=True),
    sa.Column("change_id", sa.Integer, sa.ForeignKey("change.id"), primary_key=True),
    sa.Column("service", sa.String, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
)


def make_tables(connection: sa.Connection) -> None:
    """Make what is missing. Several workers may begin, or bring up to date, the same journal at the same moment."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    for table in _metadata.sorted_tables:
        connection.execute(sa.schema.CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(sa.schema.CreateIndex(index, if_not_exists=True))
    there = {column["name"] for column in sa.inspect(connection).get_columns(change.name)}
    for column in change.columns:
        if column.name not in there:
            kind = column.type.compile(connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {change.name} ADD COLUMN {column.name} {kind}")
