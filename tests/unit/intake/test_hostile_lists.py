"""Lists that take much time to read, if a reader looks at each part of a cell many times."""

from __future__ import annotations

import signal
from contextlib import suppress

import pytest

from feideprov import InputError, JournalError
from feideprov.intake.number_list import read_number_list
from feideprov.intake.person_list import read_person_list
from feideprov.provision.run.handover import HandoverFile
from feideprov.tables.encoding import likely, makes_sense

HEADING = "source_id;given_name;family_name;school;role\n"


@pytest.fixture(autouse=True)
def stopped():
    """A reader that takes minutes is stopped."""

    def stop(*_: object) -> None:
        raise AssertionError("the time that this takes grows with the square of a cell's length")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 5)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


LONG = {
    "ASCII": "x" * 130_000,
    "letters": "ø" * 130_000,
    "other letters": "üç" * 65_000,
    "spaces": "a" + " " * 130_000 + "b",
    "quotation marks": "''" * 65_000,
    "dots": "Ã" * 130_000,
}


@pytest.mark.parametrize("what", LONG)
def test_a_long_cell_takes_no_longer_than_many_short_ones(tmp_path, what):
    path = tmp_path / "people.csv"
    path.write_bytes(f"{HEADING}p1;Bjørn;{LONG[what]};hylla;pupil\n".encode("cp1252"))
    for read in (read_person_list, read_number_list):
        with suppress(InputError):
            read(path)
    makes_sense(LONG[what])
    likely(LONG[what].encode("cp1252"))


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_row_of_a_million_cells(tmp_path, separator):
    path = tmp_path / "people.csv"
    path.write_text(separator * 1_000_000 + "\n" + separator * 1_000_000)
    with pytest.raises(InputError) as caught:
        read_person_list(path)
    assert len(str(caught.value)) < 2_000


def test_a_million_headings(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(HEADING.strip() + "".join(f";x{n}" for n in range(300_000)) + "\np1;A;B;hylla;pupil\n")
    with pytest.raises(InputError, match="300005 columns"):
        read_person_list(path)


def test_a_cell_that_is_longer_than_a_reader_takes(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(f"{HEADING}p1;A;{'x' * 140_000};hylla;pupil\n")
    with pytest.raises(InputError, match="row 2 has a cell that is too long"):
        read_person_list(path)


@pytest.mark.parametrize("cell", ["x" * 140_000, "ø" * 140_000])
def test_a_long_cell_in_the_hand_over_file(tmp_path, cell):
    path = tmp_path / "passwords.csv"
    path.write_text(f"user;name;school;password\nolenkova;{cell};;x\n", encoding="utf-8")
    with pytest.raises(JournalError, match="hand-over file"):
        HandoverFile(path).passwords()
