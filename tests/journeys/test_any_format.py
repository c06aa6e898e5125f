"""The lists of numbers and services in other formats than their own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from same_people import Somebody, as_csv, as_enterprise

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.journeys.conftest import Office

OLENA = Somebody("p1", "Olena", "Kovalenko", date(2020, 11, 17), "hylla", "elev", "1", "", "", "", "", "57912075186")
SEMHAR = Somebody("p2", "Semhar", "", date(2020, 2, 29), "hylla", "elev", "1", "", "", "", "", "")
NUMBER = b"57912075186"


@pytest.fixture
def with_users(office: Office) -> Office:
    """Olena and Semhar are users without numbers."""
    people = [one._replace(number="") for one in (OLENA, SEMHAR)]
    (office.folder / "people.csv").write_bytes(as_csv(people))
    assert office("apply", str(office.folder / "people.csv"), "--yes").code == 0
    return office


@pytest.mark.parametrize("write", [as_csv, as_enterprise], ids=["person list", "PIFU"])
def test_numbers_arrive_in_a_list_of_people(with_users: Office, write: Callable[[list[Somebody]], bytes]) -> None:
    path = with_users.folder / "export"
    path.write_bytes(write([OLENA, SEMHAR]))
    dry = with_users("attach", str(path), "--json")
    assert dry.json["counts"] | {"attached": 1} == dry.json["counts"], dry.err
    assert "not known" not in dry.err
    assert "1 row has no number yet." in dry.err
    done = with_users("attach", str(path), "--yes")
    assert done.code == 0
    assert with_users.entry("p1").values("norEduPersonNIN") == (NUMBER,)
    assert with_users.entry("p2").values("norEduPersonNIN") == ()
    assert NUMBER.decode() not in done.out + done.err


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("replace", "does not say what their numbers were before"),
        ("withdraw", "does not say which numbers are wrong"),
        ("services import", "PIFU-IMS or IMS Enterprise"),
    ],
)
def test_a_file_of_people_in_xml_is_no_such_list(office: Office, command: str, words: str) -> None:
    path = office.folder / "export.csv"
    path.write_bytes(as_enterprise([OLENA]))
    before = office.state()
    said = office(*command.split(), str(path))
    assert said.code == 2
    assert words in said.err
    assert said.err.startswith("export.csv: ")
    assert office.state() == before
