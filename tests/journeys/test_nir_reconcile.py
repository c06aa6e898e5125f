"""`feideprov nir reconcile`: NIR's person list beside the records and the Feide users, on a real directory."""

from __future__ import annotations

import csv
import io
import stat
from typing import TYPE_CHECKING

import pytest

from feideprov.client.client import Client
from feideprov.nir.model import Number, NumberKind, Person, Record, Scheme
from feideprov.nir.register.recorded import with_records as recorded
from feideprov.settings import Settings

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

NIR = """
[nir]
municipality = "1899"
retention = "P5Y"
[nir.person_list]
key = "Klientnr"
number = "Personnummer"
ended = "Avsluttet"
reason = "Avslutningsårsak"
"""
D_NUMBER, FNR, OTHER = "45840375084", "57912075186", "03851598730"


@pytest.fixture
def with_records(office: Office) -> Office:
    """Two users, one with a number; two people in the records, one of whom is a user."""
    with office.config.open("a", encoding="utf-8") as file:
        file.write(NIR)
    people = office.people(f"a-1;Anna;Berg;2003-04-05;hylla;pupil;{D_NUMBER}", "a-2;Åse;Dal;;hylla;pupil;")
    assert office("apply", people, "--yes").code == 0
    number = Number(kind=NumberKind.DNR, value=D_NUMBER)
    with Client(Settings.load(office.config)) as feide:
        records = [
            Record(person=person, scheme=Scheme.NORSK)
            for person in (Person(key="a-1", numbers=(number,)), Person(key="b-1"))
        ]
        register = feide.nir.register
        register.change(lambda content: recorded(content, records, register.key, keep=frozenset()))
    return office


LIST = f"""Klientnr;Navn;Personnummer;Avsluttet;Avslutningsårsak
a-1;Berg, Anna;{FNR};;
b-1;Olsen, Bo;;30.06.2026;Avslutningsårsak ikke registrert
;Dal, Åse;{OTHER};;
a-2;Dal, Åse;;;
x-9;Ny, Nora;123;;
"""


def test_what_differs_is_told_by_key_and_no_number_or_name(with_records: Office) -> None:
    before = with_records.state()
    path = with_records.write("personliste.csv", LIST)
    answer = with_records("nir", "reconcile", path, "--json")
    assert (answer.code, answer.json["command"], answer.json["ok"]) == (1, "nir reconcile", False)
    assert [(one["kind"], one["person"]) for one in answer.json["differences"]] == [
        ("only_in_nir", "row 4"),
        ("only_in_nir", "row 6"),
        ("not_a_user", "b-1"),
        ("not_in_records", "a-2"),
        ("number_differs", "a-1"),
        ("ending_without_reason", "b-1"),
    ]
    assert [(one["code"], one["row"]) for one in answer.json["refusals"]] == [("R-NIR-LISTED-NUMBER", 6)]
    assert answer.json["counts"] == {
        "in_nir": 5, "in_records": 2, "users": 2, "agree": 0, "only_in_nir": 2, "not_in_nir": 0, "not_a_user": 1,
        "not_in_records": 1, "number_differs": 1, "number_missing": 0, "ending_without_reason": 1, "refused": 1,
    }  # fmt: skip
    shown = with_records("nir", "reconcile", path)
    assert shown.code == 1
    for text in (answer.out, answer.err, shown.out, shown.err):
        for secret in (D_NUMBER, FNR, OTHER, "Berg", "Olsen", "Nora"):
            assert secret not in text
    assert with_records.state() == before


def test_the_differences_are_saved_in_the_folder_of_nir(with_records: Office) -> None:
    path = with_records.write("personliste.csv", LIST)
    assert with_records("nir", "reconcile", path, "--csv", "avvik.csv").code == 1
    saved = with_records.folder / "nir" / "avvik.csv"
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO(saved.read_text(encoding="utf-8-sig")), delimiter=";"))
    assert [row["person"] for row in rows][:3] == ["row 4", "row 6", "b-1"]
    assert FNR not in saved.read_text(encoding="utf-8-sig")
    there = with_records.folder / "here.csv"
    assert with_records("nir", "reconcile", path, "--csv", str(there)).code == 1
    assert there.exists()


def test_when_nothing_differs_the_exit_code_is_0(with_records: Office) -> None:
    path = with_records.write("list.csv", f"Klientnr\tPersonnummer\tAvsluttet\tAvslutningsårsak\na-1\t{D_NUMBER}\t\t\n")
    answer = with_records("nir", "reconcile", path, "--json")
    told = [(one["kind"], one["person"]) for one in answer.json["differences"]]
    assert told == [("not_in_nir", "b-1"), ("not_a_user", "b-1")]
    both = with_records.people("b-1;Bo;Olsen;;hylla;pupil;")
    assert with_records("apply", both, "--yes").code == 0
    path = with_records.write(
        "list.csv", f"Klientnr,Personnummer,Avsluttet,Avslutningsårsak\na-1,{D_NUMBER},,\nB-1,,nei,\n"
    )
    answer = with_records("nir", "reconcile", path)
    assert (answer.code, answer.err) == (0, "")
    assert "Of those in the list, 2 agree" in answer.out


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ('[nir.person_list]\nkey = "Klientnr"\nnumber = "Personnummer"\n', "[nir.columns]\n", "[nir.person_list]"),
        ('key = "Klientnr"', 'key = "Lopenr"', "“Lopenr”"),
        ('key = "Klientnr"', 'kye = "Klientnr"', "kye"),
    ],
)
def test_a_list_whose_columns_are_not_named_is_one_sentence(
    with_records: Office, one_sentence, old: str, new: str, part: str
) -> None:
    with_records.set(old, new)
    if new == "[nir.columns]\n":
        with_records.set('ended = "Avsluttet"\nreason = "Avslutningsårsak"\n', "")
    answer = with_records("nir", "reconcile", with_records.write("list.csv", LIST))
    assert answer.code == 2
    said = one_sentence(answer)
    assert part in said
    assert "Berg" not in said


@pytest.mark.parametrize("content", ["", "\x00\x01\x02", "%PDF-1.7 …", "<html></html>", 'Klientnr;\n"a'])
def test_another_file_is_one_sentence(with_records: Office, one_sentence, content: str) -> None:
    answer = with_records("nir", "reconcile", with_records.write("list.csv", content))
    assert answer.code == 2
    one_sentence(answer)


def test_a_file_that_is_not_there_is_one_sentence(with_records: Office, one_sentence) -> None:
    answer = with_records("nir", "reconcile", str(with_records.folder / "none.csv"))
    assert answer.code == 2
    one_sentence(answer)
