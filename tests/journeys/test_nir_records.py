"""Participation records from a list: shown, written down, handed over, and the sheet that they are filled in on."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from filled_in import filled_in
from hand_over import install
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from tests.journeys.conftest import Office

NUMBER: Final = "57912075186"  # of Tenor
NIR: Final = """
[nir]
municipality = "3799"
retention = "P5Y"
transfers = true

[nir.ready]
integreringsloven = { on = 2022-06-01, who = "the vendor's letter" }

[nir.codes.avslutningsaarsak]
"fikk jobb" = "arbeid"
"""
HEADING: Final = "Nøkkel;Ordning;Grunnlag for opphold;Oppholdstillatelse gitt;Ankomst;Bosatt;Fødselsnummer;Vedtaksdato"
FIRST: Final = f"a-1;introduksjonsprogram;28;2025-01-10;2024-12-01;2025-02-01;{NUMBER};2025-03-01"
SECOND: Final = "a-2;norsk_og_samfunnskunnskap;28;2025-01-10;2024-12-01;2025-02-01;;2025-03-01"


@pytest.fixture
def nir(office: Office) -> Office:
    """An office with a section [nir]."""
    office.config.write_text(office.config.read_text(encoding="utf-8") + NIR, encoding="utf-8")
    return office


def written(office: Office) -> bytes | None:
    path = office.folder / "nir" / "nir.json"
    return path.read_bytes() if path.exists() else None


def listed(office: Office, *rows: str, heading: str = HEADING) -> str:
    return office.write("records.csv", "\n".join((heading, *rows)) + "\n")


def test_nothing_is_written_without_yes(nir: Office) -> None:
    before, path = nir.state(), listed(nir, FIRST, SECOND)
    answer = nir("nir", "records", path)
    assert (answer.code, answer.err) == (0, "")
    assert "Records: 2 would be new, 0 would be changed, 0 unchanged." in answer.out
    assert f"Nothing was written. To write it down, run: feideprov nir records {path} --yes" in answer.out
    assert "missing" in answer.out
    assert (written(nir), nir.state()) == (None, before)
    assert not (nir.folder / "nir" / "nir.key").exists()


def test_the_same_list_twice_changes_nothing(nir: Office) -> None:
    before, path = nir.state(), listed(nir, FIRST, SECOND)
    first = nir("nir", "records", path, "--yes", "--json")
    assert (first.code, first.err) == (0, "")
    assert first.json["command"] == "nir records"
    assert first.json["counts"] == {
        **{"rows": 2, "new": 2, "changed": 0, "unchanged": 0},
        **{"refused": 0, "held": 0},
    }
    assert first.json["dry"] is False
    assert first.json["verdicts"]["missing"] > 0
    held = written(nir)
    assert held is not None
    again = nir("nir", "records", path, "--yes", "--json")
    assert again.json["counts"] == first.json["counts"] | {"new": 0, "unchanged": 2}
    assert written(nir) == held
    stored = nir("nir", "records", "--json")
    assert (stored.code, stored.json["counts"]) == (0, {"records": 2})
    assert stored.json["verdicts"] == first.json["verdicts"]
    assert nir.state()[:-1] == before[:-1]  # neither the directory nor the journal of Feide
    assert NUMBER not in (held.decode() + first.out + again.out + stored.out)


def test_what_a_list_does_not_say_stays(nir: Office) -> None:
    nir("nir", "records", listed(nir, FIRST, SECOND), "--yes")
    path = listed(nir, "a-1;introduksjonsprogram;2026-01-05", heading="Nøkkel;Ordning;Sluttmål i NIR")
    answer = nir("nir", "records", path, "--yes", "--json")
    assert (answer.json["counts"]["changed"], answer.json["counts"]["new"]) == (1, 0)
    assert nir("nir", "records", "--json").json["counts"] == {"records": 2}


def test_what_is_asked_or_refused_is_told_and_the_rest_is_written(nir: Office) -> None:
    wrong = f"a-3;introduksjonsprogram;28;2025-01-10;2025-12-01;2025-02-01;{NUMBER[:-1]}0;2025-03-01"
    path = listed(nir, FIRST, wrong, ";introduksjonsprogram;;;;;;")
    answer = nir("nir", "records", path, "--yes", "--json")
    assert answer.code == 1
    assert (answer.json["counts"]["new"], answer.json["counts"]["refused"], answer.json["counts"]["held"]) == (2, 2, 1)
    told = [(one["row"], one["code"], one["held"]) for one in answer.json["refusals"]]
    assert told == [(3, "R-NIR-ORDER", True), (3, "N-CHECK", False), (4, "R-SOURCE-ID", False)]
    shown = nir("nir", "records", path)
    assert shown.code == 1
    assert "Column national_number (“Fødselsnummer”)" in shown.out or "check digits" in shown.out
    assert NUMBER[:-1] not in shown.out + answer.out


def test_an_own_word_is_mapped_and_another_is_a_question(nir: Office) -> None:
    heading = "Nøkkel;Ordning;Sluttdato;Avslutningsårsak"
    path = listed(nir, "a-1;introduksjonsprogram;2026-01-05;FIKK JOBB", heading=heading)
    assert nir("nir", "records", path, "--json").json["refusals"] == []
    path = listed(nir, "a-1;introduksjonsprogram;2026-01-05;helsa svikta", heading=heading)
    answer = nir("nir", "records", path, "--yes")
    assert answer.code == 1
    assert "[nir.codes.avslutningsaarsak]" in answer.out
    assert "helsa" not in answer.out + (written(nir) or b"").decode()


@pytest.mark.parametrize(
    "words",
    [("--yes",), ("--send",), ("--scheme", "mottak_opplaering"), ("--sheet", "Ark1"), ("--encoding", "utf-8")],
    ids=lambda words: words[0],
)
def test_options_are_about_a_list(nir: Office, one_sentence: Any, words: tuple[str, ...]) -> None:
    answer = nir("nir", "records", *words)
    assert (answer.code, answer.out) == (2, "")
    assert "No list was given" in one_sentence(answer)


def test_what_cannot_be_read_is_a_sentence(nir: Office, one_sentence: Any) -> None:
    path = listed(nir, "a-1;2026-01-05", heading="Nøkkel;Ankomst")
    answer = nir("nir", "records", path)
    assert answer.code == 2
    assert "--scheme" in one_sentence(answer)
    assert nir("nir", "records", path, "--scheme", "mottak_opplaering").code == 0
    answer = nir("nir", "records", path, "--scheme", "norskkurs")
    assert answer.code == 2
    assert "must be one of these: introduksjonsprogram" in one_sentence(answer)
    answer = nir("nir", "records", listed(nir, "x;y", heading="En;To"))
    assert answer.code == 2
    assert "[nir.columns]" in one_sentence(answer)


def test_without_the_section_there_are_no_records(office: Office, one_sentence: Any) -> None:
    answer = office("nir", "records", listed(office, FIRST))
    assert answer.code == 2
    assert "[nir]" in one_sentence(answer)


def test_send_needs_an_adapter_before_anything_is_written(nir: Office, one_sentence: Any) -> None:
    answer = nir("nir", "records", listed(nir, FIRST), "--send", "--yes")
    assert answer.code == 2
    assert "outbox" in one_sentence(answer)
    assert written(nir) is None


ADAPTER: Final = """
class Loud:
    name, fields, numbers = "loud", frozenset({"vedtak"}), ()

    def __init__(self, context):
        print("made")

    def send(self, batch):
        print("sent")
        return [batch.receipt(one, field) for one in batch.records for field in one.fields]
