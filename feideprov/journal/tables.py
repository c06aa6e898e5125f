"""All tables of the journal's database. The steps that bring those of an older version up to date are in
`databases.layout`.

Each table has an owner: the package whose modules alone read and write it. A table whose rows belong to one user names
the column with the user's Feide name (`forgets`): when a user is forgotten, those rows are deleted.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from feideprov.journal.stored import Stored

SCHEMA_VERSION = 10
"""1: the first. 2: evidence is sealed, and says whether it speaks for a whole source. 3: the marks of the Feide names
that were given out have a table of their own, so that they outlive what is kept of the people. 4: the notices that are
owed; an index of open changes. 5: services, notices and their deliveries, what was seen in the directory, the ticks of
the same-day list, and the held rows of the last run of each list. 6: marks of people. 7: what counted for a number in
place of evidence, and which attributes an update changed. 8: whether others have changed an entry since the last
observation, and the mark of what an update leaves. 9: what the last full file of each source held, the users who are
missing in it, serials that were seen in place of a number, and the marks of keys whose people are protected. 10: the
runs of `nightly`, and what they have told."""

AT_ONCE = 500
"""Rows that one statement names: databases limit its values."""

metadata = sa.MetaData()


def _table(owner: str, name: str, *columns: sa.Column[Any], forgets: str | None = None) -> sa.Table:
    for column in columns:
        column.type = Stored(sa.types.to_instance(column.type), f"{name}.{column.name}", nullable=bool(column.nullable))
    return sa.Table(name, metadata, *columns, info={"owner": owner, "forgets": forgets})


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

night = _table(
    "nightly",
    "night",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("began", sa.String, primary_key=True),
    sa.Column("ended", sa.String),
    sa.Column("exit_code", sa.Integer),
    sa.Column("told", sa.Boolean, nullable=False),
)
"""The runs of `nightly`: one that was interrupted has no end. `told`: a person was told all that was new until then."""

told = _table(
    "nightly",
    "told",
    sa.Column("realm", sa.String, primary_key=True),
    sa.Column("place", sa.String, primary_key=True),
    sa.Column("mark", sa.String, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
)
"""What `nightly` has told a person and still finds: the mark of each thing, by the place in which it is looked for."""


def forget_rows(connection: sa.Connection, realm: str, names: Collection[str]) -> None:
    """Delete the rows of a user, who has had these Feide names, from every table that holds rows of one user."""
    for table in metadata.tables.values():
        if column := table.info["forgets"]:
            connection.execute(table.delete().where(table.c.realm == realm, table.c[column].in_(names)))
