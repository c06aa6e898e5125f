"""nir worklist and nir today, as a case worker and cron run them: the register itself has tests of its own."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from nir_worklist import HOSTILE, example_worklist
from post_office import PostOffice

from feideprov.nir.facade import IntroductionRegister
from feideprov.nir.model import Person
from feideprov.nir.register.content import Content
from feideprov.nir.register.register import Register
from feideprov.nir.report.worklist import Worklist

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.conftest import Office

NIR = '\n[nir]\nmunicipality = "9999"\nretention = "P5Y"\n'
TO = "introduksjon@skotthyll.kommune.no"


@pytest.fixture
def told(monkeypatch) -> list[Worklist]:
    """The worklist of the office is the example; this is what was told of it."""
    kept: list[Worklist] = []
    monkeypatch.setattr(IntroductionRegister, "worklist", lambda _: example_worklist())
    monkeypatch.setattr(IntroductionRegister, "told", lambda _, found: kept.append(found))
    monkeypatch.setattr(Register, "read", lambda _: Content(people={"ref-9": Person(key="ref-9")}))
    return kept


@pytest.fixture
def nir(office: Office, told: list[Worklist]) -> Office:
    text = office.config.read_text(encoding="utf-8").partition("\n[nir]")
    office.config.write_text(text[0] + NIR, encoding="utf-8")
    return office


@pytest.fixture
def post(tmp_path: Path) -> Iterator[PostOffice]:
    with PostOffice(tmp_path) as opened:
        yield opened


def with_post(office: Office, post: PostOffice, recipient: str = "") -> Office:
    smtp = f'\n[smtp]\nhost = "localhost"\nport = {post.port}\nsecurity = "off"\ntimeout = 5\n'
    text = office.config.read_text(encoding="utf-8") + (f'recipient = "{recipient}"\n' if recipient else "")
    office.config.write_text(text + smtp, encoding="utf-8")
    return office


def test_the_screen_has_a_line_for_each_item(nir: Office, told: list[Worklist]) -> None:
    said = nir("nir", "worklist")
    assert said.code == 1
    heading, *rows = [line.split("\t") for line in said.out.splitlines() if "\t" in line]
    assert heading == ["person", "scheme", "what", "due", "channel"]
    assert rows[:2] == [
        ["ref-3", "", "Settlement day missing", "2025-11-30"],
        [
            "ref-3",
            "Introduction programme",
            "Missing: Decision (vedtak), Measures (tiltak)",
            "2025-11-30",
            "not visible in NIR",
        ],
    ]
    assert len(rows) == 7
    assert "2 lines are overdue." in said.out
    assert "What belongs to 2025 must be registered by 2026-02-28 (computed)." in said.out
    assert "2 rows are old." in said.err
    assert len(told) == 1


def test_a_terminal_shows_the_first_rows_and_says_how_to_see_all(nir: Office, monkeypatch) -> None:
    example = example_worklist()
    many = replace(example, items=tuple(replace(example.items[0], person=f"ref-{n}") for n in range(300)))
    monkeypatch.setattr(IntroductionRegister, "worklist", lambda _: many)
    said = nir.screen("nir", "worklist")
    assert [said.count(f"ref-{n} ") for n in (0, 39, 40)] == [1, 1, 0]
    assert "260 more rows are not shown here." in said
    assert "feideprov nir worklist --sheet nir.csv" in said
    assert nir("nir", "worklist").out.count("ref-") == 301  # one ended without a reason


def test_it_fits_in_a_terminal(nir: Office) -> None:
    assert max(map(len, nir.screen("nir", "worklist", "--person", "ref-1").splitlines())) <= 80


def test_json_has_each_item_and_tells_no_rules(nir: Office, told: list[Worklist]) -> None:
    said = nir("--lang", "nb", "nir", "worklist", "--json")
    found = said.json
    assert (said.code, found["command"], found["ok"]) == (1, "nir worklist", False)
    assert found["counts"] == example_worklist().counts
    assert [item["person"] for item in found["items"]] == [item.person for item in example_worklist().items]
    record = found["items"][1]
    assert record.keys() == {
        *("person", "kind", "scheme", "law", "fields", "verdicts", "channel", "channel_id", "role", "due", "on"),
        "sentence",
    }
    assert record["verdicts"][0] == {
        "rule": "P20-vedtak",
        "law_row": None,
        "kind": "missing",
        "field": "vedtak",
        "due": "2025-11-30",
        "state": "overdue",
        "source": "IMDi, a page, 2022-04-11",
        "url": "https://www.imdi.no/a-page",
        "sentence": "…",
    }
    assert found["year_ends"] == [
        {
            "year": 2025,
            "last_day": "2026-02-28",
            "computed": True,
            "source": None,
            "without_reason": ["ref-1", HOSTILE],
        }
    ]
    assert told == []


def test_only_what_is_asked_for_is_shown(nir: Office) -> None:
    overdue = nir("nir", "worklist", "--overdue", "--json").json
    assert {item["person"] for item in overdue["items"]} == {"ref-3"}
    assert overdue["year_ends"] == []
    scheme = nir("nir", "worklist", "--scheme", "norsk_og_samfunnskunnskap", "--json").json
    assert [item["person"] for item in scheme["items"]] == [HOSTILE]
    said = nir("nir", "worklist", "--scheme", "norsk")
    assert said.code == 2
    assert said.err.startswith("--scheme must be one of these: introduksjonsprogram, ")


def test_what_waits_for_the_settlement_day_and_what_waits_for_another_field_are_two_things(
    nir: Office, monkeypatch
) -> None:
    example = example_worklist()
    settled, extended = example.items[1].verdicts[2], example.items[5].verdicts[0]
    one = replace(example.items[5], person="ref-7", verdicts=(settled, extended))
    monkeypatch.setattr(IntroductionRegister, "worklist", lambda _: replace(example, items=(one,)))
    assert "Settlement day missing; Must wait: Decision on extended" in nir("nir", "worklist").out


def test_a_person_about_whom_there_is_nothing_is_told_from_one_who_is_not_there(nir: Office) -> None:
    said = nir("nir", "worklist", "--person", "ref-9")
    assert (said.code, said.out) == (0, "There is nothing to register, to check or to decide.\n")
    said = nir("nir", "worklist", "--person", "ref-10")
    assert said.code == 2
    assert "No person of the introduction register has the key ref-10." in said.err


def test_files_go_to_the_folder_of_nir_and_to_no_other(nir: Office, tmp_path: Path) -> None:
    nir.config.write_text(nir.config.read_text(encoding="utf-8") + '\n[output]\nfolder = "out"\n', encoding="utf-8")
    said = nir("--lang", "nb", "nir", "worklist", "--html", "a.html", "--sheet", "b.csv")
    folder = tmp_path / "nir"
    assert said.code == 1
    assert f"Siden er i {folder / 'a.html'}.\n" in said.out
    assert f"kjør: feideprov nir seen {folder / 'b.csv'} --yes\n" in said.out
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {
        "a.html": "0o600",
        "b.csv": "0o600",
    }
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert not (tmp_path / "out").exists()
    assert "Å registrere i NIR" in (folder / "a.html").read_text(encoding="utf-8")
    assert (folder / "b.csv").read_text(encoding="utf-8-sig").startswith("Nøkkel;Ordning;Felt;")
    assert nir("nir", "worklist", "--sheet", str(tmp_path / "c.xlsx")).code == 1
    assert (tmp_path / "c.xlsx").read_bytes().startswith(b"PK")


def test_without_the_section_one_sentence_says_so(office: Office, one_sentence) -> None:
    text = office.config.read_text(encoding="utf-8").partition("\n[nir]")
    office.config.write_text(text[0], encoding="utf-8")
    for command in ("worklist", "today"):
        said = office("nir", command)
        assert said.code == 2
        assert "The configuration has no section [nir]." in one_sentence(said)


def test_today_has_each_count_with_its_command(nir: Office) -> None:
    said = nir("--lang", "nb", "nir", "today")
    assert said.code == 0
    command = shlex.join(["feideprov", "--config", str(nir.config), "nir", "worklist", "--overdue"])
    assert said.out.startswith("Skotthyll kommune, NIR 9. desember 2025: 11 å gjøre\n\n2 linjer er over fristen.\n")
    assert f"    {command}\n" in said.out
    assert "ref-" not in said.out
    found = nir("nir", "today", "--json").json
    assert found["tasks"][0] == {"kind": "overdue", "count": 2, "command": command}
    assert found["counts"] == example_worklist().counts


def test_the_mail_goes_to_the_recipient_of_nir_and_cron_prints_nothing(nir: Office, post: PostOffice) -> None:
    said = with_post(nir, post, TO)("--lang", "nn", "nir", "today", "--mail")
    assert (said.code, said.out, said.err) == (0, "", "")
    [mail] = post.messages
    assert mail["To"] == TO
    assert mail["Subject"] == "Skotthyll kommune, NIR 9. desember 2025: 11 å gjere"
    assert mail["Content-Language"] == "nn"
    text = mail.get_content()
    assert "2 linjer er over fristen." in text
    assert "ref-" not in text


def test_old_rules_are_told_by_the_mail_and_not_by_the_screen(
    nir: Office, post: PostOffice, told: list[Worklist]
) -> None:
    office = with_post(nir, post, TO)
    office("nir", "today")
    assert not told
    office("nir", "today", "--mail")
    assert len(told) == len(post.messages) == 1


def test_the_mail_goes_to_an_address_that_is_given(nir: Office, post: PostOffice) -> None:
    office = with_post(nir, post, TO)
    assert office("nir", "today", "--mail", "other@skotthyll.kommune.no", "--json").json["ok"]
    assert [to for to, _ in post.taken] == ["other@skotthyll.kommune.no"]


def test_a_mail_without_an_address_and_an_address_without_a_mail_are_told(nir: Office, post: PostOffice) -> None:
    said = with_post(nir, post)("nir", "today", "--mail")
    assert said.code == 2
    assert said.err.startswith("[nir] recipient is missing.")
    said = nir("nir", "today", TO)
    assert said.code == 2
    assert "Give --mail too." in said.err
    assert post.taken == []


def test_a_recipient_that_is_no_mail_address_is_named_by_its_key(nir: Office, post: PostOffice) -> None:
    said = with_post(nir, post, "the refugee office")("nir", "today", "--mail")
    assert (said.code, post.messages) == (2, [])
    assert said.err.startswith("[nir] recipient: This is not a mail address. ")


def test_nothing_to_do_is_exit_code_0(nir: Office, monkeypatch) -> None:
    nothing = replace(example_worklist(), items=(), year_ends=(), notes=())
    monkeypatch.setattr(IntroductionRegister, "worklist", lambda _: nothing)
    assert nir("nir", "worklist").code == 0
    assert "Nothing to do today." in nir("nir", "today").out
