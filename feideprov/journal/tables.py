"""All tables of the journal's database, and the steps that bring those of an older version up to date.

Each table has an owner: the package whose modules alone read and write it. A table whose rows belong to one user names
the column with the user's Feide name (`forgets`): when a user is forgotten, those rows are deleted.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from feideprov.errors import ConfigurationError
from feideprov.journal.stored import Stored, largest
from feideprov.messages import Sentence

SCHEMA_VERSION = 9
"""1: the first. 2: evidence is sealed, and says whether it speaks for a whole source. 3: the marks of the Feide names
that were given out have a table of their own, so that they outlive what is kept of the people. 4: the notices that are
owed; an index of open changes. 5: services, notices and their deliveries, what was seen in the directory, the ticks of
the same-day list, and the held rows of the last run of each list. 6: marks of people. 7: what counted for a number in
place of evidence, and which attributes an update changed. 8: whether others have changed an entry since the last
observation, and the mark of what an update leaves. 9: what the last full file of each source held, the users who are
missing in it, serials that were seen in place of a number, and the marks of keys whose people are protected."""

AT_ONCE = 500
"""Rows that one statement names: databases limit its values."""

_metadata = sa.MetaData()


def _table(owner: str, name: str, *columns: sa.Column[Any], forgets: str | None = None) -> sa.Table:
    for column in columns:
        column.type = Stored(sa.types.to_instance(column.type), f"{name}.{column.name}", nullable=bool(column.nullable))
    return sa.Table(name, _metadata, *columns, info={"owner": owner, "forgets": forgets})


organization = _table(
    "journal",
    "organization",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("key_fingerprint", sa.String, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
)

change = _table(
    "journal",
    "change",
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
    sa.Column("evidence_basis", sa.String),
    sa.Column("changed", sa.String),
    sa.Column("left_mark", sa.String),
)
_is_open = change.c.ended_at.is_(None)
sa.Index("ix_change_open", change.c.realm, change.c.id, sqlite_where=_is_open, postgresql_where=_is_open)

issued_name = _table(
    "journal",
    "issued_name",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("mark", sa.String, primary_key=True),
)

owed = _table(
    "journal",
    "owed",
    sa.Column("realm", sa.String, nullable=False, index=True),
    sa.Column("change_id", sa.Integer, sa.ForeignKey("change.id"), primary_key=True),
    sa.Column("service", sa.String, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("notice", sa.String, index=True),
)

service = _table(
    "services",
    "service",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("concerns_us", sa.Boolean, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)

notice = _table(
    "services",
    "notice",
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("realm", sa.String, nullable=False, index=True),
    sa.Column("provider", sa.String, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("at", sa.String, nullable=False),
)

delivery = _table(
    "services",
    "delivery",
    sa.Column("message", sa.String, primary_key=True),
    sa.Column("channel", sa.String, primary_key=True),
    sa.Column("realm", sa.String, nullable=False, index=True),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("next_at", sa.String),
    sa.Column("said", sa.String, nullable=False),
)

seen = _table(
    "observe",
    "seen",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("feide_name", sa.String, primary_key=True),
    sa.Column("number_mark", sa.String),
    sa.Column("code", sa.String),
    sa.Column("entry_state", sa.String),
    forgets="feide_name",
)

observation = _table(
    "observe",
    "observation",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
)

tick = _table(
    "journal",
    "tick",
    sa.Column("realm", sa.String, nullable=False, index=True),
    sa.Column("change_id", sa.Integer, sa.ForeignKey("change.id"), primary_key=True),
    sa.Column("place", sa.String, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("by", sa.String, nullable=False),
)

feide_organization = _table(
    "services",
    "feide_organization",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("content", sa.Text, nullable=False),
)

held_row = _table(
    "journal",
    "held_row",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("listed", sa.String, primary_key=True),
    sa.Column("input_row", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("code", sa.String, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
)

person_mark = _table(
    "journal",
    "person_mark",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("feide_name", sa.String, primary_key=True),
    sa.Column("change_id", sa.Integer, primary_key=True, autoincrement=False, index=True),
    sa.Column("names", sa.Text, nullable=False),
    sa.Column("source_ids", sa.Text, nullable=False),
    sa.Column("row", sa.String, nullable=False),
    forgets="feide_name",
)
"""The marks of one person, as one change wrote them down, or (`change_id` 0) as they were kept for a user that was
there already. Several marks in a column are separated by spaces: they are always read and written together. `row` is
empty when another row was kept later."""

full_file = _table(
    "journal",
    "full_file",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("source", sa.String, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("keys", sa.Text, nullable=False),
)
"""The last full file of a source that was applied: its day, how many people it had, and the marks of its keys,
separated by spaces. `source` is empty where there is only one and the configuration does not name it."""

missing_user = _table(
    "journal",
    "missing_user",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("source", sa.String, primary_key=True),
    sa.Column("feide_name", sa.String, primary_key=True),
    sa.Column("since", sa.Date, nullable=False),
    forgets="feide_name",
)
"""The users who were missing in the last full file of their source, and the day of the first file without them."""

seen_serial = _table(
    "journal",
    "seen_serial",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("mark", sa.String, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
)
"""Marks of serials that a file had in place of a number, each with its source and the person's name and birth date, and
the day of the first file."""

protected_key = _table(
    "journal",
    "protected_key",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("mark", sa.String, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("by", sa.String, nullable=False),
)
"""The marks of the source ids of people who are protected before they are users."""

_STEPS = {
    2: (
        "ALTER TABLE change ADD COLUMN evidence_standing BOOLEAN",
        "ALTER TABLE change ADD COLUMN evidence_seal VARCHAR",
    ),
    3: ("CREATE TABLE issued_name (realm VARCHAR NOT NULL, mark VARCHAR NOT NULL, PRIMARY KEY (realm, mark))",),
    4: (
        "CREATE TABLE owed (realm VARCHAR NOT NULL, change_id INTEGER NOT NULL REFERENCES change (id), "
        "service VARCHAR NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY (change_id, service))",
        "CREATE INDEX ix_owed_realm ON owed (realm)",
        "CREATE INDEX ix_change_open ON change (realm, id) WHERE ended_at IS NULL",
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
        _metadata.create_all(connection)
        return
    for step in range(version + 1, SCHEMA_VERSION + 1):
        for statement in _STEPS[step]:
            connection.exec_driver_sql(statement)


def forget_rows(connection: sa.Connection, realm: str, names: Collection[str]) -> None:
    """Delete the rows of a user, who has had these Feide names, from every table that holds rows of one user."""
    for table in _metadata.tables.values():
        if column := table.info["forgets"]:
            connection.execute(table.delete().where(table.c.realm == realm, table.c[column].in_(names)))
