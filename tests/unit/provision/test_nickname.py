"""The column `nickname`, from a list to the directory: the pattern of a test for a new column."""

from __future__ import annotations

import pytest

from feideprov import Client
from feideprov.testing import example_directory, example_settings
from tests.unit.conftest import ON

HEAD = "source_id;given_name;family_name;school;role"
OLENA = "p1;Olena;Kovalenko;hylla;pupil"


@pytest.fixture
def client(tmp_path, journal, key) -> Client:
    return Client(example_settings(tmp_path), directory=example_directory(), journal=journal, keys=key, on=ON)


@pytest.fixture
def apply(client, tmp_path):
    """Carries out a list with a column for nicknames, and gives what the entry has then."""

    def carried_out(nickname: str, heading: str = "nickname") -> list[str]:
        people = tmp_path / "people.csv"
        people.write_text(f"{HEAD};{heading}\n{OLENA};{nickname}\n", encoding="utf-8")
        outcome = client.apply(client.plan(people))
        assert (outcome.failures, outcome.refusals) == ((), ())
        assert client.plan(people).changes == ()
        [entry] = [entry for entry in client.directory.entries() if entry.values("uid")]
        return entry.texts("eduPersonNickname")

    return carried_out


@pytest.mark.parametrize("heading", ["nickname", "Kallenavn", "kallenamn"])
def test_it_is_stored_as_the_list_has_it(apply, heading) -> None:
    assert apply("’Lena  K", heading) == ["’Lena K"]


def test_it_changes_with_the_list_letter_by_letter(apply) -> None:
    apply("lena")
    assert apply("Lena") == ["Lena"]


def test_an_empty_cell_says_nothing(apply) -> None:
    apply("Lena")
    assert apply("") == ["Lena"]


def test_without_it_there_is_no_attribute(apply) -> None:
    assert apply("") == []
