"""The hand-over file: one row for each user, never overwritten by a new run."""

from __future__ import annotations

import os
from datetime import date

import pytest

from feideprov import JournalError, files
from feideprov.provision.run import handover as handover_module
from feideprov.provision.run.handover import FirstPassword, HandoverFile
from feideprov.provision.run.handover_table import StoredRow

ON = date(2026, 11, 22)
OLENA = FirstPassword("olenkova@a.no", "Олена Коваленко", "Hylla skole", "Bako-1")
OMAR = FirstPassword("mrhsn@a.no", "عمر حسن", "Hylla skole", "Rime-2")


@pytest.fixture
def file(tmp_path) -> HandoverFile:
    return HandoverFile(tmp_path / "handover" / "passwords.csv", on=ON)


def rows(file: HandoverFile) -> list[str]:
    return file.path.read_text(encoding="utf-8-sig").splitlines()


def test_rows_are_for_excel_and_for_nobody_else(file):
    file.add([OLENA])
    assert rows(file) == [
        "user;name;school;class;grade;language;made_on;given_on;password",
        f"olenkova@a.no;Олена Коваленко;Hylla skole;;;;{ON};;Bako-1",
    ]
    assert file.path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_a_new_run_adds_its_rows_and_keeps_the_others(file):
    file.add([OLENA])
    file.add([OMAR])
    assert file.passwords().keys() == {OLENA.user, OMAR.user}


def test_a_users_older_row_gives_way(file):
    file.add([OLENA, OMAR])
    file.add([FirstPassword(OLENA.user, OLENA.name, OLENA.school, "Tulo-3")])
    assert sorted(row.split(";")[-1] for row in rows(file)[1:]) == ["Rime-2", "Tulo-3"]


def test_a_row_that_was_replaced_comes_back_when_the_new_password_was_refused(file):
    file.add([OLENA, OMAR])
    run = HandoverFile(file.path)
    run.add([FirstPassword(user.user, user.name, user.school, "Tulo-3") for user in (OLENA, OMAR)])
    for _ in range(2):
        run.remove([OLENA.user])
        assert run.passwords() == {OLENA.user: "Bako-1", OMAR.user: "Tulo-3"}


def test_rows_of_users_that_were_not_made_are_taken_back(file):
    file.add([OLENA, OMAR])
    file.remove([OLENA.user, "nobody@a.no"])
    assert file.passwords().keys() == {OMAR.user}


def test_each_row_is_compared_with_few_others(file, monkeypatch):
    """A city has thousands of rows, and each step of a run writes them."""
    compared = []
    same = StoredRow.__eq__
    monkeypatch.setattr(StoredRow, "__eq__", lambda row, other: compared.append(row) or same(row, other))
    file.add(FirstPassword(f"user{n}@a.no", "Ola Berg", "Hylla skole", "Bako-1") for n in range(200))
    file.add([OLENA])
    assert len(compared) < 10 * 200


def test_nothing_to_hand_over_makes_no_file(file):
    file.add([])
    file.remove([])
    assert not file.path.exists()


@pytest.mark.parametrize("name", ["=1+1", "+47", "-x", "@x"])
def test_no_name_is_a_formula_and_rows_stay_as_they_are(file, name):
    file.add([FirstPassword("a@a.no", name, name, "Bako-1")])
    file.add([OMAR])
    assert f"a@a.no;'{name};'{name};;;;{ON};;Bako-1" in rows(file)


def test_names_with_separators_and_quotes_come_back(file):
    file.add([FirstPassword("a@a.no", 'A;"B"', "x\ny", "Bako-1")])
    file.add([OMAR])
    assert file.passwords().keys() == {"a@a.no", OMAR.user}


def test_a_full_disk_is_one_sentence_and_leaves_the_old_rows(file, monkeypatch):
    file.add([OLENA])

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(JournalError, match="No space left on device"):
        file.add([OMAR])
    assert file.passwords().keys() == {OLENA.user}


def test_a_file_in_use_names_the_holder(file, monkeypatch):
    file.add([OLENA])
    monkeypatch.setattr(handover_module, "WAIT", 0.1)
    with files.exclusive(file.path, wait=0, holder="another run"), pytest.raises(JournalError, match="another run"):
        file.add([OMAR])


def test_nothing_shows_a_password():
    assert "Bako-1" not in repr(OLENA)