"""


def test_what_an_adapter_prints_is_not_in_the_answer(nir: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    install(nir.folder, monkeypatch, "loud", "loud:Loud", {"loud": ADAPTER})
    settings = f'[nir]\noutbox = "loud"\nroles.kommuneintrobruker = ["{getpass.getuser()}"]'
    nir.config.write_text(nir.config.read_text(encoding="utf-8").replace("[nir]", settings), encoding="utf-8")
    answer = nir("nir", "records", listed(nir, FIRST), "--send", "--yes", "--json")
    assert (answer.code, answer.json["counts"]["fields_handed_over"]) == (0, 1)
    assert answer.err == "made\nsent\n"


def test_a_role_is_that_of_the_name_of_the_login(nir: Office) -> None:
    nir.config.write_text(
        nir.config.read_text(encoding="utf-8").replace("[nir]", '[nir]\noutbox = "file"'), encoding="utf-8"
    )
    answer = nir("nir", "records", listed(nir, FIRST), "--send", "--yes")
    assert answer.code == 1
    assert "Nothing was handed over." in answer.out
    assert f"write “{getpass.getuser()}”" in " ".join(answer.out.split())


def test_the_help_says_what_is_not_public(nir: Office) -> None:
    said = " ".join(nir("nir", "records", "--help").out.split())
    assert "The wire format of WS4 is not public" in said
    assert "not registered before somebody has seen it in NIR" in said


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_sheet_is_filled_in_and_comes_back(nir: Office, ending: str) -> None:
    out = nir.folder / "nir.xlsx"
    answer = nir("sheet", "nir", str(out), "--lang", "nb", "--json")
    assert (answer.code, answer.json["sheet"], answer.json["counts"]) == (0, "nir", {"keys": 0})
    headings = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()[1]
    cells = {"Nøkkel": "a-1", "Ankomst": "05.01.2026", "Livsmestring gjennomført": "nei", "Type vedtak": "tildeling"}
    back = filled_in(
        out, nir.folder / f"back.{ending}", {(3, headings.index(name) + 1): cell for name, cell in cells.items()}
    )
    answer = nir("nir", "records", back, "--scheme", "introduksjonsprogram", "--json")
    assert (answer.code, answer.json["counts"]["new"], answer.json["refusals"]) == (0, 1, [])


def test_a_sheet_can_be_written_without_the_section(office: Office) -> None:
    out = office.folder / "nir.xlsx"
    answer = office("sheet", "nir", str(out))
    assert (answer.code, answer.out) == (
        0,
        f"The sheet is in {out}. When it is filled in, run: feideprov nir records {out}\n",
    )


def test_read_says_what_it_is(nir: Office) -> None:
    path = listed(nir, FIRST, SECOND)
    answer = nir("read", path)
    assert (answer.code, answer.out.splitlines()[0]) == (0, "records.csv is a list of participation records: CSV.")
    found = json.loads(nir("read", path, "--as", "nir", "--json").out)
    assert (found["kind"], found["counts"]["rows"]) == ("nir", 2)


def test_lists_of_people_are_still_that(nir: Office) -> None:
    path = nir.people("p1;Olena;Kovalenko;2020-11-17;hylla;elev;")
    assert nir("read", path, "--json").json["kind"] == "people"
    numbers = Path(nir.write("n.csv", f"source_id;national_number;duf_number\np1;{NUMBER};\n"))
    assert nir("read", str(numbers), "--json").json["kind"] == "numbers"
    leavers = nir.write("l.csv", "Kilde-id;Sluttdato\np1;2026-01-01\n")
    assert nir("read", leavers, "--json").json["kind"] == "leavers"


@pytest.mark.parametrize(
    "more",
    [
        f'[nir.ready."{NUMBER}"]\non = 2026-01-01\nwho = "a letter"',
        f'[nir."{NUMBER}"]\non = 1',
    ],
    ids=("law", "key"),
)
def test_a_number_in_the_configuration_is_refused_and_not_shown(nir: Office, one_sentence: Any, more: str) -> None:
    nir.config.write_text(nir.config.read_text(encoding="utf-8") + f"\n{more}\n", encoding="utf-8")
    answer = nir("nir", "channel")
    assert (answer.code, answer.out) == (2, "")
    assert NUMBER not in one_sentence(answer)


def test_a_number_in_place_of_who_said_it_is_not_shown(nir: Office) -> None:
    more = (
        f'[nir.ready.kap6a]\non = 2026-01-01\nwho = "{NUMBER}"\n[[nir.closed]]\nfrom = 2027-01-01\nwho = "Ola {NUMBER}"'
    )
    nir.config.write_text(nir.config.read_text(encoding="utf-8") + f"\n{more}\n", encoding="utf-8")
    for words in (("--json",), (), ("--on", "2027-02-01")):
        answer = nir("nir", "channel", *words)
        assert answer.code == 0
        assert NUMBER not in answer.out + answer.err
    assert "(told by Ola …)" in answer.out


@pytest.mark.parametrize("row", [f"[source.{NUMBER}]\na = 1", f"[source.a]\nb = {NUMBER}", f"[{NUMBER}]"], ids=range(3))
def test_nor_is_one_in_a_file_of_own_rules(nir: Office, one_sentence: Any, row: str) -> None:
    nir.set("[nir]", '[nir]\nrules = "own.toml"')
    nir.write("own.toml", row.replace(NUMBER, f'"{NUMBER}"') if row.startswith("[source.5") else row)
    answer = nir("nir", "channel")
    assert answer.code == 2
    assert NUMBER not in one_sentence(answer)


@pytest.mark.parametrize("key", ["202212345608", "nobody 128294-99914", "ola\x1b[31m"], ids=range(3))
def test_a_key_of_nobody_is_shown_without_number_and_signs_of_control(nir: Office, key: str) -> None:
    assert nir("nir", "records", listed(nir, FIRST), "--yes").code == 0
    answer = nir("nir", "seen", key, "--on", "2026-11-20")
    assert answer.code in (1, 2)
    said = answer.out + answer.err
    assert not any(one in said for one in ("202212345608", "128294-99914", "\x1b[31m"))


def test_a_key_in_capitals_is_the_same_person(nir: Office) -> None:
    assert nir("nir", "records", listed(nir, FIRST), "--yes").code == 0
    heading = "Nøkkel;Ordning;Sluttmål i NIR;Nummer i NIR"
    later = listed(nir, "A-1;introduksjonsprogram;2025-04-01;2025-04-02", heading=heading)
    again = nir("nir", "records", later, "--yes", "--json")
    assert (again.code, again.json["counts"]["new"], again.json["counts"]["changed"]) == (0, 0, 1)
    assert nir("nir", "seen", "A-1", "vedtak", "--on", "2025-04-03", "--yes").code == 0
    content = json.loads(written(nir) or b"")
    assert [one["key"] for one in content["people"]] == ["a-1"]
    [record] = content["records"]
    assert {name: value["seen"][0] for name, value in record["values"].items()} == {
        "vedtak": "2025-04-03",
        "sluttmaal": "2025-04-01",
    }
    assert [(one["person"], one["field"]) for one in content["seen"]] == [("a-1", "number")]


def test_the_next_command_has_the_options_of_this_one(nir: Office) -> None:
    path = listed(nir, "a-1;2025-02-01", heading="Nøkkel;Bosatt")
    options = ("--scheme", "introduksjonsprogram", "--encoding", "utf-8")
    answer = nir("nir", "records", path, *options)
    assert f"records.csv {' '.join(options)} --yes" in answer.out.replace("'", "")


def test_how_many_rows_say_something_else(nir: Office) -> None:
    heading = "Nøkkel;Ordning;Bosatt"
    rows = [f"a-1;{scheme};2025-02-0{day}" for day, scheme in ((1, "introduksjonsprogram"), (2, "mottak_opplaering"))]
    assert (
        "row 3 of the same person says something else."
        in nir("nir", "records", listed(nir, *rows, heading=heading)).out
    )
    more = [*rows, "a-1;norsk_og_samfunnskunnskap;2025-02-03"]
    assert (
        "rows 3 and 4 of the same person say something else."
        in nir("nir", "records", listed(nir, *more, heading=heading)).out
    )
