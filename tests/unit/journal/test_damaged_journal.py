"""A journal whose file was damaged: one sentence with the file and the way to a copy, whatever is read of it."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from full_journal import make_journal, read_journal
from size import size

from feideprov import FeideProvError, JournalError
from feideprov.journal.tables import metadata

COLUMNS = [(table.name, column) for table in metadata.tables.values() for column in table.columns]
STRANGE = (None, b"\xff\x00", 10**18, -1, 1.5, "nonsense", "", "[" * 9_999)
NOT_WORDS = {
    "change": ("state", "at", "ended_at", "evidence_source", "evidence_seen_on", "id", "dn"),
    "owed": ("at",),
    "service": ("content",),
    "notice": ("day", "at"),
    "delivery": ("channel", "state", "attempts", "at", "next_at"),
    "observation": (),
    "tick": ("change_id",),
    "feide_organization": ("content",),
    "held_row": ("listed", "at", "input_row"),
    "person_mark": (),
    "night": ("began", "ended"),
}
"""The columns in which a word that means nothing must be noticed."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    return make_journal(tmp_path_factory.mktemp("journal"))


@pytest.fixture
def copy(whole, tmp_path) -> Path:
    return Path(shutil.copy(whole, tmp_path / "journal.db"))


def _put(path: Path, table: str, column: str, value: object) -> None:
    """A value in every row, whatever the table allows."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(f"CREATE TABLE loose AS SELECT * FROM {table}")
        file.execute(f"DROP TABLE {table}")
        file.execute(f"ALTER TABLE loose RENAME TO {table}")
        file.execute(f"UPDATE {table} SET {column} = ?", [value])


def test_every_row_of_a_whole_journal_can_be_read(copy):
    read_journal(copy)


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, columns in NOT_WORDS.items() for c in columns])
def test_a_word_that_means_nothing_is_damage(copy, table, column):
    _put(copy, table, column, "nonsense")
    with pytest.raises(
        JournalError, match=r"journal\.db\) is damaged.*Restore the journal and its key file from a copy"
    ):
        read_journal(copy)


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_no_value_in_any_column_is_an_unknown_error(whole, tmp_path, table):
    for number, column in enumerate(metadata.tables[table].columns):
        for value in size(STRANGE[number % 4 :: 4], STRANGE):
            path = Path(shutil.copy(whole, tmp_path / "journal.db"))
            _put(path, table, column.name, value)
            _read_or_refuse(path)


def test_a_text_that_is_not_utf_8_is_not_quoted(copy):
    _put(copy, "change", "feide_name", "olenkova")
    content = copy.read_bytes().replace(b"olenkova", b"olen\xffova")
    copy.write_bytes(content)
    with pytest.raises(JournalError, match="a text in it is not UTF-8") as caught:
        read_journal(copy)
    assert "olen" not in str(caught.value)


@pytest.mark.parametrize("seed", range(size(4, 100)))
def test_flipped_bytes(whole, tmp_path, seed):
    """In any page, five times ten bytes: read whole, or one sentence."""
    drawn, content = random.Random(seed), whole.read_bytes()
    for attempt in range(5):
        damaged = bytearray(content)
        for _ in range(10):
            damaged[drawn.randrange(len(damaged))] = drawn.randrange(256)
        path = tmp_path / f"{attempt}.db"
        path.write_bytes(damaged)
        _read_or_refuse(path)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_file_that_was_cut_off(copy, kept):
    content = copy.read_bytes()
    copy.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(JournalError, match="is damaged"):
        read_journal(copy)


def test_every_column_is_checked():
    from feideprov.journal.stored import Stored

    assert all(isinstance(column.type, Stored) for _, column in COLUMNS)


def _read_or_refuse(path: Path) -> None:
    with suppress(FeideProvError):
        read_journal(path)
